"""About: what runs here, the books proved at once, licences, and a bundle for who is asked to help."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from till.app.about import AboutDesk, Chapter, Fact, licences
from till.app.bootstrap import Till
from till.app.support import CONTENTS
from till.app.verify import CHECKS, Problem
from till.app.watch import Watch
from till.formats import Formats
from till.ui.fonts import bold, font, semibold
from till.ui.look import Look
from till.ui.message import Tone
from till.ui.office.page import GAP, OfficePage
from till.ui.office.parts import column_of, scrolled
from till.ui.theme import Size
from till.ui.widgets.button import Button, Face, Kind
from till.ui.widgets.progress import ProgressStrip
from till.ui.widgets.text import Text

_SHOWN_PROBLEMS = 5
_LONG, _PIECE = 32, 16


class AboutPage(OfficePage):
    """Cards with facts; the bundle's card says beforehand what will be in it."""

    def __init__(self, look: Look, till: Till) -> None:
        super().__init__(look, till, look.t("About Till"))
        self._desk: AboutDesk = till.about
        self._doing = look.t("Looking what runs here …")
        self._counts = ""
        self.cards: dict[Chapter, QVBoxLayout] = {}
        self.found = Text("", font(Size.BODY)).wrapped()
        self.verify_button = self.head_button(
            Face(look.t("Prove the books now"), "shield-check"), self.verify_now, Kind.PRIMARY
        )
        self.bundle_button = Button(look, Face(look.t("Save the bundle …"), "download"))
        self.bundle_button.clicked.connect(self._ask_folder)
        self._build()
        self.work.begun.connect(lambda: self._set_busy(True))
        self.work.ended.connect(lambda: self._set_busy(False))

    @property
    def told(self) -> str:
        """All that the cards say, for a test."""
        return "\n".join(label.text() for label in self.findChildren(Text) if label.text())

    def begin(self) -> None:
        """Look again."""
        self._doing, self._counts = self._look.t("Looking what runs here …"), ""
        self.work.begin(partial(_facts, self._desk, self._look.formats), self._show)

    def verify_now(self) -> None:
        """Prove all books beside the selling."""
        self.message.clear()
        self.found.hide()
        self._doing, self._counts = self._look.t("Proving the books …"), "checks"
        self.work.begin(self._desk.verify_now, self._show_proof)
        self.progress.set_total(len(CHECKS))

    def save_bundle(self, folder: Path) -> None:
        """Write the bundle into this folder."""
        self.message.clear()
        self._doing, self._counts = self._look.t("Writing the bundle; the books are proved for it …"), "checks"
        self.work.begin(partial(_bundle, self._desk, folder), self._show_bundle)
        self.progress.set_total(len(CHECKS))

    def _show(self, facts: tuple[Fact, ...]) -> None:
        for chapter, column in self.cards.items():
            while column.count() > 1:
                _throw_away(column)
            for fact in facts:
                if fact.chapter is chapter:
                    column.addWidget(self._row(self._look.t(fact.label), fact.value))

    def _show_proof(self, problems: list[Problem]) -> None:
        t, formats = self._look.t, self._look.formats
        self.begin()
        if not problems:
            self.message.tell(t("All books are proved: balances, chain, numbers, signatures."))
            return
        words = t.plural(
            "{count} thing was found in the books.", "{count} things were found in the books.", len(problems)
        )
        self.message.tell(words.format(count=len(problems)), Tone.DANGER)
        lines = [formats.sentence(problem.finding) for problem in problems[:_SHOWN_PROBLEMS]]
        self.found.setText("\n".join(f"• {line}" for line in lines))
        self.found.show()

    def _show_bundle(self, path: Path) -> None:
        self.message.tell(self._look.t("Saved: {path}").format(path=path))

    def _ask_folder(self) -> None:
        start = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        dialog = QFileDialog(self, self._look.t("Folder for the bundle"), start)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(lambda path: self.save_bundle(Path(path)))
        dialog.open()
        self._asking = dialog

    def _set_busy(self, is_busy: bool) -> None:  # noqa: FBT001 - a Qt-like setter
        self.verify_button.setEnabled(not is_busy)
        self.bundle_button.setEnabled(not is_busy)

    def _said(self, done: int) -> str:
        return f"{self._doing} {done}/{len(CHECKS)}" if self._counts else self._doing

    def _build(self) -> None:
        t = self._look.t
        self.progress = ProgressStrip(self._look, self.work, self._said)
        self.body.addWidget(self.progress)
        self.body.addWidget(self.found)
        self.found.hide()
        inside = QWidget()
        columns = QHBoxLayout(inside)
        columns.setContentsMargins(0, 0, 8, 0)
        columns.setSpacing(GAP)
        left, right = QWidget(), QWidget()
        for side in (left, right):
            columns.addWidget(side, 1)
        first, second = column_of(left), column_of(right)
        for column, chapter in ((first, Chapter.PROGRAM), (second, Chapter.BOOKS), (second, Chapter.DEVICES)):
            column.addWidget(self._chapter(chapter))
        first.addWidget(self._bundle_card())
        second.addWidget(self._licences_card(t("Licences")))
        first.addStretch(1)
        second.addStretch(1)
        self.body.addWidget(scrolled(inside), 1)

    def _chapter(self, chapter: Chapter) -> QFrame:
        card, column = _card()
        column.addWidget(Text(self._look.t(chapter.value), bold(Size.TITLE)))
        self.cards[chapter] = column
        return card

    def _bundle_card(self) -> QFrame:
        t = self._look.t
        card, column = _card()
        column.addWidget(Text(t("Bundle for support"), bold(Size.TITLE)))
        why = t(
            "For somebody who helps: a ZIP with what is listed here. No names, receipts, customers, PINs or keys are in it."
        )
        column.addWidget(Text(why, font(Size.BODY - 1), "muted").wrapped())
        for name, words in CONTENTS:
            column.addWidget(Text(f"{name}: {t(words)}", font(Size.BODY - 1)).wrapped())
        column.addWidget(self.bundle_button)
        return card

    def _licences_card(self, title: str) -> QFrame:
        card, column = _card()
        column.addWidget(Text(title, bold(Size.TITLE)))
        for licence in licences():
            column.addWidget(self._row(licence.name, licence.licence))
        return card

    def _row(self, label: str, value: str) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        line.addWidget(Text(label, font(Size.BODY - 1), "muted"))
        told = Text(_breakable(value), semibold(Size.BODY - 1)).wrapped().right()
        told.setAccessibleName(f"{label}: {value}")
        line.addWidget(told, 1)
        return row


def _card() -> tuple[QFrame, QVBoxLayout]:
    card = QFrame()
    card.setProperty("role", "card")
    column = QVBoxLayout(card)
    column.setContentsMargins(18, 14, 18, 16)
    column.setSpacing(7)
    return card, column


def _throw_away(column: QVBoxLayout) -> None:
    item = column.takeAt(1)
    widget = item.widget() if item is not None else None
    if widget is not None:
        widget.hide()
        widget.deleteLater()


def _breakable(text: str) -> str:
    """Long paths and numbers have no blanks to break at; a zero-width space after each piece lets them."""
    if len(text) <= _LONG or " " in text:
        return text
    return "\u200b".join(text[start : start + _PIECE] for start in range(0, len(text), _PIECE))


def _facts(desk: AboutDesk, formats: Formats, _watch: Watch) -> tuple[Fact, ...]:
    return desk.facts(formats)


def _bundle(desk: AboutDesk, folder: Path, watch: Watch) -> Path:
    return desk.bundle(folder, watch)

"""What a checked table of articles would do: how many rows of each verdict, and the rows themselves."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from till.app.article_tables import ArticleTables, Preview
from till.catalog.table_import import RowVerdict
from till.formats import shortened
from till.i18n import msg
from till.quantity import pieces
from till.tables.verdict import Verdict
from till.ui.fonts import font, semibold
from till.ui.look import Look
from till.ui.message import Message
from till.ui.theme import Size
from till.ui.widgets.button import Button, Face, Kind
from till.ui.widgets.table import Column, Table
from till.ui.widgets.text import Text

PAGE = 200
_MOST_NAMED = 8
NAMES: dict[Verdict, str] = {
    Verdict.REFUSED: msg("refused"),
    Verdict.NEW: msg("new"),
    Verdict.CHANGED: msg("changed"),
    Verdict.UNCHANGED: msg("unchanged"),
}
"""In the order of the chips: what has to be mended first."""
_TONES = {Verdict.REFUSED: "danger", Verdict.NEW: "calm", Verdict.CHANGED: "warn", Verdict.UNCHANGED: "quiet"}


class CheckedTable(QWidget):
    """The verdicts of the table that the desk has checked, read on as they are scrolled.

    `refused_asked` when the refused rows shall be saved.
    """

    refused_asked = Signal()

    def __init__(self, look: Look, desk: ArticleTables, message: Message) -> None:
        super().__init__()
        self._look, self._desk, self._message = look, desk, message
        self.preview: Preview | None = None
        self.verdict = Verdict.NEW
        self._is_whole = True
        self._chips: dict[Verdict, Button] = {}
        self._file = Text("", semibold(Size.BODY))
        self._detail = Text("", font(Size.BODY - 1)).wrapped()
        self._remarks = Text("", font(Size.BODY - 1), "muted").wrapped()
        self.table: Table[RowVerdict] = Table(
            look, self._columns(), empty=look.t("No row of this sort."), filters=False
        )
        self.table.search.hide()
        self.table.more_wanted.connect(self._read_on)
        self.table.chosen.connect(lambda row: self._detail.setText(self._words(row)))
        self.refused_button = Button(look, Face(look.t("Save as a table"), "file-export"))
        self.refused_button.in_type(semibold(Size.BODY - 1)).clicked.connect(self.refused_asked)
        self._build()

    @property
    def remarks(self) -> str:
        """What is said about columns and categories."""
        return self._remarks.text()

    @property
    def chips(self) -> dict[Verdict, Button]:
        """The chip of each verdict with its count."""
        return dict(self._chips)

    def show_preview(self, preview: Preview) -> None:
        """Show what a check has found; refused rows first, as they have to be mended."""
        self.preview = preview
        self._file.setText(preview.file)
        self._remarks.setText("\n".join(self._said(preview)))
        self._remarks.setVisible(bool(self._remarks.text()))
        for verdict, chip in self._chips.items():
            count = self._look.formats.quantity(pieces(preview.counts[verdict]))
            chip.set_face(Face(f"{count} {self._look.t(NAMES[verdict])}"))
            chip.setEnabled(preview.counts[verdict] > 0)
        self.show_verdict(next((one for one in NAMES if preview.counts[one]), Verdict.NEW))

    def show_verdict(self, verdict: Verdict) -> None:
        """Show the rows of one verdict."""
        self.verdict = verdict
        for one, chip in self._chips.items():
            chip.setChecked(one is verdict)
        self._is_whole = False
        self._detail.setText("")
        self.refused_button.setVisible(verdict is Verdict.REFUSED)
        self.table.set_rows(())
        self._read_on()

    def _read_on(self) -> None:
        if self._is_whole or self.preview is None:
            return
        rows = self.table.model.rows
        after = max((row.row for row in rows), default=0)
        self._message.attempt(lambda: self._desk.rows(self.verdict, after, PAGE), self._add)

    def _add(self, rows: list[RowVerdict]) -> None:
        self._is_whole = len(rows) < PAGE
        self.table.add_rows(rows)

    def _said(self, preview: Preview) -> list[str]:
        t = self._look.t
        said = []
        if preview.unknown_columns:
            words = t("These columns nobody knows, they are left out: {titles}.")
            said.append(words.format(titles=_named(preview.unknown_columns)))
        if preview.new_categories:
            words = t.plural(
                "{count} new category is made: {names}.",
                "{count} new categories are made: {names}.",
                len(preview.new_categories),
            )
            said.append(words.format(count=len(preview.new_categories), names=_named(preview.new_categories)))
        if not preview.is_acceptable:
            said.append(
                t("Nothing can be taken over while rows are refused. Mend them in the file and check it again.")
            )
        return said

    def _columns(self) -> list[Column[RowVerdict]]:
        t = self._look.t
        return [
            Column(t("Row"), lambda r: str(r.row), order=lambda r: r.row, is_figure=True, width_px=72),
            Column(t("Number"), lambda r: r.number, is_strong=True, width_px=110),
            Column(t("Name"), lambda r: r.name, width_px=190),
            Column(
                t("Verdict"),
                lambda r: t(NAMES[r.verdict]),
                tone=lambda r: _TONES[r.verdict],
                width_px=130,
                is_shown=False,
            ),
            Column(t("Column"), self._column_of, width_px=130, is_shown=False),
            Column(t("What would happen"), self._words, width_px=300, takes_rest=True),
        ]

    def _column_of(self, row: RowVerdict) -> str:
        return row.problem.column if row.problem is not None else ", ".join(change.column for change in row.changes)

    def _words(self, row: RowVerdict) -> str:
        """Why a row is refused, or what it changes."""
        if row.problem is not None:
            sentence = self._look.formats.sentence(row.problem)
            return f"{row.problem.column}: {sentence}" if row.problem.column else sentence
        if row.changes:
            return "; ".join(f"{one.column}: {one.before or '–'} → {one.after or '–'}" for one in row.changes)
        return self._look.t("is made") if row.verdict is Verdict.NEW else self._look.t("stays as it is")

    def _build(self) -> None:
        chips = QHBoxLayout()
        chips.setSpacing(8)
        for verdict in NAMES:
            chip = Button(self._look, Face("–"), Kind.CHIP)
            chip.setCheckable(True)
            chip.clicked.connect(lambda _checked=False, verdict=verdict: self.show_verdict(verdict))
            self._chips[verdict] = chip
            chips.addWidget(chip)
        chips.addStretch(1)
        self.table.bar.insertWidget(0, self._file, 1)
        self.table.bar.insertWidget(2, self.refused_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(chips)
        column.addWidget(self._remarks)
        column.addWidget(self.table, 1)
        column.addWidget(self._detail)


def _named(names: tuple[str, ...]) -> str:
    """The first of many names."""
    shown = ", ".join(shortened(name, 30) for name in names[:_MOST_NAMED])
    return f"{shown}, …" if len(names) > _MOST_NAMED else shown

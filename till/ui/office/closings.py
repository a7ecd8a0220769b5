"""All Z of the shop: found by number or day, each as it was printed, printed again as a copy (T11)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from till.app.bootstrap import Till
from till.app.paper import ReceiptDesk
from till.app.views import ClosingEntry
from till.app.watch import Watch
from till.formats import Formats
from till.money import ZERO, Money
from till.ui.fonts import bold, semibold
from till.ui.look import Look
from till.ui.message import Tone
from till.ui.office.page import OfficePage
from till.ui.shift.page import signed
from till.ui.shift.paper import PaperView
from till.ui.theme import Size
from till.ui.widgets.button import Face, Kind
from till.ui.widgets.progress import ProgressStrip
from till.ui.widgets.table import Column, Table
from till.ui.widgets.text import Text

_PAPER_WIDTH = 324
_LARGE_PAPER_WIDTH = 470
_ROOMY = 1100


@dataclass(frozen=True, slots=True)
class _Row:
    """A Z and the words by which it is found, made once and not with every letter that is typed."""

    z: ClosingEntry
    words: str


class ClosingsPage(OfficePage):
    """The table on the left, the chosen Z's paper on the right."""

    def __init__(self, look: Look, till: Till) -> None:
        super().__init__(look, till, look.t("Closings (Z)"))
        self._rows: tuple[_Row, ...] = ()
        self.table: Table[_Row] = Table(
            look,
            _columns(look),
            empty=look.t("No till was closed yet. The Z of each evening will stand here."),
            filters=False,
        )
        self.table.search.line.setPlaceholderText(look.t("Number or day …"))
        self.gaps = Text("", semibold(Size.SMALL), "muted")
        self.head.addWidget(self.gaps)
        self.paper_title = Text("", bold(Size.TITLE))
        self.paper = PaperView(till.receipts, look.t("Z report"))
        self.pdf_button = self.head_button(Face(look.t("Save as PDF"), "download"), self._save_pdf)
        self.copy_button = self.head_button(Face(look.t("Print copy"), "printer"), self._print_copy, Kind.PRIMARY)
        self._build()
        self.table.typed.connect(self._find)
        self.table.chosen.connect(self._show_paper)
        self.paper.refused.connect(self.message.refuse)
        self._show_paper(None)

    @property
    def shown(self) -> ClosingEntry | None:
        """The Z whose paper is shown."""
        row = self.table.row
        return row.z if row is not None else None

    def begin(self) -> None:
        """Read the list again; a Z may have come meanwhile, here or at another till."""
        receipts, formats = self._till.receipts, self._look.formats
        self.work.begin(lambda watch: _read(receipts, formats, watch), self._show)

    def save_pdf_to(self, folder: Path) -> None:
        """Save the Z that is shown into `folder`, and say under which name."""
        z = self.shown
        if z is None:
            return
        path = folder / self._look.t("Z-{till}-{number}.pdf").format(till=z.till_id, number=z.z_number)
        said = self._look.t("Saved as {path}").format(path=path)
        receipts = self._till.receipts
        self.message.attempt(lambda: receipts.save_pdf(z.document_id, path), lambda _: self.message.tell(said))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit what depends on the width: the paper as large as it is printed, where there is room."""
        super().resizeEvent(event)
        self._card.setFixedWidth(_PAPER_WIDTH if event.size().width() < _ROOMY else _LARGE_PAPER_WIDTH)

    def _show(self, rows: tuple[_Row, ...]) -> None:
        self._rows = rows
        entries = [row.z for row in rows]
        missing = missing_numbers(entries)
        t = self._look.t
        self.gaps.setText(t("{count} Z, without a gap").format(count=len(rows)) if rows and not missing else "")
        for till_id, number in missing[:1]:
            words = t("Z {number} of till {till} is missing. Let the books be checked: till verify.")
            self.message.tell(words.format(number=number, till=till_id), Tone.DANGER)
        self._find(self.table.search.line.text())

    def _find(self, typed: str) -> None:
        """Digits find a number first; else every word must stand in day, number or till."""
        words = typed.casefold().split()
        found = [row for row in self._rows if all(word in row.words for word in words)]
        if len(words) == 1 and words[0].isdigit():
            exact = [row for row in found if str(row.z.z_number) == words[0]]
            found = exact + [row for row in found if row not in exact]
        self.table.say_when_empty(self._look.t("No Z fits. Type a number, or a day as it stands in the table."))
        kept = self.shown
        wanted = kept.document_id if kept is not None and not words else None
        self.table.set_rows(found, selected=lambda row: wanted is None or row.z.document_id == wanted)
        self._show_paper(self.table.row)

    def _show_paper(self, row: _Row | None) -> None:
        for button in (self.pdf_button, self.copy_button):
            button.setEnabled(row is not None)
        t = self._look.t
        self.paper_title.setText("" if row is None else t("Z {number}").format(number=row.z.z_number))
        document_id = None if row is None else row.z.document_id
        if document_id != self.paper.document_id:
            self.paper.show_document(document_id)

    def _print_copy(self) -> None:
        z, receipts = self.shown, self._till.receipts
        if z is not None:
            said = self._look.t("Z {number} is being printed, marked as a copy.").format(number=z.z_number)
            self.message.insist(lambda: receipts.reprint(z.document_id), lambda _: self.message.tell(said))

    def _save_pdf(self) -> None:
        self.save_pdf_to(Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)))

    def _build(self) -> None:
        reading = self._look.t("Reading the closings …")
        self.body.addWidget(ProgressStrip(self._look, self.work, lambda _rows: reading))
        self._card = card = QFrame()
        card.setProperty("role", "card")
        card.setFixedWidth(_PAPER_WIDTH)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(14, 12, 8, 8)
        inside.addWidget(self.paper_title)
        inside.addWidget(self.paper, 1)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.table, 1)
        row.addWidget(card)
        self.body.addLayout(row, 1)


def missing_numbers(entries: Iterable[ClosingEntry]) -> list[tuple[str, int]]:
    """The Z that should be there and are not, by till: each till counts from 1 without a gap."""
    found: list[tuple[str, int]] = []
    ordered = sorted(entries, key=lambda z: (z.till_id, z.z_number))
    for till_id, of_till in groupby(ordered, key=lambda z: z.till_id):
        numbers = {z.z_number for z in of_till}
        found += [(till_id, number) for number in range(1, max(numbers) + 1) if number not in numbers]
    return found


def _read(receipts: ReceiptDesk, formats: Formats, watch: Watch) -> tuple[_Row, ...]:
    entries = receipts.every_closing()
    watch.told(len(entries))
    return tuple(_rows(entries, formats))


def _rows(entries: Iterable[ClosingEntry], formats: Formats) -> Iterator[_Row]:
    for z in entries:
        day = f"{formats.date(z.business_date)} {z.business_date.isoformat()}"
        yield _Row(z, f"{z.z_number} {day} {z.till_id}".casefold())


def _columns(look: Look) -> tuple[Column[_Row], ...]:
    t, formats = look.t, look.formats
    return (
        Column(t("Z"), lambda row: str(row.z.z_number), lambda row: row.z.z_number, is_strong=True, width_px=58),
        Column(
            t("Business day"),
            lambda row: formats.date(row.z.business_date),
            lambda row: row.z.closed_at,
            takes_rest=True,
        ),
        Column(t("Till"), lambda row: row.z.till_id, width_px=96, is_shown=False),
        Column(
            t("Closed"), lambda row: formats.date_time(row.z.closed_at), lambda row: row.z.closed_at, is_shown=False
        ),
        Column(
            t("Receipts"), lambda row: str(row.z.receipts), lambda row: row.z.receipts, is_figure=True, is_shown=False
        ),
        Column(
            t("Turnover"),
            lambda row: formats.money(row.z.turnover),
            lambda row: row.z.turnover.cents,
            is_figure=True,
            width_px=106,
        ),
        Column(
            t("Difference"),
            lambda row: _difference(look, row.z.difference),
            lambda row: None if row.z.difference is None else row.z.difference.cents,
            tone=lambda row: _tone(row.z.difference),
            width_px=108,
        ),
    )


def _difference(look: Look, difference: Money | None) -> str:
    if difference is None:
        return look.t("not counted")
    return signed(look, difference)


def _tone(difference: Money | None) -> str:
    if difference is None:
        return "quiet"
    return "calm" if not difference else "danger" if difference < ZERO else "warn"

"""The office's receipts: found by whatever is known, in a table that can be sorted and exported, beside the paper (T9)."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from till.app.bootstrap import Till
from till.app.meaning import Meaning
from till.app.receipt_search import KIND_NAMES, MOST_COUNTED, Found, marks
from till.app.watch import Watch
from till.business_case import BonTyp
from till.clock import local
from till.documents import wanted
from till.documents.search import Head
from till.i18n import msg
from till.quantity import pieces
from till.ui.fonts import font, semibold
from till.ui.look import Look
from till.ui.message import Tone
from till.ui.office.file_choice import ask_where_to_save
from till.ui.office.page import OfficePage
from till.ui.receipts.finder import Page, ReceiptFinder
from till.ui.receipts.paper import ReceiptPaper
from till.ui.theme import Size
from till.ui.widgets.button import Button, Face
from till.ui.widgets.form import ChoiceField
from till.ui.widgets.progress import ProgressStrip
from till.ui.widgets.table import Column, Table
from till.ui.widgets.text import Text

TITLE = msg("Receipts")
_DAY_CHIPS = 4
_NARROW_PAPER, _WIDE_PAPER = 292, 400
_ROOMY = 1000
_ROOMY_COLUMNS = (4, 5)


class ReceiptsPage(OfficePage):
    """All receipts of these books; the newest MOST_COUNTED that fit are in the table, an export holds all that fit."""

    def __init__(self, look: Look, till: Till) -> None:
        super().__init__(look, till, look.t(TITLE))
        self.finder = ReceiptFinder(look, till, self.work, Page(_DAY_CHIPS, MOST_COUNTED))
        self.table: Table[Head] = Table(
            look, self._columns(), empty=look.t("No receipt fits. Look for less, or for other days.")
        )
        self.table.search.hide()
        self.table.bar.insertWidget(0, self.finder.count, 1)
        self.paper = ReceiptPaper(look, till, self.message)
        self.progress = ProgressStrip(look, self.work, self._says)
        self.rest = Text("", font(Size.SMALL), "muted").wrapped()
        self.export_button = self.head_button(Face(look.t("Export"), "file-export"), self._ask_for_place)
        self._begun = False
        self._is_roomy: bool | None = None
        self._build()
        self.finder.found.connect(self._show_found)
        self.table.chosen.connect(self._show)

    def begin(self) -> None:
        """Show the latest when it is opened first; later what was searched for, as it is now."""
        if not self._begun:
            self._begun = True
            self.paper.show_nothing(self._look.t("Choose a receipt."))
            self.finder.begin()
        else:
            self.finder.look_again()
        self.finder.field.line.setFocus()

    def on_scan(self, code: str) -> bool:
        """A receipt, a voucher or an article is searched for here."""
        self.finder.on_scan(code)
        return True

    def export_to(self, path: Path) -> None:
        """Write all that is found to a file."""
        search, asked, formats = self._till.receipt_search, self.finder.asked, self._look.formats
        said = self._look.t.plural

        def tell(count: int) -> None:
            words = said("{count} receipt was written to {path}.", "{count} receipts were written to {path}.", count)
            self.message.tell(words.format(count=formats.quantity(pieces(count)), path=path), Tone.CALM)

        def write(watch: Watch) -> int:
            return search.export(path, asked, formats, watch)

        self.work.begin(write, tell)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit what depends on the width: a narrow page keeps to the columns that are looked at most."""
        super().resizeEvent(event)
        is_roomy = event.size().width() >= _ROOMY
        self._side.setFixedWidth(_WIDE_PAPER if is_roomy else _NARROW_PAPER)
        if is_roomy != self._is_roomy:
            self._is_roomy = is_roomy
            for place in _ROOMY_COLUMNS:
                self.table.view.setColumnHidden(place, not is_roomy)

    def _ask_for_place(self) -> None:
        name = self._look.t("Receipts")
        ask_where_to_save(self, self._look, f"{name}.xlsx", self.export_to)

    def _says(self, rows: int) -> str:
        if not rows:
            return self._look.t("Looking …")
        return self._look.t("{count} receipts so far").format(count=self._look.formats.quantity(pieces(rows)))

    def _show_found(self, found: Found) -> None:
        shown = self.paper.document_id
        self.table.set_rows(found.heads, selected=lambda head: head.id == shown)
        is_cut = len(found.heads) < found.count or found.is_more
        self.rest.setText(
            self._look.t("The newest {count} are shown. An export holds them all.").format(
                count=self._look.formats.quantity(pieces(len(found.heads)))
            )
            if is_cut
            else ""
        )
        self.rest.setVisible(is_cut)
        self.export_button.setEnabled(bool(found.heads))
        if found.heads and self.table.row is None:
            self.table.select(lambda head: head.id == found.heads[0].id)
        if not found.heads:
            self._show_nothing()

    def _show(self, head: Head) -> None:
        if head.id != self.paper.document_id:
            self.paper.show_receipt(head.id, head.number, self._mark(head))
        for button in self._actions:
            button.setEnabled(True)

    def _show_nothing(self) -> None:
        self.paper.show_nothing(self._look.t("Choose a receipt."))
        for button in self._actions:
            button.setEnabled(False)

    def _take_back(self) -> None:
        """Goods come back where the drawer is: the counter shows this receipt with all that can be done about it."""
        if self.paper.document_id is not None:
            self.receipt_asked.emit(self.paper.document_id)

    def _narrow(self) -> None:
        fields = (self.cashier, self.at_till)
        self.finder.narrow(tuple(one for one in (field.value() for field in fields) if one is not None))

    def _columns(self) -> list[Column[Head]]:
        t, formats = self._look.t, self._look.formats
        return [
            Column(t("Number"), lambda h: str(h.number), order=lambda h: h.number, is_strong=True, width_px=84),
            Column(
                t("Date"),
                lambda h: formats.date(h.ended_at),
                order=lambda h: local(h.ended_at, formats.zone),
                width_px=104,
            ),
            Column(t("Time"), lambda h: formats.time(h.ended_at), width_px=68),
            Column(t("Till"), lambda h: h.till_id, width_px=110, is_shown=bool(self._till.receipt_search.tills())),
            Column(t("Kind of receipt"), lambda h: t(KIND_NAMES[h.kind]), width_px=150),
            Column(t("Cashier"), lambda h: h.user_name, width_px=140),
            Column(t("Remark"), self._mark, tone=_tone, width_px=112, takes_rest=True),
            Column(
                t("Amount"),
                lambda h: formats.amount(h.total),
                order=lambda h: h.total.cents,
                is_figure=True,
                is_strong=True,
                width_px=96,
            ),
        ]

    def _mark(self, head: Head) -> str:
        return ", ".join(self._look.t(mark) for mark in marks(head))

    def _build(self) -> None:
        self.cashier = self._choice(
            self._look.t("Cashier"), self._look.t("All cashiers"), self._till.receipt_search.cashiers()
        )
        self.at_till = self._choice(self._look.t("Till"), self._look.t("All tills"), self._till.receipt_search.tills())
        self.at_till.setVisible(self.at_till.combo.count() > 1)
        self.finder.add_filters(self.cashier, self.at_till)
        row = QHBoxLayout()
        row.setSpacing(16)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.table, 1)
        left.addWidget(self.rest)
        row.addLayout(left, 1)
        row.addWidget(self._built_paper())
        self.body.addWidget(self.finder)
        self.body.addWidget(self.progress)
        self.body.addLayout(row, 1)

    def _choice(
        self, label: str, everything: str, offered: tuple[Meaning, ...]
    ) -> ChoiceField[wanted.Criterion | None]:
        choices: list[tuple[str, wanted.Criterion | None]] = [(everything, None)]
        choices += [(self._look.formats.sentence(one), one.criterion) for one in offered]
        field: ChoiceField[wanted.Criterion | None] = ChoiceField(self._look, label, choices)
        field.label.hide()
        field.combo.setMinimumWidth(170)
        field.changed.connect(self._narrow)
        return field

    def _built_paper(self) -> QFrame:
        t = self._look.t
        side = QFrame()
        self._side = side
        copy = Button(self._look, Face(t("Print copy"), "printer")).in_type(semibold(Size.BODY - 1))
        pdf = Button(self._look, Face("PDF", "download", name=t("Save as PDF"))).in_type(semibold(Size.BODY - 1))
        copy.clicked.connect(self.paper.print_copy)
        pdf.clicked.connect(self.paper.save_pdf)
        back = Button(self._look, Face(t("Take back at the till"), "receipt-refund")).in_type(semibold(Size.BODY - 1))
        back.clicked.connect(self._take_back)
        self._actions = (copy, pdf, back)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.paper, 1)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(copy, 1)
        row.addWidget(pdf)
        column.addLayout(row)
        column.addWidget(back)
        return side


def _tone(head: Head) -> str:
    if head.bon_typ is BonTyp.TRAINING:
        return "danger"
    return "quiet" if marks(head) else ""

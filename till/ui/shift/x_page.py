"""The X report: the figures of the day so far on the screen, and the same on paper when somebody wants it (T11)."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from till.app.bootstrap import Till
from till.money import Money, total
from till.receipts.closing import deeds
from till.receipts.document import Receipt
from till.receipts.sold import without_vat
from till.receipts.source import ClosingFigures
from till.ui.fonts import bold, font, semibold
from till.ui.look import Look
from till.ui.payment.tender_names import booked_tender_name
from till.ui.shift.page import ShiftPage, card, signed
from till.ui.theme import Size
from till.ui.widgets.button import Button, Face, Kind
from till.ui.widgets.figure import Figure
from till.ui.widgets.scroll import scroll_area
from till.ui.widgets.text import ShorteningText, Text
from till.ui.work import Work

Line = tuple[str, str, str]
"""A row of figures: its words, how often, how much."""


class XPage(ShiftPage):
    """Read beside the window's thread: on a busy day the sums take longer than a tap may."""

    def __init__(self, look: Look, till: Till) -> None:
        super().__init__(look, till, Face(look.t("X report"), "report-money"))
        self._paper: Receipt | None = None
        self._order = uuid.uuid4()
        self.work = Work(self, self.message)
        self.as_of = Text("", font(Size.BODY), "muted")
        self.print_button = Button(look, Face(look.t("Print"), "printer"), Kind.SOFT)
        self.print_button.clicked.connect(self._print)
        self.again_button = Button(look, Face(look.t("Refresh"), "refresh"))
        self.again_button.clicked.connect(self.begin)
        for widget in (self.as_of, self.again_button, self.print_button):
            self.head.addWidget(widget)
        self._left, self._right = QVBoxLayout(), QVBoxLayout()
        self._build_body()

    @property
    def told(self) -> str:
        """All figures as words, as they stand there."""
        return "\n".join(label.text() for label in self._inside.findChildren(Text))

    def begin(self) -> None:
        """The figures of now."""
        self.message.clear()
        self.print_button.setEnabled(False)
        receipts, t = self._till.receipts, self._look.t
        self.work.begin(lambda _watch: receipts.x_shown(t), self._show)

    def _show(self, shown: tuple[ClosingFigures, Receipt]) -> None:
        figures, self._paper = shown
        self._order = uuid.uuid4()
        formats = self._look.formats
        self.as_of.setText(self._look.t("As of {time}").format(time=formats.time(figures.closed_at)))
        _empty(self._left)
        _empty(self._right)
        self._left.addWidget(self._turnover_card(figures))
        self._left.addWidget(self._card(self._look.t("Payments"), self._payments(figures)))
        self._right.addWidget(self._card(self._look.t("Besides"), self._deeds(figures)))
        self._right.addWidget(self._card(self._look.t("Cash of the drawer"), self._cash(figures)))
        for column in (self._left, self._right):
            column.addStretch(1)
        self.print_button.setEnabled(True)

    def _print(self) -> None:
        """The figures as they were shown; a second tap prints nothing more."""
        paper, order, receipts = self._paper, self._order, self._till.receipts
        if paper is not None:
            said = self._look.t("The X report is being printed.")
            self.message.insist(lambda: receipts.print_x_report(paper, order), lambda _: self.message.tell(said))

    def _turnover_card(self, figures: ClosingFigures) -> QFrame:
        t, formats = self._look.t, self._look.formats
        frame, column = card()
        turnover = Figure(t("Turnover"), Size.TOTAL)
        turnover.show_amount(formats.money(total(row.gross for row in figures.vat)))
        column.addWidget(turnover)
        count = t.plural("{count} receipt", "{count} receipts", figures.receipts).format(count=figures.receipts)
        numbers = ""
        if figures.first_number is not None:
            numbers = t("numbers {first} to {last}").format(first=figures.first_number, last=figures.last_number)
        column.addWidget(
            Text(" · ".join(part for part in (count, numbers) if part), font(Size.BODY), "muted").wrapped()
        )
        rows: list[Line] = [(t("VAT"), t("Tax"), t("Gross"))] if figures.vat else []
        for vat in figures.vat:
            taxed = t("{percent} VAT").format(percent=formats.percent(vat.rate_bp))
            rate = taxed if vat.rate_bp else without_vat(vat.vat_key, formats)
            rows.append((rate, formats.money(vat.tax), formats.money(vat.gross)))
        column.addLayout(self._lines(rows, has_head=bool(figures.vat)))
        return frame

    def _payments(self, figures: ClosingFigures) -> Iterator[Line]:
        for tender in figures.tenders:
            yield (
                booked_tender_name(self._look, tender.name),
                f"{tender.count} ×",
                self._look.formats.money(tender.amount),
            )

    def _deeds(self, figures: ClosingFigures) -> Iterator[Line]:
        t = self._look.t
        for name, tally in deeds(figures, t):
            yield (name, f"{tally.count} ×", self._look.formats.money(tally.amount))
        yield (t("Drawer opened without a sale"), f"{figures.drawer_openings} ×", "")

    def _cash(self, figures: ClosingFigures) -> Iterator[Line]:
        t, money = self._look.t, self._look.formats.money
        if figures.cash_before is not None:
            yield (t("From before"), "", money(figures.cash_before))
        for moved in figures.movements:
            yield (moved.name, f"{moved.count} ×", money(moved.amount))
        if figures.cash_target is None:
            yield (t("Cash, target"), "", t("after the count"))
            return
        yield (t("Cash, target"), "", money(figures.cash_target))
        if figures.counted is not None:
            yield (t("Cash, counted"), "", money(figures.counted))
            yield (t("Difference"), "", signed(self._look, _difference(figures.counted, figures.cash_target)))

    def _card(self, title: str, rows: Iterator[Line]) -> QFrame:
        frame, column = card()
        column.addWidget(Text(title, bold(Size.TITLE)))
        lines = list(rows)
        if lines:
            column.addLayout(self._lines(lines))
        else:
            column.addWidget(Text(self._look.t("Nothing yet."), font(Size.BODY), "muted"))
        return frame

    def _lines(self, rows: list[Line], *, has_head: bool = False) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(0, 1)
        for place, (words, count, amount) in enumerate(rows):
            is_head = has_head and place == 0
            type_ = semibold(Size.SMALL) if is_head else font(Size.BODY)
            role = "muted" if is_head else ""
            grid.addWidget(ShorteningText(words, type_, role), place, 0)
            grid.addWidget(Text(count, type_, "muted").right(), place, 1)
            grid.addWidget(Text(amount, type_ if is_head else semibold(Size.BODY), role).right(), place, 2)
        return grid

    def _build_body(self) -> None:
        inside = self._inside = QWidget()
        inside.setProperty("role", "ground")
        row = QHBoxLayout(inside)
        row.setContentsMargins(0, 0, 4, 0)
        row.setSpacing(16)
        for column in (self._left, self._right):
            column.setSpacing(12)
            row.addLayout(column, 1)
        self._area = scroll_area(inside)
        column = QVBoxLayout()
        column.setSpacing(12)
        column.addWidget(self._area, 1)
        column.addWidget(self.message)
        self.body.addLayout(column, 1)


def _difference(counted: Money, target: Money) -> Money:
    return counted - target


def _empty(column: QVBoxLayout) -> None:
    while (item := column.takeAt(0)) is not None:
        old = item.widget()
        if old is not None:
            old.hide()
            old.deleteLater()

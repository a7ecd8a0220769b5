"""The office's report of what is owed for vouchers: figures, their proof, a chart, and a table by type and year (V46, U9)."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from till.app.bootstrap import Till
from till.quantity import pieces
from till.reports.voucher_liability import VoucherLiability
from till.reports.voucher_words import TITLE, proof
from till.ui.fonts import font, semibold
from till.ui.look import Look
from till.ui.message import Tone
from till.ui.office.file_choice import ask_where_to_save
from till.ui.office.page import OfficePage
from till.ui.office.reports.chart_view import LiabilityChart
from till.ui.office.reports.rows import Key, ShownRow, columns, shown_rows
from till.ui.theme import Size
from till.ui.widgets.button import Face, Kind
from till.ui.widgets.figure import Figure
from till.ui.widgets.form import DateField
from till.ui.widgets.progress import ProgressStrip
from till.ui.widgets.table import Table
from till.ui.widgets.text import Text

_ROOMY = 980
_ONLY_ROOMY = 5
_DAY_WIDTH = 170
_HIGHEST_CHART = 300


class VoucherLiabilityPage(OfficePage):
    """Reads the books on a worker's thread; a tap on a type shows its years."""

    def __init__(self, look: Look, till: Till) -> None:
        super().__init__(look, till, look.t(TITLE))
        t = look.t
        self.report: VoucherLiability | None = None
        self._opened: frozenset[Key] = frozenset()
        self.day = DateField(look, t("At the end of"))
        self.owed = Figure(t("Liability"), Size.FIELD)
        self.owed.set_role("accent")
        self.single = Figure(t("Single-purpose, taxed already"), Size.FIELD)
        self.bonus = Figure(t("Bonus parts"), Size.FIELD)
        self.soon = Figure(t("Expires soon"), Size.FIELD)
        self.proof = Text("", semibold(Size.BODY - 1), "muted").wrapped()
        self.proof.setMinimumHeight(look.target_px - 4)
        self.chart = LiabilityChart(look)
        self.month = Text("", font(Size.SMALL), "muted")
        self.table: Table[ShownRow] = Table(
            look, columns(look), empty=t("Nothing is left on any voucher."), searches=False
        )
        self.table.view.setSortingEnabled(False)
        self.table_button = self.head_button(Face(t("Save as table"), "file-export"), self._ask_for_table)
        self.pdf_button = self.head_button(Face(t("Save as PDF"), "download"), self._ask_for_pdf, Kind.PRIMARY)
        self._build()
        self.chart.told.connect(self.month.setText)
        self.day.changed.connect(self._read)
        self.table.opened.connect(self._toggle)
        self.table.view.clicked.connect(lambda index: self._toggle(self.table.model.shown[index.row()]))

    def begin(self) -> None:
        """Read the books again, as of the day that was chosen; at first of today."""
        if self.report is None:
            place = self._till.workplace
            self.day.set_value(max(place.today(), place.business_date))
        self._read()

    def save_to(self, path: Path) -> None:
        """Write what is shown to a PDF or a table, by the name's ending, and say so."""
        report, desk, formats = self.report, self._till.reports, self._look.formats
        if report is None:
            return
        said = self._look.t("Saved as {path}").format(path=path)
        self.work.begin(
            lambda _watch: desk.save_voucher_liability(path, report, formats),
            lambda _nothing: self.message.tell(said, Tone.CALM),
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow page leaves out what expired, which the figures at the top tell too."""
        super().resizeEvent(event)
        self.table.view.setColumnHidden(_ONLY_ROOMY, event.size().width() < _ROOMY)

    def _read(self) -> None:
        desk, day = self._till.reports, self.day.value()
        self._enable(is_there=False)
        self.work.begin(lambda watch: desk.voucher_liability(day, watch), self.show_report)

    def show_report(self, report: VoucherLiability) -> None:
        """Show these figures."""
        self.report = report
        self._enable(is_there=True)
        formats, t = self._look.formats, self._look.t
        self.owed.show_amount(formats.money(report.multi.paid))
        self.single.show_amount(formats.money(report.single.paid))
        self.bonus.show_amount(formats.money(report.multi.bonus + report.single.bonus))
        soon = t.plural("Expires within {count} month", "Expires within {count} months", report.months_ahead)
        self.soon.say(soon.format(count=report.months_ahead))
        self.soon.show_amount(formats.money(report.expiring.paid + report.expiring.bonus))
        self.proof.setText(formats.sentence(proof(report)))
        self.proof.set_role("accent" if report.is_proved else "danger")
        self.chart.show_months(report.months)
        self.chart_card.setVisible(bool(report.months))
        self._fill()

    def _toggle(self, row: ShownRow) -> None:
        if row.key is not None:
            self._opened ^= {row.key}
            self._fill(row.key)

    def _fill(self, kept: Key | None = None) -> None:
        if self.report is not None:
            rows = tuple(shown_rows(self.report, self._opened, self._look.t))
            self.table.set_rows(rows, selected=lambda row: kept is not None and row.key == kept)

    def _enable(self, *, is_there: bool) -> None:
        for button in (self.table_button, self.pdf_button):
            button.setEnabled(is_there)

    def _ask_for_table(self) -> None:
        ask_where_to_save(self, self._look, f"{self._name()}.xlsx", self.save_to)

    def _ask_for_pdf(self) -> None:
        ask_where_to_save(self, self._look, f"{self._name()}.pdf", self.save_to)

    def _name(self) -> str:
        day = self._look.t(TITLE) if self.report is None else f"{self._look.t(TITLE)} {self.report.day.isoformat()}"
        return day.replace(" ", "-")

    def _says(self, vouchers: int) -> str:
        if not vouchers:
            return self._look.t("Reading the vouchers …")
        return self._look.t("{count} vouchers so far").format(count=self._look.formats.quantity(pieces(vouchers)))

    def _build(self) -> None:
        self.day.setFixedWidth(_DAY_WIDTH)
        head = QHBoxLayout()
        head.setSpacing(20)
        head.addWidget(self.day)
        head.addWidget(self.proof, 1, Qt.AlignmentFlag.AlignBottom)
        figures = QHBoxLayout()
        figures.setSpacing(28)
        for figure in (self.owed, self.single, self.bonus, self.soon):
            figures.addWidget(figure, 0, Qt.AlignmentFlag.AlignBottom)
        figures.addStretch(1)
        self.body.addLayout(head)
        self.body.addLayout(figures)
        self.body.addWidget(ProgressStrip(self._look, self.work, self._says))
        self.chart_card = self._chart_card()
        self.body.addWidget(self.chart_card, 2)
        self.body.addWidget(self.table, 3)

    def _chart_card(self) -> QFrame:
        t = self._look.t
        card = QFrame()
        card.setProperty("role", "card")
        card.setMaximumHeight(_HIGHEST_CHART)
        legend = QHBoxLayout()
        legend.setSpacing(6)
        for mark, role, words in (
            ("—", "accent", t("Outstanding")),
            ("■", "accent", t("Sold")),
            ("■", "warn", t("Redeemed")),
        ):
            legend.addWidget(Text(mark, semibold(Size.SMALL), role))
            legend.addWidget(Text(words, font(Size.SMALL), "muted"))
            legend.addSpacing(10)
        legend.addStretch(1)
        legend.addWidget(self.month)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(14, 10, 8, 8)
        inside.setSpacing(4)
        inside.addLayout(legend)
        inside.addWidget(self.chart, 1)
        return card

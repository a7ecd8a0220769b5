"""Old vouchers into the books: one by hand, or many from a table that is checked first (V52, V53)."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QWidget

from till.app.bootstrap import Till
from till.app.voucher_files import OldPreview
from till.catalog.barcodes import parse
from till.i18n import msg
from till.tables.verdict import Verdict
from till.ui.look import Look
from till.ui.message import Tone
from till.ui.office.file_choice import ask_where_to_save, ask_which_to_read
from till.ui.office.parts import scrolled
from till.ui.office.table_page import TablePage
from till.ui.office.vouchers.old_checked import CheckedOld
from till.ui.office.vouchers.old_form import OldForm
from till.ui.office.vouchers.old_start import OldStart
from till.ui.widgets.button import Face, Kind
from till.vouchers.model import Voucher

TITLE = msg("Old vouchers")
_FORM_WIDTH = 330


class OldVouchersPage(TablePage):
    """At first the choice between a table and one by hand; once a table is checked, what it would do."""

    def __init__(self, look: Look, till: Till) -> None:
        super().__init__(look, till, look.t(TITLE))
        t = look.t
        self._desk = till.voucher_files
        self.start = OldStart(look)
        self.by_hand = OldForm(look)
        self.checked = CheckedOld(look, self._desk, self.message)
        self.back_button = self.head_button(Face(t("Vouchers"), "arrow-left"), lambda: self.asked_page.emit("vouchers"))
        self.other_button = self.head_button(Face(t("Another table"), "refresh"), self._start_again)
        self.take_button = self.head_button(Face(t("Bring them in"), "check"), self.bring_in, Kind.PRIMARY)
        self._choices = self._build_choices()
        self.body.addWidget(self._choices, 1)
        self.body.addWidget(self.checked, 1)
        self._connect()
        self._show_start()

    def begin(self) -> None:
        """Offer the types of now; what is typed and a checked table stay."""
        kinds = self._desk.kinds()
        self.start.offer(kinds)
        self.by_hand.offer(kinds)

    def may_leave(self) -> bool:
        """Not with a number or value that is typed and not brought in."""
        if self.by_hand.is_changed:
            self.message.tell(
                self._look.t(
                    "An old voucher is typed here and not brought in. Bring it in, or empty its number and value."
                ),
                Tone.WARN,
            )
        return not self.by_hand.is_changed

    def on_scan(self, code: str) -> bool:
        """A scan is the number of a voucher that is brought in by hand."""
        if not self._choices.isVisible():
            return False
        return self.message.attempt(lambda: parse(code).number, self.by_hand.take_scan)

    def tear_down(self) -> None:
        """Forget the checked table."""
        self.work.finish()
        self._desk.close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The clipboard's key checks the table that is there."""
        if event.matches(QKeySequence.StandardKey.Paste) and self._choices.isVisible():
            self.paste()
        else:
            super().keyPressEvent(event)

    def check(self, path: Path) -> None:
        """Read a file and show what it would do."""
        desk, defaults = self._desk, self.start.defaults() if self.is_free() else None
        if defaults is None:
            return
        self.message.clear()
        self.tell_work(self._look.t("Reading {file} …").format(file=path.name), self._look.t("{count} rows so far"))
        self.work.begin(lambda watch: desk.check(path, defaults, watch), self._show_preview)

    def paste(self) -> None:
        """Check the table that is in the clipboard."""
        desk, defaults = self._desk, self.start.defaults() if self.is_free() else None
        pasted = QGuiApplication.clipboard().text()
        if defaults is None:
            return
        self.message.clear()
        self.tell_work(self._look.t("Reading the clipboard …"), self._look.t("{count} rows so far"))
        self.work.begin(lambda watch: desk.check_pasted(pasted, defaults, watch), self._show_preview)

    def bring_in(self) -> None:
        """Bring in all good rows of the checked table, or none."""
        desk = self._desk
        if self.work.is_busy:
            return
        self.tell_work(self._look.t("Bringing the vouchers in …"))
        self.work.begin(lambda _watch: desk.apply(), self._tell_in)

    def bring_one_in(self) -> None:
        """Bring in the voucher that is typed by hand."""
        self.message.attempt(lambda: self._desk.add_old(self.by_hand.old()), self._tell_one_in)

    def save_left_out_to(self, path: Path) -> None:
        """Write the rows that are shown, with their reasons, to a file."""
        desk, formats, verdict = self._desk, self._look.formats, self.checked.verdict
        self.tell_work(self._look.t("Writing {file} …").format(file=path.name), self._look.t("{count} rows so far"))
        self.work.begin(
            lambda watch: desk.export_left_out(path, verdict, formats, watch),
            lambda count: self._tell_saved(count, path),
        )

    def save_example_to(self, path: Path) -> None:
        """Write a table that shows how one is filled in."""
        said = self._look.t("The example was saved as {path}.").format(path=path)
        self.message.attempt(lambda: self._desk.write_example(path), lambda _: self.message.tell(said, Tone.CALM))

    def show_busy(self) -> None:
        """All but the progress sleeps while a table is being worked on."""
        is_idle = not self.work.is_busy
        for widget in (self._choices, self.checked, self.other_button):
            widget.setEnabled(is_idle)
        preview = self.checked.preview
        self.take_button.setEnabled(is_idle and preview is not None and preview.sums.count > 0)

    def _build_choices(self) -> QWidget:
        both = QWidget()
        by_hand = scrolled(self.by_hand)
        by_hand.setFixedWidth(_FORM_WIDTH)
        by_hand.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.by_hand.setProperty("role", "card")
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self.start, 1)
        row.addWidget(by_hand)
        return both

    def _connect(self) -> None:
        self.start.file_asked.connect(lambda: ask_which_to_read(self, self._look, self.check))
        self.start.paste_asked.connect(self.paste)
        self.start.example_asked.connect(self._ask_for_example)
        self.by_hand.wanted.connect(self.bring_one_in)
        self.checked.refused_asked.connect(self._ask_for_left_out)

    def _show_preview(self, preview: OldPreview) -> None:
        self.checked.show_preview(preview)
        self._choices.hide()
        self.checked.show()
        self.back_button.hide()
        self.other_button.show()
        self.take_button.show()
        self.show_busy()
        if not preview.sums.count and not preview.counts[Verdict.REFUSED]:
            self.message.tell(self._look.t("There is nothing to bring in: all rows are left out."))

    def _show_start(self) -> None:
        self.checked.hide()
        self._choices.show()
        self.back_button.show()
        for button in (self.other_button, self.take_button):
            button.hide()

    def _start_again(self) -> None:
        self.message.clear()
        self._desk.close()
        self.checked.preview = None
        self.begin()
        self._show_start()

    def _ask_for_example(self) -> None:
        ask_where_to_save(self, self._look, self._look.t("Old vouchers") + ".xlsx", self.save_example_to)

    def _ask_for_left_out(self) -> None:
        name = self._look.t("Refused rows")
        ask_where_to_save(self, self._look, f"{name}.xlsx", self.save_left_out_to)

    def _tell_in(self, preview: OldPreview) -> None:
        self._start_again()
        sums, t = preview.sums, self._look.t
        words = t.plural(
            "{count} old voucher over {amount} is in the books and can be redeemed.",
            "{count} old vouchers over {amount} are in the books and can be redeemed.",
            sums.count,
        )
        amount = self._look.formats.money(sums.paid + sums.gift)
        said = words.format(count=self.counted(sums.count), amount=amount)
        refused = preview.counts[Verdict.REFUSED]
        if refused:
            more = t.plural("{count} row was refused.", "{count} rows were refused.", refused)
            said = f"{said} {more.format(count=self.counted(refused))}"
        self.message.tell(said, Tone.CALM)

    def _tell_one_in(self, voucher: Voucher) -> None:
        self.by_hand.begin_next()
        words = self._look.t("Voucher {number} over {amount} is in the books, valid until {date}.")
        formats = self._look.formats
        self.message.tell(
            words.format(
                number=voucher.number, amount=formats.money(voucher.face), date=formats.date(voucher.valid_until)
            ),
            Tone.CALM,
        )

    def _tell_saved(self, count: int, path: Path) -> None:
        words = self._look.t.plural(
            "{count} row was written to {path}, with its reason.",
            "{count} rows were written to {path}, with their reasons.",
            count,
        )
        self.message.tell(words.format(count=self.counted(count), path=path), Tone.CALM)

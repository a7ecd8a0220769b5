"""Numbers for gift cards as an Excel file: where they begin and how many they are; nothing is booked (V51)."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from till.app.bootstrap import Till
from till.app.watch import Watch
from till.catalog.barcodes import parse
from till.errors import Refused
from till.formats import shortened
from till.i18n import msg
from till.quantity import pieces
from till.ui.fonts import bold, font, semibold
from till.ui.look import Look
from till.ui.message import Tone
from till.ui.office.file_choice import ask_where_to_save
from till.ui.office.page import OfficePage
from till.ui.office.parts import FORM_WIDTH, beside, scrolled
from till.ui.office.vouchers.kind_choice import kind_choices
from till.ui.theme import Size
from till.ui.widgets.button import Button, Face, Kind
from till.ui.widgets.form import ChoiceField, Form, NumberField, TextField
from till.ui.widgets.progress import ProgressStrip
from till.ui.widgets.text import Text
from till.vouchers.generator import NumberRun, kept_digits
from till.vouchers.model import VoucherType

TITLE = msg("Numbers as Excel")
_USUAL_COUNT = 100


class NumberRunPage(OfficePage):
    """The fields, what would come of them, and the button that asks where the file goes."""

    def __init__(self, look: Look, till: Till) -> None:
        super().__init__(look, till, look.t(TITLE))
        t = look.t
        self._desk = till.voucher_files
        self._kinds: tuple[VoucherType, ...] = ()
        self.head_button(Face(t("Vouchers"), "arrow-left"), lambda: self.asked_page.emit("vouchers"))
        self.start = TextField(look, t("First number"), self._check_start)
        self.start.show_hint("000001")
        self.count = NumberField(look, t("How many"), self._check_count, is_needed=True)
        self.count.set_value(_USUAL_COUNT)
        self.kind = ChoiceField["VoucherType | None"](look, t("Barcode of the type"), [])
        self.form = Form(self.start, self.count, self.kind)
        self.told = Text("", semibold(Size.BODY)).wrapped()
        self.kept = Text("", font(Size.BODY - 1), "muted").wrapped()
        self.save_button = Button(look, Face(t("Save as Excel"), "download"), Kind.PRIMARY)
        self.save_button.clicked.connect(lambda _: self._ask())
        self.progress = ProgressStrip(look, self.work, self._progress_words)
        for field in self.form.fields:
            field.changed.connect(self._show_run)
        self.work.begun.connect(self._show_busy)
        self.work.ended.connect(self._show_busy)
        self._build()
        self._show_run()

    def begin(self) -> None:
        """Offer the types of now; what is typed stays."""
        kinds = tuple(self._desk.kinds())
        if kinds == self._kinds:
            return
        chosen = self.kind.read() if self._kinds else None
        self._kinds = kinds
        bare: list[tuple[str, VoucherType | None]] = [(self._look.t("none: the number alone"), None)]
        self.kind.offer([*bare, *kind_choices(self._look, kinds)])
        place = next((n for n, kind in enumerate(kinds, 1) if chosen is not None and kind.id == chosen.id), None)
        self.kind.combo.setCurrentIndex(place if place is not None else min(1, len(kinds)))
        self._show_run()

    def on_scan(self, code: str) -> bool:
        """A scan is the first number: that of the card on top of the pile."""
        return self.message.attempt(lambda: parse(code).number, self._take_scan)

    def tear_down(self) -> None:
        """End what is under way."""
        self.work.finish()

    def run(self) -> NumberRun:
        """The numbers that are asked for; Refused in words."""
        return NumberRun(kept_digits(self.start.read()), self.count.read() or 0)

    def write_to(self, path: Path) -> None:
        """Write the numbers to a file."""
        desk, run, kind = self._desk, self.run(), self.kind.read()

        def write(watch: Watch) -> int:
            return desk.write_numbers(path, run, kind, watch)

        self._file = path.name
        self.message.clear()
        self.work.begin(write, lambda count: self._tell_written(count, path))
        self.progress.set_total(run.count)

    def _ask(self) -> None:
        if self.form.is_right() and not self.work.is_busy:
            name = self._look.t("Voucher numbers {first} to {last}")
            run = self.run()
            words = name.format(first=run.start, last=run.last)
            ask_where_to_save(self, self._look, f"{shortened(words, 60)}.xlsx", self.write_to)

    def _check_start(self, typed: str) -> None:
        NumberRun(kept_digits(typed), 1)

    def _check_count(self, count: int | None) -> None:
        NumberRun("1", count or 0)

    def _take_scan(self, number: str) -> None:
        self.start.type_in(number)
        self._show_run()

    def _show_run(self) -> None:
        """What remained of the start, and from where to where the numbers would go."""
        t, typed = self._look.t, self.start.line.text()
        kept = kept_digits(typed)
        is_cut = kept != typed.strip()
        said = t("Only digits count: {number} is left of what is typed.") if kept else t("No digit is left.")
        self.kept.setText(said.format(number=shortened(kept)) if typed and is_cut else "")
        self.kept.setVisible(bool(self.kept.text()))
        try:
            run = self.run()
        except Refused:
            self.told.setText(t("Type where the numbers begin. Zeros in front are kept."))
            return
        words = t.plural("{count} number: {first}", "{count} numbers: {first} to {last}", run.count)
        count = self._look.formats.quantity(pieces(run.count))
        self.told.setText(words.format(count=count, first=run.start, last=run.last))

    def _show_busy(self) -> None:
        is_idle = not self.work.is_busy
        for widget in (*self.form.fields, self.save_button):
            widget.setEnabled(is_idle)

    def _progress_words(self, rows: int) -> str:
        words = self._look.t("Writing {file} …").format(file=self._file)
        return words if not rows else f"{words} {self._look.formats.quantity(pieces(rows))}"

    def _tell_written(self, count: int, path: Path) -> None:
        words = self._look.t.plural(
            "{count} number was written to {path}.", "{count} numbers were written to {path}.", count
        )
        self.message.tell(words.format(count=self._look.formats.quantity(pieces(count)), path=path), Tone.CALM)

    def _build(self) -> None:
        t = self._look.t
        self._file = ""
        card = QFrame()
        card.setProperty("role", "card")
        card.setMaximumWidth(FORM_WIDTH)
        column = QVBoxLayout(card)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(12)
        column.addWidget(Text(t("A list for whoever prints the cards"), bold(Size.TITLE)))
        words = t(
            "Each row has a number and the barcode that the till reads as a voucher of the chosen type. Nothing is booked: "
            "the vouchers come into being when they are sold."
        )
        column.addWidget(Text(words, font(Size.BODY - 1), "muted").wrapped())
        column.addLayout(beside(self.start, self.count, stretches=(2, 1)))
        column.addWidget(self.kept)
        column.addWidget(self.kind)
        column.addWidget(self.told)
        column.addWidget(self.save_button)
        self.body.addWidget(self.progress)
        inside = QWidget()
        around = QVBoxLayout(inside)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(card)
        around.addStretch(1)
        self.body.addWidget(scrolled(inside), 1)

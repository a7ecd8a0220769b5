"""Labels with numbers and barcodes: which vouchers, on which sheets, and how they will look (V54)."""

from __future__ import annotations

import uuid
from enum import StrEnum
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from till.app.bootstrap import Till
from till.app.voucher_labels import ImportChoice, LabelWish
from till.app.watch import Watch
from till.catalog.barcodes import parse
from till.errors import Refused
from till.i18n import msg
from till.labels.layout import Ink, lay_out
from till.labels.pdf import Printing
from till.labels.sheet import SHEETS, Sheet
from till.quantity import pieces
from till.ui.look import Look
from till.ui.message import Tone
from till.ui.office.file_choice import ask_where_to_save_pdf
from till.ui.office.page import OfficePage
from till.ui.office.parts import beside, scrolled
from till.ui.office.vouchers.kind_choice import KindField
from till.ui.office.vouchers.label_preview import LabelPreview
from till.ui.widgets.button import Button, Face, Kind
from till.ui.widgets.choices import Choices
from till.ui.widgets.form import SETTLED_MS, CheckField, ChoiceField, Field, LinesField, NumberField, TextField
from till.ui.widgets.progress import ProgressStrip
from till.ui.work import Work
from till.vouchers.generator import NumberRun, kept_digits

TITLE = msg("Labels")
_NO_IMPORT = msg("No old vouchers were brought in by a table yet.")
_FORM_WIDTH = 380
_USUAL_COUNT = 24


class Source(StrEnum):
    """Where the numbers come from."""

    RUN = msg("New numbers")
    VOUCHERS = msg("Vouchers")
    IMPORT = msg("An import")


SHEET_NAMES: dict[str, str] = {
    "24": msg("A4 with 24 labels (70 × 37 mm)"),
    "40": msg("A4 with 40 labels (48.5 × 25.4 mm)"),
    "65": msg("A4 with 65 labels (38.1 × 21.2 mm)"),
    "card": msg("One card a page (85.6 × 54 mm)"),
}


class LabelsPage(OfficePage):
    """The fields on the left, the first sheet on the right; it follows what is typed."""

    def __init__(self, look: Look, till: Till) -> None:
        super().__init__(look, till, look.t(TITLE))
        t = look.t
        self._desk = till.voucher_labels
        self._file = ""
        self.source = Source.RUN
        self.head_button(Face(t("Vouchers"), "arrow-left"), lambda: self.asked_page.emit("vouchers"))
        self.sources = Choices(look, [(one, Face(t(one.value))) for one in Source])
        self.kind = KindField(look)
        self.start = TextField(look, t("First number"), lambda typed: NumberRun(kept_digits(typed), 1))
        self.start.show_hint("000001")
        self.count = NumberField(look, t("How many"), lambda count: NumberRun("1", count or 0), is_needed=True)
        self.count.set_value(_USUAL_COUNT)
        self.numbers = LinesField(look, t("Numbers, one in each line; a scan adds one"), lines=5)
        self.imported = ChoiceField["ImportChoice | None"](look, t("Import"), [])
        self.sheet = ChoiceField[Sheet](look, t("Labels on the sheet"), [(t(SHEET_NAMES[s.key]), s) for s in SHEETS])
        self.first = NumberField(look, t("Begin with label"), self._check_first, is_needed=True)
        self.first.set_value(1)
        self.with_value = CheckField(look, t("Print the value"))
        self.with_validity = CheckField(look, t("Print the validity"))
        self.save_button = Button(look, Face(t("Save as PDF"), "download"), Kind.PRIMARY)
        self.preview = LabelPreview(look)
        self.drawing = Work(self, self.message)
        self.progress = ProgressStrip(look, self.work, self._progress_words)
        self._settled = QTimer(self, singleShot=True, interval=SETTLED_MS)
        self._build()
        self._connect()
        self.choose(Source.RUN)

    def begin(self) -> None:
        """Offer the types and imports of now; what is typed stays."""
        self.kind.offer_kinds(self._desk.kinds())
        self._offer_imports()
        noted = self._desk.take_noted()
        if noted is None:
            self.show_preview()
        else:
            self.show_vouchers(*noted)

    def show_vouchers(self, type_id: uuid.UUID, numbers: tuple[str, ...]) -> None:
        """Ready to print labels of these vouchers."""
        self.kind.choose_kind(type_id)
        self.numbers.set_value(numbers)
        self.choose(Source.VOUCHERS)

    def choose(self, source: object) -> None:
        """Print numbers of this source."""
        self.source = Source(str(source))
        self.sources.show_chosen(self.source)
        is_import = self.source is Source.IMPORT
        self.kind.setVisible(not is_import)
        for field in (self.start, self.count):
            field.setVisible(self.source is Source.RUN)
        self.numbers.setVisible(self.source is Source.VOUCHERS)
        self.imported.setVisible(is_import)
        self.with_validity.setVisible(self.source is not Source.RUN)
        self.message.clear()
        self.show_preview()

    def on_scan(self, code: str) -> bool:
        """A scan is one more number, or where new ones begin."""
        return self.message.attempt(lambda: parse(code).number, self._take_scan)

    def tear_down(self) -> None:
        """End what is under way."""
        self.drawing.finish()
        self.work.finish()

    def wish(self) -> LabelWish:
        """What is asked for; Refused in words."""
        printing = Printing(self.sheet.value(), self.first.value() or 1, self._look.t.language)
        return LabelWish(
            self.kind.value(),
            self._chosen(),
            printing,
            self.with_value.value(),
            self.with_validity.value() and self.source is not Source.RUN,
        )

    def show_preview(self) -> None:
        """Show the first sheet as it would be printed, or why it can't be."""
        self._settled.stop()
        self.message.clear()
        sheet = self.sheet.read()
        self._show_inks(sheet, [])
        if self._is_begun():
            self.message.attempt(self.wish, lambda wish: self._draw(sheet, wish))

    def write_to(self, path: Path) -> None:
        """Write the labels to a file."""
        desk, wish = self._desk, self.wish()

        def write(watch: Watch) -> int:
            return desk.write(path, wish, watch)

        self._file = path.name
        self.message.clear()
        self.work.begin(write, lambda count: self._tell_written(count, path))

    def _chosen(self) -> NumberRun | tuple[str, ...] | uuid.UUID:
        match self.source:
            case Source.RUN:
                return NumberRun(kept_digits(self.start.read()), self.count.read() or 0)
            case Source.VOUCHERS:
                return tuple(line.strip() for line in self.numbers.read() if line.strip())
            case Source.IMPORT:
                choice = self.imported.read()
                if choice is None:
                    raise Refused(_NO_IMPORT)
                return choice.entry_id

    def _draw(self, sheet: Sheet, wish: LabelWish) -> None:
        """Beside the window's thread: the first time loads fonts."""
        desk, most = self._desk, sheet.labels - wish.printing.first + 1

        def drawn(_watch: Watch) -> list[Ink]:
            return [lay_out(label, sheet.label) for label in desk.sample(wish, most)]

        self.drawing.begin(drawn, lambda inks: self._show_inks(sheet, inks))

    def _take_scan(self, number: str) -> None:
        if self.source is Source.VOUCHERS:
            self.numbers.type_in((*self.numbers.read(), number))
        elif self.source is Source.RUN:
            self.start.type_in(number)
        self.show_preview()

    def _is_begun(self) -> bool:
        """Whether enough is typed for a refusal to be news."""
        if self.source is Source.RUN:
            return bool(self.start.line.text().strip())
        return self.source is Source.IMPORT or bool(self.numbers.read())

    def _offer_imports(self) -> None:
        before = self.imported.read() if self.imported.combo.count() else None
        choices = self._desk.imports()
        formats, t = self._look.formats, self._look.t
        words = t("{file}, {date}: {count}")
        offered: list[tuple[str, ImportChoice | None]] = [
            (words.format(file=one.source, date=formats.date(one.at), count=self._counted(one.count)), one)
            for one in choices
        ]
        self.imported.offer(offered or [(t("none"), None)])
        if before in choices:
            self.imported.set_value(before)

    def _check_first(self, first: int | None) -> None:
        self.sheet.read().places(first or 0)

    def _show_inks(self, sheet: Sheet, inks: list[Ink]) -> None:
        first = self.first.read() if self.first.is_right() else None
        self.preview.show_labels(sheet, first or 1, inks)
        self.save_button.setEnabled(bool(inks) and not self.work.is_busy)

    def _ask(self) -> None:
        if not self.work.is_busy:
            ask_where_to_save_pdf(self, self._look, f"{self._look.t(TITLE)}.pdf", self.write_to)

    def _show_busy(self) -> None:
        self._fields.setEnabled(not self.work.is_busy)
        self.save_button.setEnabled(not self.work.is_busy and bool(self.preview.inks))

    def _progress_words(self, rows: int) -> str:
        words = self._look.t("Writing {file} …").format(file=self._file)
        return words if not rows else f"{words} {self._counted(rows)}"

    def _counted(self, count: int) -> str:
        return self._look.formats.quantity(pieces(count))

    def _tell_written(self, count: int, path: Path) -> None:
        words = self._look.t.plural(
            "{count} label was written to {path}. Print it at 100 %, not fitted to the page.",
            "{count} labels were written to {path}. Print them at 100 %, not fitted to the page.",
            count,
        )
        self.message.tell(words.format(count=self._counted(count), path=path), Tone.CALM)

    def _connect(self) -> None:
        self.sources.chosen.connect(self.choose)
        self._settled.timeout.connect(self.show_preview)
        typed: tuple[Field[Any], ...] = (self.start, self.count, self.numbers, self.first)
        tapped: tuple[Field[Any], ...] = (self.kind, self.imported, self.sheet, self.with_value, self.with_validity)
        for field in typed:
            field.changed.connect(self._settled.start)
        for field in tapped:
            field.changed.connect(self.show_preview)
        self.save_button.clicked.connect(lambda _: self._ask())
        self.work.begun.connect(self._show_busy)
        self.work.ended.connect(self._show_busy)

    def _build(self) -> None:
        self._fields = QFrame()
        column = QVBoxLayout(self._fields)
        column.setContentsMargins(20, 8, 20, 8)
        column.setSpacing(10)
        column.addWidget(self.sources)
        column.addWidget(self.kind)
        column.addLayout(beside(self.start, self.count, stretches=(2, 1)))
        column.addWidget(self.numbers)
        column.addWidget(self.imported)
        column.addWidget(self.sheet)
        column.addWidget(self.first)
        column.addWidget(self.with_value)
        column.addWidget(self.with_validity)
        column.addStretch(1)
        area = scrolled(self._fields)
        self._fields.setProperty("role", "surface")
        card = QFrame()
        card.setProperty("role", "card")
        card.setFixedWidth(_FORM_WIDTH)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(1, 8, 1, 16)
        inside.addWidget(area, 1)
        button = QHBoxLayout()
        button.setContentsMargins(20, 0, 20, 0)
        button.addWidget(self.save_button)
        inside.addLayout(button)
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(card)
        row.addWidget(self.preview, 1)
        self.body.addWidget(self.progress)
        self.body.addWidget(both, 1)

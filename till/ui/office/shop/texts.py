"""The shop's own lines and its logo on receipts, with the receipt beside them as it will be printed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QWidget

from till.app.bootstrap import Till
from till.receipts.shop_lines import checked_lines, wraps_on
from till.shop.details import ShopDetails
from till.ui.fonts import font
from till.ui.look import Look
from till.ui.office.page import OfficePage
from till.ui.office.parts import FORM_WIDTH, FormPart, column_of, scrolled
from till.ui.theme import Size
from till.ui.widgets.button import Button, Face
from till.ui.widgets.form import ChoiceField, Form, LinesField
from till.ui.widgets.text import Text

_PAUSE_MS = 300
_PAPER_WIDTH = 330
_LOGO_HEIGHT = 96


class TextsPart(FormPart):
    """What the shop says on its receipts; it counts at once, a Z keeps none of it."""

    def __init__(self, page: OfficePage, look: Look, till: Till) -> None:
        super().__init__(page, look, till, look.t("Receipt texts and logo"))
        t = look.t
        self.header = LinesField(look, t("Lines below the address"), checked_lines)
        self.footer = LinesField(look, t("Lines at the end"), checked_lines)
        self.language = ChoiceField(look, t("Language of receipts"), [("Deutsch", "de"), ("English", "en")])
        self.form = Form(self.header, self.footer, self.language)
        self.paper = QLabel()
        self.paper.setAccessibleName(t("A receipt as it will be printed"))
        self._logo_shown = QLabel()
        self._wraps = Text("", font(Size.SMALL), "warn").wrapped()
        self._logo = b""
        self._is_logo_changed = False
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._draw)
        self._build()
        for field in self.form.fields:
            field.changed.connect(self._typed)

    @property
    def is_changed(self) -> bool:
        """Whether a line, the language or the logo differs from what is stored."""
        return super().is_changed or self._is_logo_changed

    def begin(self) -> None:
        """Show what is stored unless something is typed, and the receipt with it."""
        super().begin()
        self._draw()

    def show_stored(self) -> None:
        """Put what is stored into the fields."""
        now = self._till.shop.details().now
        self._is_logo_changed = False
        self._logo = self._till.shop.logo(now.logo) or b""
        self.header.set_value(now.receipt_header)
        self.footer.set_value(now.receipt_footer)
        self.language.set_value(now.language)
        self._show_logo()
        self._say_wraps()
        self._pause.start()

    def store(self) -> None:
        """Store the texts and the logo from today on."""
        self._till.shop.change_details(self._wanted(), self._logo if self._is_logo_changed else b"")
        self.show_stored()

    def save(self) -> None:
        """Store the form, and say so."""
        if self.form.is_right() and self.message.attempt(self.store):
            self.message.tell(self._look.t("Saved. The next receipt looks like this."))
        self._follow()

    def take_logo(self, path: Path) -> None:
        """Read a picture beside the window's thread; what is no picture is refused in words."""
        from till.receipts.logo import read_logo

        self.message.clear()
        self._page.work.begin(lambda _watch: read_logo(path), self._set_logo)

    def remove_logo(self) -> None:
        """Print receipts without a logo."""
        self._set_logo(b"")

    def _set_logo(self, logo: bytes) -> None:
        self._logo, self._is_logo_changed = logo, True
        self._show_logo()
        self._follow()
        self._draw()

    def _choose_logo(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self,
            self._look.t("Choose a logo"),
            "",
            self._look.t("Pictures") + " (*.png *.jpg *.jpeg *.bmp *.gif *.webp *.tif)",
        )
        if name:
            self.take_logo(Path(name))

    def _wanted(self) -> ShopDetails:
        shop = self._till.shop
        now = shop.details_from(shop.today())
        return replace(
            now,
            receipt_header=checked_lines(self.header.value()),
            receipt_footer=checked_lines(self.footer.value()),
            language=self.language.value(),
            logo="" if self._is_logo_changed else now.logo,
        )

    def _typed(self) -> None:
        self._say_wraps()
        self._pause.start()

    def _draw(self) -> None:
        """Ask for the receipt's picture; while a line can't be printed, the last one stays."""
        self._pause.stop()
        if not self.was_shown or self._page.work.is_busy:
            self._pause.start()
            return
        if not all(field.error.isHidden() for field in self.form.fields) or not self._can_be_printed():
            return
        wanted, logo, shop = self._wanted(), self._logo, self._till.shop
        self._page.work.begin(lambda _watch: shop.preview(wanted, logo), self._show_paper)

    def _can_be_printed(self) -> bool:
        return self.header.is_right() and self.footer.is_right()

    def _show_paper(self, png: bytes) -> None:
        picture = QPixmap()
        picture.loadFromData(png)
        ratio = self.devicePixelRatioF()
        shown = picture.scaledToWidth(round(_PAPER_WIDTH * ratio), Qt.TransformationMode.SmoothTransformation)
        shown.setDevicePixelRatio(ratio)
        self.paper.setPixmap(shown)

    def _show_logo(self) -> None:
        self._remove.setEnabled(bool(self._logo))
        if not self._logo:
            self._logo_shown.setPixmap(QPixmap())
            self._logo_shown.setText(self._look.t("No logo"))
            return
        picture = QPixmap()
        picture.loadFromData(self._logo)
        self._logo_shown.setPixmap(
            picture.scaled(
                240, _LOGO_HEIGHT, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
        )

    def _say_wraps(self) -> None:
        papers = wraps_on((*self.header.text.toPlainText().splitlines(), *self.footer.text.toPlainText().splitlines()))
        words = self._look.t("A line is longer than paper with {columns} characters: it wraps there.")
        self._wraps.setText(words.format(columns=", ".join(map(str, papers))))
        self._wraps.setVisible(bool(papers))

    def _logo_row(self) -> QHBoxLayout:
        t = self._look.t
        choose = Button(self._look, Face(t("Choose a logo"), "upload"))
        choose.clicked.connect(lambda _: self._choose_logo())
        self._remove = Button(self._look, Face(t("No logo"), "trash", name=t("Print receipts without a logo")))
        self._remove.clicked.connect(lambda _: self.remove_logo())
        self._logo_shown.setMinimumHeight(_LOGO_HEIGHT)
        self._logo_shown.setAccessibleName(t("The logo"))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._logo_shown, 1)
        row.addWidget(choose)
        row.addWidget(self._remove)
        return row

    def _build(self) -> None:
        form = QWidget()
        form.setMaximumWidth(FORM_WIDTH)
        rows = column_of(form)
        rows.addLayout(self._logo_row())
        rows.addWidget(self.header)
        rows.addWidget(self.footer)
        rows.addWidget(self._wraps)
        rows.addWidget(self.language)
        rows.addLayout(self.buttons())
        rows.addStretch(1)
        self.paper.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        sheet = scrolled(self.paper)
        sheet.setFixedWidth(_PAPER_WIDTH + 20)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(24)
        fields = scrolled(form)
        fields.setMaximumWidth(FORM_WIDTH)
        row.addWidget(fields, 100)
        row.addWidget(sheet)
        row.addStretch(1)

"""Chooses what is printed for the vouchers of a type besides the receipt, with a sample of it beside (V17)."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from till.app.bootstrap import Till
from till.ui.fonts import font
from till.ui.look import Look
from till.ui.message import Message
from till.ui.office.vouchers.tab import FORM_WIDTH, TypeTab
from till.ui.theme import Size
from till.ui.widgets.button import Button, Face, Kind
from till.ui.widgets.form import ChoiceField
from till.ui.widgets.scroll import scroll_area
from till.ui.widgets.text import Text
from till.ui.work import Work
from till.vouchers.label_templates import NOTHING, SLIP, TEMPLATES
from till.vouchers.model import VoucherType

_PAPER_WIDTH = 330


class LabelTab(TypeTab):
    """What is chosen is shown at once and stored with the button; it counts for what is sold from then on."""

    def __init__(self, look: Look, till: Till, message: Message) -> None:
        super().__init__(look, till, message)
        t = look.t
        self._desk = till.voucher_types
        self._kind: VoucherType | None = None
        self._work = Work(self, message)
        named = [(t(one.title), one.name) for one in TEMPLATES]
        choices = [(t("Slip after the receipt"), SLIP), *named, (t("Nothing more"), NOTHING)]
        self.template = ChoiceField[str](look, t("Printed besides the receipt"), choices)
        self.save_button = Button(look, Face(t("Save"), "check", key="Ctrl+S"), Kind.PRIMARY)
        self.discard_button = Button(look, Face(t("Discard changes")), Kind.GHOST)
        self.paper = QLabel()
        self.paper.setAccessibleName(t("The voucher’s paper as it will be printed"))
        self.paper.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.nothing = Text(t("Nothing is printed but the receipt."), font(Size.BODY), "muted").wrapped()
        self._build()
        self.template.changed.connect(self._chosen)
        self.save_button.clicked.connect(lambda _checked: self.save())
        self.discard_button.clicked.connect(lambda _checked: self.discard())

    @property
    def is_changed(self) -> bool:
        """Whether something is chosen that is not stored."""
        return self._kind is not None and self.template.is_changed

    @property
    def work(self) -> Work:
        """What draws the sample."""
        return self._work

    def show_type(self, kind: VoucherType, *, is_new: bool = False) -> None:
        """Show what a type prints."""
        del is_new
        if self._kind is not None and self._kind.id == kind.id and self.is_changed:
            return
        self._kind = kind
        self.template.set_value(kind.label_template)
        self._chosen()

    def save(self) -> bool:
        """Store what is chosen."""
        kind = self._kind
        if kind is None or not self.template.is_right():
            return False
        chosen = self.template.value()
        return self.message.insist(lambda: self._desk.choose_label(kind.id, chosen), self._saved)

    def discard(self) -> None:
        """Put back what is stored."""
        if self._kind is not None:
            self.template.set_value(self._kind.label_template)
            self._chosen()

    def _saved(self, kind: VoucherType) -> None:
        self._kind = kind
        self.template.set_value(kind.label_template)
        self._chosen()
        self.stored.emit(kind)
        self.message.tell(self._look.t("Saved. It counts for the next voucher that is sold."))

    def _chosen(self) -> None:
        self.save_button.setEnabled(self.is_changed)
        self.discard_button.setEnabled(self.is_changed)
        if self._kind is not None:
            desk = self._desk  # the worker's thread must never be the last one that holds a widget
            shown = replace(self._kind, label_template=self.template.read())
            self._work.begin(lambda _watch: desk.preview(shown), self._show_paper)

    def _show_paper(self, png: bytes) -> None:
        picture = QPixmap()
        picture.loadFromData(png, "PNG")
        self.paper.setVisible(bool(png))
        self.nothing.setVisible(not png)
        if png:
            scaled = picture.scaledToWidth(
                round(_PAPER_WIDTH * self.devicePixelRatioF()), Qt.TransformationMode.SmoothTransformation
            )
            scaled.setDevicePixelRatio(self.devicePixelRatioF())
            self.paper.setPixmap(scaled)

    def _build(self) -> None:
        inside = QWidget()
        inside.setProperty("role", "ground")
        papers = QVBoxLayout(inside)
        papers.setContentsMargins(12, 12, 12, 12)
        papers.addWidget(self.paper)
        papers.addWidget(self.nothing)
        papers.addStretch(1)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.discard_button)
        buttons.addWidget(self.save_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        self.template.setMaximumWidth(FORM_WIDTH)
        column.addWidget(self.template)
        column.addWidget(scroll_area(inside), 1)
        column.addLayout(buttons)

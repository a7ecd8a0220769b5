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
from till.ui.office.vouchers.tab import FORM_WIDTH, FieldTab
from till.ui.theme import Size
from till.ui.widgets.button import Face
from till.ui.widgets.form import ChoiceField
from till.ui.widgets.scroll import scroll_area
from till.ui.widgets.text import Text
from till.vouchers.label_templates import NOTHING, SLIP, TEMPLATES
from till.vouchers.model import VoucherType

_PAPER_WIDTH = 330


class LabelTab(FieldTab):
    """What is chosen is shown at once and stored with the button; it counts for what is sold from then on."""

    def __init__(self, look: Look, till: Till, message: Message) -> None:
        t = look.t
        super().__init__(look, till, message, Face(t("Save"), "check", key="Ctrl+S"))
        named = [(t(one.title), one.name) for one in TEMPLATES]
        choices = [(t("Slip after the receipt"), SLIP), *named, (t("Nothing more"), NOTHING)]
        self.template = ChoiceField[str](look, t("Printed besides the receipt"), choices)
        self.paper = QLabel()
        self.paper.setAccessibleName(t("The voucher’s paper as it will be printed"))
        self.paper.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.nothing = Text(t("Nothing is printed but the receipt."), font(Size.BODY), "muted").wrapped()
        self._build()
        self.template.changed.connect(self._chosen)

    @property
    def kept(self) -> ChoiceField[str]:
        """What is printed."""
        return self.template

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
            self._show(self._kind)

    def _show(self, kind: VoucherType) -> None:
        self.template.set_value(kind.label_template)
        self._chosen()

    def _saved(self, kind: VoucherType) -> None:
        self._kind = kind
        self._show(kind)
        self.stored.emit(kind)
        self.message.tell(self._look.t("Saved. It counts for the next voucher that is sold."))

    def _chosen(self) -> None:
        self._follow()
        if self._kind is not None:
            desk = self._desk  # the worker's thread must never be the last one that holds a widget
            shown = replace(self._kind, label_template=self.template.read())
            self.work.begin(lambda _watch: desk.preview(shown), self._show_paper)

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

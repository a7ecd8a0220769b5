"""A field that shows what is typed on the pad: a label on the left, the figure on the right."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from till.ui.fonts import bold, semibold
from till.ui.look import Look
from till.ui.theme import Size
from till.ui.widgets.text import Text

FIELD_HEIGHT = 56


class AmountField(QFrame):
    """Shows a figure; the active one has the accent's frame and gets the pad's digits. `tapped` asks to be active."""

    tapped = Signal()

    def __init__(self, look: Look, label: str) -> None:
        super().__init__()
        self.setProperty("role", "field")
        self.setFixedHeight(max(FIELD_HEIGHT, look.target_px))
        self.setAccessibleName(label)
        self._label = Text(label, semibold(Size.BODY - 1), "muted")
        self._figure = Text("", bold(Size.FIELD)).right()
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 14, 0)
        row.addWidget(self._label)
        row.addWidget(self._figure, 1)

    @property
    def shown(self) -> str:
        """The figure as it stands there."""
        return self._figure.text()

    def show_figure(self, figure: str, *, is_typed: bool) -> None:
        """Show it; what is only offered (not typed) is paler."""
        self._figure.setText(figure)
        self._figure.set_role("" if is_typed else "muted")

    def set_active(self, is_active: bool) -> None:  # noqa: FBT001 - a Qt-like setter
        """Frame it as the field that is typed into."""
        set_active(self, is_active=is_active)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Ask to be typed into."""
        self.tapped.emit()
        event.accept()


def set_active(field: QWidget, *, is_active: bool) -> None:
    """Frame a field as the one that is typed into, or not."""
    if field.property("active") != is_active:
        field.setProperty("active", is_active)
        field.style().unpolish(field)
        field.style().polish(field)

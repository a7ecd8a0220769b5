"""A list to choose from that a turning wheel scrolls past: what is chosen in a form must not change by scrolling it."""

from __future__ import annotations

from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox


class StillCombo(QComboBox):
    """As a QComboBox, but the wheel belongs to the page; the open list has its own."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave it to what scrolls."""
        event.ignore()

"""What every button and every line of text does with keys and focus, in one place for all of them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QLineEdit

ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class PressedByKeys(QAbstractButton):
    """A button that Space and Enter press while it has the focus; every other key is left to the page."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space and Enter press it."""
        if event.key() in ENTER and not event.isAutoRepeat():
            self.click()
        elif event.key() == Qt.Key.Key_Space:
            super().keyPressEvent(event)
        else:
            event.ignore()


class TellingLine(QLineEdit):
    """A line of text that tells when it gets and loses the focus; Enter ends in it and is not the page's too."""

    focused = Signal(bool)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell that it is typed into."""
        super().focusInEvent(event)
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell that it is no longer typed into."""
        super().focusOutEvent(event)
        self.focused.emit(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter ends here."""
        super().keyPressEvent(event)
        if event.key() in ENTER:
            event.accept()  # the page must not take the same Enter for its own

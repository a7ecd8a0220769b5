"""Training on the screen: a red frame around the whole window with the word in it, whatever the window shows (U10)."""

from __future__ import annotations

from PySide6.QtCore import QChildEvent, QEvent, QMargins, QObject, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QMainWindow, QWidget

from till.i18n import msg
from till.ui.fonts import bold
from till.ui.look import Look
from till.ui.theme import Size, text_on

RED = "#C62828"
"""The same in both themes; it stands out from either ground."""
AT_THE_COUNTER = msg("TRAINING – nothing counts, no receipt is valid")
IN_THE_OFFICE = msg("TRAINING – the till only practises, but what is changed here counts")
EDGE = 8
BAND = 32


class TrainingFrame(QWidget):
    """Lies on the edge of a window, above all that is shown in it, and moves the window's content inwards while it is on.

    Taps go through it. `says` is the msgid of its words, AT_THE_COUNTER or IN_THE_OFFICE.
    """

    def __init__(self, window: QMainWindow, look: Look, says: str) -> None:
        super().__init__(window)
        self._window, self._says = window, says
        self._words = ""
        self.is_on = False
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        self.change_look(look)
        window.installEventFilter(self)
        for child in window.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            if child is not self:
                child.installEventFilter(self)

    @property
    def words(self) -> str:
        """What the frame says; empty while nothing is practised."""
        return self._words if self.is_on else ""

    def show_training(self, *, is_on: bool) -> None:
        """Show the frame, or take it away."""
        if is_on == self.is_on:
            return
        self.is_on = is_on
        self._window.setContentsMargins(QMargins(EDGE, BAND, EDGE, EDGE) if is_on else QMargins())
        self._fit()
        self.setVisible(is_on)
        self.raise_()

    def change_look(self, look: Look) -> None:
        """Say it in another language."""
        self._words = look.t(self._says)
        self.setAccessibleName(self._words)
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the size of the window, and stay above what is laid over its pages later: a sign-in, a panel."""
        kind = event.type()
        if watched is self._window:
            if kind is QEvent.Type.Resize:
                self._fit()
            elif isinstance(event, QChildEvent) and kind is QEvent.Type.ChildAdded and event.child() is not self:
                event.child().installEventFilter(self)
        elif self.is_on and kind in {QEvent.Type.Show, QEvent.Type.ZOrderChange}:
            self.raise_()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The frame, and the words in its upper edge."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(RED))
        painter.setPen(QColor(text_on(RED)))
        painter.setFont(bold(Size.BODY))
        painter.drawText(QRect(0, 0, self.width(), BAND), Qt.AlignmentFlag.AlignCenter, self._words)
        painter.end()

    def _fit(self) -> None:
        whole = self._window.rect()
        self.setGeometry(whole)
        inside = whole.marginsRemoved(QMargins(EDGE, BAND, EDGE, EDGE))
        self.setMask(QRegion(whole).subtracted(QRegion(inside)))

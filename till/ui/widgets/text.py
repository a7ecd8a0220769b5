"""Labels in the house's type: plain ones, and ones that shorten what does not fit and tell it as a tooltip."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


class Text(QLabel):
    """A label; `role` gives its colour in the stylesheet: "", "muted", "accent", "danger", "warn"."""

    def __init__(self, text: str, font: QFont, role: str = "") -> None:
        super().__init__(text)
        self.setFont(font)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)

    def set_role(self, role: str) -> None:
        """Give it another colour."""
        if self.property("role") != role:
            self.setProperty("role", role)
            self.style().unpolish(self)
            self.style().polish(self)

    def wrapped(self) -> Text:
        """The same label, breaking into lines where it is too long."""
        self.setWordWrap(True)
        return self

    def right(self) -> Text:
        """The same label, aligned to the right as figures are."""
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return self


class ShorteningText(Text):
    """A label for foreign text of any length: it ends in "…" where there is no room, and its tooltip says it all."""

    def __init__(self, text: str, font: QFont, role: str = "") -> None:
        super().__init__(text, font, role)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:
        """The least size in which it can be used."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit what depends on the width."""
        super().resizeEvent(event)
        is_cut = self.fontMetrics().horizontalAdvance(self.text()) > self.width()
        self.setToolTip(self.text() if is_cut else "")

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it from the theme."""
        painter = QPainter(self)
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.setPen(self.palette().windowText().color())
        painter.drawText(self.rect(), int(self.alignment()) | Qt.TextFlag.TextSingleLine, shown)
        painter.end()


def lay_out_now(widget: QWidget) -> None:
    """Place the children again at once, so that no half-placed frame is ever painted."""
    layout = widget.layout()
    if layout is not None:
        layout.activate()

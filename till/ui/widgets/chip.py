"""A small pill with a word and an icon: a state that needs no action."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from till.ui import icons
from till.ui.fonts import font, semibold
from till.ui.look import Look
from till.ui.theme import Palette, Size

_ICON = 18
_GAP = 6
_PADDING = 12


@dataclass(frozen=True, slots=True)
class ChipFace:
    """What a chip says: words, icon, and a tone: "" (all is well), "calm", "warn" or "danger"."""

    text: str
    icon: str = ""
    tone: str = ""


class Chip(QWidget):
    """Shows a state; `shows_words` False leaves the icon, and the words as tooltip and accessible name."""

    def __init__(self, look: Look, face: ChipFace, *, height_px: int = 32, shows_words: bool = True) -> None:
        super().__init__()
        self._look, self._face = look, face
        self._shows_words = shows_words
        self._font = semibold(Size.SMALL) if face.tone else font(Size.SMALL)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(height_px)
        self.set_face(face)

    @property
    def face(self) -> ChipFace:
        """What it says, with icon and tone."""
        return self._face

    @property
    def text(self) -> str:
        """What it says."""
        return self._face.text

    def set_face(self, face: ChipFace) -> None:
        """Say something else."""
        self._face = face
        self._font = semibold(Size.SMALL) if face.tone else font(Size.SMALL)
        self.setAccessibleName(face.text)
        self.setToolTip("" if self._says_words() else face.text)
        self.updateGeometry()
        self.update()

    def set_shows_words(self, shows_words: bool) -> None:  # noqa: FBT001 - a Qt-like setter
        """Show the words, or only the icon."""
        if shows_words != self._shows_words:
            self._shows_words = shows_words
            self.set_face(self._face)

    def sizeHint(self) -> QSize:
        """The size that its content asks for."""
        icon = _ICON if self._face.icon else 0
        words = QFontMetrics(self._font).horizontalAdvance(self._face.text) + 1 if self._says_words() else 0
        gap = _GAP if icon and words else 0
        return QSize(icon + gap + words + 2 * _PADDING, self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it from the theme."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground, ink, border = _tones(self._look.palette)[self._face.tone]
        painter.setPen(QPen(QColor(border)) if border else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        x = _PADDING
        if self._face.icon:
            mark = icons.pixmap(self._face.icon, ink, _ICON, self.devicePixelRatioF())
            painter.drawPixmap(x, (self.height() - _ICON) // 2, mark)
            x += _ICON + _GAP
        if self._says_words():
            painter.setPen(QColor(ink))
            painter.setFont(self._font)
            painter.drawText(
                QRectF(x, 0, self.width() - x, self.height()), Qt.AlignmentFlag.AlignVCenter, self._face.text
            )
        painter.end()

    def _says_words(self) -> bool:
        return self._shows_words or not self._face.icon


def _tones(palette: Palette) -> dict[str, tuple[str, str, str]]:
    return {
        "": (palette.surface, palette.muted, palette.line),
        "quiet": (palette.key, palette.muted, ""),
        "calm": (palette.soft, palette.accent, ""),
        "warn": (palette.warnsoft, palette.warn, ""),
        "danger": (palette.dangersoft, palette.danger, ""),
    }

"""The one button of the house: painted from the theme, at least as big as a finger, named, with a visible focus."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy

from till.ui import icons
from till.ui.fonts import bold, semibold
from till.ui.keys import shown_key
from till.ui.look import Look
from till.ui.theme import RADIUS, Palette, Size, mixed
from till.ui.widgets.keys import PressedByKeys

_GAP = 8
_HINT_PADDING = 7


class Kind(StrEnum):
    """What the button is for, and so how it looks."""

    PRIMARY = "primary"
    PLAIN = "plain"
    KEY = "key"
    ACTION = "action"
    SOFT = "soft"
    GHOST = "ghost"
    DANGER = "danger"
    CHIP = "chip"
    TASK = "task"


class Arrangement(StrEnum):
    """Where icon and text stand."""

    CENTRED = "centred"
    SPREAD = "spread"
    STACKED = "stacked"


@dataclass(frozen=True, slots=True)
class Face:
    """What stands on a button: icon and text, what trails on the right (an amount), and its key (F4)."""

    text: str = ""
    icon: str = ""
    trailing: str = ""
    key: str = ""
    name: str = ""

    @property
    def spoken(self) -> str:
        """What a screen reader says: `name` where the face shows an icon only."""
        return self.name or " ".join(part for part in (self.text, self.trailing) if part)


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours that a button is painted with."""

    ground: str
    ink: str
    border: str = ""


class Button(PressedByKeys):
    """A button. Space and Enter press it while it has the focus; a tap does not move the focus to it."""

    def __init__(self, look: Look, face: Face, kind: Kind = Kind.PLAIN) -> None:
        super().__init__()
        self._look = look
        self._kind = kind
        self._face = face
        self._arrangement = Arrangement.CENTRED
        self._font = semibold(Size.BODY)
        self._padding = 16
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setMinimumHeight(look.target_px)
        self.set_face(face)

    @property
    def face(self) -> Face:
        """What stands on it now."""
        return self._face

    @property
    def content_width(self) -> int:
        """The width in pixels that icon, text and what trails need."""
        return self._content_width()

    def set_face(self, face: Face) -> None:
        """Put something else on it."""
        if face == self._face and self.accessibleName():
            return
        self._face = face
        self.setAccessibleName(face.spoken)
        if face.name:
            self.setToolTip(f"{face.name} ({shown_key(face.key)})" if face.key else face.name)
        self.updateGeometry()
        self.update()

    def arranged(self, arrangement: Arrangement, *, padding: int = 16) -> Button:
        """The same button with icon and text arranged so."""
        self._arrangement, self._padding = arrangement, padding
        self.updateGeometry()
        return self

    def in_type(self, font: QFont) -> Button:
        """The same button with its text in `font`."""
        self._font = font
        self.updateGeometry()
        return self

    def tall(self, height_px: int) -> Button:
        """The same button with a fixed height."""
        self.setFixedHeight(max(height_px, self._look.target_px))
        return self

    def filling(self) -> Button:
        """The same button, taking all the room that it is given."""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        return self

    def set_kind(self, kind: Kind) -> None:
        """Let it look like another kind."""
        if kind is not self._kind:
            self._kind = kind
            self.update()

    def sizeHint(self) -> QSize:
        """The size that its content asks for."""
        least = self._look.target_px
        width = self._content_width() + 2 * self._padding
        return QSize(max(width, least), max(least, self.minimumHeight()))

    def minimumSizeHint(self) -> QSize:
        """The least size in which it can be used."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it from the theme."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = self._colours()
        self._paint_ground(painter, colours)
        painter.setFont(self._font)
        painter.setPen(QColor(colours.ink))
        if self._arrangement is Arrangement.STACKED:
            self._paint_stacked(painter, colours.ink)
        elif self._arrangement is Arrangement.SPREAD:
            self._paint_spread(painter, colours)
        else:
            self._paint_centred(painter, colours.ink)
        painter.end()

    def _paint_ground(self, painter: QPainter, colours: Colours) -> None:
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(QColor(colours.border)) if colours.border else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.ground) if colours.ground else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, RADIUS, RADIUS)
        if self.hasFocus():
            paint_focus(painter, self._look.palette, box)

    def _paint_centred(self, painter: QPainter, ink: str) -> None:
        width = self._text_width() + (self._icon_size() + (_GAP if self._face.text else 0) if self._face.icon else 0)
        x = (self.width() - width) // 2
        if self._face.icon:
            self._paint_icon(painter, ink, x, (self.height() - self._icon_size()) // 2)
            x += self._icon_size() + _GAP
        painter.drawText(QRect(x, 0, self.width() - x, self.height()), Qt.AlignmentFlag.AlignVCenter, self._face.text)

    def _paint_stacked(self, painter: QPainter, ink: str) -> None:
        line = QFontMetrics(self._font).height()
        top = (self.height() - self._icon_size() - 2 - line) // 2
        self._paint_icon(painter, ink, (self.width() - self._icon_size()) // 2, top)
        below = QRect(0, top + self._icon_size() + 2, self.width(), line)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, self._face.text)

    def _paint_spread(self, painter: QPainter, colours: Colours) -> None:
        x = self._padding
        if self._face.icon:
            self._paint_icon(painter, colours.ink, x, (self.height() - self._icon_size()) // 2)
            x += self._icon_size() + _GAP + 4
        right = self.width() - self._padding
        right -= self._paint_key(painter, colours, right) if self._face.key else 0
        box = QRect(x, 0, right - x, self.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, self._face.trailing)
        room = box.width() - QFontMetrics(self._font).horizontalAdvance(self._face.trailing) - _GAP
        shown = QFontMetrics(self._font).elidedText(self._face.text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)

    def _paint_key(self, painter: QPainter, colours: Colours, right: int) -> int:
        hint = semibold(Size.TINY)
        width = QFontMetrics(hint).horizontalAdvance(self._face.key) + 2 * _HINT_PADDING
        box = QRectF(right - width, (self.height() - 22) / 2, width, 22)
        painter.save()
        if self._kind is not Kind.PRIMARY:
            painter.setPen(QColor(self._look.palette.line))
            painter.setBrush(QColor(self._look.palette.surface))
            painter.drawRoundedRect(box, 5, 5)
        painter.setFont(hint if self._kind is not Kind.PRIMARY else self._font)
        painter.setPen(QColor(colours.ink))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, self._face.key)
        painter.restore()
        return width + (2 * _GAP if self._face.trailing else _GAP)

    def _paint_icon(self, painter: QPainter, ink: str, x: int, y: int) -> None:
        ratio = self.devicePixelRatioF()
        painter.drawPixmap(x, y, icons.pixmap(self._face.icon, ink, self._icon_size(), ratio))

    def _icon_size(self) -> int:
        return 20

    def _text_width(self) -> int:
        return QFontMetrics(self._font).horizontalAdvance(self._face.text)

    def _content_width(self) -> int:
        icon = self._icon_size() + _GAP if self._face.icon else 0
        if self._arrangement is Arrangement.STACKED:
            return self._text_width()
        trailing = QFontMetrics(self._font).horizontalAdvance(self._face.trailing) + 2 * _GAP
        hint = QFontMetrics(self._font).horizontalAdvance(self._face.key) + 2 * _GAP + 2 * _HINT_PADDING
        spread = (trailing if self._face.trailing else 0) + (hint if self._face.key else 0)
        return icon + self._text_width() + (spread + 4 if self._arrangement is Arrangement.SPREAD else 0)

    def _colours(self) -> Colours:
        colours = colours_of(self._kind, self._look.palette, is_checked=self.isChecked())
        palette = self._look.palette
        if not self.isEnabled():
            return _disabled(self._kind, colours, palette)
        ground = colours.ground or palette.surface
        if self.isDown():
            return Colours(mixed(ground, palette.text, 0.16), colours.ink, colours.border)
        if self.underMouse():
            return Colours(mixed(ground, palette.text, 0.05), colours.ink, colours.border)
        return colours


def icon_button(look: Look, icon: str, name: str, *, key: str = "", kind: Kind = Kind.GHOST) -> Button:
    """A square button with an icon only; `name` is its tooltip and what a screen reader says."""
    return Button(look, Face(icon=icon, name=name, key=key), kind).arranged(Arrangement.CENTRED, padding=12)


def primary_button(look: Look, face: Face) -> Button:
    """The one loud button of a screen: Pay, Redeem, Complete."""
    return Button(look, face, Kind.PRIMARY).in_type(bold(Size.KEY))


def paint_focus(painter: QPainter, palette: Palette, box: QRectF) -> None:
    """The ring around what has the keyboard's focus: accent with a gap of the ground, seen on any colour."""
    painter.save()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(palette.surface), 5))
    painter.drawRoundedRect(box.adjusted(2, 2, -2, -2), RADIUS - 2, RADIUS - 2)
    painter.setPen(QPen(QColor(palette.text), 2))
    painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), RADIUS - 1, RADIUS - 1)
    painter.restore()


def colours_of(kind: Kind, palette: Palette, *, is_checked: bool) -> Colours:
    """The colours of a kind of button at rest."""
    if is_checked and kind is Kind.TASK:
        return Colours(palette.soft, palette.accent)
    if is_checked:
        ink = palette.surface if kind is Kind.CHIP else palette.accent
        ground = palette.text if kind is Kind.CHIP else palette.soft
        return Colours(ground, ink, ground if kind is Kind.CHIP else palette.accent)
    return {
        Kind.PRIMARY: Colours(palette.accent, palette.onaccent),
        Kind.PLAIN: Colours(palette.surface, palette.text, palette.line),
        Kind.KEY: Colours(palette.key, palette.text),
        Kind.ACTION: Colours(palette.key, palette.muted),
        Kind.SOFT: Colours(palette.soft, palette.accent),
        Kind.GHOST: Colours("", palette.text),
        Kind.DANGER: Colours(palette.dangersoft, palette.danger),
        Kind.CHIP: Colours(palette.surface, palette.muted, palette.line),
        Kind.TASK: Colours("", palette.text),
    }[kind]


def _disabled(kind: Kind, colours: Colours, palette: Palette) -> Colours:
    if kind is Kind.PRIMARY:
        return Colours(palette.faded, palette.onfaded)
    return Colours(colours.ground, mixed(palette.muted, palette.surface, 0.45), colours.border)

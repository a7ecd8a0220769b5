"""The left side of the first start: which steps there are, which are done, and the language."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from till.ui import icons
from till.ui.fonts import bold, font, semibold
from till.ui.look import Look
from till.ui.theme import Size
from till.ui.widgets.button import Button, Face, Kind
from till.ui.widgets.text import ShorteningText, Text

WIDTH = 264
_MARK = 32
_ROW = 52
LANGUAGES = (("de", "Deutsch"), ("en", "English"))


class Rail(QFrame):
    """`language_chosen` with "de" or "en"."""

    language_chosen = Signal(str)

    def __init__(self, look: Look, names: tuple[str, ...], place: str) -> None:
        """`place` is the data folder, so that a mistyped one is seen before a shop is in it."""
        super().__init__()
        self._look = look
        self.setProperty("role", "column")
        self.setFixedWidth(WIDTH)
        self._steps = [_StepRow(look, number, name) for number, name in enumerate(names, 1)]
        self._choices: list[Button] = []
        self._build(place)

    def show_place(self, place: int) -> None:
        """Mark the step at this place, counted from 0, as the one that is asked; those before are done."""
        for number, step in enumerate(self._steps):
            step.show_state(is_done=number < place, is_asked=number == place)

    def keep_language(self) -> None:
        """The shop is being founded, or there: it has its language."""
        for button in self._choices:
            button.setEnabled(False)

    def _build(self, place: str) -> None:
        t = self._look.t
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 24, 20, 20)
        column.setSpacing(2)
        column.addWidget(Text(t("Set up the till"), bold(Size.KEY)))
        column.addSpacing(12)
        for step in self._steps:
            column.addWidget(step)
        column.addStretch(1)
        column.addWidget(Text(t("Language"), semibold(Size.SMALL), "muted"))
        column.addSpacing(4)
        column.addLayout(self._languages())
        column.addSpacing(12)
        column.addWidget(Text(t("Data folder"), semibold(Size.SMALL), "muted"))
        folder = ShorteningText(place, font(Size.SMALL), "muted")
        folder.setAccessibleName(place)
        column.addWidget(folder)

    def _languages(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        for language, name in LANGUAGES:
            button = Button(self._look, Face(name), Kind.CHIP)
            button.setCheckable(True)
            button.setChecked(language == self._look.t.language)
            self._choices.append(button)
            button.clicked.connect(lambda _checked, language=language: self.language_chosen.emit(language))
            row.addWidget(button, 1)
        return row


class _StepRow(QWidget):
    """A number or a tick, and what the step is about."""

    def __init__(self, look: Look, number: int, name: str) -> None:
        super().__init__()
        self._look, self._number, self._name = look, number, name
        self._is_done = self._is_asked = False
        self.setFixedHeight(_ROW)

    def show_state(self, *, is_done: bool, is_asked: bool) -> None:
        """Done, asked just now, or still to come."""
        t = self._look.t
        self._is_done, self._is_asked = is_done, is_asked
        state = t("done") if is_done else t("now") if is_asked else t("to come")
        self.setAccessibleName(f"{self._number}. {self._name}: {state}")
        self.update()

    def sizeHint(self) -> QSize:
        """The size that its content asks for."""
        return QSize(WIDTH - 40, _ROW)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it from the theme."""
        palette = self._look.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        circle = QRectF(0.5, (self.height() - _MARK) / 2, _MARK - 1, _MARK - 1)
        painter.setPen(Qt.PenStyle.NoPen)
        ground = palette.accent if self._is_asked else palette.soft if self._is_done else palette.key
        painter.setBrush(QColor(ground))
        painter.drawEllipse(circle)
        ink = palette.onaccent if self._is_asked else palette.accent if self._is_done else palette.muted
        if self._is_done:
            mark = icons.pixmap("check", ink, 20, self.devicePixelRatioF())
            painter.drawPixmap(round(circle.center().x()) - 10, round(circle.center().y()) - 10, mark)
        else:
            painter.setFont(bold(Size.BODY))
            painter.setPen(QColor(ink))
            painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, str(self._number))
        painter.setFont(bold(Size.BODY) if self._is_asked else font(Size.BODY))
        painter.setPen(QColor(palette.text if self._is_asked or self._is_done else palette.muted))
        words = QRectF(_MARK + 12, 0, self.width() - _MARK - 12, self.height())
        shown = painter.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideRight, int(words.width()))
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, shown)
        painter.end()

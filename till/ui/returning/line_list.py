"""The lines of what comes back, one below the other; fingers step them, and so do the keys."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from till.ui import icons
from till.ui.fonts import font
from till.ui.look import Look
from till.ui.returning.line_row import LineFace, LineRow
from till.ui.theme import Size
from till.ui.widgets.scroll import scroll_area
from till.ui.widgets.text import Text


class LineList(QWidget):
    """`stepped` with a line's key and −1 or +1; `selected` with its key."""

    stepped = Signal(int, int)
    selected = Signal(int)

    def __init__(self, look: Look, empty: str = "", *, is_narrow: bool = False) -> None:
        super().__init__()
        self._look, self._is_narrow = look, is_narrow
        self.rows: dict[int, LineRow] = {}
        self._faces: dict[int, LineFace] = {}
        self._chosen: int | None = None
        inside = QWidget()
        inside.setProperty("role", "surface")
        self._empty = self._nothing(empty)
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self._empty)
        self._column.addStretch(1)
        self._area = scroll_area(inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._area)

    @property
    def chosen(self) -> int | None:
        """The key of the line that the keys change."""
        return self._chosen

    def show_lines(self, lines: Sequence[tuple[int, LineFace]]) -> None:
        """Show these; rows that are there already keep their place, so that a finger can go on tapping."""
        faces = dict(lines)
        for key in [key for key in self.rows if key not in faces]:
            row = self.rows.pop(key)
            row.hide()
            row.deleteLater()
        for place, (key, _) in enumerate(lines):
            if key not in self.rows:
                self.rows[key] = self._row(key)
                self._column.insertWidget(place, self.rows[key])
        self._faces = faces
        if self._chosen not in faces:
            self._chosen = next((key for key, face in lines if face.is_open), None)
        self._empty.setVisible(not faces)
        self._paint()

    def choose(self, key: int) -> None:
        """Let the keys change this line."""
        if key in self.rows:
            self._chosen = key
            self._paint()
            self._area.ensureWidgetVisible(self.rows[key], 0, 0)
            self.selected.emit(key)

    def move_choice(self, by: int) -> None:
        """The line above (−1) or below (+1) that can be changed."""
        keys = [key for key, face in self._faces.items() if face.is_open]
        if not keys:
            return
        at = keys.index(self._chosen) + by if self._chosen in keys else 0
        self.choose(keys[max(0, min(len(keys) - 1, at))])

    def step_chosen(self, by: int) -> None:
        """As a tap on the stepper of the chosen line."""
        face = None if self._chosen is None else self._faces.get(self._chosen)
        if self._chosen is not None and face is not None and (face.can_less if by < 0 else face.can_more):
            self.stepped.emit(self._chosen, by)

    def _nothing(self, words: str) -> QWidget:
        """What to do while nothing is there, where the lines will stand."""
        mark = QLabel()
        mark.setPixmap(icons.pixmap("scan", self._look.palette.muted, 40, self.devicePixelRatioF()))
        mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
        said = Text(words, font(Size.BODY), "muted").wrapped()
        said.setAlignment(Qt.AlignmentFlag.AlignCenter)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(16, 64, 16, 0)
        column.setSpacing(12)
        column.addWidget(mark)
        column.addWidget(said)
        return inside

    def _row(self, key: int) -> LineRow:
        row = LineRow(self._look, is_narrow=self._is_narrow)
        row.stepped.connect(lambda by: self._step(key, by))
        row.tapped.connect(lambda: self.choose(key))
        return row

    def _step(self, key: int, by: int) -> None:
        self.choose(key)
        self.stepped.emit(key, by)

    def _paint(self) -> None:
        for key, face in self._faces.items():
            self.rows[key].show_face(face, is_selected=key == self._chosen and face.is_open)

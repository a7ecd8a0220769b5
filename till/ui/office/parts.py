"""A page of the office in parts, one shown at a time; each is a form that is stored by itself."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from till.app.bootstrap import Till
from till.ui.fonts import bold, semibold
from till.ui.look import Look
from till.ui.message import Tone
from till.ui.office.page import GAP, OfficePage
from till.ui.theme import Size
from till.ui.widgets.button import Button, Face, Kind
from till.ui.widgets.form import Form
from till.ui.widgets.scroll import scroll_area
from till.ui.widgets.text import Text

FORM_WIDTH = 640
_BESIDE_TABLE = (288, 420)


class Part(QWidget):
    """A part of a page. What is typed on it stays until it is stored or thrown away."""

    def __init__(self, page: OfficePage, look: Look, till: Till, title: str) -> None:
        super().__init__()
        self._page, self._look, self._till = page, look, till
        self.title = title
        self.message = page.message
        self.setAccessibleName(title)

    @property
    def is_changed(self) -> bool:
        """Whether something typed here is not stored."""
        return False

    def begin(self) -> None:
        """It is shown: bring it up to date, and let alone what is typed."""

    def on_scan(self, code: str) -> bool:
        """Whether a scan was meant for this part."""
        del code
        return False


class FormPart(Part):
    """A part with one form and the two buttons below it; a subclass gives `form`, shows what is stored, and stores it."""

    form: Form
    was_shown = False

    @property
    def is_changed(self) -> bool:
        """Whether something typed here is not stored."""
        return self.was_shown and self.form.is_changed

    def begin(self) -> None:
        """Show what is stored, unless something is typed."""
        if not self.is_changed:
            self.show_stored()
            self.was_shown = True
        self._follow()

    def show_stored(self) -> None:
        """Put what is stored into the fields."""
        raise NotImplementedError

    def store(self) -> None:
        """Store what stands in the fields, which are right; refusals come out of it."""
        raise NotImplementedError

    def save(self) -> None:
        """Store the form if all of it can be taken; what can't says so beside it."""
        if self.form.is_right():
            self.message.attempt(self.store)
        self._follow()

    def discard(self) -> None:
        """Throw away what was typed."""
        self.show_stored()
        self.message.clear()
        self._follow()

    def buttons(self) -> QHBoxLayout:
        """Save and discard; both sleep while nothing is typed."""
        t = self._look.t
        self.save_button = Button(self._look, Face(t("Save"), "check"), Kind.PRIMARY)
        self.discard_button = Button(self._look, Face(t("Discard"), "arrow-back-up"))
        self.save_button.clicked.connect(lambda _: self.save())
        self.discard_button.clicked.connect(lambda _: self.discard())
        for field in self.form.fields:
            field.changed.connect(self._follow)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.addWidget(self.save_button)
        row.addWidget(self.discard_button)
        row.addStretch(1)
        return row

    def _follow(self) -> None:
        is_changed = self.is_changed
        self.save_button.setEnabled(is_changed)
        self.discard_button.setEnabled(is_changed)


class PartedPage(OfficePage):
    """Shows one part at a time; its names stand in a row at the top."""

    def __init__(self, look: Look, till: Till, title: str) -> None:
        super().__init__(look, till, title)
        self.parts: list[Part] = []
        self._chips: list[Button] = []
        self._names = QHBoxLayout()
        self._names.setSpacing(8)
        self._stack = QStackedWidget()
        self.body.addLayout(self._names)
        self.body.addWidget(self._stack, 1)

    @property
    def part(self) -> Part:
        """The part that is shown."""
        return self.parts[self._stack.currentIndex()]

    def begin(self) -> None:
        """Bring the part that is shown up to date."""
        self.part.begin()

    def may_leave(self) -> bool:
        """Not while something typed is not stored; it is shown then, with a word about it."""
        for place, part in enumerate(self.parts):
            if part.is_changed:
                self.show_part(place)
                self.message.tell(
                    self._look.t("Something is typed here and not saved. Save or discard it first."), Tone.WARN
                )
                return False
        return True

    def on_scan(self, code: str) -> bool:
        """Whether the part that is shown has taken the scan."""
        return self.part.on_scan(code)

    def show_part(self, place: int) -> None:
        """Show another part; what is typed on this one stays."""
        self.message.clear()
        self._stack.setCurrentIndex(place)
        for number, chip in enumerate(self._chips):
            chip.setChecked(number == place)
        self.part.begin()

    def _take(self, parts: Sequence[Part]) -> None:
        for place, part in enumerate(parts):
            chip = Button(self._look, Face(part.title), Kind.CHIP).in_type(semibold(Size.BODY - 1))
            chip.setCheckable(True)
            chip.setChecked(place == 0)
            chip.clicked.connect(lambda _checked, place=place: self.show_part(place))
            self._chips.append(chip)
            self._names.addWidget(chip)
            self.parts.append(part)
            self._stack.addWidget(part)
        self._names.addStretch(1)


def scrolled(inside: QWidget) -> QScrollArea:
    """Something that may be higher than the screen."""
    inside.setProperty("role", "ground")
    return scroll_area(inside)


def form_beside(table: QWidget, form: QWidget) -> QHBoxLayout:
    """A table with the fields of one of its rows, or of a new one, on its right."""
    area = scrolled(form)
    area.setMinimumWidth(_BESIDE_TABLE[0])
    area.setMaximumWidth(_BESIDE_TABLE[1])
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(24)
    row.addWidget(table, 5)
    row.addWidget(area, 2)
    return row


def heading(words: str) -> Text:
    """The title of some fields that belong together."""
    return Text(words, bold(Size.TITLE))


def beside(*widgets: QWidget, stretches: Sequence[int] = ()) -> QHBoxLayout:
    """Fields side by side, at the same height."""
    row = QHBoxLayout()
    row.setSpacing(GAP)
    for place, widget in enumerate(widgets):
        row.addWidget(widget, stretches[place] if stretches else 1, Qt.AlignmentFlag.AlignTop)
    return row


def column_of(parent: QWidget) -> QVBoxLayout:
    """A column without margins, for what fills a widget."""
    column = QVBoxLayout(parent)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(GAP)
    return column

"""What a category is: name, colour, picture, and whether it has a tab; a sample tile shows at once how it will look."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from till.app.layout import CategoryEntry
from till.app.views import ButtonKind, Tile
from till.catalog.article import Category
from till.catalog.categories import COLOURS, MOST_LETTERS
from till.money import Money
from till.ui.fonts import font, semibold
from till.ui.look import Look
from till.ui.office.layout.colour_field import ColourField
from till.ui.pictures import Pictures
from till.ui.theme import Size
from till.ui.widgets.button import Button, Face, Kind
from till.ui.widgets.form import CheckField, Form, TextField
from till.ui.widgets.text import Text
from till.ui.widgets.tile import TileButton

_SAMPLE_PRICE = Money(350)
_SAMPLE = (150, 116)
NEW = Category("", "", 0, COLOURS[5][0])


class CategoryForm(QFrame):
    """Sends `stored` with the Category that was typed; an id "" is a new one. `picture_asked`, `picture_removed`."""

    stored = Signal(object)
    picture_asked = Signal()
    picture_removed = Signal()

    def __init__(self, look: Look, pictures: Pictures) -> None:
        super().__init__()
        self._look, self._pictures = look, pictures
        self._entry = CategoryEntry(NEW, 0, "")
        t = look.t
        self.setProperty("role", "card")
        self.name = TextField(look, t("Name"), is_needed=True)
        self.name.line.setMaxLength(MOST_LETTERS)
        self.colour = ColourField(look, t("Colour of its tiles"))
        self.active = CheckField(look, t("Show as a tab at the counter"))
        self.form = Form(self.name, self.colour, self.active)
        self.sample = TileButton(look, pictures)
        self.save = Button(look, Face(t("Save"), "check"), Kind.PRIMARY)
        self.choose = Button(look, Face(t("Choose picture"), "upload"))
        self.clear = Button(look, Face(t("Remove picture"), "trash"))
        self.note = Text("", font(Size.SMALL), "muted").wrapped()
        self._build()
        for field in self.form.fields:
            field.changed.connect(self._show_sample)
        self.save.clicked.connect(self._store)
        self.choose.clicked.connect(self.picture_asked)
        self.clear.clicked.connect(self.picture_removed)
        pictures.arrived.connect(self.sample.update)
        self.show_entry(None)

    @property
    def category_id(self) -> str:
        """The category that is shown; "" = one that is not stored yet."""
        return self._entry.category.id

    def show_entry(self, entry: CategoryEntry | None) -> None:
        """Show a category as it is stored; None begins a new one."""
        self._entry = entry or CategoryEntry(NEW, 0, "")
        category = self._entry.category
        self.name.set_value(category.name)
        self.colour.set_value(category.colour)
        self.active.set_value(category.is_active)
        self.choose.setEnabled(entry is not None)
        self.clear.setVisible(bool(self._entry.picture))
        t = self._look.t
        self.note.setText(
            t("Save it first; then it can have a picture.")
            if entry is None
            else t(
                "A category is never deleted: old receipts name it. Without a tab its articles are still sold and found."
            )
        )
        self._show_sample()

    def show_picture(self, entry: CategoryEntry) -> None:
        """It has another picture now; what is typed and not saved stays."""
        self._entry = replace(self._entry, picture=entry.picture)
        self.clear.setVisible(bool(entry.picture))
        self._show_sample()

    def _store(self) -> None:
        if self.form.is_right():
            category = self._entry.category
            self.stored.emit(
                replace(category, name=self.name.value(), colour=self.colour.value(), is_active=self.active.value())
            )

    def _show_sample(self) -> None:
        category = self._entry.category
        name = self.name.line.text().strip() or self._look.t("Sample")
        colour = self.colour.line.text().strip()
        picture = self._entry.picture
        self.sample.show_tile(Tile(ButtonKind.ARTICLE, "", name, "", _SAMPLE_PRICE, "", colour, category.id, picture))
        self._pictures.ask((), [self._entry.tab] if picture else [])

    def _build(self) -> None:
        self.sample.setFixedSize(*_SAMPLE)
        self.sample.setEnabled(False)
        left = QVBoxLayout()
        left.setSpacing(12)
        for field in (self.name, self.colour, self.active):
            left.addWidget(field)
        left.addWidget(self.note)
        left.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(Text(self._look.t("How it looks"), semibold(Size.SMALL), "muted"))
        right.addWidget(self.sample)
        right.addWidget(self.choose)
        right.addWidget(self.clear)
        right.addStretch(1)
        right.addWidget(self.save)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 14, 16, 16)
        row.setSpacing(20)
        row.addLayout(left, 1)
        row.addLayout(right)

"""What the parts about this PC share: a form over the settings that says what counts only after the next start."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from till.app.bootstrap import Till
from till.settings import Settings
from till.ui.fonts import font
from till.ui.look import Look
from till.ui.office.page import GAP, OfficePage
from till.ui.office.parts import FORM_WIDTH, FormPart, column_of, scrolled
from till.ui.theme import Size
from till.ui.widgets.button import Button
from till.ui.widgets.form import Field, Form
from till.ui.widgets.text import Text


class SettingsPart(FormPart):
    """Some settings of this PC: `fields` by the names of `till.settings.Settings`."""

    def __init__(self, page: OfficePage, look: Look, till: Till, title: str) -> None:
        super().__init__(page, look, till, title)
        self.fields: dict[str, Field[Any]] = {}
        self._waits: tuple[str, ...] = ()

    def show_stored(self) -> None:
        """Put what counts now into the fields."""
        for name, field in self.fields.items():
            field.set_value(self.shown(name, getattr(self._till.settings, name)))

    def store(self) -> None:
        """Store the settings; says what waits for the next start."""
        values: dict[str, Any] = {name: self.kept(name, field.value()) for name, field in self.fields.items()}
        wanted: Settings = replace(self._till.settings, **values)
        self._waits = self._till.this_pc.change(wanted)
        self.show_stored()

    def save(self) -> None:
        """Store the form, and say from when on it counts."""
        if self.form.is_right() and self.message.attempt(self.store):
            t = self._look.t
            self.message.tell(t("Saved. It counts after the next start of the till.") if self._waits else t("Saved."))
        self._follow()

    def shown(self, name: str, value: object) -> object:
        """A setting as its field shows it."""
        del name
        return value

    def kept(self, name: str, value: object) -> object:
        """What a field says as the setting keeps it."""
        del name
        return value

    def _fill(self, fields: dict[str, Field[Any]], *above: QWidget) -> None:
        """Put the fields below each other, with Save at their end."""
        self.fields = fields
        self.form = Form(*fields.values())
        form = QWidget()
        form.setMaximumWidth(FORM_WIDTH)
        self.rows = column_of(form)
        for widget in above:
            self.rows.addWidget(widget)
        for field in fields.values():
            self.rows.addWidget(field)
        self.rows.addLayout(self.buttons())
        inside = QWidget()
        column = column_of(inside)
        column.addWidget(form, 0, Qt.AlignmentFlag.AlignTop)
        column.addStretch(1)
        column_of(self).addWidget(scrolled(inside))

    def _offer(self, *buttons: Button) -> None:
        """Put buttons above Save."""
        row = QHBoxLayout()
        row.setSpacing(GAP)
        for button in buttons:
            row.addWidget(button)
        row.addStretch(1)
        self.rows.insertLayout(self.rows.count() - 1, row)

    def _note(self, words: str) -> Text:
        return Text(words, font(Size.BODY), "muted").wrapped()

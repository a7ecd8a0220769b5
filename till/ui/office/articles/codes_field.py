"""The printed codes of an article (EANs and others): scanned or typed one by one, the most used first."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from till.catalog.barcodes import normalised_gtin
from till.ui.fonts import font
from till.ui.look import Look
from till.ui.theme import Size
from till.ui.widgets.button import Button, Face, icon_button
from till.ui.widgets.form import Field, TextField
from till.ui.widgets.keys import ENTER
from till.ui.widgets.text import ShorteningText, Text


class CodesField(Field[tuple[str, ...]]):
    """A list, and a line to add to it. `check` gets all codes; what it refuses about a new one stays in the line."""

    def __init__(self, look: Look, label: str, check: Callable[[tuple[str, ...]], object] | None = None) -> None:
        super().__init__(look, label, check)
        t = look.t
        self.codes: tuple[str, ...] = ()
        self.box.setProperty("role", "")
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self.nothing = Text(t("No code yet. Scan one, or type it below."), font(Size.BODY - 1), "muted").wrapped()
        self.entry = TextField(look, t("Scan or type a code"), self._check_entry)
        self.entry.set_value("")
        self.entry.line.returnPressed.connect(self.take_typed)
        self.add = Button(look, Face(t("Add"), "plus"))
        self.add.clicked.connect(self.take_typed)
        self._build()

    def take(self, code: str) -> bool:
        """Add a code; False when it can't be, which is said."""
        new = (*self.codes, normalised_gtin(code.strip()))
        self.entry.line.setText(code)
        if not self.entry.is_right():
            return False
        self.entry.set_value("")
        self._show(new)
        self._edited()
        return True

    def take_typed(self) -> None:
        """Add what stands in the line."""
        if self.entry.line.text().strip():
            self.take(self.entry.line.text())
        self.entry.line.setFocus()

    def _check_entry(self, typed: str) -> None:
        if typed and self._check is not None:
            self._check((*self.codes, normalised_gtin(typed)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter adds, and is nobody else's."""
        if event.key() not in ENTER:
            event.ignore()

    def _remove(self, code: str) -> None:
        self._show(tuple(one for one in self.codes if one != code))
        self._edited()
        self.entry.line.setFocus()

    def _show(self, codes: tuple[str, ...]) -> None:
        self.codes = codes
        while (item := self._list.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for code in codes:
            self._list.addWidget(self._row(code))
        self.nothing.setVisible(not codes)

    def _row(self, code: str) -> QWidget:
        frame = QFrame()
        frame.setProperty("role", "row")
        remove = icon_button(self._look, "trash", self._look.t("Remove the code {code}").format(code=code))
        remove.clicked.connect(lambda: self._remove(code))
        row = QHBoxLayout(frame)
        row.setContentsMargins(4, 0, 0, 0)
        row.addWidget(ShorteningText(code, font(Size.BODY)), 1)
        row.addWidget(remove)
        return frame

    def _build(self) -> None:
        self.entry.label.hide()
        self.entry.show_hint(self.entry.label.text())
        column = QVBoxLayout(self.box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._list)
        column.addWidget(self.nothing)
        column.addWidget(self.entry)
        column.addWidget(self.add)
        self.setFocusProxy(self.entry.line)

    def _typed(self) -> object:
        return (self.codes, self.entry.line.text().strip())

    def _read(self) -> tuple[str, ...]:
        typed = self.entry.line.text().strip()
        return (*self.codes, normalised_gtin(typed)) if typed else self.codes

    def _write(self, value: tuple[str, ...]) -> None:
        self.entry.set_value("")
        self._show(value)

"""The list of parked baskets, in the place of the articles: recall one, name it, throw it away (T5)."""

from __future__ import annotations

import uuid
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from till.app.bootstrap import Till
from till.sales.parked import MAX_NAME, Parked
from till.ui.fonts import bold, font, semibold
from till.ui.look import Look
from till.ui.message import Message, once
from till.ui.theme import Size
from till.ui.widgets.button import Button, Face, Kind, icon_button
from till.ui.widgets.keyboard_key import keyboard_key
from till.ui.widgets.keys import TellingLine
from till.ui.widgets.scroll import scroll_area
from till.ui.widgets.text import ShorteningText, Text


def shown_name(look: Look, one: Parked) -> str:
    """What a parked basket is called: the words it was given, else its time and total."""
    return one.name or f"{look.formats.time(one.parked_at)} · {look.formats.money(one.total)}"


class ParkedRow(QFrame):
    """One parked basket. `recall_asked`, `discard_asked` (after a second tap), `renamed` with the typed name."""

    recall_asked = Signal()
    discard_asked = Signal()
    renamed = Signal(str)

    def __init__(self, look: Look, one: Parked, *, is_ours: bool) -> None:
        super().__init__()
        self._look, self._is_armed = look, False
        self.order_id, self.name = one.order_id, shown_name(look, one)
        self.setProperty("role", "card")
        self._title = ShorteningText(self.name, bold(Size.BODY))
        self.line = TellingLine(one.name)
        self.line.setFont(font(Size.BODY))
        self.line.setMaxLength(MAX_NAME)
        self.line.setPlaceholderText(look.t("Name of the basket"))
        self.line.setAccessibleName(look.t("Name of the basket"))
        self.line.returnPressed.connect(self._rename)
        self.line.installEventFilter(self)
        self.field = self._framed(self.line)
        self.pencil = icon_button(look, "pencil", look.t("Name {basket}").format(basket=self.name))
        self.pencil.clicked.connect(self._ask_name)
        self.keyboard = keyboard_key(look, self.line)
        self.keyboard.hide()
        self.trash = icon_button(look, "trash", look.t("Discard {basket}").format(basket=self.name))
        self.trash.clicked.connect(self._ask_to_discard)
        recall_name = look.t("Recall {basket}").format(basket=self.name)
        self.recall = Button(look, Face(look.t("Recall"), name=recall_name), Kind.SOFT)
        self.recall.clicked.connect(self.recall_asked)
        self._build(one, "" if is_ours else one.till_id)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Escape leaves the name as it was."""
        is_key = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if watched is self.line and is_key and event.key() == Qt.Key.Key_Escape:  # type: ignore[attr-defined]  # a key's
            self._show_line(is_shown=False)
            self.recall.setFocus()
            return True
        return super().eventFilter(watched, event)

    def _ask_name(self) -> None:
        if self.field.isHidden():
            self._show_line(is_shown=True)
            self.line.selectAll()
            self.line.setFocus()
        else:
            self._rename()

    def _rename(self) -> None:
        self.renamed.emit(self.line.text())

    def _show_line(self, *, is_shown: bool) -> None:
        t = self._look.t
        self.field.setVisible(is_shown)
        self.keyboard.setVisible(is_shown)
        self.trash.setVisible(not is_shown)
        self._title.setVisible(not is_shown)
        words = t("Keep the name") if is_shown else t("Name {basket}").format(basket=self.name)
        self.pencil.set_face(Face(icon="check" if is_shown else "pencil", name=words))

    def _ask_to_discard(self) -> None:
        """The first tap asks in the button itself, the second one discards."""
        if self._is_armed:
            self.discard_asked.emit()
            return
        self._is_armed = True
        self.trash.set_face(Face(self._look.t("Really discard?"), "trash"))
        self.trash.set_kind(Kind.DANGER)

    def _framed(self, line: TellingLine) -> QFrame:
        """The field in which the name is typed; hidden until it is asked for."""
        field = QFrame()
        field.setProperty("role", "search")
        field.setProperty("active", "true")
        field.setFixedHeight(self._look.target_px)
        inside = QHBoxLayout(field)
        inside.setContentsMargins(12, 0, 12, 0)
        inside.addWidget(line)
        field.hide()
        return field

    def _build(self, one: Parked, from_till: str) -> None:
        look, t = self._look, self._look.t
        items = t.plural("{count} item", "{count} items", one.line_count).format(count=one.line_count)
        parts = (look.formats.weekday_time(one.parked_at), items, one.cashier, from_till)
        told = " · ".join(part for part in parts if part)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._title)
        words.addWidget(self.field)
        words.addWidget(ShorteningText(told, font(Size.SMALL), "muted"))
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 8, 8)
        row.setSpacing(8)
        row.addLayout(words, 1)
        row.addWidget(Text(look.formats.money(one.total), semibold(Size.BODY)).right())
        for button in (self.keyboard, self.pencil, self.trash, self.recall):
            row.addWidget(button)


class ParkedPanel(QWidget):
    """Lists what can be recalled; `recalled` with what has changed meanwhile (tuple of Refused), `left`."""

    recalled = Signal(object)
    left = Signal()

    def __init__(self, look: Look, till: Till, baskets: tuple[Parked, ...]) -> None:
        super().__init__()
        self._look, self._till, self._desk = look, till, till.sale
        self.message = Message(look, till.cash)
        self.rows: tuple[ParkedRow, ...] = ()
        self._area = scroll_area()
        self._build()
        self._fill(baskets)

    def begin(self) -> None:
        """Put the keyboard's focus on the first basket, so that Enter recalls it."""
        if self.rows:
            self.rows[0].recall.setFocus(Qt.FocusReason.TabFocusReason)

    def _fill(self, baskets: tuple[Parked, ...]) -> None:
        inside = QWidget()
        inside.setProperty("role", "ground")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.rows = tuple(self._row(one) for one in baskets)
        for row in self.rows:
            column.addWidget(row)
        if not baskets:
            column.addWidget(Text(self._look.t("No basket is parked."), font(Size.BODY), "muted"))
        column.addStretch(1)
        self._area.setWidget(inside)

    def _row(self, one: Parked) -> ParkedRow:
        row = ParkedRow(self._look, one, is_ours=one.till_id == self._till.settings.till_id)
        row.recall_asked.connect(partial(self._recall, one.order_id))
        row.discard_asked.connect(partial(self._discard, one.order_id))
        row.renamed.connect(partial(self._rename, one.order_id))
        return row

    def _recall(self, order_id: uuid.UUID) -> None:
        self.message.insist(lambda: self._desk.recall(order_id), self.recalled.emit)

    def _rename(self, order_id: uuid.UUID, name: str) -> None:
        self.message.insist(lambda: self._desk.rename_parked(order_id, name), lambda _: self._show_again())

    def _discard(self, order_id: uuid.UUID) -> None:
        wish = once(lambda: self._desk.discard_parked(order_id), lambda: not self._waits(order_id))
        self.message.insist(wish, lambda _: self._show_again())

    def _waits(self, order_id: uuid.UUID) -> bool:
        return order_id in {one.order_id for one in self._desk.parked()}

    def _show_again(self) -> None:
        """The row whose button this is may only be deleted once its signal is over."""
        QTimer.singleShot(0, self, lambda: self.message.attempt(self._desk.parked, self._fill))

    def _build(self) -> None:
        t = self._look.t
        close = Button(self._look, Face(t("Back to the articles"), "arrow-left")).tall(56)
        close.clicked.connect(self.left)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(Text(t("Parked baskets"), bold(Size.TITLE)))
        column.addWidget(self._area, 1)
        column.addWidget(self.message)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignLeft)

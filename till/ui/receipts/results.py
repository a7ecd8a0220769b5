"""The search for receipts at the counter and below it what was found, newest first, page by page."""

from __future__ import annotations

import uuid

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from till.app.bootstrap import Till
from till.app.receipt_search import Found, Search, marks
from till.documents.search import Head
from till.ui.fonts import semibold
from till.ui.look import Look
from till.ui.message import Message
from till.ui.receipts.finder import Page, ReceiptFinder
from till.ui.receipts.paper import scrolling
from till.ui.theme import Size
from till.ui.widgets.button import Arrangement, Button, Face, Kind
from till.ui.work import Work

PAGE = 50
_DAY_CHIPS = 3


class ReceiptResults(QWidget):
    """`chosen` with id, number and mark of a receipt; `nothing` with what was typed when nothing has it."""

    chosen = Signal(object, int, str)
    nothing = Signal(str)

    def __init__(self, look: Look, till: Till, work: Work) -> None:
        super().__init__()
        self._look, self._till = look, till
        self._rows: dict[uuid.UUID, Button] = {}
        self._heads: list[Head] = []
        self._count = 0
        self._keeps = False
        self._shown: uuid.UUID | None = None
        self.finder = ReceiptFinder(look, till, work, Page(_DAY_CHIPS, PAGE, is_tight=True))
        self.finder.found.connect(self._show_found)
        self.finder.more_found.connect(self._show_more)
        self._list = QVBoxLayout()
        self._area = scrolling(self._list)
        self._more = Button(look, Face(look.t("Show more"), "chevron-down"), Kind.GHOST)
        self._more.clicked.connect(self._ask_for_more)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.finder)
        column.addWidget(self._area, 1)
        self._list.addWidget(self._more)
        self._list.addStretch(1)

    @property
    def heads(self) -> tuple[Head, ...]:
        """What the list shows."""
        return tuple(self._heads)

    def begin(self, message: Message, *, keeps: bool) -> None:
        """Show the latest, now; with `keeps` the receipt that is shown stays."""
        self._keeps = keeps
        self.finder.forget()
        newest = Search()
        message.insist(
            lambda: self._till.receipt_search.find(newest, limit=PAGE),
            lambda found: self.finder.show_found(newest, found),
        )

    def mark_shown(self, document_id: uuid.UUID) -> None:
        """Show in the list which receipt is shown beside it."""
        self._shown = document_id
        for row_id, row in self._rows.items():
            row.setChecked(row_id == document_id)

    def _show_found(self, found: Found) -> None:
        for row in self._rows.values():
            row.hide()
            row.deleteLater()
        self._rows, self._heads, self._count = {}, [], found.count
        self._add(found.heads)
        self._area.verticalScrollBar().setValue(0)
        keeps, self._keeps = self._keeps, False
        if keeps:
            return
        if found.heads:
            self._choose(found.heads[0])
        else:
            self.nothing.emit(self.finder.typed)

    def _show_more(self, found: Found) -> None:
        self._add(found.heads)

    def _add(self, heads: tuple[Head, ...]) -> None:
        for head in heads:
            row = self._row(head)
            self._rows[head.id] = row
            self._heads.append(head)
            self._list.insertWidget(self._list.count() - 2, row)
        self._more.setVisible(len(self._heads) < self._count and len(heads) > 0)

    def _ask_for_more(self) -> None:
        self.finder.find_more(self._heads[-1])

    def _choose(self, head: Head) -> None:
        self.chosen.emit(head.id, head.number, self._mark(head))

    def _mark(self, head: Head) -> str:
        return ", ".join(self._look.t(mark) for mark in marks(head))

    def _row(self, head: Head) -> Button:
        formats = self._look.formats
        is_own = head.till_id == self._till.settings.till_id
        number = str(head.number) if is_own else f"{head.till_id} {head.number}"
        when = f"{number}   {formats.date(head.ended_at)} {formats.time(head.ended_at)}"
        mark = self._mark(head)
        total = formats.money(head.total)
        mark = self._mark(head)
        face = Face(when, trailing=mark, name=f"{mark} {when} {total}") if mark else Face(when, trailing=total)
        row = Button(self._look, face, Kind.GHOST)
        row.arranged(Arrangement.SPREAD, padding=10).in_type(semibold(Size.BODY - 1))
        row.setCheckable(True)
        row.setChecked(head.id == self._shown)
        row.clicked.connect(lambda: self._choose(head))
        return row

"""Leads to the pages on which goods come back, and builds them when they are first needed: the start knows none of them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget

from till.app.bootstrap import Till
from till.app.views import Status
from till.ui.look import Look
from till.ui.sounds import Sounds

if TYPE_CHECKING:
    from till.ui.returning.base import BackPage
    from till.ui.returning.choice import Choice
    from till.ui.returning.free_page import FreeReturnPage
    from till.ui.returning.page import ReturnPage


@dataclass(frozen=True, slots=True)
class Kept:
    """What is shown and chosen while the window is built anew: a receipt's choice, or the page without a receipt."""

    choice: Choice | None = None
    free: FreeReturnPage | None = None


class Returning(QObject):
    """`left` when a page is over, `receipt_asked` with a Document; `search_ended` empties the window's search."""

    left = Signal()
    receipt_asked = Signal(object)
    search_ended = Signal()

    def __init__(self, look: Look, till: Till, sounds: Sounds, pages: QStackedWidget) -> None:
        super().__init__(pages)
        self._look, self._till, self._sounds, self._pages = look, till, sounds, pages
        self._of_receipts: dict[bool, ReturnPage] = {}
        self._free: FreeReturnPage | None = None

    @property
    def current(self) -> BackPage | None:
        """The page of these that is shown."""
        shown = self._pages.currentWidget()
        return next((page for page in self._all() if page is shown), None)

    def for_receipt(self, document_id: uuid.UUID, *, is_cancellation: bool) -> BackPage:
        """The page for this receipt, with nothing chosen yet."""
        from till.ui.returning.choice import Choice

        return self._chosen(Choice(document_id, is_cancellation))

    def without_receipt(self) -> BackPage:
        """The page for goods without a receipt, with what the desk has."""
        page = self._free_page()
        page.begin()
        return page

    def kept(self) -> Kept:
        """What is shown now, for `again` after the window was built anew."""
        page = self.current
        if page is None or page.finished is not None:
            return Kept()
        return Kept(free=self._free) if page is self._free else Kept(choice=self._shown_choice(page))

    def again(self, kept: Kept) -> BackPage | None:
        """The page that was shown, with all that was chosen; None where it was none of these."""
        if kept.free is not None:
            page = self._free_page()
            page.begin(is_refunding=kept.free.is_refunding)
            page.carry_on(kept.free)
            return page
        return None if kept.choice is None else self._chosen(kept.choice)

    def may_leave(self, then: Callable[[], object]) -> bool:
        """Whether the page that is shown may be left; else it asks and does `then` once it may."""
        page = self.current
        return page is None or page.may_leave(then)

    def show_catalogue(self) -> None:
        """Tabs or tiles were changed: the page without a receipt shows them as they are now."""
        if self._free is not None:
            self._free.articles.refresh()

    def show_status(self, status: Status) -> None:
        """Show the strips."""
        for page in self._all():
            page.show_status(status)

    def _shown_choice(self, page: BackPage) -> Choice | None:
        return next((one.choice for one in self._of_receipts.values() if one is page), None)

    def _chosen(self, choice: Choice) -> BackPage:
        page = self._of_receipts.get(choice.is_cancellation)
        if page is None:
            from till.ui.returning.page import ReturnPage

            page = ReturnPage(self._look, self._till, self._sounds, is_cancellation=choice.is_cancellation)
            self._of_receipts[choice.is_cancellation] = page
            self._add(page)
        page.begin(choice)
        return page

    def _free_page(self) -> FreeReturnPage:
        if self._free is None:
            from till.ui.returning.free_page import FreeReturnPage

            self._free = FreeReturnPage(self._look, self._till, self._sounds)
            self._free.search_ended.connect(self.search_ended)
            self._add(self._free)
        return self._free

    def _add(self, page: BackPage) -> None:
        page.left.connect(self.left)
        page.receipt_asked.connect(self.receipt_asked)
        page.show_status(self._till.status.current)
        self._pages.addWidget(page)

    def _all(self) -> list[BackPage]:
        pages: list[BackPage] = list(self._of_receipts.values())
        return pages if self._free is None else [*pages, self._free]

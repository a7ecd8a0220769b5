"""The card beside the list of voucher types: its tabs, each of which shows the type that is chosen."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from till.app.bootstrap import Till
from till.ui.look import Look
from till.ui.message import Message
from till.ui.office.vouchers.tab import TypeTab
from till.ui.office.vouchers.tabs import TABS, TabEntry
from till.vouchers.model import VoucherType


class TypeTabs(QFrame):
    """Shows one tab at a time; it learns of the type when it comes into sight.

    `stored` with the type after each change of it, `moved` when vouchers were changed.
    """

    stored = Signal(object)
    moved = Signal()

    def __init__(self, look: Look, till: Till, message: Message, entries: tuple[TabEntry, ...] = TABS) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._kind: VoucherType | None = None
        self.is_new = False
        self._fresh: set[TypeTab] = set()
        self.bar = QTabBar()
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        self.bar.setUsesScrollButtons(True)
        self.bar.setAccessibleName(look.t("Parts of the voucher type"))
        self.tabs: dict[str, TypeTab] = {}
        self._pages = QStackedWidget()
        self._corners = QStackedWidget()
        for entry in entries:
            tab = entry.build(look, till, message)
            tab.stored.connect(self._stored)
            tab.moved.connect(self.moved)
            self.tabs[entry.key] = tab
            self.bar.addTab(look.t(entry.title))
            self._pages.addWidget(tab)
            self._corners.addWidget(tab.corner or QWidget())
        self._build()
        self.bar.currentChanged.connect(self._show_tab)

    @property
    def tab(self) -> TypeTab:
        """The tab that is shown."""
        return list(self.tabs.values())[self.bar.currentIndex()]

    @property
    def is_changed(self) -> bool:
        """Whether something typed on any tab is not stored."""
        return any(tab.is_changed for tab in self.tabs.values())

    def open_tab(self, key: str) -> TypeTab:
        """Show this tab."""
        self.bar.setCurrentIndex(list(self.tabs).index(key))
        return self.tabs[key]

    def show_type(self, kind: VoucherType, *, is_new: bool = False) -> None:
        """Show a type; one that is not stored yet has only the tabs that can be used then."""
        self._kind, self.is_new = kind, is_new
        self._fresh.clear()
        for place, tab in enumerate(self.tabs.values()):
            self.bar.setTabEnabled(place, not is_new or tab.takes_new)
        if is_new and not self.tab.takes_new:
            self.bar.setCurrentIndex(next(n for n, tab in enumerate(self.tabs.values()) if tab.takes_new))
        self._show_tab()

    def save(self) -> bool:
        """Store what is typed on all tabs; the first that can't be is shown and says why."""
        for key, tab in self.tabs.items():
            if tab.is_changed and not tab.save():
                self.open_tab(key)
                return False
        return True

    def discard(self) -> None:
        """Put back what is stored."""
        for tab in self.tabs.values():
            if tab.is_changed:
                tab.discard()

    def tear_down(self) -> None:
        """End what the tabs hold."""
        for tab in self.tabs.values():
            tab.tear_down()

    def _stored(self, kind: VoucherType) -> None:
        """The tab that stored it shows it already; the others when they come into sight."""
        self._kind, self.is_new = kind, False
        for place in range(self.bar.count()):
            self.bar.setTabEnabled(place, True)
        self._fresh = {tab for tab in self.tabs.values() if tab is self.sender() or tab.is_changed}
        self._show_tab()
        self.stored.emit(kind)

    def _show_tab(self) -> None:
        self._pages.setCurrentIndex(self.bar.currentIndex())
        self._corners.setCurrentIndex(self.bar.currentIndex())
        tab = self.tab
        if self._kind is not None and tab not in self._fresh:
            self._fresh.add(tab)
            tab.show_type(self._kind, is_new=self.is_new)

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(4, 0, 0, 0)
        top.setSpacing(0)
        top.addWidget(self.bar, 1)
        top.addWidget(self._corners)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 6, 1, 1)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(self._pages, 1)

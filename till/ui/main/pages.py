"""The pages of the counter in one window; those that the first look does not need are built when they are asked for (P7)."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

from till.app.bootstrap import Till
from till.ui.look import Look
from till.ui.receipts.page import ReceiptPage
from till.ui.returning.pages import Returning
from till.ui.sale.page import SalePage
from till.ui.sounds import Sounds

if TYPE_CHECKING:
    from till.ui.main.help import HelpPage
    from till.ui.main.menu import MenuPage
    from till.ui.payment.page import PaymentPage
    from till.ui.returning.base import BackPage

_BUILT_LATER = ("payment", "menu", "help")


class PagedWindow(QMainWindow):
    """Holds the pages; the window that inherits it sets `look` first, and connects each page once it is built."""

    look: Look

    def __init__(self, till: Till, sounds: Sounds) -> None:
        super().__init__()
        self._till = till
        self._sounds = sounds

    @property
    def page(self) -> QWidget:
        """The page that is shown."""
        page = self.pages.currentWidget()
        assert page is not None  # noqa: S101 - the stack is never empty
        return page

    @property
    def shown(self) -> str:
        """The name of the page that is shown; empty for one of the shift's."""
        return self._names.get(self.page, "")

    @property
    def selling(self) -> SalePage | PaymentPage | ReceiptPage | BackPage | None:
        """The page that is shown, where it sells, takes back or shows receipts."""
        if (back := self.returning.current) is not None:
            return back
        match self.shown:
            case "sale":
                return self.sale
            case "payment":
                return self.payment
            case "receipts":
                return self.receipts
        return None

    @cached_property
    def payment(self) -> PaymentPage:
        """The payment screen."""
        from till.ui.payment.page import PaymentPage

        page = PaymentPage(self.look, self._till, self._sounds)
        page.show_status(self._till.status.current)
        self._add_page("payment", page)
        self.connect_payment(page)
        return page

    @cached_property
    def menu(self) -> MenuPage:
        """Where one goes from the sale."""
        from till.ui.main.menu import MenuPage

        page = MenuPage(self.look, self._till)
        self._add_page("menu", page)
        self.connect_menu(page)
        return page

    @cached_property
    def help(self) -> HelpPage:
        """What each key does."""
        from till.ui.main.help import HelpPage

        page = HelpPage(self.look)
        self._add_page("help", page)
        page.left.connect(self.go_home)
        return page

    def connect_payment(self, page: PaymentPage) -> None:
        """The payment screen was built."""
        raise NotImplementedError

    def connect_menu(self, page: MenuPage) -> None:
        """The menu was built."""
        raise NotImplementedError

    def go_home(self) -> None:
        """Show the sale page."""
        self._show_page(self.sale)

    def _pages_with_strips(self) -> tuple[SalePage | PaymentPage | ReceiptPage | Returning, ...]:
        """Those that say what goes on around the sale; what is built later hears it then."""
        return (self.sale, self.receipts, self.returning, *((self.payment,) if "payment" in vars(self) else ()))

    def _build_pages(self) -> None:
        """Build what the first look needs, and forget the pages of before."""
        self.sale = SalePage(self.look, self._till, self._sounds)
        self.receipts = ReceiptPage(self.look, self._till)
        self.pages = QStackedWidget()
        self.returning = Returning(self.look, self._till, self._sounds, self.pages)
        self._names: dict[QWidget, str] = {}
        self._add_page("sale", self.sale)
        self._add_page("receipts", self.receipts)
        for name in _BUILT_LATER:
            vars(self).pop(name, None)

    def _add_page(self, name: str, page: QWidget) -> None:
        self._names[page] = name
        self.pages.addWidget(page)

    def _show_page(self, page: QWidget) -> None:
        """Show it, unless what is chosen on the page that is shown would be lost: that one asks first."""
        if page is not self.pages.currentWidget() and not self.returning.may_leave(lambda: self._show_page(page)):
            return
        self.pages.setCurrentWidget(page)
        page.setFocus()

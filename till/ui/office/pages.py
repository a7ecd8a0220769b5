"""Which pages the back office has, by task: one row each, built when it is first opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from till.app.bootstrap import Till
from till.i18n import msg
from till.staff.permission import Permission
from till.ui.look import Look
from till.ui.office.page import OfficePage


class Group(StrEnum):
    """What a page is about; the words are its heading in the side navigation."""

    MASTER = msg("Master data")
    TRANSACTIONS = msg("Transactions")
    SYSTEM = msg("System")


@dataclass(frozen=True, slots=True)
class PageEntry:
    """A page: `key` names it in the program, `title` is its msgid, `icon` one of resources/icons.

    `permission`: who has neither it nor one of `also` does not see the page; the desks check each action again. `build` imports what the page needs.
    `under` is the key of the page that leads to this one, which then has no button of its own in the side navigation.
    """

    key: str
    group: Group
    icon: str
    title: str
    build: Callable[[Look, Till], OfficePage]
    permission: Permission
    under: str = ""
    also: tuple[Permission, ...] = ()


def _article_tables(look: Look, till: Till) -> OfficePage:
    from till.ui.office.article_tables import ArticleTablesPage

    return ArticleTablesPage(look, till)


def _receipts(look: Look, till: Till) -> OfficePage:
    from till.ui.office.receipts import ReceiptsPage

    return ReceiptsPage(look, till)


def _staff(look: Look, till: Till) -> OfficePage:
    from till.ui.office.staff.page import StaffPage

    return StaffPage(look, till)


def _articles(look: Look, till: Till) -> OfficePage:
    from till.ui.office.articles.page import ArticlesPage

    return ArticlesPage(look, till)


def _vouchers(look: Look, till: Till) -> OfficePage:
    from till.ui.office.vouchers.page import VouchersPage

    return VouchersPage(look, till)


def _closings(look: Look, till: Till) -> OfficePage:
    from till.ui.office.closings import ClosingsPage

    return ClosingsPage(look, till)


def _voucher_liability(look: Look, till: Till) -> OfficePage:
    from till.ui.office.reports.page import VoucherLiabilityPage

    return VoucherLiabilityPage(look, till)


def _layout(look: Look, till: Till) -> OfficePage:
    from till.ui.office.layout.page import LayoutPage

    return LayoutPage(look, till)


def _shop(look: Look, till: Till) -> OfficePage:
    from till.ui.office.shop.page import ShopPage

    return ShopPage(look, till)


def _settings(look: Look, till: Till) -> OfficePage:
    from till.ui.office.settings.page import SettingsPage

    return SettingsPage(look, till)


def _backups(look: Look, till: Till) -> OfficePage:
    from till.ui.office.backups import BackupsPage

    return BackupsPage(look, till)


def _about(look: Look, till: Till) -> OfficePage:
    from till.ui.office.about import AboutPage

    return AboutPage(look, till)


def _old_vouchers(look: Look, till: Till) -> OfficePage:
    from till.ui.office.vouchers.old_page import OldVouchersPage

    return OldVouchersPage(look, till)


def _voucher_run(look: Look, till: Till) -> OfficePage:
    from till.ui.office.vouchers.run_page import NumberRunPage

    return NumberRunPage(look, till)


def _voucher_labels(look: Look, till: Till) -> OfficePage:
    from till.ui.office.vouchers.labels_page import LabelsPage

    return LabelsPage(look, till)


_WITH_VOUCHERS = (
    Permission.CORRECT_VOUCHER,
    Permission.RAISE_VOUCHER,
    Permission.BLOCK_VOUCHER,
    Permission.VOUCHER_FILES,
)


PAGES: tuple[PageEntry, ...] = (
    PageEntry("articles", Group.MASTER, "package", msg("Articles"), _articles, Permission.CATALOGUE),
    PageEntry(
        "article-tables", Group.MASTER, "file-import", msg("Import/Export"), _article_tables, Permission.CATALOGUE
    ),
    PageEntry("layout", Group.MASTER, "columns", msg("Keys and tabs"), _layout, Permission.CATALOGUE),
    PageEntry("vouchers", Group.MASTER, "ticket", msg("Vouchers"), _vouchers, Permission.VOUCHERS, also=_WITH_VOUCHERS),
    PageEntry("staff", Group.MASTER, "users", msg("Staff"), _staff, Permission.STAFF),
    PageEntry("receipts", Group.TRANSACTIONS, "receipt", msg("Receipts"), _receipts, Permission.REPORTS),
    PageEntry("closings", Group.TRANSACTIONS, "report-money", msg("Closings (Z)"), _closings, Permission.REPORTS),
    PageEntry(
        "voucher-liability",
        Group.TRANSACTIONS,
        "chart-bar",
        msg("Voucher balance"),
        _voucher_liability,
        Permission.REPORTS,
    ),
    PageEntry("shop", Group.SYSTEM, "building-store", msg("Shop"), _shop, Permission.SHOP_SETTINGS),
    PageEntry("settings", Group.SYSTEM, "settings", msg("Settings"), _settings, Permission.SHOP_SETTINGS),
    PageEntry("backups", Group.SYSTEM, "database", msg("Backups"), _backups, Permission.BACKUP),
    PageEntry(
        "old-vouchers",
        Group.MASTER,
        "file-import",
        msg("Old vouchers"),
        _old_vouchers,
        Permission.VOUCHER_FILES,
        "vouchers",
    ),
    PageEntry(
        "voucher-run", Group.MASTER, "hash", msg("Numbers as Excel"), _voucher_run, Permission.VOUCHER_FILES, "vouchers"
    ),
    PageEntry(
        "voucher-labels",
        Group.MASTER,
        "barcode",
        msg("Labels"),
        _voucher_labels,
        Permission.VOUCHER_FILES,
        "vouchers",
    ),
    PageEntry("about", Group.SYSTEM, "info-circle", msg("About Till"), _about, Permission.SHOP_SETTINGS),
)
"""In the order in which the side navigation shows them."""

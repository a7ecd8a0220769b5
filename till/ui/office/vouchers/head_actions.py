"""What can be done with vouchers in the page's head, besides making a new type: one row each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from till.i18n import msg
from till.staff.permission import Permission
from till.ui.office.page import OfficePage


@dataclass(frozen=True, slots=True)
class HeadAction:
    """A button of the head: `title` is its msgid, `icon` one of resources/icons; who lacks `permission` does not see it.

    `act` is called with the page; `page.message` and `page.work` are there for it.
    """

    icon: str
    title: str
    permission: Permission
    act: Callable[[OfficePage], object]


def _opens(key: str) -> Callable[[OfficePage], object]:
    return lambda page: page.asked_page.emit(key)


HEAD_ACTIONS: tuple[HeadAction, ...] = (
    HeadAction("file-import", msg("Import old vouchers"), Permission.VOUCHER_FILES, _opens("old-vouchers")),
    HeadAction("hash", msg("Numbers as Excel"), Permission.VOUCHER_FILES, _opens("voucher-run")),
    HeadAction("barcode", msg("Labels"), Permission.VOUCHER_FILES, _opens("voucher-labels")),
)
"""In the order in which they stand left of “New voucher type”."""

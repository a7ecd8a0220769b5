"""The scenes of a voucher type's numbers: the list, what it finds, one voucher's sheet and what is done to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QWidget

from till.app.views import VoucherWish
from till.money import Money
from till.ui.office.opened import opened
from till.ui.office.vouchers.deed_form import Deed
from till.ui.office.vouchers.numbers import NumbersTab
from till.ui.office.vouchers.page import VouchersPage
from till.ui.payment.refusal_scenes import unnumbered_type
from till.ui.stage import Scene, Stage
from till.vouchers.block import Blocking
from till.vouchers.correct import Correction
from till.vouchers.model import Voucher, VoucherState
from till.vouchers.reissue import Reissue


def office_numbers(stage: Stage) -> QWidget:
    """The numbers of the type whose price is asked."""
    return _played(stage, lambda _tab, _voucher: None)


def office_numbers_found(stage: Stage) -> QWidget:
    """Nothing fits what is typed."""

    def play(tab: NumbersTab, _voucher: Voucher) -> None:
        tab.table.search.line.setText("Geburtstag von Oma")
        tab.state.set_value(VoucherState.EXPIRED)
        tab.state.changed.emit()

    return _played(stage, play)


def office_numbers_empty(stage: Stage) -> QWidget:
    """Of this type none was sold yet."""
    window, page = opened(stage, "vouchers", VouchersPage)
    desk = stage.till.voucher_types
    name = "Weihnachten 2026"
    if not any(kind.name == name for kind in desk.types()):
        desk.save(replace(desk.new_type(), name=name, sale=Money(2500), next_number="WN-0001"), None)
        page.begin()
    _shown(stage, page, name)
    return window


def office_numbers_unnumbered(stage: Stage) -> QWidget:
    """Vouchers of a type without numbers."""
    kind = unnumbered_type(stage)
    desk = stage.till.sale
    for cents in (1000, 2500):
        desk.sell_voucher(VoucherWish(kind.id, price=Money(cents)))
        desk.pay_cash(Money(cents))
        desk.complete()
        desk.dismiss()
    window, page = opened(stage, "vouchers", VouchersPage)
    _shown(stage, page, kind.name)
    return window


def office_voucher_sheet(stage: Stage) -> QWidget:
    """A voucher to which much has happened."""

    def play(tab: NumbersTab, voucher: Voucher) -> None:
        desk = stage.till.vouchers
        desk.reduce(Correction(voucher.id, Money(-500), "Ecke abgerissen, Kundin bekam eine Rose dafür"))
        desk.add_bonus(Correction(voucher.id, Money(1000), "Entschuldigung für die lange Wartezeit"))
        tab.show_voucher(voucher.id)

    return _played(stage, play)


def office_voucher_corrected(stage: Stage) -> QWidget:
    """More is to be taken off than is left, and nobody says why."""

    def play(tab: NumbersTab, voucher: Voucher) -> None:
        tab.show_voucher(voucher.id, Deed.REDUCE)
        tab.sheet.form.amount.line.setText("5000")
        tab.sheet.form.submit()

    return _played(stage, play)


def office_voucher_blocked(stage: Stage) -> QWidget:
    """A blocked voucher."""

    def play(tab: NumbersTab, voucher: Voucher) -> None:
        stage.till.vouchers.block(Blocking(voucher.id, "verloren gemeldet von Frau Weber"))
        tab.show_voucher(voucher.id)

    return _played(stage, play)


def office_voucher_replaced(stage: Stage) -> QWidget:
    """A voucher that has another number now."""

    def play(tab: NumbersTab, voucher: Voucher) -> None:
        stage.till.vouchers.reissue(Reissue(voucher.id, "Karte gebrochen"))
        tab.show_voucher(voucher.id)

    return _played(stage, play)


def office_voucher_reissue(stage: Stage) -> QWidget:
    """A new number is asked for."""
    return _played(stage, lambda tab, voucher: tab.show_voucher(voucher.id, Deed.REISSUE))


def _played(stage: Stage, play: Callable[[NumbersTab, Voucher], object]) -> QWidget:
    """On a voucher that was sold for it, and partly redeemed."""
    voucher = _sold(stage)
    window, page = opened(stage, "vouchers", VouchersPage)
    page.list.chosen.emit(next(kind for kind in stage.till.voucher_types.types() if kind.id == voucher.type_id))
    tab = page.tabs.open_tab("numbers")
    assert isinstance(tab, NumbersTab)  # noqa: S101 - it is that tab
    tab.work.finish()
    play(tab, voucher)
    tab.work.finish()
    return window


def _shown(stage: Stage, page: VouchersPage, name: str) -> NumbersTab:
    """The numbers of the type with this name."""
    page.list.chosen.emit(next(kind for kind in stage.till.voucher_types.types() if kind.name == name))
    tab = page.tabs.open_tab("numbers")
    assert isinstance(tab, NumbersTab)  # noqa: S101 - it is that tab
    tab.work.finish()
    return tab


def _sold(stage: Stage) -> Voucher:
    desk = stage.till.sale
    tile = next(tile for tile in desk.assortment().tiles if tile.kind == "voucher" and tile.price is None)
    desk.add(tile, price=Money(5000))
    desk.pay_cash(Money(5000))
    (voucher,) = desk.complete().vouchers
    desk.dismiss()
    desk.add(stage.tiles(1)[0])
    desk.redeem(voucher.id, min(desk.state.settlement.open, Money(1250)))
    if desk.state.settlement.open:
        desk.pay_cash(desk.state.settlement.open)
    desk.complete()
    desk.dismiss()
    return voucher


NUMBER_SCENES: tuple[Scene, ...] = (
    office_numbers,
    office_numbers_found,
    office_numbers_empty,
    office_numbers_unnumbered,
    office_voucher_sheet,
    office_voucher_corrected,
    office_voucher_blocked,
    office_voucher_replaced,
    office_voucher_reissue,
)

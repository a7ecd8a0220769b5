"""Vouchers that can't pay, or not so much, as `till.ui.screens` renders them: each says why, at the counter and without a sale."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import replace

from till.app.views import VoucherHit, VoucherWish
from till.money import ZERO, Money
from till.sales.returned import ReturnWish
from till.ui.keys import Action
from till.ui.sale.voucher_check import VoucherCheck
from till.ui.stage import Scene, Stage
from till.vouchers.block import Blocking
from till.vouchers.model import Numbering, Voucher, VoucherState, VoucherType
from till.vouchers.reissue import Reissue
from till.vouchers.standing import refusal_of

_UNNUMBERED = "Blumengutschein"


def sold_voucher(stage: Stage, cents: int = 5000) -> Voucher:
    """A voucher of the type whose price is asked, sold just now."""
    desk = stage.till.sale
    tile = next(tile for tile in desk.assortment().tiles if tile.kind == "voucher" and tile.price is None)
    desk.add(tile, price=Money(cents))
    desk.pay_cash(Money(cents))
    (voucher,) = desk.complete().vouchers
    desk.dismiss()
    return voucher


def _paid_with(stage: Stage, number: str) -> None:
    """Something is to be paid, and this number was typed."""
    stage.till.sale.add(stage.tiles(1)[0])
    stage.window.act(Action.VOUCHER)
    stage.window.payment.taking.number.set_text(number)
    stage.window.payment.taking.look_up(number)


def _hit(stage: Stage, change: Callable[[VoucherHit], VoucherHit]) -> None:
    """A voucher that only time or an invoice could bring into its state."""
    voucher = sold_voucher(stage)
    stage.till.sale.add(stage.tiles(1)[0])
    stage.window.act(Action.VOUCHER)
    (hit,) = stage.till.sale.look_up_voucher(voucher.number)
    stage.window.payment.taking.show_hits((change(hit),))


def voucher_used(stage: Stage) -> None:
    """Nothing is left on it."""
    voucher = sold_voucher(stage, 300)
    desk = stage.till.sale
    desk.add(stage.tiles(1)[0])
    desk.redeem(voucher.id, Money(300))
    desk.pay_cash(desk.state.settlement.open)
    desk.complete()
    desk.dismiss()
    _paid_with(stage, voucher.number)


def voucher_blocked(stage: Stage) -> None:
    """It was reported lost."""
    voucher = sold_voucher(stage)
    stage.till.vouchers.block(Blocking(voucher.id, "verloren gemeldet von Frau Weber"))
    _paid_with(stage, voucher.number)


def voucher_replaced(stage: Stage) -> None:
    """It has another number now."""
    voucher = sold_voucher(stage)
    stage.till.vouchers.reissue(Reissue(voucher.id, "Karte gebrochen"))
    _paid_with(stage, voucher.number)


def voucher_cancelled(stage: Stage) -> None:
    """The receipt that sold it was cancelled."""
    voucher = sold_voucher(stage)
    desk, document = stage.till.returns, stage.till.receipts.last()
    assert document is not None  # noqa: S101 - it has just been sold
    wish = ReturnWish(desk.begin(document.id), document.id, is_cancellation=True, reason="Falsch kassiert")
    desk.complete(wish)
    _paid_with(stage, voucher.number)


def voucher_not_yet(stage: Stage) -> None:
    """It is valid from a later day on."""

    def later(hit: VoucherHit) -> VoucherHit:
        voucher = replace(hit.standing.voucher, valid_from=dt.date(2027, 1, 1))
        standing = replace(hit.standing, voucher=voucher, state=VoucherState.NOT_YET_VALID)
        return replace(hit, standing=standing, offered=ZERO, surplus=None, refusal=refusal_of(standing))

    _hit(stage, later)


def voucher_too_much(stage: Stage) -> None:
    """More is typed than is due."""
    voucher = sold_voucher(stage)
    _paid_with(stage, voucher.number)
    for key in ("4", "0"):
        stage.window.payment.taking.press(key)
    stage.window.payment.taking.confirm()


def voucher_several(stage: Stage) -> None:
    """Three vouchers pay together, and the rest is still open."""
    vouchers = [sold_voucher(stage, cents) for cents in (1500, 2545, 500)]
    desk = stage.till.sale
    for tile in stage.tiles(5):
        desk.add(tile)
    stage.window.act(Action.VOUCHER)
    for voucher in vouchers:
        desk.redeem(voucher.id, Money(voucher.face.cents))


def voucher_digits(stage: Stage) -> None:
    """The shop has switched letters off."""
    desk = stage.till.voucher_types
    rules = desk.rules()
    desk.set_rules(replace(rules, letters=False))
    _paid_with(stage, "20260017")
    desk.set_rules(rules)


def voucher_by_amount(stage: Stage) -> None:
    """Vouchers without a number are redeemed by their amount."""
    kind = unnumbered_type(stage)
    stage.till.sale.sell_voucher(VoucherWish(kind.id, price=Money(2000)))
    stage.till.sale.pay_cash(Money(2000))
    stage.till.sale.complete()
    stage.till.sale.dismiss()
    desk = stage.till.voucher_types
    rules = desk.rules()
    desk.set_rules(replace(rules, without_number=True))
    stage.till.sale.add(stage.tiles(1)[0])
    stage.window.act(Action.VOUCHER)
    stage.window.payment.taking.vouchers.kinds[0].click()
    desk.set_rules(rules)


def voucher_checked_blocked(stage: Stage) -> None:
    """Without a sale: it is blocked, and by whom."""
    voucher = sold_voucher(stage)
    stage.till.vouchers.block(Blocking(voucher.id, "verloren gemeldet von Frau Weber"))
    stage.window.on_scan(voucher.number)
    _check(stage, voucher.number)


def voucher_checked_replaced(stage: Stage) -> None:
    """Without a sale: it has another number now."""
    voucher = sold_voucher(stage)
    stage.till.vouchers.reissue(Reissue(voucher.id, "Karte gebrochen"))
    _check(stage, voucher.number)


def voucher_checked_two(stage: Stage) -> None:
    """Without a sale: two types have the number."""
    (hit,) = stage.till.sale.look_up_voucher(sold_voucher(stage).number)
    other = replace(hit.standing.voucher, id=uuid.uuid4(), type_name="Spendengutschein")
    stage.window.act(Action.VOUCHER_CHECK)
    panel = stage.window.sale.panel
    if isinstance(panel, VoucherCheck):
        panel._show_hits((hit, replace(hit, standing=replace(hit.standing, voucher=other))))  # noqa: SLF001 - a scan's way


def voucher_checked_unknown(stage: Stage) -> None:
    """Without a sale: nobody has this number, but one looks alike."""
    _check(stage, stage.voucher.replace("0", "O", 1))


def _check(stage: Stage, number: str) -> None:
    stage.window.go_home()
    if not isinstance(stage.window.sale.panel, VoucherCheck):
        stage.window.act(Action.VOUCHER_CHECK)
    panel = stage.window.sale.panel
    if isinstance(panel, VoucherCheck):
        panel.number.set_text(number)
        panel.confirm()


def unnumbered_type(stage: Stage) -> VoucherType:
    """A type whose vouchers have no number, made once."""
    desk = stage.till.voucher_types
    known = next((kind for kind in desk.types() if kind.name == _UNNUMBERED), None)
    return known or desk.save(replace(desk.new_type(), name=_UNNUMBERED, numbering=Numbering.NONE), None)


REFUSAL_SCENES: tuple[Scene, ...] = (
    voucher_used,
    voucher_blocked,
    voucher_replaced,
    voucher_cancelled,
    voucher_not_yet,
    voucher_too_much,
    voucher_several,
    voucher_digits,
    voucher_by_amount,
    voucher_checked_blocked,
    voucher_checked_replaced,
    voucher_checked_two,
    voucher_checked_unknown,
)

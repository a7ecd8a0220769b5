"""Paying with vouchers, as `till.ui.screens` renders it: several hits, surplus, an expired one, given value."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from till.app.views import Surplus, VoucherHit
from till.money import ZERO, Money
from till.ui.keys import Action
from till.ui.sale.voucher_check import VoucherCheck
from till.ui.stage import Stage
from till.vouchers.model import VoucherState
from till.vouchers.standing import refusal_of

_LONG = "Geburtstagsgutschein für Freunde"


def _paying(stage: Stage) -> VoucherHit:
    """Something for 8,90 or so is to be paid, and a voucher over 50,00 is there."""
    stage.till.sale.add(stage.tiles(1)[0])
    stage.window.act(Action.VOUCHER)
    return stage.till.sale.look_up_voucher(stage.voucher)[0]


def voucher_surplus(stage: Stage) -> None:
    """The voucher holds more than is due; the cashier has chosen cash, and a part was given."""
    hit = _paying(stage)
    over = hit.standing.remaining - hit.offered
    given = Money(over.cents // 5)
    taking = stage.window.payment.taking
    taking.show_hits((replace(hit, surplus=Surplus(over - given, given)),))
    taking.vouchers.surplus.choices.buttons["cash"].click()


def voucher_stays(stage: Stage) -> None:
    """The shop pays no rest out."""
    hit = _paying(stage)
    assert hit.surplus is not None  # noqa: S101 - it holds more than the first tile costs
    refused = refusal_of(replace(hit.standing, state=VoucherState.USED))
    stage.window.payment.taking.show_hits((replace(hit, surplus=replace(hit.surplus, refusal=refused)),))


def voucher_paid_out(stage: Stage) -> None:
    """It is in the payment, and what is over goes back."""
    hit = _paying(stage)
    stage.till.sale.redeem(hit.standing.voucher.id, hit.offered, pay_out=True)


def voucher_picks(stage: Stage) -> None:
    """Three types have the same number."""
    hit = _paying(stage)
    old = replace(hit.standing.voucher, type_name=_LONG, issued_at=hit.standing.voucher.issued_at - dt.timedelta(900))
    used = replace(hit.standing, voucher=old, state=VoucherState.USED, paid_left=ZERO)
    other = replace(hit.standing, voucher=replace(old, type_name="Gutschein 25 €"), paid_left=Money(2500))
    hits = (replace(hit, standing=used, offered=ZERO, refusal=refusal_of(used)), hit, replace(hit, standing=other))
    stage.window.payment.taking.show_hits(hits)


def _expired(stage: Stage) -> VoucherHit:
    hit = _paying(stage)
    voucher = replace(hit.standing.voucher, valid_until=dt.date(2025, 12, 31))
    standing = replace(hit.standing, voucher=voucher, state=VoucherState.EXPIRED)
    return replace(hit, standing=standing, refusal=refusal_of(standing), goodwill=hit.offered, surplus=None)


def voucher_expired(stage: Stage) -> None:
    """It has expired, and could be accepted."""
    stage.window.payment.taking.show_hits((_expired(stage),))


def voucher_goodwill(stage: Stage) -> None:
    """It is about to be accepted."""
    taking = stage.window.payment.taking
    taking.show_hits((_expired(stage),))
    taking.message.offer_button.click()
    taking.vouchers.reason.chips.buttons[stage.window.look.t("Regular customer")].click()


def voucher_limit(stage: Stage) -> None:
    """Given value pays for the goods, not for the voucher in the basket."""
    stage.till.sale.add(
        next(tile for tile in stage.till.sale.assortment().tiles if tile.kind == "voucher" and tile.price)
    )
    _paying(stage)


def voucher_look_alike(stage: Stage) -> None:
    """The typed number has an O where there is a 0."""
    _paying(stage)
    typed = stage.voucher.replace("0", "O", 1)
    stage.window.payment.taking.number.set_text(typed)
    stage.window.payment.taking.look_up(typed)


def voucher_check_asked(stage: Stage) -> None:
    """Its number is asked, with letters."""
    stage.window.act(Action.VOUCHER_CHECK)
    panel = stage.window.sale.panel
    if isinstance(panel, VoucherCheck):
        panel.letters_button.click()
        panel.number.insert("AG2026")


def voucher_checked(stage: Stage) -> None:
    """What is on it, and what was taken from it last."""
    hit = _paying(stage)
    stage.till.sale.redeem(hit.standing.voucher.id, Money(100))
    stage.till.sale.pay_cash(Money(5000))
    stage.till.sale.complete()
    stage.till.sale.dismiss()
    stage.window.go_home()
    stage.window.on_scan(stage.voucher)


VOUCHER_SCENES = (
    voucher_check_asked,
    voucher_checked,
    voucher_surplus,
    voucher_stays,
    voucher_paid_out,
    voucher_picks,
    voucher_expired,
    voucher_goodwill,
    voucher_limit,
    voucher_look_alike,
)

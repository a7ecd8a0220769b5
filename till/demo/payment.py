"""How customers of the demo shop pay: cash in believable notes, by card, in two parts, with a voucher before all that."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from till.money import Money
from till.sales.order import TenderFace
from till.sales.tender import Tendered, TenderKind, quick_cash
from till.shop.tenders import CARD, CASH, VOUCHER
from till.vouchers.model import Voucher

_NOTES_LIKED = (26, 10, 24, 20, 12, 8)
_SMALL, _LARGE = Money(500), Money(6000)
_CARD_SMALL, _CARD_USUAL, _CARD_LARGE = 0.15, 0.41, 0.6
_IN_PARTS = 0.04
_FIRST_NOTE = Money(2000)


def voucher_payment(faces: Mapping[str, TenderFace], voucher: Voucher, amount: Money) -> Tendered:
    """A voucher taken into the payment."""
    return Tendered(1, TenderKind.VOUCHER, faces[VOUCHER].id, voucher.number, amount, voucher.id)


def rest_paid(rng: Random, faces: Mapping[str, TenderFace], due: Money) -> tuple[Tendered, ...]:
    """How `due` is paid: about six in ten in cash, large sums rather by card, now and then a note and the card."""
    if not due:
        return ()
    if due > _FIRST_NOTE and rng.random() < _IN_PARTS:
        return (_cash(faces, _FIRST_NOTE), _card(faces, due - _FIRST_NOTE))
    if rng.random() < _card_share(due):
        return (_card(faces, due),)
    return (_cash(faces, _handed_over(rng, due)),)


def _card_share(due: Money) -> float:
    if due < _SMALL:
        return _CARD_SMALL
    return _CARD_LARGE if due > _LARGE else _CARD_USUAL


def _handed_over(rng: Random, due: Money) -> Money:
    amounts = quick_cash(due)
    return rng.choices(amounts, _NOTES_LIKED[: len(amounts)])[0]


def _cash(faces: Mapping[str, TenderFace], given: Money) -> Tendered:
    return Tendered(2, TenderKind.CASH, CASH, faces[CASH].name, given)


def _card(faces: Mapping[str, TenderFace], amount: Money) -> Tendered:
    return Tendered(3, TenderKind.CARD, CARD, faces[CARD].name, amount)

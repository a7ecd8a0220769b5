"""The journal entry of a sale balances, and its memo accounts do by themselves."""

from __future__ import annotations

import datetime as dt
import uuid

from till.business_case import GvTyp, VatKey, ZahlartTyp
from till.documents.model import Line, Payment
from till.ledger.account import Account
from till.ledger.entry import Posting, check_balanced
from till.money import Money
from till.sales.bookings import postings
from till.vouchers.model import VatTreatment, Voucher
from till.vouchers.value import Redemption, share_of

NOON = dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC)
SUBJECT = str(uuid.UUID(int=7))


def _line(gv_typ: GvTyp, key: VatKey, gross: int, tax: int = 0) -> Line:
    return Line("x", gv_typ, key, 1900 if tax else 0, Money(gross), Money(tax))


def _cash(cents: int) -> Payment:
    return Payment("cash", ZahlartTyp.BAR, "Bar", Money(cents))


def _voucher(sale: int, face: int, treatment: VatTreatment) -> Voucher:
    day, single = NOON.date(), treatment is VatTreatment.SINGLE_PURPOSE
    key = VatKey.GENERAL if single else VatKey.NOT_TAXABLE
    return Voucher(
        uuid.UUID(int=7),
        uuid.UUID(int=9),
        "G",
        "901",
        "AG-1",
        Money(sale),
        Money(face),
        treatment,
        key,
        1900 if single else 0,
        day,
        day,
        NOON,
        "K",
        1,
    )


def test_a_sale_debits_what_came_in_and_credits_revenue_and_vat() -> None:
    card = Payment("card", ZahlartTyp.UNBAR, "Karte", Money(1900))
    legs = postings("K1", ([_line(GvTyp.UMSATZ, VatKey.GENERAL, 11900, 1900)], [_cash(10000), card]), ((), ()))
    assert legs == (
        Posting(Account.CASH, Money(10000), "K1"),
        Posting(Account.TENDER, Money(1900), "card"),
        Posting(Account.REVENUE, Money(-10000), "1"),
        Posting(Account.VAT, Money(-1900), "1"),
    )
    check_balanced(legs)


def test_a_multi_purpose_voucher_is_owed_until_it_is_redeemed() -> None:
    voucher = _voucher(2500, 2500, VatTreatment.MULTI_PURPOSE)
    sold = postings("K1", ([_line(GvTyp.MEHRZWECK_KAUF, VatKey.NOT_TAXABLE, 2500)], [_cash(2500)]), ([voucher], ()))
    assert sold == (Posting(Account.CASH, Money(2500), "K1"), Posting(Account.VOUCHER_MULTI, Money(-2500), SUBJECT))
    taken = Redemption(voucher, share_of(voucher.sale, voucher.face, Money(0), Money(1190)), Money(1310))
    lines = [
        _line(GvTyp.UMSATZ, VatKey.GENERAL, 1190, 190),
        _line(GvTyp.MEHRZWECK_EINLOESUNG, VatKey.NOT_TAXABLE, -1190),
    ]
    used = postings("K1", (lines, []), ((), [taken]))
    assert Posting(Account.VOUCHER_MULTI, Money(1190), SUBJECT) in used
    check_balanced(used)


def test_a_single_purpose_voucher_was_turnover_and_leaves_a_memo_pair() -> None:
    voucher = _voucher(5000, 5000, VatTreatment.SINGLE_PURPOSE)
    sold = postings("K1", ([_line(GvTyp.EINZWECK_KAUF, VatKey.GENERAL, 5000, 798)], [_cash(5000)]), ([voucher], ()))
    assert Posting(Account.REVENUE, Money(-4202), "1") in sold
    assert Posting(Account.VOUCHER_SINGLE, Money(-5000), SUBJECT) in sold
    assert Posting(Account.VOUCHER_SINGLE_CONTRA, Money(5000), SUBJECT) in sold
    check_balanced(sold)
    lines = [
        _line(GvTyp.UMSATZ, VatKey.GENERAL, 5000, 798),
        _line(GvTyp.EINZWECK_EINLOESUNG, VatKey.GENERAL, -5000, -798),
    ]
    taken = Redemption(voucher, share_of(voucher.sale, voucher.face, Money(0), Money(5000)), Money(0))
    used = postings("K1", (lines, []), ((), [taken]))
    assert {leg.account for leg in used} == {Account.VOUCHER_SINGLE, Account.VOUCHER_SINGLE_CONTRA}
    check_balanced(used)


def test_a_gift_stands_on_its_memo_pair_alone() -> None:
    gift = _voucher(0, 1500, VatTreatment.MULTI_PURPOSE)
    legs = postings("K1", ([_line(GvTyp.MEHRZWECK_KAUF, VatKey.NOT_TAXABLE, 0)], []), ([gift], ()))
    assert legs == (
        Posting(Account.VOUCHER_BONUS, Money(-1500), SUBJECT),
        Posting(Account.VOUCHER_BONUS_CONTRA, Money(1500), SUBJECT),
    )
    check_balanced(legs)


def test_a_sale_for_nothing_books_nothing() -> None:
    lines = [_line(GvTyp.UMSATZ, VatKey.GENERAL, 1190, 190), _line(GvTyp.RABATT, VatKey.GENERAL, -1190, -190)]
    assert postings("K1", (lines, [Payment("none", ZahlartTyp.KEINE, "", Money(0))]), ((), ())) == ()

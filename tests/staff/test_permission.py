"""What rights allow and cover, the standard roles, and how a refusal reads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from till.errors import Refused
from till.formats import Formats
from till.i18n import Translator
from till.money import MAX_CENTS, Money
from till.staff.permission import (
    EVERYTHING,
    NAMES,
    NOTHING,
    Need,
    NotAllowed,
    Permission,
    Rights,
    check_limit,
    check_percent,
)
from till.staff.roles import CASHIER, MANAGER, SHIFT_LEAD, standard_roles

GUIDE = Path(__file__).parents[2] / "docs" / "operating.md"
LINE, BASKET = Permission.LINE_DISCOUNT, Permission.BASKET_DISCOUNT


def test_every_permission_has_a_name_of_its_own_for_people() -> None:
    assert set(NAMES) == set(Permission)
    assert len(set(NAMES.values())) == len(Permission)


def test_what_is_not_given_is_not_allowed() -> None:
    rights = Rights(frozenset({Permission.SELL}))
    assert rights.allow(Need(Permission.SELL))
    assert not rights.allow(Need(Permission.STAFF))
    assert not NOTHING.allow(Need(Permission.SELL))
    assert all(EVERYTHING.allow(Need(one, 10_000)) for one in Permission)


@pytest.mark.parametrize("discount", [LINE, BASKET])
def test_a_discount_is_allowed_up_to_its_ceiling_and_not_a_hundredth_more(discount: Permission) -> None:
    rights = Rights(frozenset({discount}), 10)
    assert rights.allow(Need(discount, 1000))
    assert not rights.allow(Need(discount, 1001))
    assert not Rights(frozenset(), 10).allow(Need(discount, 1))


def test_the_ceiling_bounds_discounts_only() -> None:
    assert Rights(frozenset({Permission.SELL}), 0).allow(Need(Permission.SELL, 5000))


def test_rights_cover_what_does_not_go_beyond_them() -> None:
    lead = Rights(frozenset({Permission.SELL, LINE}), 30)
    assert lead.cover(lead)
    assert lead.cover(NOTHING)
    assert EVERYTHING.cover(lead)
    assert not lead.cover(EVERYTHING)
    assert not lead.cover(Rights(frozenset({LINE}), 31))
    assert lead.cover(Rights(frozenset({Permission.SELL}), 100)), "a ceiling without discounts gives nothing"


@pytest.mark.parametrize("percent", [-1, 101, 10_000])
def test_a_ceiling_is_a_percentage(percent: int) -> None:
    with pytest.raises(Refused, match="between 0 and 100"):
        check_percent(percent)
    check_percent(0)
    check_percent(100)


def test_each_standard_role_may_all_that_the_one_below_may() -> None:
    cashier, lead, manager = standard_roles(Translator("en"))
    assert [cashier.id, lead.id, manager.id] == [CASHIER, SHIFT_LEAD, MANAGER]
    assert lead.rights.cover(cashier.rights)
    assert manager.rights.cover(lead.rights)
    assert not cashier.rights.cover(lead.rights)
    assert manager.rights == EVERYTHING
    assert Permission.SEE_EXPECTED_CASH not in cashier.rights.permissions, "who counts must not know (T11)"
    assert Permission.STAFF not in lead.rights.permissions


def test_a_refusal_names_the_permission_and_the_way_on() -> None:
    refused = NotAllowed("Jan Alt", Need(Permission.OPEN_DRAWER), NOTHING)
    assert refused.need == Need(Permission.OPEN_DRAWER)
    said = Formats(Translator("en")).sentence(refused)
    assert said == (
        "Jan Alt may not do this: open the drawer without a sale. Somebody who may can approve it here with a PIN or card."
    )


def test_too_much_discount_says_what_is_the_most() -> None:
    refused = NotAllowed("Jan Alt", Need(LINE, 1500), Rights(frozenset({LINE}), 10))
    assert "at most 10 % discount" in Formats(Translator("en")).sentence(refused)


def test_goods_without_a_receipt_come_back_up_to_the_limit_and_no_cent_more() -> None:
    lead = Rights(frozenset({Permission.RETURN_WITHOUT_RECEIPT}), return_limit=Money(5000))
    assert lead.allow(Need(Permission.RETURN_WITHOUT_RECEIPT, amount=Money(5000)))
    assert not lead.allow(Need(Permission.RETURN_WITHOUT_RECEIPT, amount=Money(5001)))
    assert EVERYTHING.allow(Need(Permission.RETURN_WITHOUT_RECEIPT, amount=Money(MAX_CENTS)))
    assert not Rights(return_limit=None).allow(Need(Permission.RETURN_WITHOUT_RECEIPT, amount=Money(1)))


@pytest.mark.parametrize(
    ("own", "other", "covers"),
    [
        (Money(5000), Money(5000), True),
        (Money(4999), Money(5000), False),
        (None, Money(5000), True),
        (None, None, True),
        (Money(5000), None, False),
    ],
)
def test_nobody_gives_a_higher_limit_than_the_own_one(own: Money | None, other: Money | None, *, covers: bool) -> None:
    may = frozenset({Permission.RETURN_WITHOUT_RECEIPT})
    assert Rights(may, return_limit=own).cover(Rights(may, return_limit=other)) is covers
    assert Rights(may, return_limit=own).cover(Rights(return_limit=other)), (
        "a limit without the permission gives nothing"
    )


def test_a_limit_is_an_amount_or_there_is_none() -> None:
    for limit in (None, Money(0), Money(MAX_CENTS)):
        check_limit(limit)
    for limit in (Money(-1), Money(MAX_CENTS + 1)):
        with pytest.raises(Refused, match="amount from 0 on"):
            check_limit(limit)


def test_too_much_without_a_receipt_says_what_is_the_most() -> None:
    may = Rights(frozenset({Permission.RETURN_WITHOUT_RECEIPT}), return_limit=Money(5000))
    refused = NotAllowed("Ida Neu", Need(Permission.RETURN_WITHOUT_RECEIPT, amount=Money(5001)), may)
    assert "goods for at most €50.00 without a receipt" in Formats(Translator("en")).sentence(refused)


def test_the_operating_guide_shows_the_limits_as_they_are() -> None:
    (told,) = re.findall(
        r"^\| most for a return without a receipt \|[^|]*\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$",
        GUIDE.read_text("utf-8"),
        re.MULTILINE,
    )
    limits = [role.rights.return_limit for role in standard_roles(Translator("en"))]
    assert list(told) == ["no limit" if one is None else f"{one} €" for one in limits]


def test_the_operating_guide_shows_the_standard_roles_as_they_are() -> None:
    rows = re.findall(
        r"^\| `([a-z-]+)` \|[^|]*\| (.) \| (.) \| (.) \|$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE
    )
    told = {row[0]: [tick == "✓" for tick in row[1:]] for row in rows}
    roles = standard_roles(Translator("en"))
    assert told == {one.value: [one in role.rights.permissions for role in roles] for one in Permission}


def test_the_operating_guide_shows_the_ceilings_as_they_are() -> None:
    (told,) = re.findall(
        r"^\| most discount \|[^|]*\| (\d+) % \| (\d+) % \| (\d+) % \|$", GUIDE.read_text("utf-8"), re.MULTILINE
    )
    assert [int(one) for one in told] == [role.rights.discount_percent for role in standard_roles(Translator("en"))]

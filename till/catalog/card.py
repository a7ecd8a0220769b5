"""All that the master data have of one article, as the office shows and stores it at once, and what can be wrong with it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from enum import StrEnum

from till.catalog.article import Article, ArticleKind
from till.catalog.barcodes import CodeKind, check_digit, normalised_gtin, parse
from till.catalog.plu import checked as checked_plu
from till.catalog.price_list import LaterPrices, PriceList, Schedule, Tier, checked
from till.errors import Refused
from till.i18n import msg
from till.tables import cells

MAX_NUMBER = 40
MAX_NAME = 80
MAX_UNIT = 20
MAX_CODE = 60
MAX_CODES = 30
MAX_NOTE = 255
MAX_AGE = 99
MAX_LATER = 20
MAX_YEARS_AHEAD = 10
UNITS = ("Stk", "kg", "g", "100 g", "l", "ml", "m", "cm", "m²", "Std", "Min", "Paar", "Pkg", "Fl", "Bund")
"""What the office offers; an import may bring any other."""

NO_NUMBER = msg("An article needs a number.")
NO_NAME = msg("An article needs a name.")
NO_UNIT = msg("An article needs a unit: Stk, kg, Std …")
CHECK_DIGIT = msg("The check digit of {code} is wrong: it should end in {digit}. Compare it with what is printed.")
NO_ARTICLE_CODE = msg("{code} is a code of a voucher, a customer or a receipt. An article can’t have it.")
CODE_TWICE = msg("The code {code} stands here twice.")
TOO_MANY_CODES = msg("An article has at most {most} codes.")
AGE = msg("A minimum age is between 0 and {most}.")
DEPOSIT_HAS_ONE_PRICE = msg("A deposit has one price, whatever the quantity.")
DEPOSIT_NEEDS_PRICE = msg("A deposit needs a price: it comes with its article without being asked for.")
DEPOSIT_OF_DEPOSIT = msg("A deposit can’t have a deposit itself.")
NOT_A_DEPOSIT = msg("“{name}” is no deposit. Choose an article of the kind “Deposit”.")
LATER_NEEDS_PRICE = msg("A planned price needs an amount.")
LATER_TWICE = msg("There is a planned price for this moment already. Remove it first.")
LATER_IS_PAST = msg("{at} is over. A planned price begins later than now.")
LATER_IS_FAR = msg("A planned price begins within {most} years.")
TOO_MANY_LATER = msg("An article has at most {most} planned prices.")


class CardField(StrEnum):
    """A field of the card, so that a refusal stands where it belongs."""

    NUMBER = "number"
    NAME = "name"
    RECEIPT_NAME = "receipt_name"
    CATEGORY = "category"
    VAT_KEY = "vat_key"
    KIND = "kind"
    UNIT = "unit"
    PRICE = "price"
    TIERS = "tiers"
    LATER = "later"
    CODES = "codes"
    PLU = "plu"
    DEPOSIT = "deposit"
    AGE_LIMIT = "age_limit"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Card:
    """An article with all its prices; `article.price` is the one for one unit now."""

    article: Article
    tiers: tuple[Tier, ...] = ()
    later: tuple[LaterPrices, ...] = ()

    @property
    def schedule(self) -> Schedule:
        """Its prices, now and later."""
        return Schedule(PriceList(self.article.price, self.tiers), self.later)

    def at(self, instant: dt.datetime) -> Card:
        """The card as it stands at `instant`: planned prices that have come into force are the prices of now."""
        schedule = self.schedule.at(instant)
        return Card(replace(self.article, price=schedule.now.price), schedule.now.tiers, schedule.later)


@dataclass(frozen=True, slots=True)
class CardProblem:
    """What is wrong with a field."""

    field: CardField
    refused: Refused


class NotSaved(Refused):
    """Nothing was stored: `problems` says field by field why."""

    def __init__(self, problems: tuple[CardProblem, ...]) -> None:
        super().__init__(msg("Not saved yet: please correct what is marked in red."))
        self.problems = problems


class ChangedMeanwhile(Refused):
    """Somebody else has changed the article since it was looked at; nothing was stored."""

    def __init__(self) -> None:
        super().__init__(
            msg(
                "Somebody else has changed this article meanwhile. What you typed is still here, beside what they changed: "
                "look at both, then save again."
            )
        )


def tidied(card: Card) -> Card:
    """The card as it is stored: no blanks around words, codes as they are looked up, tiers and plans in order.

    What can't be read stays as it is; checking says so.
    """
    a = card.article
    article = replace(
        a,
        number=a.number.strip(),
        name=a.name.strip(),
        receipt_name=a.receipt_name.strip(),
        unit=a.unit.strip(),
        codes=tuple(normalised_gtin(code.strip()) for code in a.codes if code.strip()),
        plu=a.plu.strip().upper(),
        note=a.note.strip(),
    )
    later = tuple(sorted(card.later, key=lambda one: one.valid_from))
    plans = tuple(replace(one, prices=replace(one.prices, tiers=tuple(sorted(one.prices.tiers)))) for one in later)
    return Card(article, tuple(sorted(card.tiers)), plans)


def check_number(number: str) -> None:
    """Refused for an article number that is missing, too long or can't be printed."""
    if not number:
        raise Refused(NO_NUMBER)
    cells.code(number, MAX_NUMBER)


def check_name(name: str) -> None:
    """Refused for a name that is missing, too long or can't be printed."""
    if not name:
        raise Refused(NO_NAME)
    cells.text(name, MAX_NAME)


def check_receipt_name(name: str) -> None:
    """Refused for a name that is too long for a receipt or can't be printed; it may be missing."""
    cells.text(name, MAX_NAME)


def check_unit(unit: str) -> None:
    """Refused for a unit that is missing, too long or can't be printed."""
    if not unit:
        raise Refused(NO_UNIT)
    cells.text(unit, MAX_UNIT)


def check_note(note: str) -> None:
    """Refused for a note that is too long or has line breaks."""
    cells.text(note, MAX_NOTE)


def check_age(age: int | None) -> None:
    """Refused for an age that nobody has to prove."""
    if age is not None and not 0 <= age <= MAX_AGE:
        raise Refused(AGE, most=MAX_AGE)


def check_plu(plu: str) -> None:
    """Refused for what can't be a PLU number; it may be missing."""
    if plu:
        checked_plu(plu)


def check_codes(codes: tuple[str, ...], known: tuple[str, ...] = ()) -> None:
    """Refused for codes that no article can have; `known` ones were taken before and stay as they are."""
    if len(codes) > MAX_CODES:
        raise Refused(TOO_MANY_CODES, most=MAX_CODES)
    for place, code in enumerate(codes):
        if code in codes[:place]:
            raise Refused(CODE_TWICE, code=code)
        if code not in known:
            _check_code(code)


def check_prices(card: Card) -> None:
    """Refused for prices that make no sense, and for a deposit without one."""
    is_deposit = card.article.kind is ArticleKind.DEPOSIT
    checked(PriceList(card.article.price), whole_pieces=not card.article.is_weighed)
    if is_deposit and card.article.price is None:
        raise Refused(DEPOSIT_NEEDS_PRICE)


def check_tiers(card: Card) -> None:
    """Refused for prices by quantity that make no sense."""
    if not card.tiers:
        return
    if card.article.kind is ArticleKind.DEPOSIT:
        raise Refused(DEPOSIT_HAS_ONE_PRICE)
    checked(card.schedule.now, whole_pieces=not card.article.is_weighed)


def check_later(card: Card, known: tuple[LaterPrices, ...], now: dt.datetime) -> None:
    """Refused for planned prices that make no sense, or begin at no time to come."""
    if len(card.later) > MAX_LATER:
        raise Refused(TOO_MANY_LATER, most=MAX_LATER)
    for place, one in enumerate(card.later):
        if one.valid_from in {other.valid_from for other in card.later[:place]}:
            raise Refused(LATER_TWICE)
        if one not in known:
            check_plan(one, card.article, now)


def check_plan(plan: LaterPrices, article: Article, now: dt.datetime) -> None:
    """Refused for one planned price that makes no sense, or begins at no time to come."""
    if plan.prices.price is None:
        raise Refused(LATER_NEEDS_PRICE)
    if plan.valid_from <= now:
        raise Refused(LATER_IS_PAST, at=plan.valid_from)
    if plan.valid_from.year > now.year + MAX_YEARS_AHEAD:
        raise Refused(LATER_IS_FAR, most=MAX_YEARS_AHEAD)
    if plan.prices.tiers and article.kind is ArticleKind.DEPOSIT:
        raise Refused(DEPOSIT_HAS_ONE_PRICE)
    checked(plan.prices, whole_pieces=not article.is_weighed)


def _check_code(code: str) -> None:
    cells.code(code, MAX_CODE)
    kind = parse(code).kind
    if kind is CodeKind.WRONG_CHECK_DIGIT:
        raise Refused(CHECK_DIGIT, code=code, digit=check_digit(code[:-1]))
    if kind in {CodeKind.VOUCHER, CodeKind.CUSTOMER, CodeKind.RECEIPT}:
        raise Refused(NO_ARTICLE_CODE, code=code)

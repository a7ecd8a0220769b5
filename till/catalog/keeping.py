"""Stores an article's card: checked field by field against what the shop has, audited before and after, all or nothing."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from till.audit import trail
from till.business_case import VatKey
from till.catalog import card as rules
from till.catalog import lookup, table_columns
from till.catalog.article import Article, ArticleKind
from till.catalog.assortment import add_article, change_article
from till.catalog.card import Card, CardField, CardProblem, ChangedMeanwhile, NotSaved
from till.catalog.models import ArticleCodeRow, ArticleRow
from till.catalog.plu import PluKind, owners_of
from till.catalog.price_list import PriceList
from till.catalog.prices import schedule_of, store
from till.catalog.table_import import listed
from till.clock import local
from till.db.context import Context
from till.db.locks import Lock, LockKind, hold
from till.errors import Refused
from till.formats import shortened
from till.i18n import msg

NUMBER_TAKEN = msg("The article number {number} belongs to “{name}”. Choose another one.")
CODE_TAKEN = msg("The code {code} belongs to “{name}” ({number}).")
PLU_TAKEN = msg("The PLU number {plu} belongs to “{name}”. Choose another one.")
NO_CATEGORY = msg("This category is not there any more. Choose another one.")
NO_RATE = msg("This VAT key has no rate today. Choose another one, or enter the rate in the shop’s VAT rates.")
OWN_DEPOSIT = msg("An article can’t be its own deposit.")
STILL_A_DEPOSIT = msg("“{name}” is sold with this deposit. Take it away there first.")


@dataclass(frozen=True, slots=True)
class Terms:
    """What cards are checked by: the rates of today by key, the wall clock's zone, and who has a PLU number besides articles."""

    now: dt.datetime
    rates: Mapping[VatKey, int]
    zone: str
    voucher_type_named: Callable[[str], str | None]


def card_of(session: Session, article: Article, now: dt.datetime) -> Card:
    """The card of an article at `now`."""
    schedule = schedule_of(session, article)
    return Card(article, schedule.now.tiers, schedule.later).at(now)


def save(session: Session, context: Context, card: Card, known: Card | None, terms: Terms) -> Card:
    """Store a card; `known` is the one that it was made from, None for a new article. Returns it as it is stored.

    Raises NotSaved for what can't be taken, and ChangedMeanwhile when somebody else was quicker; nothing is left behind
    then. Saving the same card twice is saving it once.
    """
    hold(session, [Lock(LockKind.ARTICLES, "")])  # the till's own comes last, with the trail: a sale needs that too
    typed = rules.tidied(card)
    stored = _stored(session, card.article.id, terms.now)
    if stored == typed.at(terms.now):
        return stored  # saved before: the answer was lost
    before = _unchanged(stored, known, terms.now)
    found = problems(session, typed, known, terms)
    if found:
        raise NotSaved(found)
    new = typed.at(terms.now)
    try:
        (add_article if before is None else change_article)(session, new.article)
    except IntegrityError as error:  # an import took a number between the look and the writing
        raise ChangedMeanwhile from error
    store(session, new.article.id, new.schedule)
    _note(session, context, (before, new), terms.zone)
    return new


def problems(session: Session, card: Card, before: Card | None, terms: Terms) -> tuple[CardProblem, ...]:
    """What is wrong with a tidied card, field by field; `before` is the one that it was made from."""
    found = []
    for field, check in _checks(session, card, before, terms):
        try:
            check()
        except Refused as refused:
            found.append(CardProblem(field, refused))
    return tuple(found)


def told(session: Session, card: Card | None, zone: str) -> dict[str, str]:
    """A card in words, column by column, as the audit trail and the table of articles write it; empty for none."""
    if card is None:
        return {}
    names = {category.id: category.name for category in lookup.categories(session)}
    deposit = card.article.deposit_id
    numbers = lookup.numbers_of(session, [deposit] if deposit is not None else [])
    words = table_columns.told(listed(card.article, names, numbers))
    words["Staffelpreise"] = _tiers_told(PriceList(None, card.tiers))
    words["Geplante Preise"] = "; ".join(
        f"ab {local(one.valid_from, zone):%d.%m.%Y %H:%M}: {_tiers_told(one.prices)}" for one in card.later
    )
    return words


def _stored(session: Session, article_id: uuid.UUID, now: dt.datetime) -> Card | None:
    article = lookup.article_or_none(session, article_id)
    return None if article is None else card_of(session, article, now)


def _unchanged(stored: Card | None, known: Card | None, now: dt.datetime) -> Card | None:
    """The card as it is stored, if it still is the one that somebody has looked at."""
    if stored != (None if known is None else known.at(now)):
        raise ChangedMeanwhile
    return stored


def _checks(
    session: Session, card: Card, before: Card | None, terms: Terms
) -> Iterator[tuple[CardField, Callable[[], None]]]:
    article = card.article
    known = before.article.codes if before is not None else ()
    plans = before.later if before is not None else ()
    yield CardField.NUMBER, lambda: rules.check_number(article.number)
    yield CardField.NUMBER, lambda: _check_number_is_free(session, article)
    yield CardField.NAME, lambda: rules.check_name(article.name)
    yield CardField.RECEIPT_NAME, lambda: rules.check_receipt_name(article.receipt_name)
    yield CardField.CATEGORY, lambda: _check_category(session, article)
    yield CardField.VAT_KEY, lambda: _check_vat_key(article, terms)
    yield CardField.UNIT, lambda: rules.check_unit(article.unit)
    yield CardField.PRICE, lambda: rules.check_prices(card)
    yield CardField.TIERS, lambda: rules.check_tiers(card)
    yield CardField.LATER, lambda: rules.check_later(card, plans, terms.now)
    yield CardField.CODES, lambda: rules.check_codes(article.codes, known)
    yield CardField.CODES, lambda: _check_codes_are_free(session, article)
    yield CardField.PLU, lambda: rules.check_plu(article.plu)
    yield CardField.PLU, lambda: _check_plu_is_free(session, article, terms)
    yield CardField.DEPOSIT, lambda: _check_deposit(session, article)
    yield CardField.KIND, lambda: _check_kind(session, article)
    yield CardField.AGE_LIMIT, lambda: rules.check_age(article.age_limit)
    yield CardField.NOTE, lambda: rules.check_note(article.note)


def _check_number_is_free(session: Session, article: Article) -> None:
    other = session.execute(
        select(ArticleRow.name).where(ArticleRow.number == article.number, ArticleRow.id != article.id)
    ).scalar()
    if other is not None:
        raise Refused(NUMBER_TAKEN, number=article.number, name=shortened(other))


def _check_category(session: Session, article: Article) -> None:
    if article.category_id not in {category.id for category in lookup.categories(session)}:
        raise Refused(NO_CATEGORY)


def _check_vat_key(article: Article, terms: Terms) -> None:
    if article.vat_key not in terms.rates or article.vat_key > VatKey.UNDETERMINED:
        raise Refused(NO_RATE)


def _check_codes_are_free(session: Session, article: Article) -> None:
    taken = (
        select(ArticleCodeRow.code, ArticleRow.name, ArticleRow.number)
        .join(ArticleRow, ArticleRow.id == ArticleCodeRow.article_id)
        .where(ArticleCodeRow.code.in_(article.codes), ArticleCodeRow.article_id != article.id)
        .order_by(ArticleCodeRow.code)
    )
    row = session.execute(taken).first()
    if row is not None:
        raise Refused(CODE_TAKEN, code=row.code, name=shortened(row.name), number=row.number)


def _check_plu_is_free(session: Session, article: Article, terms: Terms) -> None:
    name = terms.voucher_type_named(article.plu) if article.plu else None
    for owner in owners_of(session, [article.plu]) if article.plu and name is None else ():
        if owner.kind is PluKind.ARTICLE and owner.ref != str(article.id):
            name = lookup.article_by_id(session, uuid.UUID(owner.ref)).name
    if name is not None:
        raise Refused(PLU_TAKEN, plu=article.plu, name=shortened(name))


def _check_deposit(session: Session, article: Article) -> None:
    if article.deposit_id is None:
        return
    if article.kind is ArticleKind.DEPOSIT:
        raise Refused(rules.DEPOSIT_OF_DEPOSIT)
    if article.deposit_id == article.id:
        raise Refused(OWN_DEPOSIT)
    deposit = lookup.article_by_id(session, article.deposit_id)
    if deposit.kind is not ArticleKind.DEPOSIT:
        raise Refused(rules.NOT_A_DEPOSIT, name=shortened(deposit.name))


def _check_kind(session: Session, article: Article) -> None:
    if article.kind is ArticleKind.DEPOSIT:
        return
    tied = select(ArticleRow.name).where(ArticleRow.deposit_article_id == article.id).order_by(ArticleRow.name).limit(1)
    name = session.scalar(tied)
    if name is not None:
        raise Refused(STILL_A_DEPOSIT, name=shortened(name))


def _note(session: Session, context: Context, cards: tuple[Card | None, Card], zone: str) -> None:
    """Only what is different, each on a line; the article's name stands in both, so that the trail reads by itself."""
    before, after = (told(session, card, zone) for card in cards)
    different = [column for column in after if before.get(column, "") != after[column]]
    if not different:
        return
    name = f"{cards[1].article.number} {cards[1].article.name}"
    trail.note(
        session,
        context,
        trail.Action.ARTICLE_CHANGED,
        str(cards[1].article.id),
        before="\n".join([name, *(f"{column}: {before.get(column, '')}" for column in different)]) if before else "",
        after="\n".join([name, *(f"{column}: {after[column]}" for column in different)]),
    )


def _tiers_told(prices: PriceList) -> str:
    first = [] if prices.price is None else [str(prices.price).replace(".", ",")]
    tiers = [f"ab {tier.quantity} {tier.price}".replace(".", ",") for tier in prices.tiers]
    return ", ".join([*first, *tiers])


def next_number(session: Session) -> str:
    """The number behind the highest one that is digits only; what a new article is called until somebody says otherwise."""
    digits_only = (func.ltrim(ArticleRow.number, "0123456789") == "", func.length(ArticleRow.number).between(1, 9))
    highest = session.scalar(select(func.max(func.length(ArticleRow.number))).where(*digits_only)) or 0
    last = session.scalar(
        select(func.max(ArticleRow.number)).where(*digits_only, func.length(ArticleRow.number) == highest)
    )
    return str(int(last) + 1) if last else "1"

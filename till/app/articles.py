"""The desk for articles: find them, change them, plan their prices, keep their pictures. Selling goes on beside it (T14)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from till.app.needs import needs
from till.app.workplace import Workplace
from till.audit import trail
from till.business_case import VatKey
from till.catalog import keeping, listing, lookup
from till.catalog.article import Article, Category
from till.catalog.card import Card, CardProblem, tidied
from till.catalog.listing import Listing, Wanted
from till.catalog.pictures import PictureOwner, normalised, pictures, set_picture
from till.catalog.price_list import LaterPrices
from till.catalog.prices import due_prices
from till.errors import Refused
from till.i18n import msg
from till.money import Money
from till.staff.permission import Permission
from till.vouchers.types import voucher_types

NOT_PLANNED = msg("This price is no longer planned. Look at the article again.")


@dataclass(frozen=True, slots=True)
class Choices:
    """What a card can be filled with: categories by tab, VAT keys with their rates of today, deposits by name."""

    categories: tuple[Category, ...]
    vat_keys: tuple[tuple[VatKey, int], ...]
    deposits: tuple[Article, ...]


@dataclass(frozen=True, slots=True)
class ColumnChange:
    """One thing that was changed, before and after in words."""

    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One change of an article: when, by whom, and what; `is_new` when it was made."""

    at: dt.datetime
    user_name: str
    changes: tuple[ColumnChange, ...]
    is_new: bool


class ArticleDesk:
    """The master data of articles. `changed` is called after each change, so that the counter's grid is read again."""

    def __init__(self, workplace: Workplace, changed: Callable[[], None]) -> None:
        self._workplace = workplace
        self._changed = changed

    # Looking

    def listing(self, wanted: Wanted) -> Listing:
        """Some articles, at the prices of now; looks through all of them, so it belongs on a worker's thread."""
        now = self._workplace.clock.now()
        with self._workplace.database.read() as session:
            found = listing.listing(session, wanted)
            due = due_prices(session, [article.id for article in found.articles], now)
        return replace(found, articles=tuple(replace(a, price=due.get(a.id, a.price)) for a in found.articles))

    def choices(self) -> Choices:
        """What the fields of a card offer."""
        rates = self._workplace.rates()
        with self._workplace.database.read() as session:
            return Choices(
                tuple(lookup.categories(session)),
                tuple((key, rates[key]) for key in sorted(rates) if key <= VatKey.UNDETERMINED),
                tuple(listing.deposits(session)),
            )

    def today(self) -> dt.date:
        """The local day of now."""
        return self._workplace.today()

    def card(self, article_id: uuid.UUID) -> Card:
        """The article with all its prices as they stand now. Refused when there is none."""
        with self._workplace.database.read() as session:
            return keeping.card_of(session, lookup.article_by_id(session, article_id), self._workplace.clock.now())

    def card_with_code(self, code: str) -> Card | None:
        """The article that has a scanned code, number or PLU number; None where there is none."""
        with self._workplace.database.read() as session:
            article = listing.article_with_code(session, code)
            return None if article is None else keeping.card_of(session, article, self._workplace.clock.now())

    def new_card(self, code: str = "", category_id: str = "") -> Card:
        """An empty card under the next free number; with the code that somebody scanned in vain (T2)."""
        with self._workplace.database.read() as session:
            number = keeping.next_number(session)
            known = [category.id for category in lookup.categories(session)]
        category = category_id if category_id in known else next(iter(known), "")
        codes = (code,) if code else ()
        return Card(Article(uuid.uuid4(), number, "", category, None, VatKey.GENERAL, codes=codes))

    def copy_of(self, card: Card) -> Card:
        """A new article that is like another one, but for what only one can have: number, codes, PLU number, place."""
        with self._workplace.database.read() as session:
            number = keeping.next_number(session)
        same = replace(card.article, id=uuid.uuid4(), number=number, codes=(), plu="", position=None)
        return replace(card, article=same)

    def problems(self, card: Card, known: Card | None) -> tuple[CardProblem, ...]:
        """What saving would say, without saving: for marking fields while somebody types."""
        with self._workplace.database.read() as session:
            return keeping.problems(session, tidied(card), known, self._terms(session))

    def history(self, article_id: uuid.UUID) -> tuple[HistoryEntry, ...]:
        """Who changed what and when, the latest first; what an import changed stands in its own entry of the trail."""
        with self._workplace.database.read() as session:
            found = trail.entries_about(session, trail.Action.ARTICLE_CHANGED, str(article_id))
        return tuple(_entry(one) for one in found)

    def picture(self, article_id: uuid.UUID) -> bytes | None:
        """The picture as PNG, None where there is none."""
        with self._workplace.database.read() as session:
            return pictures(session, PictureOwner.ARTICLE, [str(article_id)]).get(str(article_id))

    # Changing

    @needs(Permission.CATALOGUE)
    def save(self, card: Card, known: Card | None) -> Card:
        """Store a card, all of it or nothing; `known` is the one that it was made from, None for a new article.

        Raises NotSaved with what is wrong field by field, ChangedMeanwhile when somebody else was quicker. The counter sells by it from the next scan on.
        """
        return self._save(card, known)

    @needs(Permission.CATALOGUE)
    def set_active(self, article_id: uuid.UUID, *, is_active: bool) -> Card:
        """Sell an article no more, or again. It is never deleted: receipts and reports go on naming it."""
        known = self.card(article_id)
        return self._save(replace(known, article=replace(known.article, is_active=is_active)), known)

    @needs(Permission.CATALOGUE)
    def plan(self, article_id: uuid.UUID, plan: LaterPrices) -> Card:
        """Plan other prices for an article from an instant on."""
        known = self.card(article_id)
        return self._save(replace(known, later=(*known.later, plan)), known)

    @needs(Permission.CATALOGUE)
    def drop_plan(self, article_id: uuid.UUID, valid_from: dt.datetime) -> Card:
        """Take planned prices back. Refused when there are none for that instant, or they count already."""
        known = self.card(article_id)
        left = tuple(one for one in known.later if one.valid_from != valid_from)
        if left == known.later:
            raise Refused(NOT_PLANNED)
        return self._save(replace(known, later=left), known)

    @needs(Permission.CATALOGUE)
    def set_picture(self, article_id: uuid.UUID, content: bytes | None) -> bytes | None:
        """Keep a chosen file's picture, made small, or None to take it away; for a worker's thread. Returns what is kept."""
        png = None if content is None else normalised(content)
        context = self._workplace.context(needs_shift=False)

        def work(session: Session) -> None:
            article = lookup.article_by_id(session, article_id)
            name, ref = f"{article.number} {article.name}", str(article_id)
            had = ref in pictures(session, PictureOwner.ARTICLE, [ref])
            set_picture(session, PictureOwner.ARTICLE, ref, png)
            told = {
                "before": f"{name}\nBild: {_has(is_there=had)}",
                "after": f"{name}\nBild: {_has(is_there=png is not None)}",
            }
            trail.note(session, context, trail.Action.ARTICLE_CHANGED, ref, **told)

        self._workplace.run(work)
        self._changed()
        return png

    def _save(self, card: Card, known: Card | None) -> Card:
        context = self._workplace.context(needs_shift=False)

        def work(session: Session) -> Card:
            return keeping.save(session, context, card, known, self._terms(session))

        saved = self._workplace.run(work)
        self._changed()
        return saved

    def _terms(self, session: Session) -> keeping.Terms:
        named = {kind.plu: kind.name for kind in voucher_types(session) if kind.plu}
        place = self._workplace
        return keeping.Terms(place.clock.now(), place.rates(), place.shop.zone, named.get)


def price_warning(price: Money | None) -> str:
    """A msgid of what somebody should know about a price that is allowed; empty where there is nothing to say."""
    return (
        msg("0.00 means that it is given away. Leave the price empty if the till shall ask for it.")
        if price == Money(0)
        else ""
    )


def _entry(one: trail.AuditEntry) -> HistoryEntry:
    """What stands in the trail, line by line, as before and after of each column."""
    before = dict(line.partition(": ")[::2] for line in one.before.splitlines()[1:])
    after = [line.partition(": ")[::2] for line in one.after.splitlines()[1:]]
    changes = tuple(ColumnChange(column, before.get(column, ""), words) for column, words in after)
    return HistoryEntry(one.at, one.user_name, tuple(c for c in changes if c.before or c.after), not one.before)


def _has(*, is_there: bool) -> str:
    return "ja" if is_there else "nein"

"""All fields of an article's card; each asks the desk's own rules as soon as typing pauses."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from till.app.articles import ArticleDesk, Choices, price_warning
from till.business_case import VatKey
from till.catalog.article import Article, ArticleKind
from till.catalog.card import UNITS, Card, CardField
from till.catalog.price_list import LaterPrices
from till.errors import Refused
from till.i18n import Translator
from till.money import Money
from till.ui.look import Look
from till.ui.office.articles.codes_field import CodesField
from till.ui.office.articles.plans_field import PlansField
from till.ui.office.articles.tiers_field import TiersField
from till.ui.widgets.form import CheckField, ChoiceField, Field, MoneyField, NumberField, TextField


class CardFields:
    """The fields by what they are of the card; `base` is the card that they were filled from."""

    def __init__(self, look: Look, desk: ArticleDesk, choices: Choices) -> None:
        self._look, self._desk = look, desk
        self.base: Card | None = None
        self.known: Card | None = None
        t = look.t
        self.name = TextField(look, t("Name"), self._rule(CardField.NAME))
        self.receipt_name = TextField(look, t("Name on the receipt"), self._rule(CardField.RECEIPT_NAME))
        self.receipt_name.show_hint(t("as above"))
        self.number = TextField(look, t("Article number"), self._rule(CardField.NUMBER))
        self.plu = TextField(look, t("PLU number"), self._rule(CardField.PLU))
        self.category = ChoiceField[str](look, t("Category"), _categories(choices))
        self.vat_key = ChoiceField[VatKey](
            look, t("VAT rate"), [(_rate(look, *one), one[0]) for one in choices.vat_keys]
        )
        self.unit = ChoiceField[str](look, t("Unit"), [(unit, unit) for unit in UNITS], self._rule(CardField.UNIT))
        self.kind = ChoiceField[ArticleKind](look, t("Kind"), kinds(t), self._rule(CardField.KIND))
        self.deposit = ChoiceField[uuid.UUID | None](
            look, t("Deposit"), _deposits(look, choices), self._rule(CardField.DEPOSIT)
        )
        self.age_limit = NumberField(look, t("Minimum age"), self._rule(CardField.AGE_LIMIT))
        self.note = TextField(look, t("Note (not printed)"), self._rule(CardField.NOTE))
        self.is_active = CheckField(look, t("For sale"))
        self.takes_discount = CheckField(look, t("May be reduced"))
        self.is_weighed = CheckField(look, t("Sold by weight or measure"))
        self.price = MoneyField(look, t("Price (with VAT)"), self._rule(CardField.PRICE))
        self.price.show_hint(t("the till asks"))
        self.tiers = TiersField(look, t("Prices by quantity"), self._rule(CardField.TIERS))
        self.later = PlansField(look, t("Planned prices"), desk.today, self._check_plan)
        self.codes = CodesField(look, t("Codes (EAN)"), self._rule(CardField.CODES))

    @property
    def by_field(self) -> dict[CardField, Field[Any]]:
        """Where what is wrong with a part of the card is said."""
        return {
            CardField.NUMBER: self.number,
            CardField.NAME: self.name,
            CardField.RECEIPT_NAME: self.receipt_name,
            CardField.CATEGORY: self.category,
            CardField.VAT_KEY: self.vat_key,
            CardField.KIND: self.kind,
            CardField.UNIT: self.unit,
            CardField.PRICE: self.price,
            CardField.TIERS: self.tiers,
            CardField.LATER: self.later,
            CardField.CODES: self.codes,
            CardField.PLU: self.plu,
            CardField.DEPOSIT: self.deposit,
            CardField.AGE_LIMIT: self.age_limit,
            CardField.NOTE: self.note,
        }

    @property
    def every(self) -> tuple[Field[Any], ...]:
        """All of them."""
        return (*self.by_field.values(), self.is_active, self.takes_discount, self.is_weighed)

    @property
    def is_changed(self) -> bool:
        """Whether something was typed that is not stored; a card that is new, and empty, has nothing to lose."""
        return self.base is not None and (self.later.is_open or any(field.is_changed for field in self.every))

    @property
    def warning(self) -> str:
        """A msgid of what should be known about what is typed; empty where there is nothing."""
        return price_warning(self._read(self.price, Money(1)))

    def offer(self, choices: Choices) -> None:
        """Offer what there is now; only while nothing is typed, as what was chosen is put back from the stored card."""
        self.category.offer(_categories(choices))
        self.vat_key.offer([(_rate(self._look, *one), one[0]) for one in choices.vat_keys])
        self.deposit.offer(_deposits(self._look, choices))
        if self.base is not None:
            self.fill(self.base, self.known)

    def fill(self, card: Card, known: Card | None) -> None:
        """Put a card in; `known` is the stored one that it was made from."""
        self.base, self.known = card, known
        article = card.article
        for name in _OWN:
            getattr(self, name).set_value(getattr(article, name))
        self._offer_unit(article.unit)
        self.category.set_value(article.category_id)
        self.deposit.set_value(article.deposit_id)
        self.tiers.set_value(card.tiers)
        self.later.set_value(card.later)

    def take_over(self, stored: Card) -> None:
        """Somebody else has stored another card: take what they changed where nothing was typed here."""
        typed = {place: field.read() for place, field in enumerate(self.every) if field.is_changed}
        self.fill(stored, stored)
        for place, value in typed.items():
            self.every[place].type_in(value)

    def draft(self) -> Card:
        """The card as it is typed; what can't be read is as it was."""
        assert self.base is not None  # noqa: S101 - a form is filled before it is read
        article, read = self.base.article, self._read
        values = {name: read(getattr(self, name), getattr(article, name)) for name in _OWN}
        values["category_id"] = read(self.category, article.category_id)
        values["deposit_id"] = read(self.deposit, article.deposit_id)
        values["unit"] = read(self.unit, article.unit)
        return Card(replace(article, **values), read(self.tiers, self.base.tiers), self.later.read())

    def unreadable(self) -> list[Field[Any]]:
        """The fields that hold no value at all; each says so."""
        found = []
        for field in self.every:
            try:
                field.read()
            except Refused as refusal:
                field.say(self._look.formats.sentence(refusal))
                found.append(field)
        return found

    def _rule(self, field: CardField) -> Callable[[Any], None]:
        def check(_value: object) -> None:
            if self.base is None:
                return
            card = self.draft()
            if field is CardField.CODES and isinstance(_value, tuple):
                card = replace(card, article=replace(card.article, codes=_value))
            for problem in self._desk.problems(card, self.known):
                if problem.field is field:
                    raise problem.refused

        return check

    def _check_plan(self, plan: LaterPrices) -> None:
        card = self.draft()
        for problem in self._desk.problems(replace(card, later=(*card.later, plan)), self.known):
            if problem.field is CardField.LATER:
                raise problem.refused

    def _offer_unit(self, unit: str) -> None:
        units = UNITS if unit in UNITS or not unit else (unit, *UNITS)
        self.unit.offer([(one, one) for one in units])
        self.unit.set_value(unit)

    @staticmethod
    def _read(field: Field[Any], otherwise: Any) -> Any:
        try:
            return field.read()
        except Refused:
            return otherwise


def kinds(t: Translator) -> list[tuple[str, ArticleKind]]:
    """The kinds of articles by their words."""
    return [
        (t("Goods"), ArticleKind.GOODS),
        (t("Service"), ArticleKind.SERVICE),
        (t("Deposit"), ArticleKind.DEPOSIT),
    ]


def _categories(choices: Choices) -> list[tuple[str, str]]:
    return [(one.name, one.id) for one in choices.categories]


def _rate(look: Look, key: VatKey, rate_bp: int) -> str:
    t = look.t
    named = {
        VatKey.NOT_TAXABLE: t("not taxable"),
        VatKey.EXEMPT: t("tax-free"),
        VatKey.UNDETERMINED: t("not determined"),
    }
    return f"{key.value} · {named.get(key) or look.formats.percent(rate_bp)}"


def _deposits(look: Look, choices: Choices) -> list[tuple[str, uuid.UUID | None]]:
    none: list[tuple[str, uuid.UUID | None]] = [(look.t("none"), None)]
    return [*none, *((_named(look, one), one.id) for one in choices.deposits)]


def _named(look: Look, article: Article) -> str:
    price = "" if article.price is None else f" · {look.formats.money(article.price)}"
    return f"{article.name}{price}"


_OWN = (
    "number",
    "name",
    "receipt_name",
    "plu",
    "vat_key",
    "kind",
    "codes",
    "price",
    "age_limit",
    "note",
    "is_active",
    "takes_discount",
    "is_weighed",
)
"""Fields that are called as the article's."""

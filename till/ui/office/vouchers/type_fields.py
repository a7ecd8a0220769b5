"""All fields of a voucher type's form; each asks the desk's own rules as soon as typing pauses (V5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from till.app.goods import VOUCHERS
from till.app.voucher_types import TypeChoices, VoucherTypeDesk
from till.business_case import VatKey
from till.errors import Refused
from till.ui.look import Look
from till.ui.office.vouchers.fields import DayField, PercentField
from till.ui.office.vouchers.type_words import numberings, treatments
from till.ui.widgets.form import CheckField, ChoiceField, Field, MoneyField, TextField
from till.vouchers.model import Numbering, VatTreatment, VoucherType
from till.vouchers.type_rules import TypeField, TypeHint


class TypeFields:
    """The fields by what they are of the type; `base` is the type that they were filled from, `is_new`: it is not stored."""

    def __init__(self, look: Look, desk: VoucherTypeDesk) -> None:
        self._look, self._desk = look, desk
        self.base: VoucherType | None = None
        self.is_new = False
        t = look.t
        choices = desk.choices()
        self.name = TextField(look, t("Short name (on till and receipt)"), self._rule(TypeField.NAME))
        self.note = TextField(look, t("Long name (not printed)"), self._rule(TypeField.NOTE))
        self.plu = TextField(look, t("PLU number"), self._rule(TypeField.PLU))
        self.category = ChoiceField[str](
            look, t("Category"), _categories(look, choices, ""), self._rule(TypeField.CATEGORY)
        )
        self.sale = MoneyField(look, t("Sale value"), self._rule(TypeField.SALE))
        self.sale.show_hint(t("the till asks"))
        by_percent: list[tuple[str, bool]] = [(t("as entered"), False), (t("sale value plus N %"), True)]
        self.is_by_percent = ChoiceField[bool](look, t("Rule for the face value"), by_percent)
        self.face = MoneyField(look, t("Face value"), self._rule(TypeField.FACE))
        self.face.show_hint(t("as the sale value"))
        self.percent = PercentField(look, t("Percent on top"), self._rule(TypeField.BONUS))
        self.zero_price = CheckField(look, t("May cost 0.00 (gift)"))
        self.numbering = ChoiceField[Numbering](
            look, t("Number"), [(words, one) for one, words in numberings(t).items()], self._rule(TypeField.NUMBERING)
        )
        self.first_number = TextField(look, t("First number"), self._rule(TypeField.NEXT_NUMBER))
        self.first_number.show_hint("AG2026-0001")
        self.vat = ChoiceField[VatTreatment](
            look, t("VAT treatment"), [(words, one) for one, words in treatments(t).items()], self._rule(TypeField.VAT)
        )
        self.vat_key = ChoiceField[VatKey](look, t("VAT rate"), _rates(look, choices), self._rule(TypeField.VAT_KEY))
        self.valid_from = DayField(look, t("Valid from"), self._rule(TypeField.VALID_UNTIL))
        self.valid_from.show_hint(t("day of sale"))
        self.valid_until = DayField(look, t("Valid until"), self._rule(TypeField.VALID_UNTIL))
        self.takes_vouchers = CheckField(look, t("May be bought with vouchers"))

    @property
    def by_field(self) -> dict[TypeField, Field[Any]]:
        """Where what is wrong with a part of the type is said."""
        return {
            TypeField.NAME: self.name,
            TypeField.NOTE: self.note,
            TypeField.PLU: self.plu,
            TypeField.CATEGORY: self.category,
            TypeField.SALE: self.sale,
            TypeField.FACE: self.face,
            TypeField.BONUS: self.percent,
            TypeField.ZERO_PRICE: self.zero_price,
            TypeField.NUMBERING: self.numbering,
            TypeField.NEXT_NUMBER: self.first_number,
            TypeField.VAT: self.vat,
            TypeField.VAT_KEY: self.vat_key,
            TypeField.VALID_FROM: self.valid_from,
            TypeField.VALID_UNTIL: self.valid_until,
        }

    @property
    def every(self) -> tuple[Field[Any], ...]:
        """All of them, shown or not."""
        return (*self.by_field.values(), self.is_by_percent, self.takes_vouchers)

    @property
    def is_changed(self) -> bool:
        """Whether something was typed that is not stored."""
        return self.base is not None and any(field.is_changed for field in self.every)

    def fill(self, kind: VoucherType, *, is_new: bool) -> None:
        """Put a type in; what can be chosen is read again."""
        choices = self._desk.choices()
        self.category.offer(_categories(self._look, choices, kind.category_id))
        self.vat_key.offer(_rates(self._look, choices))
        self.base, self.is_new = kind, is_new
        for name, value in _values(kind).items():
            getattr(self, name).set_value(value)
        self.arrange()

    def arrange(self) -> None:
        """Show the fields that count with what is chosen."""
        kind = self.base
        if kind is None:
            return
        counts_up = self.numbering.read() is Numbering.AUTOMATIC
        was_counting = not self.is_new and kind.numbering is Numbering.AUTOMATIC
        for field in (
            self.sale,
            self.is_by_percent,
            self.zero_price,
            self.numbering,
            self.vat,
            self.takes_vouchers,
            self.category,
        ):
            field.setVisible(not kind.is_complaint)
        self.face.setVisible(not kind.is_complaint and not self.is_by_percent.read())
        self.percent.setVisible(not kind.is_complaint and self.is_by_percent.read())
        self.first_number.setVisible(counts_up and not was_counting)
        self.vat_key.setVisible(self.vat.read() is VatTreatment.SINGLE_PURPOSE)

    def draft(self) -> VoucherType:
        """The type as it is typed; what can't be read is as it was."""
        kind = self.base
        assert kind is not None  # noqa: S101 - a form is filled before it is read
        was = _values(kind)
        read = {name: self._read(getattr(self, name), value) for name, value in was.items()}
        return replace(
            kind,
            name=read["name"],
            note=read["note"],
            plu=read["plu"],
            category_id=read["category"],
            sale=read["sale"],
            face=None if read["is_by_percent"] else read["face"],
            face_bonus_bp=(read["percent"] or 0) if read["is_by_percent"] else None,
            zero_price_allowed=read["zero_price"],
            numbering=read["numbering"],
            next_number=read["first_number"],
            vat_treatment=read["vat"],
            vat_key=read["vat_key"],
            valid_from=read["valid_from"],
            valid_until=read["valid_until"],
            may_be_bought_with_vouchers=read["takes_vouchers"],
        )

    def unreadable(self) -> list[Field[Any]]:
        """The fields that are shown and hold no value at all; each says so."""
        found = []
        for field in self.every:
            try:
                field.read()
            except Refused as refusal:
                if not field.isHidden():
                    field.say(self._look.formats.sentence(refusal))
                    found.append(field)
        return found

    def hints(self) -> tuple[TypeHint, ...]:
        """What should be known about what is typed."""
        return () if self.base is None else self._desk.hints(self.draft())

    def _rule(self, field: TypeField) -> Callable[[Any], None]:
        def check(_value: object) -> None:
            if self.base is None:
                return
            for problem in self._desk.problems(self.draft()):
                if problem.field is field:
                    raise problem.refused

        return check

    @staticmethod
    def _read(field: Field[Any], otherwise: Any) -> Any:
        try:
            return field.read()
        except Refused:
            return otherwise


def _values(kind: VoucherType) -> dict[str, Any]:
    """What stands in the fields of a type, by their names."""
    return {
        "name": kind.name,
        "note": kind.note,
        "plu": kind.plu,
        "category": kind.category_id,
        "sale": kind.sale,
        "is_by_percent": kind.face_bonus_bp is not None,
        "face": kind.face,
        "percent": kind.face_bonus_bp,
        "zero_price": kind.zero_price_allowed,
        "numbering": kind.numbering,
        "first_number": kind.next_number,
        "vat": kind.vat_treatment,
        "vat_key": kind.vat_key if kind.vat_treatment is VatTreatment.SINGLE_PURPOSE else VatKey.GENERAL,
        "valid_from": kind.valid_from,
        "valid_until": kind.valid_until,
        "takes_vouchers": kind.may_be_bought_with_vouchers,
    }


def _categories(look: Look, choices: TypeChoices, chosen: str) -> list[tuple[str, str]]:
    """A type without a category lies in the one for vouchers, where there is one; it isn't offered twice then."""
    offered = [(one.name, "" if one.id == VOUCHERS and not chosen else one.id) for one in choices.categories]
    if any(not id_ for _name, id_ in offered) or chosen == VOUCHERS:
        return offered
    return [(look.t("none (first page only)"), ""), *offered]


def _rates(look: Look, choices: TypeChoices) -> list[tuple[str, VatKey]]:
    free = look.t("tax-free")
    return [
        (f"{key.value} · {free if key is VatKey.EXEMPT else look.formats.percent(rate)}", key)
        for key, rate in choices.rates
    ]

"""The basket's model tells the view only what changed, so that a scan costs the same with 5 and 500 lines (P3)."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QObject
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy

from till.business_case import VatKey
from till.formats import Formats
from till.i18n import Translator
from till.money import Money
from till.quantity import pieces
from till.sales.basket import Basket, Item, ItemKind
from till.sales.pricing import PricedLine, price
from till.ui.look import Look
from till.ui.sale.basket_model import BasketModel
from till.ui.theme import LIGHT

LOOK = Look(LIGHT, Formats(Translator("en")))
RATES = {VatKey.GENERAL: 1900}


def basket(count: int) -> Basket:
    made = Basket(uuid.UUID(int=1), dt.datetime(2026, 11, 21, tzinfo=dt.UTC))
    for number in range(count):
        made = made.with_line(Item(ItemKind.ARTICLE, str(number), f"Article {number}", VatKey.GENERAL), Money(100))
    return made


def lines(made: Basket) -> tuple[PricedLine, ...]:
    return price(made, RATES).lines


@pytest.fixture
def model(qapp: QObject) -> BasketModel:
    return BasketModel(LOOK, qapp)


def test_a_new_line_is_one_insertion(model: BasketModel) -> None:
    made = basket(50)
    model.show_lines(lines(made))
    inserted, changed = QSignalSpy(model.rowsInserted), QSignalSpy(model.dataChanged)
    model.show_lines(lines(made.with_line(Item(ItemKind.ARTICLE, "x", "New", VatKey.GENERAL), Money(1))))
    assert inserted.count() == 1
    assert changed.count() == 0


def test_a_changed_quantity_repaints_one_row(model: BasketModel) -> None:
    made = basket(50)
    model.show_lines(lines(made))
    changed, reset = QSignalSpy(model.dataChanged), QSignalSpy(model.modelReset)
    model.show_lines(lines(made.with_quantity(7, pieces(4))))
    assert changed.count() == 1
    assert reset.count() == 0


@given(st.lists(st.sampled_from(range(1, 13)), unique=True), st.lists(st.sampled_from(range(1, 13)), unique=True))
def test_any_change_of_lines_is_shown_right(before: list[int], after: list[int]) -> None:
    model = BasketModel(LOOK)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    known = {line.line.id: line for line in lines(basket(12))}
    for ids in (sorted(before), sorted(after)):
        model.show_lines(tuple(known[line_id] for line_id in ids))
        assert [model.line(row).line.id for row in range(model.rowCount())] == ids
    assert tester.model() is model


def test_a_line_is_spoken_with_quantity_name_and_amount(model: BasketModel) -> None:
    model.show_lines(lines(basket(1).with_quantity(1, pieces(2))))
    assert model.data(model.index(0)) == "2 × Article 0, €2.00"

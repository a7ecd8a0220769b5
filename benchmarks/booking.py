"""P1: a sale of 5 lines with 2 tenders, from the desk's order to the committed transaction, beside bare SQLite."""

from __future__ import annotations

import gc
import uuid
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from sqlalchemy.orm import Session

from benchmarks.bare_sale import BareBook, Inserts, NewRows
from benchmarks.measure import Result, Sample, ratio
from benchmarks.shop import code_of, new_shop, open_shop, patiently, temporary_folder
from till.app.bootstrap import Till
from till.app.workplace import Workplace
from till.documents.model import Document
from till.sales import saved
from till.sales.basket import Basket
from till.sales.checkout import Rules, complete
from till.sales.order import Order, TenderFace
from till.sales.pricing import price
from till.sales.tender import Tendered, TenderKind
from till.shop.tenders import CARD, CASH

LINES = 5
ROUNDS = 1500
WARM_UP = 100
IDLE_EVERY = 100
P50_RATIO = 3.0
P99_MS = 15.0


def measure() -> list[Result]:
    """The booking transaction alone against the same rows, with the schema as it is and without its triggers."""
    with temporary_folder() as folder:
        settings = new_shop(folder / "shop", 100)
        with open_shop(settings) as till:
            return _results(_rounds(till, folder))


@dataclass(frozen=True, slots=True)
class _Samples:
    till: Sample
    bare: Sample
    bare_without_triggers: Sample
    rows: int


def _rounds(till: Till, folder: Path) -> _Samples:
    workplace = till.workplace
    basket = basket_of(till)
    source = folder / "shop" / "till.db"
    workplace.database.checkpoint()
    books = [BareBook(source, folder / f"{kind}.db", with_triggers=kind == "as-is") for kind in ("as-is", "bare")]
    rows = NewRows(source)
    samples = _Samples(Sample(), Sample(), Sample(), 0)
    inserts: list[Inserts] = []
    for number in range(WARM_UP + ROUNDS):
        if number == WARM_UP:
            gc.collect()
            samples = _Samples(Sample(), Sample(), Sample(), sum(len(table.rows) for table in inserts))
        order = order_of(workplace, replace(basket, order_id=uuid.uuid4()))
        samples.till.take(partial(book_order, workplace, order))
        inserts = rows.read()
        for sample, book in zip((samples.bare, samples.bare_without_triggers), books, strict=True):
            sample.take(partial(book.write, inserts, workplace.settings.till_id))
        if number % IDLE_EVERY == 0:
            workplace.database.checkpoint()
            for book in books:
                book.checkpoint()
    rows.close()
    for book in books:
        book.close()
    return samples


def _results(samples: _Samples) -> list[Result]:
    till, bare, without = samples.till, samples.bare, samples.bare_without_triggers
    note = f"{len(till.ns)} rounds, {samples.rows} rows and one number each"
    return [
        Result(
            "P1",
            f"book a sale of {LINES} lines, 2 tenders",
            till.text(),
            f"{bare.text()} (the schema as it is)",
            ratio(till, bare),
            f"p50 ≤ {P50_RATIO:g} × bare",
            ratio(till, bare) <= P50_RATIO,
            note,
        ),
        Result(
            "P1",
            "… the slowest of a hundred",
            f"p99 {till.ms(99):.2f} ms",
            f"p99 {bare.ms(99):.2f} ms",
            till.ms(99) / bare.ms(99),
            f"p99 ≤ {P99_MS:g} ms",
            till.ms(99) <= P99_MS,
            f"the log is moved into the file every {IDLE_EVERY} sales, as an idle till does",
        ),
        Result(
            "P1",
            "… against tables without triggers",
            till.text(),
            without.text(),
            ratio(till, without),
            note="what the protection against changes costs",
        ),
    ]


def book_order(workplace: Workplace, order: Order) -> Document:
    """What SaleDesk.complete does in the database, and nothing else of it."""
    context = workplace.context()
    rules = Rules(workplace.rates())

    def work(session: Session) -> Document:
        sale = complete(session, context, order, rules)
        saved.forget(session, context.till_id)
        return sale.document

    return workplace.database.run(work)


def basket_of(till: Till) -> Basket:
    """A basket of LINES lines, filled at the desk."""
    for number in range(LINES):
        till.sale.scan(code_of(number))
    basket = till.sale.state.priced.basket
    patiently(till.sale.cancel)
    till.settle()
    return basket


def order_of(workplace: Workplace, basket: Basket) -> Order:
    """The basket paid half by card, half in cash."""
    priced = price(basket, workplace.rates())
    card = replace(priced.total, cents=priced.total.cents // 2)
    tendered = (
        Tendered(1, TenderKind.CARD, CARD, "Karte", card),
        Tendered(2, TenderKind.CASH, CASH, "Bar", priced.total - card),
    )
    return Order(priced, tendered, {t.id: TenderFace(t.id, t.name, t.zahlart_typ) for t in workplace.tenders})

"""A day at the counter, as a script over the desks."""

from __future__ import annotations

import uuid

from till.app.bootstrap import Till
from till.money import Money


def test_a_scanned_article_is_sold_for_cash_and_gives_change(till: Till) -> None:
    till.sale.scan("4006381333931")
    till.sale.scan("4006381333931")
    till.sale.pay_cash(Money(1000))
    sale = till.sale.complete()
    assert sale.change == Money(300)
    assert sale.document.draft.total == Money(700)
    assert till.cash.expected_cash() == Money(10700)


def test_completing_twice_books_once(till: Till) -> None:
    till.sale.scan("4006381333931")
    till.sale.pay_cash(Money(1000))
    assert till.sale.complete() == till.sale.complete()
    assert len(till.receipts.recent()) == 1
    assert isinstance(till.receipts.recent()[0].document_id, uuid.UUID)

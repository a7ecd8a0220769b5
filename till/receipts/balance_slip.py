"""The slip that tells what is on a voucher; it is no receipt, and nothing takes place (10-vouchers V38)."""

from __future__ import annotations

from collections.abc import Iterator

from till.receipts.document import BIG, BOLD, Align, Block, Cut, Feed, Receipt, ReceiptKind, Row, Rule, Text
from till.receipts.frame import short_head
from till.receipts.source import BalanceSlip


def balance_slip(slip: BalanceSlip) -> Receipt:
    """The paper with the voucher's balance as of now."""
    t = slip.formats.translator
    title = t("Balance of voucher {number}").format(number=slip.number)
    return Receipt(ReceiptKind.VOUCHER_BALANCE, title, t.language, t("COPY"), tuple(_blocks(slip)))


def _blocks(slip: BalanceSlip) -> Iterator[Block]:
    t, formats = slip.formats.translator, slip.formats
    yield from short_head(slip.shop)
    yield Rule()
    yield Text(t("For information – not a receipt"), Align.CENTRE, BOLD)
    yield Feed()
    yield Text(slip.type_name, Align.CENTRE)
    yield Text(slip.number, Align.CENTRE, BOLD)
    yield Text(formats.money(slip.left), Align.CENTRE, BIG)
    if slip.why_not:
        yield Text(slip.why_not, Align.CENTRE, BOLD)
    yield Feed()
    yield Row(t("Valid until"), formats.date(slip.valid_until))
    yield Row(t("As of"), formats.date_time(slip.as_of))
    yield Row(t("Till"), slip.till_id)
    yield Cut()

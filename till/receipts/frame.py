"""What frames every receipt: the shop's head, warnings, number and time, the TSE's values, the end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from till.documents.model import FOR_CUSTOMERS
from till.receipts.document import BIG, BOLD, QR, Align, Barcode, Block, Cut, Feed, Logo, Row, Text
from till.receipts.source import ReceiptSource, ShopHeader, TseOutage, TseStamp


def full_head(source: ReceiptSource) -> Iterator[Block]:
    """Logo, name, address and tax number of the shop (§ 6 KassenSichV Nr. 1)."""
    shop, t = source.shop, source.formats.translator
    if shop.logo:
        yield Logo(shop.logo)
    yield from short_head(shop)
    yield from _centred(*shop.address, *shop.contact)
    yield from _centred(t("VAT ID {number}").format(number=shop.vat_id) if shop.vat_id else "")
    yield from _centred(t("Tax number {number}").format(number=shop.tax_number) if shop.tax_number else "")


def short_head(shop: ShopHeader) -> Iterator[Block]:
    """The shop's name alone, for papers that stay in the shop."""
    yield Text(shop.name, Align.CENTRE, BIG)


def warnings(source: ReceiptSource) -> Iterator[Block]:
    """What must not be overlooked: a TSE that is only a test."""
    t = source.formats.translator
    if source.tse_is_test:
        yield Text(t("TEST – not a valid receipt"), Align.CENTRE, BOLD)


def heading(text: str) -> Text:
    """What the paper is, where it is no ordinary receipt."""
    return Text(text, Align.CENTRE, BOLD)


def identity(source: ReceiptSource) -> Iterator[Block]:
    """Number, day and time, till and cashier, and the receipts that this one goes back to."""
    document, formats, t = source.document, source.formats, source.formats.translator
    ended = f"{formats.date(document.ended_at)} {formats.time(document.ended_at)}"
    yield Row(t("Receipt no. {number}").format(number=document.number), ended, style=BOLD)
    for reference in document.draft.references:
        words = t("For receipt no. {number} of till {till}")
        yield Text(words.format(number=reference.number, till=reference.till_id))
    if document.draft.kind in FOR_CUSTOMERS:
        yield Text(t("You were served by {name}").format(name=document.user_name))
    else:
        yield Row(t("Cashier"), document.user_name)


def tse_block(source: ReceiptSource) -> Iterator[Block]:
    """The values of § 6 KassenSichV Nr. 2, 4, 6 and 7, none of them cut (AEAO zu § 146a Nr. 2.4.4).

    With a QR code, which may replace them, serial number and Prüfwert of the TSE stand only in it.
    """
    t, formats = source.formats.translator, source.formats
    yield Row(t("Till"), source.document.till_id)
    match source.tse:
        case TseStamp():
            yield from _stamp(source, source.tse)
        case TseOutage():
            yield from _till_times(source)
            since = f"{formats.date(source.tse.since)} {formats.time(source.tse.since)}"
            yield Text(t("TSE out of order since {since} – receipt without signature").format(since=since), style=BOLD)
        case None:
            yield from _till_times(source)
            yield Text(t("Not signed by the TSE yet – not a valid receipt"), style=BOLD)


def end(source: ReceiptSource) -> Iterator[Block]:
    """The shop's last words to a customer, the receipt's barcode, and the cut."""
    yield Feed()
    if source.document.draft.kind in FOR_CUSTOMERS:
        yield from _centred(*source.shop.footer)
    if source.barcode:
        yield Barcode(source.barcode)
    yield Cut()


def _stamp(source: ReceiptSource, stamp: TseStamp) -> Iterator[Block]:
    t, formats = source.formats.translator, source.formats
    time = formats.date_time if stamp.qr else _exact_time
    yield Row(t("Transaction"), str(stamp.transaction_number))
    yield Row(t("Signature counter"), str(stamp.signature_counter))
    yield Row(t("Start"), time(stamp.started_at))
    yield Row(t("End"), time(stamp.finished_at))
    if stamp.qr:
        yield Text(t("TSE serial number and check value: see QR code"))
        yield QR(stamp.qr)
        return
    yield Text(t("TSE serial number"))
    yield Text(stamp.serial)
    yield Text(t("Check value"))
    yield Text(stamp.signature)


def _till_times(source: ReceiptSource) -> Iterator[Block]:
    document, formats, t = source.document, source.formats, source.formats.translator
    yield Row(t("Start"), formats.date_time(document.draft.started_at))
    yield Row(t("End"), formats.date_time(document.ended_at))


def _exact_time(instant: dt.datetime) -> str:
    return instant.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _centred(*lines: str) -> Iterator[Block]:
    yield from (Text(line, Align.CENTRE) for line in lines if line)

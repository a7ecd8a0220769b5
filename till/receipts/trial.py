"""The test receipt: proves width, letters and codes of a printer; it is no receipt, and in no books (U11)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from till.devices.model import PrinterProfile
from till.formats import Formats
from till.i18n import msg
from till.receipts.document import BIG, BOLD, QR, Align, Block, Cut, Feed, Receipt, ReceiptKind, Row, Rule, Text

MARK = msg("TEST")
NO_RECEIPT = msg("No receipt: nothing was sold, and nothing is in the books.")
_LETTERS = "ÄÖÜ äöü ß € é è ç ½"
_QR = "TEST"


@dataclass(frozen=True, slots=True)
class Trial:
    """What the paper tells: the lines of the shop's head, the printer it is made for, and when."""

    head: tuple[str, ...]
    printer: PrinterProfile
    at: dt.datetime


def trial_paper(page: Trial, formats: Formats) -> Receipt:
    """The paper, in the language of `formats`, with the mark on top and at the end."""
    t = formats.translator
    blocks = tuple(_blocks(page, formats))
    return Receipt(ReceiptKind.TEST, t(MARK), t.language, t("COPY"), blocks)


def _blocks(page: Trial, formats: Formats) -> Iterator[Block]:
    t, columns = formats.translator, page.printer.columns
    yield Text(t(MARK), Align.CENTRE, BIG)
    yield Text(t(NO_RECEIPT), Align.CENTRE, BOLD)
    yield Rule()
    if any(page.head):
        yield from (Text(line, Align.CENTRE) for line in page.head if line)
        yield Rule()
    yield Row(t("Printer"), page.printer.label)
    yield Row(t("Printed"), f"{formats.date(page.at)} {formats.time(page.at)}")
    yield Row(t("Letters"), _LETTERS)
    yield Text("1234567890" * (columns // 10) + "1234567890"[: columns % 10])
    yield Text(
        t("The row of figures ends at both edges of the paper, and the letters above are right: the printer is set up.")
    )
    yield QR(_QR)
    yield Feed()
    yield Text(t(MARK), Align.CENTRE, BIG)
    yield Cut()

"""A receipt as ESC/POS bytes for one printer; texts are cleaned first, so that only this module writes commands.

Codes go out as raster strips (`GS v 0`), which every printer and clone prints alike (70-devices 2.5). There
is no drawer command: the drawer opens on its own way (70-devices 5.1).
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Any

from till.devices.model import PrinterProfile
from till.pages.fonts import mono_has
from till.raster import Raster
from till.receipts.document import NORMAL, QR, Barcode, Cut, Logo, Receipt, Style
from till.receipts.layout import PaperItem, PrintedLine, lay_out
from till.receipts.media import NO_LOGOS, Logos, code_raster, draw_line, raster_of
from till.receipts.sanitize import encodable, for_codepage

_SELECT_CODEPAGE = b"\x1bt"
_PRINT_RASTER = b"\x1dv0\x00"
_TEAR_OFF_LINES = 4
_import_lock = Lock()


def encode(receipt: Receipt, printer: PrinterProfile, *, copy: bool = False, logos: Logos = NO_LOGOS) -> bytes:
    """The job for `printer`: its code page, its width, its cutter; `copy` marks it as a copy (T9)."""
    paper = receipt.as_copy() if copy else receipt
    job = _Job(_new_dummy(), printer, logos)
    job.begin()
    for item in lay_out(paper, printer.columns, job.clean):
        job.put(item)
    return job.output


@dataclass(slots=True)
class _Job:
    """One print job under construction; `dummy` is python-escpos's encoder, used once (70-devices 2.3)."""

    dummy: Any
    printer: PrinterProfile
    logos: Logos
    style: Style = NORMAL

    @property
    def output(self) -> bytes:
        return bytes(self.dummy.output)

    def clean(self, text: str) -> str:
        return for_codepage(text, self.printer.codepage_name, mono_has)

    def begin(self) -> None:
        self.dummy.hw("INIT")
        # After INIT, as ESC @ takes the code page back; the slot is the profile's, python-escpos's own guess differs.
        self._raw(_SELECT_CODEPAGE + bytes([self.printer.codepage_slot]))

    def put(self, item: PaperItem) -> None:
        match item:
            case PrintedLine():
                self._line(item)
            case Barcode() | QR():
                self._raster(code_raster(item, self.printer.dots, self.printer.dpi))
            case Logo():
                self._logo(item)
            case Cut():
                self._cut(item)

    def _line(self, line: PrintedLine) -> None:
        if not all(encodable(char, self.printer.codepage_name) for char in line.text):
            cell = self.printer.dots // self.printer.columns
            self._raster(raster_of(draw_line(line, cell, self.printer.columns)))
            return
        self._use(line.style if line.text else NORMAL)
        self._raw(line.text.encode(self.printer.codepage_name) + b"\n")

    def _use(self, style: Style) -> None:
        if style != self.style:
            # GS ! for the size: ESC ! would take bold back (70-devices 2.4).
            self.dummy.set(custom_size=True, width=style.width, height=style.height, bold=style.bold)
            self.style = style

    def _raster(self, raster: Raster) -> None:
        # python-escpos's own image() prints remarks to stdout and knows another width than the profile's.
        for strip in raster.centred(self.printer.dots).strips(self.printer.max_strip_rows):
            size = strip.row_bytes.to_bytes(2, "little") + strip.height.to_bytes(2, "little")
            self._raw(_PRINT_RASTER + size + strip.bits)

    def _logo(self, logo: Logo) -> None:
        picture = self.logos.get(logo.name)
        if picture is not None and picture.width <= self.printer.dots:
            self._raster(picture)
        elif logo.text:
            self._line(PrintedLine(self.clean(logo.text)[: self.printer.columns]))

    def _cut(self, cut: Cut) -> None:
        self._use(NORMAL)
        if self.printer.cutter:
            self.dummy.cut(mode="PART" if cut.partial else "FULL")
        else:
            self.dummy.print_and_feed(_TEAR_OFF_LINES)

    def _raw(self, command: bytes) -> None:
        self.dummy._raw(command)  # noqa: SLF001 - the only way of python-escpos to take finished bytes


def _new_dummy() -> Any:
    with _import_lock:
        return _dummy_class()()


@cache
def _dummy_class() -> Any:
    """python-escpos's Dummy, imported late: it reads a big table, and pickles it into a folder that it is told.

    The folder is private and lives as long as the import, so that nobody else's pickle is ever loaded
    (70-devices 2.1).
    """
    name = "ESCPOS_CAPABILITIES_PICKLE_DIR"
    before = os.environ.get(name)
    with tempfile.TemporaryDirectory(prefix="till-escpos-") as folder:
        os.environ[name] = folder
        try:
            from escpos.printer import Dummy
        finally:
            _restore(name, before)
    return Dummy


def _restore(name: str, before: str | None) -> None:
    if before is None:
        del os.environ[name]
    else:
        os.environ[name] = before

"""Words and values about devices, named after UnifiedPOS: what a printer is, how it feels, how a job ended."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MAX_STRIP_ROWS = 128  # taller GS v 0 strips crash cheap printers (70-devices 2.5)


class DrawerReason(StrEnum):
    """Why the cash drawer is opened; there is no other reason (70-devices 5.1)."""

    CASH_PAYMENT = "cash_payment"
    CASH_MOVEMENT = "cash_movement"
    NO_SALE = "no_sale"


class PrintOutcome(StrEnum):
    """How a job ended that was handed to a printer."""

    PRINTED = "printed"
    """The printer said that it has executed everything."""
    SENT = "sent"
    """All bytes went to a printer that can't tell more."""
    UNCERTAIN = "uncertain"
    """Bytes may have arrived, and nobody but a person can say whether paper came."""


@dataclass(frozen=True, slots=True)
class PrintResult:
    """The outcome of a job; `reason` is a msgid that tells a person why it is uncertain, else empty."""

    outcome: PrintOutcome
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PrinterStatus:
    """What the printer says of itself; None means that it did not say, never that all is well.

    `drawer_pin3` is the level at the drawer connector; `drawer_opened` is its meaning, known once the
    drawer's polarity was learned (`PrinterProfile.drawer_open_level`).
    """

    online: bool | None = None
    cover_open: bool | None = None
    rec_empty: bool | None = None
    rec_near_end: bool | None = None
    error: bool | None = None
    drawer_pin3: bool | None = None
    drawer_opened: bool | None = None

    @property
    def can_print(self) -> bool:
        """True unless the printer named a reason that holds it back; a silent printer gets its chance."""
        return self.online is not False and not (self.rec_empty or self.cover_open or self.error)

    @property
    def is_silent(self) -> bool:
        """True when the printer said nothing at all."""
        return self == SILENT


SILENT = PrinterStatus()


@dataclass(frozen=True, slots=True)
class DrawerPulse:
    """The current through the drawer's solenoid: connector pin 2 or 5, on and off time in milliseconds."""

    pin: int = 2
    on_ms: int = 50
    off_ms: int = 500

    def __post_init__(self) -> None:
        if self.pin not in {2, 5}:
            msg = f"a drawer hangs on pin 2 or 5, not {self.pin}"
            raise ValueError(msg)
        if not (2 <= self.on_ms <= 510 and 2 <= self.off_ms <= 510):  # noqa: PLR2004 - ESC p counts 2 ms in one byte
            msg = f"ESC p takes 2 to 510 ms, not {self.on_ms}/{self.off_ms}"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class PrinterProfile:
    """What is known of a printer model: everything that an encoder and a driver must ask before they send bytes.

    `columns` counts characters of font A, `dots` is the printable width, `codepage_slot` the n of `ESC t n`
    that selects `codepage_name` (a Python codec). `cap_status`: it answers DLE EOT and GS r;
    `drawer_realtime`: it knows the pulse DLE DC4 1, which works while paper is out.
    `drawer_open_level` is the level of pin 3 when the drawer is open, None until it was learned.
    """

    name: str
    label: str
    columns: int
    dots: int
    dpi: int
    codepage_slot: int = 19
    codepage_name: str = "CP858"
    cutter: bool = True
    max_strip_rows: int = MAX_STRIP_ROWS
    cap_status: bool = True
    drawer_realtime: bool = False
    drawer_pulse: DrawerPulse = DrawerPulse()
    drawer_open_level: bool | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.max_strip_rows <= MAX_STRIP_ROWS:
            msg = f"strips have 1 to {MAX_STRIP_ROWS} rows, not {self.max_strip_rows}"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class ScanData:
    """One scanned code without prefix and suffix, and the device that read it."""

    code: str
    source: str

"""What the till expects of a device, whatever its make; every implementation belongs to one thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from till.devices.model import DrawerReason, PrinterStatus, PrintResult, ScanData


class Transport(Protocol):
    """A line to a device that carries bytes; `can_read` is false when nothing ever comes back."""

    @property
    def can_read(self) -> bool:
        """Whether the device's answers arrive over this line."""
        ...

    def open(self) -> None:
        """Connect; DeviceError (retryable) when the device is not there."""
        ...

    def write(self, payload: bytes) -> None:
        """Send everything or raise DeviceError, whose `sent_any` tells whether a byte may have arrived."""
        ...

    def read(self, limit: int, timeout_s: float) -> bytes:
        """At most `limit` bytes; empty when nothing came in time; DeviceError when the line is gone."""
        ...

    def close(self) -> None:
        """Hang up; never raises and may be called twice."""
        ...


class POSPrinter(Protocol):
    """A receipt printer on an open line."""

    def query_status(self) -> PrinterStatus:
        """Ask the printer how it is; silent fields are None."""
        ...

    def print_bytes(self, payload: bytes, keep_waiting: Callable[[PrinterStatus], bool]) -> PrintResult:
        """Send a whole job and wait until the printer confirms it; see the driver for the exact promise."""
        ...


class CashDrawer(Protocol):
    """A cash drawer, at a printer or on a line of its own."""

    def open_drawer(self, reason: DrawerReason) -> None:
        """Open it now or never: a kick is not queued (70-devices 5.1)."""
        ...


class Scanner(Protocol):
    """A barcode scanner that tells its listeners of every code, in the order of reading."""

    def listen(self, callback: Callable[[ScanData], None]) -> None:
        """Call `callback` for each scan from now on."""
        ...

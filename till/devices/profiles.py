"""The receipt printers that the till knows by name, and what each can do (70-devices 2.2)."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from till.devices.model import PrinterProfile
from till.errors import Refused
from till.i18n import msg

_EPSON_80 = PrinterProfile("TM-T20III", "Epson TM-T20III", columns=48, dots=576, dpi=203, drawer_realtime=True)
_EPSON_180 = PrinterProfile("TM-T88V", "Epson TM-T88V", columns=42, dots=512, dpi=180, drawer_realtime=True)
# Over the network Star printers leave DLE EOT unanswered, so that they never confirm anything.
_STAR = PrinterProfile("Star-TSP100IV", "Star TSP100IV (ESC/POS)", columns=48, dots=576, dpi=203, cap_status=False)
_CLONE_80 = PrinterProfile("POS-80", "POS-80", columns=48, dots=576, dpi=203, codepage_slot=19, cap_status=False)
_CLONE_58 = PrinterProfile(
    "POS-58", "POS-58", columns=32, dots=384, dpi=203, codepage_slot=53, cutter=False, cap_status=False
)


def _like(model: PrinterProfile, name: str, label: str, **differences: bool | int) -> PrinterProfile:
    return replace(model, name=name, label=label, **differences)  # type: ignore[arg-type]


_TABLE = (
    _EPSON_80,
    _like(_EPSON_80, "TM-T20II", "Epson TM-T20II"),
    _like(_EPSON_80, "TM-m30", "Epson TM-m30 / m30II / m30III"),
    _EPSON_180,
    _like(_EPSON_180, "TM-T88IV", "Epson TM-T88IV"),
    _like(_EPSON_180, "TM-T88VI", "Epson TM-T88VI"),
    _like(_EPSON_180, "TM-T88VII", "Epson TM-T88VII"),
    _STAR,
    _like(_STAR, "Star-TSP650II", "Star TSP650II (ESC/POS)"),
    _like(_STAR, "Star-mC-Print3", "Star mC-Print3 (ESC/POS)"),
    _like(_CLONE_80, "Xprinter-80", "Xprinter XP-80 / XP-Q800", cap_status=True),
    _CLONE_80,
    _like(_CLONE_80, "NT-80", "NT-80 / 80-V-UL", codepage_slot=53),
    _CLONE_58,
    _like(_CLONE_58, "NT-5890K", "NT-5890K / POS-5890"),
    _like(_CLONE_58, "Xprinter-58", "Xprinter XP-58", codepage_slot=19),
)

PROFILES = MappingProxyType({profile.name: profile for profile in _TABLE})
DEFAULT_PROFILE = _EPSON_80


def printer_profile(name: str) -> PrinterProfile:
    """The profile of this name; upper and lower case are the same. Refused when the till doesn't know it."""
    by_folded_name = {known.casefold(): profile for known, profile in PROFILES.items()}
    profile = by_folded_name.get(name.strip().casefold())
    if profile is None:
        raise Refused(UNKNOWN_PROFILE, name=name, names=", ".join(sorted(PROFILES, key=str.casefold)))
    return profile


UNKNOWN_PROFILE = msg('There is no printer profile "{name}". Choose one of: {names}.')

"""What is printed for a voucher besides the receipt: a slip, a small label, or nothing (V17)."""

from __future__ import annotations

from dataclasses import dataclass

from till.i18n import msg

SLIP = "default"
NOTHING = "none"


@dataclass(frozen=True, slots=True)
class LabelTemplate:
    """A named label: `title` is its msgid; what it shows stands in the three flags, the number and its barcode always do."""

    name: str
    title: str
    has_shop: bool = True
    has_value: bool = True
    has_validity: bool = True


TEMPLATES = (
    LabelTemplate("value", msg("Label with value and validity")),
    LabelTemplate("number", msg("Label with number only"), has_value=False, has_validity=False),
    LabelTemplate("gift", msg("Gift label without value"), has_value=False),
)
"""The named ones, in the order in which they are offered."""


def template(name: str) -> LabelTemplate | None:
    """The named label; None for the slip, for nothing, and for a name that is not known."""
    return next((one for one in TEMPLATES if one.name == name), None)


def is_known(name: str) -> bool:
    """Whether a type may have it."""
    return name in {SLIP, NOTHING} or template(name) is not None

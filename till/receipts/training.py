"""Makes a paper of training unmistakable: it says what it is on top, at the end, and wherever a rule would stand (U10)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from till.i18n import Translator
from till.receipts.document import BIG, BOLD, Align, Block, Cut, Feed, Rule, Style, Text

_HUGE = Style(bold=True, width=3, height=3)


def marked(blocks: Iterable[Block], t: Translator) -> Iterator[Block]:
    """The blocks of a paper between two marks, with bands of the word in place of its rules."""
    yield from mark(t)
    yield Feed()
    for block in blocks:
        if isinstance(block, Cut):
            yield Feed()
            yield from mark(t)
        yield band(t) if isinstance(block, Rule) else block


def mark(t: Translator) -> Iterator[Block]:
    """The word as large as the paper bears, and what this paper is not."""
    yield Text(t("TRAINING"), Align.CENTRE, _HUGE)
    yield Text(t("no invoice"), Align.CENTRE, BIG)
    yield Text(t("no receipt"), Align.CENTRE, BIG)


def band(t: Translator) -> Block:
    """The word across the paper."""
    return Text(" ".join([t("TRAINING")] * 3), Align.CENTRE, BOLD)

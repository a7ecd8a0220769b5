"""Opens what has to be asked about vouchers in the place of the articles, and hands scans and keys to it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from till.app.selling import SaleDesk
from till.app.views import Choice, ScanKind, ScanResult, VoucherAsk
from till.errors import Refused
from till.i18n import msg
from till.sales.basket import BasketLine
from till.ui.look import Look
from till.ui.sale.pick_panel import PickPanel
from till.ui.sale.voucher_panel import Asked, VoucherPanel

FINISH_FIRST = msg("Finish the voucher that is being sold first, or cancel it with Esc.")


class VoucherPrompts(QObject):
    """`show` puts a panel in the place of the articles, None brings these back; `picked` with what a choice led to.

    `asking` when a question opened or closed.
    """

    picked = Signal(object)
    asking = Signal(bool)

    def __init__(self, look: Look, desk: SaleDesk, show: Callable[[QWidget | None], None]) -> None:
        super().__init__()
        self._look, self._desk, self._show = look, desk, show
        self.panel: VoucherPanel | None = None

    def note_panel(self, panel: QWidget | None) -> None:
        """Another panel, or none, is seen in the place of the articles."""
        before, self.panel = self.panel, panel if isinstance(panel, VoucherPanel) else None
        if (before is None) != (self.panel is None):
            self.asking.emit(self.panel is not None)

    def ask(self, ask: VoucherAsk) -> None:
        """Ask what the sale of a voucher needs."""
        self._open(Asked(ask))

    def change(self, line: BasketLine) -> None:
        """Let number and words of a voucher in the basket be changed (V22)."""
        order = line.item.voucher
        if order is not None:
            ask = VoucherAsk(order.type_id, line.item.number, line.item.name, bool(order.number), asks_price=False)
            self._open(Asked(ask, line.id, order.number, order.text))

    def pick(self, choices: tuple[Choice, ...]) -> None:
        """Let one of several things with the same code be picked (V25)."""
        panel = PickPanel(self._look, choices)
        panel.picked.connect(self._take)
        panel.left.connect(self.close)
        self._show(panel)
        panel.begin()

    def press(self, key: str) -> bool:
        """A key of the pad goes to the question; False where none is open."""
        if self.panel is not None:
            self.panel.press(key)
        return self.panel is not None

    def confirm(self) -> bool:
        """Enter; False where no question is open."""
        if self.panel is not None:
            self.panel.confirm()
        return self.panel is not None

    def on_scan(self, code: str) -> bool | None:
        """Whether a scan was taken as the number that is asked for; None where none is."""
        return self.panel.on_scan(code) if self.panel is not None else None

    def in_the_way_of(self, result: ScanResult) -> Refused | None:
        """Why a scan's outcome may not take the place of a question that is open, with all that was typed there."""
        takes_its_place = result.kind in {ScanKind.ASK, ScanKind.PICK, ScanKind.VOUCHER}
        return Refused(FINISH_FIRST) if self.panel is not None and takes_its_place else None

    def close(self) -> None:
        """Back to the articles."""
        self._show(None)

    def _open(self, asked: Asked) -> None:
        panel = VoucherPanel(self._look, self._desk, asked)
        panel.ended.connect(self.close)
        self._show(panel)
        panel.begin()

    def _take(self, choice: Choice) -> None:
        self.close()
        self.picked.emit(choice)


def is_asked(result: ScanResult, prompts: VoucherPrompts) -> bool:
    """Whether a scan's outcome needs an answer first, which is asked now."""
    if result.ask is not None:
        prompts.ask(result.ask)
    elif result.choices:
        prompts.pick(result.choices)
    return result.ask is not None or bool(result.choices)

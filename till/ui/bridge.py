"""The one place where the desks' notifications, from whatever thread, become Qt signals in the window's thread."""

from __future__ import annotations

from collections.abc import Callable
from weakref import ref

from PySide6.QtCore import QObject, QTimer, Signal

from till.app.bootstrap import Till

LOOK_ROUND_MS = 5_000


class Bridge(QObject):
    """Carries what the desks tell to the window, and has the disk looked at while nobody sells.

    `sale_changed` with a SaleState, `status_changed` with a Status, `settings_changed` with Settings; `staff_changed` when
    somebody else is at work, `catalogue_changed` when tabs or tiles were changed. A notification from the window's own
    thread arrives at once, one from another thread is queued (Qt's automatic connection). Slots must be methods of
    QObjects for that to hold. When the window is gone, what the till's threads still tell goes nowhere.
    """

    sale_changed = Signal(object)
    status_changed = Signal(object)
    settings_changed = Signal(object)
    staff_changed = Signal()
    catalogue_changed = Signal()

    def __init__(self, till: Till) -> None:
        super().__init__()
        self._look_round = QTimer(self, interval=LOOK_ROUND_MS)
        self._look_round.timeout.connect(till.status.check_disk)
        self._look_round.start()
        till.sale.listen(self._carrier("sale_changed"))
        till.status.listen(self._carrier("status_changed"))
        till.listen_settings(self._carrier("settings_changed"))
        till.staff.listen(self._carrier("staff_changed"))
        till.catalogue.listen(self._carrier("catalogue_changed"))

    def _carrier(self, signal: str) -> Callable[..., None]:
        """A callback for a desk that sends a signal, and keeps nothing alive."""
        living = ref(self)

        def tell(*values: object) -> None:
            bridge = living()
            if bridge is not None:
                getattr(bridge, signal).emit(*values)

        return tell

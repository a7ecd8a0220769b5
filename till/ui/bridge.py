"""The one place where the desks' notifications, from whatever thread, become Qt signals in the window's thread."""

from __future__ import annotations

from weakref import ref

from PySide6.QtCore import QObject, QTimer, Signal

from till.app.bootstrap import Till
from till.app.views import SaleState, Status
from till.settings import Settings

LOOK_ROUND_MS = 5_000


class Bridge(QObject):
    """Carries `SaleState` and `Status`, and that somebody else is at work, to the window; and has the disk looked at while nobody sells.

    A notification from the window's own thread arrives at once, one from another thread is queued
    (Qt's automatic connection). Slots must be methods of QObjects for that to hold. When the window is
    gone, what the till's threads still tell goes nowhere.
    """

    sale_changed = Signal(object)
    status_changed = Signal(object)
    settings_changed = Signal(object)
    staff_changed = Signal()

    def __init__(self, till: Till) -> None:
        super().__init__()
        living = ref(self)
        self._look_round = QTimer(self, interval=LOOK_ROUND_MS)
        self._look_round.timeout.connect(till.status.check_disk)
        self._look_round.start()

        def tell_sale(state: SaleState) -> None:
            bridge = living()
            if bridge is not None:
                bridge.sale_changed.emit(state)

        def tell_status(status: Status) -> None:
            bridge = living()
            if bridge is not None:
                bridge.status_changed.emit(status)

        def tell_staff() -> None:
            bridge = living()
            if bridge is not None:
                bridge.staff_changed.emit()

        def tell_settings(settings: Settings) -> None:
            bridge = living()
            if bridge is not None:
                bridge.settings_changed.emit(settings)

        till.sale.listen(tell_sale)
        till.listen_settings(tell_settings)
        till.status.listen(tell_status)
        till.staff.listen(tell_staff)

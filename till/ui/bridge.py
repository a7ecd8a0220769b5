"""The one place where the desks' notifications, from whatever thread, become Qt signals in the window's thread."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from till.app.bootstrap import Till


class Bridge(QObject):
    """Carries `SaleState` and `Status` to the window.

    A notification from the window's own thread arrives at once, one from another thread is queued
    (Qt's automatic connection). Slots must be methods of QObjects for that to hold.
    """

    sale_changed = Signal(object)
    status_changed = Signal(object)

    def __init__(self, till: Till) -> None:
        super().__init__()
        till.sale.listen(self.sale_changed.emit)
        till.status.listen(self.status_changed.emit)

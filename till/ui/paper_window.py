"""The demo's printer beside the till: its paper, its faults to play with, its drawer."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QBoxLayout, QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from till.devices.simulated.paper import Receipt
from till.devices.simulated.printer import DrawerClosed, Fault, FaultChanged, Kick, PrinterEvent, SimulatedPrinter
from till.i18n import msg
from till.ui.fonts import bold, font
from till.ui.look import Look
from till.ui.theme import Size
from till.ui.widgets.button import Arrangement, Button, Face, Kind
from till.ui.widgets.chip import Chip, ChipFace
from till.ui.widgets.text import Text

WIDTH = 420
LEAST_WIDTH = 320
_MARGINS = 60
_NARROW = 400
_MOST_RECEIPTS = 20
_FAULTS = (
    (Fault.PAPER_OUT, msg("No paper"), "receipt"),
    (Fault.COVER_OPEN, msg("Open the cover"), "printer"),
    (Fault.OFFLINE, msg("Switch off"), "plug-off"),
    (Fault.PAPER_NEAR_END, msg("Paper runs low"), "alert-triangle"),
)


class _PrinterBridge(QObject):
    """The printer's notifications, from its threads to the window's."""

    happened = Signal(object)

    def __init__(self, printer: SimulatedPrinter) -> None:
        super().__init__()
        printer.listen(self.happened.emit)


class PaperWindow(QWidget):
    """Shows what the simulated printer prints, the newest on top as it comes out."""

    def __init__(self, look: Look, printer: SimulatedPrinter, width: int = WIDTH) -> None:
        super().__init__()
        self._look, self._printer, self._width = look, printer, width
        self._bridge = _PrinterBridge(printer)
        self.fault_keys: dict[Fault, Button] = {}
        self._paper = QVBoxLayout()
        self._empty = Text(look.t("Receipts come out here."), font(Size.BODY), "muted")
        self._drawer = Chip(look, ChipFace("", "cash-register"))
        self.close_drawer_key = Button(look, Face(look.t("Close the drawer")), Kind.PLAIN)
        self.setWindowTitle(look.t("Simulated printer"))
        self.setProperty("role", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._build()
        for receipt in printer.receipts[-_MOST_RECEIPTS:]:
            self._add(receipt)
        self._show_drawer()
        self._bridge.happened.connect(self._show_event)
        self.resize(width, 768)

    @property
    def receipts_shown(self) -> int:
        """How many pieces of paper are seen."""
        return self._paper.count()

    def _show_event(self, event: PrinterEvent) -> None:
        match event:
            case Receipt():
                self._add(event)
            case FaultChanged(fault, is_on):
                if fault in self.fault_keys:
                    self.fault_keys[fault].setChecked(is_on)
            case Kick() | DrawerClosed():
                self._show_drawer()
            case _:
                pass

    def _add(self, receipt: Receipt) -> None:
        self._empty.hide()
        paper = QLabel()
        paper.setPixmap(self._picture(receipt))
        paper.setAccessibleName(receipt.text[:200])
        self._paper.insertWidget(0, paper, 0, Qt.AlignmentFlag.AlignHCenter)
        if self._paper.count() > _MOST_RECEIPTS:
            last = self._paper.takeAt(self._paper.count() - 1)
            old = last.widget() if last is not None else None
            if old is not None:
                old.deleteLater()
        self._area.verticalScrollBar().setValue(0)

    def _picture(self, receipt: Receipt) -> QPixmap:
        image = receipt.paper_image().convert("L")
        picture = QImage(image.tobytes(), image.width, image.height, image.width, QImage.Format.Format_Grayscale8)
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap.fromImage(picture)
        scaled = pixmap.scaledToWidth(
            round((self._width - _MARGINS) * ratio), Qt.TransformationMode.SmoothTransformation
        )
        scaled.setDevicePixelRatio(ratio)
        return scaled

    def _show_drawer(self) -> None:
        is_open, t = self._printer.drawer_open, self._look.t
        words = t("Drawer open") if is_open else t("Drawer closed")
        self._drawer.set_face(ChipFace(words, "cash-register", "warn" if is_open else ""))
        self.close_drawer_key.setEnabled(is_open)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._built_head())
        inside = QWidget()
        inside.setProperty("role", "ground")
        lines = QVBoxLayout(inside)
        lines.setContentsMargins(16, 16, 16, 16)
        lines.addWidget(self._empty, 0, Qt.AlignmentFlag.AlignHCenter)
        self._paper.setSpacing(16)
        lines.addLayout(self._paper)
        lines.addStretch(1)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setWidget(inside)
        column.addWidget(self._area, 1)

    def _built_head(self) -> QFrame:
        t = self._look.t
        head = QFrame()
        head.setProperty("role", "bar")
        column = QVBoxLayout(head)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        column.addWidget(Text(t("Simulated printer"), bold(Size.TITLE)))
        grid = QGridLayout()
        grid.setSpacing(8)
        for place, (fault, words, icon) in enumerate(_FAULTS):
            grid.addWidget(self._fault(fault, Face(t(words), icon)), *divmod(place, 1 if self._width < _NARROW else 2))
        column.addLayout(grid)
        narrow = self._width < _NARROW
        row = QBoxLayout(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        row.addWidget(self._drawer)
        row.addStretch(1)
        row.addWidget(self.close_drawer_key)
        self.close_drawer_key.clicked.connect(self._printer.close_drawer)
        column.addLayout(row)
        return head

    def _fault(self, fault: Fault, face: Face) -> Button:
        button = Button(self._look, face, Kind.PLAIN).arranged(Arrangement.CENTRED, padding=8)
        button.setCheckable(True)
        button.setChecked(fault in self._printer.faults)
        button.toggled.connect(partial(self._printer.set_fault, fault))
        self.fault_keys[fault] = button
        return button

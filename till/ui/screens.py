"""Renders every screen in its states to PNG files, for looking at: `python -m till.ui.screens DATA_DIR [FOLDER]`."""

from __future__ import annotations

import datetime as dt
import os
import sys
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from till.app.bootstrap import Till, open_till
from till.app.lease import TAKEN
from till.app.status import CLOCK_BACK, DATABASE_BUSY, DATABASE_GONE
from till.app.upkeep import FOLDER_GONE
from till.app.views import PrinterState, Status, UncertainJob
from till.clock import Clock
from till.errors import Refused, Unavailable
from till.fiscal.recorder import FAILURE_SENTENCES, TseFailure
from till.money import Money
from till.quantity import pieces
from till.sales.basket import PercentOff
from till.settings import load
from till.shifts.count import CountDraft
from till.ui.first_start.scenes import FIRST_START_SCENES
from till.ui.keys import Action
from till.ui.main.window import MainWindow
from till.ui.office.opened import opened
from till.ui.office.page import OfficePage
from till.ui.office.screens import OFFICE_SCENES
from till.ui.payment.refusal_scenes import REFUSAL_SCENES
from till.ui.payment.scenes import VOUCHER_SCENES
from till.ui.refused_start import RefusedStart
from till.ui.returning.scenes import RETURN_SCENES, leave
from till.ui.sale.parked_panel import ParkedPanel
from till.ui.sale.screens import SELLING_SCENES
from till.ui.shift.screens import SHIFT_SCENES
from till.ui.sounds import Sounds
from till.ui.staff.screens import STAFF_SCENES, alone_again
from till.ui.stage import Plan, Scene, Stage, Variant, every_variant
from till.ui.start import prepare_application

_UNPRINTED = 3
_ROUNDS = 3  # a layout inside a layout settles in rounds of events


def sale_empty(_stage: Stage) -> None:
    """Nothing sold yet."""


def sale_lines(stage: Stage) -> None:
    """A basket as in a normal morning."""
    desk = stage.till.sale
    for place, tile in enumerate(stage.tiles(6)):
        desk.add(tile, pieces(1 + place % 3))
    line = desk.state.priced.lines[1].line
    desk.set_line_discount(line.id, PercentOff(1000))
    desk.set_note(desk.state.priced.lines[3].line.id, "als Geschenk")
    stage.window.sale.column.basket.choose(1)


def sale_folded(stage: Stage) -> None:
    """The pad folded away."""
    sale_lines(stage)
    stage.window.sale.column.set_folded(True)


def sale_typed(stage: Stage) -> None:
    """A quantity typed before the scan."""
    sale_lines(stage)
    stage.window.sale.input.press("3")


def search(stage: Stage) -> None:
    """Hits while typing."""
    sale_lines(stage)
    stage.window.top_bar.search.line.setText("ro")


def search_nothing(stage: Stage) -> None:
    """No hit."""
    stage.window.top_bar.search.line.setText("xyzzy")


def price_prompt(stage: Stage) -> None:
    """A price is asked."""
    sale_lines(stage)
    stage.window.sale.input.ask_price(stage.asking_tile())
    for key in ("1", "2", ",", "5"):
        stage.window.sale.input.press(key)


def discount_prompt(stage: Stage) -> None:
    """A discount on everything."""
    sale_lines(stage)
    stage.window.sale.input.ask_basket_discount()


def unknown_code(stage: Stage) -> None:
    """A scan that nothing has."""
    sale_lines(stage)
    stage.window.on_scan("4006381333931")


def payment_cash(stage: Stage) -> None:
    """Cash is offered."""
    sale_lines(stage)
    stage.window.act(Action.PAY)


def payment_split(stage: Stage) -> None:
    """Paid with a voucher and too much cash."""
    payment_voucher(stage)
    stage.window.payment.taking.confirm()
    stage.window.act(Action.CASH)
    for key in ("2", "0", "0"):
        stage.window.payment.taking.press(key)
    stage.window.payment.taking.confirm()


def payment_card(stage: Stage) -> None:
    """By card."""
    sale_lines(stage)
    stage.window.act(Action.CARD)


def payment_voucher(stage: Stage) -> None:
    """A voucher was found."""
    sale_lines(stage)
    stage.window.act(Action.VOUCHER)
    stage.window.payment.taking.look_up(stage.voucher)


def payment_refusal(stage: Stage) -> None:
    """A number that does not exist."""
    sale_lines(stage)
    stage.window.act(Action.VOUCHER)
    stage.window.payment.taking.number.set_text("AG2024-0012")
    stage.window.payment.taking.look_up("AG2024-0012")


def payment_letters(stage: Stage) -> None:
    """The letters of a number on the screen."""
    sale_lines(stage)
    stage.window.act(Action.VOUCHER)
    stage.window.payment.taking.act("letters")


def change(stage: Stage) -> None:
    """The change after a sale."""
    payment_cash(stage)
    stage.till.sale.pay_cash(Money(30000))
    stage.till.sale.complete()


def change_vouchers(stage: Stage) -> None:
    """The change beside the vouchers that were sold."""
    vouchers = [tile for tile in stage.till.sale.assortment().tiles if tile.kind == "voucher"]
    for tile in vouchers[:2]:
        stage.till.sale.add(tile, price=None if tile.price is not None else Money(3000))
    payment_cash(stage)
    stage.till.sale.pay_cash(Money(50000))
    stage.till.sale.complete()


def voucher_balance(stage: Stage) -> None:
    """A voucher scanned with an empty basket."""
    stage.window.on_scan(stage.voucher)


def sale_parked(stage: Stage) -> None:
    """Two baskets wait while a third one is open."""
    for name, tile in zip(("Frau Weber", ""), stage.tiles(2), strict=True):
        stage.till.sale.add(tile, pieces(2))
        stage.till.sale.park(name)
    sale_lines(stage)


def parked_list(stage: Stage) -> None:
    """The parked baskets; one is being named, one nearly thrown away."""
    sale_parked(stage)
    stage.window.act(Action.PARKED)
    panel = stage.window.sale.panel
    if isinstance(panel, ParkedPanel):
        panel.rows[0].trash.click()
        panel.rows[1].pencil.click()


def strips(stage: Stage) -> None:
    """Everything at once that can go wrong around a sale."""
    sale_lines(stage)
    stage.window.show_status(troubled(stage.till.status.current))


def strips_payment(stage: Stage) -> None:
    """The same while paying."""
    payment_cash(stage)
    stage.window.show_status(troubled(stage.till.status.current))


def strips_all(stage: Stage) -> None:
    """The same, all of it unfolded."""
    strips(stage)
    stage.window.sale.strips.show_all()


def waiting(stage: Stage) -> None:
    """The till waits for the database and tries again by itself."""
    sale_lines(stage)
    stage.window.sale.message.insist(_unavailable)


def clock_behind(stage: Stage) -> None:
    """The computer's clock stands before the last receipt."""
    payment_cash(stage)
    stage.till.sale.pay_cash(Money(30000))
    stage.window.payment.settled.message.insist(_clock_behind)


def refused_start(stage: Stage) -> QWidget:
    """The till was started a second time."""
    return _refused(stage, Refused(TAKEN, till="KASSE-1"))


def refused_waiting(stage: Stage) -> QWidget:
    """PostgreSQL can't be reached at the start."""
    return _refused(stage, Unavailable(DATABASE_GONE))


def closed(stage: Stage) -> None:
    """In the morning."""
    stage.window.sale.show_opening()


def receipts(stage: Stage) -> None:
    """The last receipt."""
    stage.window.act(Action.LAST_RECEIPT)


def receipts_found(stage: Stage) -> None:
    """Receipts found by an article; what was typed may be meant in two ways."""
    stage.window.act(Action.RECEIPTS)
    QTest.keyClicks(stage.window.receipts, "november rose")
    QTest.keyClick(stage.window.receipts, Qt.Key.Key_Return)
    stage.window.receipts.work.finish()


def receipts_nothing(stage: Stage) -> None:
    """Nothing was found."""
    stage.window.act(Action.RECEIPTS)
    QTest.keyClicks(stage.window.receipts, "99999")
    QTest.keyClick(stage.window.receipts, Qt.Key.Key_Return)
    stage.window.receipts.work.finish()


def training_sale(stage: Stage) -> None:
    """A sale is only practised."""
    stage.window.act(Action.TRAINING)
    sale_lines(stage)


def training_begun(stage: Stage) -> None:
    """Training has just begun."""
    stage.window.act(Action.TRAINING)


def training_payment(stage: Stage) -> None:
    """Paying is practised."""
    training_sale(stage)
    stage.window.act(Action.PAY)


def training_receipts(stage: Stage) -> None:
    """A receipt that is none, among those that are some."""
    training_sale(stage)
    stage.till.sale.pay_cash(stage.till.sale.state.settlement.open)
    stage.till.sale.complete()
    stage.window.act(Action.RECEIPTS)


def training_menu(stage: Stage) -> None:
    """The menu while something is practised."""
    stage.window.act(Action.TRAINING)
    stage.window.act(Action.MENU)


def training_office(stage: Stage) -> QWidget:
    """The back office while something is practised."""
    stage.window.act(Action.TRAINING)
    window, _page = opened(stage, "", OfficePage)
    window.show_status(stage.till.status.current)
    return window


def menu(stage: Stage) -> None:
    """The menu."""
    stage.window.act(Action.MENU)


def help_sheet(stage: Stage) -> None:
    """The keys."""
    stage.window.act(Action.HELP)


SCENES: tuple[Scene, ...] = (
    sale_empty,
    sale_lines,
    sale_folded,
    sale_typed,
    search,
    search_nothing,
    price_prompt,
    discount_prompt,
    unknown_code,
    payment_cash,
    payment_split,
    payment_card,
    payment_voucher,
    payment_refusal,
    payment_letters,
    change,
    change_vouchers,
    voucher_balance,
    sale_parked,
    parked_list,
    strips,
    strips_all,
    strips_payment,
    waiting,
    clock_behind,
    refused_start,
    refused_waiting,
    closed,
    receipts,
    receipts_found,
    receipts_nothing,
    training_begun,
    training_sale,
    training_payment,
    training_receipts,
    training_menu,
    training_office,
    menu,
    help_sheet,
    *SELLING_SCENES,
    *FIRST_START_SCENES,
    *RETURN_SCENES,
    *VOUCHER_SCENES,
    *REFUSAL_SCENES,
    *SHIFT_SCENES,
    *STAFF_SCENES,
    *OFFICE_SCENES,
)


def render(till: Till, clock: Clock, folder: Path, plan: Plan | None = None) -> list[Path]:
    """Play scenes on an open till into `folder`: those of the plan, else all in all variants; what was rendered."""
    plan = plan or Plan(SCENES, every_variant())
    prepare_application()
    QCursor.setPos(QPoint(0, 4000))
    folder.mkdir(parents=True, exist_ok=True)
    window = MainWindow(till, clock, Sounds(are_on=False))
    window.show()
    written = []
    for variant in plan.variants:
        stage = Stage(till, window, _voucher(till))
        till.sale.dismiss()
        _dress(window, variant)
        for scene in plan.scenes:
            written.append(_shot(stage, scene, folder / f"{variant.name(scene)}.png"))
            _dress(window, variant)
    window.close()
    return written


def _dress(window: MainWindow, variant: Variant) -> None:
    window.retranslate(variant.language)
    window.set_theme(variant.theme)
    window.resize(*variant.size)


def _shot(stage: Stage, scene: Scene, path: Path) -> Path:
    own = scene(stage)
    stage.window.receipts.work.finish()
    stage.window.receipts.painter.finish()
    for _ in range(_ROUNDS):
        QApplication.processEvents()
    (own or stage.window).grab().save(str(path))
    if own is not None:
        own.close()
        own.deleteLater()
    _tidy_up(stage)
    return path


def _tidy_up(stage: Stage) -> None:
    """Leave the till and the window as they were before the scene."""
    alone_again(stage.till)
    leave(stage)
    stage.till.cash.keep_count(CountDraft())
    if not stage.till.cash.is_open:
        stage.till.cash.open_shift(stage.till.cash.suggested_float())
    QApplication.processEvents()
    stage.window.gate.uncover()
    for payment in stage.till.sale.state.tendered:
        stage.till.sale.take_back(payment.id)
    stage.till.sale.dismiss()
    stage.till.sale.cancel()
    for basket in stage.till.sale.parked():
        stage.till.sale.discard_parked(basket.order_id)
    stage.till.training.end()
    stage.window.show_status(stage.till.status.current)
    stage.window.go_home()
    QApplication.processEvents()
    # Without an event loop nothing else deletes what the window has thrown away.
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def _voucher(till: Till) -> str:
    """The number of a voucher with something on it, sold now."""
    if not till.cash.is_open:
        till.cash.open_shift(till.cash.suggested_float())
    tile = next(tile for tile in till.sale.assortment().tiles if tile.kind == "voucher" and tile.price is None)
    till.sale.add(tile, price=Money(5000))
    till.sale.pay_cash(Money(5000))
    return till.sale.complete().vouchers[0].number


def troubled(status: Status) -> Status:
    """Five troubles in one moment."""
    return replace(
        status,
        printer=PrinterState.PAPER_OUT,
        unprinted=_UNPRINTED,
        uncertain=(UncertainJob(1, 4711),),
        tse_ready=False,
        tse_outage_since=dt.datetime(2026, 11, 21, 10, 15, tzinfo=dt.UTC),
        tse_failure=FAILURE_SENTENCES[TseFailure.STORAGE_FULL],
        disk_low=True,
        backup_failed=FOLDER_GONE,
    )


def _unavailable() -> None:
    raise Unavailable(DATABASE_BUSY)


def _clock_behind() -> None:
    now = dt.datetime(2026, 11, 19, 9, 30, tzinfo=dt.UTC)
    raise Refused(CLOCK_BACK, now=now, before=now + dt.timedelta(days=2))


def _refused(stage: Stage, error: Exception) -> QWidget:
    window = RefusedStart(stage.window.look, error)
    window.resize(stage.window.size())
    window.show()
    return window


def main(arguments: list[str]) -> int:
    """Render the till in a data folder; the folder for the pictures is build/screens unless it is named."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    data_dir = Path(arguments[0])
    folder = Path(arguments[1] if len(arguments) > 1 else "build/screens")
    try:
        till = open_till(load(data_dir))
    except Refused as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    try:
        render(till, till.workplace.clock, folder)
    finally:
        till.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

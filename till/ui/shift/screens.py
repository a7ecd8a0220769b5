"""The scenes of the shift: cash in and out, the count, X and Z; `till.ui.screens` renders them."""

from __future__ import annotations

from till.app.status import DATABASE_BUSY
from till.errors import Unavailable
from till.money import Money
from till.shifts.movement import Movement, MovementKind, TakingBack
from till.ui.keys import Action
from till.ui.shift.cash_page import CashPage
from till.ui.shift.closing_page import ClosingPage
from till.ui.shift.x_page import XPage
from till.ui.stage import Scene, Stage

_COUNTED = ((5000, 3), (2000, 6), (1000, 4), (500, 5), (200, 11), (100, 14), (50, 9), (20, 12), (10, 7))


def cash_page(stage: Stage) -> CashPage:
    """The page for cash in and out."""
    stage.window.act(Action.CASH_IN_OUT)
    page = stage.window.page
    assert isinstance(page, CashPage)  # noqa: S101 - the window shows what it was asked for
    return page


def closing_page(stage: Stage) -> ClosingPage:
    """The page on which the till is closed."""
    stage.window.act(Action.CLOSE_TILL)
    page = stage.window.page
    assert isinstance(page, ClosingPage)  # noqa: S101 - the window shows what it was asked for
    return page


def cash_empty(stage: Stage) -> None:
    """Cash in and out, before anything was moved or typed."""
    cash_page(stage)


def cash_moved(stage: Stage) -> None:
    """Some movements, one of them taken back, the last one just booked."""
    cash = stage.till.cash
    cash.move(Movement(MovementKind.CHANGE_IN, Money(10000), "Rollen von der Sparkasse"))
    wrong = cash.move(Movement(MovementKind.OTHER_OUT, Money(450), "Porto"))
    cash.take_back(TakingBack(wrong.id, "vertippt"))
    cash.move(Movement(MovementKind.TIPS_OUT, Money(1250), "Trinkgeld aus Kartenzahlungen, Lena und Marie"))
    page = cash_page(stage)
    for key in ("2", "0"):
        page.press(key)
    page.reason.set_text("Büromaterial")
    page.enter()


def cash_taking_back(stage: Stage) -> None:
    """A wrong movement is about to be taken back."""
    stage.till.cash.move(Movement(MovementKind.OTHER_OUT, Money(1990), "Reinigungsmittel"))
    page = cash_page(stage)
    page.list.rows[0].button.click()


def cash_refused(stage: Stage) -> None:
    """More than is in the drawer."""
    page = cash_page(stage)
    page.form.ways.buttons["drop"].click()
    for key in ("9", "9", "9", "9", "9"):
        page.press(key)
    page.reason.chips.buttons[next(iter(page.reason.chips.buttons))].click()
    page.enter()


def cash_without_reason(stage: Stage) -> None:
    """Nobody said what for."""
    page = cash_page(stage)
    page.form.ways.buttons["in"].click()
    page.press("5")
    page.enter()


def count_empty(stage: Stage) -> None:
    """Nothing counted yet."""
    closing_page(stage)


def count_pieces(stage: Stage) -> None:
    """Half the drawer is counted."""
    _count(closing_page(stage))


def count_sum(stage: Stage) -> None:
    """One sum is typed."""
    page = closing_page(stage)
    page.count_step.modes.buttons[False].click()
    for key in ("4", "1", "2", ",", "5", "0"):
        page.press(key)


def count_letters(stage: Stage) -> None:
    """A letter is no count."""
    page = closing_page(stage)
    _count(page)
    page.write("l")


def count_difference(stage: Stage) -> None:
    """Something is missing, a part goes to the bank, baskets wait."""
    stage.till.sale.add(stage.tiles(1)[0])
    stage.till.sale.park("Frau Weber")
    page = closing_page(stage)
    _count(page)
    page.count_step.compare_button.click()
    for key in ("1", "5", "0"):
        page.press(key)


def count_right(stage: Stage) -> None:
    """The drawer is right."""
    page = closing_page(stage)
    page.count_step.modes.buttons[False].click()
    for key in str(stage.till.cash.expected_cash()).replace(".", ","):
        page.press(key)
    page.count_step.compare_button.click()


def count_waiting(stage: Stage) -> None:
    """The database can't take the Z at the moment."""
    page = closing_page(stage)
    _count(page)
    page.count_step.compare_button.click()
    page.message.insist(_busy)


def uncounted(stage: Stage) -> None:
    """Closing without a count."""
    closing_page(stage).count_step.skip_button.click()


def z_closed(stage: Stage) -> None:
    """The till was just closed."""
    count_difference(stage)
    page = stage.window.page
    assert isinstance(page, ClosingPage)  # noqa: S101 - see above
    page.review_step.close_button.click()
    page.closed_step.paper.painter.finish()


def x_report(stage: Stage) -> None:
    """The figures of the day."""
    for number in range(2):
        stage.till.sale.add(stage.tiles(2)[number])
        stage.till.sale.pay_cash(Money(50000))
        stage.till.sale.complete()
        stage.till.sale.dismiss()
    stage.till.cash.move(Movement(MovementKind.BANK_DROP, Money(1000), "zur Bank"))
    stage.window.act(Action.X_REPORT)
    page = stage.window.page
    assert isinstance(page, XPage)  # noqa: S101 - the window shows what it was asked for
    page.work.finish()


def opening_by_pieces(stage: Stage) -> None:
    """In the morning, the float counted by coin and note."""
    stage.window.sale.show_opening()
    panel = stage.window.sale.panel
    panel.count_by_pieces()  # type: ignore[union-attr]  # it is the opening


def _count(page: ClosingPage) -> None:
    draft = page.count_step.grid.draft
    for cents, number in _COUNTED:
        draft = draft.with_number(Money(cents), number)
    page.count_step.grid.draft = draft
    page.count_step.grid.show_draft(draft)
    page.count_step.grid.edited.emit(draft)


def _busy() -> None:
    raise Unavailable(DATABASE_BUSY)


SHIFT_SCENES: tuple[Scene, ...] = (
    cash_empty,
    cash_moved,
    cash_taking_back,
    cash_refused,
    cash_without_reason,
    count_empty,
    count_pieces,
    count_sum,
    count_letters,
    count_difference,
    count_right,
    count_waiting,
    uncounted,
    x_report,
    opening_by_pieces,
    z_closed,
)
"""The Z comes last: it closes the till for whatever is rendered after it, until the next shift is opened."""

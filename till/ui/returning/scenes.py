"""The scenes of what comes back: returns, cancellations, goods without a receipt; `till.ui.screens` renders them."""

from __future__ import annotations

from till.app.views import CompletedSale
from till.money import Money
from till.quantity import pieces
from till.shifts.movement import Movement, MovementKind
from till.staff.roles import SHIFT_LEAD
from till.ui.keys import Action
from till.ui.returning.base import BackPage
from till.ui.returning.free_page import FreeReturnPage
from till.ui.returning.page import ReturnPage
from till.ui.staff.screens import hire_others, sign_in_as
from till.ui.stage import Scene, Stage

_MORE_THAN_THERE = 200


def sold(stage: Stage, *, by_voucher: bool = False, count: int = 3) -> CompletedSale:
    """A receipt of some goods, paid in cash or partly with a voucher."""
    desk = stage.till.sale
    for place, tile in enumerate(stage.tiles(5)):
        desk.add(tile, pieces(count if place % 2 else 1))
    if by_voucher:
        (hit,) = desk.look_up_voucher(stage.voucher)
        desk.redeem(hit.standing.voucher.id, min(hit.offered, Money(1500)))
    desk.pay_cash(desk.state.settlement.open)
    done = desk.complete()
    desk.dismiss()
    return done


def return_page(stage: Stage, sale: CompletedSale, *, is_cancellation: bool = False) -> ReturnPage:
    """The page of a return, reached as a cashier does."""
    stage.window.act(Action.LAST_RECEIPT)
    stage.window.receipts.show_document(sale.document)
    stage.window.receipts.return_asked.emit(sale.document.id, is_cancellation)
    page = stage.window.page
    assert isinstance(page, ReturnPage)  # noqa: S101 - the window shows what it was asked for
    return page


def free_page(stage: Stage) -> FreeReturnPage:
    """The page for goods without a receipt."""
    stage.window.act(Action.FREE_RETURN)
    page = stage.window.page
    assert isinstance(page, FreeReturnPage)  # noqa: S101 - as above
    return page


def return_empty(stage: Stage) -> None:
    """A receipt of which nothing is chosen yet; something came back before."""
    page = return_page(stage, sold(stage))
    page.step(1, 1)
    page.complete()
    page.left.emit()
    found = page.choice.document_id
    stage.window.receipts.return_asked.emit(found, False)


def return_chosen(stage: Stage) -> None:
    """Two things come back for cash."""
    page = return_page(stage, sold(stage))
    page.step(0, 1)
    page.step(1, 1)
    page.step(1, 1)
    page.card.reason.set_text("Gefällt nicht")


def return_voucher(stage: Stage) -> None:
    """Everything of a receipt that was partly paid with a voucher."""
    page = return_page(stage, sold(stage, by_voucher=True))
    page.take_all()


def return_shared(stage: Stage) -> None:
    """The refund is shared out: an amount is typed for one of the ways."""
    page = return_page(stage, sold(stage))
    page.take_all()
    page.card.split_button.click()
    for key in ("1", "0"):
        page.press(key)


def return_too_much(stage: Stage) -> None:
    """More is typed for one of the ways than there is to refund."""
    return_shared(stage)
    page = stage.window.page
    assert isinstance(page, ReturnPage)  # noqa: S101 - as above
    for key in ("0", "0"):
        page.press(key)
    next(iter(page.card.ways.buttons.values())).click()


def return_words(stage: Stage) -> None:
    """A reason of one's own is typed with a finger."""
    page = return_page(stage, sold(stage))
    page.step(0, 1)
    page.card.reason.keyboard.click()


def return_of_voucher(stage: Stage) -> None:
    """Two vouchers were sold; from one of them something was paid already."""
    page = return_page(stage, _sold_vouchers(stage))
    page.step(0, 1)


def return_finished(stage: Stage) -> None:
    """Booked: what to hand out, and the voucher that was given."""
    page = return_page(stage, sold(stage))
    page.take_all()
    way = next((one for one in page.card.ways.buttons if one.voucher_type is not None), None)
    page.press("5")
    if way is not None:
        page.card.ways.buttons[way].click()
    page.complete()


def return_question(stage: Stage) -> None:
    """Left with something chosen."""
    page = return_page(stage, sold(stage))
    page.step(0, 1)
    page.leave()


def return_refused(stage: Stage) -> None:
    """The drawer holds less than would go out."""
    page = return_page(stage, sold(stage, count=_MORE_THAN_THERE))
    page.take_all()
    stage.till.cash.move(Movement(MovementKind.BANK_DROP, stage.till.cash.expected_cash(), "zur Bank"))
    page.complete()


def cancellation(stage: Stage) -> None:
    """A receipt is cancelled as a whole."""
    page = return_page(stage, sold(stage, by_voucher=True), is_cancellation=True)
    page.card.reason.set_text("Falsch kassiert")


def cancellation_without_reason(stage: Stage) -> None:
    """Nobody said why."""
    return_page(stage, sold(stage), is_cancellation=True).complete()


def cancellation_refused(stage: Stage) -> None:
    """A voucher that the receipt sold has paid for something since."""
    return_page(stage, _sold_vouchers(stage), is_cancellation=True)


def cancellation_finished(stage: Stage) -> None:
    """Cancelled: the cash to hand out."""
    page = return_page(stage, sold(stage, by_voucher=True), is_cancellation=True)
    page.card.reason.set_text("Falsch kassiert")
    page.complete()


def receipt_gone(stage: Stage) -> None:
    """A receipt of which all has come back says so where one looks."""
    sale = sold(stage)
    page = return_page(stage, sale)
    page.take_all()
    page.complete()
    stage.window.act(Action.LAST_RECEIPT)
    stage.window.receipts.show_document(sale.document)


def receipt_cancelled(stage: Stage) -> None:
    """A receipt that was cancelled says so where one looks."""
    sale = sold(stage)
    page = return_page(stage, sale, is_cancellation=True)
    page.card.reason.set_text("Falsch kassiert")
    page.complete()
    stage.window.act(Action.LAST_RECEIPT)
    stage.window.receipts.show_document(sale.document)


def free_goods(stage: Stage) -> None:
    """Some goods are brought without a receipt."""
    page = free_page(stage)
    for tile in stage.tiles(3):
        page.articles.taken.emit(tile)
    page.step(2, 1)


def free_empty(stage: Stage) -> None:
    """Nothing is brought yet."""
    free_page(stage)


def free_price(stage: Stage) -> None:
    """Less than today's price is given."""
    free_goods(stage)
    page = free_page_shown(stage)
    page.price_button.click()
    for key in ("2", ",", "5"):
        page.press(key)


def free_refund(stage: Stage) -> None:
    """Why, and by which way."""
    free_goods(stage)
    page = free_page_shown(stage)
    page.complete()
    page.card.reason.set_text("Defekt")
    next(iter(page.card.ways.buttons.values())).click()


def free_refused(stage: Stage) -> None:
    """Nobody said why."""
    free_goods(stage)
    page = free_page_shown(stage)
    page.complete()
    page.complete()


def free_limit(stage: Stage) -> None:
    """More than this cashier may give without a receipt: somebody else can approve it."""
    hire_others(stage.till)
    sign_in_as(stage, "JA", SHIFT_LEAD)
    page = free_page(stage)
    for tile in stage.tiles(6):
        page.articles.taken.emit(tile)
    page.complete()
    page.card.reason.set_text("Defekt")
    next(iter(page.card.ways.buttons.values())).click()
    page.complete()


def free_finished(stage: Stage) -> None:
    """Booked without a receipt."""
    free_refund(stage)
    free_page_shown(stage).complete()


def free_page_shown(stage: Stage) -> FreeReturnPage:
    """The page that is shown."""
    page = stage.window.page
    assert isinstance(page, FreeReturnPage)  # noqa: S101 - as above
    return page


def _sold_vouchers(stage: Stage) -> CompletedSale:
    """A receipt over two vouchers; one of them has paid for something since."""
    desk = stage.till.sale
    tile = next(tile for tile in desk.assortment().tiles if tile.kind == "voucher" and tile.price is None)
    for cents in (2500, 4000):
        desk.add(tile, price=Money(cents))
    desk.pay_cash(desk.state.settlement.open)
    done = desk.complete()
    desk.dismiss()
    desk.add(stage.tiles(1)[0])
    desk.redeem(done.vouchers[1].id, Money(300))
    desk.pay_cash(desk.state.settlement.open)
    desk.complete()
    desk.dismiss()
    return done


def leave(stage: Stage) -> None:
    """Nothing of a return is left for the next scene."""
    page = stage.window.returning.current
    if isinstance(page, BackPage):
        page.abandon()


RETURN_SCENES: tuple[Scene, ...] = (
    return_empty,
    return_chosen,
    return_voucher,
    return_shared,
    return_too_much,
    return_words,
    return_of_voucher,
    return_finished,
    return_question,
    return_refused,
    cancellation,
    cancellation_without_reason,
    cancellation_refused,
    cancellation_finished,
    receipt_gone,
    receipt_cancelled,
    free_empty,
    free_goods,
    free_price,
    free_refund,
    free_refused,
    free_limit,
    free_finished,
)

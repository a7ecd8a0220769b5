"""Scenes of selling vouchers, for looking at: the questions, what several codes name, and what is shown after the sale."""

from __future__ import annotations

import uuid

from till.app.views import Choice, Tile, VoucherWish
from till.money import Money
from till.quantity import pieces
from till.ui.sale.voucher_panel import VoucherPanel
from till.ui.stage import Scene, Stage

_LONG = (
    "Alles Gute zum 30. Geburtstag wünschen dir Oma Erika, Opa Heinz, Tante Waltraud und die ganze Bande aus der Gasse"
)


def voucher_number(stage: Stage) -> None:
    """The number of a pre-printed voucher, its price and the buyer's words are asked."""
    stage.till.sale.add(stage.tiles(1)[0])
    panel = _asking(stage, "906", 3)
    panel.number.set_text("SP-2001")
    panel.price.press("35,45")


def voucher_refused(stage: Stage) -> None:
    """The number was sold already."""
    number = f"SP-{uuid.uuid4().hex[:6]}"
    wish = VoucherWish(uuid.UUID(_tile(stage, "906").id), number, Money(3000))
    stage.till.sale.sell_voucher(wish)
    _complete(stage)
    stage.till.sale.dismiss()
    panel = _asking(stage, "906")
    panel.price.press("20")
    panel.on_scan(number)


def voucher_letters(stage: Stage) -> None:
    """Letters for the number on a till without a keyboard."""
    _asking(stage, "906").letters_button.click()


def voucher_gift(stage: Stage) -> None:
    """The price of a gift is asked too: nothing typed is not 0."""
    panel = _asking(stage, "905")
    panel.text.set_text("Alles Gute zum 30. Geburtstag")
    panel.confirm()


def voucher_words(stage: Stage) -> None:
    """The buyer's words are typed with a finger."""
    panel = _asking(stage, "906")
    panel.number.set_text("SP-2001")
    panel.text.set_text("Alles Gute zum 30. Geburtstag")
    panel.words_button.click()


def voucher_change(stage: Stage) -> None:
    """The words on a voucher that is in the basket already."""
    stage.till.sale.add(_tile(stage, "901"))
    stage.window.sale.column.note_asked.emit()


def voucher_pick(stage: Stage) -> None:
    """A code that an article, a voucher type and a sold voucher have."""
    hit = stage.till.sale.look_up_voucher(stage.voucher)[0]
    stage.window.sale.prompts.pick((Choice(stage.tiles(1)[0]), Choice(_tile(stage, "903")), Choice(voucher=hit)))


def vouchers_sold(stage: Stage) -> None:
    """The change beside one voucher that was sold."""
    wish = VoucherWish(uuid.UUID(_tile(stage, "903").id), price=Money(3545), text=_LONG)
    stage.till.sale.sell_voucher(wish)
    _complete(stage)


def vouchers_sold_many(stage: Stage) -> None:
    """Twenty vouchers of one receipt."""
    stage.till.sale.add(_tile(stage, "902"), pieces(20))
    _complete(stage)


def vouchers_receipt(stage: Stage) -> None:
    """The vouchers of a receipt that is looked at again."""
    vouchers_sold_many(stage)
    document = stage.till.receipts.last()
    if document is not None:
        stage.window.sale.receipt_asked.emit(document)


SELLING_SCENES: tuple[Scene, ...] = (
    voucher_number,
    voucher_refused,
    voucher_letters,
    voucher_gift,
    voucher_words,
    voucher_change,
    voucher_pick,
    vouchers_sold,
    vouchers_sold_many,
    vouchers_receipt,
)


def _asking(stage: Stage, plu: str, count: int = 1) -> VoucherPanel:
    ask = stage.till.sale.asks(_tile(stage, plu), pieces(count))
    if ask is not None:
        stage.window.sale.prompts.ask(ask)
    panel = stage.window.sale.prompts.panel
    assert panel is not None  # noqa: S101 - the demo's types ask
    return panel


def _complete(stage: Stage) -> None:
    stage.till.sale.pay_cash(Money(150_000))
    stage.till.sale.complete()


def _tile(stage: Stage, plu: str) -> Tile:
    return next(tile for tile in stage.till.sale.assortment().tiles if tile.number == plu)

"""The scenes of signing in, approving and changing places; `till.ui.screens` renders them."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QApplication

from till.app.bootstrap import Till
from till.errors import Refused
from till.i18n import msg
from till.staff.roles import CASHIER
from till.staff.users import User
from till.ui.keys import Action
from till.ui.staff.approval import ApprovalPanel
from till.ui.staff.cashier_panel import CashierPanel
from till.ui.staff.own_pin import OwnPinPanel
from till.ui.staff.proof import NO_CARD, Proof
from till.ui.staff.sign_in import SignInPage
from till.ui.stage import Scene, Stage

_MANAGER = "1"
_PIN = "8362"
_OTHERS = (
    User("", "Jan Alt", "JA"),
    User("", "Ida Neumann-Oberhuber", "IN"),
    User("", "Maximiliane Freifrau von Droste zu Hülshoff", "MF"),
    User("", "Eva Frei", "EF"),
)
_LOCKED = msg(
    "{user} is locked after {count} wrong PINs. Somebody who may change users can unlock the name or set a new PIN."
)


def hire_others(till: Till) -> None:
    """Let several people work here, with PINs but one; who manages is signed in."""
    known = {person.user.name: person.user for person in till.staff.everybody()}
    till.staff.set_pin(_MANAGER, _PIN).result()
    for user in _OTHERS:
        if user.name in known:
            till.staff.change_user(replace(known[user.name], is_active=True))
        else:
            till.staff.hire(user, _PIN if user.short != "EF" else None).result()


def alone_again(till: Till) -> None:
    """Leave who founded the shop alone in it, so that the other scenes know of no signing in."""
    if till.staff.works_alone:
        return
    till.staff.sign_in(_MANAGER, _PIN).result()
    for person in till.staff.everybody():
        if person.user.id != _MANAGER and person.user.is_active:
            till.staff.change_user(replace(person.user, is_active=False, role_id=CASHIER))
    till.staff.set_pin(_MANAGER, None).result()


def sign_in_as(stage: Stage, short: str, role_id: str = CASHIER) -> None:
    """One of the others is at work, in this role."""
    person = next(one.user for one in stage.till.staff.everybody() if one.user.short == short)
    if person.role_id != role_id:
        stage.till.staff.change_user(replace(person, role_id=role_id))
    stage.till.staff.sign_in(person.id, _PIN).result()
    QApplication.processEvents()


def sign_in(stage: Stage) -> None:
    """In the morning: the names."""
    hire_others(stage.till)
    stage.window.gate.lock()


def sign_in_pin(stage: Stage) -> None:
    """A name was tapped, and two digits typed; a basket is open."""
    hire_others(stage.till)
    stage.till.sale.add(stage.tiles(1)[0])
    stage.window.gate.lock()
    _proof(stage).names.tiles[2].click()
    _proof(stage).pad.press("1")
    _proof(stage).pad.press("2")


def sign_in_wrong(stage: Stage) -> None:
    """Too many wrong PINs: the name is locked."""
    sign_in_pin(stage)
    _proof(stage).message.show_refusal(Refused(_LOCKED, user=_OTHERS[0].name, count=10))


def sign_in_no_card(stage: Stage) -> None:
    """Something else than a staff card was scanned."""
    sign_in(stage)
    _proof(stage).message.refuse(Refused(NO_CARD))


def sign_in_checking(stage: Stage) -> None:
    """The PIN is being checked."""
    sign_in_pin(stage)
    _proof(stage).pad.set_busy(is_busy=True)


def refused_discount(stage: Stage) -> None:
    """A cashier has typed a discount beyond the ceiling."""
    hire_others(stage.till)
    sign_in_as(stage, "JA")
    for tile in stage.tiles(3):
        stage.till.sale.add(tile)
    stage.window.sale.column.basket.choose(0)
    stage.window.sale.input.act("discount")
    for key in "25":
        stage.window.sale.input.press(key)
    stage.window.sale.input.confirm()


def refused_drawer(stage: Stage) -> None:
    """A cashier may not open the drawer without a sale."""
    hire_others(stage.till)
    sign_in_as(stage, "JA")
    stage.window.act(Action.DRAWER)


def approval(stage: Stage) -> None:
    """Somebody is asked to approve it."""
    refused_discount(stage)
    stage.window.sale.column.message.approve_button.click()
    _proof(stage).pad.press("8")


def approval_wrong(stage: Stage) -> None:
    """The approver's PIN was wrong."""
    approval(stage)
    words = msg("This is not the PIN of {user}. The next try is possible in {seconds} seconds.")
    _proof(stage).message.show_refusal(Refused(words, user="Marie Klein", seconds=30))


def cashiers(stage: Stage) -> None:
    """Behind the cashier's name: who could take over."""
    hire_others(stage.till)
    stage.till.sale.add(stage.tiles(1)[0])
    stage.window.gate.open_panel()


def own_pin(stage: Stage) -> None:
    """The own PIN is changed."""
    cashiers(stage)
    panel = stage.window.gate.content
    if isinstance(panel, CashierPanel):
        panel.own_pin_button.click()
    changing = stage.window.gate.content
    if isinstance(changing, OwnPinPanel):
        for pin in (_PIN, "1234"):
            for digit in pin:
                changing.pad.press(digit)
            changing.pad.confirm()


def _proof(stage: Stage) -> Proof:
    content = stage.window.gate.content
    assert isinstance(content, SignInPage | CashierPanel | ApprovalPanel)  # noqa: S101 - the scene has just opened it
    return content.proof


STAFF_SCENES: tuple[Scene, ...] = (
    sign_in,
    sign_in_pin,
    sign_in_wrong,
    sign_in_no_card,
    sign_in_checking,
    refused_discount,
    refused_drawer,
    approval,
    approval_wrong,
    cashiers,
    own_pin,
)

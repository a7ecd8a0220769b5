"""Planned prices: what is planned, and a small form to plan one more."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from zoneinfo import ZoneInfo

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from till.catalog.price_list import LaterPrices, PriceList
from till.errors import Refused
from till.i18n import msg
from till.ui.fonts import font, semibold
from till.ui.look import Look
from till.ui.office.articles.tiers_field import TiersField
from till.ui.theme import Size
from till.ui.widgets.button import Button, Face, Kind, icon_button
from till.ui.widgets.form import DateField, Field, Form, MoneyField, TextField
from till.ui.widgets.text import Text

NO_TIME = msg("“{typed}” is no time. Type it like 8:00 or 18:30.")
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})", re.ASCII)


class PlansField(Field[tuple[LaterPrices, ...]]):
    """The planned prices of a card. `check_plan` gets one that somebody wants to add and raises Refused.

    `opened` when the form for one more is shown.
    """

    opened = Signal()

    def __init__(
        self,
        look: Look,
        label: str,
        today: Callable[[], dt.date],
        check_plan: Callable[[LaterPrices], object],
    ) -> None:
        super().__init__(look, label)
        self._today, self._check_plan = today, check_plan
        self.plans: tuple[LaterPrices, ...] = ()
        self.box.setProperty("role", "")
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self.nothing = Text(look.t("No price change is planned."), font(Size.BODY - 1), "muted")
        self.add = Button(look, Face(look.t("Plan a price"), "calendar"), Kind.PLAIN)
        self.add.clicked.connect(self.begin)
        self.form = PlanForm(look)
        self.form.hide()
        self.form.given_up.connect(self._end)
        self.form.wanted.connect(self._take)
        self._build()

    def begin(self) -> None:
        """Open the form for one more, with tomorrow in it."""
        self.form.begin(self._today() + dt.timedelta(days=1))
        self.form.show()
        self.add.hide()
        self.form.price.setFocus()
        self.opened.emit()
        self.changed.emit()

    @property
    def is_open(self) -> bool:
        """Whether somebody is about to plan a price."""
        return not self.form.isHidden()

    def _end(self) -> None:
        self.form.hide()
        self.add.show()
        self.add.setFocus()
        self.changed.emit()

    def _take(self) -> None:
        plan = self.form.plan()
        if plan is None:
            return
        try:
            self._check_plan(plan)
        except Refused as refusal:
            self.form.price.say(self._look.formats.sentence(refusal))
            return
        self._show((*self.plans, plan))
        self._end()
        self._edited()

    def _remove(self, plan: LaterPrices) -> None:
        self._show(tuple(one for one in self.plans if one != plan))
        self._edited()

    def _show(self, plans: tuple[LaterPrices, ...]) -> None:
        self.plans = tuple(sorted(plans, key=lambda one: one.valid_from))
        while (item := self._list.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for plan in self.plans:
            self._list.addWidget(self._row(plan))
        self.nothing.setVisible(not self.plans)

    def _row(self, plan: LaterPrices) -> QWidget:
        frame = QFrame()
        frame.setProperty("role", "row")
        words = Text(told(self._look, plan), font(Size.BODY - 1)).wrapped()
        remove = icon_button(self._look, "trash", self._look.t("Remove this planned price"))
        remove.clicked.connect(lambda: self._remove(plan))
        row = QHBoxLayout(frame)
        row.setContentsMargins(4, 0, 0, 0)
        row.addWidget(words, 1)
        row.addWidget(remove)
        return frame

    def _build(self) -> None:
        column = QVBoxLayout(self.box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._list)
        column.addWidget(self.nothing)
        column.addWidget(self.form)
        column.addWidget(self.add)
        self.setFocusProxy(self.add)

    def _typed(self) -> object:
        return self.plans

    def _read(self) -> tuple[LaterPrices, ...]:
        return self.plans

    def _write(self, value: tuple[LaterPrices, ...]) -> None:
        self._show(value)
        self.form.hide()
        self.add.show()


class PlanForm(QFrame):
    """From when, what one costs then, and what more of them cost each. `wanted` when somebody confirms it."""

    wanted = Signal()
    given_up = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        t = look.t
        self.setProperty("role", "inset")
        self.day = DateField(look, t("From the day"))
        self.time = TextField(look, t("Time"))
        self.price = MoneyField(look, t("Price from then on"), is_needed=True)
        self.tiers = TiersField(look, t("Prices by quantity from then on"))
        take = Button(look, Face(t("Take over"), "check"), Kind.SOFT)
        take.clicked.connect(self.wanted)
        leave = Button(look, Face(t("Cancel")), Kind.GHOST)
        leave.clicked.connect(self.given_up)
        top, bottom = QHBoxLayout(), QHBoxLayout()
        for field, share in ((self.day, 3), (self.time, 2)):
            top.addWidget(field, share)
        bottom.addStretch(1)
        bottom.addWidget(leave)
        bottom.addWidget(take)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(12)
        column.addWidget(Text(t("New planned price"), semibold(Size.BODY)))
        column.addLayout(top)
        column.addWidget(self.price)
        column.addWidget(self.tiers)
        column.addLayout(bottom)

    def begin(self, day: dt.date) -> None:
        """Empty it, with this day's beginning in it."""
        self.day.set_value(day)
        self.time.set_value("00:00")
        self.price.set_value(None)
        self.tiers.set_value(())

    def plan(self) -> LaterPrices | None:
        """What is typed; None where something is missing, which says so."""
        if not Form(self.price, self.tiers).is_right():
            return None
        try:
            moment = _moment(self.day.value(), self.time.value(), self._look.formats.zone)
        except Refused as refusal:
            self.time.say(self._look.formats.sentence(refusal))
            return None
        return LaterPrices(moment, PriceList(self.price.value(), self.tiers.value()))


def told(look: Look, plan: LaterPrices) -> str:
    """A planned price in words: from 1 December 0:00: 4.00 €, from 10: 3.80 €."""
    t, formats = look.t, look.formats
    price = "" if plan.prices.price is None else formats.money(plan.prices.price)
    tiers = [
        t("from {quantity}: {price}").format(quantity=formats.quantity(one.quantity), price=formats.money(one.price))
        for one in plan.prices.tiers
    ]
    when = formats.value(plan.valid_from)
    return t("From {moment}: {prices}").format(moment=when, prices="; ".join([price, *tiers]))


def _moment(day: dt.date, typed: str, zone: str) -> dt.datetime:
    """The instant of a day and a time on the shop's wall clock; an hour that the clock shows twice is the first."""
    found = _TIME.fullmatch(typed)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:  # noqa: PLR2004 - hours and minutes
        raise Refused(NO_TIME, typed=typed)
    return dt.datetime.combine(day, dt.time(int(found[1]), int(found[2])), ZoneInfo(zone)).astimezone(dt.UTC)

"""Step 3: the receipt printer, searched for or typed, and proved by a test receipt."""

from __future__ import annotations

import datetime as dt
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from till.app import printer_trial
from till.app.first_start import Draft, Step, details_of
from till.app.printer_trial import Tried
from till.app.watch import Watch
from till.devices.profiles import PROFILES
from till.formats import Formats
from till.i18n import Translator
from till.receipts.document import Receipt
from till.ui.first_start.asking import Asking
from till.ui.first_start.page import StepPage
from till.ui.look import Look
from till.ui.message import Tone
from till.ui.widgets.button import Arrangement, Button, Face, Kind
from till.ui.widgets.form import ChoiceField, Form, TextField
from till.ui.widgets.progress import ProgressStrip

_NEIGHBOURS = 253
_SHOWN = 4


class PrinterPage(StepPage):
    """An address, a model, and two things to do: search, and print a test receipt."""

    step = Step.PRINTER

    def __init__(self, look: Look, asking: Asking) -> None:
        t = look.t
        why = t(
            "A printer in the network is searched for, or its address is typed: the printer prints it on its self-test."
        )
        super().__init__(look, asking, t("Receipt printer"), why)
        self.skipped_words = t("Without a printer, receipts are shown on the screen and kept as PDF.")
        self.search_button = Button(look, Face(t("Search the network"), "search"))
        self.test_button = Button(look, Face(t("Print a test receipt"), "printer"), Kind.SOFT)
        self.address = TextField(look, t("Address of the printer"), printer_trial.address_of)
        self.address.show_hint("192.168.1.50")
        self.model: ChoiceField[str] = ChoiceField(
            look, t("Model"), [(profile.label, name) for name, profile in PROFILES.items()]
        )
        self.progress = ProgressStrip(look, self.work, self._said)
        self._found = QVBoxLayout()
        self.found_buttons: list[Button] = []
        self.form = Form(self.address)
        self._build()
        self._connect()

    def show_found(self, addresses: list[str]) -> None:
        """Offer what the search has found; the only one is taken at once."""
        t = self._look.t
        self._clear_found()
        for address in addresses[:_SHOWN]:
            button = Button(self._look, Face(_plain(address), "printer")).arranged(Arrangement.SPREAD)
            button.clicked.connect(partial(self._take, address))
            self.found_buttons.append(button)
            self._found.addWidget(button)
        if not addresses:
            self.message.tell(
                t("No printer was found in this network. Is it switched on, and plugged into the same network?"),
                Tone.WARN,
            )
        elif len(addresses) == 1:
            self._take(addresses[0])
        else:
            self.message.tell(t("Several devices listen like printers. Choose one, and print a test receipt."))

    def show_tried(self, tried: Tried) -> None:
        """Say how the test receipt went; the model is the one that the printer has named."""
        t = self._look.t
        self.model.set_value(tried.profile.name)
        self._asking.note(printer_profile=tried.profile.name)
        if tried.is_confirmed:
            self.message.tell(t("The test receipt is printed. Is all of it readable? Then go on."))
        else:
            self.message.tell(
                t("The test receipt was sent, but this printer does not confirm. Look whether it came out."), Tone.WARN
            )

    def _search(self) -> None:
        self._clear_found()
        self.message.clear()
        self._is_testing = False
        self.work.begin(_search, self.show_found)
        self.progress.set_total(_NEIGHBOURS)

    def _test(self) -> None:
        if not self.form.is_right():
            return
        self.message.clear()
        self._is_testing = True
        address, model = self.address.value(), self.model.value()
        paper = partial(_paper, self._asking.draft, self._asking.clock.now())
        self.work.begin(partial(_test, printer_trial.address_of(address), model, paper), self.show_tried)

    def _take(self, address: str) -> None:
        self.address.line.setText(_plain(address))
        self._note()
        self.address.say("")
        self.message.tell(self._look.t("Found. Print a test receipt to see that it is the right one."))
        self.test_button.setFocus()

    def _said(self, done: int) -> str:
        t = self._look.t
        if self._is_testing:
            return t("Printing a test receipt …")
        return t("Searching: {done} of {all} addresses").format(done=done, all=_NEIGHBOURS)

    def _note(self) -> None:
        self._asking.note(printer=self.address.line.text(), printer_profile=self.model.value())

    def _clear_found(self) -> None:
        for button in self.found_buttons:
            self._found.removeWidget(button)
            button.deleteLater()
        self.found_buttons = []

    def _set_busy(self, is_busy: bool) -> None:  # noqa: FBT001 - a Qt-like setter
        self.search_button.setEnabled(not is_busy)
        self.test_button.setEnabled(not is_busy)

    def _connect(self) -> None:
        self._is_testing = False
        self.search_button.clicked.connect(self._search)
        self.test_button.clicked.connect(self._test)
        self.address.changed.connect(self._note)
        self.model.changed.connect(self._note)
        self.work.begun.connect(lambda: self._set_busy(True))
        self.work.ended.connect(lambda: self._set_busy(False))

    def _build(self) -> None:
        draft = self._asking.draft
        self.address.line.setText(draft.printer)
        self.model.set_value(draft.printer_profile)
        self.model.combo.setMaxVisibleItems(8)
        self.body.addWidget(self.search_button)
        self.body.addWidget(self.progress)
        self._found.setSpacing(6)
        self.body.addLayout(self._found)
        self.beside((self.address, 1), (self.model, 1))
        row = QHBoxLayout()
        row.addWidget(self.test_button)
        row.addStretch(1)
        self.body.addLayout(row)


def _search(watch: Watch) -> list[str]:
    def go_on(done: int, _all: int) -> bool:
        watch.progress(done)
        return not watch.is_cancelled()

    return printer_trial.search(go_on)


def _test(address: str, model: str, paper: partial[Receipt], watch: Watch) -> Tried:
    return printer_trial.try_printer(address, model, paper, watch.is_cancelled)


def _paper(draft: Draft, at: dt.datetime, model: str) -> Receipt:
    return printer_trial.paper(details_of(draft, at.date()), model, Formats(Translator(draft.language)), at)


def _plain(address: str) -> str:
    """As a person would type it."""
    return address.removeprefix("tcp://").removesuffix(":9100")

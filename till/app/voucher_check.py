"""What is on a voucher, told without any sale: nothing is booked, and the TSE hears of nothing (V38)."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from till.app.needs import needs
from till.app.paper import ROLE, owe, receipt_endpoint
from till.app.redeeming import offers_by_number, shown_number, takes_letters, voucher_like
from till.app.shop_header import header_of
from till.app.views import VoucherHit
from till.app.workplace import Workplace
from till.catalog.barcodes import CodeKind, parse
from till.errors import Refused
from till.i18n import msg
from till.printing.job import NewJob
from till.receipts.balance_slip import balance_slip
from till.receipts.document import Receipt, to_json
from till.receipts.source import BalanceSlip
from till.sales.basket import Basket
from till.sales.order import Order
from till.sales.pricing import price
from till.staff.permission import Permission
from till.vouchers.movements import Movement, uses
from till.vouchers.standing import known_voucher, refusal_of, standing_of, voucher_by_id

MOST_USES = 5


class VoucherCheckDesk:
    """Looks vouchers up, tells their last uses, and prints the balance."""

    def __init__(self, workplace: Workplace, look_at_printer: Callable[[], None]) -> None:
        """`look_at_printer` is called once something new is owed to the printer."""
        self._workplace = workplace
        self._look_at_printer = look_at_printer

    def look_up(self, number: str) -> tuple[VoucherHit, ...]:
        """The vouchers with this number and how they stand; none is refused in words (V13, V31)."""
        return self._found(number, None)

    def scan(self, code: str) -> tuple[VoucherHit, ...]:
        """The vouchers that a scanned code names, with or without the prefix that the till prints (V25); else refused."""
        scanned = parse(code)
        number, type_plu = (
            (scanned.number, scanned.type_plu) if scanned.kind is CodeKind.VOUCHER else (scanned.text, None)
        )
        return self._found(number, type_plu)

    def like(self, number: str) -> str | None:
        """The one number that a typed one may have meant (V15)."""
        with self._workplace.database.read() as session:
            return voucher_like(session, number)

    def takes_letters(self) -> bool:
        """Whether numbers are typed with letters too (V15)."""
        with self._workplace.database.read() as session:
            return takes_letters(session)

    def uses(self, voucher_id: uuid.UUID) -> tuple[Movement, ...]:
        """What moved its value last, newest first."""
        with self._workplace.database.read() as session:
            found = voucher_by_id(session, voucher_id)
            return () if found is None else uses(session, found, MOST_USES)

    def slip(self, voucher_id: uuid.UUID) -> Receipt:
        """The paper with its balance as of now."""
        workplace = self._workplace
        formats = workplace.receipt_formats()
        with workplace.database.read() as session:
            found = known_voucher(session, voucher_id)
            standing = standing_of(session, found, workplace.business_date)
        refusal = refusal_of(standing)
        return balance_slip(
            BalanceSlip(
                shop=header_of(workplace.shop),
                formats=formats,
                type_name=found.type_name,
                number=shown_number(found),
                left=standing.remaining,
                valid_until=found.valid_until,
                as_of=workplace.clock.now(),
                till_id=workplace.settings.till_id,
                why_not="" if refusal is None else formats.sentence(refusal),
            )
        )

    @needs(Permission.SELL)
    def print_slip(self, voucher_id: uuid.UUID, order_id: uuid.UUID) -> None:
        """Print its balance, marked as information; the same order again prints nothing more."""
        if not self._workplace.has_printer:
            raise Refused(msg("No printer is set up."))
        paper = self.slip(voucher_id)
        till_id, now = self._workplace.settings.till_id, self._workplace.clock.now()
        job = NewJob(receipt_endpoint(till_id), ROLE, order_id, paper.kind.value, to_json(paper))
        self._workplace.run(lambda session: owe(session, (job,), now))
        self._look_at_printer()

    def _found(self, number: str, type_plu: str | None) -> tuple[VoucherHit, ...]:
        nothing = Order(price(Basket(uuid.uuid4(), self._workplace.clock.now()), self._workplace.rates()), ())
        with self._workplace.database.read() as session:
            return offers_by_number(session, self._workplace.business_date, nothing, (number, type_plu))

"""The shop's rules for all its vouchers: how long they are valid, and what may be done with them at the counter."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from till.errors import Refused
from till.i18n import msg
from till.vouchers.models import VoucherRulesRow
from till.vouchers.terms import DEFAULT_YEARS, TermRule

MOST_YEARS = 100
MOST_MONTHS = 120
_ONLY = 1


@dataclass(frozen=True, slots=True)
class VoucherRules:
    """What the shop decides for all vouchers; a change counts for what is sold and redeemed from then on.

    `years`, `to_year_end`: the usual validity (V16). `without_number`: vouchers without a number are redeemed by amount
    (V14). `letters`: the prompt takes letters too (V15). `surplus_in_cash`: what is left may be paid out (V35).
    `expired_bonus_lives`: the bonus part counts too when an expired voucher is accepted (V37). `expiring_months`: how far
    the liability report looks ahead (V46).
    """

    years: int = DEFAULT_YEARS
    to_year_end: bool = True
    without_number: bool = False
    letters: bool = True
    surplus_in_cash: bool = True
    expired_bonus_lives: bool = False
    expiring_months: int = 3

    @property
    def terms(self) -> TermRule:
        """The usual validity of a voucher that is sold now."""
        return TermRule(self.years, self.to_year_end)


def voucher_rules(session: Session) -> VoucherRules:
    """The rules of now; the usual ones until the shop has decided."""
    row = session.execute(select(VoucherRulesRow.__table__)).first()
    if row is None:
        return VoucherRules()
    return VoucherRules(**{name: value for name, value in row._mapping.items() if name != "id"})  # noqa: SLF001 - SQLAlchemy's public name for it


def check_rules(rules: VoucherRules) -> None:
    """Refused in words when a number makes no sense."""
    if not 1 <= rules.years <= MOST_YEARS:
        raise Refused(msg("Vouchers are valid for 1 to {most} years."), most=MOST_YEARS)
    if not 1 <= rules.expiring_months <= MOST_MONTHS:
        raise Refused(msg("The report looks 1 to {most} months ahead."), most=MOST_MONTHS)


def set_voucher_rules(session: Session, rules: VoucherRules) -> None:
    """Put these rules in the place of the old ones; refused in words when a number makes no sense."""
    check_rules(rules)
    session.execute(delete(VoucherRulesRow))
    session.execute(insert(VoucherRulesRow), {"id": _ONLY, **asdict(rules)})

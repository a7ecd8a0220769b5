"""The report desk: what the books say at a glance, and how it leaves the till as a table or on paper (10-vouchers V46)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from till.app.needs import needs
from till.app.watch import Watch
from till.app.workplace import Workplace
from till.errors import Refused
from till.formats import Formats
from till.i18n import msg
from till.pages.saving import save_pdf
from till.reports.voucher_liability import VoucherLiability
from till.reports.voucher_pdf import Paper, to_pdf
from till.reports.voucher_sums import AsOf, voucher_liability
from till.reports.voucher_words import table, titles
from till.staff.permission import Permission
from till.tables.writing import write_table
from till.vouchers.rules import voucher_rules

NOT_YET = msg("{day} is still to come. Choose today or an earlier day.")


class ReportDesk:
    """Reads whole books, so its actions belong on a worker's thread."""

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace

    @needs(Permission.REPORTS)
    def voucher_liability(self, day: dt.date | None = None, watch: Watch | None = None) -> VoucherLiability:
        """What is owed for vouchers now, or at the end of an earlier business day.

        Refused for a day to come, and when `watch` cancels.
        """
        place = self._workplace
        newest = max(place.today(), place.business_date)
        wanted = newest if day is None else day
        if wanted > newest:
            raise Refused(NOT_YET, day=wanted)
        told = (watch or Watch()).told
        with place.database.read() as session:
            months = voucher_rules(session).expiring_months
            return voucher_liability(session, AsOf(wanted, place.shop.zone, months, wanted == newest), told)

    @needs(Permission.REPORTS)
    def save_voucher_liability(self, path: Path, report: VoucherLiability, formats: Formats) -> None:
        """Write it to a PDF, XLSX or CSV, by the name's ending. Raises Unavailable when it can't be written there."""
        if path.suffix.lower() == ".pdf":
            paper = Paper(self._workplace.shop.name, self._workplace.clock.now(), formats)
            save_pdf(path, to_pdf(report, paper))
        else:
            write_table(path, titles(formats.translator), table(report, formats))

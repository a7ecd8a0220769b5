"""The scenes of the back office, one or more for each page; `till.ui.screens` renders them."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QWidget

from till.business_case import ZahlartTyp
from till.sales.tender import TenderKind
from till.ui.keys import Action
from till.ui.office.articles.scenes import ARTICLE_SCENES
from till.ui.office.care_scenes import CARE_SCENES
from till.ui.office.closings import ClosingsPage
from till.ui.office.layout.scenes import LAYOUT_SCENES
from till.ui.office.opened import opened
from till.ui.office.parts import PartedPage
from till.ui.office.reports.scenes import REPORT_SCENES
from till.ui.office.shop.details import DetailsPart
from till.ui.office.staff import screens as staff
from till.ui.office.table_scenes import TABLE_SCENES
from till.ui.office.vouchers.file_scenes import FILE_SCENES
from till.ui.office.vouchers.number_scenes import NUMBER_SCENES
from till.ui.office.vouchers.scenes import VOUCHER_SCENES
from till.ui.office.window import OfficeWindow
from till.ui.stage import Scene, Stage


def closings(stage: Stage, typed: str = "") -> OfficeWindow:
    """All Z, and the paper of the newest one, or of what is found."""
    window, page = opened(stage, "closings", ClosingsPage)
    page.table.search.line.setText(typed)
    page.paper.painter.finish()
    return window


def closings_none_found(stage: Stage) -> OfficeWindow:
    """No Z has what is typed."""
    return closings(stage, "1999")


def office_shop(stage: Stage) -> QWidget:
    """The shop's details, with a change that waits for a Z."""
    window, page = opened(stage, "shop", PartedPage)
    details = page.parts[0]
    assert isinstance(details, DetailsPart)  # noqa: S101 - its first part
    details.fields["name"].line.setText("Blumen & Tee Sommer GmbH")
    details.fields["vat_id"].line.setText("DE123456789")
    details.fields["vat_id"].is_right()
    details.begin()
    return window


def office_shop_z_first(stage: Stage) -> QWidget:
    """A new name while the till has booked something."""
    window, page = opened(stage, "shop", PartedPage)
    details = page.parts[0]
    assert isinstance(details, DetailsPart)  # noqa: S101 - its first part
    details.fields["name"].line.setText("Blumen & Tee Sommer GmbH")
    details.save()
    return window


def office_texts(stage: Stage) -> QWidget:
    """Receipt texts and the receipt beside them."""
    return _part(stage, "shop", 1)


def office_rates(stage: Stage) -> QWidget:
    """The VAT rates, and one to plan."""
    return _part(stage, "shop", 2)


def office_tenders(stage: Stage) -> QWidget:
    """The ways to pay."""
    return _part(stage, "shop", 3)


def payment_many(stage: Stage) -> QWidget | None:
    """Ways to pay of the shop's own at the counter, more than fit without scrolling."""
    shop, look = stage.till.shop, stage.window.look
    known = {tender.name for tender in shop.tenders()}
    for name in ("Stadtgutschein", "PayPal", "EC offline", "Rechnung Partner", "Amex", "Wero", "Essensmarken"):
        if name not in known:
            shop.add_tender(name, ZahlartTyp.UNBAR)
    QApplication.processEvents()
    stage.window.retranslate(look.t.language)
    stage.window.set_theme(look.palette.name)
    stage.till.sale.add(stage.tiles(1)[0])
    stage.window.act(Action.PAY)
    own = next(key for key in stage.till.sale.tenders() if key.kind is TenderKind.CARD and not key.by_card)
    stage.window.payment.choose(own)
    return None


def office_screen(stage: Stage) -> QWidget:
    """This PC's screen."""
    return _part(stage, "settings", 0)


def office_sounds(stage: Stage) -> QWidget:
    """This PC's sounds."""
    return _part(stage, "settings", 1)


def office_scanner(stage: Stage) -> QWidget:
    """This PC's scanner, just after a scan."""
    window = _part(stage, "settings", 2)
    window.on_scan("4006381333931")
    return window


def office_keys(stage: Stage) -> QWidget:
    """This PC's keys."""
    return _part(stage, "settings", 3)


def office_security(stage: Stage) -> QWidget:
    """Lock, blind count, backups."""
    return _part(stage, "settings", 4)


def office_printer(stage: Stage) -> QWidget:
    """This PC's printer."""
    return _part(stage, "settings", 5)


def _part(stage: Stage, key: str, place: int) -> OfficeWindow:
    window, page = opened(stage, key, PartedPage)
    page.show_part(place)
    page.work.finish()
    return window


OFFICE_SCENES: tuple[Scene, ...] = (
    *ARTICLE_SCENES,
    *TABLE_SCENES,
    *LAYOUT_SCENES,
    *VOUCHER_SCENES,
    *NUMBER_SCENES,
    *FILE_SCENES,
    *staff.SCENES,
    closings,
    closings_none_found,
    office_shop,
    office_shop_z_first,
    office_texts,
    office_rates,
    payment_many,
    office_tenders,
    office_screen,
    office_sounds,
    office_scanner,
    office_keys,
    office_security,
    office_printer,
    *REPORT_SCENES,
    *CARE_SCENES,
)

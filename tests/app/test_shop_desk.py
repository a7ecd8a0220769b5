"""The shop desk: who the shop is, its texts and logo, VAT rates and ways to pay, on both databases; all audited."""

from __future__ import annotations

import datetime as dt
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageDraw
from sqlalchemy import insert, select, update

from till.app.bootstrap import Ports, open_till
from till.app.shop import ShopDesk, ZFirst
from till.audit.trail import Action, AuditEntry, entries
from till.business_case import VatKey, ZahlartTyp
from till.errors import Refused, Unavailable
from till.money import Money
from till.receipts.logo import read_logo
from till.receipts.text import to_text
from till.shifts.closing import latest
from till.shifts.models import ClosingRow
from till.shop.details import ShopDetails
from till.shop.models import LogoRow, ShopRow, VatRateRow
from till.shop.vat_change import RateChange

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.app.conftest import Counter
    from till.app.bootstrap import Till
    from till.clock import FixedClock
    from till.settings import Settings

ROSE = "4006381333931"
TODAY, TOMORROW = dt.date(2026, 11, 20), dt.date(2026, 11, 21)


@pytest.fixture
def desk(plain: Counter) -> ShopDesk:
    """The desk of a till in whose drawer a float of 100,00 was put, and booked."""
    found: ShopDesk = plain.till.shop
    return found


@pytest.fixture
def closed(plain: Counter) -> ShopDesk:
    """The same after its Z."""
    plain.till.cash.close_shift(None)
    found: ShopDesk = plain.till.shop
    return found


def _trail(plain: Counter, action: Action) -> list[AuditEntry]:
    with plain.database.read() as session:
        return entries(session, plain.till.settings.till_id, action)


def _now(desk: ShopDesk) -> ShopDetails:
    return replace(desk.details().now, valid_from=TODAY)


# Who the shop is


def test_a_new_name_waits_for_the_z(plain: Counter, desk: ShopDesk) -> None:
    renamed = replace(_now(desk), name="Blumen Sommer GmbH")
    with pytest.raises(ZFirst, match="KASSE-1: close the till with a Z first"):
        desk.change_details(renamed)
    assert desk.tills_before_z() == ("KASSE-1",)
    assert desk.details().now.name == "Blumen & Tee"

    plain.till.cash.close_shift(None)
    desk.change_details(renamed)
    assert plain.till.shop_name == "Blumen Sommer GmbH"
    assert plain.problems() == []


def test_a_new_name_may_be_dated_for_a_later_day_and_that_day_begins_with_a_z(
    plain: Counter,
    desk: ShopDesk,
    clock: FixedClock,
) -> None:
    desk.change_details(replace(_now(desk), valid_from=TOMORROW, name="Neu", tax_number="11/222/33333"))
    assert [one.name for one in desk.details().planned] == ["Neu"]
    plain.sell(ROSE)
    assert plain.till.shop_name == "Blumen & Tee"

    clock.advance(86_400)
    with pytest.raises(Refused, match=r"new since 2026-11-21\. Close the till with a Z"):
        plain.sale.scan(ROSE)
    z = plain.till.cash.close_shift(None)
    plain.till.cash.open_shift(Money(10000))
    sale = plain.sell(ROSE)
    assert "Neu" in to_text(plain.till.receipts.receipt(sale.document.id))
    assert plain.till.shop_name == "Neu"
    with plain.database.read() as session:
        stored = latest(session, "KASSE-1")
    assert stored is not None
    assert stored.id == z.id
    assert plain.problems() == []


def test_a_basket_that_was_open_at_midnight_is_still_sold_by_the_old_shop(
    plain: Counter,
    desk: ShopDesk,
    clock: FixedClock,
) -> None:
    desk.change_details(replace(_now(desk), valid_from=TOMORROW, name="Neu"))
    plain.sale.scan(ROSE)
    clock.advance(86_400)
    plain.sale.pay_cash(Money(350))
    sale = plain.sale.complete()
    assert "Blumen & Tee" in to_text(plain.till.receipts.receipt(sale.document.id))


def test_each_z_keeps_the_shop_of_its_own_day(plain: Counter, closed: ShopDesk) -> None:
    closed.change_details(replace(_now(closed), name="Nachmittags GmbH"))
    plain.till.cash.open_shift(Money(10000))
    plain.till.cash.close_shift(None)
    with plain.database.read() as session:
        totals = session.scalars(select(ClosingRow.totals).order_by(ClosingRow.z_number)).all()
    kept = [json.loads(one)["master"] for one in totals]
    assert [one["shop"]["name"] for one in kept] == ["Blumen & Tee", "Nachmittags GmbH"]
    assert [1, 1900] in kept[0]["vat"]
    assert kept[0]["shop"]["tax_number"] == "12/345/67890"


def test_texts_and_telephone_count_at_once_and_in_what_is_planned(plain: Counter, desk: ShopDesk) -> None:
    desk.change_details(replace(_now(desk), valid_from=TOMORROW, name="Neu", receipt_footer=("Frohes Fest",)))
    desk.change_details(replace(_now(desk), phone="030 1234", receipt_header=("Inh. M. Klein",), language="en"))
    sale = plain.sell(ROSE)
    text = to_text(plain.till.receipts.receipt(sale.document.id))
    assert "030 1234" in text
    assert "Inh. M. Klein" in text
    assert "Receipt no." in text
    (plan,) = desk.details().planned
    assert (plan.name, plan.phone, plan.language) == ("Neu", "030 1234", "en")
    assert plan.receipt_footer == ("Frohes Fest",)


def test_a_plan_can_be_withdrawn(plain: Counter, desk: ShopDesk) -> None:
    desk.change_details(replace(_now(desk), valid_from=TOMORROW, name="Neu"))
    desk.withdraw_details(TOMORROW)
    assert desk.details().planned == ()
    with pytest.raises(Refused, match="not planned any more"):
        desk.withdraw_details(TOMORROW)
    with pytest.raises(Refused, match="not planned any more"):
        desk.withdraw_details(TODAY)
    assert {(row.before, row.after) for row in _trail(plain, Action.SHOP_CHANGED)} == {
        ('{"name":"Blumen & Tee"}', '{"name":"Neu"}'),
        ('{"name":"Neu"}', '{"name":"Blumen & Tee"}'),
    }


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"valid_from": dt.date(2026, 11, 19)}, "is over"),
        ({"tax_number": ""}, "tax number or the VAT id"),
        ({"language": "fr"}, "German or English"),
        ({"logo": "0" * 64}, "logo is not there"),
        ({"receipt_footer": ("x" * 49,)}, "Line 1 has 49 characters; at most 48"),
        ({"receipt_header": ("gut", "Wort\x1dV\x00")}, "Line 2 holds a control character"),
        ({"receipt_header": ("x",) * 13}, "At most 12 lines"),
    ],
)
def test_what_can_not_stand_on_a_receipt_is_refused(closed: ShopDesk, wrong: dict[str, object], why: str) -> None:
    before = closed.details()
    with pytest.raises(Refused, match=why):
        closed.change_details(replace(_now(closed), **wrong))  # type: ignore[arg-type]
    assert closed.details() == before


def test_an_old_receipt_is_printed_again_as_the_shop_was_that_day(plain: Counter, clock: FixedClock) -> None:
    desk = plain.till.shop
    morning = plain.sell(ROSE).document
    plain.till.cash.close_shift(None)
    desk.change_details(replace(_now(desk), name="Mittags GmbH", receipt_footer=("Mahlzeit",)))
    plain.till.cash.open_shift(Money(10000))
    noon = plain.sell(ROSE).document
    plain.till.cash.close_shift(None)
    clock.advance(86_400)
    desk.change_details(replace(desk.details_from(TOMORROW), name="Morgen AG", receipt_footer=()))
    plain.till.cash.open_shift(Money(10000))
    later = plain.sell(ROSE).document
    papers = [to_text(plain.till.receipts.receipt(one.id)) for one in (morning, noon, later)]
    assert ["Blumen & Tee" in paper for paper in papers] == [True, False, False]
    assert ["Mittags GmbH" in paper for paper in papers] == [False, True, False]
    assert ["Morgen AG" in paper for paper in papers] == [False, False, True]
    assert "Mahlzeit" in papers[1]
    assert "Mahlzeit" not in papers[2]


# The logo


def _picture(path: Path, size: tuple[int, int] = (900, 300)) -> Path:
    drawn = Image.new("RGBA", size, (255, 255, 255, 0))
    ImageDraw.Draw(drawn).ellipse((100, 50, size[0] - 100, size[1] - 50), fill=(180, 20, 60, 255))
    drawn.save(path)
    return path


def test_the_logo_stands_on_paper_screen_and_pdf(counter: Counter, tmp_path: Path) -> None:
    without = counter.sell(ROSE)
    bare = counter.till.receipts.preview(without.document.id)
    desk = counter.till.shop
    logo = read_logo(_picture(tmp_path / "logo.png"))
    desk.change_details(_now(desk), logo)

    sale = counter.sell(ROSE)
    counter.paper(sale.document)
    printed = next(
        paper for paper in reversed(counter.printer.receipts) if f"Beleg-Nr. {sale.document.number}" in paper.text
    )
    first = next(paper for paper in counter.printer.receipts if f"Beleg-Nr. {without.document.number}" in paper.text)
    assert sum(strip.height for strip in printed.images) > sum(strip.height for strip in first.images) + 50
    assert _height(counter.till.receipts.preview(sale.document.id)) > _height(bare) + 50
    pdf = tmp_path / "bon.pdf"
    counter.till.receipts.save_pdf(sale.document.id, pdf)
    assert b"/Image" in pdf.read_bytes()


def _height(png: bytes) -> int:
    return Image.open(io.BytesIO(png)).height


def test_a_logo_is_small_grey_and_without_margins(tmp_path: Path) -> None:
    logo = Image.open(io.BytesIO(read_logo(_picture(tmp_path / "logo.png", (2000, 1000)))))
    assert logo.mode == "L"
    assert logo.width <= 576
    assert logo.height <= 240
    assert logo.getextrema()[0] == 0


def test_what_is_no_picture_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "logo.png"
    text.write_text("not a picture")
    with pytest.raises(Refused, match="no picture"):
        read_logo(text)
    Image.new("L", (40, 40), 255).save(text)
    with pytest.raises(Refused, match="blank"):
        read_logo(text)
    Image.new("1", (7000, 7000), 0).save(text)
    with pytest.raises(Refused, match="too large"):
        read_logo(text)
    text.write_bytes(b"\0" * 10_000_001)
    with pytest.raises(Refused, match="too large"):
        read_logo(text)
    with pytest.raises(Unavailable, match="can’t be read"):
        read_logo(tmp_path / "nowhere.png")


def test_the_preview_shows_the_texts_before_they_are_stored(desk: ShopDesk, tmp_path: Path) -> None:
    plain = desk.preview(_now(desk))
    longer = desk.preview(replace(_now(desk), receipt_footer=("a", "b", "c")))
    pictured = desk.preview(_now(desk), read_logo(_picture(tmp_path / "logo.png")))
    assert _height(plain) < _height(longer) < _height(pictured)
    assert desk.details().now.receipt_footer == ()


# VAT


def test_a_rate_is_planned_for_whole_days_and_asks_for_a_z_on_its_day(
    plain: Counter, desk: ShopDesk, clock: FixedClock
) -> None:
    with pytest.raises(Refused, match="whole days, and today has begun"):
        desk.plan_rate(RateChange(VatKey.GENERAL, 2000, TODAY))
    desk.plan_rate(RateChange(VatKey.GENERAL, 2000, TOMORROW))
    plain.sell("4012345000023")
    clock.advance(86_400)
    with pytest.raises(Refused, match="New VAT rates are valid since 2026-11-21"):
        plain.sale.scan(ROSE)
    plain.till.cash.close_shift(None)
    plain.till.cash.open_shift(Money(10000))
    assert plain.sell("4012345000023").document.draft.vat[0].rate_bp == 2000
    (row,) = _trail(plain, Action.VAT_RATES_CHANGED)
    assert json.loads(row.before)["rates"] == [[1, "2021-01-01", None, 1900]]
    assert json.loads(row.after)["rates"] == [[1, "2021-01-01", "2026-11-20", 1900], [1, "2026-11-21", None, 2000]]
    with pytest.raises(Refused, match="counts already"):
        desk.withdraw_rate(next(rate for rate in desk.vat_rates() if rate.rate_bp == 2000))
    assert plain.problems() == []


def test_a_planned_rate_can_be_withdrawn(desk: ShopDesk) -> None:
    before = desk.vat_rates()
    after = desk.plan_rate(RateChange(VatKey.GENERAL, 2000, TOMORROW))
    desk.withdraw_rate(next(rate for rate in after if rate.valid_from == TOMORROW))
    assert desk.vat_rates() == before


# Ways to pay


def test_an_own_way_to_pay_is_offered_booked_counted_and_kept(plain: Counter, desk: ShopDesk) -> None:
    city = desk.add_tender("  Stadt-Gutschein  ", ZahlartTyp.UNBAR, opens_drawer=True)
    assert [key.name for key in plain.sale.tenders()] == ["Bar", "Karte", "Gutschein", "Stadt-Gutschein"]
    plain.sale.scan(ROSE)
    plain.sale.pay_card(city.id, Money(350))
    sale = plain.sale.complete()
    (payment,) = sale.document.draft.payments
    assert (payment.name, payment.zahlart_typ) == ("Stadt-Gutschein", ZahlartTyp.UNBAR)
    assert "Stadt-Gutschein" in to_text(plain.till.receipts.receipt(sale.document.id))
    assert "Stadt-Gutschein" in to_text(plain.till.receipts.x_report())

    with pytest.raises(Refused, match="stands in the books"):
        desk.remove_tender(city.id)
    desk.change_tender(replace(city, name="Citycard", is_active=False))
    assert "Citycard" not in [key.name for key in plain.sale.tenders()]
    z = plain.till.cash.close_shift(None)
    assert [tender.name for tender in z.tenders if tender.zahlart_typ == "Unbar"] == ["Stadt-Gutschein"]
    assert plain.problems() == []


def test_the_type_of_a_way_to_pay_waits_for_the_z_its_name_does_not(plain: Counter, desk: ShopDesk) -> None:
    paypal = desk.add_tender("PayPal", ZahlartTyp.UNBAR)
    desk.change_tender(replace(paypal, name="Pay Pal"))
    online = replace(paypal, name="Pay Pal", zahlart_typ=ZahlartTyp.ZAHLUNGSDIENST)
    with pytest.raises(ZFirst):
        desk.change_tender(online)
    plain.till.cash.close_shift(None)
    desk.change_tender(online)
    assert desk.tenders()[-1].zahlart_typ is ZahlartTyp.ZAHLUNGSDIENST


def test_an_unused_way_to_pay_is_taken_out_and_the_order_is_the_shops(plain: Counter, desk: ShopDesk) -> None:
    paypal = desk.add_tender("PayPal", ZahlartTyp.ZAHLUNGSDIENST)
    desk.order_tenders([paypal.id, "card", "cash"])
    assert [one.name for one in desk.tenders()] == ["PayPal", "Karte", "Bar", "Gutschein"]
    desk.remove_tender(paypal.id)
    assert [one.name for one in desk.tenders()] == ["Karte", "Bar", "Gutschein"]
    told = [(row.subject, row.before, row.after) for row in _trail(plain, Action.TENDERS_CHANGED)]
    assert ("order", "Bar, Karte, Gutschein, PayPal", "PayPal, Karte, Bar, Gutschein") in told
    assert sorted('"name":"PayPal"' in after for _, _, after in told) == [False, False, True]
    assert len(told) == 3


@pytest.mark.parametrize(
    ("name", "zahlart_typ", "why"),
    [
        ("", ZahlartTyp.UNBAR, "needs a name"),
        ("x" * 61, ZahlartTyp.UNBAR, "at most 60"),
        ("Pay\x00Pal", ZahlartTyp.UNBAR, "can’t be printed"),
        ("bar", ZahlartTyp.UNBAR, "called “Bar” already"),
        ("Schweizer Franken", ZahlartTyp.BAR, "can’t be booked as Bar"),
        ("Nichts", ZahlartTyp.KEINE, "can’t be booked as Keine"),
    ],
)
def test_a_way_to_pay_that_can_not_be_is_refused(desk: ShopDesk, name: str, zahlart_typ: ZahlartTyp, why: str) -> None:
    with pytest.raises(Refused, match=why):
        desk.add_tender(name, zahlart_typ)


def test_standard_ways_to_pay_keep_their_kind(desk: ShopDesk) -> None:
    cash, card, voucher = desk.tenders()
    with pytest.raises(Refused, match="can’t be switched off"):
        desk.change_tender(replace(cash, is_active=False))
    with pytest.raises(Refused, match="don’t open the drawer"):
        desk.change_tender(replace(voucher, opens_drawer=True))
    with pytest.raises(Refused, match="belongs to every till"):
        desk.remove_tender(card.id)
    with pytest.raises(Refused, match="not there any more"):
        desk.remove_tender("own-nothing")
    desk.change_tender(replace(card, name="girocard", is_active=False))


def test_more_ways_to_pay_than_one_can_tell_apart_are_refused(desk: ShopDesk) -> None:
    for number in range(9):
        desk.add_tender(f"Nr. {number}", ZahlartTyp.UNBAR)
    with pytest.raises(Refused, match="At most 12"):
        desk.add_tender("one more", ZahlartTyp.UNBAR)


def test_a_payment_by_what_was_switched_off_meanwhile_still_counts(plain: Counter, desk: ShopDesk) -> None:
    paypal = desk.add_tender("PayPal", ZahlartTyp.ZAHLUNGSDIENST)
    plain.sale.scan(ROSE)
    plain.sale.pay_card(paypal.id, Money(350))
    desk.change_tender(replace(paypal, is_active=False))
    assert plain.sale.complete().document.draft.payments[0].name == "PayPal"


def test_a_payment_by_what_is_no_more_has_to_be_taken_back(plain: Counter, desk: ShopDesk) -> None:
    paypal = desk.add_tender("PayPal", ZahlartTyp.ZAHLUNGSDIENST)
    plain.sale.scan(ROSE)
    plain.sale.pay_card(paypal.id, Money(350))
    desk.remove_tender(paypal.id)
    with pytest.raises(Refused, match="“PayPal” is no way to pay any more"):
        plain.sale.complete()
    plain.sale.take_back(1)
    plain.sale.pay_cash(Money(350))
    plain.sale.complete()


def test_what_one_till_changes_the_next_basket_of_another_knows(
    plain: Counter,
    desk: ShopDesk,
    any_shop_settings: Settings,
    fast_ports: Ports,
) -> None:
    second: Till = open_till(replace(any_shop_settings, till_id="KASSE-2"), fast_ports)
    try:
        second.cash.open_shift(Money(5000))
        desk.add_tender("PayPal", ZahlartTyp.ZAHLUNGSDIENST)
        desk.change_details(replace(_now(desk), receipt_footer=("Danke",)))
        second.sale.scan(ROSE)
        assert second.sale.tenders()[-1].name == "PayPal"
        assert second.workplace.shop.receipt_footer == ("Danke",)
        plain.till.cash.close_shift(None)
        with pytest.raises(ZFirst, match="KASSE-2"):
            desk.change_details(replace(_now(desk), name="Neu"))
    finally:
        second.close()


def test_whoever_listens_hears_of_every_change(desk: ShopDesk) -> None:
    heard: list[str] = []
    note: Callable[[], None] = lambda: heard.append("changed")  # noqa: E731 - shorter than a function
    desk.listen(note)
    desk.add_tender("PayPal", ZahlartTyp.ZAHLUNGSDIENST)
    desk.plan_rate(RateChange(VatKey.GENERAL, 2000, TOMORROW))
    assert heard == ["changed", "changed"]


# Verify


def test_verify_finds_rates_that_overlap_and_logos_that_are_not_what_they_were(
    plain: Counter, desk: ShopDesk, tmp_path: Path
) -> None:
    desk.change_details(_now(desk), read_logo(_picture(tmp_path / "logo.png")))
    assert plain.problems() == []
    with plain.database.write() as session:
        session.execute(update(VatRateRow).where(VatRateRow.valid_to.is_not(None)).values(valid_to=dt.date(2026, 1, 1)))
        session.execute(insert(LogoRow).values(digest="0" * 64, png=b"another picture"))
        row = session.scalars(select(ShopRow)).first()
        assert row is not None
        session.execute(update(ShopRow).where(ShopRow.id == row.id).values(logo="1" * 64))
    found = plain.problems()
    assert any("Two rates of VAT key 1" in problem for problem in found)
    assert "shop: The logo 00000000 was changed." in found
    assert "shop: The logo 11111111 is gone." in found

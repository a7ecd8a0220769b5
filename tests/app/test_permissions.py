"""Every action of every desk and the permissions that it needs, as a table; an action without a row fails (X1)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from till.app.about import AboutDesk
from till.app.article_tables import ArticleTables
from till.app.articles import ArticleDesk
from till.app.attendance import Approval, Locked, Present
from till.app.bootstrap import Ports, Till
from till.app.cash import CashDesk
from till.app.certificates import CertificateDesk
from till.app.free_returns import FreeReturnDesk
from till.app.layout import LayoutDesk, Move
from till.app.paper import ReceiptDesk
from till.app.receipt_search import ReceiptSearch, Search
from till.app.refund_ways import RefundWays
from till.app.reports import ReportDesk
from till.app.returns import ReturnDesk
from till.app.safekeeping import SafekeepingDesk
from till.app.selling import SaleDesk
from till.app.shop import ShopDesk
from till.app.staff import StaffDesk
from till.app.status import StatusDesk
from till.app.this_pc import ThisPc
from till.app.training import TrainingDesk
from till.app.views import Choice, Tile, VoucherWish
from till.app.voucher_check import VoucherCheckDesk
from till.app.voucher_files import VoucherFiles
from till.app.voucher_labels import LabelWish, VoucherLabels
from till.app.voucher_types import VoucherTypeDesk
from till.app.vouchers import VoucherDesk
from till.app.watch import Watch
from till.business_case import VatKey, ZahlartTyp
from till.catalog.article import Category
from till.catalog.card import Card
from till.catalog.price_list import LaterPrices, PriceList
from till.errors import Refused
from till.i18n import Translator
from till.labels.pdf import Printing
from till.labels.sheet import SHEETS
from till.money import Money
from till.quantity import ONE, Quantity
from till.receipts.certificate import CertificateSize
from till.reports.voucher_liability import LedgerSums, VoucherLiability
from till.sales.basket import AmountOff, PercentOff
from till.sales.returned import ReturnWish
from till.shifts.movement import Movement, MovementKind, TakingBack
from till.shop.details import ShopDetails
from till.shop.vat import VatRate
from till.shop.vat_change import RateChange
from till.staff.cards import new_card_code
from till.staff.permission import EVERYTHING, Need, NotAllowed, Permission, Rights
from till.staff.pin import Argon2
from till.staff.roles import CASHIER
from till.staff.users import OwnRights, User
from till.tables.verdict import Verdict
from till.vouchers.block import Blocking
from till.vouchers.correct import Correction
from till.vouchers.generator import NumberRun
from till.vouchers.model import Numbering, Voucher, VoucherType
from till.vouchers.old import OldVoucher
from till.vouchers.old_table import Defaults
from till.vouchers.reissue import Reissue
from till.vouchers.rules import VoucherRules, set_voucher_rules
from till.vouchers.types import add_type

VALUE_FREE = uuid.UUID(int=102)
COUPON = VoucherType(uuid.UUID(int=107), "907", "Karte", Numbering.NONE, sale=Money(1000))
OWN_NUMBER = uuid.UUID(int=106)

VALUE_25 = uuid.UUID(int=101)
ROSE, ROSE_ID = "4006381333931", uuid.UUID(int=1)
PLAN = LaterPrices(dt.datetime(2026, 12, 1, tzinfo=dt.UTC), PriceList(Money(400)))
NOTHING_OWED = VoucherLiability(dt.date(2026, 11, 20), 3, (), (), LedgerSums())
P = Permission
RUN = NumberRun("1", 2)


class Scene:
    """A till in the middle of a sale: two roses, a note's worth of cash, and a voucher sold before."""

    def __init__(self, till: Till, folder: Path, bring_in: Callable[..., Voucher]) -> None:
        self.till, self.sale, self.cash, self.staff = till, till.sale, till.cash, till.staff
        self.receipts, self.folder = till.receipts, folder
        self.moved = self.old_id = uuid.UUID(int=0)
        self.bring_in = bring_in
        self.sale.add(self.tile("Gutschein 25"))
        self.sale.pay_cash(Money(2500))
        self.sold = self.sale.complete()
        self.voucher = self.sold.vouchers[0]
        self.sale.scan(ROSE, Quantity(2000))

    def bring_expired(self) -> None:
        """There is an expired voucher."""
        self.old_id = self.bring_in(self.till, VALUE_FREE, "ALT-1", valid_until=dt.date(2025, 12, 31)).id

    def bring_coupon(self) -> None:
        """There is a voucher without a number, and the shop redeems such by amount."""
        with self.till.workplace.database.write() as session:
            add_type(session, COUPON)
            set_voucher_rules(session, VoucherRules(without_number=True))
        self.old_id = self.bring_in(self.till, COUPON.id).id

    @property
    def wish(self) -> ReturnWish:
        """The voucher that was sold is brought back."""
        return ReturnWish(uuid.UUID(int=77), self.sold.document.id, ((0, ONE),))

    @property
    def line(self) -> int:
        """The roses' line."""
        return self.sale.state.priced.lines[0].line.id

    def tile(self, name: str) -> Tile:
        """The tile with this name."""
        return next(tile for tile in self.sale.assortment().tiles if tile.name == name)

    def paid(self) -> None:
        """The roses are paid for, but not yet completed."""
        self.sale.pay_cash(Money(700))

    def closed(self) -> None:
        """The till is closed."""
        self.sale.cancel()
        self.cash.close_shift(None)

    def park(self) -> None:
        """The roses wait."""
        self.sale.park()

    @property
    def parked_order(self) -> uuid.UUID:
        """The order of the roses that wait."""
        return self.sale.parked()[0].order_id

    @property
    def back(self) -> FreeReturnDesk:
        """Goods that come back without a receipt."""
        return self.till.free_returns

    def bring(self) -> None:
        """A rose is brought back, and nobody has a receipt."""
        self.back.scan(ROSE)

    def practise(self) -> None:
        """Nothing counts."""
        self.sale.cancel()
        self.till.training.begin()

    def move(self) -> None:
        """Some change was brought."""
        self.moved = self.cash.move(Movement(MovementKind.CHANGE_IN, Money(500), "Wechselgeld")).id

    @property
    def exported(self) -> Path:
        """All articles as a table."""
        path = self.folder / "articles.csv"
        if not path.exists():
            attendance = self.till.workplace.attendance
            with attendance.unattended():
                self.till.article_tables.export(path)
        return path

    def check(self) -> None:
        """A table is checked and may be taken over."""
        self.till.article_tables.check(self.exported)

    @property
    def shop(self) -> ShopDesk:
        """The shop's own data and rules."""
        return self.till.shop

    @property
    def tomorrow(self) -> dt.date:
        """The first day that is not today."""
        return self.shop.today() + dt.timedelta(days=1)

    @property
    def rate(self) -> RateChange:
        """A rate from tomorrow on."""
        return RateChange(VatKey.GENERAL, 2000, self.tomorrow)

    def details(self, **changes: object) -> ShopDetails:
        """The shop of today with something else in it."""
        return replace(self.shop.details().now, **{"valid_from": self.shop.today(), **changes})  # type: ignore[arg-type]

    def rose(self) -> tuple[Card, Card]:
        """The rose's card with another price, and as it is."""
        card = self.till.articles.card(ROSE_ID)
        return replace(card, article=replace(card.article, price=Money(375))), card

    def voucher_type(self) -> tuple[VoucherType, VoucherType]:
        """A type with another name, and as it was."""
        known = self.till.voucher_types.one(VALUE_25)
        return replace(known, name="Gutschein 25 neu"), known

    def plan(self) -> None:
        """The rose has a planned price."""
        self.till.articles.plan(ROSE_ID, PLAN)

    def correction(self, cents: int) -> Correction:
        """Somebody wants to correct the voucher that was sold before."""
        return Correction(self.voucher.id, Money(cents), "Druckfehler")

    def back_up(self) -> Path:
        """There is a backup, and it was looked into."""
        with self.till.workplace.attendance.unattended():
            self.backed_up = self.till.safekeeping.back_up_now().file
            self.proof = self.till.safekeeping.look_into(self.backed_up)
        return self.backed_up

    @property
    def files(self) -> VoucherFiles:
        """Vouchers in files."""
        return self.till.voucher_files

    @property
    def defaults(self) -> Defaults:
        """What counts for all rows."""
        return Defaults(self.files.kinds()[0])

    @property
    def old_table(self) -> Path:
        """A table of old vouchers."""
        path = self.folder / "old.csv"
        path.write_text("Nummer;Wert\nALT-7;5\n", "utf-8")
        return path

    @property
    def labels(self) -> LabelWish:
        """Two labels."""
        return LabelWish(self.files.kinds()[0], RUN, Printing(SHEETS[0]))

    def jan(self) -> User:
        """A cashier with a PIN works here too."""
        self.staff.set_pin("1", "4711").result()
        return self.staff.hire(User("", "Jan Alt", "JA"), "1508").result()


Deed = Callable[[Scene], object]


@dataclass(frozen=True)
class Row:
    """One way to use an action: what it needs, what is done before by somebody who may everything, and the deed."""

    action: str
    needs: Permission
    deed: Deed
    before: Deed = lambda _scene: None
    is_refused_anyway: bool = False


SALE = [
    Row("scan", P.SELL, lambda s: s.sale.scan(ROSE)),
    Row("add", P.SELL, lambda s: s.sale.add(s.tile("Rose"))),
    Row("add", P.SELL_VOUCHER, lambda s: s.sale.add(s.tile("Gutschein 25"))),
    Row("add", P.SELL_VOUCHER, lambda s: s.sale.add(s.tile("Gutschein frei"), price=Money(4000))),
    Row("add", P.FREE_PRICE, lambda s: s.sale.add(s.tile("Strauß nach Wunsch"), price=Money(2000))),
    Row("add", P.CHANGE_PRICE, lambda s: s.sale.add(s.tile("Rose"), price=Money(100))),
    Row("set_quantity", P.SELL, lambda s: s.sale.set_quantity(s.line, Quantity(3000))),
    Row("set_quantity", P.REMOVE, lambda s: s.sale.set_quantity(s.line, Quantity(1000))),
    Row(
        "set_quantity",
        P.LINE_DISCOUNT,
        lambda s: s.sale.set_quantity(s.line, Quantity(1000)),
        before=lambda s: s.sale.set_line_discount(s.line, AmountOff(Money(300))),
    ),
    Row("set_price", P.SELL, lambda s: s.sale.set_price(s.line, Money(300))),
    Row("set_price", P.CHANGE_PRICE, lambda s: s.sale.set_price(s.line, Money(300))),
    Row("set_price", P.CHANGE_PRICE, lambda s: s.sale.set_price(s.line, Money(400))),
    Row("set_line_discount", P.SELL, lambda s: s.sale.set_line_discount(s.line, PercentOff(500))),
    Row("set_line_discount", P.LINE_DISCOUNT, lambda s: s.sale.set_line_discount(s.line, PercentOff(500))),
    Row("set_line_discount", P.LINE_DISCOUNT, lambda s: s.sale.set_line_discount(s.line, AmountOff(Money(10)))),
    Row("set_discount", P.SELL, lambda s: s.sale.set_discount(PercentOff(500))),
    Row("set_discount", P.BASKET_DISCOUNT, lambda s: s.sale.set_discount(PercentOff(500))),
    Row("set_note", P.SELL, lambda s: s.sale.set_note(s.line, "für Oma")),
    Row("sell_voucher", P.SELL, lambda s: s.sale.sell_voucher(VoucherWish(OWN_NUMBER, "S-1"))),
    Row("sell_voucher", P.SELL_VOUCHER, lambda s: s.sale.sell_voucher(VoucherWish(OWN_NUMBER, "S-1"))),
    Row(
        "set_voucher",
        P.SELL,
        lambda s: s.sale.set_voucher(s.sale.state.priced.lines[-1].line.id, "S-2", ""),
        before=lambda s: s.sale.sell_voucher(VoucherWish(OWN_NUMBER, "S-1")),
    ),
    Row("pick", P.SELL, lambda s: s.sale.pick(Choice(s.tile("Rose")))),
    Row("pick", P.SELL_VOUCHER, lambda s: s.sale.pick(Choice(s.tile("Gutschein 25")))),
    Row("remove", P.SELL, lambda s: s.sale.remove(s.line)),
    Row("remove", P.REMOVE, lambda s: s.sale.remove(s.line)),
    Row(
        "remove",
        P.BASKET_DISCOUNT,
        lambda s: s.sale.remove(s.line),
        before=lambda s: (s.sale.add(s.tile("Becher")), s.sale.set_discount(AmountOff(Money(500)))),
    ),
    Row("undo", P.SELL, lambda s: s.sale.undo()),
    Row("undo", P.REMOVE, lambda s: s.sale.undo()),
    Row(
        "undo",
        P.CHANGE_PRICE,
        lambda s: s.sale.undo(),
        before=lambda s: (s.sale.set_price(s.line, Money(1)), s.sale.set_price(s.line, Money(350))),
    ),
    Row(
        "undo",
        P.LINE_DISCOUNT,
        lambda s: s.sale.undo(),
        before=lambda s: (
            s.sale.set_line_discount(s.line, PercentOff(5000)),
            s.sale.set_line_discount(s.line, None),
        ),
    ),
    Row("cancel", P.REMOVE, lambda s: s.sale.cancel()),
    Row("pay_cash", P.SELL, lambda s: s.sale.pay_cash(Money(700))),
    Row("pay_card", P.SELL, lambda s: s.sale.pay_card("card", Money(700))),
    Row("redeem", P.SELL, lambda s: s.sale.redeem(s.voucher.id, Money(700))),
    Row(
        "redeem_expired",
        P.REDEEM_EXPIRED,
        lambda s: s.sale.redeem_expired(s.old_id, Money(200), "Kulanz"),
        before=Scene.bring_expired,
    ),
    Row(
        "redeem_by_amount",
        P.SELL,
        lambda s: s.sale.redeem_by_amount(COUPON.id, Money(200)),
        before=Scene.bring_coupon,
    ),
    Row("take_back", P.SELL, lambda s: s.sale.take_back(1), before=Scene.paid),
    Row("complete", P.SELL, lambda s: s.sale.complete(), before=Scene.paid),
    Row("park", P.SELL, lambda s: s.sale.park("Frau Weber")),
    Row("recall", P.SELL, lambda s: s.sale.recall(s.parked_order), before=Scene.park),
    Row("rename_parked", P.SELL, lambda s: s.sale.rename_parked(s.parked_order, "Herr Weber"), before=Scene.park),
    Row("discard_parked", P.REMOVE, lambda s: s.sale.discard_parked(s.parked_order), before=Scene.park),
]
CASH = [
    Row("open_shift", P.OPEN_SHIFT, lambda s: s.cash.open_shift(Money(0)), before=Scene.closed),
    Row("close_shift", P.CLOSE_SHIFT, lambda s: s.cash.close_shift(None), before=lambda s: s.sale.cancel()),
    Row(
        "close_shift",
        P.CASH_IN_OUT,
        lambda s: s.cash.close_shift(Money(10000), Movement(MovementKind.BANK_DROP, Money(5000), "Bank")),
        before=lambda s: s.sale.cancel(),
    ),
    Row("open_drawer", P.OPEN_DRAWER, lambda s: s.cash.open_drawer()),
    Row("expected_cash", P.SEE_EXPECTED_CASH, lambda s: s.cash.expected_cash()),
    Row("suggested_float", P.SEE_EXPECTED_CASH, lambda s: s.cash.suggested_float()),
    Row("confirm_clock", P.SELL, lambda s: s.cash.confirm_clock()),
    Row("count", P.CLOSE_SHIFT, lambda s: s.cash.count(Money(100))),
    Row("move", P.CASH_IN_OUT, lambda s: s.cash.move(Movement(MovementKind.CHANGE_IN, Money(500), "Wechselgeld"))),
    Row("take_back", P.CASH_IN_OUT, lambda s: s.cash.take_back(TakingBack(s.moved, "vertippt")), before=Scene.move),
    Row("movements", P.CASH_IN_OUT, lambda s: s.cash.movements()),
]
FREE_RETURNS = [
    Row("scan", P.SELL, lambda s: s.back.scan(ROSE)),
    Row("add", P.SELL, lambda s: s.back.add(s.tile("Rose"))),
    Row("set_quantity", P.SELL, lambda s: s.back.set_quantity(1, Quantity(2000)), before=Scene.bring),
    Row("set_price", P.SELL, lambda s: s.back.set_price(1, Money(100)), before=Scene.bring),
    Row("remove", P.SELL, lambda s: s.back.remove(1), before=Scene.bring),
    Row("complete", P.SELL, lambda s: s.back.complete("defekt", s.back.ways()[0]), before=Scene.bring),
    Row(
        "complete",
        P.RETURN_WITHOUT_RECEIPT,
        lambda s: s.back.complete("defekt", s.back.ways()[0]),
        before=Scene.bring,
    ),
    Row("abandon", P.SELL, lambda s: s.back.abandon(), before=Scene.bring),
]
RECEIPTS = [
    Row("save_pdf", P.REPRINT, lambda s: s.receipts.save_pdf(s.sold.document.id, s.folder / "x.pdf")),
    Row("reprint", P.REPRINT, lambda s: s.receipts.reprint(s.sold.document.id), is_refused_anyway=True),
    Row("x_report", P.X_REPORT, lambda s: s.receipts.x_report()),
    Row("x_shown", P.X_REPORT, lambda s: s.receipts.x_shown(Translator("de"))),
    Row("every_closing", P.REPORTS, lambda s: s.receipts.every_closing()),
    Row(
        "print_x_report",
        P.X_REPORT,
        lambda s: s.receipts.print_x_report(s.receipts.receipt(s.sold.document.id), uuid.uuid4()),
        is_refused_anyway=True,
    ),
]
TABLES = [
    Row("export", P.CATALOGUE, lambda s: s.till.article_tables.export(s.folder / "out.csv")),
    Row("check", P.CATALOGUE, lambda s: s.till.article_tables.check(s.exported)),
    Row("apply", P.CATALOGUE, lambda s: s.till.article_tables.apply(), before=Scene.check),
    Row(
        "export_refused",
        P.CATALOGUE,
        lambda s: s.till.article_tables.export_refused(s.folder / "out.csv", s.till.formats),
        before=Scene.check,
    ),
]
SEARCH = [
    Row("export", P.REPORTS, lambda s: s.till.receipt_search.export(s.folder / "out.csv", Search(), s.till.formats)),
]
CERTIFICATES = [
    Row(
        "certificate_pdf",
        P.REPRINT,
        lambda s: s.till.certificates.certificate_pdf(s.voucher.id, CertificateSize.A4),
    ),
    Row(
        "save_one",
        P.REPRINT,
        lambda s: s.till.certificates.save_one(s.voucher.id, CertificateSize.A4, s.folder / "Gutschein.pdf"),
    ),
    Row("receipt_pdf", P.REPRINT, lambda s: s.till.certificates.receipt_pdf(s.sold.document.id, CertificateSize.A6)),
    Row(
        "save",
        P.REPRINT,
        lambda s: s.till.certificates.save(s.sold.document.id, CertificateSize.A6, s.folder / "Gutschein.pdf"),
    ),
    Row(
        "reprint_slips",
        P.REPRINT,
        lambda s: s.till.certificates.reprint_slips(s.sold.document.id),
        is_refused_anyway=True,
    ),
    Row("reprint_slip", P.REPRINT, lambda s: s.till.certificates.reprint_slip(s.voucher.id), is_refused_anyway=True),
]
REPORTS = [
    Row("voucher_liability", P.REPORTS, lambda s: s.till.reports.voucher_liability()),
    Row(
        "save_voucher_liability",
        P.REPORTS,
        lambda s: s.till.reports.save_voucher_liability(s.folder / "out.csv", NOTHING_OWED, s.till.formats),
    ),
]
ARTICLES = [
    Row("save", P.CATALOGUE, lambda s: s.till.articles.save(*s.rose())),
    Row("set_active", P.CATALOGUE, lambda s: s.till.articles.set_active(ROSE_ID, is_active=False)),
    Row("plan", P.CATALOGUE, lambda s: s.till.articles.plan(ROSE_ID, PLAN)),
    Row("drop_plan", P.CATALOGUE, lambda s: s.till.articles.drop_plan(ROSE_ID, PLAN.valid_from), before=Scene.plan),
    Row("set_picture", P.CATALOGUE, lambda s: s.till.articles.set_picture(ROSE_ID, None)),
]
TRAINING = [
    Row("begin", P.TRAINING, lambda s: s.till.training.begin(), before=lambda s: s.sale.cancel()),
    Row("end", P.TRAINING, lambda s: s.till.training.end(), before=Scene.practise),
]
STAFF = [
    Row("hire", P.STAFF, lambda s: s.staff.hire(User("", "Ida Neu", "IN"), "2580"), before=Scene.jan),
    Row("change_user", P.STAFF, lambda s: s.staff.change_user(User("2", "Jan Neu", "JN")), before=Scene.jan),
    Row("change_rights", P.STAFF, lambda s: s.staff.change_rights("2", OwnRights()), before=Scene.jan),
    Row(
        "change_person",
        P.STAFF,
        lambda s: s.staff.change_person(User("2", "Jan Neu", "JN"), OwnRights()),
        before=Scene.jan,
    ),
    Row("change_role", P.STAFF, lambda s: s.staff.change_role(next(r for r in s.staff.roles() if r.id == CASHIER))),
    Row("set_pin", P.STAFF, lambda s: s.staff.set_pin("2", "2580"), before=Scene.jan),
    Row("new_card", P.STAFF, lambda s: s.staff.new_card("1")),
    Row("take_card", P.STAFF, lambda s: s.staff.take_card("1")),
    Row("unlock", P.STAFF, lambda s: s.staff.unlock("2"), before=Scene.jan),
]
SHOP = [
    Row("change_details", P.SHOP_SETTINGS, lambda s: s.shop.change_details(s.details(phone="030 1"))),
    Row(
        "withdraw_details",
        P.SHOP_SETTINGS,
        lambda s: s.shop.withdraw_details(s.tomorrow),
        before=lambda s: s.shop.change_details(s.details(name="Neu", valid_from=s.tomorrow)),
    ),
    Row("plan_rate", P.SHOP_SETTINGS, lambda s: s.shop.plan_rate(s.rate)),
    Row(
        "withdraw_rate",
        P.SHOP_SETTINGS,
        lambda s: s.shop.withdraw_rate(VatRate(VatKey.GENERAL, s.tomorrow, None, 2000)),
        before=lambda s: s.shop.plan_rate(s.rate),
    ),
    Row("add_tender", P.SHOP_SETTINGS, lambda s: s.shop.add_tender("PayPal", ZahlartTyp.ZAHLUNGSDIENST)),
    Row("change_tender", P.SHOP_SETTINGS, lambda s: s.shop.change_tender(replace(s.shop.tenders()[1], name="EC"))),
    Row("order_tenders", P.SHOP_SETTINGS, lambda s: s.shop.order_tenders(["card", "cash"])),
    Row(
        "remove_tender",
        P.SHOP_SETTINGS,
        lambda s: s.shop.remove_tender(s.shop.tenders()[-1].id),
        before=lambda s: s.shop.add_tender("PayPal", ZahlartTyp.ZAHLUNGSDIENST),
    ),
]
CHECK = [
    Row(
        "print_slip",
        P.SELL,
        lambda s: s.till.voucher_check.print_slip(s.voucher.id, uuid.uuid4()),
        is_refused_anyway=True,
    ),
]
PC = [
    Row("change", P.SHOP_SETTINGS, lambda s: s.till.this_pc.change(replace(s.till.settings, sounds=False))),
    Row("print_test", P.SHOP_SETTINGS, lambda s: s.till.this_pc.print_test(), is_refused_anyway=True),
]
ABOUT = [
    Row("verify_now", P.SHOP_SETTINGS, lambda s: s.till.about.verify_now(Watch())),
    Row("bundle", P.SHOP_SETTINGS, lambda s: s.till.about.bundle(s.folder, Watch())),
]
LAYOUT = [
    Row("add_category", P.CATALOGUE, lambda s: s.till.layout.add_category("Kerzen", "#F7D6DC")),
    Row("change_category", P.CATALOGUE, lambda s: s.till.layout.change_category(Category("all", "X", 1, "#F7D6DC"))),
    Row("move_category", P.CATALOGUE, lambda s: s.till.layout.move_category("all", 1)),
    Row("set_category_picture", P.CATALOGUE, lambda s: s.till.layout.set_category_picture("all", None)),
    Row("put", P.CATALOGUE, lambda s: s.till.layout.put(s.tile("Rose"))),
    Row("remove", P.CATALOGUE, lambda s: s.till.layout.remove(s.tile("Rose"))),
    Row("move", P.CATALOGUE, lambda s: s.till.layout.move(Move("all", s.tile("Rose"), 0, 1))),
]
VOUCHERS = [
    Row("reduce", P.CORRECT_VOUCHER, lambda s: s.till.vouchers.reduce(s.correction(-100))),
    Row("add_bonus", P.RAISE_VOUCHER, lambda s: s.till.vouchers.add_bonus(s.correction(100))),
    Row("block", P.BLOCK_VOUCHER, lambda s: s.till.vouchers.block(Blocking(s.voucher.id, "verloren"))),
    Row(
        "unblock",
        P.BLOCK_VOUCHER,
        lambda s: s.till.vouchers.unblock(Blocking(s.voucher.id, "gefunden")),
        before=lambda s: s.till.vouchers.block(Blocking(s.voucher.id, "verloren")),
    ),
    Row("reissue", P.BLOCK_VOUCHER, lambda s: s.till.vouchers.reissue(Reissue(s.voucher.id, "Karte brach"))),
]
SAFEKEEPING = [
    Row("backups", P.BACKUP, lambda s: s.till.safekeeping.backups()),
    Row("back_up_now", P.BACKUP, lambda s: s.till.safekeeping.back_up_now()),
    Row("choose_folder", P.BACKUP, lambda s: s.till.safekeeping.choose_folder(s.folder)),
    Row("look_into", P.BACKUP, lambda s: s.till.safekeeping.look_into(s.backed_up), before=Scene.back_up),
    Row(
        "wish_for",
        P.BACKUP,
        lambda s: s.till.safekeeping.wish_for(s.proof, may_lose=True),
        before=lambda s: (s.sale.cancel(), s.back_up()),
    ),
]
FILES = [
    Row("write_numbers", P.VOUCHER_FILES, lambda s: s.files.write_numbers(s.folder / "x.csv", RUN, None)),
    Row("write_example", P.VOUCHER_FILES, lambda s: s.files.write_example(s.folder / "x.csv")),
    Row("add_old", P.VOUCHER_FILES, lambda s: s.files.add_old(OldVoucher(s.files.kinds()[0], "ALT-1", Money(100)))),
    Row("check", P.VOUCHER_FILES, lambda s: s.files.check(s.old_table, s.defaults)),
    Row("check_pasted", P.VOUCHER_FILES, lambda s: s.files.check_pasted("Nummer;Wert\nA;1", s.defaults)),
    Row("apply", P.VOUCHER_FILES, lambda s: s.files.apply(), before=lambda s: s.files.check(s.old_table, s.defaults)),
    Row(
        "export_left_out",
        P.VOUCHER_FILES,
        lambda s: s.files.export_left_out(s.folder / "x.csv", Verdict.REFUSED, s.till.formats),
        before=lambda s: s.files.check(s.old_table, s.defaults),
    ),
]
LABELS = [
    Row("sample", P.VOUCHER_FILES, lambda s: s.till.voucher_labels.sample(s.labels, 3)),
    Row("write", P.VOUCHER_FILES, lambda s: s.till.voucher_labels.write(s.folder / "x.pdf", s.labels)),
]
RETURNS = [
    Row("begin", P.SELL, lambda s: s.till.returns.begin(s.sold.document.id)),
    Row("complete", P.REFUND, lambda s: s.till.returns.complete(s.wish)),
    Row(
        "complete",
        P.CANCEL_RECEIPT,
        lambda s: s.till.returns.complete(replace(s.wish, quantities=(), is_cancellation=True, reason="Irrtum")),
    ),
]
VOUCHER_TYPES = [
    Row("save", P.VOUCHERS, lambda s: s.till.voucher_types.save(*s.voucher_type())),
    Row("deactivate", P.VOUCHERS, lambda s: s.till.voucher_types.deactivate(VALUE_25)),
    Row("reactivate", P.VOUCHERS, lambda s: s.till.voucher_types.reactivate(VALUE_25)),
    Row("choose_label", P.VOUCHERS, lambda s: s.till.voucher_types.choose_label(VALUE_25, "none")),
    Row("preload", P.VOUCHERS, lambda s: s.till.voucher_types.preload(VALUE_25, "AG-0500")),
    Row("set_rules", P.VOUCHERS, lambda s: s.till.voucher_types.set_rules(VoucherRules(years=4))),
]
TABLE: dict[type, list[Row]] = {
    SaleDesk: SALE,
    CashDesk: CASH,
    FreeReturnDesk: FREE_RETURNS,
    RefundWays: [],
    ReceiptDesk: RECEIPTS,
    StaffDesk: STAFF,
    StatusDesk: [],
    TrainingDesk: TRAINING,
} | {
    ArticleTables: TABLES,
    ShopDesk: SHOP,
    ThisPc: PC,
    VoucherCheckDesk: CHECK,
    ReceiptSearch: SEARCH,
    CertificateDesk: CERTIFICATES,
    ReportDesk: REPORTS,
    ArticleDesk: ARTICLES,
    LayoutDesk: LAYOUT,
    VoucherTypeDesk: VOUCHER_TYPES,
    SafekeepingDesk: SAFEKEEPING,
    AboutDesk: ABOUT,
    VoucherFiles: FILES,
    VoucherLabels: LABELS,
    ReturnDesk: RETURNS,
    VoucherDesk: VOUCHERS,
}
# What needs no permission: it only looks, belongs to the program's own start and end, or is how one comes to the till.
FREE = {
    SaleDesk: {"state", "listen", "assortment", "reload_assortment", "search", "tenders", "look_up_voucher", "dismiss"}
    | {"parked", "grid", "page", "pictures", "price_of", "takes_letters", "unnumbered", "voucher_like"}
    | {"asks", "scanned_number", "voucher_number", "voucher_worth"}
    | {"parked", "grid", "page", "pictures", "price_of"}
    | {"clear_for_closing", "clear_for_training", "note_training", "restore", "leave"},
    CashDesk: {
        "listen",
        "is_open",
        "shown_cash",
        "reasons",
        "opening_float",
        "shift_movements",
        "count_draft",
        "keep_count",
    },
    RefundWays: {"ways", "reasons"},
    FreeReturnDesk: {"state", "completed", "ways", "check_may_begin", "dismiss", "clear", "leave"},
    ReceiptDesk: {"recent", "last", "find", "vouchers_of", "receipt", "preview", "text", "closings", "find_closing"},
    ShopDesk: {
        "listen",
        "today",
        "tills_before_z",
        "details",
        "details_from",
        "logo",
        "preview",
        "vat_rates",
        "tenders",
    },
    VoucherCheckDesk: {"look_up", "scan", "like", "takes_letters", "uses", "slip"},
    ThisPc: {"settings", "profiles", "paper_columns", "prefer"},
    ArticleTables: {"rows", "close", "count"},
    CertificateDesk: set(),
    ReceiptSearch: {"understand", "understand_scan", "usual_days", "days_between", "tills", "cashiers", "find"},
    ReportDesk: set(),
    AboutDesk: {"facts"},
    VoucherFiles: {"kinds", "rows", "close"},
    VoucherLabels: {"kinds", "imports", "note", "take_noted"},
    ReturnDesk: {"look", "preview", "ways", "abandon", "leave"},
    ArticleDesk: {"listing", "choices", "card", "today", "card_with_code", "new_card", "copy_of", "problems", "history"}
    | {"picture"},
    LayoutDesk: {"categories", "page"},
    VoucherTypeDesk: {"types", "one", "overview", "choices", "new_type", "problems", "hints", "numbers", "preview"}
    | {"rules", "term_hint", "lettered_outstanding"},
    VoucherDesk: {"page", "sheet", "scanned", "line"},
    SafekeepingDesk: {"keeps_files", "folder", "is_usual_folder", "is_sealing", "note_restored"},
    StaffDesk: {"current", "is_locked", "listen", "may", "names", "sign_in", "sign_in_by_card", "switch_to", "lock"}
    | {"works_alone", "approvers", "standings", "look_again"}
    | {"note_activity", "approve", "approve_by_card", "everybody", "roles", "rights_of", "change_own_pin", "stop"},
    StatusDesk: {"current", "listen", "note_printer", "note_signing", "note_tse_kind", "note_database", "note_backup"}
    | {"note_damage", "note_shift", "note_training", "note_owed", "check_disk", "count_jobs", "answer_uncertain"}
    | {"retry_printing"},
    TrainingDesk: {"is_on", "listen", "check_real"},
}
ROWS = [row for rows in TABLE.values() for row in rows]


def name_of(row: Row) -> str:
    """How a row is called among the tests."""
    return f"{row.action} needs {row.needs}"


@pytest.mark.parametrize("desk", TABLE, ids=lambda desk: desk.__name__)
def test_every_public_action_of_a_desk_has_its_row(desk: type) -> None:
    actions = {name for kind in desk.__mro__[:-1] for name in vars(kind) if not name.startswith("_")}
    assert actions == {row.action for row in TABLE[desk]} | FREE[desk]
    assert not {row.action for row in TABLE[desk]} & FREE[desk]


@pytest.fixture
def scene(make_till: Callable[..., Till], fast_ports: Ports, tmp_path: Path, bring_in: Callable[..., Voucher]) -> Scene:
    """A till in the middle of a sale."""
    return Scene(make_till(ports=replace(fast_ports, pins=Argon2(1, 8, 1))), tmp_path, bring_in)


def as_(scene: Scene, rights: Rights) -> None:
    """Marie is at work, and may just this."""
    user = scene.till.workplace.user
    scene.till.workplace.attendance.enter(Present(user, rights, is_alone=False))


def done(scene: Scene, row: Row) -> None:
    """Do it, and wait where it is done on another thread."""
    result = row.deed(scene)
    if isinstance(result, Future):
        result.result()


@pytest.mark.parametrize("row", ROWS, ids=name_of)
def test_an_action_is_done_with_its_permission_only(scene: Scene, row: Row) -> None:
    row.before(scene)
    state, is_open = scene.sale.state, scene.cash.is_open
    as_(scene, replace(EVERYTHING, permissions=EVERYTHING.permissions - {row.needs}))
    with pytest.raises(NotAllowed) as refused:
        done(scene, row)
    assert refused.value.need.permission is row.needs
    assert (scene.sale.state, scene.cash.is_open) == (state, is_open), "what is refused changes nothing"

    scene.staff.lock()
    with pytest.raises(Locked):
        done(scene, row)
    assert (scene.sale.state, scene.cash.is_open) == (state, is_open)

    as_(scene, EVERYTHING)
    if row.is_refused_anyway:
        with pytest.raises(Refused) as other:
            done(scene, row)
        assert not isinstance(other.value, NotAllowed | Locked)
    else:
        done(scene, row)


@pytest.mark.parametrize("row", [row for row in ROWS if row.needs is not P.STAFF], ids=name_of)
def test_an_approval_lets_it_be_done_once(scene: Scene, row: Row) -> None:
    """Somebody who may everything approves the one action; the next one is refused again."""
    jan = scene.jan()
    row.before(scene)
    less = Present(
        replace(jan, role_id=CASHIER),
        replace(EVERYTHING, permissions=EVERYTHING.permissions - {row.needs}),
        is_alone=False,
    )
    scene.till.workplace.attendance.enter(less)
    with pytest.raises(NotAllowed) as refused:
        done(scene, row)
    scene.staff.approve(refused.value.need, "1", "4711").result()
    used: list[Approval] = []
    scene.till.workplace.attendance.when_used(lambda approval, _need: used.append(approval))
    if row.is_refused_anyway:
        with pytest.raises(Refused, match="No printer"):
            done(scene, row)
        with pytest.raises(Refused, match="No printer"):
            done(scene, row)
        return
    done(scene, row)
    assert len(used) == 1
    with pytest.raises(NotAllowed), scene.till.workplace.attendance.allowing(Need(row.needs)):
        pytest.fail("an approval was good twice")


# Ceilings


@pytest.mark.parametrize(
    ("deed", "is_allowed"),
    [
        (lambda s: s.sale.set_line_discount(s.line, PercentOff(1000)), True),
        (lambda s: s.sale.set_line_discount(s.line, PercentOff(1001)), False),
        (lambda s: s.sale.set_line_discount(s.line, AmountOff(Money(70))), True),
        (lambda s: s.sale.set_line_discount(s.line, AmountOff(Money(71))), False),
        (lambda s: s.sale.set_discount(PercentOff(1000)), True),
        (lambda s: s.sale.set_discount(PercentOff(1001)), False),
        (lambda s: s.sale.set_discount(AmountOff(Money(70))), True),
        (lambda s: s.sale.set_discount(AmountOff(Money(71))), False),
    ],
)
def test_discounts_end_at_the_ceiling_whether_typed_as_percent_or_amount(
    scene: Scene, deed: Deed, is_allowed: object
) -> None:
    as_(scene, replace(EVERYTHING, discount_percent=10))
    before = scene.sale.state
    if is_allowed:
        deed(scene)
        assert scene.sale.state != before
    else:
        with pytest.raises(NotAllowed, match="at most 10 % discount"):
            deed(scene)
        assert scene.sale.state == before


def test_a_discount_can_always_be_taken_back_or_made_smaller(scene: Scene) -> None:
    scene.sale.set_line_discount(scene.line, PercentOff(5000))
    as_(scene, Rights(frozenset({P.SELL})))
    scene.sale.set_line_discount(scene.line, PercentOff(2000))
    scene.sale.set_line_discount(scene.line, None)


def test_the_approvers_ceiling_counts_for_what_they_approve(scene: Scene) -> None:
    jan = scene.jan()
    scene.staff.change_rights("1", OwnRights(discount_percent=30))
    less = Present(jan, Rights(EVERYTHING.permissions, 10), is_alone=False)
    scene.till.workplace.attendance.enter(less)
    with pytest.raises(NotAllowed, match="Marie Klein may give at most 30"):
        scene.staff.approve(Need(P.LINE_DISCOUNT, 3001), "1", "4711").result()
    scene.staff.approve(Need(P.LINE_DISCOUNT, 2000), "1", "4711").result()
    with pytest.raises(NotAllowed):
        scene.sale.set_line_discount(scene.line, PercentOff(3001))
    scene.sale.set_line_discount(scene.line, PercentOff(3000))


def test_the_approvers_limit_counts_for_goods_without_a_receipt(scene: Scene) -> None:
    jan = scene.jan()
    scene.sale.cancel()
    scene.back.scan(ROSE, Quantity(20_000))
    none = Present(jan, Rights(EVERYTHING.permissions - {P.RETURN_WITHOUT_RECEIPT}), is_alone=False)
    scene.till.workplace.attendance.enter(none)
    with pytest.raises(NotAllowed) as refused:
        scene.back.complete("defekt", scene.back.ways()[0])
    assert refused.value.need == Need(P.RETURN_WITHOUT_RECEIPT, amount=Money(7000))
    scene.staff.approve(Need(P.RETURN_WITHOUT_RECEIPT, amount=Money(6999)), "1", "4711").result()
    assert scene.back.complete("defekt", scene.back.ways()[0]).amount == Money(7000), (
        "a manager’s approval has no limit"
    )


# Looking while the till is locked


def test_a_locked_till_still_shows_its_basket_and_comes_to_its_end(scene: Scene) -> None:
    scene.jan()
    scene.staff.lock()
    assert len(scene.sale.state.priced.lines) == 1
    assert scene.sale.assortment().tiles
    assert scene.receipts.last() is not None
    scene.till.close()


def test_a_staff_card_under_the_scanner_is_not_shown(scene: Scene) -> None:
    code = new_card_code()
    with pytest.raises(Refused, match="staff card") as refused:
        scene.sale.scan(code)
    assert code not in str(refused.value)

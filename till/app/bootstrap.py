"""Opens a till: database, recovery, threads and desks, in the order in which nothing can be lost."""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import stat
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from concurrent.futures import wait as wait_for
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from till.app import lease, recovery
from till.app.afterwork import Afterwork
from till.app.attendance import Attendance
from till.app.backup import before_migration
from till.app.books import database_of
from till.app.cash import CashDesk
from till.app.catalogue_watch import CatalogueWatch
from till.app.founding import found, is_founded
from till.app.paper import ReceiptDesk, receipt_endpoint
from till.app.recording import Recording
from till.app.selling import SaleDesk
from till.app.staff import StaffDesk
from till.app.status import StatusDesk
from till.app.training import TrainingDesk
from till.app.upkeep import Upkeep
from till.app.workplace import Workplace
from till.clock import Clock, SystemClock
from till.db.engine import READ_ONLY, Database
from till.db.local_disk import check_local
from till.devices.endpoints import transport_factory
from till.devices.model import DrawerReason, PrinterProfile
from till.devices.profiles import printer_profile
from till.errors import Refused, Unavailable
from till.fiscal.recorder import Recorder, TseError, checked_client_id
from till.fiscal.signing import SigningLimits, SigningThread
from till.fiscal.soft_tse import SoftTse
from till.formats import Formats
from till.i18n import Translator, msg
from till.migrations.upgrade import revision, upgrade
from till.printing.worker import PrinterEndpoint, PrinterWorker, WorkerPace
from till.settings import TSE, Settings, make_data_dir
from till.shifts.training import is_training
from till.shop.details import ShopDetails, details_on
from till.staff.pin import Argon2, PinHashing
from till.staff.users import User

if TYPE_CHECKING:
    from till.app.about import AboutDesk
    from till.app.article_tables import ArticleTables
    from till.app.articles import ArticleDesk
    from till.app.certificates import CertificateDesk
    from till.app.free_returns import FreeReturnDesk
    from till.app.layout import LayoutDesk
    from till.app.receipt_search import ReceiptSearch
    from till.app.refund_ways import RefundWays
    from till.app.reports import ReportDesk
    from till.app.restore import Restoration
    from till.app.returns import ReturnDesk
    from till.app.safekeeping import SafekeepingDesk
    from till.app.shop import ShopDesk
    from till.app.this_pc import ThisPc
    from till.app.voucher_check import VoucherCheckDesk
    from till.app.voucher_files import VoucherFiles
    from till.app.voucher_labels import VoucherLabels
    from till.app.voucher_types import VoucherTypeDesk
    from till.app.vouchers import VoucherDesk

_log = logging.getLogger(__name__)
RECOVERY_S = 5.0
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
UPKEEP_SETTLE_S = 2.0
NO_SOFT_TSE = msg(
    "The test TSE in {path} can’t be opened: {reason}. Move the file away; the till then makes a new one, "
    "and earlier receipts stay valid."
)


@dataclass(frozen=True, slots=True)
class Ports:
    """What the till reaches the world with; tests, the demo and the simulation put others here.

    `recorder` None: the soft TSE in the data folder.
    """

    clock: Clock = field(default_factory=SystemClock)
    recorder: Recorder | None = None
    pace: WorkerPace = field(default_factory=WorkerPace)
    signing: SigningLimits = field(default_factory=SigningLimits)
    pins: PinHashing = field(default_factory=Argon2)


class Till:
    """A running till and its desks. Close it to end its threads."""

    def __init__(self, workplace: Workplace, ports: Ports, recorder: Recorder, own: contextlib.ExitStack) -> None:
        """`own` is what the till holds (database, lease, TSE) and is taken over."""
        self.workplace = workplace
        self._signing = SigningThread(recorder, workplace.settings.till_id, ports.clock, ports.signing)
        self._worker = _printer_worker(workplace, ports)
        self.status = StatusDesk(workplace, self._worker)
        self._signing.listen(self.status.note_signing)
        self._recording = recording = Recording(workplace, self._signing, self.status.note_owed)
        self._recovery = recovery.Recovery(workplace, self._signing, recorder)
        self.sale = SaleDesk(workplace, recording, partial(self._kick, DrawerReason.CASH_PAYMENT))
        self.cash = CashDesk(workplace, recording, self._kick, self._clear_for_closing)
        self.cash.listen(self.status.note_shift)
        self.training = TrainingDesk(workplace, recording, self._clear_for_training)
        self.training.listen(self.status.note_training)
        self.training.listen(self.sale.note_training)
        self.receipts = ReceiptDesk(workplace, self.status.note_owed)
        self.staff = StaffDesk(workplace, ports.pins)
        workplace.afterwork = Afterwork(workplace.database, self.status.note_database)
        self._tse = recorder.details()
        workplace.tse_is_test = self._tse.is_test
        self.status.note_tse_kind(is_test=workplace.tse_is_test)
        self.catalogue = CatalogueWatch(workplace.database, clock=workplace.clock)
        self.catalogue.listen(self.sale.reload_assortment)
        self._upkeep = Upkeep(workplace, self.status, lambda: self.settle(UPKEEP_SETTLE_S))
        self._is_closed = False
        self._own = own.pop_all()

    @cached_property
    def shop(self) -> ShopDesk:
        """The shop's own data, VAT rates and ways to pay; loaded when the office first asks."""
        from till.app.shop import ShopDesk

        return ShopDesk(self.workplace)

    @cached_property
    def this_pc(self) -> ThisPc:
        """This PC's own settings; loaded when somebody first changes one."""
        from till.app.this_pc import ThisPc

        return ThisPc(self.workplace, self.status.note_owed)

    @cached_property
    def voucher_check(self) -> VoucherCheckDesk:
        """What is on a voucher, without a sale (V38); loaded when somebody first asks."""
        from till.app.voucher_check import VoucherCheckDesk

        return VoucherCheckDesk(self.workplace, self.status.note_owed)

    def listen_settings(self, callback: Callable[[Settings], None]) -> None:
        """Call `callback` with the settings after each change of them or of the shop’s rules, on the thread that changed them."""
        self.workplace.settings_listeners.append(callback)

    @cached_property
    def voucher_files(self) -> VoucherFiles:
        """Numbers and old vouchers by the file; what reads and writes those is loaded when the office first asks."""
        from till.app.voucher_files import VoucherFiles

        return VoucherFiles(self.workplace)

    @cached_property
    def voucher_labels(self) -> VoucherLabels:
        """Labels for vouchers; loaded when the office first asks."""
        from till.app.voucher_labels import VoucherLabels

        return VoucherLabels(self.workplace)

    @cached_property
    def article_tables(self) -> ArticleTables:
        """Articles from tables and into them; what reads those is loaded when the office first asks."""
        from till.app.article_tables import ArticleTables

        return ArticleTables(self.workplace)

    @cached_property
    def articles(self) -> ArticleDesk:
        """The master data of articles, loaded when the office first asks."""
        from till.app.articles import ArticleDesk

        return ArticleDesk(self.workplace, self.sale.reload_assortment)

    @cached_property
    def free_returns(self) -> FreeReturnDesk:
        """Goods that come back without a receipt; loaded when the first do."""
        from till.app.free_returns import FreeReturnDesk

        return FreeReturnDesk(self.workplace, self._recording, partial(self._kick, DrawerReason.CASH_PAYMENT))

    @cached_property
    def refund_ways(self) -> RefundWays:
        """What can be given for goods that come back; loaded when the first do."""
        from till.app.refund_ways import RefundWays

        return RefundWays(self.workplace)

    @cached_property
    def voucher_types(self) -> VoucherTypeDesk:
        """The master data of vouchers; loaded when the office first asks."""
        from till.app.voucher_types import VoucherTypeDesk

        return VoucherTypeDesk(self.workplace, self.sale.reload_assortment)

    @cached_property
    def returns(self) -> ReturnDesk:
        """Returns and cancelled receipts; loaded when something first comes back."""
        from till.app.returns import ReturnDesk

        return ReturnDesk(self.workplace, self._recording, self._kick)

    @cached_property
    def vouchers(self) -> VoucherDesk:
        """The vouchers one by one; loaded when the office first asks."""
        from till.app.vouchers import VoucherDesk

        return VoucherDesk(self.workplace, self._recording)

    @cached_property
    def layout(self) -> LayoutDesk:
        """Tabs and tiles of the counter, changed in the office."""
        from till.app.layout import LayoutDesk

        return LayoutDesk(self.workplace)

    @cached_property
    def receipt_search(self) -> ReceiptSearch:
        """Finds receipts; loaded when somebody looks for one."""
        from till.app.receipt_search import ReceiptSearch

        return ReceiptSearch(self.workplace)

    @cached_property
    def reports(self) -> ReportDesk:
        """What the books say at a glance; loaded when the office first asks."""
        from till.app.reports import ReportDesk

        return ReportDesk(self.workplace)

    @cached_property
    def safekeeping(self) -> SafekeepingDesk:
        """The backups; loaded when the office first asks."""
        from till.app.safekeeping import SafekeepingDesk

        return SafekeepingDesk(
            self.workplace,
            lambda: self.settle(UPKEEP_SETTLE_S),
            lambda: bool(self.sale.state.priced.lines),
            self.status.note_backup,
        )

    @cached_property
    def about(self) -> AboutDesk:
        """What runs here; loaded when the office first asks."""
        from till.app.about import AboutDesk

        return AboutDesk(self.workplace, self._tse)

    @cached_property
    def certificates(self) -> CertificateDesk:
        """Gift certificates and the slips of vouchers once more; loaded when somebody first wants one."""
        from till.app.certificates import CertificateDesk

        return CertificateDesk(self.workplace, self.status.note_owed)

    @property
    def restoration(self) -> Restoration | None:
        """The backup that is to be restored once this till is closed; None: none is."""
        return self.safekeeping.wish if "safekeeping" in vars(self) else None

    @property
    def settings(self) -> Settings:
        """This PC's settings."""
        return self.workplace.settings

    @property
    def formats(self) -> Formats:
        """Formats in the screen's language."""
        shop = self.workplace.shop
        return Formats(Translator(self.settings.language), shop.zone, shop.currency)

    @property
    def shop_name(self) -> str:
        """The shop's name for the top bar."""
        return self.workplace.shop.name

    @property
    def cashier_name(self) -> str:
        """Who is at work."""
        return self.workplace.user.name

    @property
    def cashier_short(self) -> str:
        """Who is at work, in two letters."""
        return self.workplace.user.short

    def start(self) -> None:
        """Start the threads, bring books and TSE together, bring back the open basket."""
        self.workplace.afterwork.start()
        self._signing.launch()
        self._recovery.wait(RECOVERY_S)
        if self._worker is not None:
            self._worker.start()
        self.status.count_jobs()
        self.sale.restore()

    def begin_upkeep(self) -> None:
        """From now on check and back up the books, and keep search and tiles up to date, beside the selling; once the window is there."""
        self.cash.listen(self._upkeep.ask_backup)
        self._upkeep.begin()
        self.catalogue.begin()

    def settle(self, timeout_s: float = 10.0) -> bool:
        """Wait until all that was booked is signed and owed to the printer; False when it took longer."""
        idle: Future[None] = self._signing.submit(lambda _recorder: None)
        wait_for([idle], timeout_s)
        return self.workplace.afterwork.drain(timeout_s)

    def close(self) -> None:
        """Keep the open basket, finish what was begun and end the threads; closing twice is closing once.

        A database that can't be written doesn't hold it up: the autosave is there, the next start ends the rest.
        """
        if self._is_closed:
            return
        try:
            self._leave_return()
            self.sale.leave()
        except (Refused, Unavailable) as error:
            _log.warning("the open basket's TSE transaction is left to the next start: %s", error)
        finally:
            self.stop()

    def stop(self) -> None:
        """End the threads, give back database and lease."""
        self._is_closed = True
        self._upkeep.stop()
        self.catalogue.stop()
        self.staff.stop()
        self._signing.stop()
        self.workplace.afterwork.stop()
        if self._worker is not None:
            self._worker.stop()
        if "article_tables" in vars(self):
            self.article_tables.close()
        if "voucher_files" in vars(self):
            self.voucher_files.close()
        self._own.close()

    def _clear_for_closing(self) -> None:
        """Nothing may be half done when the till is closed."""
        if "free_returns" in vars(self):
            self.free_returns.clear()
        self.sale.clear_for_closing()
        self._leave_return()

    def _clear_for_training(self) -> None:
        """What was begun in earnest ends before anybody practises."""
        self.sale.clear_for_training()
        self._leave_return()

    def _leave_return(self) -> None:
        if "returns" in vars(self):
            self.returns.leave()
        if "free_returns" in vars(self):
            self.free_returns.leave()

    def _kick(self, reason: DrawerReason) -> None:
        if self._worker is not None:
            self._worker.open_drawer(reason)


def open_till(settings: Settings, ports: Ports | None = None) -> Till:
    """Open the till that `settings` describe. Raises Refused or Unavailable in words, with nothing left running.

    The database is created or upgraded (with a backup before) when needed; a shop must have been founded.
    """
    ports = ports or Ports()
    with contextlib.ExitStack() as own:
        database = own.enter_context(held_database(settings))
        recorder = ports.recorder or own.enter_context(contextlib.closing(_soft_tse(settings, ports.clock)))
        workplace = _workplace(settings, database, ports.clock)
        till = Till(workplace, ports, recorder, own)
    try:
        till.start()
    except BaseException:
        till.stop()
        raise
    return till


@contextlib.contextmanager
def held_database(settings: Settings) -> Iterator[Database]:
    """The till's database at the program's schema, with the lease on the till: no two programs work, or migrate, as it."""
    checked_client_id(settings.till_id)
    make_data_dir(settings.data_dir)
    with contextlib.closing(database_of(settings)) as database:
        held = lease.take(database, settings.data_dir, settings.till_id)
        try:
            prepare(database, settings.data_dir)
            yield database
        finally:
            held.release()


def open_database(settings: Settings) -> Database:
    """The till's database, at the program's schema, without a lease."""
    database = database_of(settings)
    try:
        prepare(database, settings.data_dir)
    except BaseException:
        database.close()
        raise
    return database


def prepare(database: Database, data_dir: Path) -> None:
    """Create or upgrade the schema, after a backup. A new SQLite file is readable by its owner only."""
    path = sqlite_path(database)
    if path is not None:
        check_local(path)
        _make_private(path)
    if revision(database) is not None:
        before_migration(database, data_dir, SystemClock().now())
    upgrade(database)


def sqlite_path(database: Database) -> Path | None:
    """The file of a SQLite database; None for PostgreSQL."""
    name = database.engine.url.database
    return Path(name) if database.is_sqlite and name else None


def found_shop(database: Database, details: ShopDetails, user: User) -> bool:
    """Found the shop in a database that has none; False, and nothing done, where one is."""
    with database.write() as session:
        is_new = not is_founded(session)
        if is_new:
            found(session, details, user)
        return is_new


def _soft_tse(settings: Settings, clock: Clock) -> SoftTse:
    path = settings.data_dir / TSE
    try:
        return SoftTse(path, clock)
    except TseError as error:
        raise Unavailable(NO_SOFT_TSE, path=str(path), reason=error.detail) from error


def _make_private(path: Path) -> None:
    """Make the file for its owner alone, and take away what others may do to one that somebody copied here."""
    try:
        path.touch(mode=0o600)
    except OSError as error:
        raise Unavailable(READ_ONLY) from error
    rights = stat.S_IMODE(path.stat().st_mode)
    if rights & _OTHERS:
        with contextlib.suppress(OSError):  # somebody else's file: its owner decides
            path.chmod(rights & ~_OTHERS)


def _workplace(settings: Settings, database: Database, clock: Clock) -> Workplace:
    with database.read() as session:
        workplace = Workplace(
            settings=settings,
            database=database,
            clock=clock,
            afterwork=Afterwork(database, lambda _waits: None),
            shop=details_on(session, clock.now().astimezone(dt.UTC).date()),
            attendance=Attendance(database, clock, settings.lock_after_s),
            known_tenders=(),
            vat_rates=(),
            is_training=is_training(session, settings.till_id),
        )
        workplace.reload(session)
        return workplace


def _printer_worker(workplace: Workplace, ports: Ports) -> PrinterWorker | None:
    settings = workplace.settings
    if not workplace.has_printer:
        return None
    profile = printer_profile(settings.printer_profile)
    endpoint = PrinterEndpoint(
        receipt_endpoint(settings.till_id),
        transport_factory(settings.printer),
        profile,
        partial(_encode, workplace.database),
    )
    return PrinterWorker(workplace.database, endpoint, ports.clock, ports.pace)


def _encode(database: Database, snapshot: str, profile: PrinterProfile, copy: bool) -> bytes:  # noqa: FBT001 - the worker's protocol
    from till.app.shop_header import logos_of
    from till.receipts.document import from_json
    from till.receipts.escpos import encode

    receipt = from_json(snapshot)
    return encode(receipt, profile, copy=copy, logos=logos_of(database, receipt, profile.dots))

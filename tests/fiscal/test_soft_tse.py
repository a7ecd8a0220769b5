"""The soft TSE signs truly, counts without gaps and keeps its log, whoever kills it."""

from __future__ import annotations

import base64
import errno
import io
import os
import random
import re
import signal
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from till.clock import FixedClock
from till.db.engine import sqlite_module
from till.errors import Refused, Unavailable
from till.fiscal.archive import write_archive
from till.fiscal.recorder import Finished, TseDetails, TseError, TseFailure, TseIdentity, checked_client_id
from till.fiscal.soft_tse import SoftTse
from till.fiscal.tse_file import StoredIdentity, TseFile
from till.fiscal.tse_key import load_identity

CLIENT = "KASSE-2026-0001"
sqlite: Any = sqlite_module()  # two SQLite libraries on one file would undo each other's locks
SALE = "Beleg^15.00_0.00_0.00_0.00_0.00^15.00:Bar"
LOOP = """
import sys
from pathlib import Path
from till.clock import SystemClock
from till.fiscal.soft_tse import SoftTse
tse = SoftTse(Path(sys.argv[1]), SystemClock())
tse.register_client(sys.argv[2])
print("ready", flush=True)
for _ in range(int(sys.argv[3])):
    started = tse.start(sys.argv[2])
    tse.finish(sys.argv[2], started.transaction_number, "Kassenbeleg-V1", "Beleg^1.00_0.00_0.00_0.00_0.00^1.00:Bar")
    print("sold", flush=True)
"""


def sell(tse: SoftTse, data: str = SALE) -> Finished:
    return tse.finish(CLIENT, tse.start(CLIENT).transaction_number, "Kassenbeleg-V1", data)


def looping(path: Path, client: str, times: int = 1_000_000) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", LOOP, str(path), client, str(times)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )


def assert_gapless(path: Path) -> int:
    """Both counters run from 1 without gap or repetition; returns the number of transactions."""
    with sqlite.connect(path) as connection:
        rows = connection.execute(
            "SELECT signature_counter, transaction_number, operation FROM log ORDER BY signature_counter"
        ).fetchall()
    connection.close()
    assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
    starts = [row[1] for row in rows if row[2] == "StartTransaction"]
    ends = [row[1] for row in rows if row[2] == "FinishTransaction"]
    assert starts == list(range(1, len(starts) + 1))
    assert set(ends) <= set(starts)
    assert len(ends) == len(set(ends))
    return len(starts)


def test_a_signature_verifies_with_foreign_code(tse: SoftTse, verifies: Callable[[Finished], bool]) -> None:
    assert verifies(sell(tse))
    assert verifies(sell(tse, "Beleg^0.00_0.00_0.00_0.00_0.00^ Größe €"))


def test_any_changed_value_breaks_the_signature(tse: SoftTse, verifies: Callable[[Finished], bool]) -> None:
    from dataclasses import replace

    finished = sell(tse)
    assert not verifies(replace(finished, process_data=SALE.replace("15", "14")))
    assert not verifies(replace(finished, signature_counter=finished.signature_counter + 1))
    assert not verifies(replace(finished, transaction_number=finished.transaction_number + 1))
    assert not verifies(replace(finished, client_id="KASSE-2026-0002"))


def test_openssl_accepts_the_signature(tse: SoftTse, tmp_path: Path, signed_bytes: Callable[[Finished], bytes]) -> None:
    finished = sell(tse)
    raw = base64.b64decode(finished.signature)
    halves = [b"\x02\x31\x00" + raw[:48], b"\x02\x31\x00" + raw[48:]]
    halves = [half if raw[48 * i] & 0x80 else b"\x02\x30" + half[3:] for i, half in enumerate(halves)]
    body = b"".join(halves)
    (tmp_path / "signature").write_bytes(bytes([0x30, len(body)]) + body)
    (tmp_path / "message").write_bytes(signed_bytes(finished))
    point = base64.b64decode(finished.tse.public_key)
    algorithm = bytes.fromhex("301406072a8648ce3d020106092b240303020801010b")
    bits = b"\x03\x62\x00" + point
    (tmp_path / "key.der").write_bytes(bytes([0x30, len(algorithm) + len(bits)]) + algorithm + bits)
    answer = subprocess.run(
        ["openssl", "dgst", "-sha384", "-keyform", "DER", "-verify", "key.der", "-signature", "signature", "message"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.stdout.strip() == "Verified OK", answer.stderr


def test_a_finish_carries_all_that_a_receipt_needs(tse: SoftTse, clock: FixedClock) -> None:
    started = tse.start(CLIENT)
    clock.advance(42.5)
    finished = tse.finish(CLIENT, started.transaction_number, "Kassenbeleg-V1", SALE)
    assert (started.transaction_number, started.signature_counter) == (1, 2)
    assert (finished.transaction_number, finished.signature_counter) == (1, 3)
    assert finished.start_time == started.log_time
    assert (finished.log_time - finished.start_time).total_seconds() == 42
    assert finished.log_time.microsecond == 0
    assert (finished.client_id, finished.process_type, finished.process_data) == (CLIENT, "Kassenbeleg-V1", SALE)
    assert len(base64.b64decode(finished.signature)) == 96
    assert re.fullmatch("[0-9a-f]{64}", finished.tse.serial)
    assert started.serial == finished.tse.serial
    assert base64.b64decode(finished.tse.public_key)[0] == 4
    assert len(base64.b64decode(finished.tse.public_key)) == 97
    assert finished.tse.algorithm == "ecdsa-plain-SHA384"


def test_it_says_that_it_is_a_test(tse: SoftTse) -> None:
    assert tse.details().is_test
    assert "TEST" in tse.details().model
    assert sell(tse).tse.is_test


def test_its_certificate_is_of_its_key_and_says_test(tse: SoftTse) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives import serialization

    identity = tse.details().identity
    assert identity.certificate is not None
    certificate = x509.load_der_x509_certificate(base64.b64decode(identity.certificate))
    point = certificate.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    assert base64.b64encode(point).decode() == identity.public_key
    assert "TEST" in certificate.subject.rfc4514_string()
    certificate.verify_directly_issued_by(certificate)


def test_the_same_file_keeps_key_and_counters(tse: SoftTse, tmp_path: Path, clock: FixedClock) -> None:
    first = sell(tse)
    again = SoftTse(tmp_path / "tse.db", clock)
    second = sell(again)
    again.close()
    assert second.tse == first.tse
    assert (second.transaction_number, second.signature_counter) == (2, first.signature_counter + 2)


def test_another_file_is_another_tse(tse: SoftTse, tmp_path: Path, clock: FixedClock) -> None:
    other = SoftTse(tmp_path / "other.db", clock)
    other.close()
    assert other.details().identity.serial != tse.details().identity.serial


def test_its_files_are_the_owner_s_alone(tse: SoftTse, tmp_path: Path) -> None:
    sell(tse)
    files = list(tmp_path.glob("tse.db*"))
    assert len(files) == 3
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_registering_twice_logs_once(tse: SoftTse) -> None:
    tse.register_client(CLIENT)
    assert tse.start(CLIENT).signature_counter == 2


def test_an_unknown_till_can_t_start(tse: SoftTse) -> None:
    with pytest.raises(TseError, match="not registered") as caught:
        tse.start("KASSE-2")
    assert caught.value.failure is TseFailure.START_FAILED
    assert tse.start(CLIENT).transaction_number == 1


def test_a_transaction_ends_once_and_by_its_own_till(tse: SoftTse) -> None:
    tse.register_client("KASSE-2")
    number = tse.start(CLIENT).transaction_number
    for client, transaction in (("KASSE-2", number), (CLIENT, number + 1)):
        with pytest.raises(TseError, match="no open transaction") as caught:
            tse.finish(client, transaction, "Kassenbeleg-V1", SALE)
        assert caught.value.failure is TseFailure.FINISH_FAILED
    tse.finish(CLIENT, number, "Kassenbeleg-V1", SALE)
    with pytest.raises(TseError, match="no open transaction"):
        tse.finish(CLIENT, number, "Kassenbeleg-V1", SALE)


def test_open_transactions_are_listed_per_till(tse: SoftTse) -> None:
    tse.register_client("KASSE-2")
    numbers = [tse.start(client).transaction_number for client in (CLIENT, "KASSE-2", CLIENT, CLIENT)]
    tse.finish(CLIENT, numbers[2], "Kassenbeleg-V1", SALE)
    assert tse.open_transactions(CLIENT) == (numbers[0], numbers[3])
    assert tse.open_transactions("KASSE-2") == (numbers[1],)


def test_a_lost_answer_can_be_looked_up(tse: SoftTse, clock: FixedClock) -> None:
    number = tse.start(CLIENT).transaction_number
    assert tse.lookup(number) is None
    clock.advance(5)
    finished = tse.finish(CLIENT, number, "Kassenbeleg-V1", SALE)
    clock.advance(5)
    assert tse.lookup(number) == finished
    assert tse.lookup(number + 1) is None


def test_the_self_test_passes_and_notices_a_cut_or_forged_log(tse: SoftTse, tmp_path: Path) -> None:
    tse.self_test()
    sell(tse)
    tse.self_test()
    foreign = sqlite.connect(tmp_path / "tse.db")
    foreign.execute("DROP TRIGGER log_no_update")
    foreign.execute("UPDATE log SET message = zeroblob(200) WHERE signature_counter = 3")
    foreign.commit()
    with pytest.raises(TseError, match="false signature"):
        tse.self_test()
    foreign.execute("DROP TRIGGER log_no_delete")
    foreign.execute("DELETE FROM log WHERE signature_counter = 3")
    foreign.commit()
    foreign.close()
    with pytest.raises(TseError, match="not complete"):
        tse.self_test()


def test_an_empty_tse_passes_its_self_test(tmp_path: Path, clock: FixedClock) -> None:
    tse = SoftTse(tmp_path / "new.db", clock)
    tse.self_test()
    tse.close()


@pytest.mark.usefixtures("tse")
@pytest.mark.parametrize("change", ["UPDATE log SET process_data = ''", "DELETE FROM log"])
def test_its_log_refuses_changes(tmp_path: Path, change: str) -> None:
    foreign = sqlite.connect(tmp_path / "tse.db")
    with pytest.raises(sqlite.IntegrityError, match="append-only"):
        foreign.execute(change)
    foreign.close()


def test_a_file_that_is_no_tse_is_a_tse_error(tmp_path: Path, clock: FixedClock) -> None:
    (tmp_path / "tse.db").write_text("x" * 4096)
    with pytest.raises(TseError) as caught:
        SoftTse(tmp_path / "tse.db", clock)
    assert caught.value.failure is TseFailure.UNREACHABLE


def test_a_file_with_another_kind_of_key_is_refused() -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with pytest.raises(ValueError, match="no EC key"):
        load_identity(StoredIdentity(key, b""))


def test_a_file_that_another_program_holds_is_waited_for_and_then_a_tse_error(tmp_path: Path) -> None:
    holder = sqlite.connect(tmp_path / "tse.db", isolation_level=None)
    holder.execute("CREATE TABLE t (x)")
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(TseError, match="locked"):
        TseFile(tmp_path / "tse.db", wait_s=0.05)
    holder.execute("COMMIT")
    holder.close()
    TseFile(tmp_path / "tse.db", wait_s=5.0).close()


def test_an_end_without_its_start_is_a_tse_error(tse: SoftTse, tmp_path: Path) -> None:
    number = sell(tse).transaction_number
    foreign = sqlite.connect(tmp_path / "tse.db")
    foreign.execute("DROP TRIGGER log_no_delete")
    foreign.execute("DELETE FROM log WHERE operation = 'StartTransaction'")
    foreign.commit()
    foreign.close()
    with pytest.raises(TseError, match="end without a start"):
        tse.lookup(number)


def test_a_folder_that_is_missing_is_said_in_words(tmp_path: Path, clock: FixedClock) -> None:
    with pytest.raises(Unavailable, match="file can’t be written"):
        SoftTse(tmp_path / "gone" / "tse.db", clock)


def test_a_disk_that_takes_no_new_tse_is_said_in_words(
    tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sick(*_arguments: object) -> int:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "open", sick)
    with pytest.raises(Unavailable, match=r"Input/output error.*Check the disk"):
        SoftTse(tmp_path / "tse.db", clock)


def test_a_key_that_can_t_be_read_is_a_tse_error(tmp_path: Path, clock: FixedClock) -> None:
    file = TseFile(tmp_path / "tse.db")
    with file.write():
        file.set_identity(StoredIdentity(b"no key", b""))
    file.close()
    with pytest.raises(TseError):
        SoftTse(tmp_path / "tse.db", clock)


def test_a_full_storage_is_named_and_leaves_nothing_half_done(tse: SoftTse, tmp_path: Path) -> None:
    tse._file._connection.execute("PRAGMA max_page_count = 1")
    with pytest.raises(TseError) as caught:  # noqa: PT012 - one of the next sales needs another page
        for _ in range(50):
            sell(tse)
    assert caught.value.failure is TseFailure.STORAGE_FULL
    tse.self_test()
    assert_gapless(tmp_path / "tse.db")


def test_kill_9_leaves_gapless_counters_and_true_signatures(
    tmp_path: Path, clock: FixedClock, verifies: Callable[[Finished], bool]
) -> None:
    path = tmp_path / "tse.db"
    for _ in range(5):
        process = looping(path, CLIENT)
        assert process.stdout is not None
        for _ in range(random.randint(1, 12)):
            assert process.stdout.readline() in {"ready\n", "sold\n"}
        time.sleep(random.uniform(0, 0.01))
        process.send_signal(signal.SIGKILL)
        process.communicate()
    count = assert_gapless(path)
    assert count >= 1
    tse = SoftTse(path, clock)
    tse.self_test()
    left_open = tse.open_transactions(CLIENT)
    assert len(left_open) <= 5
    ended = [tse.lookup(number) for number in range(1, count + 1)]
    assert [number for number, end in enumerate(ended, start=1) if end is None] == list(left_open)
    assert all(verifies(end) for end in ended[-10:] if end)
    for number in left_open:
        tse.finish(CLIENT, number, "Kassenbeleg-V1", "AVBelegabbruch^0.00_0.00_0.00_0.00_0.00^")
    assert tse.open_transactions(CLIENT) == ()
    tse.close()


def test_two_processes_share_one_new_file(tmp_path: Path) -> None:
    path = tmp_path / "tse.db"
    processes = [looping(path, client, times=40) for client in ("KASSE-1", "KASSE-2")]
    for process in processes:
        process.communicate(timeout=60)
    assert [process.returncode for process in processes] == [0, 0]
    assert assert_gapless(path) == 80


def test_a_signature_takes_milliseconds(clock: FixedClock) -> None:
    from till.fiscal.tse_key import new_identity, plain_signature

    key, _ = load_identity(new_identity(clock.now()))
    began = time.process_time()
    for _ in range(50):
        plain_signature(key, b"x" * 200)
    assert (time.process_time() - began) / 50 < 0.02


def test_the_archive_holds_every_message_under_its_name(tse: SoftTse) -> None:
    finished = sell(tse)
    target = io.BytesIO()
    tse.export(target)
    target.seek(0)
    with tarfile.open(fileobj=target) as archive:
        names = archive.getnames()
        member = archive.extractfile(names[-1])
        assert member is not None
        last = member.read()
    when = int(finished.log_time.timestamp())
    assert names == [
        "info.csv",
        f"{finished.tse.serial}_X509.der",
        f"Unixt_{when}_Sig-1_Log-Sys_RegisterClient.log",
        f"Unixt_{when}_Sig-2_Log-Tra_No-1_Start_Client-{CLIENT}.log",
        f"Unixt_{when}_Sig-3_Log-Tra_No-1_Finish_Client-{CLIENT}.log",
    ]
    assert last.endswith(b"\x04\x60" + base64.b64decode(finished.signature))
    assert SALE.encode() in last


@pytest.mark.parametrize("client_id", ["K", "KASSE-2026-0001", "A" * 30, "Kasse 1 (links)", "a'()+,-.:=?Z9"])
def test_a_plain_till_number_is_taken(client_id: str) -> None:
    assert checked_client_id(client_id) == client_id


@pytest.mark.parametrize(
    "client_id", ["", "A" * 31, "A/B", "A_B", "A;B", "Käse", " A", "A ", "A\n", "A\tB", "A*", "A\u00a0B"]
)
def test_a_till_number_that_breaks_a_format_is_refused_in_words(tse: SoftTse, client_id: str) -> None:
    with pytest.raises(Refused, match="can't be the number of a till"):
        tse.register_client(client_id)


def test_threads_may_start_while_another_looks_on(tse: SoftTse) -> None:
    numbers: list[int] = []
    thread = threading.Thread(target=lambda: numbers.append(sell(tse).transaction_number))
    thread.start()
    thread.join()
    assert numbers == [1]


def test_an_archive_without_certificate_has_no_file_for_it() -> None:
    target = io.BytesIO()
    write_archive(target, TseDetails(TseIdentity("ab", "BA=="), "Foreign"), [])
    target.seek(0)
    with tarfile.open(fileobj=target) as archive:
        assert archive.getnames() == ["info.csv"]

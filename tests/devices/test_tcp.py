"""The TCP line says truthfully how far it came, and never waits longer than it was told."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Iterator

import pytest

from till.devices.transports.tcp import TcpLimits, TcpTransport
from till.errors import DeviceError


@pytest.fixture
def server() -> Iterator[socket.socket]:
    """A server that accepts into its backlog and never reads by itself."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


def _line(server: socket.socket) -> TcpTransport:
    line = TcpTransport("127.0.0.1", server.getsockname()[1], TcpLimits(connect_s=1.0, write_s=0.2))
    line.open()
    return line


def test_nobody_there_is_an_error_before_any_byte() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(DeviceError) as error:
        TcpTransport("127.0.0.1", port).open()
    assert (error.value.retryable, error.value.sent_any) == (True, False)


def test_a_peer_that_stops_reading_ends_the_write_in_time(server: socket.socket) -> None:
    line = _line(server)
    started = time.monotonic()
    with pytest.raises(DeviceError) as error:
        line.write(b"x" * 20_000_000)
    assert (error.value.retryable, error.value.sent_any) == (False, True)
    assert time.monotonic() - started < 5.0
    line.close()


def test_a_write_to_a_closed_line_sent_nothing(server: socket.socket) -> None:
    line = _line(server)
    line.close()
    with pytest.raises(DeviceError) as error:
        line.write(b"x")
    assert not error.value.sent_any


def test_reading_ends_in_time_with_nothing(server: socket.socket) -> None:
    line = _line(server)
    started = time.monotonic()
    assert line.read(10, 0.05) == b""
    assert 0.04 < time.monotonic() - started < 1.0
    line.close()


def test_a_peer_that_hung_up_is_an_error_not_silence(server: socket.socket) -> None:
    line = _line(server)
    server.accept()[0].close()
    with pytest.raises(DeviceError):
        line.read(10, 1.0)
    line.close()


def test_a_reset_line_is_an_error(server: socket.socket) -> None:
    line = _line(server)
    peer, _ = server.accept()
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()
    with pytest.raises(DeviceError):
        line.read(10, 1.0)
    line.close()


def test_hanging_up_with_unread_answers_still_delivers_what_was_sent(server: socket.socket) -> None:
    server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    job = b"x" * 60_000
    line = _line(server)
    peer, _ = server.accept()
    with peer:
        peer.sendall(b"\x12" * 100)
        time.sleep(0.05)
        line.write(job)
        line.close()
        received = b""
        while piece := peer.recv(4096):
            received += piece
    assert received == job


def test_closing_twice_and_opening_again_is_fine(server: socket.socket) -> None:
    line = _line(server)
    line.close()
    line.close()
    line.open()
    line.write(b"again")
    line.close()

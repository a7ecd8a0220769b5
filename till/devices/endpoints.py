"""From the address in the settings (`tcp://10.0.0.50:9100`, `null:`) to the line that reaches the device."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import SplitResult, urlsplit

from till.devices.protocols import Transport
from till.devices.transports.null import NullTransport
from till.devices.transports.tcp import TcpTransport
from till.errors import Refused
from till.i18n import msg

RAW_PORT = 9100
TransportFactory = Callable[[], Transport]


def transport_factory(uri: str) -> TransportFactory:
    """A factory of unopened lines to the device at `uri`; Refused says what is wrong with the address."""
    try:
        parts = urlsplit(uri.strip())
    except ValueError:
        raise Refused(BAD_ADDRESS, address=uri) from None
    if parts.scheme == "null":
        return NullTransport
    if parts.scheme == "tcp":
        return _tcp(uri, parts)
    raise Refused(UNKNOWN_SCHEME, address=uri)


def _tcp(uri: str, parts: SplitResult) -> TransportFactory:
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        raise Refused(BAD_ADDRESS, address=uri) from None
    if not host or port == 0 or parts.path.strip("/") or parts.query or parts.fragment or parts.username is not None:
        raise Refused(BAD_ADDRESS, address=uri)
    return lambda: TcpTransport(host, port or RAW_PORT)


UNKNOWN_SCHEME = msg('The till can\'t reach a device at "{address}". Write tcp://address:port, or null: for no device.')
BAD_ADDRESS = msg('"{address}" is not a complete device address. Write it like tcp://192.168.1.50:9100.')

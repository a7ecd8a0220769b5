"""The way to a PostgreSQL server: TLS wherever it leaves this PC, and why the server does not let the till in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from ipaddress import ip_address

from sqlalchemy import URL

from till.errors import Refused
from till.i18n import msg

_TLS_MODES = ("require", "verify-ca", "verify-full")
UNSAFE = msg(
    "The way to the database on {host} must be encrypted: take sslmode={mode} out of its address, or write "
    "sslmode=require or sslmode=verify-full."
)
NO_TLS = msg(
    "The database server offers no encryption (TLS), or its certificate is not accepted. Nothing was booked; switch TLS "
    "on at the server (ssl = on), or correct its certificate."
)
NOT_LET_IN = msg(
    "The database server does not let the till in. Nothing was booked; check the user and the name in its address, and "
    "store its password: till secret set database-password."
)


def with_tls(url: URL) -> URL:
    """The address with at least `sslmode=require` unless the server is on this PC (80-quality X4).

    A stronger mode in the address, or in PGSSLMODE, is kept. Refused for one that lets the passwords go in clear.
    """
    hosts = list(_hosts(url))
    if all(_is_local(host) for host in hosts):
        return url
    mode = str(url.query.get("sslmode") or os.environ.get("PGSSLMODE") or _TLS_MODES[0])
    if mode not in _TLS_MODES:
        raise Refused(UNSAFE, host=", ".join(hosts), mode=mode)
    return url.update_query_dict({"sslmode": mode})


def refusal(error: object) -> str | None:
    """The sentence for a server that answered and said no to a new connection; None when it is out of reach.

    `error` is psycopg's. libpq tells by itself whether the server asked for a password; the rest it says only in its
    text, where the words that are looked for stand in every language.
    """
    connection = getattr(error, "pgconn", None)
    if connection is None:
        return None
    if connection.needs_password or connection.used_password or "pg_hba.conf" in str(error):
        return NOT_LET_IN
    return NO_TLS if "SSL" in str(error) else None


def _hosts(url: URL) -> Iterator[str]:
    """Every host that libpq may connect to; without one it takes PGHOST, or the socket of this PC."""
    named = [url.query[name] for name in ("host", "hostaddr") if name in url.query]
    texts = [url.host or "", *(",".join(name) if isinstance(name, tuple) else name for name in named)]
    found = [host for text in texts for host in text.split(",") if host]
    yield from found or [os.environ.get("PGHOSTADDR") or os.environ.get("PGHOST") or ""]


def _is_local(host: str) -> bool:
    """A socket of this PC, or its own network address."""
    if host.startswith(("/", "@")) or host in {"", "localhost"}:
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False

"""Where an archive is: a path or a URL, read and shown.

::

    archive.db
    sqlite:///archive.db
    postgresql+psycopg://user@host/database?archive=openai
    postgresql://user@one:5432,two:5432/database?target_session_attrs=read-write&archive=openai
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from archive.errors import UnknownDatabase

SCHEMA_NAME = re.compile(r"(?!pg_|information_schema$)[a-z_][a-z0-9_]{0,62}")
"""Names of schemas that need no quotes, that PostgreSQL does not cut off and does not keep for itself."""

NAMED_EMPTY = re.compile(r"[?&]archive(=?&|=?$)")
"""A query that names an archive and does not say which; SQLAlchemy drops such a parameter."""

CONTROLS = re.compile("[\x00-\x1f\x7f]")

HOST = r"(?:\[[^]@/?,]*\]|[^@/?,:]*)(?::\d*)?"
SEVERAL_HOSTS = re.compile(
    rf"(?P<before>[\w+]+://(?:[^@/?]*@)?)(?P<hosts>{HOST}(?:,{HOST})+)(?P<database>(?:/[^?]*)?)\??(?P<query>.*)"
)
"""A URL that names several hosts as libpq has it; SQLAlchemy has them as parameters."""

SECRETS = frozenset({"password", "sslpassword", "oauth_client_secret", "scram_client_key", "scram_server_key"})
"""Parameters of libpq that are secret, wherever a URL has them."""

LONGEST_SHOWN = 80


def locate(where: str | Path) -> URL:
    """The URL that a path or a URL stands for, with the driver that we use. Raises UnknownDatabase."""
    if not str(where):
        raise UnknownDatabase("an empty address")
    if isinstance(where, Path) or "://" not in where:
        return URL.create("sqlite", database=str(where))
    if CONTROLS.search(where):
        raise UnknownDatabase("the address", hint="write it without line breaks and other control characters")
    try:
        url = make_url(_hosts_as_parameters(where))
    except (ArgumentError, ValueError):
        raise UnknownDatabase("the address") from None  # it may hold a password where none can be told from it
    backend = url.drivername.partition("+")[0]
    if backend == "sqlite" and url.database not in (None, "", ":memory:") and not url.query:
        return url.set(drivername="sqlite")
    if backend not in ("postgresql", "postgres"):
        raise UnknownDatabase(shown(url))
    if "@" in (url.host or ""):
        raise UnknownDatabase("the address", hint="write an @ in a password as %40, a / as %2F, a : as %3A")
    name = "" if NAMED_EMPTY.search(where) else url.query.get("archive", "public")
    if not isinstance(name, str) or not SCHEMA_NAME.fullmatch(name):
        raise UnknownDatabase(
            f"archive={str(name)[:LONGEST_SHOWN]!r}",
            hint="say one name of at most 63 small letters, digits and _, not one that begins with a digit or pg_",
        )
    password = url.query.get("password")
    if isinstance(password, str):  # where SQLAlchemy itself hides it
        url = url.set(password=password).difference_update_query(["password"])
    return url.set(drivername="postgresql+psycopg")


def _hosts_as_parameters(where: str) -> str:
    """A URL of several hosts as SQLAlchemy reads it, any other as it is."""
    match = SEVERAL_HOSTS.fullmatch(where)
    if match is None:
        return where
    pairs = [re.fullmatch(r"(.*?)(?::(\d*))?", given) for given in match["hosts"].split(",")]
    hosts = ",".join(pair[1].strip("[]") for pair in pairs if pair)
    ports = ",".join(pair[2] or "" for pair in pairs if pair)
    parameters = [f"host={quote(hosts)}", f"port={quote(ports)}", match["query"]]
    return f"{match['before']}{match['database'] or '/'}?{'&'.join(parameters)}".rstrip("&")


def shown(url: URL) -> str:
    """A path, or a URL without what is secret in it."""
    if url.drivername == "sqlite":
        return url.database or ""
    hidden = {key: "***" for key in url.query if key.lower() in SECRETS}
    return url.update_query_dict(hidden).render_as_string(hide_password=True)

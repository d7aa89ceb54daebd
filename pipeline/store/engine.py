"""Opens the SQL store and brings it to the newest migration: SQLite by default, PostgreSQL by URL."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy import event, exc

from pipeline.errors import ConfigError, TransientError

MIGRATIONS = Path(__file__).parent / "migrations"
_MIGRATION_LOCK = 0x7011C7  # any constant of ours, for PostgreSQL's advisory lock
_BUSY_MS = 10_000
_CONNECT_S = 10  # a host that does not answer would hold a worker until its watchdog ends it


def open_store(url: str) -> sa.Engine:
    """Make an engine; connects to nothing yet. `ConfigError` names what is wrong with the URL, not the URL.

    A new SQLite file is for its owner only, as are the logs that SQLite makes beside it.
    """
    try:
        parsed = sa.make_url(url)
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.get_backend_name() not in {"sqlite", "postgresql"}:
            raise ConfigError(["store_url: neither sqlite nor postgresql"])
        if parsed.get_backend_name() == "sqlite" and parsed.database:
            _make_private(Path(parsed.database))
        limits = {"connect_timeout": _CONNECT_S} if parsed.get_backend_name() == "postgresql" else {}
        engine = sa.create_engine(parsed, pool_pre_ping=True, connect_args=limits)
    except (exc.ArgumentError, ValueError):  # ValueError: the port
        raise ConfigError(["store_url: not a SQLAlchemy URL"]) from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_immediate)
    return engine


def migrate(engine: sa.Engine) -> None:
    """Bring the store to the newest migration; safe when several processes do it at once."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with away_is_transient(), engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@contextmanager
def away_is_transient() -> Iterator[None]:
    """Turn "the store does not answer" into `TransientError`; its text, which may hold values, is left out."""
    try:
        yield
    except exc.OperationalError as error:
        raise TransientError(f"store: {type(error.orig).__name__}") from None


def truncate_log(engine: sa.Engine) -> None:
    """Leave nothing that was deleted in SQLite's write-ahead log; other stores' logs end with the epoch key.

    It waits for readers; one that stays longer than `_BUSY_MS` leaves the rest to the next call.
    """
    if engine.dialect.name == "sqlite":
        raw = engine.raw_connection()
        try:
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            raw.close()


def _make_private(file: Path) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise ConfigError([f"store_url: {file}: {error.strerror}"]) from None


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy begins transactions itself, DDL included
    cursor = connection.cursor()
    for setting in (f"busy_timeout={_BUSY_MS}", "journal_mode=WAL", "secure_delete=ON", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


def _begin_immediate(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")  # two writers wait for each other instead of failing

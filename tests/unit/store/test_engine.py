"""Opening and migrating the store, on both databases."""

import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from pipeline.errors import ConfigError, TransientError
from pipeline.store import day_keys, releases
from pipeline.store.engine import migrate, open_store
from pipeline.store.tables import metadata

PASSWORD = "not-for-the-log"
ALEMBIC = "alembic_version"


def test_migrations_make_the_tables_that_the_code_declares(engine):
    """Whatever is added to a table needs a migration, and the other way round."""
    assert {releases.partials.name, releases.releases.name, day_keys.day_keys.name} <= set(metadata.tables)
    inspected = sa.inspect(engine)
    assert set(inspected.get_table_names()) == {*metadata.tables, ALEMBIC}
    for name, table in metadata.tables.items():
        found = {column["name"]: column["nullable"] for column in inspected.get_columns(name)}
        assert found == {column.name: column.nullable for column in table.columns}


def test_processes_that_migrate_at_once_wait_for_each_other(store_url):
    program = f"from pipeline.store.engine import *; migrate(open_store({store_url!r}))"
    started = [subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE) for _ in range(4)]
    assert [(process.communicate()[1], process.returncode) for process in started] == [(b"", 0)] * 4


def test_migrating_again_changes_nothing(engine):
    migrate(engine)
    with engine.connect() as connection:
        assert connection.execute(sa.text(f"SELECT count(*) FROM {ALEMBIC}")).scalar() == 1


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://keeper:{PASSWORD}@127.0.0.1:1/store",
        f"postgresql+psycopg://keeper:{PASSWORD}@192.0.2.1/store?connect_timeout=1&host=/nowhere",
    ],
)
def test_a_store_that_is_away_is_transient_and_told_without_its_password(url):
    with pytest.raises(TransientError) as raised:
        migrate(open_store(url))
    assert str(raised.value) == "store: OperationalError"
    assert raised.value.__cause__ is None


@pytest.mark.parametrize("url", ["mysql://keeper:{}@db.example/x", "no url {}", "postgresql://a:{}@db.example:x/"])
def test_a_url_that_is_none_of_ours_is_a_config_error_without_the_url(url):
    with pytest.raises(ConfigError) as raised:
        open_store(url.format(PASSWORD))
    assert PASSWORD not in str(raised.value)


def test_nobody_else_reads_a_new_sqlite_file_or_its_logs(tmp_path: Path):
    file = tmp_path / "new" / "store.db"
    engine = open_store(f"sqlite:///{file}")
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE t (a int)"))
        modes = {path.name: path.stat().st_mode & 0o777 for path in file.parent.iterdir()}
    engine.dispose()
    assert modes == {"store.db": 0o600, "store.db-wal": 0o600, "store.db-shm": 0o600}


def test_a_sqlite_file_that_cannot_be_made_is_a_config_error(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match="store_url"):
        open_store(f"sqlite:///{tmp_path}/file/store.db")


def test_a_folder_with_a_percent_sign_is_no_placeholder(tmp_path: Path):
    engine = open_store(f"sqlite:///{tmp_path}/100%s/store.db")
    migrate(engine)
    engine.dispose()

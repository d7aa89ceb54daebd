"""The store opens, migrates once, and says what is wrong without saying secrets."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from pipeline.errors import ConfigError, TransientError
from pipeline.store.engine import migrate, open_store


def test_several_may_migrate_at_once_and_again(store_url):
    engines = [open_store(store_url) for _ in range(3)]
    with ThreadPoolExecutor(1) as pool:  # Alembic's context is one a process
        list(pool.map(migrate, engines))
    assert set(sa.inspect(engines[0]).get_table_names()) >= {"day_keys", "partials", "releases"}
    for engine in engines:
        engine.dispose()


@pytest.mark.parametrize("url", ["", "no url", "mysql://root:hunter2@db.example/x"])
def test_a_wrong_url_is_refused_without_being_shown(url):
    with pytest.raises(ConfigError) as raised:
        open_store(url)
    assert "hunter2" not in str(raised.value)


def test_a_store_that_is_away_is_waited_for_and_its_password_not_shown():
    engine = open_store("postgresql://user:hunter2@127.0.0.1:1/x")
    with pytest.raises(TransientError) as raised:
        migrate(engine)
    assert "hunter2" not in str(raised.value)

"""Stores for tests: each test that asks for one runs twice, on SQLite and on PostgreSQL, empty and migrated."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from pipeline.store.engine import migrate, open_store


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the URL of a store that has no tables yet."""
    if request.param == "postgresql":
        return request.getfixturevalue("postgres").new_database()
    return f"sqlite:///{tmp_path}/store.db"


@pytest.fixture
def engine(store_url: str) -> Iterator[sa.Engine]:
    """Give an empty store at its newest migration."""
    opened = open_store(store_url)
    migrate(opened)
    yield opened
    opened.dispose()

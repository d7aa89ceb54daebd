"""Stores for tests: a fresh, migrated SQLite database each."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from pipeline.store.engine import migrate, open_store


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    """Give an empty store at its newest migration."""
    opened = open_store(f"sqlite:///{tmp_path}/store.db")
    migrate(opened)
    yield opened
    opened.dispose()

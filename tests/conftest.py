"""What all tests share: the session's local stack. It starts when a test asks for it, and only then."""

from collections.abc import Iterator

import pytest

from pipeline.config import Settings
from pipeline.kafka import local

pytest_plugins = ["tests.postgres", "tests.stores"]


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[local.Stack]:
    """Give a real broker and registry of this session's own, stopped at its end (also on ctrl-C)."""
    state_dir = tmp_path_factory.mktemp("stack")
    try:
        yield local.up(state_dir)
    finally:
        local.down(state_dir)


@pytest.fixture
def cluster(stack: local.Stack) -> Settings:
    """Give the settings of the session's servers, with all topics of the project empty."""
    from tests.topics import fresh_topics

    return fresh_topics(stack)

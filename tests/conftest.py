"""What all tests share: the session's local stack. It starts when a test asks for it, and only then."""

from collections.abc import Iterator

import pytest

from pipeline.kafka import local


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[local.Stack]:
    """Give a real broker and registry of this session's own, stopped at its end (also on ctrl-C)."""
    state_dir = tmp_path_factory.mktemp("stack")
    try:
        yield local.up(state_dir)
    finally:
        local.down(state_dir)

"""Only files with the pinned checksum are used."""

from pathlib import Path

import pytest

from pipeline.errors import ConfigError
from pipeline.kafka import artifacts

DIGEST = "ab" * 32
ANSWER = "at/example/tool/1.0/tool-1.0.jar"


def test_the_projects_own_pins_are_well_formed_and_hold_broker_and_registry():
    names = [pin.path.name for pin in artifacts.read_pins()]
    assert len(names) == len(set(names))
    assert [name for name in names if name.startswith("kafka_2.13-")]
    assert [name for name in names if name.endswith(".tar.gz")] == ["apicurio-registry-app-3.3.3-all.tar.gz"]


def test_all_malformed_pins_are_named_at_once(tmp_path: Path):
    pins = tmp_path / "pins"
    pins.write_text(f"{DIGEST}  {ANSWER}\nnothing\n{DIGEST[1:]}  {ANSWER}\n{DIGEST}  tool.jar\n")
    with pytest.raises(ConfigError) as caught:
        artifacts.read_pins(pins)
    assert [problem.split(":")[1] for problem in caught.value.problems] == ["2", "3", "4"]

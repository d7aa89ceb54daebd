"""Only files with the pinned checksum are used."""

import hashlib
import tarfile
from pathlib import Path

import pytest

from pipeline.cli import local
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


def test_the_versions_that_pin_offers_are_the_pinned_ones():
    paths = [str(pin.path) for pin in artifacts.read_pins()]
    assert f"org/apache/kafka/kafka_2.13/{local.KAFKA_VERSION}/" in " ".join(paths)
    assert f"apicurio-registry-app/{local.REGISTRY_VERSION}/" in " ".join(paths)


@pytest.fixture
def seeded(tmp_path: Path) -> Path:
    """Give a cache that holds one jar and a registry's archive, and the file that pins them."""
    (tmp_path / "quarkus-run.jar").write_bytes(b"registry")
    files = [tmp_path / "maven" / ANSWER, tmp_path / "maven/at/example/app/2.0/app-2.0-all.tar.gz"]
    for file in files:
        file.parent.mkdir(parents=True)
    files[0].write_bytes(b"jar")
    with tarfile.open(files[1], "w:gz") as archive:
        archive.add(tmp_path / "quarkus-run.jar", "app/quarkus-run.jar")
    digests = [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]
    lines = [f"{d}  {f.relative_to(tmp_path / 'maven')}\n" for d, f in zip(digests, files, strict=True)]
    (tmp_path / "pins").write_text("".join(lines))
    return tmp_path


def test_what_the_cache_has_is_used_and_the_registry_is_unpacked_once(seeded: Path):
    steps = []
    for _ in range(2):
        found = artifacts.fetch(lambda *step: steps.append(step), cache=seeded, pins=seeded / "pins")
        assert found.kafka_classpath == (seeded / "maven" / ANSWER,)
        assert found.registry_jar.read_bytes() == b"registry"
    assert steps == [("unpack the registry", 0, 1), ("unpack the registry", 1, 1)]


def test_what_an_interrupted_unpacking_left_is_not_taken_for_the_registry(seeded: Path):
    (seeded / "registry" / "2.0.partial" / "app").mkdir(parents=True)
    found = artifacts.fetch(lambda *_: None, cache=seeded, pins=seeded / "pins")
    assert found.registry_jar.read_bytes() == b"registry"


def test_a_file_that_is_not_the_pinned_one_is_never_used_nor_kept(seeded: Path, monkeypatch):
    """A repository that serves something else ends the start, with the file's name."""
    jar = seeded / "maven" / ANSWER
    jar.write_bytes(b"tampered with")

    def serve(_resolver, artifact):
        jar.write_bytes(b"something else")
        return jar

    monkeypatch.setattr(artifacts.PythonResolver, "download", serve)
    with pytest.raises(ConfigError, match=r"tool-1\.0\.jar"):
        artifacts.fetch(lambda *_: None, cache=seeded, pins=seeded / "pins")
    assert not jar.exists()


def test_a_download_that_was_cut_off_is_repeated(seeded: Path, monkeypatch):
    jar = seeded / "maven" / ANSWER
    jar.write_bytes(b"ja")

    def serve(_resolver, artifact):
        jar.write_bytes(b"jar")
        return jar

    monkeypatch.setattr(artifacts.PythonResolver, "download", serve)
    assert artifacts.fetch(lambda *_: None, cache=seeded, pins=seeded / "pins").kafka_classpath == (jar,)

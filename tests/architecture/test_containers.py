"""docker-compose.yml and Dockerfile: no engine here, so what they refer to is checked by reading them."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from pipeline.cli import local
from pipeline.config import PREFIX, ROOT, Settings

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
DOCKERFILE = (ROOT / "Dockerfile").read_text()
SERVICES = COMPOSE["services"]
PUBLIC_KEY = "./officer/public.json"
OFFICER = SERVICES["officer"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
WORKING = {name: service for name, service in OURS.items() if service is not OFFICER}


def mounts(service: dict[str, Any]) -> dict[str, str]:
    """Return what a service mounts: source -> target."""
    given = service.get("volumes", ())
    short = dict(volume.split(":")[:2] for volume in given if isinstance(volume, str))
    return short | {volume["source"]: volume["target"] for volume in given if not isinstance(volume, str)}


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_refers_to_is_there(name):
    """Services that it depends on, and named volumes."""
    service = SERVICES[name]
    assert set(service.get("depends_on", ())) <= SERVICES.keys()
    sources = mounts(service).keys()
    assert {source for source in sources if not source.startswith(".")} <= COMPOSE["volumes"].keys()
    own = {"./officer"} if service is OFFICER else {PUBLIC_KEY}
    assert {source for source in sources if source.startswith(".")} <= own


@pytest.mark.parametrize("name", SERVICES)
def test_only_loopback_is_published(name):
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name].get("ports", ()))


@pytest.mark.parametrize("name", SERVICES.keys() - OURS.keys())
def test_images_have_a_version(name):
    assert re.fullmatch(r"[a-z/-]+:[0-9][0-9.]*", SERVICES[name]["image"])


def test_broker_and_registry_are_those_of_the_local_stack():
    assert SERVICES["kafka"]["image"].endswith(f":{local.KAFKA_VERSION}")
    assert SERVICES["registry"]["image"].endswith(f":{local.REGISTRY_VERSION}")


@pytest.mark.parametrize("name", OURS)
def test_our_commands_are_there(name):
    """`--help` of a command that is not there fails."""
    group, command, *_ = OURS[name]["command"]
    program = "import sys; sys.argv = ['x', *sys.argv[1:], '--help']; from pipeline.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", program, group, command], check=False, capture_output=True)
    assert done.returncode == 0


def test_the_file_says_how_the_officers_key_is_made_that_it_mounts():
    """Without it no process starts; who makes it mounts no file that is not there yet."""
    head = (ROOT / "docker-compose.yml").read_text().partition("x-")[0]
    assert re.search(r"docker compose run .* officer$", head, re.MULTILINE)
    assert OFFICER["command"] == ["keys", "officer", "--out", mounts(OFFICER)["./officer"]]
    assert OFFICER["profiles"], "not a part of `docker compose up`"


@pytest.mark.parametrize("name", WORKING)
def test_a_worker_mounts_the_public_key_alone_and_docker_makes_no_folder_of_its_name(name):
    """A private key in its folder is none of a worker's."""
    environment = WORKING[name]["environment"]
    assert environment["PII_PIPELINE_OFFICER_PUBLIC_KEY"] == mounts(WORKING[name])[PUBLIC_KEY]
    (key,) = [volume for volume in WORKING[name]["volumes"] if not isinstance(volume, str)]
    assert key["read_only"]
    assert key["bind"] == {"create_host_path": False}


@pytest.mark.parametrize("name", WORKING)
def test_our_processes_get_settings_that_exist(name):
    """An unknown variable would end the process at its start."""
    known = {field.name for field in msgspec.structs.fields(Settings)}
    given = {variable.removeprefix(PREFIX).lower() for variable in OURS[name]["environment"]}
    assert given <= known
    assert {"kafka_servers", "registry_url", "store_url"} <= given


@pytest.mark.parametrize("name", SERVICES)
def test_no_secret_stands_in_the_file(name):
    secrets = {k: v for k, v in SERVICES[name].get("environment", {}).items() if "PASSWORD" in k}
    assert all(value.startswith("${") and ":?" in value for value in secrets.values())


def test_the_image_holds_what_the_program_reads_and_nothing_else_is_sent():
    copied = {line.split()[1] for line in DOCKERFILE.splitlines() if line.startswith("COPY ")}
    assert copied == {"requirements.lock", "pipeline", "schemas", "deploy"}
    assert all((ROOT / name).exists() for name in copied)
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert allowed == copied


def test_the_image_does_not_run_as_root_and_installs_by_hash():
    lines = DOCKERFILE.splitlines()
    assert lines.index("USER pipeline") < next(i for i, line in enumerate(lines) if "ENTRYPOINT" in line)
    assert "--require-hashes" in DOCKERFILE
    state = {target for source, target in mounts(COMPOSE["x-pipeline"]).items() if source != PUBLIC_KEY}
    assert state == {str(Path("/app") / Settings().state_dir.relative_to(ROOT))}

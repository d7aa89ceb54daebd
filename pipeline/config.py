"""Settings: the one place that reads the environment (prefix PII_PIPELINE_). Frozen; no default for a secret.

What the environment does not say comes from the local stack, if one is up (`stack.json` in `state_dir`), else
from the defaults here. `load_settings` reports every problem at once.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path

import msgspec

from pipeline.errors import ConfigError

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "PII_PIPELINE_"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """One process' configuration."""

    kafka_servers: str = ""  # bootstrap servers
    registry_url: str = ""  # Confluent-compatible schema registry
    store_url: str = ""  # SQLAlchemy URL
    kms_dir: Path = ROOT / ".local" / "kms"  # the local file KMS: epoch keys, mode 0600
    officer_public_key: Path = ROOT / ".local" / "officer" / "public.json"  # quarantine is sealed to it
    policy_dir: Path = ROOT / "deploy" / "policy"
    topics_file: Path = ROOT / "deploy" / "topics.yaml"
    schemas_dir: Path = ROOT / "schemas"
    geo_country: Path | None = None  # MaxMind-format database; None: the data that geoip2fast ships
    geo_isp: Path | None = None
    site: str = ""  # site of a raw record without a `site` header
    slot: str = "0"  # stable name of this worker within its stage
    http_host: str = "127.0.0.1"  # /metrics, /healthz, /readyz
    http_port: int = 0  # 0: a free one, written to the log
    batch_records: int = 8_000  # one commit, 20 ms on a local broker, for so many
    batch_wait_ms: int = 50
    session_timeout_ms: int = 10_000  # a worker that is silent for so long loses its partitions
    transaction_timeout_ms: int = 30_000  # readers wait so long for a worker that never comes back
    gate_dir: Path = Path.home() / ".cache" / "pii-pipeline" / "gate"  # compiled patterns of detection
    free_text_model: str = "en_core_web_sm"  # spaCy pipeline: an installed package or a folder; never downloaded
    free_text_workers: int = 1  # processes beside this one, each with the model in memory
    free_text_queue: int = 64  # texts under way; then partitions with free text pause
    free_text_max_characters: int = 10_000  # a longer text is treated as personal, unread
    free_text_timeout_ms: int = 5_000  # a text that takes longer costs its process, and is treated as personal
    free_text_memory_mb: int = 1_024  # data of a process; one that wants more is replaced
    state_dir: Path = ROOT / ".local"


def load_settings(environ: Mapping[str, str] = os.environ, root: Path = ROOT) -> Settings:
    """Read the settings of this process; `ConfigError` names every unknown or malformed variable."""
    settings, problems = read_settings(environ, root)
    if problems:
        raise ConfigError(problems)
    return settings


def read_settings(environ: Mapping[str, str] = os.environ, root: Path = ROOT) -> tuple[Settings, list[str]]:
    """Read the settings, and all that is wrong with them; no problem shows a value."""
    state_dir = Path(environ.get(f"{PREFIX}STATE_DIR") or root / ".local").expanduser()
    local = _local_stack(state_dir / "stack.json")
    fields = {field.name: field for field in msgspec.structs.fields(Settings)}
    values: dict[str, object] = {name: value for name, value in local.items() if name in fields}
    values["state_dir"] = state_dir
    problems = []
    for variable in sorted(name for name in environ if name.startswith(PREFIX)):
        field = fields.get(variable.removeprefix(PREFIX).lower())
        if field is None:
            problems.append(f"{variable}: no such setting")
            continue
        try:
            values[field.name] = _convert(field.name, environ[variable], field.type)
        except ValueError as error:
            problems.append(f"{variable}: {error}")
    return Settings(**values), problems  # type: ignore[arg-type]  # checked field by field above


RANGES = {
    "http_port": (0, 65_535),
    "batch_records": (1, 100_000),
    "batch_wait_ms": (1, 10_000),
    "session_timeout_ms": (6_000, 300_000),  # Kafka's group.min.session.timeout.ms
    "transaction_timeout_ms": (1_000, 900_000),  # Kafka's transaction.max.timeout.ms
    "free_text_workers": (1, 64),
    "free_text_queue": (1, 10_000),
    "free_text_max_characters": (1, 20_000),  # fits into a pipe's buffer: sending one never waits for its reader
    "free_text_timeout_ms": (100, 60_000),
    "free_text_memory_mb": (256, 65_536),
}
_HOST = r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])"
FORMS = {
    "kafka_servers": (
        re.compile(rf"{_HOST}:\d{{1,5}}(?:,{_HOST}:\d{{1,5}})*"),
        "host:port, several joined by commas",
    ),
    "registry_url": (re.compile(rf"https?://(?:[^/@\s]+@)?{_HOST}(?::\d{{1,5}})?(?:/\S*)?"), "an http(s) URL"),
    "free_text_model": (re.compile(r"[A-Za-z0-9._/-]{1,200}"), "the name of a package or a folder"),
    "slot": (re.compile(r"[A-Za-z0-9._-]{1,64}"), "1 to 64 letters, digits, dots, dashes"),
}


def _convert(name: str, text: str, kind: object) -> object:
    if kind is int:
        low, high = RANGES[name]
        if not re.fullmatch(r"-?[0-9]{1,9}", text) or not low <= int(text) <= high:
            problem = f"not a number from {low} to {high}"
            raise ValueError(problem)
        return int(text)
    if kind is str:
        form, words = FORMS.get(name, (None, ""))
        if text and form and not form.fullmatch(text):
            problem = f"not {words}"
            raise ValueError(problem)
        return text
    return Path(text).expanduser()


def _local_stack(path: Path) -> dict[str, object]:
    try:
        found = msgspec.json.decode(path.read_bytes(), type=dict[str, object])
    except FileNotFoundError:
        return {}
    except msgspec.DecodeError as error:
        raise ConfigError([f"{path}: {error}"]) from error
    return found

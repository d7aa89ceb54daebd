"""The local stack's Java artifacts: Maven coordinates -> verified files in this user's cache.

`deploy/local-artifacts.sha256` pins every file by its path in a Maven repository and its SHA-256
(`sha256sum -c` reads it too). Nothing is resolved at run time: what the file names is fetched by jgo, and
checked at each start. `pii-pipeline local pin` writes the file anew.
"""

import fcntl
import hashlib
import shutil
import tarfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

import msgspec
import requests
from jgo.maven import MavenContext, PythonResolver

from pipeline.config import ROOT
from pipeline.errors import ConfigError, TransientError

PINS = ROOT / "deploy" / "local-artifacts.sha256"
CACHE = Path.home() / ".cache" / "pii-pipeline"

Progress = Callable[[str, int, int], None]
"""(what, done, total), in bytes for a download and in steps otherwise; called from several threads."""


class Pin(msgspec.Struct, frozen=True):
    """One pinned file: its path in a Maven repository, and its SHA-256 in hex."""

    path: PurePosixPath
    sha256: str


class Artifacts(msgspec.Struct, frozen=True):
    """What the servers run from."""

    kafka_classpath: tuple[Path, ...]
    registry_jar: Path


def read_pins(file: Path = PINS) -> tuple[Pin, ...]:
    """Read the pinned files; `ConfigError` names every malformed line."""
    pins, problems = [], []
    for number, line in enumerate(file.read_text().splitlines(), start=1):
        digest, _, path = line.partition("  ")
        if len(digest) == 64 and set(digest) <= set("0123456789abcdef") and path.count("/") >= 3:
            pins.append(Pin(PurePosixPath(path), digest))
        else:
            problems.append(f"{file}:{number}: not '<sha256>  <group>/<artifact>/<version>/<file>'")
    if problems:
        raise ConfigError(problems)
    return tuple(pins)


def fetch(progress: Progress, *, cache: Path = CACHE, pins: Path = PINS) -> Artifacts:
    """Return the verified artifacts, downloaded where the cache does not have them.

    `TransientError`: the repository is away. `ConfigError`: a file is not what was pinned.
    """
    wanted = read_pins(pins)
    with _locked(cache):
        maven = _maven(cache / "maven", progress)
        with ThreadPoolExecutor(8) as pool:
            files = list(pool.map(lambda pin: _fetch_one(maven, pin), wanted))
        wrong = [str(pin.path) for pin, file in zip(wanted, files, strict=True) if file is None]
        if wrong:
            raise ConfigError([f"{path}: its SHA-256 is not the pinned one ({pins})" for path in wrong])
        verified = [file for file in files if file is not None]
        archive = next(file for file in verified if file.name.endswith(".tar.gz"))
        registry = _extracted(archive, cache / "registry" / archive.parent.name, progress)
    return Artifacts(tuple(file for file in verified if file.suffix == ".jar"), registry)


def pin(kafka_version: str, registry_version: str, *, cache: Path = CACHE, pins: Path = PINS) -> int:
    """Resolve these versions anew, write their files' checksums, and return how many files there are.

    The checksums are of what the repository serves now: review the difference before it is committed.
    """
    with _locked(cache):
        maven = _maven(cache / "maven", lambda *_: None)
        broker = maven.create_dependency(f"org.apache.kafka:kafka_2.13:{kafka_version}")
        resolved, transitive = maven.resolver.resolve([broker])
        wanted = [dependency.artifact for dependency in (*resolved, *transitive)]
        # Without a binding of slf4j the broker logs nothing. Not resolved together with the broker: the
        # binding's parent project manages versions, also Kafka's.
        logging = next(artifact.component.version for artifact in wanted if artifact.artifactId == "log4j-core")
        binding = maven.project("org.apache.logging.log4j", "log4j-slf4j-impl").at_version(logging)
        wanted.append(binding.artifact())
        registry = maven.project("io.apicurio", "apicurio-registry-app").at_version(registry_version)
        wanted.append(registry.artifact("all", "tar.gz"))
        files = [artifact.resolve() for artifact in wanted]
        lines = sorted((file.relative_to(cache / "maven").as_posix(), _sha256(file)) for file in set(files))
    pins.write_text("".join(f"{digest}  {path}\n" for path, digest in lines))
    return len(lines)


@contextmanager
def _locked(cache: Path) -> Iterator[None]:
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _maven(repository: Path, progress: Progress) -> MavenContext:
    @contextmanager
    def download(name: str, total: int) -> Iterator[Callable[[int], None]]:
        done = 0

        def advance(count: int) -> None:
            nonlocal done
            done += count
            progress(name, done, total)

        yield advance

    return MavenContext(resolver=PythonResolver(progress_callback=download), repo_cache=repository, timeout=30)


def _fetch_one(maven: MavenContext, pin: Pin) -> Path | None:
    """Return the verified file, or None when what is served is not what was pinned."""
    group, artifact, version = ".".join(pin.path.parts[:-3]), *pin.path.parts[-3:-1]
    classifier, _, packaging = pin.path.name.removeprefix(f"{artifact}-{version}").partition(".")
    wanted = maven.project(group, artifact).at_version(version).artifact(classifier.lstrip("-"), packaging)
    try:
        file = Path(wanted.resolve())
        if _sha256(file) == pin.sha256:
            return file
        file.unlink()  # what an interrupted download left
        file = Path(wanted.resolve())
    except (requests.RequestException, RuntimeError) as error:
        raise TransientError(f"{pin.path}: cannot be downloaded now ({type(error).__name__})") from error
    if _sha256(file) == pin.sha256:
        return file
    file.unlink()
    return None


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _extracted(archive: Path, folder: Path, progress: Progress) -> Path:
    if not folder.exists():
        progress("unpack the registry", 0, 1)
        partial = folder.with_name(folder.name + ".partial")
        shutil.rmtree(partial, ignore_errors=True)
        with tarfile.open(archive) as opened:
            opened.extractall(partial, filter="data")
        partial.rename(folder)
        progress("unpack the registry", 1, 1)
    return next(folder.rglob("quarkus-run.jar"))

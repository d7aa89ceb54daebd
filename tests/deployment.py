"""A deployment of a test's own: broker, registry, store, keys in a folder; its processes, killed and restarted."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import msgspec

from pipeline.config import PREFIX, Settings, load_settings
from pipeline.kafka import local, topic_plan
from pipeline.kafka.patience import wait_for
from pipeline.policy.load import load_policy
from pipeline.protect.sealing import create_key_pair


class Deployment:
    """Everything but the processes; `environ` is theirs."""

    def __init__(self, home: Path, **settings: object) -> None:
        self.home = home
        self.policy = load_policy(Settings().policy_dir)
        create_key_pair(home / "officer")
        named = {
            "state_dir": home,
            "kms_dir": home / "kms",
            "officer_public_key": home / "officer" / "public.json",
            "site": self.policy.sites[0].id,
            **settings,
        }
        self.environ = {f"{PREFIX}{name.upper()}": str(value) for name, value in named.items()}

    def up(self) -> None:
        """Start the servers that do not run, on the ports of last time."""
        local.up(self.home)
        self.settings = load_settings(self.environ)

    def apply(self) -> None:
        """Make the topics, register the schemas, set the first offsets."""
        wanted = topic_plan.deployment(self.settings, self.policy.retention)
        wait_for("kafka", lambda: topic_plan.apply(wanted), turn=lambda: None)

    def down(self) -> None:
        """Stop the servers."""
        local.down(self.home)

    def kill_server(self, name: str) -> None:
        """Kill the broker ("kafka") or the registry, as a power cut would."""
        servers = msgspec.json.decode((self.home / "servers.json").read_bytes())
        os.kill(servers[name]["pid"], signal.SIGKILL)


class Supervisor:
    """Keeps processes running, one a slot ("sanitize-0"): whatever ends is started again, as in production."""

    def __init__(self, environ: Mapping[str, str], logs: Path) -> None:
        self._environ = {**os.environ, **environ}
        self._logs = logs
        self._lock = threading.Lock()
        self._live: dict[str, subprocess.Popen[bytes]] = {}
        self._stopping = threading.Event()
        self.ends: Counter[tuple[str, int]] = Counter()
        """(slot, exit code) of those that ended by themselves."""
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def start(self, *slots: str) -> None:
        """Run these slots from now on."""
        with self._lock:
            for slot in slots:
                self._spawn(slot)

    def kill(self, slot: str) -> None:
        """Kill -9, and start again."""
        with self._lock:
            process = self._live[slot]
            process.kill()
            process.wait()
            self._spawn(slot)

    def end(self, slot: str) -> int:
        """Ask a slot to stop, for good; return its exit code."""
        with self._lock:
            process = self._live.pop(slot)
            process.terminate()
            return process.wait(60)

    def freeze(self, slot: str) -> subprocess.Popen[bytes]:
        """Stop a process where it stands; SIGCONT lets it go on."""
        with self._lock:
            process = self._live[slot]
            process.send_signal(signal.SIGSTOP)
            return process

    def close(self) -> dict[str, int]:
        """Ask all to stop; return their exit codes."""
        self._stopping.set()
        self._thread.join()
        for process in self._live.values():
            process.send_signal(signal.SIGCONT)
            process.terminate()
        codes = {}
        for slot, process in self._live.items():
            try:
                codes[slot] = process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                codes[slot] = process.wait()
        return codes

    def _watch(self) -> None:
        while not self._stopping.wait(0.2):
            with self._lock:
                for slot, process in list(self._live.items()):
                    if (code := process.poll()) is not None:
                        self.ends[slot, code] += 1
                        self._spawn(slot)

    def _spawn(self, slot: str) -> None:
        stage, _, number = slot.rpartition("-")
        command = [sys.executable, "-m", "pipeline.cli", "run", stage, "--slot", number]
        with (self._logs / f"{slot}.log").open("ab") as log:
            self._live[slot] = subprocess.Popen(command, env=self._environ, stdout=log, stderr=log)


def wait_until(true, seconds: float) -> bool:
    """Poll a condition; False: it did not become true in time."""
    deadline = time.monotonic() + seconds
    while not (found := true()) and time.monotonic() < deadline:
        time.sleep(0.3)
    return found

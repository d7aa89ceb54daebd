"""How much more sanitize costs than a plain exactly-once copy, on the same broker with the same settings.

    python benchmarks/sanitize.py [--records 1000000] [--batch 8000]

Three runs, one process each: copy; sanitize; sanitize with 90 % of the addresses never seen before. Records are
made from a real access log (the project's own traffic where that is absent), their times moved to the last
hour. The last line is one JSON object.
"""

import argparse
import json
import os
import subprocess
import sys
import time

import feed
from deployed import deployed
from measured import Copy, measure

from pipeline.cli import compose
from pipeline.config import PREFIX, load_settings
from pipeline.kafka.admin import Admin
from pipeline.kafka.topics import Topic
from pipeline.model import Stage

RAW = "raw.weblog"
COPY = "benchmark.copy"
PARTITIONS = 4
RUNS = ("copy", "sanitize", "sanitize, 90 % new addresses")


def main() -> None:
    """Run all, or in a child process one."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--batch", type=int, default=8_000)
    parser.add_argument("--run", choices=("copy", "sanitize"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.run:
        run_one(given.run, given.records)
    else:
        run_all(given.records, given.batch)


def run_all(number: int, batch: int) -> None:
    """Print a table of the runs, and the figures as JSON."""
    os.environ[f"{PREFIX}BATCH_RECORDS"] = str(batch)
    with deployed() as settings:
        lines = feed.templates()
        print(f"{number:,} records a run, made of {len(lines):,} lines; batches of up to {batch:,}")
        start = int(time.time()) - feed.TIME_S
        make_copy_topic(Admin(settings.kafka_servers))
        feed.fill(settings.kafka_servers, RAW, feed.records(lines, number, start), PARTITIONS)
        results = [child("copy", number), child("sanitize", number)]
        unseen = feed.records(lines, number, start, new_addresses=0.9)
        feed.fill(settings.kafka_servers, RAW, unseen, PARTITIONS)
        results.append(child("sanitize", number))  # goes on where it was
    print(f"{'':30}{'records/s':>12}{'CPU us':>9}{'CPU share':>11}{'RSS MB':>8}{'load':>6}")
    for name, found in zip(RUNS, results, strict=True):
        print(
            f"{name:30}{found['per_s']:12,.0f}{found['cpu_us']:9.2f}{found['cpu_share']:11.2f}"
            f"{found['rss_mb']:8.0f}{found['load']:6.1f}"
        )
    print(json.dumps(figures(*results)))


def figures(copy: dict[str, float], plain: dict[str, float], new: dict[str, float]) -> dict[str, float]:
    """Return what the benchmark is about."""
    return {
        "copy_per_s": round(copy["per_s"]),
        "sanitize_per_s": round(plain["per_s"]),
        "copy_cpu_us": round(copy["cpu_us"], 2),
        "sanitize_cpu_us": round(plain["cpu_us"], 2),
        "cpu_ratio": round(plain["cpu_us"] / copy["cpu_us"], 2),
        "cpu_ratio_new_addresses": round(new["cpu_us"] / copy["cpu_us"], 2),
        "rss_mb": round(max(plain["rss_mb"], new["rss_mb"])),
    }


def make_copy_topic(admin: Admin) -> None:
    """Make the topic to copy to, and let the group `copy` begin at the first record."""
    admin.create([Topic(name=COPY, partitions=PARTITIONS, replication=1, config={})])
    admin.begin("copy", RAW, range(PARTITIONS))


def run_one(name: str, number: int) -> None:
    """Measure one loop in this process."""
    settings = load_settings()
    if name == "copy":
        measure(lambda: Copy(RAW, COPY), settings, "copy", number)
        return

    def make() -> Stage:
        return compose.sanitize(compose.Checked(settings), lambda: None)

    measure(make, settings, "sanitize", number)


def child(name: str, number: int) -> dict[str, float]:
    """Run one loop in a process of its own."""
    command = [sys.executable, __file__, "--run", name, "--records", str(number)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    main()

"""What a stage shows is exported as it is now: nothing lingers of what it no longer has."""

from pipeline.observe.metrics import Metrics


class Clock:
    now = 61.0

    def __call__(self) -> float:
        return self.now


def test_a_watermark_is_exported_as_its_age():
    """Alerts ask how far behind the wall clock event time is, in seconds."""
    metrics = Metrics("sanitize", Clock())
    metrics.show({("watermark_ms", "raw.weblog/0"): 1_000.0, ("open_windows", ""): 3.0})
    labels = {"stage": "sanitize"}
    age = metrics.registry.get_sample_value("pipeline_watermark_age_seconds", labels | {"partition": "raw.weblog/0"})
    assert age == 60
    assert metrics.registry.get_sample_value("pipeline_open_windows", labels | {"label": ""}) == 3


def test_a_watermark_gets_older_while_the_loop_stands_still():
    """A worker that hangs in a call, or waits for the store, shows nothing new: then, above all, alerts are due."""
    metrics = Metrics("sanitize", clock := Clock())
    metrics.show({("watermark_ms", "raw.weblog/0"): 1_000.0})
    clock.now += 300
    labels = {"stage": "sanitize", "partition": "raw.weblog/0"}
    assert metrics.registry.get_sample_value("pipeline_watermark_age_seconds", labels) == 360


def test_a_partition_that_went_away_is_no_longer_exported():
    """A watermark that stands still raises an alert: one that is not ours must not."""
    metrics = Metrics("sanitize")
    metrics.show({("watermark_ms", "raw.weblog/0"): 1_000.0})
    metrics.at("raw.weblog", 0, position=7, end=10)
    labels = {"stage": "sanitize", "topic": "raw.weblog", "partition": "0"}
    assert metrics.registry.get_sample_value("pipeline_lag", labels) == 3
    metrics.show({})
    metrics.forget_positions()
    assert metrics.registry.get_sample_value("pipeline_lag", labels) is None
    name = "pipeline_watermark_age_seconds"
    gone = {"stage": "sanitize", "partition": "raw.weblog/0"}
    assert metrics.registry.get_sample_value(name, gone) is None

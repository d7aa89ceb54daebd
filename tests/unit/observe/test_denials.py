"""What is denied is explained in the log: why, by which section, how much; and a flood fills no disk."""

from structlog.testing import capture_logs

from pipeline.observe.denials import Denials


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def explained(*steps):
    """Return what is logged: a step is (seconds, counts that were committed then)."""
    clock = Clock()
    denials = Denials({"unknown-site": "4", "no-consent": "5.4"}, clock)
    with capture_logs() as lines:
        for clock.now, counts in steps:
            denials.add(counts)
            denials.tell()
    return [(line["reason"], line["section"], line["records"]) for line in lines]


def test_a_denial_is_a_warning_with_reason_section_and_number():
    denials = Denials({"unknown-site": "4"})
    denials.add({("in", ""): 9, ("denied", "unknown-site"): 2, ("quarantined", "empty"): 1})
    with capture_logs() as lines:
        denials.tell()
    assert lines == [
        {"event": "denied", "log_level": "warning", "reason": "unknown-site", "section": "4", "records": 2}
    ]


def test_a_reason_is_told_once_a_minute_with_all_that_came_since():
    """The numbers of the lines add up to the metric, whatever the flood."""
    one = {("denied", "unknown-site"): 1}
    assert explained((0.0, one), (1.0, one), (59.9, one), (60.0, {}), (61.0, {}), (200.0, one)) == [
        ("unknown-site", "4", 1),
        ("unknown-site", "4", 2),
        ("unknown-site", "4", 1),
    ]


def test_one_reason_does_not_hide_another():
    counts = [{("denied", "unknown-site"): 1}, {("denied", "no-consent"): 5}]
    assert explained((0.0, counts[0]), (1.0, counts[1])) == [("unknown-site", "4", 1), ("no-consent", "5.4", 5)]


def test_nothing_denied_is_nothing_said():
    assert explained((0.0, {("in", ""): 3, ("out", "x"): 3}), (90.0, {})) == []

"""A small whole policy as YAML files, and how to write it, for tests that change or break it."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from pipeline.errors import PolicyError
from pipeline.policy.load import load_policy

POLICY = """\
version: "2020-01"
posted: "2020-01-01"
effective: "2020-01-11"
controller: Example Ltd.
purposes:
  - {id: improve, description: Improve the Services, section: "5.1"}
  - {id: administer, description: Administer the Services, section: "4.4"}
categories:
  - {id: user.device, description: Device}
  - {id: user.name, description: Name}
retention:
  - {topic: raw.weblog, seconds: 86400, section: "12"}
  - {topic: events.page_view, seconds: 86400, section: "12"}
  - {topic: visits, seconds: 263400, section: "12"}
  - {topic: partials, seconds: 86400, section: "12"}
  - {topic: anon.page_views, seconds: 86400, section: "6"}
"""

SITES = """\
sites:
  - id: shop.example
    hosts: [shop.example, www.shop.example]
    section: "4.4"
    pages:
      - /
      - /user/{id}
    parameters:
      lang: [de, en]
  - id: blog.example
    hosts: [blog.example]
    section: "4.4"
    pages: []
    parameters: {}
vocabulary:
  section: "4.4"
  path_segments: [blog, docs]
  methods: [GET, POST]
  browsers: [Firefox, Mobile Safari]
  operating_systems: [Linux]
  referrers: [search.example, google.*]
"""

DETECTION = """\
detection:
  section: "1"
  minimum_score_percent: 40
  budget_ms: 50
  otherwise: replace
  rules:
    - {entities: [EMAIL_ADDRESS, USER_NAME], method: tokenize, section: "14b"}
    - {entities: [URL], method: keep, section: "4.4"}
"""

RECOGNIZERS = """\
supported_languages: [en]
global_regex_flags: 26
recognizers:
  - {name: EmailRecognizer, type: predefined, supported_languages: [en]}
  - {name: UrlRecognizer, type: predefined, supported_languages: [en]}
  - {name: WebUserNameRecognizer, type: predefined, supported_languages: [en]}
"""

SOURCES = """\
sources:
  - id: weblog
    topic: raw.weblog
    event: events.page_view
    section: "4.4"
    allowed_lateness_seconds: 600
    allowed_ahead_seconds: 300
    fields:
      - name: user_agent
        category: user.device
        purposes: [improve, administer]
        section: "4.4"
        derive:
          - {field: visitor, treatment: visitor}
          - {field: device_class, treatment: device_class}
          - {field: browser, treatment: browser}
      - name: user
        category: user.name
        purposes: []
        section: "4.1"
        derive: []
      - name: remote_address
        category: user.device
        purposes: [improve]
        section: "4.4"
        derive: [{field: visitor, treatment: visitor}]
      - name: time
        category: user.device
        purposes: [administer, improve]
        section: "4.4"
        derive: [{field: time, treatment: time}]
datasets:
  - id: page_views
    topic: anon.page_views
    window_seconds: 3600
    dimensions: [site, device_class]
    max_cells: 2
    max_events: 3
    k: 5
    purpose: improve
    section: "6"
"""

FILES = {  # all that are ours; recognizers.yaml is Presidio's
    "policy.yaml": POLICY,
    "sites.yaml": SITES,
    "sources.yaml": SOURCES,
    "detection.yaml": DETECTION,
}


def write_policy(directory: Path, files: Mapping[str, str] = FILES) -> Path:
    """Write the files into a folder, and return the folder."""
    directory.mkdir(parents=True, exist_ok=True)
    for name, text in {"recognizers.yaml": RECOGNIZERS, **files}.items():
        (directory / name).write_text(text)
    return directory


def problems_after(directory: Path, old: str, new: str) -> tuple[list[str], list[str]]:
    """Replace a text of the example and load it: (`file:line` of each line that ends in `#!`, problems)."""
    (name,) = [name for name, text in FILES.items() if old in text]
    assert FILES[name].count(old) == 1, f"{old!r} is not one place of {name}"
    changed = FILES[name].replace(old, new)
    marked = [f"{name}:{line}" for line, text in enumerate(changed.splitlines(), 1) if text.endswith("#!")]
    with pytest.raises(PolicyError) as caught:
        load_policy(write_policy(directory, {**FILES, name: changed}))
    return marked, list(caught.value.problems)

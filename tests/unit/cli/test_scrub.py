"""`scrub`: any log, any date, no Kafka; nothing of a person in either stream."""

import json

import pytest
import typer
from typer.testing import CliRunner

from pipeline.cli.scrub import register
from pipeline.errors import ConfigError

LOG = """\
192.0.2.7 - jane [10/Oct/2000:13:55:36 -0700] "GET /user/jane@mail.example HTTP/1.0" 200 2326 "-" "Jane/1.0"
192.0.2.7 - - [01/Jan/2099:00:00:00 +0000] "GET /blog/tags/x?lang=de&q=jane HTTP/1.1" 404 5 "-" "Jane/1.0"
jane was here
"""


@pytest.fixture
def app() -> typer.Typer:
    app = typer.Typer()
    register(app)
    return app


def test_lines_of_any_date_come_out_as_json_and_a_summary_accounts_for_them(app, tmp_path):
    log = tmp_path / "access.log"
    log.write_text(LOG)
    result = CliRunner().invoke(app, [str(log)], catch_exceptions=False)
    assert result.exit_code == 0
    first, second = map(json.loads, result.stdout.splitlines())
    assert (first["site"], first["time"], first["page"]) == (
        "demo.example",
        "2000-10-10T20:55:36+00:00",
        "/user/{id}",
    )
    assert (second["page"], second["parameters"], second["late"]) == ("/blog/tags/{tag}", "lang=de", False)
    assert len(first["visitor"]) == 40
    assert first["visitor"] != second["visitor"], "no visitor is followed across days"
    assert "not-a-log-line" in result.stderr
    for secret in ("jane", "192.0.2.7"):
        assert secret not in (result.stdout + result.stderr).lower()


def test_it_reads_standard_input_and_runs_share_no_token(app):
    runs = [CliRunner().invoke(app, ["-"], input=LOG, catch_exceptions=False).stdout for _ in range(2)]
    first, second = ([json.loads(line)["visitor"] for line in run.splitlines()] for run in runs)
    assert len(first) == 2
    assert not set(first) & set(second)


def test_a_folder_and_an_empty_file_are_called_so(app, tmp_path):
    (tmp_path / "empty.log").touch()
    for path, problem in ((tmp_path, "not a file"), (tmp_path / "empty.log", "empty")):
        with pytest.raises(ConfigError, match=f"{path}: {problem}"):
            CliRunner().invoke(app, [str(path)], catch_exceptions=False)


@pytest.mark.parametrize("arguments", [["nowhere.log"], ["-", "--source", "fax"], ["-", "--site", "jane.example"]])
def test_a_file_source_or_site_that_is_not_there_is_a_config_error(app, arguments):
    with pytest.raises(ConfigError):
        CliRunner().invoke(app, arguments, catch_exceptions=False)

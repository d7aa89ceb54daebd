"""`pii-pipeline policy`: exit codes for scripts, words for people."""

import json

import pytest
import typer
from typer.testing import CliRunner

from pipeline.cli import policy as command
from pipeline.errors import PolicyError
from tests.policies import FILES, write_policy


@pytest.fixture
def run():
    app = typer.Typer()
    command.register(app)
    return lambda *arguments: CliRunner().invoke(app, ["policy", *map(str, arguments)])


@pytest.fixture
def broken(tmp_path):
    return write_policy(tmp_path, {**FILES, "sources.yaml": FILES["sources.yaml"].replace("k: 5", "k: 1")})


def test_a_whole_policy_checks_with_exit_code_0(run, tmp_path):
    write_policy(tmp_path)
    result = run("check", tmp_path)
    assert result.exit_code == 0
    assert result.stdout.startswith("2020-01+")
    report = json.loads(run("check", tmp_path, "--json").stdout)
    assert (report["version"], report["problems"]) == ("2020-01", [])


def test_the_shipped_policy_is_the_default(run):
    assert run("check").exit_code == 0


def test_a_broken_policy_is_exit_code_2_with_every_problem(run, broken):
    """For people through the command's own error path, for scripts as JSON."""
    problem = "sources.yaml:39: below 5 visitors a row may show a person"
    result = run("check", broken)
    assert isinstance(result.exception, PolicyError)  # cli/__init__.py prints it and exits with 2
    assert (problem,) == result.exception.problems
    as_json = run("check", broken, "--json")
    assert (2, {"problems": [problem]}) == (as_json.exit_code, json.loads(as_json.stdout))


def test_explain_says_all_without_a_question(run, tmp_path):
    text = run("explain", "--directory", write_policy(tmp_path)).stdout
    for part in (
        "Example Ltd.",
        "user_agent",
        "dropped",
        "raw.weblog keeps records for 1 day",
        "from 5 visitors",
    ):
        assert part in text


@pytest.mark.parametrize(
    ("question", "said", "unsaid"),
    [
        (("--field", "user"), "dropped", "keeps records"),
        (("--topic", "visits"), "visits keeps records", "raw.weblog"),
        (("--dataset", "page_views"), "at most 2 rows", "keeps records"),
    ],
)
def test_explain_answers_one_question(run, tmp_path, question, said, unsaid):
    result = run("explain", *question, "--directory", write_policy(tmp_path))
    assert result.exit_code == 0
    assert said in result.stdout
    assert unsaid not in result.stdout


@pytest.mark.parametrize("option", ["--field", "--topic", "--dataset"])
def test_what_the_policy_does_not_name_is_exit_code_1(run, tmp_path, option):
    """No is an answer, and text that looks like markup is text."""
    result = run("explain", option, "[red]x", "--directory", write_policy(tmp_path))
    assert result.exit_code == 1
    assert "'[red]x'" in result.stdout


def test_a_rule_for_what_nobody_finds_and_a_recognizer_that_nobody_has_are_refused(run, tmp_path):
    def problems() -> list[str]:
        result = run("check", folder, "--json")
        assert result.exit_code == 2
        return json.loads(result.stdout)["problems"]

    folder = write_policy(tmp_path / "policy")
    detection, recognizers = folder / "detection.yaml", folder / "recognizers.yaml"
    whole = detection.read_text()
    detection.write_text(whole.replace("URL", "URLS"))
    assert problems() == ["detection: URLS: no recognizer finds it"]
    detection.write_text(whole)
    recognizers.write_text(recognizers.read_text().replace("UrlRecognizer", "UrlRecogniser"))
    (problem,) = problems()
    assert problem.startswith("recognizers.yaml: ")

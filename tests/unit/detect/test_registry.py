"""Loading recognizers.yaml: Presidio's format, ours by name, nothing fetched."""

import socket

import pytest

from pipeline.detect.registry import OURS, load_recognizers
from pipeline.errors import ConfigError
from tests.detecting import RECOGNIZERS, recognizers


def test_all_of_ours_and_all_pattern_recognizers_of_presidio_are_enabled():
    names = {recognizer.name for recognizer in recognizers()}
    assert names >= OURS
    assert len(names - OURS) >= 90


def test_no_recognizer_asks_the_network(monkeypatch):
    """Presidio's e-mail recognizer would fetch the Public Suffix List with the first address."""

    def refuse(*_arguments, **_options):
        raise AssertionError("nothing is fetched at run time")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    (email,) = [one for one in load_recognizers(RECOGNIZERS) if one.name == "EmailRecognizer"]
    assert email.analyze("jane@mail.example.com", ["EMAIL_ADDRESS"])


@pytest.mark.parametrize(
    "text", ["recognizers: [{name: NoSuchRecognizer, type: predefined}]\n", "[]", "recognizers: 5"]
)
def test_a_file_that_presidio_cannot_read_is_a_configuration_error(tmp_path, text):
    file = tmp_path / "recognizers.yaml"
    file.write_text(text)
    with pytest.raises(ConfigError, match=r"recognizers\.yaml"):
        load_recognizers(file)

"""The README's tree of folders is the tree that is there."""

import re

from tests.sanitizing import ROOT

HIDDEN = {"__pycache__", "migrations", "recognizers"}  # details of one folder
DEEP = {"pipeline", "tests", "deploy"}  # their folders are named, too


def named() -> set[str]:
    """Return the folders that the README's layout names, as paths."""
    layout = (ROOT / "README.md").read_text().split("## Layout")[1].split("```")[1]
    found, parent = set(), ""
    for indent, name in re.findall(r"^( *)([\w.-]+)/ ", layout, re.MULTILINE):
        if not indent:
            parent = name
        found.add(f"{parent}/{name}" if indent else name)
    return found


def test_the_layout_names_every_folder_and_no_other():
    top = {path.parent for path in ROOT.glob("*/*") if path.is_file() or path.is_dir()}
    shown = {path.name for path in top if not path.name.startswith((".", "build")) and path.suffix != ".egg-info"}
    shown -= HIDDEN
    for parent in DEEP:
        folders = (path for path in (ROOT / parent).iterdir() if path.is_dir() and any(path.iterdir()))
        shown |= {f"{parent}/{path.name}" for path in folders if path.name not in HIDDEN}
    assert named() == shown


def test_clean_stops_the_servers_of_the_demo_too():
    """Else two Java processes stay, and nothing is left that knows of them."""
    clean = (ROOT / "Makefile").read_text().split("\nclean:")[1].split("rm -rf")[0]
    stopped = [line for line in clean.splitlines() if line.endswith("pii-pipeline local down")]
    assert ["STATE_DIR=.local/demo" in line for line in stopped] == [False, True]


def test_both_commands_are_targets_of_the_makefile():
    makefile = (ROOT / "Makefile").read_text()
    commands = re.findall(r"^make (\w+)", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert {"demo", "test"} <= set(commands)
    assert all(f"\n{command}: " in makefile for command in commands)

"""The manual: what it says is run, and what docstrings hold is no markup."""

from __future__ import annotations

import doctest
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import proofs
from proofs.kernel.theorem import RULES
from proofs.render import manual

DOCS = Path(proofs.__path__[0]) / "docs"
BLOCK = re.compile(r"^```(\w+) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@pytest.mark.parametrize("name", manual.WRITTEN)
def test_every_block_does_what_stands_below_it(name, tmp_path):
    """Python is run, or added to the file that is named; commands print what stands below them, … standing for more."""
    known: dict[str, object] = {}
    for language, file, text in BLOCK.findall((DOCS / f"{name}.md").read_text()):
        if language == "python" and file:
            with (tmp_path / file).open("a") as module:
                module.write(f"\n\n{text}")
        elif language == "python":
            exec(compile(text, name, "exec"), known)
        elif language == "console":
            for command, wanted in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", text, re.MULTILINE):
                found = told(command, tmp_path)
                assert matches(wanted, found), f"{command}\n{found}"


def told(command: str, folder: Path) -> str:
    """What a command of ours prints in a folder."""
    program, *arguments = shlex.split(command)
    assert program == "lae"
    where = os.environ | {"LAE_CACHE": str(folder / "cache"), "PYTHONPATH": os.pathsep.join(sys.path)}
    run = [sys.executable, "-P", "-m", "proofs", *arguments]
    return subprocess.run(run, cwd=folder, env=where, capture_output=True, text=True, timeout=120).stdout


def matches(wanted: str, found: str) -> bool:
    """Whether a text is as wanted, but for spaces and what … stands for."""
    return doctest.OutputChecker().check_output(wanted.replace("…", "..."), found.replace("…", "..."), FLAGS)


def test_every_rule_of_the_kernel_has_its_lemma_in_the_manual():
    for path in manual.modules("proofs.kernel"):
        __import__(f"proofs.kernel.{path.stem}")
    text = manual.rules()
    for name, rule in RULES.items():
        if rule.__module__.startswith("proofs.kernel."):
            assert f'id="{rule.__module__.rpartition(".")[2]}.{name}"' in text, name
            assert rule.__doc__, name


def test_every_command_is_told_with_its_options():
    text = manual.commands()
    assert "<code>--install-completion</code>" not in text
    for part in ("lae bounds", "--report", "lae report", "--serve", "lae new", "FOLDER"):
        assert part in text


@pytest.mark.parametrize("text", ["<script>", "a\n\n    <b>", "Parameters\n----------\n<i>\n    <u>", ">>> '<p>'"])
def test_nothing_in_a_docstring_is_markup(text):
    assert not re.search("<(script|b>&|i|u|p>')", manual.docstring(text).replace("<b>Parameters</b>", ""))


def test_the_chapters_are_those_of_the_folder():
    assert {path.stem for path in DOCS.glob("*.md")} == set(manual.WRITTEN)

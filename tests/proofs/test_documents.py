"""What README, CONTRIBUTING and the manual tell to type is typed, as it is printed, and does what stands below it.

A block of ``sh`` is run; one of ``console`` prints what stands below its commands, … standing for more; Python is run,
or added to the file that stands behind ``python``. A block goes on with what the earlier ones of its document made.
"""

from __future__ import annotations

import doctest
import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import NamedTuple

import pytest

from proofs.render import manual

SOURCES = Path(__file__).parents[2]
DOCUMENTS = ("README.md", "CONTRIBUTING.md", *(f"proofs/docs/{name}.md" for name in manual.WRITTEN))
BLOCK = re.compile(r"^```(\w+) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
OF_CI = ("pip install", "pytest", "ruff", "mypy")
"""What blocks of ``sh`` begin with that are run by CI itself."""
INSTALLS = "python3 -m venv"
WHOLE = {"lae check", "lae errata", "lae trust"}
"""Commands that decide every claim."""
LONG = ("lae train", "lae sweep", "lae reproduce")
NOT_HERE = {
    "lae check --coq": "hours of Coq; CI does one paper",
    "lae export coq --out coq/": "two minutes to state every claim; CI does one paper",
    "lae reproduce oftadeh2020/fig3 --setting paper --mnist mnist.npz --jobs 2 --out fig3/": "MNIST is not ours",
    "lae reproduce all --out figures/": "half an hour",
}


class Block(NamedTuple):
    """A block of a document: its language, the file it is added to, and what it holds."""

    document: str
    line: int
    language: str
    file: str
    text: str

    @property
    def installs(self) -> bool:
        return self.language == "sh" and self.text.startswith(INSTALLS)

    @property
    def of_ci(self) -> bool:
        return self.language == "sh" and self.text.startswith(OF_CI) and "--lae" not in self.text

    @property
    def slow(self) -> bool:
        return any(command in WHOLE or command.startswith(LONG) for command, _ in self.commands)

    @property
    def commands(self) -> list[tuple[str, str]]:
        """The commands of a console, without comments, each with what stands below it."""
        found = COMMAND.findall(self.text) if self.language == "console" else []
        return [(command.partition("  #")[0].strip(), wanted) for command, wanted in found]


def blocks(document: str) -> list[Block]:
    """The blocks of a document."""
    text = (SOURCES / document).read_text(encoding="utf-8")
    return [Block(document, text.count("\n", 0, m.start()) + 1, *m.groups()) for m in BLOCK.finditer(text)]


EVERY = [b for document in DOCUMENTS for b in blocks(document)]


class Reader:
    """Somebody who types what is printed, in a folder."""

    def __init__(self, folder: Path, **environment: str):
        self.folder = folder
        self.python = ""
        programs = folder / "bin"
        programs.mkdir()
        plugin = "" if entry_points(group="pytest11", name="lae") else "-p proofs.pytest_plugin "  # it may be installed
        for name, module in {"lae": "proofs", "pytest": f"pytest {plugin}-p no:cacheprovider"}.items():
            (programs / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m {module} "$@"\n')
            (programs / name).chmod(0o755)
        self.environment = os.environ | {
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path)),
        }
        self.environment |= environment

    def follow(self, block: Block) -> None:
        """Do what a block says."""
        if block.language == "python" and block.file:
            with (self.folder / block.file).open("a", encoding="utf-8") as module:
                module.write(f"\n\n{block.text}")
        elif block.language == "python":
            self.python += block.text
            self.done([sys.executable, "-c", self.python])
        elif block.language == "sh":
            self.done(["bash", "-euo", "pipefail", "-c", block.text])
        elif block.language == "console":
            for command, wanted in block.commands:
                if command not in NOT_HERE:
                    width = str(max(80, *map(len, wanted.splitlines()), 0))
                    out, error = self.done(["bash", "-euo", "pipefail", "-c", command], COLUMNS=width)
                    assert matches(wanted, out) or matches(wanted, error + out), f"{command}\n{error}{out}"

    def done(self, command: list[str], **more: str) -> tuple[str, str]:
        """What a command prints, and says."""
        where = self.environment | more
        found = subprocess.run(command, cwd=self.folder, env=where, capture_output=True, text=True)
        assert found.returncode == 0, f"{command[-1]}\n{found.stdout}{found.stderr}"
        return found.stdout, found.stderr


def matches(wanted: str, found: str) -> bool:
    """Whether a text is as wanted, but for spaces and what … stands for."""
    wanted, found = (text.replace("…", "...") for text in (wanted, found))
    return not wanted or doctest.OutputChecker().check_output(wanted, found, FLAGS)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_block_does_what_stands_below_it(document, tmp_path):
    reader = Reader(tmp_path, LAE_CACHE=str(tmp_path / "cache"))
    for block in blocks(document):
        if not (block.slow or block.of_ci or block.installs):
            reader.follow(block)


@pytest.mark.slow
@pytest.mark.parametrize("block", [b for b in EVERY if b.slow], ids=lambda b: f"{b.document}:{b.line}")
def test_every_slow_block_does_what_stands_below_it(block, tmp_path, monkeypatch):
    """With the user's own cache and key: as CI decided every claim before."""
    monkeypatch.delenv("XDG_STATE_HOME")
    Reader(tmp_path).follow(block)


@pytest.mark.slow
@pytest.mark.parametrize("block", [b for b in EVERY if b.installs], ids=lambda b: f"{b.document}:{b.line}")
def test_it_is_installed_from_a_copy_of_the_sources(block, tmp_path):
    """Of what it depends on, the packages of these tests serve."""
    for part in ("proofs", "numerics"):
        shutil.copytree(SOURCES / part, tmp_path / "lae" / part, ignore=shutil.ignore_patterns("__pycache__"))
    for part in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(SOURCES / part, tmp_path / "lae")
    packages = os.pathsep.join(p for p in sys.path if p.endswith("site-packages"))
    where = {"PIP_NO_DEPS": "1", "PYTHONPATH": packages, "LAE_CACHE": str(tmp_path / "cache")}
    command = ["bash", "-euo", "pipefail", "-c", block.text]
    found = subprocess.run(command, cwd=tmp_path / "lae", env=os.environ | where, capture_output=True, text=True)
    assert found.returncode == 0, found.stdout + found.stderr


def test_what_only_ci_can_run_it_runs():
    done = commands((SOURCES / ".ci/run").read_text(encoding="utf-8"))
    for block in (b for b in EVERY if b.of_ci):
        for command in commands(block.text):
            assert any(ours == command or ours.startswith(f"{command} ") for ours in done), command


def commands(text: str) -> list[str]:
    """The commands of a script, without comments."""
    return [part.strip() for line in text.splitlines() for part in re.split("&&|\\|\\||  +#.*", line) if part.strip()]


def test_what_is_not_run_here_is_still_printed_somewhere():
    printed = "".join(b.text for b in EVERY)
    assert all(command in printed for command in NOT_HERE)


def test_a_workflow_runs_what_is_run_here():
    typed = [command for b in EVERY if b.language == "sh" for command in commands(b.text)]
    for block in (b for b in EVERY if b.language == "yaml"):
        assert re.findall("- run: (pytest .*)", block.text)[0] in typed


def test_the_claim_that_is_added_to_a_section_is_proved_there(tmp_path):
    (block,) = (b for b in EVERY if b.language == "diff")
    module = re.findall(r"\+\+\+ b/(.*)\.py", block.text)[0].replace("/", ".")
    added = "\n".join(line[1:] for line in block.text.splitlines() if re.match(r"\+(?!\+\+)", line))
    code = f"from proofs import decide\nfrom {module} import *\n{added}\nprint(decide(gram).verdict)"
    assert Reader(tmp_path).done([sys.executable, "-c", code])[0].strip() == "proved"

"""The manual: every chapter is there, and what docstrings hold is no markup."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import proofs
from proofs.kernel.theorem import RULES
from proofs.render import manual

DOCS = Path(proofs.__path__[0]) / "docs"


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

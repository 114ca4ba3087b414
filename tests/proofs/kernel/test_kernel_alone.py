"""The kernel is small, stands alone, and nothing else makes theorems."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import proofs
import proofs.kernel
from proofs.kernel.theorem import RULES

ROOT = Path(proofs.__file__).parent
KERNEL = ROOT / "kernel"
OTHERS = sorted(p for p in ROOT.rglob("*.py") if KERNEL not in p.parents)


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{a.name}" for a in node.names)


@pytest.mark.parametrize("path", sorted(KERNEL.glob("*.py")), ids=lambda p: p.name)
def test_a_kernel_file_imports_nothing_above_it(path: Path) -> None:
    ours = [name for name in imported(path) if name.split(".")[0] in ("proofs", "numerics")]
    assert all(name.startswith("proofs.kernel") for name in ours), ours


@pytest.mark.parametrize("path", OTHERS, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_other_file_makes_a_theorem_or_a_rule(path: Path) -> None:
    """Neither a call of Theorem, nor the decorators of rules, nor the key, nor another way to make an object."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    names = set(imported(path))
    assert "Theorem" not in called
    assert not {n for n in names if n in ("proofs.kernel.theorem.rule", "proofs.kernel.textbook.fact")}
    assert not {n for n in names if n.startswith("proofs.kernel.theorem._")}
    assert "_KEY" not in attributes
    if any(n.startswith("proofs.kernel.theorem") for n in names):
        assert "__new__" not in attributes


TOLD = (ast.Module, ast.ClassDef, ast.FunctionDef)
SENTENCE = re.compile(r"[^.\s]\.(?=\s|$)")
FACTS_ALONE = {"approximation.py", "flows.py", "logarithms.py", "matrices.py", "means.py"}
"""Files that prove nothing: each says a fact of the literature, which ``lae trust`` names."""


def test_the_kernel_is_below_four_thousand_lines_beside_its_language_facts_and_docstrings() -> None:
    others = [p for p in KERNEL.glob("*.py") if p.name not in {"expressions.py", *FACTS_ALONE}]
    lines = {p.name: lines_of_code(p.read_text(encoding="utf-8")) for p in others}
    assert sum(lines.values()) < 3700, lines


def lines_of_code(text: str) -> int:
    """All lines but those of docstrings, which hold the lemmas with their proofs."""
    told = [node.body[0] for node in ast.walk(ast.parse(text)) if isinstance(node, TOLD) and ast.get_docstring(node)]
    return len(text.splitlines()) - sum((d.end_lineno or d.lineno) - d.lineno + 1 for d in told)


def test_a_file_that_is_not_counted_says_facts_alone() -> None:
    for name in FACTS_ALONE:
        text = (KERNEL / name).read_text(encoding="utf-8")
        assert "fact(" in text
        assert "@rule(" not in text


def test_every_rule_says_the_lemma_that_it_stands_for_and_proves_it_in_a_few_sentences() -> None:
    for module in pkgutil.iter_modules(proofs.kernel.__path__):
        importlib.import_module(f"proofs.kernel.{module.name}")
    assert len(RULES) > 20
    for name, rule in RULES.items():
        *lemma, proof = (inspect.getdoc(rule) or "").split("\n\n")
        assert lemma, name
        assert proof.startswith("Proof. "), name
        assert 1 <= len(SENTENCE.findall(proof.removeprefix("Proof. "))) <= 4, name

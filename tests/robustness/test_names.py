"""Names are unique: one module and one class of a name, outside of what older provers leave in methods and algebra."""

import ast
from collections import Counter
from pathlib import Path

import numerics
import proofs

ROOTS = [Path(package.__path__[0]) for package in (numerics, proofs)]
OURS = [p for root in ROOTS for p in sorted(root.rglob("*.py")) if root.name == "numerics" or p.parent == root]
OURS = [p for p in OURS if p.parent.parent.name != "experiments"]  # papers number their figures alike
COMMANDS = sorted((ROOTS[1] / "commands").glob("*.py"))
OLDER = ("methods", "normal")
"""Packages whose classes go with the provers that stand there."""
CLASSES = [p for root in ROOTS for p in sorted(root.rglob("*.py")) if p.parent.name not in OLDER]


def twice(names):
    return sorted(name for name, count in Counter(names).items() if count > 1)


def test_no_two_classes_share_a_name():
    classes = [node for file in CLASSES for node in ast.parse(file.read_text()).body if isinstance(node, ast.ClassDef)]
    assert twice(node.name for node in classes) == []


def test_no_two_modules_share_a_name_but_commands_with_what_they_print():
    assert set(twice(file.stem for file in [*OURS, *COMMANDS])) <= {
        "__init__",
        "bounds",
        "check",
        "derive",
        "mutate",
        "trust",
    }

"""Names are unique: one module and one class of a name, outside the packages of the papers, methods and the kernel."""

import ast
from collections import Counter
from pathlib import Path

import numerics
import proofs

ROOTS = [Path(package.__path__[0]) for package in (numerics, proofs)]
OURS = [p for root in ROOTS for p in sorted(root.rglob("*.py")) if root.name == "numerics" or p.parent == root]
OURS = [p for p in OURS if p.parent.parent.name != "experiments"]  # papers number their figures alike
COMMANDS = sorted((ROOTS[1] / "commands").glob("*.py"))


def twice(names):
    return sorted(name for name, count in Counter(names).items() if count > 1)


def test_no_two_classes_share_a_name():
    nodes = [node for file in [*OURS, *COMMANDS] for node in ast.walk(ast.parse(file.read_text()))]
    classes = [node.name for node in nodes if isinstance(node, ast.ClassDef)]
    assert twice(name for name in classes if not name.startswith("_")) == []


def test_no_two_modules_share_a_name_but_commands_with_what_they_print():
    assert set(twice(file.stem for file in [*OURS, *COMMANDS])) <= {
        "__init__",
        "bounds",
        "check",
        "derive",
        "mutate",
        "trust",
    }

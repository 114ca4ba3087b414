"""Names are unique: one module and one class of a name in the whole tree.

What goes by the same name on purpose: sections and figures of papers, which these number alike; a command and what it
prints; a tactic and the kernel's rules that it applies.
"""

import ast
from collections import Counter
from pathlib import Path

import numerics
import proofs

PROOFS, NUMERICS = (Path(package.__path__[0]) for package in (proofs, numerics))
FILES = [*sorted(PROOFS.rglob("*.py")), *sorted(NUMERICS.rglob("*.py"))]
TACTICS = {PROOFS / "tactics" / f.name: f for f in (PROOFS / "kernel").glob("*.py")}
PAPERS = {f.parent for f in FILES if f.name == "notation.py"} | {
    f.parent for f in (NUMERICS / "experiments").glob("*/*.py")
}


def named_after_another(file: Path) -> bool:
    return file.parent in PAPERS or file.parent == PROOFS / "commands" or file in TACTICS


def twice(names):
    return sorted(name for name, count in Counter(names).items() if count > 1)


def test_no_two_classes_share_a_name():
    trees = [ast.parse(file.read_text()) for file in FILES if file.parent not in PAPERS]
    assert twice(node.name for tree in trees for node in tree.body if isinstance(node, ast.ClassDef)) == []


def test_no_two_modules_share_a_name():
    assert twice(f.stem for f in FILES if f.stem != "__init__" and not named_after_another(f)) == []

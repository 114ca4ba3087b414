"""What a claim's verdict depends on, as a fingerprint: its own source, the modules it uses, the library versions.

A verdict is kept as long as its fingerprint stays. Editing a claim changes the fingerprint of that claim and of those
that mention it; editing a helper of its module, of all claims of the module; editing a method, of all claims that use
it. How a verdict is displayed does not change it, so :mod:`proofs.render` is left out.

Main results
    fingerprint(claim)    a hash
    closure(module)       the modules of ours that a module uses, directly or not
"""

from __future__ import annotations

import ast
import hashlib
import platform
from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import resolve_name
from pathlib import Path

from proofs.claim import Claim
from proofs.papers import loaded

OURS = Path(__file__).parents[1]
PACKAGES = ("proofs", "numerics")
DISPLAY = ("proofs.render", "proofs.derive")
READS = {"proofs.methods.words": "numerics/experiments/findings"}
"""The folders of data that modules read: those count as their source."""
LIBRARIES = ("sympy", "python-flint", "numpy", "scipy", "mpmath", "z3-solver")


def fingerprint(claim: Claim) -> str:
    """A hash of all that the claim's verdict depends on."""
    own = claim_source(claim.module, claim.build.__name__)
    return digest([claim.id, own, *(digest_of(m) for m in sorted(closure(claim.module) - {claim.module})), libraries()])


def digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@cache
def digest_of(module: str) -> str:
    return digest([module, source(module), *data_of(module)])


@cache
def versions() -> dict[str, str]:
    """The versions of Python and of the libraries that decide."""
    found = {"python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "absent"
    return found


@cache
def libraries() -> str:
    return " ".join(f"{name}={number}" for name, number in versions().items())


# -- modules ---------------------------------------------------------------------------------------


@cache
def path_of(module: str) -> Path | None:
    """The source file of a module of ours; it is not imported."""
    top, *rest = module.split(".")
    base = roots()[top].joinpath(*rest)
    return next((p for p in (base.with_suffix(".py"), base / "__init__.py") if p.is_file()), None)


def roots() -> dict[str, Path]:
    """The packages whose modules a claim may depend on, with their folders: ours, and those that hold papers."""
    return loaded() | {name: OURS / name for name in PACKAGES}


def data_of(module: str) -> list[str]:
    """The texts that a module reads."""
    if module not in READS:
        return []
    folder = OURS / READS[module]
    return [text for p in sorted(folder.rglob("*.json")) for text in (p.name, p.read_text(encoding="utf-8"))]


@cache
def source(module: str) -> str:
    path = path_of(module)
    return path.read_text(encoding="utf-8") if path else ""


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(source(module))


@cache
def imports(module: str) -> frozenset[str]:
    """The modules of ours that a module imports, at its top or inside a function."""
    found: set[str] = set()
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            found.update(a.name for a in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = module if str(path_of(module)).endswith("__init__.py") else module.rpartition(".")[0]
            base = resolve_name("." * node.level + (node.module or ""), package)
            members = (f"{base}.{a.name}" for a in node.names)
            found.update(x if ours(x) else base for x in members)
    return frozenset(filter(ours, found))


def ours(module: str) -> bool:
    return module.split(".")[0] in roots() and not module.startswith(DISPLAY) and path_of(module) is not None


@cache
def closure(module: str) -> frozenset[str]:
    """The module and all modules of ours that it uses, directly or not.

    Examples
    --------
    >>> "proofs.kernel.expressions" in closure("proofs.methods.chain")
    True
    """
    found = {module}
    waiting = [module]
    while waiting:
        new = imports(waiting.pop()) - found
        found |= new
        waiting += new
    return frozenset(found)


# -- one claim of a module -------------------------------------------------------------------------


def claim_source(module: str, function: str) -> str:
    """The module's source without the other claims, except those that the claim mentions."""
    claims = {n.name: n for n in tree(module).body if isinstance(n, ast.FunctionDef) and is_claim(n)}
    if function not in claims:
        return source(module)
    kept = {function}
    waiting = [n for n in tree(module).body if n not in claims.values()] + [claims[function]]
    while waiting:
        new = (mentioned(waiting.pop()) & claims.keys()) - kept
        kept |= new
        waiting += [claims[name] for name in new]
    lines: list[str | None] = list(source(module).splitlines())
    for name, node in claims.items():
        if name not in kept:
            first = min(d.lineno for d in node.decorator_list)
            lines[first - 1 : node.end_lineno] = [None] * (node.end_lineno - first + 1)  # type: ignore[operator]
    return "\n".join(line for line in lines if line is not None)


def is_claim(node: ast.FunctionDef) -> bool:
    heads = (d.func for d in node.decorator_list if isinstance(d, ast.Call))
    return any(isinstance(h, ast.Name) and h.id == "claim" for h in heads)


@cache
def mentioned(node: ast.AST) -> frozenset[str]:
    return frozenset(n.id for n in ast.walk(node) if isinstance(n, ast.Name))

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
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import resolve_name
from pathlib import Path
from typing import NamedTuple

from proofs.claim import Claim
from proofs.papers import loaded

OURS = Path(__file__).parents[1]
PACKAGES = ("proofs", "numerics")
DISPLAY = ("proofs.render", "proofs.derive")
READS = {"proofs.methods.words": "numerics/experiments/findings"}
"""The folders of data that modules read: those count as their source."""
WORD = re.compile(r"[^\W\d]\w*")
LIBRARIES = ("sympy", "python-flint", "numpy", "scipy", "mpmath")


def fingerprint(claim: Claim) -> str:
    """A hash of all that the claim's verdict depends on."""
    own = digest_of_claim(claim.module, claim.build.__name__)
    return digest([claim.id, own, digest_of_used(claim.module), libraries()])


def digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@cache
def digest_of(module: str) -> str:
    return digest([module, source(module), *data_of(module)])


@cache
def digest_of_used(module: str) -> str:
    """Of all modules of ours that a module uses."""
    return digest(digest_of(m) for m in sorted(closure(module) - {module}))


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


@lru_cache(maxsize=1)
def tree(module: str) -> ast.Module:
    return ast.parse(source(module))


@cache
def imports(module: str) -> frozenset[str]:
    """The modules of ours that a module imports, at its top or inside a function."""
    found: set[str] = set()
    tops = frozenset(roots())
    for node in statements(tree(module).body):
        if isinstance(node, ast.Import):
            found.update(a.name for a in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = module if str(path_of(module)).endswith("__init__.py") else module.rpartition(".")[0]
            base = resolve_name("." * node.level + (node.module or ""), package)
            members = (f"{base}.{a.name}" for a in node.names)
            found.update(x if ours(x, tops) else base for x in members)
    return frozenset(x for x in found if ours(x, tops))


def statements(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Statements and those inside them; no expression has one."""
    for node in body:
        yield node
        for part in ("body", "orelse", "finalbody", "handlers", "cases"):
            yield from statements(getattr(node, part, ()))


def ours(module: str, tops: Container[str]) -> bool:
    return module.split(".")[0] in tops and not module.startswith(DISPLAY) and path_of(module) is not None


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


class Excerpt(NamedTuple):
    """The lines of a claim, from one to before another, and the claims that they mention."""

    first: int
    end: int
    mentions: frozenset[str]


@cache
def digest_of_claim(module: str, function: str) -> str:
    return digest([claim_source(module, function)])


def claim_source(module: str, function: str) -> str:
    """The module's source without the other claims, except those that the claim mentions."""
    claims, kept = parts(module)
    if function not in claims:
        return source(module)
    kept, waiting = kept | {function}, [*kept, function]
    while waiting:
        new = claims[waiting.pop()].mentions - kept
        kept |= new
        waiting += new
    lines: list[str | None] = [*source(module).split("\n")]
    for name, part in claims.items():
        if name not in kept:
            lines[part.first : part.end] = [None] * (part.end - part.first)
    return "\n".join(line for line in lines if line is not None)


@cache
def parts(module: str) -> tuple[Mapping[str, Excerpt], frozenset[str]]:
    """The claims of a module by the names of their functions, and those that the rest of it mentions."""
    body, lines = tree(module).body, source(module).split("\n")
    claims = {n.name: n for n in body if isinstance(n, ast.FunctionDef) and is_claim(n)}

    def mentioned(node: ast.stmt) -> frozenset[str]:
        names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)} if speaks(node) else set()
        return frozenset(names & claims.keys())

    def speaks(node: ast.stmt) -> bool:
        """Whether the name of a claim stands anywhere in it, which is seen at once."""
        text = lines[node.lineno - 1 : node.end_lineno]
        return any(word in claims for line in text for word in WORD.findall(line))

    found = {
        name: Excerpt(min(d.lineno for d in n.decorator_list) - 1, n.end_lineno or n.lineno, mentioned(n))
        for name, n in claims.items()
    }
    return found, frozenset().union(*(mentioned(n) for n in body if n not in claims.values()))


def is_claim(node: ast.FunctionDef) -> bool:
    heads = (d.func for d in node.decorator_list if isinstance(d, ast.Call))
    return any(isinstance(h, ast.Name) and h.id == "claim" for h in heads)

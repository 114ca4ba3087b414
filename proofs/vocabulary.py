"""What the letters of a claim are: sides and traits of matrices, integers, rules of families, and what names stand for.

A statement is printed by names; here is all that it says by them, so that no meaning is one of habit.

Main results
    words           what a claim speaks of, in the order of names
    bears_twice     a name that two different matrices bear
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from proofs.algebra.printing import latex, tex_name, text
from proofs.kernel import expressions as E
from proofs.kernel.binding import families
from proofs.kernel.expressions import Expr
from proofs.kernel.spectrum import Extreme, HessianAt


@dataclass(frozen=True)
class Word:
    """A name as text and LaTeX, each with what it stands for, and what is known of it in words."""

    text: str
    latex: str
    known: str = ""


def words(parts: Iterable[Expr]) -> list[Word]:
    """What expressions speak of, each once."""
    found = {word.text: word for e in nodes(parts) for word in told(e)}
    return sorted(found.values(), key=lambda word: word.text)


def nodes(parts: Iterable[Expr]) -> Iterator[Expr]:
    """All nodes, also of definitions, of what families are and of what binds a name; each once."""
    todo, seen = list(parts), set[Expr]()
    while todo:
        e = todo.pop()
        if e in seen:
            continue
        seen.add(e)
        yield e
        more: list[Any] = [*e.children(), *(getattr(e, place, None) for place in ("var", "over", "letter", "loss"))]
        more += [e.body] if isinstance(e, E.Named) else []
        more += [rule[0] for f in families(e) for rule in f.rules if rule is not None]
        todo += [x for x in more if isinstance(x, Expr)]


def told(e: Expr) -> Iterator[Word]:
    if isinstance(e, E.Letter):
        rows, cols = (text(E.lift(s)) for s in e.shape)
        known = [*sorted(e.traits)] + ([f"independent entries of mean 0 and variance {e.noise}"] if e.noise else [])
        sides = rf"{latex(e)} \in \mathbb{{R}}^{{{latex(E.lift(e.rows))} \times {latex(E.lift(e.cols))}}}"
        yield Word(f"{text(e)}: {rows} × {cols}", sides, ", ".join(known))
    elif isinstance(e, E.Sym) and e.sort == E.Sort.INTEGER and e.span == (None, None) and e.name[0] != "•":
        yield Word(f"{text(e)} ∈ ℤ", rf"{latex(e)} \in \mathbb{{Z}}")
    elif isinstance(e, E.Named):
        yield from defined(e)
    elif isinstance(e, E.Diag | E.MaxMask) and e.name:
        plain = (
            E.Diag(e.family, e.size)
            if isinstance(e, E.Diag)
            else e.family[E.Pick("max", (E.integer("i"), E.integer("j")))]
        )
        if isinstance(e, E.Diag):
            yield Word(f"{e.name} = {text(plain)}", f"{tex_name(e.name)} = {latex(plain)}")
        else:
            yield Word(f"({e.name})_ij = {text(plain)}", f"({tex_name(e.name)})_{{ij}} = {latex(plain)}")
    for f in families(e):
        yield from of_family(f)


def defined(e: E.Named) -> Iterator[Word]:
    """What a name stands for."""
    body = e.body
    if isinstance(body, HessianAt):
        weights = ", ".join(text(w) for w in body.letters[: body.weights])
        where = ", ".join(f"{text(w)} = {text(x)}" for w, x in zip(body.letters, body.values, strict=True))
        yield Word(text(e), latex(e), f"the Hessian of {text(body.loss)} by {weights} at {where}")
    elif isinstance(body, Extreme):
        of = "singular values" if body.singular else "eigenvalues"
        least = f", {text(E.lift(body.null))} zeros left out" if body.null != 0 else ""
        yield Word(text(e), latex(e), f"of the {of} of {text(body.matrix)}{least}")
    elif text(e) != text(body):
        yield Word(f"{text(e)} = {text(body)}", f"{latex(e)} = {latex(body)}")


def of_family(f: E.Family) -> Iterator[Word]:
    """The rule of a family, its weights, and how many it has."""
    here, count = f[E.ANY], f", • ≤ {text(E.lift(f.length))}" if f.length is not None else ""
    if f.define is not None:
        yield Word(f"{text(here)} = {text(f.define(E.ANY))}{count}", f"{latex(here)} = {latex(f.define(E.ANY))}")
    elif f.tail is not None and f.length is not None:
        rest = E.Sum(E.OTHER, E.ANY, f.length, f.tail(E.OTHER))
        yield Word(f"{text(here)} = {text(rest)}", f"{latex(here)} = {latex(rest)}")
    elif f.random is not None:
        yield Word(f"{text(here)}", latex(here), f"drawn independently, {text(f.random[E.ANY])} being the chance of •")
    elif f.length is not None:
        yield Word(f"{text(here)}{count}", rf"{latex(here)},\ \bullet \le {latex(E.lift(f.length))}")


def bears_twice(parts: Sequence[Expr]) -> str:
    """Two matrices of one name, in words; empty if there are none."""
    found: dict[str, E.Letter] = {}
    for e in nodes(parts):
        if isinstance(e, E.Letter) and found.setdefault(e.name, e) != e:
            kinds = (f"{E.shape_text(w.shape)} {', '.join(sorted(w.traits))}".strip() for w in (found[e.name], e))
            return (
                f"the letter {e.name} stands for two matrices, {' and '.join(sorted(kinds))}; want another name for one"
            )
    return ""

"""What is printed of a statement is what it says: statements that say different things print differently."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from proofs.algebra.printing import latex, text
from proofs.kernel import expressions as E
from proofs.kernel.expressions import Expr, integer, lift, size
from proofs.kernel.propositions import And, Every, Exists, ForAll, Iff, Implies, Or, Rel, rel
from proofs.methods.chain import chain, eq
from proofs.methods.flow import Clock, Descends, Flow, Rates, Solves, descent

k, m = size("k"), size("m")
i, j, l = integer("i"), integer("j"), integer("l")  # noqa: E741
ONE = lift(1)
x, a, s, λ = (E.Sym(name) for name in ("x", "a", "s", "λ"))
f, c = E.Family("f", length=k), E.Family("c", length=k)
q, v, v0 = E.Letter("q", 1, 1), E.Letter("v", k, 1), E.Letter("v_0", k, 1)
P, Q = rel(f[l], ">", 0), rel(f[l], "<", x)


def every(p: Expr) -> Every:
    return Every(l, ONE, k, p)


def of(*traits: str) -> E.Letter:
    return E.Letter("S", k, k, frozenset(traits))


def total(lo: Any, hi: Any, *without: E.Sym) -> E.Sum:
    return E.Sum(l, lift(lo), lift(hi), f[l], without)


APART: dict[str, tuple[Expr, ...]] = {
    "∃ ∀ and ∀ ∃": (every(Exists(x, Q)), Exists(x, every(Q))),
    "∀ ∀ and ∀ ∀": (every(ForAll(x, Q)), ForAll(x, every(Q))),
    "what a range is about, ∧": (every(And((P, Q))), And((P, every(Q))), And((every(P), Q))),
    "what a range is about, ∨": (every(Or((P, Q))), Or((P, every(Q))), Or((every(P), Q))),
    "what a range is about, ⇒": (every(Implies(P, Q)), Implies(P, every(Q)), Implies(every(P), Q)),
    "what a range is about, ⇔": (every(Iff(P, Q)), Iff(P, every(Q)), Iff(every(P), Q)),
    "traits of what there is": tuple(
        Exists(w, Rel(w, "=", E.Eye(k))) for w in (of(), of("psd"), of("pd"), of("orthonormal", "symmetric"))
    ),
    "integers and reals": tuple(ForAll(y, rel(y**2, "≠", 2)) for y in (x, integer("x"))),
    "ranges that leave an index out": (
        total(1, k),
        total(1, k, i),
        total(2, k, i),
        total(1, i - 1, i),
        total(1, k, i, j),
    ),
}


@pytest.mark.parametrize("name", APART)
def test_propositions_that_differ_print_differently(name: str) -> None:
    for one, other in combinations(APART[name], 2):
        assert text(one) != text(other)
        assert latex(one) != latex(other)


def solves(velocity: Expr, path: Expr, growth: Expr) -> Solves:
    return Solves((v,), (velocity,), (path,), (v0,), (E.Zero(k, 1),), Clock(s, growth))


def descends(loss: Expr, curve: Expr) -> Descends:
    return Descends(loss, (q,), (curve,), a, -a)


SQUARE = E.Tr(q @ q)
STATEMENTS: dict[str, tuple[Any, ...]] = {
    "relations of rates": tuple(Rates(descent(SQUARE, q), chain(SQUARE, op, 0 * SQUARE)) for op in ("=", "≤", "<")),
    "flows": (
        Rates(descent(SQUARE, q), eq(SQUARE, lift(0))),
        Rates(descent(-SQUARE, q), eq(SQUARE, lift(0))),
        Rates(Flow(((q, q),)), eq(SQUARE, lift(0))),
    ),
    "clocks": (solves(-v, (1 / s) * v0, ONE), solves(-v, (1 / s) * v0, 2 * ONE), solves(-v, (1 / s) * v0, λ)),
    "ends of a curve": (descends(SQUARE, a * E.Eye(1)), descends(SQUARE, (a + 1) * E.Eye(1))),
    "losses that descend": (descends(SQUARE, a * E.Eye(1)), descends(2 * SQUARE, a * E.Eye(1))),
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_statements_that_differ_print_differently(name: str) -> None:
    for one, other in combinations(STATEMENTS[name], 2):
        assert one.text() != other.text()
        assert one.latex() != other.latex()

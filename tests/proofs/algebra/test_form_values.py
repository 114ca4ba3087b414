"""What the terms of a normal form mean: at an instance their value is that of the expression, for every claim.

The value of a form is computed here by plain arithmetic on its terms; that of the expression is the second witness's.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from flint import fmpq

from proofs.algebra import evaluate as V
from proofs.algebra.normal import Form, Undecided, normal_form
from proofs.claim import Context, registry
from proofs.hypotheses import Plan, instances
from proofs.kernel import expressions as E

Instance = dict[str, Any]


# -- values of forms -------------------------------------------------------------------------------


def form_value(form: Form, at: Instance) -> Any:
    """The sum of the terms, a number or a matrix."""
    shape = tuple(V.size(n, at) for n in form.shape)
    total = V.zeros(*shape) if shape else fmpq(0)
    for (binders, mono, word), c in form.terms.items():
        for here in assignments(binders, at):
            factor = mono_value(mono, here) * V.exact(c)
            total = total + (V.scaled(word_value(word, shape[0], here), factor) if shape else factor)
    return total


def assignments(binders: tuple, at: Instance) -> Iterator[Instance]:
    """The instance with every value of the bound indices; ranges may depend on one another."""
    ready = next((b for b in binders if not {b[1][1], b[2][1]} & {name for name, _, _ in binders}), None)
    if ready is None:
        yield at
        return
    name, lo, hi = ready
    rest = tuple(b for b in binders if b != ready)
    for value in range(index_value(lo, at), index_value(hi, at) + 1):
        yield from assignments(rest, {**at, name: value})


def index_value(i: tuple, at: Instance) -> int:
    _, name, offset = i
    return (int(at[name]) if name else 0) + offset


def mono_value(mono: frozenset, at: Instance) -> Any:
    out = fmpq(1)
    for atom, e in mono:
        out = out * V.power(atom_value(atom, at), Fraction(e))
    return out


def atom_value(atom: tuple, at: Instance) -> Any:
    kind, *rest = atom
    if kind == "s":
        return V.exact(at[rest[0]])
    if kind == "f":
        return at[rest[0]][index_value(rest[1], at) - 1]
    if kind == "i":
        return fmpq(index_value(rest[0], at))
    if kind in "bd":
        i, j = (index_value(x, at) for x in rest[:2])
        return fmpq(int(i <= j if kind == "b" else i == j))
    if kind in ("cos", "sin"):
        return getattr(at[rest[0]], kind)
    if kind == "p":
        return sum((mono_value(m, at) * V.exact(c) for m, c in rest[0]), fmpq(0))
    word = rest[0]
    matrix = word_value(word, None, at)
    return sum((matrix[r, r] for r in range(len(matrix))), fmpq(0))


def word_value(word: tuple, size: int | None, at: Instance) -> np.ndarray:
    out = None if size is None else V.diagonal([fmpq(1)] * size)
    for token in word:
        matrix = token_value(token, at)
        out = matrix if out is None else out @ matrix
    assert out is not None, "the trace of the empty word is a size"
    return out


def token_value(token: tuple, at: Instance) -> np.ndarray:
    kind = token[0]
    if kind == "L":
        return at[token[1].name].T if token[2] else at[token[1].name]
    if kind == "D":
        return V.diagonal([mono_value(token[1], {**at, "•": r + 1}) for r in range(V.size(token[2], at))])
    if kind == "J":
        rows, cols = (V.size(n, at) for n in token[1:3])
        out = V.diagonal([fmpq(1)] * rows)[:, :cols]
    else:
        out = V.zeros(V.size(token[2], at), 1)
        out[index_value(token[1], at) - 1, 0] = fmpq(1)
    return out.T if token[3] else out


# -- tests -----------------------------------------------------------------------------------------

k, m, i = map(E.integer, ("k", "m", "i"))
a, λ = E.integer("a"), E.Sym("λ")
μ, w = E.Family("μ", length=k), E.Family("w", length=k)
A, C = E.Letter("A", k, m), E.Letter("C", k, k, frozenset({"symmetric"}))
M = E.Diag(μ, k, "M")
ONE = E.lift(1)
TAIL = E.Family("t", tail=lambda x: w[x], length=k)
FREE = {
    "an index in a denominator": E.Sum(a, ONE, k, μ[a] / (a + λ**2)),
    "the square of such a sum": E.Sum(a, ONE, k, 1 / (a + 1)) ** 2,
    "an index left out": E.Sum(a, ONE, k, a * μ[a], (i,)),
    "an index that is contracted": E.Sum(a, ONE, k, a**2 * E.Entry(M, a, i)),
    "a trace in a denominator": E.Sum(a, ONE, k, μ[a] / (1 + E.Entry(C, a, a) ** 2)),
    "a resolvent": E.Tr((M**2 + (1 + λ**2) * E.Eye(k)) ** -1 @ C),
    "a mask": E.Tr(E.MaxMask(C, TAIL) @ C),
    "a gradient of a quotient": E.Tr(A.T @ E.Grad(1 / (1 + E.SqNorm(A)), A)),
    "a triangle": E.Sum(a, ONE, k, a * E.Entry(E.LowerMask(C, True), i, a)),
    "a range from 0": E.Sum(a, E.lift(0), k, E.SqNorm(A - E.Proj(a, k) @ A) * (a + 1)),
}


def agreeing(e: E.Expr, found: list[Instance]) -> int:
    """The number of instances at which a form and its expression are compared; they must agree."""
    try:
        form = normal_form(e)
    except Undecided:
        return 0
    compared = 0
    for at in found:
        try:
            value = V.evaluate(e, dict(at))
        except V.Undefined:
            continue
        assert np.all(form_value(form, dict(at)) == value), f"{e} at {at}"
        compared += 1
    return compared


@pytest.mark.parametrize("name", FREE)
def test_a_form_has_the_value_of_its_expression(name: str) -> None:
    e = FREE[name]
    assert agreeing(e, list(instances((e, E.Entry(C, i, i)), Context(), Plan(per_size=2))))


def parts(paper: str) -> Iterator[tuple[E.Expr, list[Instance]]]:
    for claim in registry((paper,)).values():
        try:
            statement = claim.statement
            at = next(iter(instances(statement.parts, Context(claim.given), Plan(per_size=1))), None)
        except E.ShapeError:
            continue
        if at is not None and not any(p.costly for p in statement.parts):
            yield from ((p, [at]) for p in statement.parts)


@pytest.mark.parametrize("paper", ["oftadeh2020", "kunin2019", "bah2019"])
def test_the_forms_of_the_claims_have_the_values_of_their_expressions(paper: str) -> None:
    compared = sum(agreeing(e, found) for e, found in parts(paper))
    assert compared > 10

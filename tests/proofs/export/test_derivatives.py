"""A derivative that is written out is the kernel's, and the equation beside it is what makes it that."""

from __future__ import annotations

import pytest

from proofs.export.coq import equations
from proofs.export.derivatives import certificate, derived
from proofs.export.lacking import Lacking
from proofs.kernel import expressions as E
from proofs.kernel.expressions import Letter, SqNorm, Sym, Tr, size
from proofs.kernel.propositions import Rel
from proofs.kernel.rules import ring

k, m, n = size("k"), size("m"), size("n")
A, B, X = Letter("A", m, k), Letter("B", k, m), Letter("X", m, n)
x, t = Sym("x"), Sym("t")
TURNED = SqNorm(X - (E.cos(t) * A + E.sin(t) * B.T) @ B @ X) + t * E.cos(t) * E.cos(x)
BODIES = [
    E.Grad(SqNorm(X - A @ B @ X), A),
    E.Grad(SqNorm(X - A @ B @ X) * x + Tr(B @ A) ** 2, B),
    E.Grad(SqNorm(X - A @ A.T @ X), A),
    E.Coeff(SqNorm(X - (A + t * A) @ (B + t * B) @ X), t, 2),
    E.Diff(x**3 * Tr(A @ B), x, 2),
    E.Diff(SqNorm(A + t * E.Grad(SqNorm(X - A @ B @ X), A)), t, 1, True),
    E.Diff(A @ (B + t * B), t, 1, True),
    *(E.Diff(TURNED, t, n, zero) for n in (1, 2, 3) for zero in (False, True)),
    E.Coeff(TURNED, t, 2),
]


def holds(r: Rel) -> bool:
    return ring(r).says == r


@pytest.mark.parametrize("e", BODIES, ids=str)
def test_what_is_written_out_is_the_derivative_by_the_kernel(e):
    assert holds(Rel(e, "=", derived(e)))


@pytest.mark.parametrize("e", BODIES, ids=str)
def test_the_expansion_holds_and_speaks_of_no_derivative(e):
    expansion = certificate(e)
    assert holds(expansion)
    assert not any(isinstance(part, E.Grad | E.Diff | E.Coeff) for part in expansion.walk())


def test_every_derivative_has_its_expansion_beside_the_claim_those_inside_of_others_too():
    nested = BODIES[5]
    texts = equations("t", (), Rel(nested, "=", nested))
    assert [text.split("Theorem ")[1].split()[0] for text in texts] == ["t_derivative_1", "t_derivative_2", "t_1"]


@pytest.mark.parametrize(
    "e",
    [
        E.Diff(1 / (1 + x), x),
        E.Diff(E.cos(x**2), x),
        E.Diff(E.cos(2 * x + t), x),
        E.Grad(Tr(Letter("S", k, k, frozenset({"symmetric"}))), Letter("S", k, k, frozenset({"symmetric"}))),
    ],
    ids=str,
)
def test_what_is_no_polynomial_or_has_no_free_entries_is_lacking(e):
    with pytest.raises(Lacking):
        derived(e)

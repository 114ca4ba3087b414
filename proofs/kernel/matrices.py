"""Matrices of any size: their determinants and inverses, and products of definite ones; facts of the literature.

Main results
    invertible        det A ≠ 0 gives A⁻¹A = I and AA⁻¹ = I
    one_sided         BA = I gives det A ≠ 0
    of_definite       A ≻ 0 gives det A > 0
    multiplicative    det(AB) = det A · det B
    transposed        det Aᵀ = det A
    unit              det I = 1
    singular          det A = 0 gives some x ≠ 0 with Ax = 0
    congruent         A ≻ 0 and det B ≠ 0 give BᵀAB ≻ 0
    paired            A ⪰ 0 and B ⪰ 0 give tr(AB) ≥ 0
    unpaired          A ⪰ 0, B ≻ 0 and tr(AB) = 0 give A = 0
"""

from __future__ import annotations

from collections.abc import Iterable

from proofs.kernel import expressions as E
from proofs.kernel.binding import free
from proofs.kernel.expressions import Expr, Letter, lift
from proofs.kernel.propositions import ONE, ZERO, And, Exists, Rel, zero
from proofs.kernel.rules import relation, same, want
from proofs.kernel.textbook import fact
from proofs.kernel.theorem import Theorem

Said = tuple[Iterable[Expr], Expr]
determinants = fact(
    "determinants",
    "A square matrix has an inverse, on both sides, when its determinant is not 0, and else maps some x ≠ 0 to 0; "
    "det(AB) = det A det B, det Aᵀ = det A, det I = 1; a positive definite matrix has a positive determinant.",
    "Horn and Johnson, Matrix Analysis, 2nd edition, 2013, Sections 0.3, 0.5 and 7.1",
)


def square(a: Expr) -> Expr:
    """The side of a square matrix."""
    want(len(a.shape) == 2 and a.shape[0] == a.shape[1], f"{a} is not square")
    return lift(a.shape[0])


@determinants
def invertible(t: Theorem) -> Said:
    """From det A ≠ 0: A⁻¹A = I and AA⁻¹ = I."""
    r = relation(t, "≠")
    want(isinstance(r.left, E.Det) and same(r.right, ZERO), f"{r} is not det A ≠ 0")
    a: Expr = r.left.arg  # type: ignore[attr-defined]
    one = E.Eye(a.shape[0])
    return [], And((Rel(a**-1 @ a, "=", one), Rel(a @ a**-1, "=", one)))


@determinants
def one_sided(b: Expr, a: Expr, t: Theorem) -> Said:
    """From BA = I, both square: det A ≠ 0."""
    square(a), square(b)
    want(same(t.says, Rel(b @ a, "=", E.Eye(a.shape[1]))), f"{t.says} is not BA = I")
    return [], Rel(E.det(a), "≠", ZERO)


@determinants
def of_definite(t: Theorem) -> Said:
    """From A ≻ 0: det A > 0."""
    r = relation(t, "≻")
    want(same(r.right, zero(r.left)), "compared with 0")
    return [], Rel(E.det(r.left), ">", ZERO)


@determinants
def multiplicative(a: Expr, b: Expr) -> Said:
    """det(AB) = det A · det B, both square."""
    square(a), square(b)
    return [], Rel(E.det(a @ b), "=", E.det(a) * E.det(b))


@determinants
def transposed(a: Expr) -> Said:
    """det Aᵀ = det A."""
    square(a)
    return [], Rel(E.det(a.T), "=", E.det(a))


@determinants
def unit(a: Expr) -> Said:
    """det I = 1."""
    want(isinstance(a, E.Eye), f"{a} is not I")
    return [], Rel(E.det(a), "=", ONE)


@determinants
def singular(t: Theorem, x: Letter) -> Said:
    """From det A = 0: there is an x ≠ 0 with Ax = 0."""
    r = relation(t, "=")
    want(isinstance(r.left, E.Det) and same(r.right, ZERO), f"{r} is not det A = 0")
    a: Expr = r.left.arg  # type: ignore[attr-defined]
    want(isinstance(x, Letter) and not x.traits and x.noise is None, f"{x} is not any column")
    want(x.shape == (a.shape[1], 1) and x not in free(a), f"{x} is no column that {a} may be applied to")
    return [], Exists(x, And((Rel(x, "≠", zero(x)), Rel(a @ x, "=", zero(a @ x)))))


definiteness = fact(
    "products of definite matrices",
    "BᵀAB is positive definite for positive definite A and invertible B; the trace of a product of two positive "
    "semi-definite matrices is not negative, and if one of them is definite it is 0 only if the other is.",
    "Horn and Johnson, Matrix Analysis, 2nd edition, 2013, Observation 7.1.8 and Theorem 7.5.4",
)


def above(t: Theorem, ops: str) -> Rel:
    """What a theorem says, as A ⪰ 0 or A ≻ 0."""
    r = relation(t, ops)
    want(same(r.right, zero(r.left)), "compared with 0")
    return r


@definiteness
def congruent(t: Theorem, u: Theorem) -> Said:
    """From A ≻ 0 and det B ≠ 0: BᵀAB ≻ 0."""
    a, r = above(t, "≻").left, relation(u, "≠")
    want(isinstance(r.left, E.Det) and same(r.right, ZERO), f"{r} is not det B ≠ 0")
    b: Expr = r.left.arg  # type: ignore[attr-defined]
    want(b.shape == a.shape, f"{b} does not conform")
    found = b.T @ a @ b
    return [], Rel(found, "≻", zero(found))


@definiteness
def paired(t: Theorem, u: Theorem) -> Said:
    """From A ⪰ 0 and B ⪰ 0: tr(AB) ≥ 0."""
    a, b = (above(x, "⪰≻").left for x in (t, u))
    want(a.shape == b.shape, f"{a} and {b} differ in shape")
    return [], Rel(E.Tr(a @ b), "≥", ZERO)


@definiteness
def unpaired(t: Theorem, u: Theorem, v: Theorem) -> Said:
    """From A ⪰ 0, B ≻ 0 and tr(AB) = 0: A = 0."""
    a, b = above(t, "⪰≻").left, above(u, "≻").left
    want(a.shape == b.shape, f"{a} and {b} differ in shape")
    want(same(v.says, Rel(E.Tr(a @ b), "=", ZERO)), f"{v.says} is not tr(AB) = 0")
    return [], Rel(a, "=", zero(a))

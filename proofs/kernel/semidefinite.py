"""Rules of semi-definiteness. A ⪰ B says that A − B is symmetric and xᵀ(A − B)x ≥ 0 for every x; A ≻ B: > 0 for x ≠ 0.

Main results
    gram, trait, diagonal, triangular        what is semi-definite or definite
    congruence, multiple, added, above       what follows from what: BᵀAB, cA, A + B, A ⪰ B
    form, formless, symmetric                what it gives: tr(BᵀAB) ≥ 0, B = 0 where that is 0, Aᵀ = A
"""

from __future__ import annotations

from proofs.kernel import expressions as E
from proofs.kernel.binding import free, renewed
from proofs.kernel.expressions import Expr, Letter, Sym, integer, lift
from proofs.kernel.propositions import ONE, ZERO, Every, Rel, diagonal_entry, zero
from proofs.kernel.rules import Said, relation, same, want
from proofs.kernel.theorem import Theorem, rule


def above_zero(t: Theorem) -> Rel:
    """What a theorem says, as A ⪰ 0 or A ≻ 0."""
    r = relation(t, "⪰≻")
    want(same(r.right, zero(r.left)), "compared with 0")
    return r


def positive(e: Expr, op: str = "⪰") -> Rel:
    return Rel(e, op, zero(e))


def square(e: Expr) -> None:
    want(len(e.shape) == 2 and lift(e.shape[0]) == lift(e.shape[1]), f"{e} is not square")


# -- what is semi-definite -------------------------------------------------------------------------


@rule()
def gram(a: Expr) -> Said:
    """AᵀA ⪰ 0.

    Proof. (AᵀA)ᵀ = AᵀA, and xᵀAᵀAx = ‖Ax‖² ≥ 0.
    """
    want(len(a.shape) == 2, "a matrix")
    return [], positive(a.T @ a)


@rule()
def trait(a: Letter) -> Said:
    """A letter that is declared positive (semi-)definite is symmetric and so.

    Proof. A letter takes only values that have the traits with which it is declared, at every instance.
    """
    want(isinstance(a, Letter) and a.traits & {"psd", "pd"}, f"{a} is not declared semi-definite")
    square(a)
    return [], positive(a, "≻" if "pd" in a.traits else "⪰")


@rule()
def diagonal(a: Expr, t: Theorem) -> Said:
    """From ∀ 1 ≤ i ≤ n: A_ii ≥ 0, for a matrix that is diagonal by its form: A ⪰ 0; from A_ii > 0: A ≻ 0.

    Proof. A is square and diagonal, so symmetric, and xᵀAx = Σ A_ii x_i² ≥ 0. If x ≠ 0, some x_i² is positive, and so
    is the sum if all A_ii are.
    """
    says = t.says
    want(isinstance(says, Every) and isinstance(says.body, Rel) and says.body.op in "≥>", "no sign of every entry")
    var: Sym = says.var  # type: ignore[attr-defined]
    square(a)
    entry = diagonal_entry(a, var)
    want(entry is not None, f"{a} is not diagonal by its form")
    op, d = says.body.op, renewed(integer("•d"), free(a))  # type: ignore[attr-defined]
    whole = Every(d, ONE, lift(a.shape[0]), Rel(diagonal_entry(a, d), op, ZERO))  # type: ignore[arg-type]
    want(same(says, whole), "not of every entry of it")
    return [], positive(a, "≻" if op == ">" else "⪰")


@rule()
def triangular(a: Expr, t: Theorem) -> Said:
    """From ∀ 1 ≤ i ≤ n: L_ii ≠ 0, for a lower triangle L: it is invertible, so LᵀL ≻ 0.

    Proof. Lx = 0 gives x_1 = 0 by its first row, then x_2 = 0 by its second, and so on. So for x ≠ 0, xᵀLᵀLx = ‖Lx‖² >
    0, and LᵀL is symmetric.
    """
    want(isinstance(a, E.LowerMask) and not a.strict, f"{a} is no lower triangle")
    i = renewed(integer("•d"), free(a))
    whole = Every(i, ONE, lift(a.shape[0]), Rel(E.Entry(a, i, i), "≠", ZERO))
    want(same(t.says, whole), "not of every entry of the diagonal")
    return [], positive(a.T @ a, "≻")


# -- what follows ----------------------------------------------------------------------------------


@rule()
def congruence(t: Theorem, b: Expr) -> Said:
    """From A ⪰ 0: BᵀAB ⪰ 0, for every B.

    Proof. BᵀAB is symmetric as A is, and xᵀBᵀABx = (Bx)ᵀA(Bx) ≥ 0.
    """
    r = above_zero(t)
    want(b.shape[:1] == r.left.shape[1:], f"{b} does not conform")
    return [], positive(b.T @ r.left @ b)


@rule()
def multiple(t: Theorem, sign: Theorem) -> Said:
    """From A ⪰ 0 and c ≥ 0: cA ⪰ 0; from A ≻ 0 and c > 0: cA ≻ 0.

    Proof. cA is symmetric as A is, and xᵀ(cA)x = c · xᵀAx: a product of numbers that are not negative, or for x ≠ 0
    positive.
    """
    r, s = above_zero(t), relation(sign, "≥>")
    want(s.left.is_scalar and same(s.right, ZERO), "compared with 0")
    return [], positive(s.left * r.left, "≻" if (r.op, s.op) == ("≻", ">") else "⪰")


@rule()
def added(ts: tuple[Theorem, ...]) -> Said:
    """From A ⪰ 0, B ⪰ 0, …: A + B + … ⪰ 0; ≻ if one of them is.

    Proof. A sum of symmetric matrices is symmetric, and xᵀ(A + B + …)x = xᵀAx + xᵀBx + … has no negative term; for x ≠
    0 that of a definite one is positive.
    """
    rs = [above_zero(t) for t in ts]
    want(rs, "one at least")
    return [], positive(E.add(*(r.left for r in rs)), "≻" if any(r.op == "≻" for r in rs) else "⪰")


@rule()
def above(goal: Rel, t: Theorem) -> Said:
    """From A − B ⪰ 0: A ⪰ B; likewise ≻.

    Proof. This is what A ⪰ B says.
    """
    r = above_zero(t)
    want(goal.op == r.op and same(goal.left - goal.right, r.left), f"{r} is not of the difference")
    return [], goal


# -- what it gives ---------------------------------------------------------------------------------


def quadratic(a: Expr, b: Expr) -> Expr:
    want(len(b.shape) == 2 and b.shape[0] == a.shape[1], f"{b} does not conform")
    return E.Tr(b.T @ a @ b)


@rule()
def form(t: Theorem, b: Expr) -> Said:
    """From A ⪰ 0: tr(BᵀAB) ≥ 0.

    Proof. tr(BᵀAB) is the sum of bᵀAb over the columns b of B. None of them is negative.
    """
    return [], Rel(quadratic(above_zero(t).left, b), "≥", ZERO)


@rule()
def formless(t: Theorem, b: Expr, zero_: Theorem) -> Said:
    """From A ≻ 0 and tr(BᵀAB) = 0: B = 0.

    Proof. tr(BᵀAB) is the sum of bᵀAb ≥ 0 over the columns b of B, so that each of these is 0. As A is definite, each b
    is 0.
    """
    r, s = above_zero(t), relation(zero_, "=≤")
    want(r.op == "≻", "A ≻ 0")
    want(same(s.left, quadratic(r.left, b)) and same(s.right, ZERO), f"{s} is not tr(BᵀAB) = 0")
    return [], Rel(b, "=", zero(b))


@rule()
def symmetric(t: Theorem) -> Said:
    """From A ⪰ 0: Aᵀ = A.

    Proof. A ⪰ 0 says so beside that xᵀAx ≥ 0.
    """
    a = above_zero(t).left
    return [], Rel(a.T, "=", a)

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
    jacobi            ∇ log det A = ∇ tr(CA) with C = A⁻¹ held fixed
    rank_of_product   rank(AB) ≤ rank A, and ≤ rank B
    rank_of_sum       rank(A + B) ≤ rank A + rank B
    rank_within       0 ≤ rank A ≤ m and rank A ≤ n
    rank_turned       rank Aᵀ = rank A, rank(AᵀA) = rank A
    rank_full         BA = I gives rank A = n; rank A = n gives det A ≠ 0 for a square A
    rank_none         rank 0 = 0, and rank A = 0 gives A = 0
    rank_factors      rank A ≤ r gives some B, C with A = BC, of r columns and rows
    rank_nullity      Ax = 0 giving Bx = 0 gives rank B ≤ rank A
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from proofs.kernel import expressions as E
from proofs.kernel.binding import free, substitute
from proofs.kernel.expressions import Expr, Letter, lift
from proofs.kernel.meaning import index_of
from proofs.kernel.propositions import ONE, ZERO, And, Exists, ForAll, Implies, Rel, zero
from proofs.kernel.rules import Said, defined, relation, same, want
from proofs.kernel.textbook import fact
from proofs.kernel.theorem import Theorem

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
    """From det A ≠ 0: A⁻¹A = I and AA⁻¹ = I.

    Proof. With the adjugate, adj(A) A = A adj(A) = det A · I, as expanding det A by rows and columns shows. Divide by
    det A.
    """
    r = relation(t, "≠")
    want(isinstance(r.left, E.Det) and same(r.right, ZERO), f"{r} is not det A ≠ 0")
    a: Expr = r.left.arg  # type: ignore[attr-defined]
    one = E.Eye(a.shape[0])
    return [], And((Rel(a**-1 @ a, "=", one), Rel(a @ a**-1, "=", one)))


@determinants
def one_sided(b: Expr, a: Expr, t: Theorem) -> Said:
    """From BA = I, both square: det A ≠ 0.

    Proof. det B · det A = det I = 1, so that neither is 0.
    """
    square(a), square(b)
    want(same(t.says, Rel(b @ a, "=", E.Eye(a.shape[1]))), f"{t.says} is not BA = I")
    return [], Rel(E.det(a), "≠", ZERO)


@determinants
def of_definite(t: Theorem) -> Said:
    """From A ≻ 0: det A > 0.

    Proof. A is symmetric, and det A is the product of its eigenvalues. Each is positive, being xᵀAx for an eigenvector
    x of length 1.
    """
    r = relation(t, "≻")
    want(same(r.right, zero(r.left)), "compared with 0")
    return [], Rel(E.det(r.left), ">", ZERO)


@determinants
def multiplicative(a: Expr, b: Expr) -> Said:
    """det(AB) = det A · det B, both square.

    Proof. As a function of the rows of A, det(AB) is linear in each and changes sign when two are exchanged, and only
    the multiples of det A are such functions. At A = I it is det B.
    """
    square(a), square(b)
    return [], Rel(E.det(a @ b), "=", E.det(a) * E.det(b))


@determinants
def transposed(a: Expr) -> Said:
    """det Aᵀ = det A.

    Proof. det A is the sum over permutations of ± Π A_{i,π(i)}. For Aᵀ it is the same sum over the inverse
    permutations, which have the same signs.
    """
    square(a)
    return [], Rel(E.det(a.T), "=", E.det(a))


@determinants
def unit(a: Expr) -> Said:
    """det I = 1.

    Proof. Of the products over permutations only that of the diagonal is not 0, and it is 1.
    """
    want(isinstance(a, E.Eye), f"{a} is not I")
    return [], Rel(E.det(a), "=", ONE)


@determinants
def singular(t: Theorem, x: Letter) -> Said:
    """From det A = 0: there is an x ≠ 0 with Ax = 0.

    Proof. Elimination changes neither whether det A = 0 nor which x have Ax = 0, and ends in an echelon form. As A is
    square with determinant 0, some column has no pivot. Give its unknown the value 1, and solve for the others.
    """
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
    """From A ≻ 0 and det B ≠ 0: BᵀAB ≻ 0.

    Proof. BᵀAB is symmetric. For x ≠ 0, Bx ≠ 0 as B is invertible, and xᵀBᵀABx = (Bx)ᵀA(Bx) > 0.
    """
    a, r = above(t, "≻").left, relation(u, "≠")
    want(isinstance(r.left, E.Det) and same(r.right, ZERO), f"{r} is not det B ≠ 0")
    b: Expr = r.left.arg  # type: ignore[attr-defined]
    want(b.shape == a.shape, f"{b} does not conform")
    found = b.T @ a @ b
    return [], Rel(found, "≻", zero(found))


@definiteness
def paired(t: Theorem, u: Theorem) -> Said:
    """From A ⪰ 0 and B ⪰ 0: tr(AB) ≥ 0.

    Proof. By the spectral theorem A = CᵀC. So tr(AB) = tr(CBCᵀ), the sum over the rows c of C of cBcᵀ ≥ 0.
    """
    a, b = (above(x, "⪰≻").left for x in (t, u))
    want(a.shape == b.shape, f"{a} and {b} differ in shape")
    return [], Rel(E.Tr(a @ b), "≥", ZERO)


@definiteness
def unpaired(t: Theorem, u: Theorem, v: Theorem) -> Said:
    """From A ⪰ 0, B ≻ 0 and tr(AB) = 0: A = 0.

    Proof. By the spectral theorem A = CᵀC, and 0 = tr(AB) is the sum over the rows c of C of cBcᵀ ≥ 0. Each of these is
    0, so that c = 0, B being definite. So C = 0 and A = 0.
    """
    a, b = above(t, "⪰≻").left, above(u, "≻").left
    want(a.shape == b.shape, f"{a} and {b} differ in shape")
    want(same(v.says, Rel(E.Tr(a @ b), "=", ZERO)), f"{v.says} is not tr(AB) = 0")
    return [], Rel(a, "=", zero(a))


@fact(
    "Jacobi's formula",
    "The differential of log det A is tr(A⁻¹ dA), where det A > 0.",
    "Horn and Johnson, Matrix Analysis, 2nd edition, 2013, (0.8.10.1)",
)
def jacobi(t: Theorem, a: Expr, c: Letter, known: tuple[Theorem, ...]) -> Said:
    """From ∇ tr(CA) = G for every C, with C not in A: ∇ log det A = G with A⁻¹ in the place of C; or of ∂.

    Proof. By the fact, d log det A = tr(A⁻¹ dA), where det A > 0, as is asked for. That is the differential of tr(CA)
    with the value of A⁻¹ at that point for C, held fixed; and its gradient is G for every C, so for this one.
    """
    square(a)
    want(isinstance(c, Letter) and not c.traits and c.noise is None and c.shape == a.shape[::-1], f"{c} is not any")
    want(c not in free(a) and not any(c in free(p) for p in t.given), f"{c} is not any matrix")
    r = relation(t, "=")
    d: Any = r.left
    want(isinstance(d, E.Grad) or (isinstance(d, E.Diff) and not d.at_zero and d.order == 1), f"{d} is no slope")
    want(same(d.body, E.Tr(c @ a)), f"{d} is not of tr({c} {a})")
    by = d.letter if isinstance(d, E.Grad) else d.var
    want(c not in free(by), f"{c} is held fixed")
    want(not (isinstance(by, Letter) and by.traits), f"the entries of {by} are not independent")
    goal = Rel(replace(d, body=E.log(E.det(a))), "=", substitute(r.right, {c: a**-1}))
    defined(goal, known)
    return [], goal


# -- rank ------------------------------------------------------------------------------------------

ranks = fact(
    "rank",
    "The rank of an m×n matrix is at most m and n; that of a product at most that of each factor, that of a sum at "
    "most the sum; transposing and AᵀA keep it; it is n when there is a left inverse; A = BC with rank A columns in B; "
    "the rank is n less the dimension of the x with Ax = 0.",
    "Horn and Johnson, Matrix Analysis, 2nd edition, 2013, Sections 0.2.3 and 0.4",
)


@ranks
def rank_of_product(a: Expr, b: Expr, second: bool = False) -> Said:
    """rank(AB) ≤ rank A; rank(AB) ≤ rank B.

    Proof. The columns of AB are combinations of those of A, and its rows of those of B. The dimension of what they span
    is at most that of what these span.
    """
    want(len(a.shape) == len(b.shape) == 2, "two matrices")
    return [], Rel(E.Rank(a @ b), "≤", E.Rank(b if second else a))


@ranks
def rank_of_sum(a: Expr, b: Expr) -> Said:
    """rank(A + B) ≤ rank A + rank B.

    Proof. The columns of A + B lie in the sum of the column spaces of A and B. Its dimension is at most the sum of
    theirs.
    """
    want(len(a.shape) == len(b.shape) == 2, "two matrices")
    return [], Rel(E.Rank(a + b), "≤", E.Rank(a) + E.Rank(b))


@ranks
def rank_within(a: Expr, t: Theorem | None = None, columns: bool = False) -> Said:
    """0 ≤ rank A; from 0 ≤ m: rank A ≤ m, for an m×n matrix; from 0 ≤ n: rank A ≤ n.

    Proof. The rank is the dimension of what n columns span in ℝᵐ. Where a size is below 0 the matrix is empty and has
    rank 0.
    """
    if t is None:
        return [], Rel(E.Rank(a), "≥", ZERO)
    side = lift(a.shape[int(columns)])
    want(same(t.says, Rel(ZERO, "≤", side)), f"{t.says} is not 0 ≤ {side}")
    return [], Rel(E.Rank(a), "≤", side)


@ranks
def rank_turned(a: Expr, gram: bool = False) -> Said:
    """rank Aᵀ = rank A; rank(AᵀA) = rank A.

    Proof. Rows and columns span spaces of one dimension, that of a largest invertible submatrix. AᵀAx = 0 gives ‖Ax‖² =
    0, so that AᵀA and A map the same x to 0; the rank is the number of columns less the dimension of these.
    """
    return [], Rel(E.Rank(a.T @ a if gram else a.T), "=", E.Rank(a))


@ranks
def rank_full(a: Expr, t: Theorem, counted: Theorem, b: Expr | None = None) -> Said:
    """From BA = I and 0 ≤ n: rank A = n, of n columns; from rank A = n, for n×n: det A ≠ 0.

    Proof. If BA = I, Ax = 0 gives x = BAx = 0, so that the n columns are independent. If the n columns of a square A
    are independent, they are a basis of ℝⁿ, in which AC = I can be solved for C; then det A det C = 1.
    """
    n = lift(a.shape[1])
    want(same(counted.says, Rel(ZERO, "≤", n)), f"{counted.says} is not 0 ≤ {n}")
    if b is not None:
        want(same(t.says, Rel(b @ a, "=", E.Eye(a.shape[1]))), f"{t.says} is not BA = I")
        return [], Rel(E.Rank(a), "=", n)
    square(a)
    want(same(t.says, Rel(E.Rank(a), "=", n)), f"{t.says} is not rank A = {n}")
    return [], Rel(E.det(a), "≠", ZERO)


@ranks
def rank_none(a: Expr, t: Theorem | None = None) -> Said:
    """rank 0 = 0; from rank A = 0: A = 0.

    Proof. The rank is the dimension of what the columns span. It is 0 exactly if every column is 0.
    """
    if t is None:
        want(isinstance(a, E.Zero), f"{a} is not 0")
        return [], Rel(E.Rank(a), "=", ZERO)
    r = relation(t, "=≤")
    want(same(r.left, E.Rank(a)) and same(r.right, ZERO), f"{r} is not rank A = 0")
    return [], Rel(a, "=", zero(a))


@ranks
def rank_factors(a: Expr, t: Theorem, b: Letter, c: Letter) -> Said:
    """From rank A ≤ r, an integer: there are B, m×r, and C, r×n, with A = BC.

    Proof. Take a basis of what the columns of A span, rank A ≤ r vectors, for the first columns of B, and 0 for its
    other columns. Every column of A is B times its coordinates, and those are the columns of C.
    """
    r = b.cols
    want(same(t.says, Rel(E.Rank(a), "≤", lift(r))), f"{t.says} is not rank A ≤ {r}")
    index_of(lift(r))
    for x in (b, c):
        want(isinstance(x, Letter) and not x.traits and x.noise is None and x not in free(a), f"{x} is not new")
    want(b != c and b.shape == (a.shape[0], r) and c.shape == (r, a.shape[1]), "factors of other shapes")
    return [], Exists(b, Exists(c, Rel(a, "=", b @ c)))


@ranks
def rank_nullity(a: Expr, b: Expr, t: Theorem) -> Said:
    """From ∀ x: Ax = 0 ⇒ Bx = 0: rank B ≤ rank A.

    Proof. A and B have as many columns, n. The x with Ax = 0 are among those with Bx = 0, so that the dimension of the
    former is at most that of the latter; and the ranks are n less these.
    """
    want(isinstance(t.says, ForAll), "nothing is said of every x")
    x: Any = t.says.var  # type: ignore[attr-defined]
    want(isinstance(x, Letter) and not x.traits and x.noise is None, f"{x} is not any column")
    want(len(a.shape) == 2 and x.shape == (a.shape[1], 1) and x not in free(a) | free(b), f"{x} is no column for {a}")
    gone, none = (Rel(e @ x, "=", zero(e @ x)) for e in (a, b))
    want(same(t.says, ForAll(x, Implies(gone, none))), f"{t.says} is not ∀ x: Ax = 0 ⇒ Bx = 0")
    return [], Rel(E.Rank(b), "≤", E.Rank(a))

"""Oftadeh et al. 2020, Section 2: the loss, Assumption 1, the invariance of the mean square error, Theorem 1.

Main results
    sum_of_columns       (1) is the same summed over samples and as norms
    covariance_positive  what Assumption 1 needs of Σxy is that it is invertible: then Σ ≻ 0
    axes                 distinct eigenvalues determine the eigenvectors up to scale
    invariant            the mean square error does not change under GL_p, of the latents, not GL_n
    scalings_only        of the invertible C only diagonal ones keep (A*C, C⁻¹B*) critical for L
    least_value          (5)
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, permutations

from flint import fmpq

from proofs.algebra.evaluate import Instance, zeros
from proofs.claim import claim
from proofs.hypotheses import Hypothesis, Plan
from proofs.kernel.expressions import (
    Basis,
    Diag,
    Entry,
    Expr,
    Family,
    First,
    Grad,
    Inner,
    Letter,
    Mul,
    Named,
    Proj,
    SqNorm,
    Sum,
    Tr,
    Zero,
    det,
    integer,
    lift,
)
from proofs.kernel.propositions import Every, Rel
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.global_minima import Minima
from proofs.methods.implication import Implication, Known, Step, fact
from proofs.methods.proposition import Proposition, says
from proofs.methods.stationarity import Points
from proofs.methods.words import Open
from proofs.oftadeh2020.critical import AXES_GAP, EIGEN, REGRESSED, Inverse, Q, combined, undone
from proofs.oftadeh2020.notation import (
    ASSUMPTION,
    DEFINITE,
    LOSS,
    MSE,
    ONE,
    SITUATIONS,
    UNSCALED,
    ZERO,
    Λ,
    A,
    B,
    I_p,
    T_p,
    U,
    X,
    Y,
    Σxx,
    Σxy,
    Σyx,
    Σyy,
    i,
    j,
    l,
    loss,
    m,
    masked,
    mse,
    n,
    p,
    λ,
)
from proofs.oftadeh2020.regression import NOISE, Beyond, beyond, fit, parted, reached
from proofs.tactics.relations import Tight
from proofs.tactics.sums import Termwise


# The loss -----------------------------------------------------------------------------------------
@claim("oftadeh2020/def-Iip", where="Section 2, notation", note="The last p − i ones of the identity set to zero.")
def projection() -> All:
    """I_{i;p} has its first i diagonal elements 1 and all others 0."""
    kept = Sum(l, ONE, i, Basis(l, p) @ Basis(l, p).T)
    return both(eq(Proj(i, p), kept), eq(Proj(i, p), I_p - Sum(l, i + 1, p, Basis(l, p) @ Basis(l, p).T)))


@claim("oftadeh2020/eq1", where="Section 2, (1)", tag="1", convention=UNSCALED)
def sum_of_columns() -> Chain:
    """The loss summed over the samples is the loss in norms of matrices."""
    residual = Y @ Basis(j, m) - A @ Proj(i, p) @ B @ (X @ Basis(j, m))
    return eq(Sum(i, ONE, p, Sum(j, ONE, m, SqNorm(residual))), loss(A, B, X, Y))


@claim(
    "oftadeh2020/eq2",
    where="Section 2, Remark 1, (2)",
    tag="2",
    convention=UNSCALED,
    note="It is the term i = p of (1): the loss of all latents.",
)
def mean_square() -> All:
    """The mean square error, summed over the samples."""
    residual = Y @ Basis(j, m) - A @ B @ (X @ Basis(j, m))
    return both(
        eq(MSE, Sum(j, ONE, m, SqNorm(residual))),
        eq(MSE, LOSS - Sum(i, ONE, p - 1, SqNorm(Y - A @ Proj(i, p) @ B @ X))),
    )


# Assumption 1 -------------------------------------------------------------------------------------
OUTPUTS = Hypothesis("Σyy ≻ 0", r"\Sigma_{yy} \succ 0", (Rel(Σyy, "≻", Zero(n, n)),))
CROSS = Hypothesis("det Σxy ≠ 0", r"\det \Sigma_{xy} \neq 0", (Rel(det(Σxy), "≠", ZERO),))


@claim(
    "oftadeh2020/ass1-pd",
    where="Section 2, Assumption 1",
    given=[DEFINITE, OUTPUTS],
    note="Positive semidefinite matrices are symmetric by definition (Section 2). That it holds generically is read: "
    "wherever X and Y have full rank. The counterexample has neighbours without end, Σxy being far from symmetric.",
)
def cross_positive() -> Proposition:
    """Σxy is positive definite where Σxx and Σyy are."""
    return says(Rel(Σxy, "≻", Zero(n, n)), "", SITUATIONS)


@claim("oftadeh2020/ass1-pd+", where="Section 2, Assumption 1", given=[DEFINITE, CROSS])
def covariance_positive() -> Proposition:
    """What is used holds generically: Σxy is invertible, and then Σ = ΣyxΣxx⁻¹Σxy is positive definite."""
    return says(Rel(Σyx @ Σxx**-1 @ Σxy, "≻", Zero(n, n)), "", SITUATIONS)


first, other = integer("r", "", 1, n), integer("s", "", 1, n)
v = Letter("v", n, 1)
TWO_AXES = Hypothesis("r ≠ s", r"r \neq s", (Rel(first, "≠", other),))


@claim(
    "oftadeh2020/ass1-distinct",
    where="Section 2, Assumption 1",
    given=[*ASSUMPTION, TWO_AXES],
    note="What the assumption is for: an eigenvector for λ_s has no part along another u_r.",
)
def axes() -> Implication:
    """With n distinct eigenvalues the eigenvectors of Σ are those of U, up to scale."""
    gap = Named("Σv − λv", EIGEN.left @ v - λ[other] * v)
    step = Step(
        lambda *_: Entry(U.T @ gap - U.T @ AXES_GAP @ v, first, ONE), squares=lambda x: (λ[first] - λ[other]) * x
    )
    return Implication(
        (fact(gap.body, "=", 0),), (fact(Entry(U.T @ v, first, ONE), "=", 0),), (v,), (Known(EIGEN), step), SITUATIONS
    )


# Remark 1 -----------------------------------------------------------------------------------------
C, C_INV = Letter("C", p, p), Letter("C⁻¹", p, p, tex="C^{-1}")
C_n, C_n_INV = Letter("C", n, n), Letter("C⁻¹", n, n, tex="C^{-1}")
LEADING = Named("U_{1:p}", U @ First(n, p), r"U_{1:p}")
ENCODER_STAR = Named("B*", LEADING.T @ Σyx @ Σxx**-1, r"B^*")


def turned(c: Letter, inverse: Letter) -> Implication:
    """L̃(AC, C⁻¹B) = L̃(A, B), where C⁻¹ is the inverse."""

    def change(gap: Expr) -> Expr:
        moved = A @ gap @ B @ X
        return SqNorm(moved) - 2 * Inner(Y - A @ B @ X, moved)

    there = Rel(mse(A @ c, inverse @ B, X, Y), "=", mse(A, B, X, Y))
    unit = I_p if c.rows == p else Proj(n, n)
    return Implication((Rel(c @ inverse, "=", unit),), (there,), (c, inverse), (Step(change),), SITUATIONS)


@claim(
    "oftadeh2020/rem1-invariance",
    where="Section 2, Remark 1",
    convention=UNSCALED,
    note="A* is n × p with p < n: A*C does not conform for C ∈ R^{n×n}. The group is GL_p(R).",
)
def invariant_of_features() -> Implication:
    """For any invertible C ∈ R^{n×n} the mean square error is the same at (A*C, C⁻¹B*)."""
    return turned(C_n, C_n_INV)


@claim("oftadeh2020/rem1-invariance+", where="Section 2, Remark 1", convention=UNSCALED)
def invariant() -> Implication:
    """For any invertible C ∈ R^{p×p} the mean square error is the same at (AC, C⁻¹B)."""
    return turned(C, C_INV)


@claim(
    "oftadeh2020/rem1-globalmin",
    where="Section 2, Remark 1",
    given=[*ASSUMPTION],
    convention=UNSCALED,
    note="By the theorem of Eckart and Young for QX with Q = ΣyxΣxx⁻¹, of which Y − QX is independent.",
)
def least_of_mse() -> Chain:
    """A* = U_{1:p}, B* = U_{1:p}ᵀΣyxΣxx⁻¹ is a global minimum of the mean square error."""
    return chain(
        mse(A, B, X, Y),
        "=",
        (NOISE + fit(p), parted(p)),
        "≥",
        (NOISE + beyond(p), Tight((A, LEADING), (B, ENCODER_STAR), why=Beyond(p))),
        "=",
        (mse(LEADING, ENCODER_STAR, X, Y), reached(p)),
        plan=SITUATIONS,
    )


@claim("oftadeh2020/rem1-anyopt", where="Section 2, Remark 1")
def any_method() -> Open:
    """Any optimisation method will converge to some (A*C, C⁻¹B*)."""
    return Open(
        "any optimization method will converge to some [such point] with the C being dependant on initialization",
        "No method is named; as it stands it is of all of them, and of every start. At A = 0, B = 0 both gradients "
        "vanish (oftadeh2020/rem1-anyopt/origin), so that gradient descent stays there, which is no global minimum. "
        "Of almost every start nothing here decides: level sets are not bounded.",
    )


@claim(
    "oftadeh2020/rem1-anyopt/origin",
    where="Section 2, Remark 1",
    convention=UNSCALED,
    note="A method that follows gradients does not leave the point; it is not the least.",
)
def rests_at_the_origin() -> All:
    """At the origin the gradients of both losses vanish."""
    at = (Rel(A, "=", Zero(n, p)), Rel(B, "=", Zero(p, n)))

    def by(loss_: Expr) -> Implication:
        steps = (
            Step(lambda *f: by_gradient(loss_, b=f[1])),
            Step(lambda *f: by_gradient(loss_, a=f[0])),
        )
        return Implication(at, tuple(fact(Grad(loss_, x), "=", 0) for x in (A, B)), (A, B), steps, SITUATIONS)

    return both(by(MSE), by(LOSS))


def by_gradient(of: Expr, a: Expr | None = None, b: Expr | None = None) -> Expr:
    """Half a gradient has the factor B, or A, everywhere."""
    if a is not None:
        if of is MSE:
            return 2 * (a.T @ A @ B @ Σxx - a.T @ Σyx)
        return 2 * Sum(i, ONE, p, Proj(i, p) @ a.T @ (A @ Proj(i, p) @ B @ Σxx - Σyx))
    if of is MSE:
        return 2 * ((A @ B @ Σxx - Σyx) @ b.T)  # type: ignore[union-attr]
    return 2 * Sum(i, ONE, p, (A @ Proj(i, p) @ B @ Σxx - Σyx) @ b.T @ Proj(i, p))  # type: ignore[union-attr]


@claim("oftadeh2020/rem1-aposteriori", where="Section 2, Remark 1")
def lost() -> Open:
    """There is no way to recover the exact eigenvectors a posteriori."""
    return Open(
        "There is no way to recover the exact eigenvectors expressed in A* a posteriori",
        "Of ways nothing is said in formulas. From A alone there is none: every invertible C gives a minimum. From A "
        "and the data there is one, of p × p matrices: oftadeh2020/rem1-aposteriori/pencil.",
    )


w, LEVEL = Letter("v", p, 1), Letter("θ", 1, 1)


@claim(
    "oftadeh2020/rem1-aposteriori/pencil",
    where="Section 2, Remark 1",
    given=[*ASSUMPTION],
    note="AᵀΣA and AᵀA are p × p; for Y = X they are (XᵀA)ᵀ(XᵀA) and AᵀA. The eigenvectors v of the pair are found by "
    "any method for small matrices, and Av are those of Σ.",
)
def recovered() -> Implication:
    """From any global minimum A = U_{1:p}C of the mean square error: (AᵀΣA)v = θ(AᵀA)v gives ΣAv = θAv."""
    span = Named("A − U_{1:p}C", A - LEADING @ C)
    unit = Named("CC⁻¹ − I", C @ C_INV - I_p)
    small = Named("AᵀΣAv − λAᵀAv", A.T @ EIGEN.left @ A @ w - A.T @ A @ w @ LEVEL)
    gap = Named("ΣAv − λAv", EIGEN.left @ A @ w - A @ w @ LEVEL)
    levels = First(n, p).T @ Λ @ First(n, p)
    inner = C_INV @ (levels @ C @ w - C @ w @ LEVEL)
    outside = (
        AXES_GAP @ A @ w
        + U @ Λ @ U.T @ span @ w
        - span @ w @ LEVEL
        - LEADING @ unit @ (levels @ C @ w - C @ w @ LEVEL)
        - span @ inner
    )
    steps = (
        Known(EIGEN),
        Step(lambda *_: outside, fact(gap.body - A @ inner, "=", 0)),
        Step(lambda *f: Inner(inner, small) + Inner(f[-1], gap), fact(gap.body, "=", 0), SqNorm),
        Step(lambda *f: f[-1]),
    )
    return Implication(
        (fact(span.body, "=", 0), fact(unit.body, "=", 0), fact(small.body, "=", 0)),
        (Rel(EIGEN.left @ A @ w, "=", A @ w @ LEVEL),),
        (A, C, C_INV, w, LEVEL),
        steps,
        SITUATIONS,
    )


δ = Family("δ")
SCALING, UNSCALING = Diag(δ, p, "D"), Diag(Family("1/δ", define=lambda a: 1 / δ[a]), p)
NONZERO = Hypothesis("δ_l ≠ 0", r"\delta_l \neq 0", (Every(l, ONE, p, Rel(δ[l], "≠", ZERO)),))
KEPT = Hypothesis("i ≠ j", r"i \neq j", (Rel(i, "≠", j),))


@claim(
    "oftadeh2020/rem1-group",
    where="Section 2, Remark 1",
    given=[*ASSUMPTION, KEPT],
    convention=UNSCALED,
    note="Read of the C for which (A*C, C⁻¹B*) is of the least loss; p × p, as oftadeh2020/rem1-invariance+ has it. "
    "The invertible diagonal matrices are a group and no subspace. That all of them keep L: "
    "oftadeh2020/rem1-group/scaling. No theorem: the loss of a C that is not diagonal is not compared in the kernel's "
    "language.",
)
def diagonal_only() -> Implication:
    """Only diagonal matrices C keep the least loss."""
    there = loss(LEADING @ C, C_INV @ ENCODER_STAR, X, Y)
    return Implication(
        (Rel(C @ C_INV, "=", I_p), Rel(there, "=", loss(LEADING, ENCODER_STAR, X, Y))),
        (fact(Entry(C, i, j), "=", 0),),
        (C, C_INV),
        (),
        SITUATIONS,
    )


@claim("oftadeh2020/rem1-group/scaling", where="Section 2, Remark 1", given=[NONZERO], convention=UNSCALED)
def scaled_latents() -> Chain:
    """L does not change when latents are scaled."""
    return eq(loss(A @ SCALING, UNSCALING @ B, X, Y), LOSS)


# Theorem 1 ----------------------------------------------------------------------------------------
DECODER_STAR = LEADING @ SCALING
SCALED_ENCODER = UNSCALING @ ENCODER_STAR
LEAST = p * Tr(Σyy) - Sum(i, ONE, p, (p - i + 1) * λ[i])


@claim(
    "oftadeh2020/eq5",
    where="Section 2, Theorem 1, (5)",
    tag="5",
    given=[*ASSUMPTION, NONZERO],
    convention=UNSCALED,
)
def least_value() -> Implication:
    """The loss at (3), (4) is p Tr Σyy − Σ_i (p − i + 1)λ_i."""
    at = (Rel(A, "=", DECODER_STAR), Rel(B, "=", SCALED_ENCODER))
    moved_a, moved_b = Named("A − A*", A - DECODER_STAR), Named("B − B*", B - SCALED_ENCODER)
    square, front = T_p @ SCALING @ SCALING, LEADING @ T_p @ LEADING.T
    first = (moved_a @ T_p @ B + DECODER_STAR @ T_p @ moved_b) @ Σxy
    second = (
        B.T @ masked(moved_a.T @ A + DECODER_STAR.T @ moved_a) @ B
        + moved_b.T @ square @ B
        + SCALED_ENCODER.T @ square @ moved_b
    ) @ Σxx
    axes = REGRESSED @ Q.T + AXES_GAP.T - 2 * AXES_GAP
    steps = (
        Known(EIGEN),
        Inverse(Σxx),
        combined(REGRESSED.body, Σyx @ undone(Σxx)),
        Step(lambda *_: Tr(second) - 2 * Tr(first) + Tr(front @ axes)),
    )
    return Implication(at, (Rel(LOSS, "=", LEAST),), (A, B), steps, SITUATIONS)


@claim(
    "oftadeh2020/thm1-suff",
    where="Section 2, Theorem 1, (3), (4)",
    tag="3",
    given=[*ASSUMPTION, NONZERO],
    convention=UNSCALED,
    note="Each term is least there, as in oftadeh2020/rem1-globalmin. The value is oftadeh2020/eq5.",
)
def sufficient() -> Chain:
    """A* = U_{1:p}D, B* = D⁻¹U_{1:p}ᵀΣyxΣxx⁻¹ are global minima."""
    return chain(
        LOSS,
        "=",
        (Sum(i, ONE, p, NOISE + fit(i)), Termwise(parted(i))),
        "≥",
        (Sum(i, ONE, p, NOISE + beyond(i)), Tight((A, DECODER_STAR), (B, SCALED_ENCODER), why=Termwise(Beyond(i)))),
        "=",
        (loss(DECODER_STAR, SCALED_ENCODER, X, Y), Termwise(reached(i))),
        plan=SITUATIONS,
    )


rank = integer("ℓ", r"\ell", 1, p)
F, CODE, LATENT = Letter("F", n, rank), Letter("C", rank, p), Letter("E", p, rank)
U_I = Named("U_I", U @ F, r"U_{\mathbb I_r}")
FORM = (U_I @ CODE, LATENT @ U_I.T @ Σyx @ Σxx**-1)


def structures(at: Instance) -> Iterator[Instance]:
    """Critical points of every rank r: an index set, which latents learn it in which order, and what the others hold.

    The latents that learn nothing have a column in the span of the learned ones before them: a single one of these, or
    the sum of all.
    """
    for count in range(1, at["p"] + 1):
        for chosen in combinations(range(at["n"]), count):
            for others in combinations(range(1, at["p"]), count - 1):
                for order in permutations(range(count)):
                    for mixed in (False, True):
                        yield {**at, "ℓ": count, **structure(at, chosen, (0, *others), order, mixed)}


def structure(
    at: Instance, chosen: tuple[int, ...], learning: tuple[int, ...], order: tuple[int, ...], mixed: bool
) -> Instance:
    count = len(chosen)
    axes, code, latent = zeros(at["n"], count), zeros(count, at["p"]), zeros(at["p"], count)
    for place, direction in enumerate(chosen):
        axes[direction, place] = fmpq(1)
    for place, component in zip(learning, order, strict=True):
        code[component, place] = latent[place, component] = fmpq(1)
    for place in sorted(set(range(at["p"])) - set(learning)):
        before = [component for q, component in zip(learning, order, strict=True) if q < place]
        for component in before if mixed else before[:1]:
            code[component, place] = fmpq(2)
    return {"F": axes, "C": code, "E": latent}


NAMES = frozenset({"F", "C", "E", "ℓ"})
EVERY_RANK = Points((A, B), FORM, structures, NAMES)


def ordered(at: Instance) -> Iterator[Instance]:
    """The first p axes, in their order."""
    yield {
        **at,
        "ℓ": at["p"],
        **structure(at, tuple(range(at["p"])), tuple(range(at["p"])), tuple(range(at["p"])), False),
    }


LEADING_FORM = Points((A, B), FORM, ordered, NAMES)
FEW = Plan(tuple({"k": a, "p": a, "m": b, "n": b} for a, b in ((1, 2), (2, 3))), per_size=1, tries=20)
LISTED = (
    "Decided at critical points of every index set, rank and order of latents (oftadeh2020/thm2), up to the scale of "
    "the latents: at every other one a direction of negative curvature is found, exactly."
)


def minima(kind: str, listed: Points = EVERY_RANK) -> Minima:
    """The minima among the critical points are of the form."""
    return Minima(LOSS, LEADING_FORM, listed, LEAST, (), (), kind, FEW)


@claim("oftadeh2020/thm1-nec", where="Section 2, Theorem 1", given=[*ASSUMPTION], convention=UNSCALED, note=LISTED)
def necessary() -> Minima:
    """Every local minimum without zero columns is of the form (3), (4)."""
    return minima("local")


@claim(
    "oftadeh2020/thm1-localglobal", where="Section 2, Theorem 1", given=[*ASSUMPTION], convention=UNSCALED, note=LISTED
)
def local_are_global() -> All:
    """All local minima are global minima."""
    return both(minima("local"), minima("global"))


# Remark 2 -----------------------------------------------------------------------------------------
def products(*formulas: Expr) -> int:
    """How many products of matrices formulas take, the same one once; by a diagonal matrix is a scaling."""
    found: set[Expr] = set()
    for e in formulas:
        for x in e.walk():
            if isinstance(x, Mul):
                factors = [f for f in x.factors if f.shape and not isinstance(f, Diag)]
                found.update(Mul(tuple(factors[: end + 1])) for end in range(1, len(factors)))
    return len(found)


BY_SAMPLES = (
    p * SqNorm(Y)
    - 2 * Inner(A @ T_p, Named("YXᵀBᵀ", Y @ Named("BX", B @ X).T))
    + Inner(masked(A.T @ A), Named("BX", B @ X) @ Named("BX", B @ X).T)
)


@claim(
    "oftadeh2020/rem2-7",
    where="Section 2, Remark 2",
    convention=UNSCALED,
    note="Counted in the tree of the formula, the same product once; T_p scales columns, S_p ∘ and the inner products "
    "go entry by entry. The products are BX, Y(BX)ᵀ, AᵀA and (BX)(BX)ᵀ, from the data; (21) read as it is printed, "
    "with its covariances given, has 7.",
)
def few_products() -> All:
    """The loss can be evaluated with fewer than 7 products of matrices, whatever p is."""
    return both(eq(LOSS, BY_SAMPLES), chain(lift(products(BY_SAMPLES)), "<", lift(7)))


@claim(
    "oftadeh2020/rem2-scaling",
    where="Section 2, Remark 2",
    given=[*ASSUMPTION],
    convention=UNSCALED,
    note="Scaling the components of a gradient that is 0 gives 0.",
)
def scaled_gradients() -> Implication:
    """Component-wise scaling of the gradients of the mean square error yields those of L."""
    return Implication(
        tuple(fact(Grad(MSE, x), "=", 0) for x in (A, B)), (fact(Grad(LOSS, B), "=", 0),), (A, B), (), SITUATIONS
    )


@claim("oftadeh2020/rem2-scaling+", where="Section 2, Remark 2", convention=UNSCALED)
def scaled_terms() -> All:
    """Scaling AᵀA, BΣxxBᵀ and the latents in the terms of its gradients does: S_p ∘ and T_p."""
    return both(
        eq(Grad(MSE, B) / 2, A.T @ A @ B @ Σxx - A.T @ Σyx),
        eq(Grad(LOSS, B) / 2, masked(A.T @ A) @ B @ Σxx - T_p @ A.T @ Σyx),
        eq(Grad(MSE, A) / 2, A @ (B @ Σxx @ B.T) - Σyx @ B.T),
        eq(Grad(LOSS, A) / 2, A @ masked(B @ Σxx @ B.T) - Σyx @ B.T @ T_p),
    )

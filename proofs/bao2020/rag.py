"""Bao et al. 2020, Algorithm 1: the rotation augmented gradient.

Of the two masks one leaves the upper triangle, the other the lower one; both keep the diagonal, as the algorithm says,
so that it cancels in A. The row form of Appendix E.5 says which is which: above the diagonal A is positive.

Main results
    upper, lower, diagonal    the masked parts of a square matrix
    rotation                  A = ½(upper(YYᵀ) − lower(YYᵀ))
    STEP_1, STEP_2            one step of the algorithm
    gradients                 those of loss (1), in closed form
    D_FALLS, ASCENDING_PAIR   weights d_1 > … > d_k > 0; two components i < j
"""

from __future__ import annotations

from random import Random

from proofs.algebra.evaluate import Instance, Undefined
from proofs.bao2020.notation import ONE, W1, W2, ZERO, I_k, I_m, X, i, j, k, l, n, α
from proofs.hypotheses import Hypothesis, rational
from proofs.kernel.expressions import Diag, Expr, Family, Grad, LowerMask, Named, SqNorm
from proofs.kernel.propositions import Every, Rel

SCALE_RAG = "loss (1): 1/n on the reconstruction; σ_i² are the eigenvalues of XXᵀ/n"


def reconstruction(w1: Expr, w2: Expr, x: Expr = X) -> Expr:
    """Loss (1): ‖X − W2W1X‖²/n."""
    return 1 / n * SqNorm(x - w2 @ w1 @ x)


def gradients(w1: Expr, w2: Expr, x: Expr = X) -> tuple[Expr, Expr]:
    """The gradients of loss (1) in closed form."""
    rest = (w2 @ w1 - I_m) @ x @ x.T
    return 2 / n * (w2.T @ rest), 2 / n * (rest @ w1.T)


def lower(a: Expr) -> Expr:
    """The lower triangle with the diagonal."""
    return LowerMask(a)


def upper(a: Expr) -> Expr:
    """The upper triangle with the diagonal."""
    return LowerMask(a.T).T


def diagonal(a: Expr) -> Expr:
    """diag(A): the entries outside the diagonal replaced by 0."""
    return LowerMask(a) - LowerMask(a, strict=True)


def rotation(gram: Expr) -> Named:
    """½(upper(G) − lower(G))."""
    return Named("A", (upper(gram) - lower(gram)) / 2)


Y = Named("Y", W1 @ X)
A = rotation(Y @ Y.T)
LOSS = Named("L", reconstruction(W1, W2), r"\mathcal L")
GRAD_1, GRAD_2 = Grad(LOSS, W1), Grad(LOSS, W2)
STEP_1 = (I_k + α / n * A) @ W1 - α * GRAD_1
STEP_2 = W2 @ (I_k - α / n * A) - α * GRAD_2


# Weights ------------------------------------------------------------------------------------------
d = Family("d")
D = Diag(d, k, "D")


def increasing(name: str) -> object:
    """0 < f_1 < … < f_k."""

    def draw(rng: Random, at: Instance) -> Instance:
        found = {rational(rng, at["height"] + at["k"], True) for _ in range(8 * at["k"])}
        if len(found) < at["k"]:
            raise Undefined("too few numbers")
        return {name: sorted(rng.sample(sorted(found), at["k"]))}

    return draw


def decreasing(rng: Random, at: Instance) -> Instance:
    """d_1 > … > d_k > 0."""
    return {"d": increasing("d")(rng, at)["d"][::-1]}  # type: ignore[operator]


D_FALLS = Hypothesis(
    "d_1 > … > d_k > 0",
    r"d_1 > \dots > d_k > 0",
    (Rel(d[k], ">", ZERO), Every(l, ONE, k - 1, Rel(d[l], ">", d[l + 1]))),
    decreasing,
    increasing("d"),  # type: ignore[arg-type]
)


def ascending(rng: Random, at: Instance) -> Instance:
    """i < j."""
    if at["k"] < 2:
        raise Undefined("k = 1 has no pair of components")
    low, high = rng.choice(((1, 2), sorted(rng.sample(range(1, at["k"] + 1), 2))))
    return {"i": low, "j": high}


ASCENDING_PAIR = Hypothesis("i < j", "i < j", (Rel(i, "<", j),), ascending)

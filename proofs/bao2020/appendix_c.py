"""Bao et al. 2020, Appendix C: the expected loss of nested dropout, without an expectation.

A data point keeps its first b latents, b ~ p_B: column i of the mask M is 1 down to row b_i. The masks of different
data points are drawn independently; (18) shares one b among them, which leaves the expectation of the loss as it is.

Main results
    masks         (18) = (19): one b for all data points, or one for each
    kept          latent i is kept with probability p_i = 1 − Σ_{j<i} p_B(j), latents i and j with p_max(i,j)
    breakdown     E‖X − X̃‖² in the moments of X̃; the print has E[X̃]ᵀE[X̃] where E[X̃ᵀX̃] belongs
    moments       E X̃ = W2 P_D W1 X, and the trace of the covariance
    final         the analytic loss
"""

from __future__ import annotations

from proofs.bao2020.notation import (
    FEWER,
    HALF,
    ONE,
    P_D,
    PRIOR,
    SCALE_ND,
    W1,
    W2,
    X,
    i,
    j,
    k,
    n,
    nested_dropout,
    p,
    p_B,
)
from proofs.claim import claim
from proofs.hypotheses import Plan
from proofs.kernel.expressions import (
    DropMask,
    Entry,
    Expect,
    Expr,
    Family,
    Letter,
    MaxMask,
    Named,
    Proj,
    SqNorm,
    Sum,
    Tr,
)
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both

# An expectation over the masks of n data points is a sum over k^n outcomes: few data points.
PLAN = Plan(
    tuple(
        {"k": k, "m": m, "n": n, "p": k}
        for k, m, n in ((1, 1, 1), (1, 2, 2), (2, 1, 1), (2, 2, 2), (3, 2, 2), (3, 3, 2), (2, 3, 3))
    )
)

b = Family("b", length=k, random=p_B)
M = Family("M", length=k, random=p_B)


def mean(body: Expr) -> Expr:
    """E over the masks."""
    return Expect(M, body)


X̃ = Named("X̃", W2 @ DropMask(W1 @ X, M), r"\tilde X")
COV = Named("Tr(Cov(X̃))", 1 / n * mean(SqNorm(X̃ - mean(X̃))), r"\operatorname{Tr}(\operatorname{Cov}(\tilde X))")
SHARED = Expect(b, 1 / (2 * n) * SqNorm(X - W2 @ Proj(b[1], k) @ (W1 @ X)))
MASKED = mean(1 / (2 * n) * SqNorm(X - W2 @ DropMask(W1 @ X, M)))


@claim("bao2020/C/eq18-19", where="Appendix C, (18)–(19)", tag="18–19", given=[PRIOR], convention=SCALE_ND)
def masks() -> Chain:
    """The expected loss is the same with one b for all data points as with a mask column for each."""
    return eq(SHARED, MASKED, plan=PLAN)


def breakdown(square: Expr) -> Chain:
    """The chain from (19) to the bias-variance form, with what stands for the second moment."""
    return chain(
        MASKED,
        "=",
        1 / (2 * n) * mean(Tr((X - X̃) @ (X - X̃).T)),
        "=",
        1 / (2 * n) * Tr(X.T @ X - 2 * (X.T @ mean(X̃)) + square),
        "=",
        1 / (2 * n) * Tr((X - mean(X̃)).T @ (X - mean(X̃))) + HALF * COV,
        plan=PLAN,
    )


@claim("bao2020/C/expectation-line", where="Appendix C, after (19)", given=[PRIOR, FEWER], convention=SCALE_ND)
def expectation_line() -> Chain:
    """The bias-variance breakdown of the expected loss."""
    return breakdown(mean(X̃).T @ mean(X̃))


@claim("bao2020/C/expectation-line+", where="Appendix C, after (19)", given=[PRIOR], convention=SCALE_ND)
def expectation_line_corrected() -> Chain:
    """The second moment E[X̃ᵀX̃] belongs where the square of the mean is printed."""
    return breakdown(mean(X̃.T @ X̃))


A = Letter("A", k, k)


@claim("bao2020/C/p_i", where="Appendix C, p_i and (20)", tag="20", given=[PRIOR])
def kept() -> All:
    """A latent is kept with probability p_i = 1 − Σ_{j<i} p_B(j), and P_L masks a product of two kept latents."""
    keep = Proj(b[1], k)
    return both(
        eq(Expect(b, Entry(keep, i, i)), 1 - Sum(j, ONE, i - 1, p_B[j]), plan=PLAN),
        eq(p[i], 1 - Sum(j, ONE, i - 1, p_B[j]), plan=PLAN),
        eq(Expect(b, keep @ A @ keep), MaxMask(A, p, "P_L"), plan=PLAN),
    )


@claim(
    "bao2020/C/moments",
    where="Appendix C, after (20)",
    given=[PRIOR],
    note="Tr(Cov(x̃)) is the trace of the covariance of a reconstructed data point, averaged over the data.",
)
def moments() -> All:
    """The mean of the reconstruction and the trace of its covariance."""
    return both(
        chain(mean(X̃), "=", mean(W2 @ DropMask(W1 @ X, M)), "=", W2 @ P_D @ W1 @ X, plan=PLAN),
        chain(
            COV,
            "=",
            1 / n * Tr(mean(X̃ @ X̃.T)) - 1 / n * Tr(mean(X̃) @ mean(X̃).T),
            "=",
            1 / n * Tr(X.T @ W1.T @ MaxMask(W2.T @ W2, p, "P_L") @ W1 @ X)
            - 1 / n * Tr(X.T @ W1.T @ P_D @ W2.T @ W2 @ P_D @ W1 @ X),
            plan=PLAN,
        ),
    )


@claim("bao2020/C/final", where="Appendix C, last display", given=[PRIOR], convention=SCALE_ND)
def final() -> Chain:
    """The expected loss of nested dropout in closed form."""
    return eq(MASKED, nested_dropout(W1, W2, X), plan=PLAN)

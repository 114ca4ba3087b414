"""Kunin et al. 2019: letters, the three losses, conventions and hypotheses of the whole paper.

σ_1 > … > σ_m > 0 are the singular values of X itself (no 1/n anywhere), λ > 0 is one penalty for all weights.

Main results
    unregularized, product, summed    the losses 𝓛, 𝓛_π and 𝓛_σ
    PENALTY                           λ > 0
    AT_MOST                           k ≤ m
"""

from __future__ import annotations

from fractions import Fraction
from random import Random

from proofs.algebra.evaluate import Instance
from proofs.hypotheses import Hypothesis, rational
from proofs.kernel.expressions import Expr, Eye, Letter, Num, SqNorm, Sym, integer, size
from proofs.kernel.propositions import Rel

k, m, n, ell = size("k"), size("m"), size("n"), size("ℓ", r"\ell", 0)
i, j = integer("i", "", 1, k), integer("j", "", 1, m)
λ = Sym("λ")
I_k, I_m = Eye(k), Eye(m)

W1, W2 = Letter("W1", k, m), Letter("W2", m, k)
X = Letter("X", m, n)

SCALE = "no 1/n on any term; σ_i are the singular values of X"


def unregularized(w1: Expr, w2: Expr, x: Expr = X) -> Expr:
    """𝓛 = ‖X − W2W1X‖²."""
    return SqNorm(x - w2 @ w1 @ x)


def product(w1: Expr, w2: Expr, x: Expr = X) -> Expr:
    """𝓛_π = 𝓛 + λ‖W2W1‖²."""
    return unregularized(w1, w2, x) + λ * SqNorm(w2 @ w1)


def summed(w1: Expr, w2: Expr, x: Expr = X) -> Expr:
    """𝓛_σ = 𝓛 + λ(‖W1‖² + ‖W2‖²)."""
    return unregularized(w1, w2, x) + λ * (SqNorm(w1) + SqNorm(w2))


def not_positive(rng: Random, at: Instance) -> Instance:
    return {"λ": -rational(rng, at["height"], positive=True) * rng.choice([0, 1])}


PENALTY = Hypothesis(
    "λ > 0",
    r"\lambda > 0",
    (Rel(λ, ">", Num(Fraction(0))),),
    lambda rng, at: {"λ": rational(rng, at["height"], positive=True)},
    not_positive,
)
AT_MOST = Hypothesis("k ≤ m", r"k \le m", (Rel(k, "≤", m),))
"""Section 1: k ≤ min(m, n), where n does not matter."""

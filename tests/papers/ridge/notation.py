"""Ridge regression: n samples of d features, one response, a penalty.

s_i are the eigenvalues of XᵀX: not negative, in any order, and some may be equal or 0. μ is another penalty.

Main results
    loss        ‖y − Xw‖² + λ‖w‖²
    PENALTY     λ > 0
    SPECTRUM    s_i ≥ 0 for i = 1, …, d
"""

from __future__ import annotations

from fractions import Fraction
from random import Random

from proofs.algebra.evaluate import Instance
from proofs.hypotheses import Hypothesis, rational
from proofs.kernel.expressions import Expr, Eye, Family, Letter, Num, SqNorm, Sym, integer, size
from proofs.kernel.propositions import Every, Rel

ZERO, ONE = Num(Fraction(0)), Num(Fraction(1))
n, d = size("n"), size("d")
i = integer("i", "", 1, d)
X, y, w = Letter("X", n, d), Letter("y", n, 1), Letter("w", d, 1)
I_d, I_n = Eye(d), Eye(n)
λ, μ = Sym("λ"), Sym("μ", r"\mu")
s = Family("s")


def loss(weights: Expr) -> Expr:
    """‖y − Xw‖² + λ‖w‖²."""
    return SqNorm(y - X @ weights) + λ * SqNorm(weights)


def not_positive(rng: Random, at: Instance) -> Instance:
    return {"λ": -rational(rng, at["height"], positive=True) * rng.choice([0, 1])}


def spectrum(rng: Random, at: Instance) -> Instance:
    """Some of them 0, some of them equal."""
    at = {"d": rng.randint(1, 4)} | at
    pool = [abs(rational(rng, at["height"])) for _ in range(at["d"])]
    return {"d": at["d"], "s": [rng.choice(pool) for _ in range(at["d"])]}


PENALTY = Hypothesis(
    "λ > 0",
    r"\lambda > 0",
    (Rel(λ, ">", ZERO),),
    lambda rng, at: {"λ": rational(rng, at["height"], positive=True)},
    not_positive,
)
MORE = Hypothesis(
    "μ ≥ λ",
    r"\mu \ge \lambda",
    (Rel(μ, "≥", λ),),
    lambda rng, at: {"μ": at.get("λ", 0) + abs(rational(rng, at["height"])) * rng.choice([0, 1])},
)
SPECTRUM = Hypothesis("s_i ≥ 0 for i = 1, …, d", r"s_i \ge 0", (Every(i, ONE, d, Rel(s[i], "≥", ZERO)),), spectrum)

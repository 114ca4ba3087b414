"""Bao et al. 2020: letters, losses, conventions and hypotheses of the whole paper.

σ_i² are the eigenvalues of XXᵀ/n, the k largest first; λ_i the penalties, increasing; U = (u_1 … u_k). The data are
X = √n Ū S̄ V̄ᵀ with Ū (m × m) orthogonal and V̄ (n × m) with orthonormal columns, so that components beyond the k-th
are there whenever k < m, which Section 2 supposes; what is proved of k ≤ m is more. It supposes that σ_1 > … > σ_k > 0,
and that σ_{k+1} may equal σ_k, or be 0, is not excluded. Appendix B supposes full rank and different eigenvalues.

Main results
    l2_loss, l2_half      objective (3), and the half of it that Appendix B works with
    nested_dropout        the deterministic nested dropout loss of Appendix C
    SPECTRUM, FULL_RANK, ORDERED, PENALTIES, PRIOR, …    hypotheses with their samplers
"""

from __future__ import annotations

from fractions import Fraction
from math import isqrt
from random import Random

from flint import fmpq

from proofs.algebra.evaluate import Instance, Undefined
from proofs.hypotheses import Hypothesis, rational
from proofs.kernel.expressions import (
    PI,
    Basis,
    Diag,
    Expr,
    Eye,
    Family,
    First,
    Letter,
    MaxMask,
    Named,
    Num,
    Pow,
    SqNorm,
    Sym,
    Tr,
    cos,
    givens,
    integer,
    sin,
    size,
    sqrt,
)
from proofs.kernel.propositions import Every, Rel

__all__ = ["PI", "Fraction", "cos", "givens", "sin", "sqrt"]

HALF = Num(Fraction(1, 2))
ONE, ZERO, TWO = Num(Fraction(1)), Num(Fraction(0)), Num(Fraction(2))

k = size("k")
m, n = size("m", least=k), size("n")
i, j, l, b = (integer(name, "", 1, k) for name in "ijlb")
α, θ = Sym("α"), Sym("θ")

σ, λ = Family("σ"), Family("λ")
ν = Family("ν", define=lambda a: 1 - λ[a] * σ[a] ** -2)

# Weights and data ---------------------------------------------------------------------------------
W1, W2 = Letter("W1", k, m), Letter("W2", m, k)
Z1, Z2 = Letter("Z1", k, m), Letter("Z2", m, k)
X = Letter("X", m, n)

Ū = Letter("Ū", m, m, frozenset({"orthonormal"}), r"\bar U")
V̄ = Letter("V̄", n, m, frozenset({"orthonormal"}), r"\bar V")
S, S̄ = Diag(σ, k, "S"), Diag(σ, m, r"S̄")
Λ = Diag(λ, k, "Λ")
I_k, I_m = Eye(k), Eye(m)
U = Named("U", Ū @ First(m, k))
V = Named("V", V̄ @ First(m, k))
DATA = Named("X", sqrt(n) * (Ū @ S̄ @ V̄.T))
e1 = Basis(ONE, k)

# Appendix B's global minimum and its scaling direction
SHRINK = I_k - Λ @ S**-2
W = Named("W", U @ SHRINK**HALF)
Z = Named("Z", W @ e1 @ e1.T)


def l2_loss(w1: Expr, w2: Expr, x: Expr) -> Expr:
    """Objective (3): ‖X − W2W1X‖²/n + ‖Λ^½W1‖² + ‖W2Λ^½‖²."""
    return 1 / n * SqNorm(x - w2 @ w1 @ x) + SqNorm(Λ**HALF @ w1) + SqNorm(w2 @ Λ**HALF)


def l2_half(w1: Expr, w2: Expr, x: Expr) -> Expr:
    """Half of objective (3), the scale of Appendix B."""
    return 1 / (2 * n) * SqNorm(x - w2 @ w1 @ x) + HALF * SqNorm(Λ**HALF @ w1) + HALF * SqNorm(w2 @ Λ**HALF)


# Nested dropout -----------------------------------------------------------------------------------
p_B = Family("p_B", "p_B", length=k)
p = Family("p", tail=lambda a: p_B[a], length=k)
q = Family("q")
P_D = Diag(p, k, "P_D")
Q = Diag(q, k, "Q")


def nested_dropout(w1: Expr, w2: Expr, x: Expr, kept: Family = p) -> Expr:
    """L_ND as derived in Appendix C, scale 1/2n; latent i is kept with probability ``kept[i]``."""
    return (
        1 / (2 * n) * Tr(x.T @ x)
        - 1 / n * Tr(x.T @ w2 @ Diag(kept, k, "P_D") @ w1 @ x)
        + 1 / (2 * n) * Tr(x.T @ w1.T @ MaxMask(w2.T @ w2, kept, "P_L") @ w1 @ x)
    )


# Conventions --------------------------------------------------------------------------------------
SCALE_MAIN = "objective (3): 1/n on the reconstruction, 1 on the penalties; σ_i² are the eigenvalues of XXᵀ/n"
SCALE_HALF = "half of objective (3), as Appendix B prints it: 1/2n, ½, ½; σ_i² are the eigenvalues of XXᵀ/n"
SCALE_ND = "1/2n on the reconstruction (6); σ_i² are the eigenvalues of XXᵀ/n"


# Hypotheses ---------------------------------------------------------------------------------------
def spectrum(rng: Random, at: Instance) -> Instance:
    """A decreasing list of σ: even, geometric, power law, clustered, nearly equal, extreme, from data, or random.

    On several scales: σ below 1 tells σ from σ².
    """
    size, height = at["m"], at["height"]
    kinds = ["random", "even"] if height < 4 else list(SHAPES)
    scale = fmpq(1) if height == 1 else fmpq(rng.choice((8, 8, 1, 2, 4, 24)), 8)
    return {"σ": [fmpq(x) * scale for x in SHAPES[rng.choice(kinds)](size, rng, height)]}


def spectrum_of_latents(rng: Random, at: Instance) -> Instance:
    """The same for the first k; of the others some are equal, to σ_k too, or 0."""
    values = spectrum(rng, at)["σ"]
    head, tail = values[: at["k"]], values[at["k"] :]
    kind = rng.choice(("distinct", "tied", "tied", "flat", "singular"))
    if kind == "tied" and tail:
        tail[0] = head[-1]
    elif kind == "flat":
        tail = [rng.choice((head[-1], head[-1] / 2))] * len(tail)
    elif kind == "singular":
        tail = [fmpq(0) if place >= len(tail) // 2 else x for place, x in enumerate(tail)]
    return {"σ": [*head, *tail]}


def distinct(size: int, rng: Random, height: int) -> list[fmpq]:
    chosen: set[fmpq] = set()
    for _ in range(100):
        if len(chosen) == size:
            break
        chosen.add(rational(rng, height + size, positive=True))
    return sorted(chosen, reverse=True)


SHAPES = {
    "random": distinct,
    "even": lambda size, rng, height: [fmpq(size - a) for a in range(size)],
    "even squares": lambda size, rng, height: [fmpq(isqrt(10**4 * (size - a)), 100) for a in range(size)],
    "geometric": lambda size, rng, height: [fmpq(2) ** (size - a) for a in range(size)],
    "power law": lambda size, rng, height: [fmpq(6, a + 1) for a in range(size)],
    "clustered": lambda size, rng, height: [fmpq(3 - 2 * (2 * a // max(size, 2))) - fmpq(a, 20) for a in range(size)],
    "nearly equal": lambda size, rng, height: [1 + fmpq(size - a, 1000) for a in range(size)],
    "extreme": lambda size, rng, height: [fmpq(10) ** (3 * (size - 1 - a)) for a in range(size)],
    # √ of the largest eigenvalues of the covariance of scikit-learn's handwritten digits, rounded
    "data": lambda size, rng, height: [fmpq(a, 100) for a in (1337, 1279, 1190, 1005, 832, 767, 719, 663)][:size],
}


def shuffled(name: str) -> object:
    """Draw the named list out of order."""

    def draw(rng: Random, at: Instance) -> Instance:
        values = spectrum(rng, at)[name]
        rng.shuffle(values)
        return {name: values}

    return draw


def penalties(rng: Random, at: Instance) -> Instance:
    """Increasing λ below σ_k²: small rationals, or such that (1 − λ_i/σ_i²)^½ is rational, or λ_i^½ as well."""
    size, sigma, height = at["k"], at["σ"], at["height"]
    top = sigma[size - 1] ** 2
    if rng.random() < 0.5:
        targets = [top * fmpq(a + 1, size + 1) for a in range(size)]
    else:
        targets = sorted(top * fmpq(rng.randint(1, 40), 41) for _ in range(size))
    near = rng.choice((near_rational, near_square, near_squares))
    return {"λ": [near(t, s, 2 + height * height) for t, s in zip(targets, sigma, strict=False)]}


def inside(x: float, height: int) -> fmpq:
    """The rational of least height in (0, 1) close to x."""
    if not 0 < x < 1:
        raise Undefined("a penalty outside (0, σ²)")
    found = Fraction(x).limit_denominator(height)
    while not 0 < found < 1:
        height *= 10
        found = Fraction(x).limit_denominator(height)
    return fmpq(found.numerator, found.denominator)


def near_rational(target: fmpq, s: fmpq, height: int) -> fmpq:
    return s * s * inside(float(target / (s * s)), height)


def near_square(target: fmpq, s: fmpq, height: int) -> fmpq:
    """1 − λ/σ² is a rational square."""
    part = float(target / (s * s))
    if part >= 1:
        raise Undefined("a penalty above its eigenvalue")
    if part < 1e-9:  # 1 − λ/σ² = (1 − λ/2σ²)² to the accuracy of a float
        return target - (target / (2 * s)) ** 2
    return s * s * (1 - inside((1 - part) ** 0.5, height) ** 2)


def near_squares(target: fmpq, s: fmpq, height: int) -> fmpq:
    """λ = (σ sin φ)² with rational sin φ and cos φ, by the tangent of the half angle."""
    part = float(target / (s * s))
    t = inside(part**0.5 / (1 + max(0.0, 1 - part) ** 0.5), height)
    return (s * 2 * t / (1 + t * t)) ** 2


def squares(rng: Random, at: Instance) -> Instance:
    """Increasing perfect squares, so that Λ^½ is rational."""
    roots: set[fmpq] = set()
    while len(roots) < at["k"]:
        roots.add(rational(rng, at["height"] + at["k"], positive=True))
    scale = fmpq(1, rng.choice((1, 1, 6)))
    return {"λ": [(scale * r) ** 2 for r in sorted(roots)]}


def zero_penalty(rng: Random, at: Instance) -> Instance:
    return {"λ": [fmpq(0), *squares(rng, at)["λ"][1:]]}


def disordered_penalties(rng: Random, at: Instance) -> Instance:
    """Positive λ below σ_i², in the wrong order."""
    values = penalties(rng, at)["λ"]
    sigma = at["σ"]
    ratios = [1 - v / (s * s) for v, s in zip(values, sigma, strict=False)][::-1]
    return {"λ": [s * s * (1 - r) for r, s in zip(ratios, sigma, strict=False)]}


def prior(rng: Random, at: Instance) -> Instance:
    """Weights that add up to 1, some of them 0."""
    weights = positive_prior(rng, at)["p_B"]
    kept = [w * rng.choice((0, 1, 1)) for w in weights]
    return {"p_B": [w / sum(kept, fmpq(0)) for w in kept]} if any(kept) else {"p_B": weights}


def positive_prior(rng: Random, at: Instance) -> Instance:
    """Positive weights that add up to 1; some fall or rise steeply."""
    steep = fmpq(rng.choice((1, 1, 20)), rng.choice((1, 1, 20))) if at["height"] > 1 else fmpq(1)
    weights = [rational(rng, at["height"] + 1, positive=True) * steep**b for b in range(at["k"])]
    return {"p_B": [w / sum(weights, fmpq(0)) for w in weights]}


def unnormalised(rng: Random, at: Instance) -> Instance:
    return {"p_B": [rational(rng, at["height"] + 1, positive=True) for _ in range(at["k"])]}


def pair(rng: Random, at: Instance) -> Instance:
    """i > j."""
    if at["k"] < 2:
        raise Undefined("k = 1 has no pair of components")
    low, high = sorted(rng.sample(range(1, at["k"] + 1), 2))
    return {"i": high, "j": low}


def swapped_pair(rng: Random, at: Instance) -> Instance:
    found = pair(rng, at)
    return {"i": found["j"], "j": found["i"]}


def some_pair(rng: Random, at: Instance) -> Instance:
    return rng.choice([pair, swapped_pair])(rng, at)


def square_count(rng: Random, at: Instance) -> Instance:
    """n is a perfect square, so that √n is rational; a convenience of the sampler, not a hypothesis."""
    return {}


FEWER = Hypothesis("k < m", "k < m", (Rel(k, "<", m),), None, lambda rng, at: {})
"""Section 2. What is refuted is refuted there; what is proved of k ≤ m is more."""
SPECTRUM = Hypothesis(
    "k < m, σ_1 > … > σ_k > 0, σ_k ≥ … ≥ σ_m ≥ 0",
    r"k < m,\ \sigma_1 > \dots > \sigma_k > 0,\ \sigma_k \ge \dots \ge \sigma_m \ge 0",
    (
        Rel(k, "<", m),
        Every(l, ONE, k - 1, Rel(σ[l], ">", σ[l + 1])),
        Rel(σ[k], ">", ZERO),
        Every(l, ONE, m - 1, Rel(σ[l], "≥", σ[l + 1])),
        Rel(σ[m], "≥", ZERO),
    ),
    spectrum_of_latents,
    shuffled("σ"),  # type: ignore[arg-type]
)
"""Section 2: k < m, and σ_1² > … > σ_k² > 0 are the k largest eigenvalues. Nothing is said of the others."""
FULL_RANK = Hypothesis(
    "σ_1 > … > σ_m > 0",
    r"\sigma_1 > \dots > \sigma_m > 0",
    (Every(l, ONE, m - 1, Rel(σ[l], ">", σ[l + 1])), Rel(σ[m], ">", ZERO)),
    spectrum,
    shuffled("σ"),  # type: ignore[arg-type]
)
"""Appendix B: the data covariance is full rank and has unique eigenvalues."""
ORDERED = Hypothesis(
    "0 < λ_1 < … < λ_k",
    r"0 < \lambda_1 < \dots < \lambda_k",
    (Every(l, ONE, k, Rel(λ[l], ">", ZERO)), Every(l, ONE, k - 1, Rel(λ[l + 1], ">", λ[l]))),
    squares,
    zero_penalty,
)
"""Stated with objective (3), for all of Section 4 and its appendices."""
PENALTIES = Hypothesis(
    "0 < λ_1 < … < λ_k < σ_k²",
    r"0 < \lambda_1 < \dots < \lambda_k < \sigma_k^2",
    (
        Rel(λ[1], ">", ZERO),
        Every(l, ONE, k - 1, Rel(λ[l + 1], ">", λ[l])),
        Rel(λ[k], "<", Pow(σ[k], TWO)),
    ),
    penalties,
    disordered_penalties,
)
PRIOR = Hypothesis(
    "p_B ≥ 0, Σ p_B = 1",
    r"p_B \ge 0,\ \textstyle\sum_b p_B(b) = 1",
    (
        Every(l, ONE, k, Rel(p_B[l], "≥", ZERO)),
        Rel(p[1], "=", ONE),
    ),
    prior,
    unnormalised,
)
"""Section 5: p_B is a distribution over 1, …, k."""
POSITIVE_PRIOR = Hypothesis(
    "p_B > 0, Σ p_B = 1",
    r"p_B > 0,\ \textstyle\sum_b p_B(b) = 1",
    (
        Every(l, ONE, k, Rel(p_B[l], ">", ZERO)),
        Rel(p[1], "=", ONE),
    ),
    positive_prior,
    unnormalised,
)
DESCENDING_PAIR = Hypothesis("i > j", "i > j", (Rel(i, ">", j),), pair, swapped_pair)
TWO_INDICES = Hypothesis("i ≠ j", r"i \neq j", (Rel(i, "≠", j),), some_pair)
TWO_LATENTS = Hypothesis("k ≥ 2", r"k \ge 2", (Rel(k, "≥", TWO),), None, lambda rng, at: {})

"""The minima of the three losses at rank k, by Theorem 4.2: of them Sections 5 and 6 and Appendix D speak.

σ_1, …, σ_k are the k largest singular values of X and U the matrix of their directions. The weights of the first two
losses hold a matrix G and its inverse, those of the sum loss an orthogonal O, and ask for σ_k² > λ.

Main results
    UNREGULARIZED, PRODUCT, SUMMED    pairs W1, W2
    WHOLE, GROWN, SHRUNK              Σ*, by which W2W1 shrinks the k principal directions
"""

from __future__ import annotations

from fractions import Fraction
from random import Random

from flint import fmpq

from proofs.algebra.evaluate import Instance, Undefined, inverse, zeros
from proofs.hypotheses import Hypothesis, rational
from proofs.kernel.expressions import Diag, Expr, Eye, Family, First, Letter, Named, Num, integer
from proofs.kernel.propositions import ONE, ZERO, Every, Rel
from proofs.kunin2019.notation import I_k, k, m, λ

HALF = Num(Fraction(1, 2))
σ = Family("σ")
l = integer("l")
Σ = Diag(σ, k, "Σ")
Ū = Letter("Ū", m, m, frozenset({"orthonormal"}), "U")
U = Named("U_k", Ū @ First(m, k), "U_k")
G, L = Letter("G", k, k), Letter("G⁻¹", k, k, tex="G^{-1}")
O = Letter("O", k, k, frozenset({"orthonormal"}))
TRIPLES = ((3, 4, 5), (4, 3, 5), (5, 12, 13), (12, 5, 13), (8, 15, 17), (15, 8, 17), (7, 24, 25), (24, 7, 25))
SINES, TANGENTS = (tuple(fmpq(x[0], x[place]) for x in TRIPLES) for place in (2, 1))


def root_and_size(rng: Random, at: Instance) -> tuple[fmpq, int]:
    if not at["k"] <= at["m"] <= len(TRIPLES):
        raise Undefined("k ≤ m ≤ 8")
    return rational(rng, at["height"], positive=True), at["m"]


def by_sines(rng: Random, at: Instance) -> Instance:
    """σ_i = √λ / sin φ_i for i ≤ k, so that every (1 − λ/σ_i²)^½ is rational; of the others some lie below √λ."""
    root, size = root_and_size(rng, at)
    above = rng.randint(at["k"], size)
    values = [root / x for x in rng.sample(SINES, above)] + [root * x for x in rng.sample(SINES, size - above)]
    return {"σ": sorted(values, reverse=True), "λ": root**2}


def by_tangents(rng: Random, at: Instance) -> Instance:
    """σ_i = √λ / tan φ_i, so that every (1 + λ/σ_i²)^½ is rational."""
    root, size = root_and_size(rng, at)
    return {"σ": sorted((root / x for x in rng.sample(TANGENTS, size)), reverse=True), "λ": root**2}


def too_strong(rng: Random, at: Instance) -> Instance:
    return {"λ": at["σ"][at["k"] - 1] ** 2 * rng.choice((1, 2, 100))}


SPECTRUM = Hypothesis(
    "k ≤ m, σ_1 > … > σ_m > 0",
    r"k \le m,\ \sigma_1 > \dots > \sigma_m > 0",
    (Rel(k, "≤", m), Every(l, ONE, m - 1, Rel(σ[l], ">", σ[l + 1])), Rel(σ[m], ">", ZERO)),
    by_sines,
)
PENALIZED = Hypothesis("λ > 0", r"\lambda > 0", (Rel(λ, ">", ZERO),), by_tangents)
LEARNED = Hypothesis(
    "σ_k² > λ > 0",
    r"\sigma_k^2 > \lambda > 0",
    (Rel(λ, ">", ZERO), Every(l, ONE, k, Rel(σ[l] ** 2, ">", λ))),
    None,
    too_strong,
)
"""So that the sum loss learns k directions."""


def inverses(rng: Random, at: Instance) -> Instance:
    size = at["k"]
    value = zeros(size, size)
    for place in range(value.size):
        value.flat[place] = rational(rng, 2)
    return {"G": value, "G⁻¹": inverse(value)}


def no_inverses(rng: Random, at: Instance) -> Instance:
    found = inverses(rng, at)
    return {**found, "G⁻¹": found["G⁻¹"] * rng.choice((-1, 2))}


INVERSE = Hypothesis("G⁻¹G = I", "G^{-1}G = I", (Rel(L @ G, "=", I_k),), inverses, no_inverses)
WHOLE = Named("Σ*", Eye(k), r"\Sigma_*")
GROWN = Named("Σ*", (I_k + λ * Σ**-2) ** -1, r"\Sigma_*")
SHRUNK = Named("Σ*", I_k - λ * Σ**-2, r"\Sigma_*")
"""τ_1², …, τ_k² for the three losses."""
Pair = tuple[Expr, Expr]
UNREGULARIZED: Pair = (G @ U.T, U @ L)
PRODUCT: Pair = (G @ GROWN**HALF @ U.T, U @ GROWN**HALF @ L)
SUMMED: Pair = (O @ SHRUNK**HALF @ U.T, U @ SHRUNK**HALF @ O.T)

"""Bao et al. 2020, Appendix D: a lower bound on the condition number of deterministic nested dropout.

The minima W1 = QUᵀ, W2 = UQ⁻¹ may slide along k scaling directions, so the whole Hessian is singular and has no
condition number. What is printed of it is refuted; its corrections are about s_min and the condition number on the
orthogonal complement of these directions, to which every rotation is tangent.

Main results
    scaling_bound     s_max(H) ≥ 2p_1σ_1²
    rotation_bound    s_min(H) ≤ (σ_i² − σ_j²)(p_i − p_j)/4
    equalize          the minimum over p is not attained
    final             cond(H) > 8σ_1²(k − 1)²/(σ_1² − σ_k²), at every p
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from flint import fmpq

from proofs.algebra.evaluate import Instance
from proofs.bao2020.appendix_d import LEADING, MINIMA, SCALED, SCALES, W1_MIN, W2_MIN
from proofs.bao2020.curvature import sliding
from proofs.bao2020.notation import (
    DATA,
    DESCENDING_PAIR,
    FULL_RANK,
    ONE,
    POSITIVE_PRIOR,
    PRIOR,
    SCALE_ND,
    SPECTRUM,
    TWO,
    TWO_LATENTS,
    W1,
    W2,
    ZERO,
    Q,
    X,
    e1,
    givens,
    i,
    j,
    k,
    m,
    nested_dropout,
    p,
    q,
    α,
    θ,
    σ,
)
from proofs.claim import claim
from proofs.hypotheses import SIZES, Hypothesis, Plan, rational
from proofs.kernel.expressions import Diff, Expr, Extremum, Named, SqNorm, Sum, Sym
from proofs.kernel.propositions import Every, Rel
from proofs.methods.attained import Attained, Nonempty
from proofs.methods.chain import Chain, chain
from proofs.methods.conjunction import All, both
from proofs.methods.eigenvalues import HessianAt, Quotient, Rayleigh, cond, s_max, s_min
from proofs.tactics.extrema import Each, Member, WeightedMean
from proofs.tactics.relations import Arithmetic, Lemma, Tight, Via, via
from proofs.tactics.sums import CauchySchwarz

SPECTRAL = Plan(tuple(s for s in SIZES if s["k"] * s["m"] <= 6), per_size=2)
PAIR = [FULL_RANK, POSITIVE_PRIOR, SCALES, DESCENDING_PAIR]
LATENTS = [FULL_RANK, POSITIVE_PRIOR, SCALES, TWO_LATENTS]
ORDERED = [FULL_RANK, POSITIVE_PRIOR, TWO_LATENTS]
SINGULAR = "cond(H) of the whole Hessian, which is singular at every minimum (smin/whole-space)."
COMPLEMENT = "s_min and cond on the orthogonal complement of the k directions along which the minima slide"

# The Hessian, and the paths through a minimum ---------------------------------------------------------
LETTERS = (W1, W2, X)
H = Named("H", HessianAt(nested_dropout(*LETTERS), LETTERS, (W1_MIN, W2_MIN, DATA), 2 * k * m))
S_MAX, S_MIN, COND = s_max(H, k), s_min(H, k), cond(H, k)
BLOCKS = sliding()
SLIDING = BLOCKS.slide.null  # type: ignore[union-attr]
TOP = p[1] * σ[1] ** 2 * (1 + (q[1] ** 2 + q[1] ** -2) / 2)
SCALING = Rayleigh((W1_MIN + α * LEADING.T, W2_MIN + α * LEADING), α, SLIDING, TOP)
LENGTH = Named("‖[Z1ᵀ Z2]‖²", SqNorm(LEADING.T) + SqNorm(LEADING), r"\lVert [Z_1^\top\ Z_2]\rVert_F^2")
AT_SCALING = Named("g''(0)", Diff(SCALED, α, 2, True), "g''(0)")


def rotation(a: Expr, b: Expr) -> Rayleigh:
    """The scaled rotation of the latents a and b."""
    r = givens(a, b, θ, k)
    return Rayleigh((Q @ r @ Q**-1 @ W1_MIN, W2_MIN @ Q @ r.T @ Q**-1), θ, SLIDING)


def curvature(a: Expr, b: Expr) -> Expr:
    return (σ[a] ** 2 - σ[b] ** 2) * (p[a] - p[b])


def speed(a: Expr, b: Expr) -> Expr:
    return q[a] ** 2 + 1 / q[a] ** 2 + q[b] ** 2 + 1 / q[b] ** 2


def at_most(a: Expr, b: Expr) -> Via:
    """s_min ≤ the rotation's quotient ≤ a quarter of its curvature."""
    return via("≤", (curvature(a, b) / speed(a, b), rotation(a, b)), "≤", (curvature(a, b) / 4, fast(a, b)))


def fast(a: Expr, b: Expr) -> Arithmetic:
    """The speed is at least 4: q² + 1/q² ≥ 2."""
    return Arithmetic(*(Lemma(q[x] ** 2 + 1 / q[x] ** 2, "≥", TWO) for x in (a, b)))


def at_least() -> Via:
    """s_max ≥ the scaling's quotient ≥ 2p_1σ_1²."""
    return via("≥", (TOP, SCALING), "≥", 2 * p[1] * σ[1] ** 2)


def ratio(a: Expr, b: Expr) -> Expr:
    return 8 * p[1] * σ[1] ** 2 / ((σ[a] ** 2 - σ[b] ** 2) * (p[a] - p[b]))


def conditioned(a: Expr, b: Expr) -> Quotient:
    """cond ≥ 8p_1σ_1²/((σ_a² − σ_b²)(p_a − p_b))."""
    return Quotient(2 * p[1] * σ[1] ** 2, at_least(), curvature(a, b) / 4, at_most(a, b), BLOCKS)


# The two bounds -----------------------------------------------------------------------------------


@claim("bao2020/D/smax", where="Appendix D, Scaling curvature", given=MINIMA, convention=SCALE_ND)
def scaling_bound() -> Chain:
    """The largest singular value of the Hessian is at least 2p_1σ_1²."""
    return chain(
        S_MAX,
        "≥",
        (AT_SCALING / LENGTH, SCALING),
        "=",
        AT_SCALING / (2 * SqNorm(LEADING)),
        "≥",
        (
            2 * p[1] * σ[1] ** 2,
            via("=", TOP, "≥", 2 * p[1] * σ[1] ** 2),
        ),
        plan=SPECTRAL,
    )


@claim(
    "bao2020/D/smin",
    where="Appendix D, Rotation curvature",
    given=PAIR,
    convention=f"{SCALE_ND}; {COMPLEMENT}",
)
def rotation_bound() -> Chain:
    """The smallest singular value of the Hessian is at most a quarter of the rotation's curvature."""
    tangent = q[i] ** 2 + 1 / q[i] ** 2 + q[j] ** 2 + 1 / q[j] ** 2
    return chain(
        S_MIN,
        "≤",
        ((σ[i] ** 2 - σ[j] ** 2) * (p[i] - p[j]) / tangent, rotation(i, j)),
        "≤",
        ((σ[i] ** 2 - σ[j] ** 2) * (p[i] - p[j]) / 4, Tight((q[i], 1), (q[j], 1), why=fast(i, j))),
        plan=SPECTRAL,
    )


@claim(
    "bao2020/D/smin/whole-space",
    where="Appendix D, Rotation curvature",
    given=MINIMA,
    convention=SCALE_ND,
    note="s_min of the whole Hessian, the scaling directions W1 ↦ DW1, W2 ↦ W2D⁻¹ included.",
)
def whole_space() -> Chain:
    """On the whole space the smallest eigenvalue of the Hessian is not positive: cond(H) is infinite."""
    first = e1 @ e1.T
    slide = (W1_MIN + α * first @ W1_MIN, W2_MIN - α * W2_MIN @ first)
    return chain(s_min(H), "≤", (ZERO, Rayleigh(slide, α)), plan=SPECTRAL)


# Conditioning of the objective --------------------------------------------------------------------


def largest_pair(term: Callable[[Expr, Expr], Expr]) -> Expr:
    """The maximum over i < j."""
    return Extremum("max", j, TWO, k, Extremum("max", i, ONE, j - 1, term(i, j)))


def largest_neighbours(term: Callable[[Expr, Expr], Expr]) -> Expr:
    return Extremum("max", i, ONE, k - 1, term(i, i + 1))


@claim(
    "bao2020/D/ratio",
    where="Appendix D, Conditioning of the objective",
    given=[*MINIMA, DESCENDING_PAIR],
    convention=SCALE_ND,
    note=SINGULAR,
)
def curvature_ratio() -> Chain:
    """The bound on s_max over the bound on s_min bounds the condition number."""
    return chain(cond(H), "≥", ratio(i, j), plan=SPECTRAL)


@claim(
    "bao2020/D/ratio+",
    where="Appendix D, Conditioning of the objective",
    given=PAIR,
    convention=f"{SCALE_ND}; {COMPLEMENT}",
)
def curvature_ratio_corrected() -> Chain:
    """Across the minima the bound on s_max over the bound on s_min bounds the condition number."""
    return chain(COND, "≥", (ratio(i, j), conditioned(i, j)), plan=SPECTRAL)


@claim("bao2020/D/max-index", where="Appendix D, Conditioning of the objective", given=ORDERED)
def max_index() -> Nonempty:
    """The maximum over i > j reduces to a search over i with j = i + 1."""
    return Nonempty(Extremum("max", i, ONE, k, Extremum("max", j, i + 1, i - 1, ratio(i, j))))


@claim(
    "bao2020/D/max-index+",
    where="Appendix D, Conditioning of the objective",
    given=ORDERED,
    note="The order of i and j is exchanged.",
)
def max_index_corrected() -> All:
    """The maximum over i < j reduces to a search over i with j = i + 1."""
    return both(
        chain(largest_pair(ratio), "≤", (largest_neighbours(ratio), Each(lambda b: Each(lambda a: Member(a))))),
        chain(largest_pair(ratio), "≥", (largest_neighbours(ratio), Each(lambda a: Member(a + 1, Member(a))))),
    )


ε = Sym("ε")
MEAN = WeightedMean(lambda a: p[a] - p[a + 1], p[1] - p[k])
INVERSE_GAPS = Sum(i, ONE, k - 1, 1 / (σ[i] ** 2 - σ[i + 1] ** 2))


@claim(
    "bao2020/D/equalize",
    where="Appendix D, Conditioning of the objective",
    given=ORDERED,
    note="A constant inner objective at the minimum presupposes a minimum. p_i − (i − 1)ε lowers every term; p_k > 0.",
)
def equalize() -> Attained:
    """The outer minimum over p exists, and there the inner objective is constant."""
    return Attained(largest_neighbours(ratio), p, lambda a: -1 * (a - 1) * ε, ε)


@claim("bao2020/D/equalize+", where="Appendix D, Conditioning of the objective", given=ORDERED)
def equalize_corrected() -> Chain:
    """At every p the largest inner objective is at least what a constant one would be."""
    return chain(largest_neighbours(ratio), "≥", (8 * p[1] * σ[1] ** 2 / (p[1] - p[k]) * INVERSE_GAPS, MEAN))


# A constant inner objective -----------------------------------------------------------------------
c = Sym("c")


def constant(rng: Random, at: Instance) -> Instance:
    """p_i − p_{i+1} in proportion to 1/(σ_i² − σ_{i+1}²), and p_k ≥ 0, also close to 0."""
    σs, size = at["σ"], at["k"]
    falls = [1 / (σs[a] ** 2 - σs[a + 1] ** 2) for a in range(size - 1)]
    last = sum(falls, fmpq(1)) * rational(rng, at["height"], True) * rng.choice((fmpq(1), fmpq(1, 100), fmpq(0)))
    total = sum(falls, last)
    return {"p_B": [x / total for x in (*falls, last)], "c": 8 * σs[0] ** 2 * total}


CONSTANT = Hypothesis(
    "8p_1σ_1²/((σ_i² − σ_{i+1}²)(p_i − p_{i+1})) = c",
    r"\frac{8p_1\sigma_1^2}{(\sigma_i^2-\sigma_{i+1}^2)(p_i-p_{i+1})} = c",
    (
        Every(i, ONE, k - 1, Rel(c * ((σ[i] ** 2 - σ[i + 1] ** 2) * (p[i] - p[i + 1])), "=", 8 * p[1] * σ[1] ** 2)),
        Rel(c, ">", ZERO),
    ),
    constant,
    lambda rng, at: {"c": rational(rng, 4, True)},
)
FALLS = Sum(i, ONE, k - 1, (p[i] - p[i + 1]) / (8 * p[1] * σ[1] ** 2))
HARMONIC = Arithmetic(
    Lemma(
        INVERSE_GAPS * (σ[1] ** 2 - σ[k] ** 2),
        "≥",
        (k - 1) ** 2,
        CauchySchwarz(lambda a: ONE, lambda a: σ[a] ** 2 - σ[a + 1] ** 2),
    )
)


@claim(
    "bao2020/D/sum-ineq",
    where="Appendix D, Conditioning of the objective",
    given=[SPECTRUM, PRIOR, TWO_LATENTS, CONSTANT],
    note="The distribution p_B may be 0 at k: then p_k = 0, and the first of the strict inequalities is an equality.",
)
def sum_inequality() -> All:
    """A constant inner objective exceeds a sum over the spectrum, and that (k − 1)² over its range."""
    return constant_objective()


@claim("bao2020/D/sum-ineq+", where="Appendix D, Conditioning of the objective", given=[*ORDERED, CONSTANT])
def sum_inequality_corrected() -> All:
    """With p_B > 0 a constant inner objective exceeds a sum over the spectrum, and that (k − 1)² over its range."""
    return constant_objective()


def constant_objective() -> All:
    shrunk = 8 * σ[1] ** 2 * (k - 1) ** 2 / (σ[1] ** 2 - σ[k] ** 2)
    whole = Lemma(
        1 / c * INVERSE_GAPS,
        "=",
        (p[1] - p[k]) / (8 * p[1] * σ[1] ** 2),
        via("=", (FALLS, SUMMED_FALLS)),
    )
    solved = via(
        "=", (8 * p[1] * σ[1] ** 2 / (p[1] - p[k]) * INVERSE_GAPS, Arithmetic(whole)), ">", 8 * σ[1] ** 2 * INVERSE_GAPS
    )
    return both(
        chain(
            1 / c * INVERSE_GAPS,
            "=",
            (FALLS, SUMMED_FALLS),
            "=",
            (p[1] - p[k]) / (8 * p[1] * σ[1] ** 2),
            "<",
            (1 / (8 * σ[1] ** 2), Tight((p[k], 0))),
        ),
        chain(c, ">", (8 * σ[1] ** 2 * INVERSE_GAPS, solved), "≥", (shrunk, HARMONIC)),
    )


SUMMED_FALLS = via("=", Sum(i, ONE, k - 1, 1 / c * (1 / (σ[i] ** 2 - σ[i + 1] ** 2))))


def bounded() -> Via:
    """cond > 8σ_1²(k − 1)²/(σ_1² − σ_k²) by the mean of the ratios with weights p_i − p_{i+1}, at every p."""
    return via(
        "≥",
        (largest_neighbours(ratio), Each(lambda a: conditioned(a, a + 1))),
        "≥",
        (8 * p[1] * σ[1] ** 2 / (p[1] - p[k]) * INVERSE_GAPS, MEAN),
        ">",
        (printed_bound(), HARMONIC),
    )


def printed_bound() -> Expr:
    return 8 * σ[1] ** 2 * (k - 1) ** 2 / (σ[1] ** 2 - σ[k] ** 2)


@claim("bao2020/D/final", where="Appendix D, end", given=[*MINIMA, TWO_LATENTS], convention=SCALE_ND, note=SINGULAR)
def final() -> Chain:
    """The condition number exceeds (k − 1)² over the relative range of the spectrum."""
    return chain(cond(H), ">", printed_bound(), plan=SPECTRAL)


@claim(
    "bao2020/D/final+",
    where="Appendix D, end",
    given=LATENTS,
    convention=f"{SCALE_ND}; {COMPLEMENT}",
    note="Proved at every p, without a minimum over p. For k = 1 the bound is 0/0.",
)
def final_corrected() -> Chain:
    """Across the minima the condition number exceeds (k − 1)² over the relative range of the spectrum."""
    return chain(COND, ">", (printed_bound(), bounded()), plan=SPECTRAL)

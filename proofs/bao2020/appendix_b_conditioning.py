"""Bao et al. 2020, Appendix B: from the two curvatures to a lower bound on the condition number.

The printed bound is free of λ. Its proof takes the minimum of (16) over λ, which does not exist, and equates the terms
of a sum whose minimiser is not the sum at hand; two of its inequalities are false. The bound itself follows from a
weighted mean instead of a minimum, and from the Cauchy–Schwarz inequality, up to k = 17.

Main results
    scaling_bound     s_max(H) ≥ 2σ_1²ν_1 ≥ 2(σ_1² − σ_k²)
    eq16              cond(H) ≥ max_{i>j} 2(σ_1² − σ_k²)(ν_i + ν_j)/((λ_i − λ_j)(ν_j − ν_i)), for every λ
    equalize          the minimum of (16) over λ is not attained
    sum_claim         false from k = 3 on
    final, final_corrected    the bound of Section 4.3.1, and one that holds for every k
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from random import Random

from flint import fmpq

from proofs.algebra.evaluate import Instance, Undefined, zeros
from proofs.algebra.surd import Surd
from proofs.bao2020.curvature import blocks
from proofs.bao2020.notation import (
    DATA,
    DESCENDING_PAIR,
    FEWER,
    FULL_RANK,
    HALF,
    ONE,
    PENALTIES,
    SCALE_HALF,
    SCALE_MAIN,
    TWO,
    TWO_LATENTS,
    W1,
    W2,
    ZERO,
    W,
    X,
    Z,
    disordered_penalties,
    givens,
    i,
    j,
    k,
    l,
    l2_half,
    l2_loss,
    m,
    α,
    θ,
    λ,
    ν,
    σ,
)
from proofs.claim import claim
from proofs.hypotheses import SIZES, Hypothesis, Plan, rational
from proofs.kernel.expressions import (
    Diff,
    Expr,
    Extremum,
    Family,
    Letter,
    Named,
    Num,
    SqNorm,
    Sum,
    Sym,
    Tr,
    size,
)
from proofs.kernel.propositions import Every, Rel
from proofs.methods.attained import Attained
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.eigenvalues import HessianAt, Quotient, Rayleigh, RayleighRitz, cond, s_max, s_min
from proofs.methods.search import searched
from proofs.tactics.extrema import Each, Member, WeightedMean
from proofs.tactics.relations import Arithmetic, Lemma, Tight, Via, Within, via
from proofs.tactics.sums import CauchySchwarz, ProductOne

# Hypotheses ---------------------------------------------------------------------------------------


def any_penalties(rng: Random, at: Instance) -> Instance:
    """Increasing λ in (0, σ_k²): evenly spaced, at random, or with some at each end of the interval."""
    size, top = at["k"], at["σ"][at["k"] - 1] ** 2
    kind, fine = rng.randrange(3), rng.choice((8, 20, 100))
    if kind == 0:
        places = [fmpq(a + 1, size + 1) for a in range(size)]
    elif kind == 1:
        places = sorted(fmpq(rng.randint(1, 40), 41) for _ in range(size))
    else:
        low = rng.randint(0, size)
        places = [fmpq(a + 1, fine) if a < low else 1 - fmpq(size - a, fine) for a in range(size)]
    return {"λ": [top * p for p in places]}


ANY_PENALTIES = Hypothesis(PENALTIES.name, PENALTIES.tex, PENALTIES.relations, any_penalties, disordered_penalties)
MINIMUM = [FULL_RANK, PENALTIES]
LATENTS = [FULL_RANK, PENALTIES, TWO_LATENTS]
ORDERED = [FULL_RANK, ANY_PENALTIES, TWO_LATENTS]
LOOSE = Plan(per_size=20)
"""For inequalities that are far from equality nearly everywhere."""
SEARCH = Plan(per_size=200, tries=200)
SPECTRAL = Plan(tuple(s for s in SIZES if s["k"] * s["m"] <= 9), per_size=2)

# The Hessian, and the two paths through the global minimum --------------------------------------------
POINT = (W.T, W, DATA)
LETTERS = (W1, W2, X)
H = Named("H", HessianAt(l2_half(*LETTERS), LETTERS, POINT, 2 * k * m))
H_MAIN = Named("H", HessianAt(l2_loss(*LETTERS), LETTERS, POINT, 2 * k * m))
S_MAX, COND = s_max(H), cond(H)
SCALING = Rayleigh((W.T + α * Z.T, W + α * Z), α)


def rotation(a: Expr, b: Expr) -> Rayleigh:
    """The path along the Givens rotation of the latents a and b."""
    r = givens(a, b, θ, k)
    return Rayleigh((r @ W.T, W @ r.T), θ)


SPREAD = 2 * (σ[1] ** 2 - σ[k] ** 2)


def slow(a: Expr, b: Expr) -> Expr:
    """The Rayleigh quotient along the rotation of the latents a > b."""
    return (ν[b] - ν[a]) / (ν[a] + ν[b]) * (λ[a] - λ[b])


def printed_ratio(a: Expr, b: Expr) -> Expr:
    return 2 * (σ[1] ** 2 - σ[k] ** 2) * (ν[a] + ν[b]) / ((λ[a] - λ[b]) * (ν[b] - ν[a]))


def conditioned(a: Expr, b: Expr, scale: Expr = ONE) -> Quotient:
    """cond(H) ≥ s_max's bound over the rotation's quotient; both carry the scale of the loss."""
    top = via("≥", (scale * (2 * σ[1] ** 2 * ν[1]), SCALING), "≥", scale * SPREAD)
    return Quotient(scale * SPREAD, top, scale * slow(a, b), rotation(a, b), blocks(scale))


# (7) ----------------------------------------------------------------------------------------------
N = size("N")
v = Letter("v", N, 1)


def between(h: Letter, singular: bool) -> Chain:
    low, high = s_min(h, singular=singular), s_max(h, singular=singular)
    return chain(low, "≤", (Tr(v.T @ h @ v) / Tr(v.T @ v), RayleighRitz()), "≤", (high, RayleighRitz()))


def dimension(rng: Random, at: Instance) -> Instance:
    return {"N": at["m"]}


SOME = Hypothesis("v ≠ 0", r"v \neq 0", (Rel(SqNorm(v), ">", ZERO),), None, lambda rng, at: {"v": zeros(at["m"], 1)})
DIMENSION = Hypothesis("H is N × N", r"H \in \mathbb R^{N\times N}", (), dimension)


@claim("bao2020/B/eq7-singular", where="Appendix B, (7)", tag="7", given=[DIMENSION], note="For any v, 0 included.")
def singular_values() -> Chain:
    """The Rayleigh quotient of a symmetric matrix lies between its smallest and its largest singular value."""
    return between(Letter("H", N, N, frozenset({"symmetric"})), True)


@claim("bao2020/B/eq7-singular+", where="Appendix B, (7)", tag="7", given=[DIMENSION, SOME])
def singular_values_corrected() -> All:
    """It lies between the extreme eigenvalues; of a positive semi-definite P they are singular values."""
    return both(
        between(Letter("H", N, N, frozenset({"symmetric"})), False),
        between(Letter("P", N, N, frozenset({"psd"})), True),
    )


# Scaling curvature --------------------------------------------------------------------------------
FORM = "vec([Z1ᵀ Z2])ᵀ H vec([Z1ᵀ Z2])"
TEX = r"\operatorname{vec}([Z_1^\top\ Z_2])"


def form(loss: Callable[[Expr, Expr, Expr], Expr]) -> Named:
    """The Hessian's quadratic form along the scaling direction."""
    return Named(FORM, Diff(loss(W.T + α * Z.T, W + α * Z, DATA), α, 2, True), rf"{TEX}^\top H {TEX}")


LENGTH = Named("‖vec([Z1ᵀ Z2])‖²", SqNorm(Z.T) + SqNorm(Z), rf"\lVert {TEX}\rVert_F^2")


@claim("bao2020/B/smax-bound", where="Appendix B, Scaling curvature", given=MINIMUM, convention=SCALE_HALF)
def scaling_bound() -> All:
    """The largest singular value of the Hessian is at least 2σ_1²ν_1, and that at least 2(σ_1² − σ_k²)."""
    return both(
        eq(LENGTH, 2 * (1 - λ[1] * σ[1] ** -2)),
        chain(
            S_MAX,
            "≥",
            (form(l2_half) / LENGTH, SCALING),
            "=",
            2 * σ[1] ** 2 * (1 - λ[1] * σ[1] ** -2),
            "≥",
            (2 * (σ[1] ** 2 - σ[k] ** 2), Tight((λ[1], σ[k] ** 2))),
            plan=SPECTRAL,
        ),
    )


@claim(
    "bao2020/B/smax-bound/quotient",
    where="Appendix B, Scaling curvature",
    given=[*MINIMUM, FEWER],
    convention=SCALE_MAIN,
    note="H as h_Z''(0) = ½ vecᵀ H vec has it: the Hessian of objective (3), twice that of h_Z.",
)
def scaling_quotient() -> Chain:
    """The Rayleigh quotient of the Hessian along the scaling direction."""
    return eq(form(l2_loss) / LENGTH, 2 * σ[1] ** 2 * (1 - λ[1] * σ[1] ** -2))


@claim(
    "bao2020/B/smax-bound/quotient+",
    where="Appendix B, Scaling curvature",
    given=MINIMUM,
    convention=SCALE_MAIN,
)
def scaling_quotient_corrected() -> Chain:
    """For objective (3) the quotient is twice what is printed, which holds for the half of it."""
    return eq(form(l2_loss) / LENGTH, 4 * σ[1] ** 2 * (1 - λ[1] * σ[1] ** -2))


ALIKE = Tight((j, i))

# Rotation curvature -------------------------------------------------------------------------------


@claim("bao2020/B/nu-order", where="Appendix B, Rotation curvature", given=[FULL_RANK, ANY_PENALTIES, DESCENDING_PAIR])
def nu_order() -> All:
    """For i > j, λ_i > λ_j, σ_i < σ_j and ν_i < ν_j."""
    return both(
        chain(λ[i], ">", (λ[j], ALIKE)),
        chain(σ[i], "<", (σ[j], ALIKE)),
        chain(λ[i] * σ[i] ** -2, ">", (λ[i] * σ[j] ** -2, ALIKE), ">", (λ[j] * σ[j] ** -2, ALIKE)),
        chain(ν[i], "<", (ν[j], ALIKE)),
    )


# Conditioning of the objective --------------------------------------------------------------------


@claim(
    "bao2020/B/ratio",
    where="Appendix B, Conditioning of the objective",
    given=[FULL_RANK, PENALTIES, DESCENDING_PAIR],
    convention=SCALE_HALF,
)
def curvature_ratio() -> Chain:
    """The bound on s_max over the bound on s_min bounds the condition number."""
    return chain(
        COND,
        "≥",
        (2 * (σ[1] ** 2 - σ[k] ** 2) / ((ν[j] - ν[i]) / (ν[i] + ν[j]) * (λ[i] - λ[j])), conditioned(i, j)),
        "=",
        printed_ratio(i, j),
        plan=SPECTRAL,
    )


def largest_pair(term: Callable[[Expr, Expr], Expr]) -> Expr:
    """The maximum over i > j."""
    return Extremum("max", i, TWO, k, Extremum("max", j, ONE, i - 1, term(i, j)))


def largest_neighbours(term: Callable[[Expr, Expr], Expr]) -> Expr:
    return Extremum("max", j, ONE, k - 1, term(j + 1, j))


@claim(
    "bao2020/B/eq16",
    where="Appendix B, (16)",
    tag="16",
    given=LATENTS,
    convention=SCALE_HALF,
    note="The condition number at any λ is at least the inner maximum at that λ, hence at least its infimum over λ. "
    "Whether the printed minimum exists is bao2020/B/equalize.",
)
def eq16() -> Chain:
    """The condition number is at least the largest of the ratios."""
    return chain(
        COND, "≥", (largest_pair(printed_ratio), Each(lambda a: Each(lambda b: conditioned(a, b)))), plan=SPECTRAL
    )


def relaxed(a: Expr, b: Expr) -> Expr:
    """A term of (16) without its constant, ν_i + ν_j bounded by 2ν_i."""
    return ν[a] / ((λ[a] - λ[b]) * (ν[b] - ν[a]))


@claim("bao2020/B/relax-adjacent", where="Appendix B, after (16)", given=[FULL_RANK, ANY_PENALTIES, DESCENDING_PAIR])
def relax_adjacent() -> All:
    """ν_i + ν_j > 2ν_i for i > j, and then the largest ratio is one of neighbours."""
    neighbours = Each(lambda a: Each(lambda b: Member(a - 1)))
    return both(
        chain(ν[i] + ν[j], ">", (2 * ν[i], ALIKE)),
        chain(largest_pair(relaxed), "≤", (largest_neighbours(relaxed), neighbours)),
        chain(largest_pair(relaxed), "≥", (largest_neighbours(relaxed), Each(lambda b: Member(b + 1, Member(b))))),
    )


@claim(
    "bao2020/B/relax-adjacent/monotonic",
    where="Appendix B, after (16)",
    given=[FULL_RANK, ANY_PENALTIES, DESCENDING_PAIR],
)
def monotonic() -> All:
    """The entries of Λ are decreasing and those of ν increasing."""
    return both(chain(λ[i], "<", λ[j]), chain(ν[i], ">", ν[j]))


@claim(
    "bao2020/B/relax-adjacent/monotonic+",
    where="Appendix B, after (16)",
    given=[FULL_RANK, ANY_PENALTIES, DESCENDING_PAIR],
)
def monotonic_corrected() -> All:
    """The entries of Λ are increasing and those of ν decreasing."""
    return both(chain(λ[i], ">", (λ[j], ALIKE)), chain(ν[i], "<", (ν[j], ALIKE)))


# The minimum over λ -------------------------------------------------------------------------------
ε = Sym("ε")


@claim(
    "bao2020/B/equalize",
    where="Appendix B, after (16)",
    given=ORDERED,
    note="Equal terms at the minimum presuppose a minimum. λ_j + (j − 1)ε lowers every term.",
)
def equalize() -> Attained:
    """The minimum over λ of the largest term exists, and there all terms are equal."""
    return Attained(largest_neighbours(relaxed), λ, lambda a: (a - 1) * ε, ε)


@claim("bao2020/B/equalize+", where="Appendix B, after (16)", given=ORDERED)
def equalize_corrected() -> Chain:
    """At every λ the largest term is at least what equal terms would be."""
    bound = 1 / (λ[k] - λ[1]) * Sum(j, ONE, k - 1, ν[j + 1] / (ν[j] - ν[j + 1]))
    return chain(largest_neighbours(relaxed), "≥", (bound, MEAN))


MEAN = WeightedMean(lambda b: λ[b + 1] - λ[b], λ[k] - λ[1])

# Equal terms --------------------------------------------------------------------------------------
c1 = Sym("c_1")


def share(rng: Random) -> fmpq:
    """A ν in (0, 1], every third close to either end."""
    near = fmpq(1, rng.choice((10, 50, 250)))
    return rng.choice((fmpq(rng.randint(1, 12), 12), near, 1 - near))


def equal_terms(rng: Random, at: Instance) -> Instance:
    """λ at which the terms of neighbours are equal: ν and c_1 are drawn, and λ_j and σ_j² follow in turn."""
    size = at["k"]
    if size < 2:
        raise Undefined("k = 1 has no neighbours")
    for _ in range(100):
        ratios = sorted({share(rng) for _ in range(size)}, reverse=True)
        if len(ratios) < size or ratios[0] >= 1:
            continue
        first = 1 - ratios[0]
        gaps = [b / (a - b) for a, b in pairwise(ratios)]
        c = sum(gaps, fmpq(0)) / fmpq(rng.randint(1, 12), rng.choice((3, 10)))
        lams = [first + sum(gaps[:a], fmpq(0)) / c for a in range(size)]
        squares = [x / (1 - r) for x, r in zip(lams, ratios, strict=True)]
        squares += [squares[-1] / (a + 2) for a in range(at["m"] - size)]
        if all(a > b for a, b in pairwise(squares)):
            return {"σ": [Surd(s) for s in squares], "λ": lams, "c_1": c}
    raise Undefined("no equal terms found")


def two_latents_equal(rng: Random, at: Instance) -> Instance:
    """For k = 2 the only term is equal to itself, at any λ for which the minimum is rational."""
    if at["k"] != 2:
        raise Undefined("rational weights are drawn for k = 2 only")
    (a, b), (x, y) = at["σ"][:2], at["λ"]
    left, right = 1 - x / (a * a), 1 - y / (b * b)
    return {"c_1": right / ((y - x) * (left - right))}


EQUAL = (
    Every(j, ONE, k - 1, Rel(c1 * ((λ[j + 1] - λ[j]) * (ν[j] - ν[j + 1])), "=", ν[j + 1])),
    Rel(c1, ">", ZERO),
)
EQUAL_NAME = "ν_{j+1}/((λ_{j+1} − λ_j)(ν_j − ν_{j+1})) = c_1"
EQUAL_TEX = r"\frac{\nu_{j+1}}{(\lambda_{j+1}-\lambda_j)(\nu_j-\nu_{j+1})} = c_1"
EQUAL_TERMS = Hypothesis(EQUAL_NAME, EQUAL_TEX, EQUAL, equal_terms, lambda rng, at: {"c_1": rational(rng, 3, True)})
EQUAL_PAIR = Hypothesis(EQUAL_NAME, EQUAL_TEX, EQUAL, two_latents_equal, EQUAL_TERMS.broken)
EQUALIZED = [FULL_RANK, ANY_PENALTIES, TWO_LATENTS, EQUAL_TERMS]

F = Sum(j, ONE, k - 1, ν[j + 1] / (ν[j] - ν[j + 1]))
WHOLE_RANGE = Tight((λ[1], 0), (λ[k], σ[k] ** 2))
RANGE_OF_Λ = via(
    "=",
    Sum(j, ONE, k - 1, λ[j + 1] - λ[j]),
    "=",
    Sum(j, ONE, k - 1, 1 / c1 * (ν[j + 1] / (ν[j] - ν[j + 1]))),
)


@claim("bao2020/B/eq17", where="Appendix B, (17)", tag="17", given=EQUALIZED)
def eq17() -> All:
    """When the terms are equal, their value is the sum over the range of λ, and more than the sum over σ_k²."""
    value = Arithmetic(Lemma(λ[k] - λ[1], "=", 1 / c1 * F, RANGE_OF_Λ))
    return both(
        chain(λ[k] - λ[1], "=", Sum(j, ONE, k - 1, λ[j + 1] - λ[j])),
        chain(λ[k] - λ[1], "=", (1 / c1 * F, RANGE_OF_Λ)),
        chain(c1, "=", (1 / (λ[k] - λ[1]) * F, value), ">", (1 / σ[k] ** 2 * F, WHOLE_RANGE)),
    )


# The sum in (17) as a function of ν ---------------------------------------------------------------
w, c2 = Family("ν°", r"\nu"), Sym("c_2")
SUM = Sum(j, ONE, k - 1, w[j + 1] / (w[j] - w[j + 1]))


def falling(rng: Random, at: Instance) -> Instance:
    scale = fmpq(rng.choice((1, 1, 40)), 13)
    values = {scale * rng.randint(1, 12) for _ in range(at["k"])}
    return {"ν°": sorted(values, reverse=True)} if len(values) == at["k"] else {}


def fixed_ends(rng: Random, at: Instance) -> Instance:
    """Falling ν whose last member is (c_2/(1 + c_2))^{k−1} of the first."""
    c = rational(rng, at["height"] + 1, True) / rng.choice((1, 1, 5))
    first, last = fmpq(rng.randint(1, 12), rng.choice((1, 13))), (c / (1 + c)) ** (at["k"] - 1)
    inside = sorted((last + (1 - last) * fmpq(rng.randint(1, 20), 21) for _ in range(at["k"] - 2)), reverse=True)
    return {"c_2": c, "ν°": [first, *(first * x for x in inside), first * last][: at["k"]]}


FALLING = (Every(l, ONE, k - 1, Rel(w[l], ">", w[l + 1])), Rel(w[k], ">", ZERO))
FALLING_ν = Hypothesis("ν_1 > … > ν_k > 0", r"\nu_1 > \dots > \nu_k > 0", FALLING, falling)
FIXED_ENDS = Hypothesis(
    "ν_1 > … > ν_k = (c_2/(1 + c_2))^{k−1} ν_1 > 0",
    r"\nu_1 > \dots > \nu_k = \left(\tfrac{c_2}{1+c_2}\right)^{k-1}\nu_1 > 0",
    (*FALLING, Rel(c2, ">", ZERO), Rel(w[k] * (1 + c2) ** (k - 1), "=", c2 ** (k - 1) * w[1])),
    fixed_ends,
    lambda rng, at: {**falling(rng, at), "c_2": rational(rng, 4, True)},
)
POSITIVE_C2 = Hypothesis(
    "c_2 > 0",
    "c_2 > 0",
    (Rel(c2, ">", ZERO),),
    lambda rng, at: {"c_2": rational(rng, at["height"] + 1, True) / rng.choice((1, 1, 5))},
    lambda rng, at: {"c_2": -rational(rng, at["height"] + 1, True)},
)
INNER = Hypothesis(
    "1 < l < k",
    "1 < l < k",
    (Rel(l, ">", ONE), Rel(l, "<", k)),
    lambda rng, at: {"l": rng.randint(2, max(2, at["k"] - 1))},
    lambda rng, at: {"l": rng.choice((1, at["k"]))},
)


@claim(
    "bao2020/B/sum-min-equal",
    where="Appendix B, after (17)",
    given=[TWO_LATENTS, FIXED_ENDS],
    note="ν_1 and ν_k are fixed, and the ν in between free; c_2/(1 + c_2) is the ratio of neighbours that leads from "
    "one to the other.",
)
def sum_min_equal() -> All:
    """With fixed ends the sum in (17) is least when all its terms are equal, to c_2."""
    x = (1 + c2) / c2 * w[j + 1] / w[j]
    tangent = Sum(j, ONE, k - 1, c2 + c2 * (1 + c2) * (x - 1))
    mean = Lemma(Sum(j, ONE, k - 1, x), "≥", k - 1, ProductOne(w, c2, 1 + c2))
    spelled = (k - 1) * c2 + c2 * (1 + c2) * (Sum(j, ONE, k - 1, x) - (k - 1))
    equal_ratio = c2 / (1 + c2) * w[l]
    return both(
        chain(
            SUM,
            "≥",
            ((k - 1) * c2, via("≥", tangent, "=", spelled, "≥", ((k - 1) * c2, Arithmetic(mean)))),
        ),
        eq(equal_ratio / (w[l] - equal_ratio), c2),
    )


@claim(
    "bao2020/B/sum-derivatives",
    where="Appendix B, after (17)",
    given=[FULL_RANK, TWO_LATENTS, FALLING_ν, INNER, POSITIVE_C2],
    note="ν_l is free. At equal terms ν_{l−1} = (1 + c_2)/c_2 ν_l and ν_{l+1} = c_2/(1 + c_2) ν_l.",
)
def sum_derivatives() -> All:
    """The first derivative of the sum by ν_l vanishes at equal terms, and the second is positive."""
    before, after = (1 + c2) / c2, c2 / (1 + c2)
    return both(
        chain(
            Diff(1 / σ[k] ** 2 * SUM, w[l]),
            "=",
            1 / σ[k] ** 2 * Diff(w[l - 1] / (w[l - 1] - w[l]) + w[l + 1] / (w[l] - w[l + 1]), w[l]),
            "=",
            1 / σ[k] ** 2 * (w[l - 1] / (w[l - 1] - w[l]) ** 2 - w[l + 1] / (w[l] - w[l + 1]) ** 2),
        ),
        chain(
            1 / σ[k] ** 2 * (before * w[l] / (before * w[l] - w[l]) ** 2 - after * w[l] / (w[l] - after * w[l]) ** 2),
            "=",
            1 / σ[k] ** 2 * (1 / w[l]) * (before / (before - 1) ** 2 - after / (1 - after) ** 2),
            "=",
            ZERO,
        ),
        chain(
            Diff(1 / σ[k] ** 2 * SUM, w[l], 2),
            "=",
            1
            / σ[k] ** 2
            * (
                2 * w[l - 1] * (w[l - 1] - w[l]) / (w[l - 1] - w[l]) ** 4
                + 2 * w[l + 1] * (w[l] - w[l + 1]) / (w[l] - w[l + 1]) ** 4
            ),
            ">",
            ZERO,
        ),
    )


# The two further steps, and the bound -------------------------------------------------------------


def geometric(rng: Random, at: Instance) -> Instance:
    """σ and λ for which neighbouring ν have the ratio c_2/(1 + c_2)."""
    c, first = rational(rng, at["height"] + 2, True), fmpq(rng.randint(1, 12), 13)
    values = [first * (c / (1 + c)) ** a for a in range(at["k"])]
    step, scale = rng.choice((1, 9)), fmpq(rng.choice((1, 1, 9)), 9)
    σs = [scale * (step * (at["m"] - a) + rng.choice((1, 9))) for a in range(at["m"])]
    σs.sort(reverse=True)
    return {"c_2": c, "σ": σs, "λ": [s * s * (1 - x) for s, x in zip(σs, values, strict=False)]}


GEOMETRIC = Hypothesis(
    "ν_{j+1} = c_2/(1 + c_2) ν_j",
    r"\nu_{j+1} = \tfrac{c_2}{1+c_2}\nu_j",
    (Every(j, ONE, k - 1, Rel((1 + c2) * ν[j + 1], "=", c2 * ν[j])), Rel(c2, ">", ZERO)),
    geometric,
    lambda rng, at: {"c_2": rational(rng, 4, True)},
)
GAPS = Sum(i, TWO, k - 1, σ[i] ** 2 - σ[k] ** 2)


@claim(
    "bao2020/B/c2-chain",
    where="Appendix B, after (17)",
    given=[FULL_RANK, ANY_PENALTIES, TWO_LATENTS, GEOMETRIC],
    note="As printed: the λ at hand are those at which all terms of (17) are equal.",
)
def c2_chain() -> All:
    """When the terms of (17) are equal, their value c_2 is at least a sum over the spectrum."""
    drop = Sum(j, ONE, k - 1, 1 / c2 * ν[j + 1])
    telescoped = via("=", Sum(j, ONE, k - 1, ν[j] - ν[j + 1]), "=", drop)
    total = Sum(j, ONE, k - 1, ν[j + 1])
    tail = Sum(i, TWO, k, 1 - λ[i] / σ[i] ** 2)
    shares = Sum(i, TWO, k, (σ[i] ** 2 - λ[i]) / σ[i] ** 2)
    inner = Sum(i, TWO, k - 1, (σ[i] ** 2 - λ[i]) / σ[i] ** 2)
    value = Arithmetic(Lemma(ν[1] - ν[k], "=", 1 / c2 * total, telescoped))
    smaller = Arithmetic(Lemma(total, "=", tail))
    last = via(
        "=",
        inner + (σ[k] ** 2 - λ[k]) / σ[k] ** 2,
        ">",
        inner,
        "≥",
        Sum(i, TWO, k - 1, 1 / σ[1] ** 2 * (σ[i] ** 2 - σ[k] ** 2)),
    )
    return both(
        chain(ν[1] - ν[k], "=", Sum(j, ONE, k - 1, ν[j] - ν[j + 1])),
        chain(ν[1] - ν[k], "=", (1 / c2 * total, telescoped)),
        chain(
            c2,
            "=",
            (1 / (ν[1] - ν[k]) * total, value),
            ">",
            (1 / ν[1] * tail, Tight((ν[k], 0), why=smaller)),
            ">",
            (shares, Tight((ν[1], 1), why=Arithmetic(Lemma(tail, "=", shares)))),
            ">",
            (1 / σ[1] ** 2 * GAPS, last),
        ),
    )


@claim(
    "bao2020/B/sum-claim",
    where="Appendix B, end",
    given=ORDERED,
    note="The sum at the λ at hand, against the bound that the proof draws for it.",
)
def sum_claim() -> Chain:
    """The sum in (17) is at least (k − 1)/σ_1² Σ (σ_i² − σ_k²)."""
    return searched(chain(F, "≥", (k - 1) / σ[1] ** 2 * GAPS))


S_ν = Sum(j, ONE, k - 1, ν[j + 1])
SHARES = Sum(i, TWO, k - 1, 1 - σ[k] ** 2 / σ[i] ** 2)
SHIFTED_SHARES = Sum(j, ONE, k - 1, 1 - σ[k] ** 2 / σ[j + 1] ** 2)
SQUARES = Sum(j, ONE, k - 1, HALF * (ν[j] ** 2 - ν[j + 1] ** 2))
DROPS = Sum(j, ONE, k - 1, ν[j + 1] * (ν[j] - ν[j + 1]))
FACTS = (
    Lemma(F * DROPS, "≥", S_ν**2, CauchySchwarz(lambda a: ν[a + 1], lambda a: ν[a] - ν[a + 1])),
    Lemma(
        DROPS,
        "<",
        HALF,
        via("≤", SQUARES, "=", HALF * (ν[1] ** 2 - ν[k] ** 2), "<", HALF),
    ),
)
AT_LEAST_SHARES = Lemma(S_ν, "≥", SHARES, via("≥", SHIFTED_SHARES, "=", SHARES))
SCALED_GAPS = Lemma(
    SHARES,
    "≥",
    1 / σ[1] ** 2 * GAPS,
    via("≥", Sum(i, TWO, k - 1, 1 / σ[1] ** 2 * (σ[i] ** 2 - σ[k] ** 2))),
)
QUADRATIC = via(
    ">",
    (2 * S_ν**2, Arithmetic(*FACTS)),
    "≥",
    (2 * SHARES**2, Arithmetic(AT_LEAST_SHARES)),
    "≥",
    (2 * (1 / σ[1] ** 2 * GAPS) ** 2, Arithmetic(SCALED_GAPS)),
)


@claim("bao2020/B/sum-claim+", where="Appendix B, end", given=ORDERED)
def sum_claim_corrected() -> Chain:
    """It is more than twice the square of Σ (σ_i² − σ_k²)/σ_1², by the Cauchy–Schwarz inequality."""
    return chain(F, ">", (2 * (1 / σ[1] ** 2 * GAPS) ** 2, QUADRATIC), plan=LOOSE)


@claim(
    "bao2020/B/c1-claim",
    where="Appendix B, end",
    given=EQUALIZED,
    note="c_1 is the equal value of the terms, and c_2 what the proof writes for it.",
)
def c1_claim() -> Chain:
    """c_1 exceeds (k − 1)/σ_k² c_2, and that a sum over the spectrum."""
    c_2 = 1 / (ν[1] - ν[k]) * Sum(j, ONE, k - 1, ν[j + 1])
    return chain(c1, ">", (k - 1) / σ[k] ** 2 * c_2, ">", (k - 1) / (σ[1] ** 2 * σ[k] ** 2) * GAPS, plan=SEARCH)


@claim(
    "bao2020/B/c1-claim/ends",
    where="Appendix B, end",
    given=EQUALIZED,
    note="The first and the last member of the printed chain: free of how c_2 is read.",
)
def c1_claim_ends() -> Chain:
    """c_1 exceeds (k − 1)/(σ_1²σ_k²) Σ (σ_i² − σ_k²)."""
    return chain(c1, ">", (k - 1) / (σ[1] ** 2 * σ[k] ** 2) * GAPS, plan=SEARCH)


@claim("bao2020/B/c1-claim+", where="Appendix B, end", given=EQUALIZED)
def c1_claim_corrected() -> Chain:
    """c_1 exceeds twice the square of the mean share over σ_k²."""
    value = Arithmetic(Lemma(λ[k] - λ[1], "=", 1 / c1 * F, RANGE_OF_Λ))
    square = 2 * (1 / σ[1] ** 2 * GAPS) ** 2
    return chain(
        c1,
        "=",
        (1 / (λ[k] - λ[1]) * F, value),
        ">",
        (1 / σ[k] ** 2 * F, WHOLE_RANGE),
        ">",
        (
            2 / σ[k] ** 2 * (1 / σ[1] ** 2 * GAPS) ** 2,
            Arithmetic(Lemma(F, ">", square, QUADRATIC)),
        ),
        plan=LOOSE,
    )


@claim(
    "bao2020/B/cond-from-c1",
    where="Appendix B, end",
    given=[*LATENTS, EQUAL_PAIR],
    convention=SCALE_HALF,
)
def cond_from_c1() -> Chain:
    """The condition number is at least 2(σ_1² − σ_k²)c_1."""
    term = SPREAD * (ν[1] + ν[TWO]) / ((λ[TWO] - λ[1]) * (ν[1] - ν[TWO]))
    return chain(
        COND,
        "≥",
        (
            2 * (σ[1] ** 2 - σ[k] ** 2) * c1,
            via("≥", (term, conditioned(TWO, ONE)), ">", SPREAD * c1),
        ),
        plan=SPECTRAL,
    )


# The bound ----------------------------------------------------------------------------------------
T = Sum(j, ONE, k - 1, (ν[j] + ν[j + 1]) / (ν[j] - ν[j + 1]))
TWICE = via("=", Sum(j, ONE, k - 1, 1 + 2 * (ν[j + 1] / (ν[j] - ν[j + 1]))))
PREFACTOR = 2 * (σ[1] ** 2 - σ[k] ** 2) / σ[k] ** 2


def at_every_λ(scale: Expr = ONE) -> tuple:
    """cond(H) > 2(σ_1² − σ_k²)/σ_k² (k − 1 + 2F), by the mean of the ratios with weights λ_{j+1} − λ_j."""
    return (
        ("≥", largest_neighbours(printed_ratio), Each(lambda b: conditioned(b + 1, b, scale))),
        ("≥", SPREAD / (λ[k] - λ[1]) * T, MEAN),
        (">", PREFACTOR * (k - 1 + 2 * F), Arithmetic(Lemma(T, "=", k - 1 + 2 * F, TWICE))),
    )


def bound_by(shares: Expr) -> Expr:
    return PREFACTOR * (k - 1 + 4 * shares**2)


@claim(
    "bao2020/B/final+",
    where="Appendix B, end",
    given=LATENTS,
    note="Free of the scale of the loss. It bounds the printed expression from above for k ≤ 17.",
)
def final_corrected() -> Chain:
    """For every k and λ, a lower bound on the condition number by the spectrum alone."""
    squares = Lemma(
        F,
        ">",
        2 * SHARES**2,
        via(">", (2 * S_ν**2, Arithmetic(*FACTS)), "≥", (2 * SHARES**2, Arithmetic(AT_LEAST_SHARES))),
    )
    why = Via((*at_every_λ(), (">", bound_by(SHARES), Arithmetic(squares))))
    return chain(COND, ">", (2 * (σ[1] ** 2 - σ[k] ** 2) / σ[k] ** 2 * (k - 1 + 4 * SHARES**2), why), plan=SPECTRAL)


def printed_bound(k: Expr = k) -> Expr:
    """The printed lower bound on the condition number."""
    total = Sum(i, TWO, k - 1, σ[i] ** 2 - σ[k] ** 2)
    return 2 * (k - 1) * (σ[1] ** 2 - σ[k] ** 2) * total / (σ[1] ** 2 * σ[k] ** 2)


def bounded(scale: Expr = ONE) -> Within:
    """The printed bound from the corrected one: 4s² − (k − 1)s + (k − 1) = (2s − (k − 1)/4)² + (k − 1)(17 − k)/16."""
    share = 1 / σ[1] ** 2 * GAPS
    spare = PREFACTOR * (k - 1) * (17 - k) / 16
    squares = Lemma(F, ">", 2 * share**2, QUADRATIC)
    steps = (
        *at_every_λ(scale),
        (">", bound_by(share), Arithmetic(squares)),
        ("≥", printed_bound() + spare, ""),
        ("≥", printed_bound(), ""),
    )
    return Within(Rel(k, "≤", Num(Fraction(17))), Via(steps))


@claim(
    "bao2020/B/final",
    where="Appendix B, end",
    given=LATENTS,
    convention=SCALE_HALF,
    note="The condition number does not depend on the scale. Beyond k = 17 the proof does not reach the printed bound.",
)
def final() -> Chain:
    """The condition number exceeds a bound by the spectrum alone."""
    return chain(COND, ">", (printed_bound(), bounded()), plan=SPECTRAL)

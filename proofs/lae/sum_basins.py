"""From which starts the gradient flow of the sum loss of Kunin et al. reaches which minimum.

Bounded gradient trajectories of a polynomial tend to a critical point (Łojasiewicz), and these are bounded, as the loss
is at least λ(‖W_1‖² + ‖W_2‖²): that is taken from there. What decides between the critical points is shown here. With
one latent the coordinates a_j = W_1u_j and b_j = u_jᵀW_2 of each direction move by a linear system whose off-diagonal
coefficients 2σ_j² are positive, so that both stay positive where they are. If λ < σ_1² the sum a_1 + b_1 of positive
numbers grows near every critical point that does not learn u_1. So all starts with a_1, b_1 > 0 reach the minimum that
has them positive, those with a_1, b_1 < 0 the other, and those with a_1 = b_1 = 0 neither. For m = 1, the example of
Figure 1c, a_1 + b_1 keeps its sign, which settles starts of mixed signs. For m > 1 they are not settled here, nor is
what more than one latent does off the axes.

Main results
    quadrants     how a_j and b_j move, for one latent and any data
    leaves        a_1 + b_1 grows near every critical point that does not learn u_1
    half_planes   for m = 1: w_1 + w_2 keeps its sign, and decides
    on_axis       from W_1 = W_2ᵀ on an axis u_j the flow reaches ±(1 − λσ_j⁻²)^½, though it may be a saddle
    to_origin     from W_1 = −W_2ᵀ on an axis it reaches the origin
"""

from __future__ import annotations

from random import Random

from flint import fmpq

from proofs.algebra.evaluate import Instance
from proofs.claim import claim
from proofs.hypotheses import Hypothesis, rational
from proofs.kernel.expressions import Basis, Expr, Eye, Letter, Named, SqNorm, Sym, Tr, integer
from proofs.kernel.propositions import Rel
from proofs.kunin2019.notation import SCALE, W1, W2, i, k, m, summed, unregularized, λ
from proofs.kunin2019.section_2_1 import DATUM, LIGHT, x
from proofs.kunin2019.section_4 import DATA, NONE, ONE, PENALIZED, SPECTRUM, Ū, σ
from proofs.methods.chain import chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.flow import Descends, descent

WHERE = "the gradient flow of the sum loss"
j, l = integer("j", "", 1, m), integer("l", "", 1, m)


# One latent ---------------------------------------------------------------------------------------
ENCODER, DECODER = Letter("W1", 1, m), Letter("W2", m, 1)
FLOW = descent(summed(ENCODER, DECODER, DATA), ENCODER, DECODER)


def axis(place: Expr) -> Expr:
    return Ū @ Basis(place, m)


@claim("lae/sum/basins/quadrants", where=WHERE, given=[SPECTRUM, PENALIZED], convention=f"k = 1; {SCALE}")
def quadrants() -> All:
    """a_j = W_1u_j falls but for what b_j = u_jᵀW_2 adds to it, and so does b_j: what has one sign in both keeps it."""
    a, b = Tr(ENCODER @ axis(j)), Tr(axis(j).T @ DECODER)
    spread = SqNorm(ENCODER @ DATA)
    return both(
        eq(FLOW.rate(a), 2 * σ[j] ** 2 * b - 2 * (σ[j] ** 2 * SqNorm(DECODER) + λ) * a),
        eq(FLOW.rate(b), 2 * σ[j] ** 2 * a - 2 * (spread + λ) * b),
    )


def lesser(rng: Random, at: Instance) -> Instance:
    """Another direction than the first, and λ below σ_1², above and below the other σ_l²."""
    if at["m"] < 2:
        return {"l": 2, "λ": at["σ"][0] ** 2 / 2}
    place = rng.randint(2, at["m"])
    return {"l": place, "λ": at["σ"][rng.choice((0, place - 1))] ** 2 * fmpq(rng.choice((1, 9, 24)), 25)}


LESSER = Hypothesis(
    "l > 1, 0 < λ < σ_1²",
    r"l > 1,\ 0 < \lambda < \sigma_1^2",
    (Rel(l, ">", ONE), Rel(λ, ">", NONE), Rel(λ, "<", σ[1] ** 2)),
    lesser,
)


@claim(
    "lae/sum/basins/leaves",
    where=WHERE,
    given=[SPECTRUM, LESSER],
    convention=f"k = 1; {SCALE}",
    note="‖W_2‖² and ‖W_1X‖² are 1 − λσ_l⁻² and σ_l² − λ at the critical points that learn u_l, and 0 at the origin. "
    "So near all of them but those that learn u_1 a_1 + b_1 grows where a_1, b_1 > 0, and the flow does not end there.",
)
def leaves() -> All:
    """The rate of a_1 + b_1, and that its coefficients are positive at every critical point that does not learn u_1."""
    a, b = Tr(ENCODER @ axis(ONE)), Tr(axis(ONE).T @ DECODER)

    def of_a(decoder: Expr) -> Expr:
        return σ[1] ** 2 * (1 - decoder) - λ

    def of_b(encoder: Expr) -> Expr:
        return σ[1] ** 2 - encoder - λ

    rate = 2 * of_a(SqNorm(DECODER)) * a + 2 * of_b(SqNorm(ENCODER @ DATA)) * b
    shrunk = 1 - λ * σ[l] ** -2
    return both(
        eq(FLOW.rate(a + b), rate),
        chain(of_a(shrunk), "=", λ * (σ[1] ** 2 - σ[l] ** 2) * σ[l] ** -2, ">", NONE),
        chain(of_b(σ[l] ** 2 * shrunk), "=", σ[1] ** 2 - σ[l] ** 2, ">", NONE),
        chain(of_a(NONE), "=", of_b(NONE), ">", NONE),
    )


# One direction ------------------------------------------------------------------------------------
ONE_1, ONE_2 = Letter("W1", 1, 1), Letter("W2", 1, 1)
SCALAR = descent(
    SqNorm(x * Eye(1) - x * (ONE_2 @ ONE_1)) + λ * (SqNorm(ONE_1) + SqNorm(ONE_2)),
    ONE_1,
    ONE_2,
)


@claim(
    "lae/sum/basins/half-planes",
    where=WHERE,
    given=[DATUM, LIGHT],
    convention=f"n = m = k = 1; {SCALE}",
    note="The critical points are 0 and ±(1 − λx⁻²)^½ (1, 1). Starts with w_1 + w_2 > 0 reach the positive one, as "
    "w_1 + w_2 grows near 0 at the rate 2(x² − λ); those with w_1 + w_2 < 0 the negative one, others the origin.",
)
def half_planes() -> All:
    """w_1 + w_2 keeps its sign, and near the origin it grows; w_1 − w_2 keeps its sign and falls where w_1w_2 < 1."""
    a, b = Tr(ONE_1), Tr(ONE_2)
    return both(
        eq(SCALAR.rate(a + b), 2 * (x**2 * (1 - a * b) - λ) * (a + b)),
        eq(SCALAR.rate(a - b), -2 * (x**2 * (1 - a * b) + λ) * (a - b)),
        chain(x**2 - λ, ">", NONE),
    )


# On an axis ---------------------------------------------------------------------------------------
c, r, t = Sym("c"), Sym("r"), Sym("a")
E = Basis(i, k)


def along(encoder: Expr, decoder: Expr) -> tuple[Expr, Expr]:
    """W_1 and W_2 that have one latent on one axis."""
    return encoder * E @ axis(j).T, decoder * axis(j) @ E.T


def above(rng: Random, at: Instance) -> Instance:
    root = fmpq(rng.randint(1, 5), 6)
    return {"r": root, "c": rational(rng, at["height"], positive=True) - root * rng.choice((0, 1))}


ROOT = Hypothesis(
    "0 < r < 1, c > −r",
    "0 < r < 1, c > -r",
    (Rel(r, ">", NONE), Rel(r, "<", ONE), Rel(c, ">", -r)),
    above,
    lambda rng, at: {"r": fmpq(1, 2), "c": fmpq(-1)},
)
LEVEL = Named("λ", σ[j] ** 2 * (1 - r**2), r"\lambda")


@claim(
    "lae/sum/basins/axis",
    where=WHERE,
    given=[SPECTRUM, ROOT],
    convention=SCALE,
    note="λ = σ_j²(1 − r²), so r is (1 − λσ_j⁻²)^½; the start is r + c times the axis, any positive multiple. If j > 1 "
    "or k > 1 the end may be a saddle: such starts are on its stable manifold.",
)
def on_axis() -> Descends:
    """From W_1 = W_2ᵀ on an axis of which σ_j² > λ the flow reaches the critical point that learns it alone."""
    w1, w2 = along(r + c * t, r + c * t)
    loss = unregularized(W1, W2, DATA) + LEVEL * (SqNorm(W1) + SqNorm(W2))
    return Descends(loss, (W1, W2), (w1, w2), t, -2 * σ[j] ** 2 * t * (2 * r + c * t) * (r + c * t))


@claim(
    "lae/sum/basins/origin",
    where=WHERE,
    given=[SPECTRUM, PENALIZED],
    convention=SCALE,
    note="c is any number. For n = m = k = 1 these are the starts between the half-planes.",
)
def to_origin() -> Descends:
    """From W_1 = −W_2ᵀ on an axis the flow reaches the origin, whatever λ is."""
    return Descends(
        summed(W1, W2, DATA), (W1, W2), along(c * t, -c * t), t, -2 * t * (σ[j] ** 2 * (1 + c**2 * t**2) + λ)
    )

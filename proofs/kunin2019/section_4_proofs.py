"""Kunin et al. 2019, Section 4.2 and Appendix B: the lines of the proofs of Theorem 4.2 and of Proposition 4.3.

Main results
    rotated                     the losses in the principal axes
    expanded, expanded_sum      as traces
    critical_of_parts           crit(𝓛_σ) = crit(𝓛_1) ∩ {Q_1 = Q_2ᵀ}
    gradients                   (5) and (6)
    idempotent, diagonal_step   D⁻²S²Qᵀ is symmetric, idempotent and diagonal
    distinct_for_sum            which Proposition 4.3 cannot be asked for of the sum loss: (σ² − λ)²/σ² may repeat
    printed_factors             the printed table of Proposition 4.3 does not conform
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from flint import fmpq

from proofs.algebra.evaluate import Instance, Undefined
from proofs.claim import claim
from proofs.hypotheses import Hypothesis, Plan, rational
from proofs.kernel.expressions import Diag, Entry, Expr, Eye, Family, Grad, Letter, Named, SqNorm, Tr, integer
from proofs.kernel.propositions import Every, Rel
from proofs.kunin2019.notation import SCALE, I_m, k, m, product, summed, unregularized, λ
from proofs.kunin2019.section_4 import (
    CHOSEN,
    DATA,
    G_PLUS,
    HALF,
    NONE,
    ONE,
    PENALIZED,
    PLAN,
    SPECTRUM,
    Ū,
    Σ,
    F,
    G,
    L,
    ell,
    frame,
    index_sets,
    l,
    σ,
)
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.implication import Implication, Step, fact
from proofs.methods.proposition import Proposition, says
from proofs.methods.stationarity import Complete, Points, Stationary

Q1, Q2 = Letter("Q1", k, m, tex="Q_1"), Letter("Q2", m, k, tex="Q_2")
Q = Q2 @ Q1
PAIR = (Q1, Q2)

# Theorem 4.2 --------------------------------------------------------------------------------------


@claim("kunin2019/thm4.2/rotate", where="Theorem 4.2, proof", convention=SCALE, note="With W_1 = Q_1Uᵀ, W_2 = UQ_2.")
def rotated() -> All:
    """In the principal axes the losses are the same with Σ for X."""
    w1, w2 = Q1 @ Ū.T, Ū @ Q2
    return both(*(eq(loss(w1, w2, DATA), loss(Q1, Q2, Σ)) for loss in (unregularized, product, summed)))


@claim("kunin2019/thm4.2/expand-L", where="Theorem 4.2, proof", convention=SCALE)
def expanded() -> Chain:
    """𝓛 as a trace."""
    return eq(unregularized(Q1, Q2, Σ), Tr(Q @ Σ**2 @ Q.T - 2 * Q @ Σ**2 + Σ**2))


@claim("kunin2019/thm4.2/expand-Lpi", where="Theorem 4.2, proof", convention=SCALE)
def expanded_product() -> Chain:
    """𝓛_π as a trace."""
    return eq(product(Q1, Q2, Σ), Tr(Q @ (Σ**2 + λ * I_m) @ Q.T - 2 * Q @ Σ**2 + Σ**2))


FIRST = Named("L_1", Tr(Q @ Σ**2 @ Q.T - 2 * Q @ (Σ**2 - λ * I_m) + Σ**2), r"\mathcal L_1")
SECOND = Named("L_2", λ * SqNorm(Q1 - Q2.T), r"\mathcal L_2")
SUM = Named("L_σ", summed(Q1, Q2, Σ), r"\mathcal L_\sigma")


@claim("kunin2019/thm4.2/expand-Lsigma", where="Theorem 4.2, proof", convention=SCALE)
def expanded_sum() -> Chain:
    """𝓛_σ is a trace and λ‖Q_1 − Q_2ᵀ‖²."""
    return eq(SUM, FIRST + SECOND)


def stationary(loss: Expr) -> tuple[Rel, ...]:
    return tuple(fact(Grad(loss, q), "=", 0) for q in PAIR)


TIED = Rel(Q1, "=", Q2.T)


@claim("kunin2019/thm4.2/crit-L1", where="Theorem 4.2, proof", given=[PENALIZED], convention=SCALE)
def critical_of_parts() -> All:
    """The critical points of 𝓛_σ are those of 𝓛_1 with Q_1 = Q_2ᵀ."""
    gap = Q1 - Q2.T

    def balanced(g1: Expr, g2: Expr) -> Expr:
        skew = (g2 @ Q2.T - Q2 @ g2.T) / 2
        return Tr(((g1 - g2.T) / 2 - Q1 @ skew + gap @ g2 @ Q2.T / 2) @ gap.T)

    def squares(x: Expr) -> Expr:
        return SqNorm(x @ (I_m - Q) @ Σ) + λ * SqNorm(x @ Q2) + λ * SqNorm(x)

    there = (
        Step(balanced, squares=squares),
        Step(lambda g1, g2, tie: g1 - 2 * λ * tie),
        Step(lambda g1, g2, tie, _: g2 + 2 * λ * tie.T),
    )
    back = (Step(lambda g1, g2, tie: g1 + 2 * λ * tie), Step(lambda g1, g2, tie, _: g2 - 2 * λ * tie.T))
    return both(
        Implication(stationary(SUM), (TIED, *stationary(FIRST)), PAIR, there),
        Implication((*stationary(FIRST), TIED), stationary(SUM), PAIR, back),
    )


# Proposition 4.3 ----------------------------------------------------------------------------------
a, b = Family("s"), Family("d")
S, D = Diag(a, m, "S"), Diag(b, m, "D")


def two_lists(rng: Random, at: Instance) -> Instance:
    """S and D of any signs; that the d_i⁴/s_i² differ is not used by the lines below."""
    some = lambda: rational(rng, at["height"], positive=True) * rng.choice((-1, 1))  # noqa: E731
    return {"s": [some() for _ in range(at["m"])], "d": [some() for _ in range(at["m"])]}


r, t = integer("r", "", 1, m), integer("t", "", 1, m)
LISTS = Hypothesis(
    "s_i ≠ 0, d_i ≠ 0",
    r"s_i \neq 0,\ d_i \neq 0",
    (
        Every(l, ONE, m, Rel(a[l], "≠", NONE)),
        Every(l, ONE, m, Rel(b[l], "≠", NONE)),
    ),
    two_lists,
    lambda rng, at: {"s": [fmpq(0)] * at["m"], "d": [fmpq(0)] * at["m"]},
)
STAR = Named("L_*", Tr(Q @ S**2 @ Q.T - 2 * Q @ D**2), r"\mathcal L_*")
FIVE = Rel(Q2.T @ Q2 @ Q1 @ S**2, "=", Q2.T @ D**2)
SIX = Rel(Q2 @ Q1 @ S**2 @ Q1.T, "=", D**2 @ Q1.T)
SHORT = Named("P", D**-2 @ S**2 @ Q.T)


@claim("kunin2019/prop4.3/eq5-6", where="Proposition 4.3, proof, (5) and (6)", tag="5, 6")
def gradients() -> All:
    """The gradients of 𝓛_* vanish where (5) and (6) hold."""
    return both(
        Implication(stationary(STAR), (FIVE, SIX), PAIR, (Step(lambda g, h: g / 2), Step(lambda g, h, _: h / 2))),
        Implication((FIVE, SIX), stationary(STAR), PAIR, (Step(lambda g, h: 2 * g), Step(lambda g, h, _: 2 * h))),
    )


@claim("kunin2019/prop4.3/idempotent", where="Proposition 4.3, proof", given=[LISTS])
def idempotent() -> Implication:
    """From (5): D⁻²S²QᵀQS²D⁻² = D⁻²S²Qᵀ, so that this matrix is symmetric and idempotent."""
    product_ = D**-2 @ S**2 @ Q.T @ Q @ S**2 @ D**-2
    steps = (
        Step(lambda five: D**-2 @ S**2 @ Q1.T @ five @ D**-2),
        Step(lambda five, f: f.T - f),
        Step(lambda five, f, even: f + SHORT @ even),
    )
    return Implication(
        (FIVE,), (Rel(product_, "=", SHORT), Rel(SHORT, "=", SHORT.T), Rel(SHORT @ SHORT, "=", SHORT)), PAIR, steps
    )


@claim(
    "kunin2019/prop4.3/diag-step",
    where="Proposition 4.3, proof, (7)",
    tag="7",
    given=[LISTS],
    note="For any two places r and t: (d_r⁴s_r⁻² − d_t⁴s_t⁻²)P_rt = 0 for P = D⁻²S²Qᵀ, which is 0 off the diagonal "
    "where these numbers differ.",
)
def diagonal_step() -> Implication:
    """QS²Qᵀ = (D²S⁻²D²)P, which is symmetric, so that P is diagonal; then Q = Pᵀ D²S⁻²."""
    weights = D**2 @ S**-2 @ D**2

    def level(row: Expr) -> Expr:
        return b[row] ** 4 * a[row] ** -2

    steps = (
        Step(lambda five, six: six @ Q2.T),
        Step(lambda five, six, f: D**-2 @ S**2 @ Q1.T @ five @ D**-2, fact(SHORT @ SHORT.T - SHORT, "=", 0)),
        Step(lambda five, six, f, g: g.T - g, Rel(SHORT, "=", SHORT.T)),
        Step(lambda five, six, f, g, even: Entry(f.T - f, r, t) - level(t) * Entry(even, r, t)),
    )
    return Implication(
        (FIVE, SIX),
        (
            Rel(Q @ S**2 @ Q.T, "=", weights @ SHORT),
            fact((level(r) - level(t)) * Entry(SHORT, r, t), "=", 0),
        ),
        PAIR,
        steps,
    )


# The hypothesis of Proposition 4.3 ----------------------------------------------------------------
def two_places(rng: Random, at: Instance) -> Instance:
    if at["m"] < 2:
        raise Undefined("m = 1 has no two places")
    return dict(zip("rt", rng.sample(range(1, at["m"] + 1), 2), strict=True))


PLACES = Hypothesis("r ≠ t", r"r \neq t", (Rel(r, "<", t),), two_places)


@claim("kunin2019/prop4.3/hyp-L", where="Theorem 4.2, proof", given=[SPECTRUM, PLACES], note="D = S = Σ: D²S⁻²D² = Σ².")
def distinct_for_plain() -> All:
    """For 𝓛 the diagonal of D²S⁻²D² has distinct non-zero elements."""
    return both(
        eq(Σ**2 @ Σ**-2 @ Σ**2, Σ**2),
        chain(σ[r] ** 2, ">", σ[t] ** 2, ">", NONE),
    )


@claim("kunin2019/prop4.3/hyp-Lpi", where="Theorem 4.2, proof", given=[SPECTRUM, PENALIZED, PLACES])
def distinct_for_product() -> Chain:
    """For 𝓛_π they are σ⁴/(σ² + λ), which fall strictly."""
    x, y = σ[r] ** 2, σ[t] ** 2
    return chain(x**2 / (x + λ), ">", y**2 / (y + λ), ">", NONE)


def level(place: Expr) -> Expr:
    return (σ[place] ** 2 - λ) ** 2 / σ[place] ** 2


def with_equal_levels(rng: Random, at: Instance) -> Instance:
    """λ = σ_rσ_t, at which both are equal, or another penalty."""
    return {"λ": at["σ"][0] * at["σ"][-1] if rng.random() < 0.5 else rational(rng, at["height"], positive=True)}


PENALTY_HERE = Hypothesis("λ > 0", r"\lambda > 0", (Rel(λ, ">", NONE),), with_equal_levels)
SMALL_PENALTY = Hypothesis(
    "0 < λ < σ_m²",
    r"0 < \lambda < \sigma_m^2",
    (Rel(λ, ">", NONE), Rel(λ, "<", σ[m] ** 2)),
    lambda rng, at: {"λ": at["σ"][-1] ** 2 * fmpq(rng.choice((1, 50, 99)), 100)},
    lambda rng, at: {"λ": at["σ"][-1] ** 2 * 2},
)


@claim(
    "kunin2019/prop4.3/hyp-Lsigma",
    where="Theorem 4.2, proof",
    given=[SPECTRUM, PENALTY_HERE, PLACES],
    note="S = Σ and D = (Σ² − λI)^½: the diagonal of D²S⁻²D² holds (σ_i² − λ)²/σ_i².",
)
def distinct_for_sum() -> Proposition:
    """For 𝓛_σ they are distinct."""
    return says(Rel(level(r), "≠", level(t)))


@claim("kunin2019/prop4.3/hyp-Lsigma+", where="Theorem 4.2, proof", given=[SPECTRUM, SMALL_PENALTY, PLACES])
def distinct_for_small_penalty() -> Chain:
    """They are distinct, and not 0, if λ < σ_m²."""
    x, y = σ[r] ** 2, σ[t] ** 2
    gap = (x - y) * ((x - λ) * y + λ * (y - λ)) * x**-1 * y**-1
    return chain(level(r) - level(t), "=", gap, ">", NONE)


@claim(
    "kunin2019/thm4.2/sum-proof",
    where="Theorem 4.2, proof",
    given=[SPECTRUM, PENALTY_HERE, PLACES],
    convention=SCALE,
    note="D = (Σ² − λI)^½ has to be real, and the hypothesis of Proposition 4.3 has to hold. The list itself is proved "
    "without it: kunin2019/eq2.",
)
def proof_of_sum() -> All:
    """Proposition 4.3 gives the row of 𝓛_σ, with S = Σ and D = (Σ² − λI)^½."""
    return both(chain((σ[r] ** 2 - λ) ** HALF, "≥", NONE), says(Rel(level(r), "≠", level(t))))


@claim(
    "kunin2019/thm4.2/sum-proof+", where="Theorem 4.2, proof", given=[SPECTRUM, SMALL_PENALTY, PLACES], convention=SCALE
)
def proof_of_sum_for_small_penalty() -> All:
    """It does if λ < σ_m²."""
    x, y = σ[r] ** 2, σ[t] ** 2
    gap = (x - y) * ((x - λ) * y + λ * (y - λ)) * x**-1 * y**-1
    return both(
        chain((σ[r] ** 2 - λ) ** HALF, "≥", NONE),
        chain(level(r) - level(t), "=", gap, ">", NONE),
    )


# The table of Proposition 4.3 ---------------------------------------------------------------------
a_I, b_I = Family("s_I", r"s_{\mathcal I}"), Family("d_I", r"d_{\mathcal I}")
S_I, D_I = Diag(a_I, ell, "S_I"), Diag(b_I, ell, "D_I")
LEFT = Letter("G⁺", ell, k, tex="G^+")


@claim(
    "kunin2019/prop4.3/table-dims",
    where="Proposition 4.3",
    note="Footnote 15: D_I and S_I are ℓ × ℓ, I_I is m × ℓ.",
)
def printed_factors() -> All:
    """The printed factors: Q_2 = D_I S_I⁻¹ I_I G⁺, Q_1 = G I_Iᵀ D_I S_I⁻¹."""
    return both(eq(Q2, D_I @ S_I**-1 @ F @ LEFT), eq(Q1, G @ F.T @ D_I @ S_I**-1))


# Corrected: with I_I in front, and any left inverse L of G in the place of G⁺, as in Theorem 4.2.
AXES = Letter("I_I", m, ell, tex=r"I_{\mathcal I}")
LIST = (
    Rel(S @ AXES, "=", AXES @ S_I),
    Rel(D @ AXES, "=", AXES @ D_I),
    Rel(AXES.T @ AXES, "=", Eye(ell)),
    Rel(LEFT @ G, "=", Eye(ell)),
)
LEVELS = Hypothesis(
    "(s_I)_l ≠ 0, (d_I)_l ≠ 0",
    r"(s_{\mathcal I})_l \neq 0,\ (d_{\mathcal I})_l \neq 0",
    (Every(l, ONE, ell, Rel(a_I[l], "≠", NONE)), Every(l, ONE, ell, Rel(b_I[l], "≠", NONE))),
)
SMALLEST = Plan(
    tuple({"k": x, "m": y, "n": y, "p": x, "ℓ": z} for x, y, z in ((1, 1, 1), (1, 2, 1), (2, 2, 1), (2, 2, 2)))
)


def at_table() -> tuple[Rel, Rel]:
    """Q_2 = I_I D_I S_I⁻¹ G⁺ and Q_1 = G D_I S_I⁻¹ I_Iᵀ."""
    return Rel(Q2, "=", AXES @ D_I @ S_I**-1 @ LEFT), Rel(Q1, "=", G @ D_I @ S_I**-1 @ AXES.T)


@claim(
    "kunin2019/prop4.3/table-dims+",
    where="Proposition 4.3",
    given=[LEVELS],
    note="I_I stands in front, and G⁺ may be any left inverse of G: then (5) and (6) hold.",
)
def table_corrected() -> Implication:
    """The points Q_2 = I_I D_I S_I⁻¹ G⁺, Q_1 = G D_I S_I⁻¹ I_Iᵀ are critical."""
    R = D_I @ S_I**-1
    q2, q1 = AXES @ R @ LEFT, G @ R @ AXES.T

    def more(f: Expr, own: Expr, kept: Expr) -> Expr:
        """S²I_I − I_IS_I², from SI_I = I_IS_I."""
        return own @ f + f @ kept

    def six(s_: Expr, d_: Expr, unit: Expr, inverse: Expr) -> Expr:
        """Q_2Q_1S²Q_1ᵀ − D²Q_1ᵀ."""
        turned = AXES.T @ more(s_, S, S_I) + unit @ S_I**2
        inner = AXES @ R @ (R @ turned + inverse @ R @ (turned + S_I**2)) - more(d_, D, D_I)
        return inner @ R @ G.T

    def five(s_: Expr, d_: Expr, unit: Expr, inverse: Expr, _: Expr) -> Expr:
        """Q_2ᵀQ_2Q_1S² − Q_2ᵀD²."""
        left = more(s_, S, S_I).T
        inner = R @ R @ left + R @ inverse @ R @ (left + S_I**2 @ AXES.T) - more(d_, D, D_I).T
        return LEFT.T @ R @ (inner + unit @ R @ (LEFT @ G) @ R @ AXES.T @ S**2)

    conclusions = (
        Rel(q2 @ q1 @ S**2 @ q1.T, "=", D**2 @ q1.T),
        Rel(q2.T @ q2 @ q1 @ S**2, "=", q2.T @ D**2),
    )
    return Implication(LIST, conclusions, (AXES, LEFT, G), (Step(six), Step(five)), SMALLEST)


@claim(
    "kunin2019/prop4.3/pseudoinverse-step",
    where="Proposition 4.3, proof",
    given=[LEVELS],
    note="With (7), Q_2Q_1 = I_I D_I² S_I⁻² I_Iᵀ, and I_I in front: G = Q_1 I_I S_I D_I⁻¹ has the left inverse "
    "S_I D_I⁻¹ I_Iᵀ Q_2. That it is the pseudoinverse is printed: it need not be.",
)
def left_inverse() -> Implication:
    """'Note G⁺ = S_I D_I⁻¹ I_Iᵀ Q_2 by (7)': a left inverse of G."""
    seven = Rel(Q, "=", AXES @ D_I**2 @ S_I**-2 @ AXES.T)
    unit = Rel(AXES.T @ AXES, "=", Eye(ell))
    back = S_I @ D_I**-1
    product_ = (back @ AXES.T @ Q2) @ (Q1 @ AXES @ back)

    def combined(f: Expr, g: Expr) -> Expr:
        weight = D_I**2 @ S_I**-2
        return back @ (AXES.T @ f @ AXES + g @ weight @ (AXES.T @ AXES) + weight @ g) @ back

    return Implication((seven, unit), (Rel(product_, "=", Eye(ell)),), (AXES, *PAIR), (Step(combined),), SMALLEST)


@claim(
    "kunin2019/prop4.3/inverse-map",
    where="Proposition 4.3, proof",
    given=[LISTS],
    note="From (5), (6) and D⁻²S²Qᵀ = I_II_Iᵀ. The last members of the print are prop4.3/table-dims.",
)
def inverse_map() -> Implication:
    """Q_1 = Q_1S²QᵀD⁻² = Q_1I_II_Iᵀ and Q_2 = D⁻²S²QᵀQ_2 = I_II_IᵀQ_2."""
    N = AXES @ AXES.T
    chosen, diagonal = Rel(SHORT, "=", N), Rel(N @ D, "=", D @ N)

    def kept(five: Expr, six: Expr, p: Expr, c: Expr, *_: Expr) -> Expr:
        """Q_1 − Q_1N, as S²QᵀD⁻² = D²(D⁻²S²Qᵀ)D⁻² and N commutes with D."""
        return -(six.T @ D**-2) + Q1 @ (D**2 @ p @ D**-2 - (c @ D + D @ c) @ D**-2)

    steps = (
        Step(lambda five, six, p, c: -(six.T @ D**-2)),
        Step(kept),
        Step(lambda five, six, p, c, *_: -(D**-2 @ five.T)),
        Step(lambda five, six, p, c, *_: -(D**-2 @ five.T) + p @ Q2),
    )
    conclusions = (
        Rel(Q1, "=", Q1 @ S**2 @ Q.T @ D**-2),
        Rel(Q1, "=", Q1 @ N),
        Rel(Q2, "=", D**-2 @ S**2 @ Q.T @ Q2),
        Rel(Q2, "=", N @ Q2),
    )
    return Implication((FIVE, SIX, chosen, diagonal), conclusions, (*PAIR, AXES), steps, SMALLEST)


def chosen_levels(at: Instance) -> Iterator[Instance]:
    """Every I of at most k indices, with the entries of S and D there."""
    for choice in index_sets({**at, "σ": at["s"], "λ": fmpq(0)}):
        places = [int(place) - 1 for place in choice["i"]]
        yield {**choice, "s_I": choice["σ_I"], "d_I": [at["d"][place] for place in places]}


DISTINCT = Hypothesis(
    "d_r⁴/s_r² distinct",
    r"d_r^4/s_r^2\ \text{distinct}",
    (Every(l, ONE, m - 1, Rel(b[l] ** 4 / a[l] ** 2, ">", b[l + 1] ** 4 / a[l + 1] ** 2)),),
)
"""In falling order, as the axes may be numbered so."""
FACTOR = D_I @ S_I**-1


def listed(inverse: Expr, *more: tuple[Letter, Expr]) -> Points:
    """(G D_I S_I⁻¹ I_Iᵀ, I_I D_I S_I⁻¹ G⁺), with this in the place of G⁺."""
    recover = ((G, Q1 @ F @ FACTOR**-1), *more)
    form = (G @ FACTOR @ F.T, F @ FACTOR @ inverse)
    return Points(PAIR, form, chosen_levels, CHOSEN | {"s_I", "d_I"}, frame, recover)


def parameterized(points: Points) -> All:
    return both(Complete(STAR, points, plan=PLAN), Stationary(STAR, points, PLAN))


@claim(
    "kunin2019/prop4.3",
    where="Proposition 4.3",
    given=[LISTS, DISTINCT],
    note="With the factors in an order that conforms: see prop4.3/table-dims. As equality of sets.",
)
def proposition() -> All:
    """The critical points of 𝓛_* are (G D_I S_I⁻¹ I_Iᵀ, I_I D_I S_I⁻¹ G⁺) for G with independent columns."""
    return parameterized(listed(G_PLUS))


@claim("kunin2019/prop4.3+", where="Proposition 4.3", given=[LISTS, DISTINCT], note="L is any left inverse of G.")
def proposition_corrected() -> All:
    """They are (G D_I S_I⁻¹ I_Iᵀ, I_I D_I S_I⁻¹ L) for every left inverse L of G."""
    return parameterized(listed(L, (L, FACTOR**-1 @ F.T @ Q2)))

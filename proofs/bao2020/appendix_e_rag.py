"""Bao et al. 2020, Appendix E.4 and Section 6.4: local linear convergence of the rotation augmented gradient.

With the subspace recovered RAG turns the latent space alone, and G = YYᵀ moves by Ġ = (AG + GAᵀ)/n, where A is half of
upper minus lower triangle of G. The print forgets that half from (43) on: every rate is half of what it says.

Main results
    rates_corrected       (43) with the factors 1/2n and 1/n
    linear_corrected      to first order in the off-diagonal entries, |y_ij| falls at the rate (y_ii − y_jj)/2n
    local_corrected       so the non-diagonality falls at the rate g/2 at least, not g
    smallest_gap          at the optimum g is the smallest gap between the k largest eigenvalues
"""

from __future__ import annotations

from random import Random

from flint import fmpq

from proofs.algebra.evaluate import Instance, matrix
from proofs.bao2020.notation import (
    DATA,
    FEWER,
    ONE,
    SPECTRUM,
    TWO_LATENTS,
    W1,
    W2,
    ZERO,
    S,
    U,
    i,
    j,
    k,
    l,
    m,
    n,
    α,
    σ,
)
from proofs.bao2020.rag import (
    ASCENDING_PAIR,
    D_FALLS,
    GRAD_1,
    GRAD_2,
    SCALE_RAG,
    STEP_1,
    STEP_2,
    A,
    Y,
    d,
    decreasing,
    rotation,
)
from proofs.claim import claim
from proofs.hypotheses import Hypothesis
from proofs.kernel.expressions import (
    Coeff,
    Diag,
    Diff,
    Entry,
    Expr,
    Extremum,
    Letter,
    LowerMask,
    Named,
    Sum,
    Sym,
    sqrt,
)
from proofs.kernel.propositions import Every, Rel
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.flow import Flow
from proofs.methods.implication import Implication, Step, fact
from proofs.tactics.extrema import Each, Member
from proofs.tactics.relations import BothWays, Lemma, Scaled
from proofs.tactics.sums import Termwise

# The instantaneous update -------------------------------------------------------------------------
RECOVERED = (fact(GRAD_1, "=", 0), fact(GRAD_2, "=", 0))
ASSUMPTION_1 = "Assumption 1: the reconstruction gradients vanish."


def update(sign: int, proof: tuple[Step, ...] = ()) -> Implication:
    """The velocities of Algorithm 1 where the gradients vanish; with the sign of the decoder's left open."""
    velocities = (
        Rel(Diff(STEP_1, α, 1, True), "=", 1 / n * (A @ W1)),
        Rel(Diff(STEP_2, α, 1, True), "=", sign / n * (W2 @ A)),
    )
    return Implication(RECOVERED, velocities, (W1, W2), proof)


@claim(
    "bao2020/E.4/instantaneous-update",
    where="Appendix E.4",
    given=[FEWER],
    convention=SCALE_RAG,
    note=ASSUMPTION_1,
)
def instantaneous_update() -> Implication:
    """With zero reconstruction gradients RAG turns encoder and decoder by A."""
    return update(1)


@claim("bao2020/E.4/instantaneous-update+", where="Appendix E.4", convention=SCALE_RAG, note=ASSUMPTION_1)
def instantaneous_update_corrected() -> Implication:
    """With zero reconstruction gradients RAG turns the encoder by A and the decoder by −A."""
    return update(-1, (Step(lambda g1, g2: -g1), Step(lambda g1, g2, _: -g2)))


FLOW = Flow(((W1, 1 / n * (A @ W1)),))
GRAM = Named("YYᵀ", Y @ Y.T, r"YY^\top")


@claim("bao2020/E.4/dYY", where="Appendix E.4", convention=SCALE_RAG, note=ASSUMPTION_1)
def gram_rate() -> Chain:
    """The instantaneous update of YYᵀ."""
    return eq(FLOW.rate(Y @ Y.T), 1 / n * (A @ Y @ Y.T + Y @ Y.T @ A.T))


# Entry by entry -----------------------------------------------------------------------------------
G = Letter("G", k, k, frozenset({"psd"}))
GRAM_NOTE = "G stands for YYᵀ: with n ≥ k any positive semi-definite matrix."


def velocity(gram: Expr) -> Expr:
    """(AG + GAᵀ)/n with A made of G."""
    a = rotation(gram)
    return 1 / n * (a @ gram + gram @ a.T)


def moving(gram: Expr, row: Expr, column: Expr) -> Expr:
    """d/dt of an entry."""
    name = f"d/dt y_{row}{column}"
    return Named(name, Entry(velocity(gram), row, column), rf"\frac{{d}}{{dt}}y_{{{row}{column}}}")


def y(row: Expr, column: Expr) -> Expr:
    """An entry of G."""
    return Entry(G, row, column)


def diagonal_rate_with(factor: int) -> Chain:
    """d/dt y_ii, with its factor left open."""
    squares = -Sum(l, ONE, i - 1, y(i, l) ** 2) + Sum(l, i + 1, k, y(i, l) ** 2)
    return eq(moving(G, i, i), factor / n * squares)


@claim("bao2020/E.4/diagonal-rate", where="Appendix E.4", given=[FEWER], convention=SCALE_RAG, note=GRAM_NOTE)
def diagonal_rate() -> Chain:
    """The rates of the diagonal entries."""
    return diagonal_rate_with(2)


@claim("bao2020/E.4/diagonal-rate+", where="Appendix E.4", convention=SCALE_RAG, note=GRAM_NOTE)
def diagonal_rate_corrected() -> Chain:
    """The rates of the diagonal entries have the factor 1/n."""
    return diagonal_rate_with(1)


def rates_with(first: Expr, second: Expr) -> Chain:
    """d/dt y_ij for i < j, with its two factors left open."""
    products = -Sum(l, ONE, i - 1, y(i, l) * y(j, l)) + Sum(l, j + 1, k, y(i, l) * y(j, l))
    return eq(moving(G, i, j), -first * ((y(i, i) - y(j, j)) * y(i, j)) + second * products)


@claim(
    "bao2020/E.4/eq43",
    where="Appendix E.4, (43)",
    tag="43",
    given=[FEWER, ASCENDING_PAIR],
    convention=SCALE_RAG,
    note=GRAM_NOTE,
)
def rates() -> Chain:
    """The rates of the entries above the diagonal."""
    return rates_with(1 / n, 2 / n)


@claim(
    "bao2020/E.4/eq43+",
    where="Appendix E.4, (43)",
    tag="43",
    given=[ASCENDING_PAIR],
    convention=SCALE_RAG,
    note=GRAM_NOTE,
)
def rates_corrected() -> Chain:
    """The rates of the entries above the diagonal are half of what is printed."""
    return rates_with(1 / (2 * n), 1 / n)


# To first order -----------------------------------------------------------------------------------
ε = Sym("ε", r"\varepsilon")
B = Letter("B", k, k, frozenset({"symmetric"}))
D = Diag(d, k, "D")
SMALL = Named("E", B - (LowerMask(B) - LowerMask(B, strict=True)), "E")
NEAR = D + ε * SMALL
ORDERS = "YYᵀ = D + εE with a diagonal D and a symmetric E of zero diagonal; what is dropped is O(ε²)"


def near(row: Expr, column: Expr) -> Expr:
    """An entry of D + εE."""
    return Entry(NEAR, row, column)


def linear_with(factor: Expr) -> Chain:
    """The first order of (43), with its factor left open."""
    first = -factor * ((near(i, i) - near(j, j)) * near(i, j))
    return eq(Coeff(Entry(velocity(NEAR), i, j), ε, 1), Coeff(first, ε, 1))


@claim(
    "bao2020/E.4/eq44",
    where="Appendix E.4, (44)",
    tag="44",
    given=[FEWER, D_FALLS, ASCENDING_PAIR],
    convention=SCALE_RAG,
    note=ORDERS,
)
def linear() -> Chain:
    """To first order in the off-diagonal entries only the first term of (43) is left."""
    return linear_with(1 / n)


@claim(
    "bao2020/E.4/eq44+",
    where="Appendix E.4, (44)",
    tag="44",
    given=[ASCENDING_PAIR],
    convention=SCALE_RAG,
    note=ORDERS,
)
def linear_corrected() -> Chain:
    """To first order in the off-diagonal entries y_ij falls at the rate (y_ii − y_jj)/2n."""
    return linear_with(1 / (2 * n))


def absolute_with(factor: Expr, other: Expr) -> Chain:
    """|y_ij| d|y_ij|/dt = y_ij dy_ij/dt to second order, with the printed right side times |y_ij|."""
    printed = -factor * ((near(i, i) - other) * near(i, j) ** 2)
    return eq(Coeff(near(i, j) * Entry(velocity(NEAR), i, j), ε, 2), Coeff(printed, ε, 2))


TIMES_ITSELF = f"Multiplied by |y_ij|, as |y| d|y|/dt = y dy/dt. {ORDERS}."


@claim(
    "bao2020/E.4/abs",
    where="Appendix E.4",
    given=[FEWER, D_FALLS, ASCENDING_PAIR],
    convention=SCALE_RAG,
    note=TIMES_ITSELF,
)
def absolute() -> Chain:
    """The rate of |y_ij|, with y_ij where y_jj is meant."""
    return absolute_with(1 / n, near(i, j))


@claim("bao2020/E.4/abs+", where="Appendix E.4", given=[ASCENDING_PAIR], convention=SCALE_RAG, note=TIMES_ITSELF)
def absolute_corrected() -> Chain:
    """|y_ij| falls at the rate (y_ii − y_jj)/2n."""
    return absolute_with(1 / (2 * n), near(j, j))


# The non-diagonality ------------------------------------------------------------------------------
def modulus(x: Expr) -> Expr:
    """|x| = √x²."""
    return sqrt(x**2)


def over_pairs(term: Expr) -> Sum:
    """The sum over i < j."""
    return Sum(i, ONE, k - 1, Sum(j, i + 1, k, term))


def non_diagonality(gram: Expr) -> Expr:
    """Nd(G/n) of a symmetric G: twice the sum of |y_ij|/n over i < j."""
    return 2 * over_pairs(modulus(Entry(gram, i, j)) / n)


def falling(gram: Expr) -> Expr:
    """d/dt Nd(G/n), where no y_ij is 0: d|y|/dt = y ẏ/|y|."""
    y_ij = Entry(gram, i, j)
    rate = 2 * over_pairs(y_ij * Entry(velocity(gram), i, j) / modulus(y_ij) / n)
    return Named("d/dt Nd(YYᵀ/n)", rate, r"\frac{d}{dt} Nd(\tfrac1n YY^\top)")


GAP = Named("g", Extremum("min", i, ONE, k - 1, Extremum("min", j, i + 1, k, (d[i] - d[j]) / n)))
"""By Assumption 3 the least |y_ii − y_jj|/n over i ≠ j."""


def dominant(rng: Random, at: Instance) -> Instance:
    """Off-diagonal entries, none of them 0, that are small against a diagonal whose gaps may be small."""
    size = at["k"]
    at = {**at, **decreasing(rng, at)}
    if rng.random() < 0.5:
        at["d"] = [2 + x / 1000 for x in at["d"]]
    ε_ = fmpq(rng.randint(1, 9), 10)
    share = fmpq(rng.choice((1, 5, 9)), 10) * ε_ * at["d"][-1] / size
    b = [[fmpq(0)] * size for _ in range(size)]
    for row in range(size):
        for column in range(row):
            b[row][column] = b[column][row] = rng.choice((1, -1)) * share * fmpq(rng.randint(1, 4), 4)
    return {"d": at["d"], "ε": ε_, "B": matrix(b)}


def heavy(rng: Random, at: Instance) -> Instance:
    """Off-diagonal entries that dominate."""
    found = dominant(rng, at)
    return {**found, "B": found["B"] * 100}


ASSUMPTION_2 = Hypothesis(
    "Σ_{j ≠ i} |y_ij| < ε y_ii, 0 < ε < 1",
    r"\textstyle\sum_{j\ne i}|y_{ij}| < \varepsilon y_{ii},\ 0 < \varepsilon < 1",
    (
        Rel(ε, ">", ZERO),
        Rel(ε, "<", ONE),
        Every(i, ONE, k, Rel(Sum(j, ONE, k, modulus(Entry(B, i, j)), (i,)), "<", ε * d[i])),
    ),
    dominant,
    heavy,
)
NOT_ZERO = Hypothesis(
    "y_ij ≠ 0 for i < j",
    r"y_{ij} \ne 0",
    (Every(i, ONE, k - 1, Every(j, i + 1, k, Rel(Entry(B, i, j), "≠", ZERO))),),
)
"""Where |y_ij| has a derivative."""
LOCAL = D + SMALL
LOCAL_NOTE = (
    "YYᵀ = D + E with the off-diagonal part E of B; d_i are the y_ii. Where y_ij = 0, |y_ij| has no derivative."
)


@claim(
    "bao2020/6.4/thm5",
    where="Theorem 5",
    given=[TWO_LATENTS, FEWER, D_FALLS, ASSUMPTION_2, NOT_ZERO],
    convention=SCALE_RAG,
    note=f"Assumption 1 makes the flow, 2 and 3 are given; ε ≪ 1 is read as ε < 1. {LOCAL_NOTE}",
)
def local() -> Chain:
    """The non-diagonality of YYᵀ/n falls at the linear rate g."""
    return chain(falling(LOCAL), "≤", -GAP * non_diagonality(LOCAL))


@claim(
    "bao2020/6.4/thm5/half",
    where="Theorem 5",
    given=[TWO_LATENTS, FEWER, D_FALLS, ASSUMPTION_2, NOT_ZERO],
    convention=SCALE_RAG,
    note=f"With the factor of (43) corrected, but the second term dropped as in (44). {LOCAL_NOTE}",
)
def local_by_half() -> Chain:
    """Under Assumptions 1 to 3 alone the non-diagonality falls at the rate g/2."""
    return chain(falling(LOCAL), "≤", -GAP / 2 * non_diagonality(LOCAL))


def share(factor: Expr) -> Expr:
    """Σ over i < j of the first order of 2 d|y_ij|/dt / n, with the factor of the rate."""
    return over_pairs(-2 / n * (factor * (d[i] - d[j])) * modulus(Entry(B, i, j)))


SMALLEST = Lemma(GAP, "≤", (d[i] - d[j]) / n, Member(i, Member(j)))


def bounded_by(rate: Expr, factor: Expr) -> Chain:
    """The last step of the proof: every gap is at least the smallest."""
    small = modulus(Entry(B, i, j))
    weight = 2 * factor * small  # of the gap over n
    each = over_pairs(-weight * GAP)
    reason = Termwise(Termwise(Scaled(SMALLEST, weight)))
    return chain(share(factor), "≤", (each, reason), "=", -rate * (2 * over_pairs(small / n)))


@claim(
    "bao2020/E.4/Nd/last",
    where="Appendix E.4",
    given=[TWO_LATENTS, D_FALLS],
    note="The display's last inequality alone, with the rates that it has by then.",
)
def last_step() -> Chain:
    """Each term falls at the rate of its gap, so their sum falls at the rate of the smallest."""
    return bounded_by(GAP, 1 / n)


@claim(
    "bao2020/E.4/Nd",
    where="Appendix E.4",
    given=[TWO_LATENTS, FEWER, D_FALLS],
    convention=SCALE_RAG,
    note=f"{ORDERS}. The display's ≈ read as equality of first orders, for y_ij ≠ 0.",
)
def falls() -> Chain:
    """To first order the non-diagonality has the printed rate."""
    return first_order(1 / n)


def first_order(factor: Expr) -> Chain:
    """Σ over i < j of the first order of y ẏ/|y|, times 2/n, against the printed rates."""
    e_ij = Entry(B, i, j)
    rates_ = over_pairs(2 / n * (e_ij * Coeff(Entry(velocity(NEAR), i, j), ε, 1)))
    return eq(rates_, over_pairs(-2 / n * (factor * (d[i] - d[j])) * e_ij**2))


@claim(
    "bao2020/6.4/thm5+",
    where="Theorem 5",
    given=[TWO_LATENTS, D_FALLS],
    convention=SCALE_RAG,
    note=f"{ORDERS}: the rate of each |y_ij|, and what follows for their sum. The second term of (43) is of the order "
    "of Nd², so that g/2 is the rate only in the limit.",
)
def local_corrected() -> All:
    """To first order in the off-diagonal entries the non-diagonality falls at the rate g/2 at least."""
    return both(first_order(1 / (2 * n)), bounded_by(GAP / 2, 1 / (2 * n)))


# Near the optimum ---------------------------------------------------------------------------------
OPTIMAL = Named("g", Extremum("min", i, ONE, k - 1, Extremum("min", j, i + 1, k, σ[i] ** 2 - σ[j] ** 2)))
AT_OPTIMUM = "At W1 = Uᵀ, where YYᵀ/n = S²; the rows may have other signs. σ_i² > σ_j² for i < j."


def smallest_gap_of(size: Expr) -> Expr:
    """The least gap between neighbours of the first eigenvalues."""
    return Extremum("min", l, ONE, size - 1, σ[l] ** 2 - σ[l + 1] ** 2)


@claim(
    "bao2020/6.4/g-gap",
    where="Section 6.4",
    given=[TWO_LATENTS, SPECTRUM],
    convention=SCALE_RAG,
    note=f"{AT_OPTIMUM} Read as it stands: all eigenvalues of XXᵀ/n, of which there are m.",
)
def gap() -> Chain:
    """At the optimum g is the smallest gap between the eigenvalues of XXᵀ/n."""
    return eq(OPTIMAL, smallest_gap_of(m))


@claim(
    "bao2020/6.4/g-gap+",
    where="Section 6.4",
    given=[TWO_LATENTS, SPECTRUM],
    convention=SCALE_RAG,
    note=AT_OPTIMUM,
)
def smallest_gap() -> All:
    """At the optimum g is the smallest gap between the k largest eigenvalues of XXᵀ/n."""
    codes = U.T @ DATA
    return both(
        eq(1 / n * (codes @ codes.T), S**2),
        eq(
            OPTIMAL,
            smallest_gap_of(k),
            BothWays(Each(lambda a: Member(a, Member(a + 1))), Each(lambda a: Each(lambda b: Member(a)))),
        ),
    )

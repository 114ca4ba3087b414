"""The stationary points of deterministic nested dropout for any prior, rank-deficient ones included.

In the basis of the components, W1 = GŪᵀ and W2 = ŪL, width b keeps LΠ_bG of the first b latents. The loss is the mean
of the plain losses of the widths, so it is stationary wherever all those are that have p_B(b) > 0. There are no others
(``common``). For latent j let r_b = LΠ_bMe_j − S̄²Gᵀe_j be the equation of its decoder for width b ≥ j: the decoder of
the mean says Σ_b p_B(b) r_b = 0, the encoders of the later latents Σ_b p_B(b) ⟨r_b − r_j, r_b⟩ = 0, as r_b − r_j is a
sum of their columns. So Σ_b p_B(b) ‖r_b‖² = 0. Likewise for the equations of the encoder.

The complete list is then: LΠ_bG is the projection on some components, more for larger b, and each width is a stationary
point of the plain loss (kunin2019/thm4.2). A latent that adds no component is empty, or has its decoder in the span of
those before it and no encoder, or the other way round.

Main results
    widths         the gradients are the means of those of the widths
    common         stationary only if every width with p_B(b) > 0 is
    projections    L Π_b G is then a projection that commutes with S̄², and grows with b
    descending, ascending    the inertia, for any prior and any matching of latents to components, of every rank
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random

import numpy as np
from flint import fmpq

from proofs.algebra.evaluate import Instance, zeros
from proofs.bao2020.notation import (
    DATA,
    ONE,
    P_D,
    PRIOR,
    SCALE_ND,
    S̄,
    W1,
    W2,
    ZERO,
    Ū,
    I_m,
    X,
    b,
    k,
    m,
    n,
    nested_dropout,
    p,
    p_B,
)
from proofs.bao2020.section_4 import ell, matchings, rank
from proofs.claim import claim
from proofs.hypotheses import Hypothesis
from proofs.kernel.binding import substitute
from proofs.kernel.expressions import (
    Basis,
    Entry,
    Expr,
    Grad,
    Inner,
    Letter,
    MaxMask,
    Named,
    Proj,
    SqNorm,
    Sum,
    Sym,
    integer,
)
from proofs.kernel.propositions import Rel
from proofs.lae.blocks_nested import NUMBERED
from proofs.lae.numbering import DOWN, NAMES, TIED, sizes, tally
from proofs.methods.block_types import INWARD, OUTWARD, PAIR, SLOT
from proofs.methods.chain import eq
from proofs.methods.conjunction import All, both
from proofs.methods.counts import Directions
from proofs.methods.implication import Implication, Step, fact
from proofs.methods.stationarity import Points
from proofs.oftadeh2020.critical import Exchanged, combined

WHERE = "nested dropout, any prior"
ANY_PRIOR = "Any weights: p_B(b) may be 0, or negative."


FEW = sizes((1, 1), (2, 2), (2, 3), per_size=3)


# Widths -------------------------------------------------------------------------------------------
def width(place: Expr) -> Expr:
    """The loss of the first b latents."""
    return 1 / (2 * n) * SqNorm(X - W2 @ Proj(place, k) @ W1 @ X)


@claim("lae/nested/widths", where=WHERE, convention=SCALE_ND, note=ANY_PRIOR)
def widths() -> All:
    """The gradients are the means of those of the widths: what is stationary for all of these is so for any prior."""
    loss = nested_dropout(W1, W2, X)
    return both(*(eq(Grad(loss, w), Sum(b, ONE, k, p_B[b] * Grad(width(b), w)), plan=FEW) for w in (W1, W2)))


# Stationary points --------------------------------------------------------------------------------
G, L = Letter("G", k, m), Letter("L", m, k)
M, N = Named("M", G @ S̄**2 @ G.T), Named("N", L.T @ L)
M_MASKED, N_MASKED = MaxMask(M, p, "P_L"), MaxMask(N, p, "P_L")
STATIONARY = (
    fact(N_MASKED @ G - P_D @ L.T, "=", 0),
    fact(L @ M_MASKED - S̄**2 @ G.T @ P_D, "=", 0),
)


def by_width(place: Expr) -> tuple[Rel, Rel]:
    """That the gradients of a width vanish."""
    rest = I_m - L @ Proj(place, k) @ G
    return fact(Proj(place, k) @ L.T @ rest, "=", 0), fact(rest @ S̄**2 @ G.T @ Proj(place, k), "=", 0)


def weighed(rng: Random, at: Instance) -> Instance:
    """A width that has a weight."""
    return {"b": rng.choice([place for place, x in enumerate(at["p_B"], 1) if x > 0])}


def weightless(rng: Random, at: Instance) -> Instance:
    return {"b": rng.choice([place for place, x in enumerate(at["p_B"], 1) if x == 0] or [1])}


HAS_WEIGHT = Hypothesis("p_B(b) > 0", "p_B(b) > 0", (Rel(p_B[b], ">", ZERO),), weighed, weightless)
j, c, q = integer("j", "", 1, b), integer("c"), integer("q")
e_j = Basis(j, k)
BY_ENCODER, BY_DECODER = Named("∂1", STATIONARY[0].left), Named("∂2", STATIONARY[1].left)


def output(place: Expr, latent: Expr) -> Named:
    """The equation of width b for the column l_j: LΠ_bMe_j − S̄²Gᵀe_j."""
    axis = Basis(latent, k)
    return Named("r", L @ Proj(place, k) @ (M @ axis) - S̄**2 @ G.T @ axis)


def code(place: Expr, latent: Expr) -> Named:
    """The equation of width b for the row g_j: l_jᵀ(I − LΠ_bG)S̄."""
    return Named("g", Basis(latent, k).T @ L.T @ (I_m - L @ Proj(place, k) @ G) @ S̄)


def triangle(overlap: Expr, slope: Expr) -> Sum:
    """Σ_{c ≥ j} p_B(c) ⟨x_c − x_j, x_c⟩ for the equations x_c of latent j."""
    return Sum(c, j, k, Sum(q, j + 1, c, p_B[c] * overlap * slope))


OUTPUTS = Exchanged(
    triangle(Entry(M, q, j), Inner(L @ Basis(q, k), output(c, j))),
    Sum(q, j + 1, k, Entry(M, j, q) * Entry(BY_ENCODER @ S̄**2 @ G.T, q, j)),
)
CODES = Exchanged(
    triangle(Entry(N, j, q), Inner(Basis(q, k).T @ G @ S̄, code(c, j))),
    -1 * Sum(q, j + 1, k, Entry(N, j, q) * Entry(L.T @ BY_DECODER, j, q)),
)


@claim(
    "lae/nested/common",
    where=WHERE,
    given=[NUMBERED, PRIOR, HAS_WEIGHT],
    convention=SCALE_ND,
    note="W1 = GŪᵀ, W2 = ŪL. The premises are the gradients of nested dropout, the conclusions those of width b. Every "
    "rank, and latents of equal p_i, or of p_i = 0. The other way it is lae/nested/widths.",
)
def common() -> Implication:
    """Stationary points are stationary for every width that has a weight."""

    def apart(of: Callable[[Expr, Expr], Expr]) -> Callable[[Expr], Expr]:
        """Σ_{c ≥ j} p_B(c) ‖of(c, j)‖², the b-th apart."""
        return lambda gap: p_B[b] * SqNorm(gap) + Sum(c, j, k, p_B[c] * SqNorm(of(c, j)), (b,))

    def together(of: Callable[[Expr, Expr], Expr]) -> Expr:
        return Sum(q, ONE, b, SqNorm(of(b, q)))

    by_codes, _ = by_width(b)
    steps = (
        OUTPUTS,
        combined(output(b, j), OUTPUTS.triangle + Inner(output(j, j), BY_DECODER @ e_j), apart(output)),
        CODES,
        combined(code(b, j), -1 * CODES.triangle - Inner(e_j.T @ BY_ENCODER @ S̄, code(j, j)), apart(code)),
        combined(by_codes.left @ S̄, together(code), SqNorm),
        Step(lambda *known: known[-1] @ S̄**-1),
        Step(lambda *known: together(output), squares=SqNorm),
    )
    return Implication(STATIONARY, by_width(b), (G, L), steps, FEW, (j,))


a = integer("a", "", 1, b)


@claim(
    "lae/nested/projections",
    where=WHERE,
    given=[NUMBERED],
    convention=SCALE_ND,
    note="r_b = LΠ_bG. A projection that commutes with S̄² is on eigenvectors of it; r_br_a = r_a says that these grow.",
)
def projections() -> Implication:
    """Where width b is stationary and a ≤ b, r_b is a projection that commutes with S̄², and holds r_a."""
    r_a, r_b = Named("r_a", L @ Proj(a, k) @ G), Named("r_b", L @ Proj(b, k) @ G)

    def half(first: Expr) -> Expr:
        """r_b − r_bᵀr_b."""
        return (G.T @ first).T

    def commute(second: Expr, tied: Expr) -> Expr:
        moved = second @ L.T
        return moved.T - moved - S̄**2 @ tied

    steps = (
        Step(lambda first, *_: half(first) - half(first).T),
        Step(lambda first, second, tied: half(first) - tied @ r_b),
        Step(lambda first, second, tied, _: commute(second, tied)),
        Step(lambda first, second, tied, *_: tied @ r_a - (Proj(a, k) @ first).T @ G),
    )
    conclusions = (
        Rel(r_b, "=", r_b.T),
        Rel(r_b, "=", r_b @ r_b),
        Rel(r_b @ S̄**2, "=", S̄**2 @ r_b),
        Rel(r_b @ r_a, "=", r_a),
    )
    return Implication(by_width(b), conclusions, (G, L), steps, replace(FEW, per_size=1))


# Inertia ------------------------------------------------------------------------------------------
DIFFERENT = Sym("N_≠", r"N_{\ne}")
E, F, C = Letter("E", k, rank), Letter("F", m, rank), Letter("C", k, rank)


def matched(at: Instance) -> Iterator[Instance]:
    """Every partial matching of latents that count to components, also where the spectrum is tied, or no p_B is 0."""
    yield from of_spectrum(at)
    for spectrum in (at["σ"], [fmpq(2)] * at["m"]):
        yield from of_spectrum({**at, "σ": spectrum, "p_B": [fmpq(1, at["k"])] * at["k"]})


def of_spectrum(at: Instance) -> Iterator[Instance]:
    """The matchings with their counts; of three latents and more those of rank 0, 1 and k."""
    weight = [sum(at["p_B"][place:], fmpq(0)) for place in range(at["k"])]
    for matching in matchings(at["k"], at["m"]):
        if at["k"] > 2 and len(matching) not in (0, 1, at["k"]):
            continue
        if any(sign < 0 or not weight[row] for row, _, sign in matching):
            continue
        axes, directions = zeros(at["k"], len(matching)), zeros(at["m"], len(matching))
        for place, (row, column, _) in enumerate(matching):
            axes[row, place], directions[column, place] = fmpq(1), fmpq(1)
        learned = {row: column for row, column, _ in matching}
        here = {**at, "ℓ": len(matching), "E": axes, "F": directions, **counts(at, weight, learned)}
        yield {**here, "C": axes}


def shared(at: Instance) -> Iterator[Instance]:
    """The same with a decoder of each spare latent: that of the learned ones before it, together."""
    for here in matched(at):
        axes = here["E"]
        decoder = axes.copy()
        for row, place in zip(*np.nonzero(axes), strict=True):
            for s in range(row + 1, at["k"]):
                if not any(axes[s]):
                    decoder[s, place] = fmpq(s, 2)
        yield here
        if not np.array_equal(decoder, axes):
            yield {**here, "C": decoder}


def counts(at: Instance, weight: list[fmpq], learned: dict[int, int]) -> dict[str, int]:
    """How many pairs tell their latents apart, and of each type of block how many descend or are tied."""
    σ_, rows = at["σ"], sorted(learned)
    unlearned = set(range(at["m"])) - set(learned.values())
    pairs = [(a, c) for a in rows for c in rows if a < c and weight[a] > weight[c]]
    found = tally(
        {
            PAIR: [σ_[learned[a]] - σ_[learned[c]] for a, c in pairs],
            OUTWARD: [σ_[learned[a]] - σ_[u] for a in rows for u in unlearned],
            SLOT: [-weight[s] for s in range(at["k"]) if s not in learned for _ in unlearned],
            INWARD: [weight[a] - weight[s] for s in range(at["k"]) if s not in learned for a in rows if a > s],
        }
    )
    return {**found, DIFFERENT.name: len(pairs)}


CHOSEN = NAMES | {"E", "F", "C", "ℓ", DIFFERENT.name}
EMPTY = Points((W1, W2), (E @ (Ū @ F).T, Ū @ F @ C.T), matched, CHOSEN, canonical={})
COUNTING = (
    "Latents are matched to components one to one, ℓ of them, among those with p_i > 0. N_≠ counts the learned latents "
    "i < j with p_i > p_j, N_pair those of them with σ_i < σ_j, N_out the learned i and unlearned u with σ_i < σ_u, "
    "N_slot the spare s with p_s > 0 and unlearned u, N_in the spare s and the learned i > s with p_i < p_s; Z_pair "
    "and Z_out count the ties. σ_i is that of the component that latent i has learned. Spare latents are empty."
)
DESCENDING = DOWN[PAIR] + DOWN[OUTWARD] + DOWN[SLOT] + DOWN[INWARD]


def directions(kind: str, count: Expr, points: Points) -> Directions:
    loss = substitute(nested_dropout(W1, W2, X), {X: DATA})
    return Directions(kind, count, loss, points, sizes((1, 1), (2, 2), (2, 3), (3, 3), per_size=1), per_manifold=1)


@claim(
    "lae/nested/descending",
    where=WHERE,
    given=[NUMBERED, PRIOR],
    convention=SCALE_ND,
    note=f"{COUNTING} Or they have a decoder in the span of those before them, which changes nothing here.",
)
def descending() -> Directions:
    """The index counts the pairs in the wrong order, and the components that a spare latent would learn sooner."""
    return directions("descending", DESCENDING, replace(EMPTY, choices=shared))


@claim("lae/nested/ascending", where=WHERE, given=[NUMBERED, PRIOR], convention=SCALE_ND, note=COUNTING)
def ascending() -> Directions:
    """A pair has two ascending directions, and two more if it is told apart, in order and not tied."""
    pairs = ell * (ell - 1) + 2 * DIFFERENT - DOWN[PAIR] - TIED[PAIR]
    outward = 2 * ell * (m - ell) - DOWN[OUTWARD] - TIED[OUTWARD]
    return directions("ascending", ell + pairs + outward + DOWN[SLOT] + DOWN[INWARD], EMPTY)

"""Bao et al. 2020, Sections 4.1 and 4.2: the loss landscape of the non-uniform L2 loss (3).

Main results
    transpose_theorem     W1 = W2ᵀ at every stationary point
    landscape_corrected   the stationary points: partial matchings of latent components to principal directions
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, permutations, product
from random import Random

from flint import fmpq

from proofs.algebra.evaluate import Instance, Undefined, zeros
from proofs.algebra.expr import (
    Basis,
    Diag,
    Entry,
    Expr,
    Eye,
    Family,
    First,
    Grad,
    Letter,
    Named,
    SqNorm,
    Sum,
    Sym,
    substitute,
)
from proofs.bao2020.appendix_e import ORDERED, skew_part
from proofs.bao2020.notation import (
    DATA,
    HALF,
    ONE,
    PENALTIES,
    SCALE_MAIN,
    SHRINK,
    SPECTRUM,
    S̄,
    W1,
    W2,
    Ū,
    Λ,
    I_m,
    U,
    X,
    i,
    j,
    k,
    l2_loss,
    m,
    n,
    λ,
    σ,
)
from proofs.claim import claim
from proofs.methods.conjunction import All, both
from proofs.methods.implication import Fact, Implication, Step, fact
from proofs.methods.stationarity import Complete, Points, Stationary

LOSS = Named("L_σ′", l2_loss(W1, W2, X), r"\mathcal L_{\sigma'}")
SPECTRAL_LOSS = l2_loss(W1, W2, DATA)
WEIGHTS = (W1, W2)
A = W1 - W2.T
B = I_m - W2 @ W1


def transpose_step(x: Expr) -> Step:
    """λ_i‖A_i‖² and two more squares add up to a combination of the gradients, for every row i of A = W1 − W2ᵀ."""

    def squares(gap: Expr) -> Expr:
        row = Basis(i, k).T @ gap
        return 1 / n * SqNorm(row @ B @ x) + SqNorm(row @ W2 @ Λ**HALF) + λ[i] * SqNorm(row)

    def combination(g1: Expr, g2: Expr, *_: Expr) -> Expr:
        balance = (g1 - g2.T) / 2 + W1 @ skew_part(g2) + A @ g2 @ W2.T / 2
        return Entry(balance @ A.T, i, i)

    return Step(combination, squares=squares)


@claim("bao2020/4.1/thm1", where="Theorem 1", given=[ORDERED], convention=SCALE_MAIN)
def transpose_theorem() -> Implication:
    """At every stationary point of (3) the encoder is the transpose of the decoder."""
    stationary = (fact(Grad(LOSS, W1), "=", 0), fact(Grad(LOSS, W2), "=", 0))
    return Implication(stationary, (Fact(W1, "=", W2.T),), WEIGHTS, (transpose_step(X),))


# Hypotheses ---------------------------------------------------------------------------------------
def matched_penalties(rng: Random, at: Instance) -> Instance:
    """λ_i = (σ_j sin φ)² with a principal direction j of its own choice, so that its point is rational."""
    found = set()
    for _ in range(20 * at["k"]):
        t = fmpq(*rng.choice([(1, 2), (1, 3), (2, 3), (1, 4)]))
        found.add((rng.choice(at["σ"]) * 2 * t / (1 + t * t)) ** 2)
        allowed = sorted(x for x in found if x < at["σ"][at["k"] - 1] ** 2)
        if len(allowed) >= at["k"]:
            return {"λ": allowed[: at["k"]]}
    raise Undefined("no penalty below σ_k²")


MATCHED = replace(PENALTIES, draw=matched_penalties)


# Lists of points ----------------------------------------------------------------------------------
P = Letter("P", k, k)
ell = Sym("ℓ", r"\ell")
E, F = Letter("E", k, ell), Letter("F", m, ell)
λ_I, σ_J = Family("λ_I", r"\lambda_{\mathcal I}"), Family("σ_J", r"\sigma_{\mathcal J}")


def matchings(rows: int, cols: int) -> Iterator[tuple[tuple[int, int, int], ...]]:
    """Partial matchings of rows to columns with signs: every rank, every index set, every permutation."""
    for rank in range(min(rows, cols) + 1):
        for chosen in combinations(range(rows), rank):
            for image in permutations(range(cols), rank):
                for signs in product((1, -1), repeat=rank):
                    yield tuple(zip(chosen, image, signs, strict=True))


def signed_permutations(at: Instance) -> Iterator[Instance]:
    """P with one ±1 in each row and each column of its index set, and zeros elsewhere."""
    for matching in matchings(at["k"], at["k"]):
        value = zeros(at["k"], at["k"])
        for row, col, sign in matching:
            value[row, col] = fmpq(sign)
        yield {**at, "P": value}


def signed_matchings(at: Instance) -> Iterator[Instance]:
    """E holds signed latent axes, F the principal directions they learn; each needs λ_i < σ_j²."""
    for matching in matchings(at["k"], at["m"]):
        if any(at["λ"][row] >= at["σ"][col] ** 2 for row, col, _ in matching):
            continue
        left, right = zeros(at["k"], len(matching)), zeros(at["m"], len(matching))
        for place, (row, col, sign) in enumerate(matching):
            left[row, place], right[col, place] = fmpq(sign), fmpq(1)
        lists = {"λ_I": [at["λ"][row] for row, _, _ in matching], "σ_J": [at["σ"][col] for _, col, _ in matching]}
        yield {**at, "ℓ": len(matching), "E": left, "F": right, **lists}


PRINTED = Points(WEIGHTS, (P @ SHRINK**HALF @ U.T, U @ SHRINK**HALF @ P.T), signed_permutations, frozenset({"P"}))


def matched() -> Points:
    """The corrected list: W1 = E(I − Λ_I S_J⁻²)^½ U_Jᵀ, with E signed axes of the latent space."""
    shrink = (Eye(ell) - Diag(λ_I, ell, "Λ_I") @ Diag(σ_J, ell, "S_J") ** -2) ** HALF
    form = (E @ shrink @ (Ū @ F).T, Ū @ F @ shrink @ E.T)
    chosen = frozenset({"E", "F", "ℓ", "λ_I", "σ_J"})
    canonical = {E: First(k, ell), F: First(m, ell), λ_I: λ, σ_J: σ}
    return Points(WEIGHTS, form, signed_matchings, chosen, canonical=canonical)


@claim(
    "bao2020/4.1/thm2",
    where="Theorem 2",
    given=[SPECTRUM, MATCHED],
    convention=SCALE_MAIN,
    tag="4, 5",
    note="Read as widely as the print allows: P is any signed partial permutation matrix; S and U hold the top k.",
)
def landscape() -> Complete:
    """All stationary points have the printed form: signed permutations of the top k principal directions."""
    return Complete(SPECTRAL_LOSS, PRINTED)


@claim(
    "bao2020/4.1/thm2/converse",
    where="Section 4.1",
    given=[SPECTRUM, MATCHED],
    convention=SCALE_MAIN,
    tag="4, 5",
    note="'We fully characterize the stationary points' in Theorem 2: the points of the form are stationary.",
)
def landscape_converse() -> Stationary:
    """All points of the printed form are stationary."""
    return Stationary(SPECTRAL_LOSS, PRINTED)


# The proof of the corrected list ------------------------------------------------------------------
r, s = Sym("r"), Sym("s")
T = Named("T", Ū.T @ W2)
Q = T @ T.T


def entrywise() -> tuple[Fact, ...]:
    """W1 = W2ᵀ; every row and column of T = ŪᵀW2 has at most one nonzero entry; its square is 1 − λ_i/σ_j²."""
    t = Entry(T, j, i)
    return (
        Fact(W1, "=", W2.T),
        fact(t * Entry(T, j, r), "=", 0),
        fact(t * Entry(T, s, i), "=", 0),
        fact(t * (σ[j] ** 2 * t**2 - σ[j] ** 2 + λ[i]), "=", 0),
    )


def completeness() -> Implication:
    """From vanishing gradients to the entrywise description, for all sizes."""
    M = Ū @ S̄**2 @ Ū.T
    t, t_r, t_s, s_r = (Entry(T, a, b) for a, b in ((j, i), (j, r), (s, i), (s, r)))
    tied = fact((Q - I_m) @ S̄**2 @ T + T @ Λ, "=", 0)
    commutator = fact(S̄**2 @ Q - Q @ S̄**2, "=", 0)
    diagonal_q = fact(Entry(Q, j, s), "=", 0)
    entry = fact((Entry(Q, j, j) - 1) * σ[j] ** 2 * t + t * λ[i], "=", 0)

    def tie(g1: Expr, g2: Expr, gap: Expr) -> Expr:
        return Ū.T @ (g2 / 2 - (W2 @ W1 - I_m) @ M @ gap.T - W2 @ gap @ M @ W2)

    def commute(g1: Expr, g2: Expr, gap: Expr, h: Expr) -> Expr:
        return T @ h.T - h @ T.T

    def entrywise_gradient(g1: Expr, g2: Expr, gap: Expr, h: Expr, c: Expr, off: Expr) -> Expr:
        return Entry(h, j, i) - Sum(s, ONE, m, off * σ[s] ** 2 * t_s, (j,))

    def one_per_column(*known: Expr) -> Expr:
        e = known[-1]
        return t_r * e - t * substitute(e, {i: r})

    def one_per_row(*known: Expr) -> Expr:
        off, column = known[5], known[7]
        return t * t_s * off - Sum(r, ONE, k, column * t_s * s_r, (i,))

    def size(*known: Expr) -> Expr:
        e, column = known[6], known[7]
        return e - σ[j] ** 2 * Sum(r, ONE, k, column * t_r, (i,))

    steps = (
        transpose_step(DATA),
        Step(tie, tied),
        Step(commute, commutator),
        Step(lambda *known: Entry(known[-1], j, s), diagonal_q, lambda gap: (σ[j] ** 2 - σ[s] ** 2) * gap),
        Step(entrywise_gradient, entry),
        Step(one_per_column, squares=lambda gap: (λ[i] - λ[r]) * gap),
        Step(one_per_row, squares=lambda gap: gap**2),
        Step(size),
    )
    stationary = tuple(fact(Grad(SPECTRAL_LOSS, w), "=", 0) for w in WEIGHTS)
    return Implication(stationary, entrywise(), WEIGHTS, steps)


@claim("bao2020/4.1/thm2+", where="Theorem 2", given=[SPECTRUM, MATCHED], convention=SCALE_MAIN, tag="4, 5")
def landscape_corrected() -> All:
    """The stationary points are exactly the signed partial matchings of latent components to principal directions."""
    indices = ((i, k), (r, k), (j, m), (s, m))
    return both(Complete(SPECTRAL_LOSS, matched(), completeness(), indices), Stationary(SPECTRAL_LOSS, matched()))

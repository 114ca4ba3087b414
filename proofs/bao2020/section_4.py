"""Bao et al. 2020, Sections 4.1 and 4.2: the loss landscape of the non-uniform L2 loss (3).

Main results
    transpose_theorem     W1 = W2ᵀ at every stationary point
    landscape_corrected   the stationary points: partial matchings of latent components to principal directions
    global_minima         the minima learn the i-th principal direction by the i-th component; no other local ones
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, permutations, product
from random import Random

from flint import fmpq

from proofs.algebra.evaluate import Instance, Undefined, zeros
from proofs.bao2020.appendix_e import skew_part
from proofs.bao2020.notation import (
    DATA,
    FULL_RANK,
    HALF,
    ONE,
    ORDERED,
    PENALTIES,
    SCALE_MAIN,
    SHRINK,
    SPECTRUM,
    S̄,
    TWO,
    TWO_INDICES,
    W1,
    W2,
    ZERO,
    Ū,
    Λ,
    I_k,
    I_m,
    U,
    X,
    i,
    j,
    k,
    l2_loss,
    m,
    n,
    θ,
    λ,
    σ,
)
from proofs.claim import claim
from proofs.kernel.expressions import (
    Basis,
    Coeff,
    Diag,
    Diff,
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
    Tr,
    cos,
    givens,
    integer,
    sin,
)
from proofs.kernel.propositions import Every, Rel
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.global_minima import Minima
from proofs.methods.implication import Implication, Step, fact
from proofs.methods.listed import Converse, Selected
from proofs.methods.stationarity import SMALL, Complete, Points, Stationary

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
    return Implication(stationary, (Rel(W1, "=", W2.T),), WEIGHTS, (transpose_step(X),))


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
ell = integer("ℓ", r"\ell", 0, k)
rank = integer("ℓ", r"\ell")
E, F = (Letter(name, rows, rank, frozenset({"orthonormal"})) for name, rows in (("E", k), ("F", m)))
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


Λ_I, S_J = Diag(λ_I, rank, "Λ_I"), Diag(σ_J, rank, "S_J")
LEARNED = (Eye(rank) - Λ_I @ S_J**-2) ** HALF


def matched() -> Points:
    """The corrected list: W1 = E(I − Λ_I S_J⁻²)^½ U_Jᵀ, with E signed axes of the latent space.

    Orthonormal columns E with ΛE = EΛ_I are signed axes, as the penalties are distinct; likewise F.
    """
    l = integer("l", "", 1, rank)
    where = (
        Rel(ZERO, "≤", rank),
        fact(S̄ @ F, "=", F @ S_J),
        fact(Λ @ E, "=", E @ Λ_I),
        Every(l, ONE, rank, Rel(σ_J[l], ">", ZERO)),
        Every(l, ONE, rank, Rel(λ_I[l], "<", σ_J[l] ** 2)),
    )
    return Points(
        WEIGHTS,
        (E @ LEARNED @ (Ū @ F).T, Ū @ F @ LEARNED @ E.T),
        signed_matchings,
        frozenset({"E", "F", "ℓ", "λ_I", "σ_J"}),
        where=where,
        canonical={E: First(k, rank), F: First(m, rank), λ_I: λ, σ_J: σ},
        names=(rank, F, σ_J, E, λ_I),
    )


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
    given=[SPECTRUM, PENALTIES],
    convention=SCALE_MAIN,
    tag="4, 5",
    note="'We fully characterize the stationary points' in Theorem 2: the points of the form are stationary.",
)
def landscape_converse() -> Stationary:
    """All points of the printed form are stationary."""
    return Stationary(SPECTRAL_LOSS, PRINTED)


# The proof of the corrected list ------------------------------------------------------------------
r, s = integer("r", "", 1, m), integer("s", "", 1, m)
T = Named("T", Ū.T @ W2)
Q = T @ T.T
TIED_GRADIENT = fact((Q - I_m) @ S̄**2 @ T + T @ Λ, "=", 0)
STATIONARY = tuple(fact(Grad(SPECTRAL_LOSS, w), "=", 0) for w in WEIGHTS)


def diagonal() -> Implication:
    """From vanishing gradients: W1 = W2ᵀ, and T Tᵀ is diagonal for T = ŪᵀW2."""
    M = Ū @ S̄**2 @ Ū.T
    commutator = fact(S̄**2 @ Q - Q @ S̄**2, "=", 0)

    def tie(g1: Expr, g2: Expr, gap: Expr) -> Expr:
        return Ū.T @ (g2 / 2 - (W2 @ W1 - I_m) @ M @ gap.T - W2 @ gap @ M @ W2)

    steps = (
        replace(transpose_step(DATA), goal=Rel(W1, "=", W2.T)),
        Step(tie, TIED_GRADIENT),
        Step(lambda g1, g2, gap, h: T @ h.T - h @ T.T, commutator),
        Step(lambda *known: Entry(known[-1], r, s), squares=lambda gap: (σ[r] ** 2 - σ[s] ** 2) * gap),
    )
    return Implication(STATIONARY, (fact(Entry(Q, r, s), "=", 0),), WEIGHTS, steps)


def completeness() -> Selected:
    """With T Tᵀ = F D Fᵀ, the latent axes are the columns of E = TᵀF D^−½, and T = F D^½ Eᵀ."""
    d = Family("d")
    D, N = Diag(d, rank), F @ F.T
    root = D**-HALF
    axes = T.T @ F @ root
    penalties = Family("λ_I", define=lambda a: (1 - d[a]) * σ_J[a] ** 2)
    gap, tied, selected, sorted_, rest, squares = 2, 3, 6, 7, 8, 10
    steps = (
        Step(lambda *f: Tr((I_m - N) @ f[selected] @ (I_m - N)), fact(T - N @ T, "=", 0), SqNorm),
        Step(lambda *f: root @ F.T @ f[selected] @ F @ root, Rel(axes.T @ axes, "=", Eye(rank))),
        Step(lambda *f: S̄ @ f[sorted_] + f[sorted_] @ S_J, fact(S̄**2 @ F - F @ S_J**2, "=", 0)),
        Step(
            lambda *f: (
                f[tied].T @ F @ root - T.T @ S̄**2 @ f[selected] @ F @ root - T.T @ f[squares] @ (D - Eye(rank)) @ root
            )
        ),
        Step(lambda *f: f[gap] + (Ū @ f[rest]).T),
        Step(lambda *f: Ū @ f[rest]),
    )
    names, square = (rank, F, d, σ_J), lambda i: SqNorm(Basis(i, m).T @ T)
    return Selected(diagonal(), Q, (r, s), σ, names, square, steps, {E: axes, λ_I: penalties})


def converse() -> Converse:
    """The gradients of (3), and how they vanish where ΛE = EΛ_I and S̄F = F S_J."""
    M = Ū @ S̄**2 @ Ū.T
    u = Ū @ F

    def gradients(w1: Expr, w2: Expr) -> tuple[Expr, Expr]:
        rest = (w2 @ w1 - I_m) @ M
        return 2 * (w2.T @ rest) + 2 * (Λ @ w1), 2 * (rest @ w1.T) + 2 * (w2 @ Λ)

    def more(f: Expr) -> Expr:
        """S̄²F − F S_J²."""
        return S̄ @ f + f @ S_J

    def by_encoder(f: Expr, e: Expr) -> Expr:
        return 2 * (E @ LEARNED @ (LEARNED**2 - Eye(rank)) @ more(f).T @ Ū.T) + 2 * (e @ LEARNED @ u.T)

    def by_decoder(f: Expr, e: Expr) -> Expr:
        return 2 * ((u @ LEARNED**2 @ u.T - I_m) @ Ū @ more(f) @ LEARNED @ E.T) + 2 * (u @ LEARNED @ e.T)

    return Converse(gradients, (by_encoder, by_decoder))


@claim("bao2020/4.1/thm2+", where="Theorem 2", given=[FULL_RANK, MATCHED], convention=SCALE_MAIN, tag="4, 5")
def landscape_corrected() -> All:
    """The stationary points are exactly the signed partial matchings of latent components to principal directions."""
    return both(
        Complete(SPECTRAL_LOSS, matched(), completeness()), Stationary(SPECTRAL_LOSS, matched(), proof=converse())
    )


# The rotation of two latent components ------------------------------------------------------------
R = givens(i, j, θ, k)


def penalty(w1: Expr, w2: Expr) -> Expr:
    """The regularisation term of (3)."""
    return SqNorm(Λ**HALF @ w1) + SqNorm(w2 @ Λ**HALF)


ALONG = Named("ψ(θ)", penalty(R @ W1, W2 @ R.T), r"\psi(R_{ij}W_1, W_2R_{ij}^\top)")
START = Named("ψ(0)", penalty(W1, W2), r"\psi(W_1, W_2)")
A_COS_B = Named("A cos B", Diff(ALONG, θ, 2, True) / -4, r"A\cos B")
A_SIN_B = Named("A sin B", Diff(ALONG, θ, 1, True) / -2, r"A\sin B")


@claim(
    "bao2020/4.1/sketch-cosine",
    where="Section 4.1, Theorem 2, sketch",
    given=[ORDERED, TWO_INDICES],
    convention=SCALE_MAIN,
)
def cosine() -> All:
    """Under R_ij objective (3) is A cos(2θ + B) + C, stationary at θ = 0 where A sin B = 0: A = 0 or B = βπ."""
    amplitude, phase, constant = Sym("A"), Sym("B"), Sym("C")
    return both(
        eq(l2_loss(R @ W1, W2 @ R.T, X), l2_loss(W1, W2, X) + ALONG - START),
        eq(ALONG, A_COS_B * cos(2 * θ) - A_SIN_B * sin(2 * θ) + START - A_COS_B),
        eq(Diff(amplitude * cos(2 * θ + phase) + constant, θ), -2 * amplitude * sin(2 * θ + phase)),
    )


# Theorem 3 ----------------------------------------------------------------------------------------
ε = Family("ε", r"\varepsilon")
P_DIAGONAL = Diag(ε, k, "P")


def signs_only(at: Instance) -> Iterator[Instance]:
    """P diagonal with entries ±1."""
    for signs in product((1, -1), repeat=at["k"]):
        yield {**at, "ε": [fmpq(x) for x in signs]}


FEW = replace(SMALL, per_size=1)
DIAGONAL = Points(
    WEIGHTS,
    (P_DIAGONAL @ SHRINK**HALF @ U.T, U @ SHRINK**HALF @ P_DIAGONAL.T),
    signs_only,
    frozenset({"ε"}),
    canonical={P_DIAGONAL: -I_k},
)
MINIMUM = Sum(j, ONE, m, σ[j] ** 2) - Sum(i, ONE, k, (σ[i] ** 2 - λ[i]) ** 2 * σ[i] ** -2)
l_ = integer("l")
ORDER = (
    Rel(k, "≥", TWO),
    Every(l_, ONE, k, Rel(λ[l_], ">", ZERO)),
    Rel(λ[1], ">", ZERO),
    Rel(λ[2], ">", λ[1]),
    Rel(σ[1], ">", ZERO),
    Rel(σ[2], ">", ZERO),
    Rel(σ[1] ** 2, ">", σ[2] ** 2),
    Rel(σ[1] ** 2, ">", λ[1]),
    Rel(σ[1] ** 2, ">", λ[2]),
    Rel(σ[2] ** 2, ">", λ[1]),
)


def descents() -> tuple[Chain, ...]:
    """Second variations at tied weights, for the latent components and principal directions called 1 and 2.

    The loss of weights that fall into blocks is the sum over the blocks, so one or two components suffice. A matching
    that is not i ↦ i leaves a latent component empty while a direction with σ² > λ is free; or learns a direction
    while a better one is free; or has a pair in which the larger penalty learned the larger eigenvalue.
    """
    α, β = Sym("α"), Sym("β")
    e_1, e_2 = Basis(ONE, k), Basis(TWO, k)
    u_1, u_2 = Ū @ Basis(ONE, m), Ū @ Basis(TWO, m)
    s_1, s_2 = σ[1] ** 2, σ[2] ** 2

    def learned(penalty: Expr, eigenvalue: Expr) -> Expr:
        return (1 - penalty * eigenvalue**-1) ** HALF

    def tied(w: Expr) -> Expr:
        return l2_loss(w, w.T, DATA)

    empty = tied(α * e_1 @ u_1.T)
    worse = tied(learned(λ[1], s_2) * e_1 @ u_2.T + α * e_1 @ u_1.T)
    crossed = learned(λ[1], s_2) * e_1 @ u_2.T + learned(λ[2], s_1) * e_2 @ u_1.T
    pair = tied(crossed + α * e_1 @ u_1.T + β * e_2 @ u_2.T)
    a, c = Coeff(Coeff(pair, α, 2), β, 0), Coeff(Coeff(pair, β, 2), α, 0)
    b = Coeff(Coeff(pair, α, 1), β, 1)
    crossing = 8 * (λ[2] - λ[1]) * (s_1 - s_2) * (λ[1] * s_1 + λ[2] * s_2) * σ[1] ** -2 * σ[2] ** -2
    return (
        chain(-Coeff(empty, α, 2), "=", 2 * (s_1 - λ[1]), ">", ZERO),
        chain(-Coeff(worse, α, 2), "=", (s_1 - s_2) * (1 + λ[1] * σ[2] ** -2), ">", ZERO),
        chain(b**2 - 4 * a * c, "=", crossing, ">", ZERO),
    )


BY_LANDSCAPE = (
    "Rests on the list of all stationary points, bao2020/4.1/thm2+. The descending directions are theorems; that one "
    "of them descends at every other point is tried at the listed points of small sizes."
)
TIED = (
    "Where σ_k = σ_{k+1}, which Section 2 does not exclude, the k-th latent may learn any direction of that variance."
)


def minima(kind: str) -> Minima:
    return Minima(SPECTRAL_LOSS, DIAGONAL, matched(), MINIMUM, descents(), ORDER, kind, FEW)


@claim(
    "bao2020/4.2/thm3-global",
    where="Theorem 3",
    given=[SPECTRUM, MATCHED],
    convention=SCALE_MAIN,
    note=TIED,
)
def global_minima() -> Minima:
    """The minimum of (3) is achieved exactly at the points (4), (5) with a diagonal P of full rank."""
    return minima("global")


@claim(
    "bao2020/4.2/thm3-global+",
    where="Theorem 3",
    given=[FULL_RANK, PENALTIES],
    convention=SCALE_MAIN,
    note=BY_LANDSCAPE,
)
def global_minima_corrected() -> Minima:
    """If the eigenvalues differ, the minimum of (3) is achieved exactly at (4), (5) with a diagonal P of full rank."""
    return minima("global")


@claim(
    "bao2020/4.2/thm3-local",
    where="Theorem 3",
    given=[SPECTRUM, PENALTIES],
    convention=SCALE_MAIN,
    note="Tried at the listed points of bao2020/4.1/thm2+; where eigenvalues are equal there are others.",
)
def local_minima() -> Minima:
    """All local minima are global: every other stationary point has a descending direction."""
    return minima("local")


@claim(
    "bao2020/4.2/thm3-local/full-rank",
    where="Theorem 3",
    given=[FULL_RANK, PENALTIES],
    convention=SCALE_MAIN,
    note=f"With the assumption of Appendix B, that all eigenvalues differ and none is 0. {BY_LANDSCAPE}",
)
def local_minima_of_full_rank() -> Minima:
    """All local minima are global, and have the printed form."""
    return minima("local")

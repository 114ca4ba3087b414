"""Kunin et al. 2019, Theorem 4.1: the critical points of 𝓛_X on the Grassmannian, and the curvature at them.

Planes are projections P of trace k. Tangent there are the AP − PA with skew A, or the symmetric Z with PZ + ZP = Z.

Main results
    principal    the critical points are U diag(d) Uᵀ with k of the d_l being 1, the others 0
    unique       𝓛_X is Σ_{l > k} σ_l² and squares, which vanish at l ≤ k alone
    saddle       its second variation is Σ (σ_a² − σ_b²)Z_ab² over a ∈ I, b ∉ I, of which d_I terms descend
    pairs        (4) counts the pairs j < i with i ∈ I and j ∉ I; the print has i < j
"""

from __future__ import annotations

from random import Random

from flint import fmpq

from proofs.algebra.evaluate import Instance
from proofs.claim import claim
from proofs.hypotheses import Hypothesis
from proofs.kernel.expressions import (
    Basis,
    Coeff,
    Diag,
    Entry,
    Expr,
    Family,
    Letter,
    Named,
    Proj,
    SqNorm,
    Sum,
    Sym,
    Tr,
    integer,
)
from proofs.kernel.propositions import Every, Rel
from proofs.kunin2019.notation import AT_MOST, SCALE, I_m, k, m
from proofs.kunin2019.section_1 import LEFT_OUT, U
from proofs.kunin2019.section_4 import NONE, ONE, SPECTRUM, Ū, Σ, l, σ
from proofs.kunin2019.section_4_1 import BETTER, COVARIANCE, PROJECTION, P, i, j, on_projection
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.implication import Implication, Known, OffDiagonal, Step, fact
from proofs.tactics.relations import Arithmetic, Lemma, via
from proofs.tactics.sums import Termwise

TRACE = Rel(Tr(P), "=", k)
N = Named("N", Ū.T @ P @ Ū)
τ = Sym("τ")
a, b = integer("a"), integer("b")
e = Family("e")
E = Diag(e, m)

# The critical points ------------------------------------------------------------------------------
A = Letter("A", m, m, frozenset({"skew"}))
row, column, place = (integer(x, "", 1, m) for x in "rsl")
d = Family("d", define=lambda at: Entry(N, at, at))
D = Diag(d, m)
APART = Named("K", COVARIANCE @ P - P @ COVARIANCE)


def first_variation(p: Expr, skew: Expr) -> Expr:
    """Of 𝓛_X at p, where it turns."""
    return Coeff(on_projection(p + τ * (skew @ p - p @ skew)), τ, 1)


def listed() -> Implication:
    """At P with K = XXᵀP − PXXᵀ the variation along the skew K is −‖K‖²; what commutes with Σ² is diagonal."""

    def turned(even: Expr, twice: Expr, trace: Expr, along: Expr) -> Expr:
        return -along - Tr((even @ COVARIANCE - COVARIANCE @ even) @ APART)

    def others(*known: Expr) -> Expr:
        x, y = integer("x", "", 1, m), integer("y", "", 1, m)
        return Sum(x, ONE, m, Sum(y, ONE, m, Entry(N, x, y) ** 2, (x,)))

    def commutes(*known: Expr) -> Expr:
        return Entry(Ū.T @ known[-1] @ Ū, row, column)

    def level(even: Expr, twice: Expr, trace: Expr, *known: Expr) -> Expr:
        gap = known[3]
        return Entry(Ū.T @ twice @ Ū - N @ gap - gap @ D, place, place)

    entry = fact(Entry(N, row, column), "=", 0)
    steps = (
        Step(turned, fact(APART, "=", 0), SqNorm),
        OffDiagonal((row, column), Step(commutes, entry, lambda gap: (σ[row] ** 2 - σ[column] ** 2) * gap)),
        Step(others, fact(N - D, "=", 0), SqNorm),
        Step(lambda *known: Ū @ known[-1] @ Ū.T),
        Step(level),
        Step(lambda even, twice, trace, *_: trace),
    )
    conclusions = (
        Rel(P, "=", Ū @ D @ Ū.T),
        Rel(d[place] ** 2, "=", d[place]),
        Rel(Sum(a, ONE, m, d[a]), "=", k),
    )
    return Implication((*PROJECTION, TRACE, fact(first_variation(P, APART), "=", 0)), conclusions, (P,), steps)


def critical() -> Implication:
    """Every such point is critical, along any direction."""
    at = Ū @ E @ Ū.T
    conclusions = (
        Rel(at, "=", at.T),
        Rel(at @ at, "=", at),
        Rel(Tr(at), "=", k),
        fact(first_variation(at, A), "=", 0),
    )
    steps = (
        Step(lambda twice, trace: at - at.T),
        Step(lambda twice, trace, _: Ū @ twice @ Ū.T),
        Step(lambda twice, trace, *_: trace),
        Step(lambda *_: first_variation(at, A)),
    )
    return Implication((Rel(E @ E, "=", E), Rel(Tr(E), "=", k)), conclusions, (e,), steps)


@claim(
    "kunin2019/thm4.1/count",
    where="Theorem 4.1",
    given=[SPECTRUM],
    convention=SCALE,
    note="𝓛_X is linear in P, so smooth. Critical: its first variation vanishes along AP − PA for every skew A; that "
    "it does along K alone is enough. d_l is the l-th diagonal entry of N = UᵀPU, so that other d are other planes; "
    "which k of the m numbers d_l are 1 is one of binom(m, k) choices.",
)
def principal() -> All:
    """The critical points are the principal k-subspaces: P = U diag(d) Uᵀ with d_l ∈ {0, 1}, k of them 1."""
    return both(listed(), critical())


# The minimum --------------------------------------------------------------------------------------
inside, outside = integer("i", "", 1, k), integer("c", "", k + 1, m)


def lost(weight: Expr, without: tuple[Sym, ...] = ()) -> Expr:
    """What P leaves out of the first k axes."""
    return Sum(l, ONE, k, weight * SqNorm((I_m - N) @ Basis(l, m)), without)


def spent(weight: Expr, without: tuple[Sym, ...] = ()) -> Expr:
    """What P has of the others."""
    return Sum(l, k + 1, m, weight * SqNorm(N @ Basis(l, m)), without)


EXCESS = lost(σ[l] ** 2 - σ[k] ** 2) + spent(σ[k] ** 2 - σ[l] ** 2)


def off(even: Expr, twice: Expr) -> Expr:
    """N − NᵀN, which is 0."""
    return Ū.T @ (even @ P - twice) @ Ū


def spread(even: Expr, twice: Expr, trace: Expr) -> Expr:
    """𝓛_X less its least value and the squares; tr N is k."""
    gap = off(even, twice)
    below = Sum(l, ONE, k, (σ[l] ** 2 - σ[k] ** 2) * Entry(gap, l, l))
    above = Sum(l, k + 1, m, (σ[k] ** 2 - σ[l] ** 2) * Entry(gap, l, l))
    return below + above - σ[k] ** 2 * trace


def least() -> Implication:
    """Where 𝓛_X is least nothing is spent, so that nothing is lost."""
    projection = Proj(k, m)

    def beyond(gap: Expr) -> Expr:
        others = lost(σ[l] ** 2 - σ[k] ** 2) + spent(σ[k] ** 2 - σ[l] ** 2, (outside,))
        return (σ[k] ** 2 - σ[outside] ** 2) * SqNorm(gap) + others

    def rest(even: Expr, twice: Expr, trace: Expr, *_: Expr) -> Expr:
        gap = off(even, twice)
        return spent(ONE) + Sum(l, k + 1, m, Entry(gap, l, l)) - Sum(l, ONE, k, Entry(gap, l, l)) - trace

    steps = (
        Step(lambda *f: f[3] - spread(*f[:3]), fact(N @ Basis(outside, m), "=", 0), beyond),
        Step(rest, fact((I_m - N) @ Basis(inside, m), "=", 0), lambda gap: SqNorm(gap) + lost(ONE, (inside,))),
        Step(lambda *_: lost(ONE) + spent(ONE), fact(N - projection, "=", 0), SqNorm),
        Step(lambda *f: Ū @ f[-1] @ Ū.T),
    )
    premises = (*PROJECTION, TRACE, Rel(on_projection(P), "=", LEFT_OUT))
    return Implication(premises, (Rel(P, "=", U @ U.T),), (P,), steps, generic=(inside, outside))


@claim("kunin2019/thm4.1/unique-min", where="Section 4 and Theorem 4.1", given=[SPECTRUM, AT_MOST], convention=SCALE)
def unique() -> All:
    """There is a unique minimum, of all planes: the span of the first k principal directions."""
    above = Implication((*PROJECTION, TRACE), (Rel(on_projection(P) - LEFT_OUT, "=", EXCESS),), (P,), (Step(spread),))
    return both(eq(on_projection(U @ U.T), LEFT_OUT), above, chain(EXCESS, "≥", NONE), least())


# The index ----------------------------------------------------------------------------------------
def indicator(rng: Random, at: Instance) -> Instance:
    return {"e": [fmpq(rng.choice((0, 1))) for _ in range(at["m"])]}


MEMBERS = Hypothesis(
    "e_i ∈ {0, 1}",
    r"e_i \in \{0, 1\}",
    (Every(l, ONE, m, Rel(e[l] ** 2, "=", e[l])),),
    indicator,
    lambda rng, at: {"e": [fmpq(2)] * at["m"]},
)
SIZE, PLACES = Sum(a, ONE, m, e[a]), Sum(a, ONE, m, a * e[a])
INDEX = PLACES - SIZE * (SIZE + 1) / 2
INDICATOR = "e_i is 1 for i ∈ I and else 0, so that (4) is Σ_i i e_i − ℓ(ℓ + 1)/2, ℓ = Σ_i e_i."


def descending() -> Chain:
    """Σ_a Σ_{b<a} e_a(1 − e_b) = Σ (a − 1)e_a − (ℓ² − Σ e_a²)/2."""

    def below(term: Expr) -> Expr:
        return Sum(a, ONE, m, Sum(b, ONE, a - 1, term))

    before, squares = Sum(a, ONE, m, (a - 1) * e[a]), Sum(a, ONE, m, e[a] ** 2)
    members = Arithmetic(Lemma(squares, "=", SIZE, Termwise()))
    ends = before - (SIZE**2 - SIZE) / 2, before - below(e[a] * e[b])
    counted = below(e[a]) - below(e[a] * e[b]), Arithmetic(Lemma(below(e[a]), "=", before))
    why = via("=", ends[0], "=", (before - (SIZE**2 - squares) / 2, members), "=", ends[1], "=", counted)
    return eq(INDEX, below(e[a] * (1 - e[b])), why)


@claim("kunin2019/thm4.1/pair-count", where="Theorem 4.1, (4)", tag="4", given=[MEMBERS], note=INDICATOR)
def pairs() -> Chain:
    """(4) counts the pairs i < j with i ∈ I and j ∉ I."""
    return eq(INDEX, Sum(a, ONE, m, Sum(b, a + 1, m, e[a] * (1 - e[b]))))


@claim("kunin2019/thm4.1/pair-count+", where="Theorem 4.1, (4)", tag="4", given=[MEMBERS], note=INDICATOR)
def pairs_below() -> Chain:
    """(4) counts the pairs j < i with i ∈ I and j ∉ I, whose eigenvalues are higher."""
    return descending()


Z, W = Letter("Z", m, m), Letter("W", m, m)
SECOND = Coeff(on_projection(Ū @ (E + τ * Z + τ**2 * W) @ Ū.T), τ, 2)
FORM = Sum(a, ONE, m, Sum(b, ONE, m, e[a] * (1 - e[b]) * (σ[a] ** 2 - σ[b] ** 2) * Entry(Z, a, b) ** 2))


def second_variation() -> Implication:
    """Of 𝓛_X along E + τZ + τ²W, in the principal axes: a projection up to the second order."""
    F, S = I_m - E, Σ**2
    premises = (Rel(Z, "=", Z.T), Rel(E @ Z + Z @ E, "=", Z), Rel(E @ W + W @ E + Z @ Z, "=", W))

    def projects(even: Expr, tangent: Expr, bend: Expr, member: Expr) -> Expr:
        return Sum(l, ONE, m, (e[l] ** 2 - e[l]) * (Basis(l, m) @ Basis(l, m).T))

    def total(even: Expr, tangent: Expr, bend: Expr, member: Expr, own: Expr, *known: Expr) -> Expr:
        inner, outer, kept, gone = known
        bent = 2 * Tr(S @ own @ W) - Tr(S @ kept) - Tr(S @ gone)
        blocks = Tr(S @ inner @ Z @ E) - Tr(S @ outer @ Z @ F) + Tr(S @ own @ Z @ (F - E) @ Z)
        return bent + blocks + Tr((S @ E @ Z @ F - E @ Z @ F @ S) @ even)

    steps = (
        Known(Rel(e[place] ** 2, "=", e[place])),
        Step(projects, fact(E @ E - E, "=", 0)),
        Step(lambda _, tangent, *f: E @ tangent @ E - f[2] @ Z @ E - E @ Z @ f[2], fact(E @ Z @ E, "=", 0)),
        Step(lambda _, tangent, *f: -F @ tangent @ F - f[2] @ Z @ F - F @ Z @ f[2], fact(F @ Z @ F, "=", 0)),
        Step(lambda *f: E @ f[2] @ E - f[4] @ W @ E - E @ W @ f[4], fact(E @ W @ E + E @ Z @ Z @ E, "=", 0)),
        Step(lambda *f: -F @ f[2] @ F - f[4] @ W @ F - F @ W @ f[4], fact(F @ W @ F - F @ Z @ Z @ F, "=", 0)),
        Step(total),
    )
    return Implication(premises, (Rel(SECOND, "=", FORM),), (Z, W), steps, generic=(place,))


@claim(
    "kunin2019/thm4.1/index",
    where="Theorem 4.1, (4)",
    tag="4",
    given=[SPECTRUM, MEMBERS, BETTER],
    convention=SCALE,
    note=f"{INDICATOR} Tangent at the plane of I are the symmetric Z with EZ + ZE = Z: Z_ab with a ∈ I, b ∉ I are any "
    "k(m − k) numbers, and coordinates of Gr_k there. In them the second variation is a sum of squares whose weights "
    "σ_a² − σ_b² are not 0, and negative exactly for b < a; that (4) counts these is the last equation.",
)
def saddle() -> All:
    """𝓛_X has a non-degenerate saddle at each critical point, with d_I = Σ_j (i_j − j) descending directions."""
    return both(second_variation(), chain(σ[j] ** 2 - σ[i] ** 2, "<", NONE), descending())

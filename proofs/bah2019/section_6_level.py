"""Bah et al. 2019, Section 6: Conjecture 32 below a level of the loss, for every r and every depth.

A critical point of L^N has W = PW_1 = W_NR with Pᵀ∇L¹ = 0 and ∇L¹Rᵀ = 0, so that W is a projection that commutes with
XXᵀ (bah2019/prop29-1) and, as some layer has r rows or columns, W = BH with tr W ≤ r. With E = I − Π_r, EWE and Π_r − W
are projections, too; below the level their traces are less than 1, and such projections are 0.

Main results
    only_top    critical layers with a loss below the level have W = Σ_{i ≤ r} u_iu_iᵀ
    sharp       at the level there is another one
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from random import Random

from flint import fmpq

from proofs.algebra.evaluate import Instance, diagonal, inverse, zeros
from proofs.bah2019.notation import HALF, ONE, ORTHONORMAL
from proofs.bah2019.section_5 import GAP, Λ, I_d, d, lowered, r, with_gap, λ
from proofs.bah2019.section_6 import CRITICAL, W
from proofs.claim import claim
from proofs.hypotheses import Hypothesis, rational
from proofs.kernel import rules
from proofs.kernel.expressions import (
    Basis,
    Diag,
    Entry,
    Expr,
    Family,
    Inner,
    Letter,
    Named,
    Proj,
    SqNorm,
    Sum,
    Sym,
    Tr,
    Zero,
    integer,
)
from proofs.kernel.gaps import Positive
from proofs.kernel.propositions import ZERO, Rel
from proofs.kernel.theorem import Theorem
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.implication import Step, fact, follow
from proofs.quantities import orthogonal
from proofs.tactics.definite import nonnegative
from proofs.tactics.generic import specialised
from proofs.tactics.ground import Ground
from proofs.tactics.nearest import Nearest
from proofs.tactics.vanishing import Zeros, by_ring

# Small projections --------------------------------------------------------------------------------
P = Letter("P", d, d)
c = integer("c", "", 1, d)
e_c = Basis(c, d)
y = P @ e_c
s = SqNorm(y)
PROJECTION = (Rel(P.T, "=", P), Rel(P @ P, "=", P), Rel(Tr(P), "<", ONE))
SMALL = (
    Step(lambda even, same: same @ e_c, fact(P @ y - y, "=", 0)),
    Step(
        lambda even, same, fixed: s**2 * Tr(same) + s**2 * Tr(P @ even) - 2 * s * Inner(y, fixed),
        fact(y @ y.T, "=", 0),
        lambda gap: (1 - Tr(P)) * SqNorm(gap) + SqNorm(s * P - gap),
    ),
    Step(lambda *known: Tr(known[-1]), fact(y, "=", 0), SqNorm),
    Step(
        lambda even, *known: Inner(P.T @ e_c, even @ e_c) + Inner(P.T @ e_c, known[-1]),
        None,
        lambda gap: SqNorm(e_c.T @ gap),
    ),
)
"""‖y‖⁴(tr P − 1) = ‖‖y‖²P − yyᵀ‖² for y = Pe_c."""


@cache
def small() -> Theorem:
    """A symmetric projection with a trace less than 1 is 0."""
    ground = Ground(()).supposing(*PROJECTION)
    (found,), _ = follow(SMALL, (fact(P, "=", 0),), equations(ground, c))
    return found


def equations(ground: Ground, *generic: Sym) -> Zeros:
    """The equations that are known."""
    found = Zeros(ground, frozenset(generic))
    for t in ground.known:
        if isinstance(t.says, Rel) and t.says.op == "=":
            found.add(t)
    return found


# The critical points ------------------------------------------------------------------------------
B, H = Letter("B", d, r), Letter("H", r, d)
TOP, E = Proj(r, d), Named("E", I_d - Proj(r, d))
LEVEL = HALF * (Sum(c, r + 1, d, λ[c]) + λ[r] - λ[r + 1])
OFF, REST, LACK = TOP @ W @ E, Named("P", E @ W @ E), Named("P", TOP - W)
a, b = integer("a"), integer("b")
TOGETHER = Sum(a, ONE, r, Sum(b, r + 1, d, (λ[a] - λ[r] + λ[r + 1] - λ[b]) * Entry(W, a, b) ** 2))
LEFT = Sum(a, ONE, r, (λ[a] - λ[r]) * SqNorm((I_d - W) @ Basis(a, d)))
RIGHT = Sum(a, r + 1, d, (λ[r + 1] - λ[a]) * SqNorm(W @ Basis(a, d)))
MISSING = r - Tr(W)
ABOVE_LEAST = Rel(
    2 * lowered(W) - Sum(a, r + 1, d, λ[a]),
    "=",
    LEFT + λ[r] * MISSING + (λ[r] - λ[r + 1]) * Tr(REST) + RIGHT,
)


def square(q: Expr) -> Expr:
    """tr(Λq) less the parts of the sums that q = WᵀW − W makes."""
    top = Sum(a, ONE, r, (λ[a] - λ[r]) * Entry(q, a, a))
    return Tr(Λ @ q) - top - Sum(a, r + 1, d, (λ[r + 1] - λ[a]) * Entry(q, a, a))


BLOCKS = (
    Step(lambda f, g, w: f @ Λ**-1, fact(W.T @ W - W.T, "=", 0)),
    Step(lambda *k: k[3] - k[3].T, fact(W - W.T, "=", 0)),
    Step(lambda *k: k[3] - k[4], fact(W.T @ W - W, "=", 0)),
    Step(lambda *k: k[5] + k[4] @ W, fact(W @ W - W, "=", 0)),
    Step(lambda *k: k[1] + (W - I_d) @ Λ @ k[4], fact(W @ Λ @ W - Λ @ W, "=", 0)),
    Step(
        lambda *k: k[7].T - k[7] + k[4] @ Λ @ W.T + W @ Λ @ k[4] - k[4] @ Λ,
        fact(Λ @ W - W @ Λ, "=", 0),
    ),
    Step(
        lambda *k: Inner(OFF, TOP @ k[8] @ E),
        fact(OFF, "=", 0),
        lambda gap: (λ[r] - λ[r + 1]) * SqNorm(gap) + TOGETHER,
    ),
    Step(lambda *k: -1 * (E @ k[4] @ E), Rel(REST.T, "=", REST)),
    Step(lambda *k: E @ k[6] @ E - E @ W @ k[9], Rel(REST @ REST, "=", REST)),
    Step(lambda *k: square(k[5]), ABOVE_LEAST),
    Step(lambda *k: Tr(k[5]) + 2 * Inner(I_d - W, k[2]) + Inner(k[2], k[2]), Rel(SqNorm(I_d - B @ H), "=", d - Tr(W))),
)
"""From Wᵀ∇L¹ = 0, ∇L¹Wᵀ = 0 and W = BH: EWE is a projection; by what 2L¹ exceeds the least; ‖I − BH‖²."""
TOP_BLOCK = (
    Step(lambda *k: k[4], Rel(LACK.T, "=", LACK)),
    Step(
        lambda *k: k[6] + 2 * k[14] + k[9] + (k[9].T - E @ k[4].T @ TOP),
        Rel(LACK @ LACK, "=", LACK),
    ),
    Step(lambda *k: Tr(k[14]), Rel(Tr(REST), "=", ZERO)),
)
"""From EWE = 0: Π_r − W is a projection."""


# Less than 1 --------------------------------------------------------------------------------------
more, lack, top, next_, left, right = (Sym(name) for name in ("t", "q", "l", "m", "u", "v"))
SYMBOLS = (more, lack, top, next_, left, right)


SUM = Rel(left + top * lack + (top - next_) * more + right, "<", top - next_)
LEFT_SIGN, RIGHT_SIGN, LACK_SIGN, MORE_SIGN, NEXT_SIGN = (Rel(x, "≥", ZERO) for x in (left, right, lack, more, next_))
TOP_SIGN, GAP_SIGN = Rel(top, ">", ZERO), Rel(top, ">", next_)


@cache
def below_one(x: Sym, by: Rel, *terms: tuple[Rel, ...]) -> Theorem:
    """x < 1, as (1 − x) times what is positive is a sum of products of what is not negative."""
    facts = tuple(dict.fromkeys((by, *(r for term in terms for r in term))))

    def monomial(*factors: Rel) -> tuple[tuple[int, ...], fmpq]:
        return tuple(factors.count(r) for r in facts), fmpq(1)

    shape = Positive(tuple(monomial(*term) for term in terms), (monomial(by),))
    return rules.positive(Rel(x, "<", ONE), tuple(map(rules.hypothesis, facts)), shape)


MORE = more, GAP_SIGN, (SUM,), (LEFT_SIGN,), (RIGHT_SIGN,), (TOP_SIGN, LACK_SIGN)
"""(1 − t)(l − m) is what the sum lacks to l − m, and u + v + lq."""
LACKING = lack, TOP_SIGN, (SUM,), (LEFT_SIGN,), (RIGHT_SIGN,), (GAP_SIGN, MORE_SIGN), (NEXT_SIGN,)
"""(1 − q)l is what the sum lacks to l − m, and u + v + (l − m)t + m."""
ONES = Family("1", define=lambda _: ONE)
AXES = Letter("U", d, d, ORTHONORMAL)
NEAREST = Nearest(AXES @ Diag(ONES, d, "I") @ AXES.T, ONES, B, H)
"""‖I − BH‖² ≥ d − r, of what has r columns."""


@dataclass(frozen=True)
class OnlyTop:
    """W = Π_r, as EWE and Π_r − W are projections with traces below 1."""

    def theorem(self, ground: Ground, goal: Rel) -> Theorem:
        known = equations(ground)
        follow(BLOCKS, (), known)
        signs = list(self.signs(ground, known))
        values = (Tr(REST), MISSING, λ[r], λ[r + 1], LEFT, RIGHT)
        table: dict[Expr, Expr] = dict(zip(SYMBOLS, values, strict=True))
        known.add(vanishes(REST, ground, *known.stated[-4:-2], specialised(below_one(*MORE), table, *signs)))
        follow(TOP_BLOCK, (), known)
        signs.append(rules.weaken(known.stated[-1], "≥"))
        missing = specialised(below_one(*LACKING), table, *signs)
        trace = rules.chain((by_ring(ground, Tr(LACK), MISSING), missing))
        known.add(vanishes(LACK, ground, *known.stated[-3:-1], trace))
        (found,), _ = follow((Step(lambda *k: -1 * k[-1]),), (goal,), known)
        return found

    def signs(self, ground: Ground, known: Zeros) -> Iterator[Theorem]:
        """What below_one() supposes."""
        of_loss, of_trace = known.stated[-2:]
        level = ground.prove(Rel(of_loss.says.left, "<", λ[r] - λ[r + 1]))  # type: ignore[attr-defined]
        yield rules.chain((rules.mirror(of_loss), level))
        nearest = NEAREST.theorem(ground, Rel(SqNorm(I_d - B @ H), "≥", d - r))
        counted = rules.chain((rules.mirror(of_trace), nearest))
        yield ground.knowing(counted).prove(Rel(MISSING, "≥", ZERO))
        yield from (nonnegative(ground, x) for x in (LEFT, RIGHT))
        yield from (ground.prove(p) for p in (Rel(λ[r + 1], "≥", ZERO), Rel(λ[r], ">", ZERO), Rel(λ[r], ">", λ[r + 1])))


def vanishes(e: Expr, ground: Ground, *premises: Theorem) -> Theorem:
    """e = 0 for a projection with a trace less than 1."""
    return specialised(small(), {P: e}, *premises, *ground.indices)


# The claims ---------------------------------------------------------------------------------------
MOSTLY = 2 / 3


def positive_values(rng: Random, at: Instance) -> Instance:
    """λ_1 ≥ … ≥ λ_r > λ_{r+1} ≥ … > 0; where they are drawn already, those."""
    if {"r", "d", "λ"} <= at.keys() and 1 <= at["r"] <= at["d"]:
        return {name: at[name] for name in ("r", "d", "λ")}
    found = with_gap(rng, at)
    least = found["λ"][-1]
    return {**found, "λ": [x - least + fmpq(1, 3) for x in found["λ"]]}


def choice(rng: Random, at: Instance) -> Instance:
    """W = Σ e_ae_aᵀ over at most r indices, mostly the first; at times turned."""
    found = positive_values(rng, at)
    rank, side = found["r"], found["d"]
    chosen = range(rank) if rng.random() < MOSTLY else rng.sample(range(side), rng.randint(0, rank))
    axes = zeros(side, rank)
    for column, row in enumerate(chosen):
        axes[row, column] = fmpq(1)
    back = axes.T
    if rng.random() < MOSTLY:
        mixed = orthogonal(rng, rank) @ diagonal([rational(rng, 2, True) for _ in range(rank)])
        axes, back = axes @ mixed, inverse(mixed) @ back
    return {**found, "B": axes, "H": back, "W": axes @ back}


def saddle(rng: Random, at: Instance) -> Instance:
    """The index r + 1 in the place of r: at the level, not below."""
    found = choice(rng, at)
    axes = zeros(found["d"], found["r"])
    for column in range(found["r"]):
        axes[column + int(column == found["r"] - 1), column] = fmpq(1)
    return {**found, "B": axes, "H": axes.T, "W": axes @ axes.T}


LOW = Hypothesis(
    "Wᵀ∇L¹(W) = 0, ∇L¹(W)Wᵀ = 0, W = BH, L¹(W) < ½(Σ_{c > r} λ_c + λ_r − λ_{r+1})",
    r"W^\top \nabla L^1(W) = 0,\ \nabla L^1(W) W^\top = 0,\ W = BH,\ "
    r"L^1(W) < \tfrac12 (\textstyle\sum_{c > r} \lambda_c + \lambda_r - \lambda_{r+1})",
    (*CRITICAL, Rel(W, "=", B @ H), Rel(lowered(W), "<", LEVEL)),
    choice,
    saddle,
)
FULL_RANK = Hypothesis("λ_d > 0", r"\lambda_d > 0", (Rel(λ[d], ">", ZERO),))
CONVENTION = "XXᵀ = diag(λ), u_i = e_i; ∇L¹(W) = WΛ − Λ"


@claim(
    "bah2019/conj32/level",
    where="Section 6, on Conjecture 32",
    given=[GAP, FULL_RANK, LOW],
    convention=CONVENTION,
    note="For every r and every N: a critical point of L^N has Wᵀ∇L¹ = 0 and ∇L¹Wᵀ = 0, its layers beside the first "
    "and the last being multiplied in, and W = BH at a layer of r rows or columns. L^N falls along the flow, so that "
    "from every start below the level, balanced or not, with (47) or without, the only critical point that can be its "
    "limit has W = Σ_{i ≤ r} u_iu_iᵀ. The level cannot be raised: bah2019/conj32/level/sharp.",
)
def only_top() -> Chain:
    """Critical layers with a loss below ½(Σ_{c > r} λ_c + λ_r − λ_{r+1}) have the product Σ_{i ≤ r} u_iu_iᵀ."""
    return chain(W, "=", (Proj(r, d), OnlyTop()))


SWAPPED = Proj(r - 1, d) + Basis(r + 1, d) @ Basis(r + 1, d).T


@claim(
    "bah2019/conj32/level/sharp",
    where="Section 6, on Conjecture 32",
    given=[GAP],
    convention=CONVENTION,
    note="W = Σ_{i < r} u_iu_iᵀ + u_{r+1}u_{r+1}ᵀ, where the flow rests.",
)
def sharp() -> All:
    """At the level itself there is another critical point of rank r."""
    slope = SWAPPED @ Λ - Λ
    return both(
        eq(lowered(SWAPPED), LEVEL),
        eq(SWAPPED.T @ slope, Zero(d, d)),
        eq(slope @ SWAPPED.T, Zero(d, d)),
        eq(SqNorm(SWAPPED - Proj(r, d)), 2),
    )

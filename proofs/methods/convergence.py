"""Limits of balanced flows: from every start that meets a condition, W(t) = W_N(t) ⋯ W_1(t) tends to a claimed matrix.

The data are Y = X with XXᵀ = diag(λ), so that u_i = e_i; a rotation of the data rotates the flow. Balanced layers
whose product has rank r are W_1 = S V_0ᵀ, W_j = S, W_N = V_N S up to rotations between the layers, with a positive
diagonal S and orthonormal columns in V_0 and V_N: drawing S, V_0 and V_N reaches the whole set of starts.

Main results
    Converges      the statement; one witness argues exactly, one follows the flow from drawn starts
    Orientation    refutes: in the top eigenspace the sign of det(U_rᵀ W U_r) never changes, so a start with the
                   other sign than the claimed limit is a counterexample
    Growth         proves for rank 1: the condition's left side grows near every limit but the claimed one
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from random import Random
from typing import Protocol

import numpy as np
from flint import fmpq, fmpq_mat

from proofs.algebra.evaluate import Instance, diagonal, evaluate, zeros
from proofs.algebra.printing import latex, text
from proofs.claim import Claim, Context, Counterexample, Evidence, Outcome, Witness, checked
from proofs.hypotheses import rational, value_text
from proofs.kernel.binding import substitute
from proofs.kernel.expressions import Expr, Letter, Num, Sym, misfit
from proofs.kernel.meaning import equal
from proofs.quantities import orthogonal

ONE = Num(Fraction(1))


# -- starts ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Start:
    """Balanced layers W_1, …, W_N of rank r for the data XXᵀ = diag(spectrum)."""

    layers: tuple[np.ndarray, ...]
    spectrum: tuple[fmpq, ...]
    rank: int

    @cached_property
    def product(self) -> np.ndarray:
        out = self.layers[0]
        for w in self.layers[1:]:
            out = w @ out
        return out

    @property
    def at(self) -> Instance:
        """What the condition and the target are evaluated at; u_i = e_i."""
        d = len(self.spectrum)
        return {"d": d, "r": self.rank, "W": self.product, "U": diagonal([fmpq(1)] * d), "λ": list(self.spectrum)}

    @property
    def top_block(self) -> np.ndarray:
        """U_rᵀ W U_r."""
        return self.product[: self.rank, : self.rank]

    def show(self) -> dict[str, str]:
        named = {f"W{place}": value_text(w) for place, w in enumerate(self.layers, 1)}
        return {"N": str(len(self.layers)), "λ": value_text(list(self.spectrum)), **named}

    def plainer(self) -> Start:
        """The same layers with the eigenvalues d, …, 2, 1."""
        return replace(self, spectrum=tuple(fmpq(x) for x in range(len(self.spectrum), 0, -1)))

    @property
    def kind(self) -> tuple[bool, bool]:
        """Whether W lives in the span of u_1, …, u_r, and whether it is symmetric."""
        w = self.product
        inside = not (np.any(w[self.rank :] != 0) or np.any(w[:, self.rank :] != 0))
        return inside, bool(np.all(w == w.T))

    @property
    def lean(self) -> float:
        """Least eigenvalue over the norm of the symmetric part of U_rᵀ W U_r; the smaller, the more adverse."""
        block = np.array([[float(x.p) / float(x.q) for x in row] for row in self.top_block])
        values = np.linalg.eigvalsh(block + block.T)
        return float(values[0] / max(abs(values))) if np.any(values) else 0.0

    def floats(self) -> list[np.ndarray]:
        return [np.array([[float(x.p) / float(x.q) for x in row] for row in w]) for w in self.layers]


def draw_start(rng: Random, rank: int, height: int, inside: bool) -> Start:
    """A balanced start of the given rank, half of them symmetric; ``inside`` keeps it in the span of u_1, …, u_r."""
    d = rank + 1
    spectrum = sorted((rational(rng, height + d, positive=True) for _ in range(d)), reverse=True)
    size = rank if inside else d
    first, last = zeros(d, rank), zeros(d, rank)
    first[:size] = orthogonal(rng, size, height)[:, :rank]
    last[:size] = first[:size] if rng.random() < 0.5 else orthogonal(rng, size, height)[:, :rank]
    last = last * np.array([rng.choice((1, -1)) for _ in range(rank)])
    values = diagonal([rational(rng, height, positive=True) for _ in range(rank)])
    inner = (values,) * rng.choice((1, 1, 2))
    return Start((values @ first.T, *inner, last @ values), tuple(spectrum), rank)


def determinant(a: np.ndarray) -> fmpq:
    return fmpq_mat(len(a), len(a), list(a.flat)).det()


def rank_of(a: np.ndarray) -> int:
    rows, cols = a.shape
    return int(fmpq_mat(rows, cols, list(a.flat)).rank())


DRAWS = 1000


# -- the statement ---------------------------------------------------------------------------------


class DecayArgument(Protocol):
    """An exact reason for or against a limit."""

    def __call__(self, statement: Converges, context: Context) -> Evidence: ...


@dataclass(frozen=True)
class Converges:
    """From every balanced start with ``condition > 0`` for i = 1, …, r, W(t) tends to ``target``.

    The start's product has rank r on u_1, …, u_r, and λ_r > λ_{r+1} > 0; N > 2.
    """

    condition: Expr
    target: Expr
    size: Sym
    index: Sym
    rank: Sym
    ranks: tuple[int, ...]
    argument: DecayArgument

    def __post_init__(self) -> None:
        if self.condition.shape or self.target.shape != (self.size, self.size):
            misfit(f"{text(self.condition)} > 0 is not about a number, or W(t) cannot be {text(self.target)}")

    @property
    def parts(self) -> tuple[Expr, ...]:
        return (self.condition, self.target)

    def with_parts(self, parts: Sequence[Expr]) -> Converges:
        return replace(self, condition=parts[0], target=parts[1])

    @property
    def meaning(self) -> list[tuple[str, Expr, Expr]]:
        """As relations: a positive multiple of the condition says the same, one of the limit does not."""
        return [(">", self.condition, 0 * self.condition), ("=", self.target, Letter("W", *self.target.shape))]

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        return (by_argument, by_following)

    def latex(self) -> str:
        r = latex(self.rank)
        ranks = "" if len(self.ranks) > 1 else f",\\ {r} = {self.ranks[0]}"
        condition = f"{latex(self.condition)} > 0\\ (i \\le {r}){ranks}"
        return f"{condition} \\implies W(t) \\to {latex(self.target)}"

    def text(self) -> str:
        ranks = "" if len(self.ranks) > 1 else f", r = {self.ranks[0]}"
        return f"{text(self.condition)} > 0 for i ≤ r{ranks} ⇒ W(t) → {text(self.target)}"

    def admits(self, start: Start) -> bool:
        """Whether a start meets the hypotheses, exactly."""
        r, at = start.rank, start.at
        spectral = start.spectrum[r - 1] > start.spectrum[r] and start.spectrum[-1] > 0
        positive = all(evaluate(self.condition, {**at, self.index.name: i}) > 0 for i in range(1, r + 1))
        return spectral and positive and rank_of(start.product[:, :r]) == r

    def starts(self, rng: Random, rank: int, inside: tuple[bool, ...]) -> Iterator[Start]:
        """Starts that meet the hypotheses, simple ones first."""
        for attempt in range(DRAWS):
            start = draw_start(rng, rank, 1 + 4 * attempt // DRAWS, rng.choice(inside))
            if self.admits(start):
                yield start


def by_argument(statement: Converges, context: Context) -> Evidence:
    """The statement's exact argument."""
    return statement.argument(statement, context)


def established(lemmas: Claim) -> Evidence:
    """What the first witness finds of another claim, under what that claim is given."""
    statement = lemmas.statement
    supposed = lemmas.supposed(statement)
    found = statement.witnesses[0](statement, Context(lemmas.given, drawn={}, supposed=supposed))
    return checked(found, statement, supposed)


@dataclass(frozen=True)
class Orientation:
    """The sign of det(U_rᵀ W U_r) is constant inside the top eigenspace, by the lemmas about networks of a depth."""

    lemmas: Claim
    depth: int = 3

    def __call__(self, statement: Converges, context: Context) -> Evidence:
        proof = established(self.lemmas)
        if proof.outcome != Outcome.PROVED:
            return Evidence("orientation", Outcome.UNDECIDED, detail=f"a lemma fails: {proof.detail}")
        for rank in statement.ranks:
            rng = context.rng(f"inside/{rank}")
            drawn = (s.plainer() for s in statement.starts(rng, rank, (True,)) if len(s.layers) == self.depth)
            found = [s for s in drawn if turned(statement, s)]
            if found:
                example = min(found, key=lambda s: len(str(s.show())))
                limit = top_of(evaluate(statement.target, example.at), rank)
                sides = {
                    "det(U_rᵀ W(0) U_r)": str(determinant(example.top_block)),
                    "det(U_rᵀ W U_r) at the claimed limit": str(determinant(limit)),
                }
                why = "the determinant keeps its sign along the flow, so W(t) stays away from the claimed limit"
                shown = Counterexample({**example.show(), "W(0)": value_text(example.product)}, sides, why)
                return Evidence("orientation", Outcome.FAILS, "an exact start", counterexample=shown, steps=proof.steps)
        return Evidence("orientation", Outcome.UNDECIDED, detail="no start of the other orientation was found")


def top_of(a: np.ndarray, rank: int) -> np.ndarray:
    return a[:rank, :rank]


def turned(statement: Converges, start: Start) -> bool:
    """Whether the start's determinant has the other sign than the claimed limit's."""
    limit = top_of(evaluate(statement.target, start.at), start.rank)
    return determinant(start.top_block) * determinant(limit) < 0


@dataclass(frozen=True)
class Growth:
    """Rank 1: by the lemmas u_1ᵀ W u_1 grows near 0 and near u_j u_jᵀ, j > 1, which leaves ``target``.

    That the flow converges to a critical point is Theorem 12 of the paper, which is used as it stands.
    """

    lemmas: Claim
    condition: Expr
    target: Expr

    def __call__(self, statement: Converges, context: Context) -> Evidence:
        method = "growth of u_1ᵀ W u_1"
        same = statement.ranks == (1,) and self.matches(statement)
        proof = established(self.lemmas)
        if not same or proof.outcome != Outcome.PROVED:
            why = proof.detail if same else "the lemmas are about another condition or another limit"
            return Evidence(method, Outcome.UNDECIDED, detail=why)
        detail = f"from {self.lemmas.id}, and that the flow converges, which is our word"
        return Evidence(method, Outcome.ARGUED, "r = 1, all d and N, given Theorem 12", detail, steps=proof.steps)

    def matches(self, statement: Converges) -> bool:
        """Whether condition and limit are those of the lemmas, at r = 1."""
        condition = substitute(statement.condition, {statement.index: ONE})
        target = substitute(statement.target, {statement.rank: ONE})
        return equal(condition, self.condition) and equal(target, self.target)


# -- following the flow ----------------------------------------------------------------------------

UNTIL = 60.0
NEAR, FAR = 1e-3, 0.5


def adverse(starts: Iterable[Start], count: int = 1) -> Iterator[Start]:
    """The simplest start and the most adverse, of each kind: inside the top eigenspace or not, symmetric or not."""
    kinds: dict[tuple[bool, bool], list[Start]] = {}
    for start in starts:
        kinds.setdefault(start.kind, []).append(start)
    for group in kinds.values():
        yield from (group[0], *sorted(group[1:], key=lambda s: s.lean)[:count])


def by_following(statement: Converges, context: Context) -> Evidence:
    """Follow the flow from starts of the whole set and from the most adverse; one that rests elsewhere is a failure."""
    from numerics.deep_flow import gradient, integrate, product

    arrived = unclear = 0
    stray: list[tuple[Start, float, float]] = []
    for rank in statement.ranks:
        rng = context.rng(f"following/{rank}")
        for start in adverse(statement.starts(rng, rank, (True, False))):
            xx = np.diag([float(x.p) / float(x.q) for x in start.spectrum])
            end = integrate(start.floats(), xx, xx, UNTIL, rtol=1e-7)
            goal = np.array([[float(x.p) / float(x.q) for x in row] for row in evaluate(statement.target, start.at)])
            away = float(np.max(np.abs(product(end.layers) - goal)))
            speed = max(float(np.max(np.abs(g))) for g in gradient(end.layers, xx, xx))
            if away < NEAR:
                arrived += 1
            elif away > FAR and speed < NEAR:
                stray.append((start, away, end.error))
            else:
                unclear += 1
    scope = f"{arrived} starts arrive, {len(stray)} rest elsewhere, {unclear} still move at t = {UNTIL:g}"
    if stray:
        start, away, error = min(stray, key=lambda s: len(str(s[0].show())))
        sides = {f"‖W({UNTIL:g}) − limit‖_max": f"{away:.4f}", "error of the integration": f"{error:.0e}"}
        return Evidence("following the flow", Outcome.FAILS, scope, counterexample=Counterexample(start.show(), sides))
    return Evidence("following the flow", Outcome.SUPPORTED if arrived else Outcome.UNDECIDED, scope)

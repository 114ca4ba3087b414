"""Bah et al. 2019, Section 4: Theorem 12 for two and for three balanced layers, any X of full rank and any Y.

XXᵀ = K + κI with K ⪰ 0 and κ > 0, so that κ‖W‖² ≤ ‖WX‖² ≤ 4L + 2‖Y‖²: the loss bounds the product, balance the layers.

Main results
    two_layers, three_layers    the flow exists for all times and converges to a critical point of L^N
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any

import numpy as np
from flint import fmpq

from proofs.algebra.evaluate import Instance, diagonal
from proofs.bah2019.confined import Confined, Layers, unbalanced
from proofs.bah2019.notation import WIDTHS, X, Y, d_x, half_loss, layers, product, slope
from proofs.claim import claim
from proofs.hypotheses import Hypothesis, Plan, rational
from proofs.kernel import rules
from proofs.kernel.expressions import Expr, Eye, Letter, SqNorm, Sym, Tr
from proofs.kernel.propositions import ZERO, Rel, zero
from proofs.kernel.theorem import Theorem
from proofs.methods.implication import Step, follow
from proofs.methods.tends import Tends, at_end
from proofs.quantities import orthogonal
from proofs.tactics.ground import Ground
from proofs.tactics.vanishing import Zeros

K, κ = Letter("K", d_x, d_x, frozenset({"psd"})), Sym("κ")
EXCESS = Rel(X @ X.T, "=", K + κ * Eye(d_x))


def table(rng: Random, rows: int, columns: int, height: int) -> Any:
    """A rational matrix."""
    return np.array([[rational(rng, height) for _ in range(columns)] for _ in range(rows)], dtype=object)


def full_rank(rng: Random, at: Instance) -> Instance:
    """X = (cI  Z): K = ZZᵀ and κ = c²."""
    side, more = at["d_x"], rng.randint(1, 2)
    c, z = fmpq(*rng.choice(((1, 4), (1, 2), (1, 1), (2, 1)))), table(rng, side, more, 1)
    x = np.concatenate([diagonal([c] * side), z], axis=1)
    return {"m": side + more, "X": x, "K": z @ z.T, "κ": c**2, "Y": table(rng, at["d_y"], side + more, 2)}


FULL = Hypothesis(
    "XXᵀ = K + κI, κ > 0",
    r"XX^\top = K + \kappa I,\ \kappa > 0",
    (EXCESS, Rel(κ, ">", ZERO)),
    full_rank,
)


def balanced(rng: Random, at: Instance, start: Layers) -> Instance:
    """Layers Q_jS_jQ_{j−1}ᵀ with the same numbers s_1, …, s_r, r the least width, on the diagonal of each S_j."""
    widths = [int(at[w.shape[1].name]) for w in start] + [int(at["d_y"])]
    values = [rational(rng, 2, True) for _ in range(min(widths))]
    frames = [orthogonal(rng, n) for n in widths]

    def layer(place: int) -> Any:
        middle = np.full((widths[place + 1], widths[place]), fmpq(0), dtype=object)
        for i, x in enumerate(values):
            middle[i, i] = x
        return frames[place + 1] @ middle @ frames[place].T

    return {w.name: layer(place) for place, w in enumerate(start)}


def from_balance(start: Layers) -> Hypothesis:
    """W_{j+1}ᵀW_{j+1} = W_jW_jᵀ at the start."""
    return Hypothesis(
        "W_{j+1}ᵀW_{j+1} = W_jW_jᵀ at the start",
        r"W_{j+1}^\top W_{j+1} = W_j W_j^\top \text{ at the start}",
        tuple(Rel(q, "=", zero(q)) for q in unbalanced(start)),
        lambda rng, at: balanced(rng, at, start),
    )


def gradients(ws: Layers) -> tuple[Expr, ...]:
    """(W_N ⋯ W_{j+1})ᵀ ∇L¹(W) (W_{j−1} ⋯ W_1)ᵀ for every j."""
    outer = slope(product(ws)).body
    found = []
    for place in range(len(ws)):
        after, before = ws[place + 1 :], ws[:place]
        left = product(after).T @ outer if after else outer
        found.append(left @ product(before).T if before else left)
    return tuple(found)


@dataclass(frozen=True)
class Critical:
    """The limit of the confined flow is critical."""

    flow: Confined
    limit: Layers

    def theorem(self, ground: Ground, goal: Expr) -> Theorem:
        return at_end(self.flow.settled(ground, self.limit), self.limit, partial(self.slopes, ground))

    def slopes(self, ground: Ground, said: Any) -> Theorem:
        """The gradients as they are written out."""
        flow, _, *critical = said
        zeros = Zeros(ground)
        for t in critical:
            zeros.add(t)
        steps = tuple(Step(lambda *g, place=place: g[place]) for place in range(len(critical)))
        found, _ = follow(steps, [Rel(g, "=", zero(g)) for g in gradients(self.limit)], zeros)
        return rules.conjunction((flow, *found))


def converging(depth: int) -> Tends:
    """The flow of so many layers."""
    moving, start, limit = layers(depth), layers(depth, "A"), layers(depth, "V")
    loss, whole = half_loss(product(moving)), product(moving)
    begin = half_loss(product(start))
    rest = 1 / κ * (Tr(whole @ K @ whole.T) + SqNorm(2 * Y - whole @ X) + 4 * (begin - loss))
    room = (2 * SqNorm(Y) + 4 * begin) / κ
    flow = Confined(moving, start, loss, room, rest, (EXCESS,), lambda gap: 1 / κ * Tr(whole @ gap @ whole.T))
    ends = tuple(Rel(g, "=", zero(g)) for g in gradients(moving))
    plan = Plan(({"k": 1}, {"k": 2}), per_size=2, tries=100)
    return Tends(loss, moving, start, limit, ends, Critical(flow, limit), plan)


NOTE = "Theorem 11 is a fact of the literature, with its hypothesis discharged: ‖W_1‖² + … + ‖W_N‖² is at most "


@claim(
    "bah2019/thm12/two",
    where="Section 4, Theorem 12",
    given=[WIDTHS, FULL, from_balance(layers(2, "A"))],
    convention="N = 2",
    note=f"{NOTE}d_1 + (2‖Y‖² + 4L(0))/κ.",
)
def two_layers() -> Tends:
    """From balanced starts the flow of two layers exists for all times and converges to a critical point."""
    return converging(2)


@claim(
    "bah2019/thm12/three",
    where="Section 4, Theorem 12",
    given=[WIDTHS, FULL, from_balance(layers(3, "A"))],
    convention="N = 3",
    note=f"{NOTE}2d_1 + (2‖Y‖² + 4L(0))/κ.",
)
def three_layers() -> Tends:
    """From balanced starts the flow of three layers exists for all times and converges to a critical point."""
    return converging(3)

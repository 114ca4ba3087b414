"""Adversarial search for a counterexample to an inequality between scalars, over the hypotheses' whole set.

Many points at once descend in the relative slack, in floating point: the best of each generation are perturbed, from
steps of the size of the values down to small ones. A point of negative slack is rounded to rationals, the shortest
first, and counts only when the exact hypotheses hold and the exact inequality fails there.

Main results
    searched    a chain of inequalities with the search as a further witness
    Batch       expressions at many points at once
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from typing import Any

import numpy as np
from flint import fmpq

from proofs.algebra.evaluate import COMPARE, Instance, Undefined
from proofs.claim import Context, Evidence, Outcome, Witness
from proofs.hypotheses import SIZES, Plan, free_names, instances, value_text
from proofs.kernel import expressions as E
from proofs.kernel.propositions import Every, Rel
from proofs.methods.chain import Chain, broken_link, by_instances, by_theorems, failure

POINTS, ELITE, GENERATIONS, TRIES = 2000, 60, 30, 8
REACHES = (0.3, 0.1, 0.03, 0.01, 0.003)
Points = dict[str, Any]


@dataclass(frozen=True)
class Searched(Chain):
    """A chain whose inequalities are also attacked by a search over scalars."""

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        return (by_theorems, by_instances, by_search)


def searched(chain: Chain) -> Searched:
    """The chain with the search as a third witness."""
    return Searched(chain.first, chain.links, chain.plan)


# -- many points at once ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Batch:
    """Values of expressions where every family is an array of (index, point).

    Examples
    --------
    >>> f, j, k = E.Family("f"), E.integer("j"), E.size("k")
    >>> Batch({"k": 2, "f": np.array([[1.0, 2.0], [3.0, 4.0]])})(E.Sum(j, E.lift(1), k, f[j] ** 2))
    array([10., 20.])
    """

    at: Points

    def __call__(self, e: E.Expr) -> Any:
        return getattr(self, "_" + type(e).__name__.lower())(e)

    def _num(self, e: E.Num) -> float:
        return float(e.value)

    def _sym(self, e: E.Sym) -> Any:
        return self.at[e.name]

    def _named(self, e: E.Named) -> Any:
        return self(e.body)

    def _item(self, e: E.Item) -> Any:
        if e.family.define is not None and e.family.name not in self.at:
            return self(e.family.define(e.index))
        return self.at[e.family.name][int(self(e.index)) - 1]

    def _add(self, e: E.Add) -> Any:
        return sum(self(t) for t in e.terms)

    def _mul(self, e: E.Mul) -> Any:
        out: Any = 1.0
        for f in e.factors:
            out = out * self(f)
        return out

    def _pow(self, e: E.Pow) -> Any:
        return self(e.base) ** float(self(e.exponent))

    def spread(self, e: E.Sum | E.Extremum) -> list[Any]:
        span = range(int(self(e.lo)), int(self(e.hi)) + 1)
        return [Batch({**self.at, e.var.name: index})(e.body) for index in span]

    def _sum(self, e: E.Sum) -> Any:
        return sum(self.spread(e), 0.0)

    def _extremum(self, e: E.Extremum) -> Any:
        values = self.spread(e)
        return (np.maximum if e.kind == "max" else np.minimum).reduce(values)

    def holds(self, r: Rel | Every) -> Any:
        """At which points a relation holds."""
        if isinstance(r, Rel):
            return COMPARE[r.op](self(r.left), self(r.right))
        span = range(int(self(r.lo)), int(self(r.hi)) + 1)
        found = [Batch({**self.at, r.var.name: index}).holds(r.body) for index in span]
        return np.logical_and.reduce(found) if found else True

    def slack(self, statement: Chain) -> Any:
        """The smallest relative slack of the inequalities; negative where one fails."""
        values = [self(p) for p in statement.parts]
        out: Any = np.inf
        for a, relation, b in zip(values, statement.relations, values[1:], strict=False):
            gap = b - a if relation in "<≤" else a - b
            out = np.minimum(out, gap / (abs(a) + abs(b))) if relation != "=" else out
        return out


# -- the search ------------------------------------------------------------------------------------


def by_search(statement: Chain, context: Context) -> Evidence:
    """Descend in the slack at every size with 2 ≤ k = m, and round what is found to short rationals."""
    names = sorted(f.name for f in free_names(statement.parts).families)
    least = np.inf
    sizes = [s for s in SIZES if 2 <= s["k"] == s["m"]]
    for size in sizes:
        starts = list(islice(instances(statement.parts, context, Plan((size,), ELITE, 4 * ELITE)), ELITE))
        if not starts:
            continue
        points, smallest = descend(statement, context, starts, names)
        least = min(least, smallest)
        found = [at for at in roundings(starts[0], points) if refutes(statement, context, at)]
        if found:
            shortest = min((simplified(statement, context, at, names) for at in found[:TRIES]), key=length)
            return Evidence("search", Outcome.FAILS, f"k = {size['k']}", "", failure(statement, shortest))
    if least == np.inf:
        return Evidence("search", Outcome.UNDECIDED, detail="no instance of the hypotheses was found")
    scope = f"{GENERATIONS * POINTS} points at each k = {', '.join(str(s['k']) for s in sizes)}"
    return Evidence("search", Outcome.SUPPORTED, scope, f"least relative slack {least:.2g}")


def descend(statement: Chain, context: Context, starts: list[Instance], names: list[str]) -> tuple[Points, float]:
    """The least slack after all generations, and of the first generations the points that violate the inequality."""
    rng = np.random.default_rng(context.seed)
    fixed = {name: value for name, value in starts[0].items() if isinstance(value, int)}
    counts = {name: min(len(at[name]) for at in starts) for name in names}  # whatever is more is spoken of by none
    pool = {name: np.array([[ratio(x) for x in at[name][:count]] for at in starts]).T for name, count in counts.items()}
    slacks = np.full(len(starts), np.inf)
    for generation in range(GENERATIONS):
        parents = rng.integers(0, len(slacks), POINTS)
        reach = 0.5 * 0.8**generation
        grown = {
            name: np.concatenate(
                [
                    v,
                    v[:, parents]
                    * (1 + reach * rng.standard_normal((len(v), POINTS)) * (rng.random((len(v), POINTS)) < 0.6)),
                ],
                axis=1,
            )
            for name, v in pool.items()
        }
        batch = Batch({**fixed, **grown})
        with np.errstate(all="ignore"):
            inside = np.logical_and.reduce(
                [np.broadcast_to(batch.holds(r), slack_shape(grown)) for h in context.given for r in h.relations]
            )
            slacks = np.where(inside, np.broadcast_to(batch.slack(statement), slack_shape(grown)), np.inf)
        slacks = np.where(np.isnan(slacks), np.inf, slacks)
        order = np.argsort(slacks)[:ELITE]
        pool, slacks = {name: v[:, order] for name, v in grown.items()}, slacks[order]
        if slacks[len(slacks) // 2] < 0:
            break
    return {name: v[:, slacks < 0] for name, v in pool.items()}, float(slacks[0])


def slack_shape(points: Points) -> tuple[int]:
    return (next(iter(points.values())).shape[1],)


def ratio(x: Any) -> float:
    return int(x.p) / int(x.q)


def roundings(at: Instance, points: Points) -> Iterator[Instance]:
    """The points in rationals, first all of them with small denominators."""
    for limit in (100, 1000, 10**5):
        for place in range(slack_shape(points)[0]):
            yield {**at, **{name: [rational(x, limit) for x in v[:, place]] for name, v in points.items()}}


def rational(x: Any, limit: int) -> fmpq:
    near = Fraction(float(x)).limit_denominator(limit)
    return fmpq(near.numerator, near.denominator)


def simplified(statement: Chain, context: Context, at: Instance, names: list[str]) -> Instance:
    """The counterexample with each coordinate replaced by the shortest number near it that still refutes."""
    for reach in REACHES:
        for name in names:
            for place, x in enumerate(at[name]):
                x = ratio(x)
                nearby = {rational(x * (1 + reach * t / 4), limit) for t in range(-4, 5) for limit in (1, 2, 4, 10, 20)}
                for y in sorted(nearby, key=lambda y: (len(str(y)), abs(ratio(y) - x))):
                    values = [*at[name][:place], y, *at[name][place + 1 :]]
                    if len(str(y)) >= len(str(at[name][place])):
                        break
                    if refutes(statement, context, {**at, name: values}):
                        at = {**at, name: values}
                        break
    return at


def length(at: Instance) -> int:
    return sum(len(value_text(v)) for v in at.values())


def refutes(statement: Chain, context: Context, at: Instance) -> bool:
    """Whether the hypotheses hold exactly and a link fails exactly."""
    try:
        return all(h.holds(at) for h in context.given) and broken_link(statement, at) is not None
    except Undefined:
        return False

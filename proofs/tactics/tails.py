"""Families that are sums of weights, f[i] = Σ_{b ≥ i} w[b]: they fall as far as the weights are positive.

Main results
    with_tails    a ground that knows this of the families in some expressions
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flint import fmpq

from proofs.kernel import expressions as E
from proofs.kernel import rules
from proofs.kernel.binding import plain
from proofs.kernel.expressions import Expr, Family, lift
from proofs.kernel.gaps import Positive
from proofs.kernel.propositions import ONE, ZERO, Rel
from proofs.kernel.tensor import Undecided
from proofs.kernel.theorem import Refused, Theorem
from proofs.tactics.ground import Ground, NotFound

ITSELF = Positive((((1,), fmpq(1)),), (((0,), fmpq(1)),))


def with_tails(ground: Ground, sides: Iterable[Expr]) -> Ground:
    """What is known, and that the tails in the expressions fall to a positive last member."""
    families = {
        x.family for e in sides for x in plain(e).walk() if isinstance(x, E.Item) and x.family.tail and x.family.length
    }
    key = ("tails", frozenset(families))
    if key not in ground.memo:
        found = [t for f in sorted(families, key=lambda f: f.name) for t in falling(ground, f)]
        ground.memo[key] = ground.knowing(*found) if found else ground
    return ground.memo[key]


def falling(ground: Ground, f: Family) -> Iterator[Theorem]:
    """f[l] > f[l + 1] for every l before the last, f[last] > 0; or ≥."""
    assert f.tail is not None
    assert f.length is not None
    last = lift(f.length)
    l, inside = ground.generic(E.integer("l"), ONE, last - 1)
    for op in ">≥":
        try:
            step = rules.positive(
                Rel(f[l], op, f[l + 1]), (inside.prove(Rel(f.tail(l), op, ZERO)),), ITSELF, inside.indices
            )
            end = rules.positive(
                Rel(f[last], op, ZERO), (ground.prove(Rel(f.tail(last), op, ZERO)),), ITSELF, ground.indices
            )
        except (Refused, Undecided, NotFound):
            continue
        yield rules.generalise(step, l, ONE, last - 1)
        yield end
        return

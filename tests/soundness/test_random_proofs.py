"""Random proofs: whatever rules make of whatever they are given holds at every instance that the judge draws.

A proof is a pool of theorems. A rule is drawn, its arguments are drawn from the pool and from a grammar in which names
are bound and free at once, ranges are empty, indices coincide; what it makes goes into the pool.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from flint import fmpq

from proofs.kernel import expressions as E
from proofs.kernel import means, rules, semidefinite
from proofs.kernel.binding import Captured
from proofs.kernel.expressions import Expr, Family, Letter, Sym, integer, lift
from proofs.kernel.gaps import Positive
from proofs.kernel.propositions import Every, Implies, Rel
from proofs.kernel.tensor import Undecided
from proofs.kernel.theorem import Refused, Theorem, recheck
from tests.soundness.judge import Undefined, true

INTEGERS = [integer(s) for s in "kijl"]
k, i, j, l = INTEGERS  # noqa: E741 - the papers' index
REALS = [E.Sym(s) for s in "xyk"]
x, y, real_k = REALS
f, g = Family("f"), Family("g")
h = Family("h", define=lambda a: f[a] + E.Sum(l, lift(1), a, g[l]))
TOP = Family("t", define=lambda a: E.Extremum("max", l, lift(1), a, f[l]))
A, B, v = Letter("A", k, k), Letter("B", k, k), Letter("v", k, 1)
POLYNOMIAL = {E.Num, E.Sym, E.Item, E.Add, E.Mul, E.Sum}
PREMISES = 3
TRIES = 300
MADE: Counter[str] = Counter()


class Source:
    """Draws expressions, propositions, theorems of a pool."""

    def __init__(self, rng: Random):
        self.rng = rng
        self.pool: list[Theorem] = []

    def one(self, *among: Any) -> Any:
        return self.rng.choice(among)

    def index(self) -> Expr:
        s = self.one(*INTEGERS, *INTEGERS, lift(self.rng.randint(-1, 3)))
        return s + self.one(-1, 1) if self.rng.random() < 0.2 else s

    def bound(self) -> tuple[Sym, Expr, Expr]:
        return self.one(i, j, l), self.one(lift(1), lift(1), lift(2), j), self.one(k, k, k - 1, lift(2), i)

    def scalar(self, depth: int = 2) -> Expr:
        if depth == 0 or self.rng.random() < 0.2:
            return self.one(
                x, y, f[self.index()], f[self.index()], g[self.index()], h[self.index()], k, lift(1), lift(0), i
            )
        a, b = self.scalar(depth - 1), self.scalar(depth - 1)
        var, lo, hi = self.bound()
        made: list[Callable[[], Expr]] = [
            lambda: a + b,
            lambda: a - b,
            lambda: a * b,
            lambda: a / b,
            lambda: a**2,
            lambda: E.Sum(var, lo, hi, a),
            lambda: E.Sum(var, lo, hi, a, (self.one(i, j, k),)),
            lambda: E.Extremum(self.one("max", "min"), var, lo, hi, a),
            lambda: E.Pick(self.one("max", "min"), (a, self.one(b, TOP[self.index()]))),
            lambda: E.Named("N", a),
            lambda: E.Tr(self.matrix()),
            lambda: E.Diff(a * x, x) if a.kinds <= POLYNOMIAL else a,
            lambda: E.sqrt(a**2),
        ]
        return self.one(*made)()

    def matrix(self) -> Expr:
        c = self.one(A, B, A.T, A @ B, E.Diag(f, k), E.Proj(self.index(), k), E.Eye(k), v @ v.T, E.LowerMask(B))
        return self.one(c, c, self.one(x, f[1]) * c, c + A)

    def relation(self) -> Rel:
        if self.rng.random() < 0.3:
            return Rel(self.index(), self.one("≤", "<", "≠", "="), self.index())
        a = self.scalar(self.one(0, 1, 1, 2))
        return Rel(a, self.one(*"≤<≥>≠="), self.one(lift(0), self.scalar(1), a))

    def proposition(self) -> Expr:
        p = self.relation()
        var, lo, hi = self.bound()
        q: Expr = Implies(self.relation(), p) if self.rng.random() < 0.3 else p
        return self.one(p, p, Every(var, lo, hi, q), Every(var, lo, hi, self.neighbours(var)), q)

    def neighbours(self, var: Sym) -> Rel:
        of = self.one(f, g)
        return Rel(of[var], self.one(*"≤<≥>"), of[var + 1])

    def theorem(self, *kinds: type) -> Theorem:
        fit = [t for t in self.pool if not kinds or isinstance(t.says, kinds)]
        if not fit or self.rng.random() < 0.15:
            return rules.hypothesis(self.proposition())
        return self.rng.choice(fit)

    def some(self, *kinds: type) -> tuple[Theorem, ...]:
        return tuple(self.theorem(*kinds) for _ in range(self.rng.choice((1, 2, 2, 3))))

    def known(self, p: Expr) -> Theorem:
        """The proposition, from the pool if it is there."""
        return next((t for t in self.pool if rules.same(t.says, p)), None) or rules.hypothesis(p)

    def everything(self, *more: Expr) -> tuple[Theorem, ...]:
        """Theorems of the pool, and what the expressions need."""
        needed = tuple(p for e in more for p in rules.needs(e, False))
        return (*self.some(), *map(self.known, needed))

    def place(self, t: Theorem) -> tuple[Expr, Theorem, Theorem]:
        """An index in the range that a theorem or an extremum has."""
        at, e = self.index(), getattr(t, "says", t)
        return at, self.known(Rel(e.lo, "≤", at)), self.known(Rel(at, "≤", e.hi))  # type: ignore[attr-defined]

    # one attempt for each rule
    def made(self) -> Theorem:
        attempts = [m for name, m in sorted(vars(Source).items()) if name.startswith("by_")]
        return self.rng.choice(attempts)(self)

    def by_discharge(self) -> Theorem:
        t = self.theorem()
        return rules.discharge(t, self.one(*t.given, self.relation()))

    def by_apply(self) -> Theorem:
        t = self.theorem(Implies)
        return rules.apply(t, self.known(t.says.premise))  # type: ignore[attr-defined]

    def by_cut(self) -> Theorem:
        t = self.theorem()
        return rules.cut(t, self.known(self.one(*t.given)))

    def by_parts(self) -> Theorem:
        return rules.part(rules.conjunction(self.some()), 0)

    def by_cases(self) -> Theorem:
        cover = self.one(rules.total(self.scalar(1), self.scalar(1)), rules.split(self.theorem(Rel)))
        q = self.theorem()
        return rules.cases(cover, tuple(rules.discharge(q, p) for p in cover.says.terms))  # type: ignore[attr-defined]

    def by_absurd(self) -> Theorem:
        return rules.absurd(self.theorem(Rel), self.theorem(Rel), self.relation())

    def by_order(self) -> Theorem:
        return rules.order(Rel(self.index(), self.one(*"≤<≥>≠="), self.index()), self.some(Rel))

    def by_instance(self) -> Theorem:
        t = self.theorem(Every)
        return rules.instance(t, *self.place(t))

    def by_generalise(self) -> Theorem:
        return rules.generalise(self.theorem(), *self.bound())

    def by_rename(self) -> Theorem:
        t, old = self.theorem(), self.one(*INTEGERS, x, y, real_k, A, v)
        new = (
            self.one(B, A.T, B @ A)
            if old == A
            else v
            if old == v
            else self.index()
            if old in INTEGERS
            else self.scalar(1)
        )
        return rules.rename(t, ((old, new),))

    def by_monotone(self) -> Theorem:
        var, lo, hi = self.bound()
        a, b = self.index(), self.index()
        known = [Rel(lo, "≤", a), Rel(a, self.one("≤", "<"), b), Rel(b, "≤", self.one(hi, hi + 1))]
        return rules.monotone(self.known(Every(var, lo, hi, self.neighbours(var))), a, b, tuple(map(self.known, known)))

    def by_ring(self) -> Theorem:
        a = self.scalar()
        var, lo, hi = self.bound()
        t = self.theorem(Rel)
        b = self.one(
            a + 0, self.scalar(1), E.Sum(var, lo, hi, a), rules.substitute(a, {self.one(i, x): self.one(i, j, x)})
        )
        goal = self.one(
            Rel(a, "=", b), Rel(a * b, "=", b * a), Rel(a + b, "=", 2 * a), Rel(t.says.left, "=", t.says.right)
        )  # type: ignore[attr-defined]
        return rules.ring(goal, self.everything(goal, t.says))

    def by_split(self) -> Theorem:
        return rules.split(self.theorem(Rel))

    def by_chain(self) -> Theorem:
        t = self.theorem(Rel)
        u = self.one(*(u for u in self.pool if isinstance(u.says, Rel) and rules.same(u.says.left, t.says.right)))  # type: ignore[attr-defined]
        return rules.chain((t, u))

    def by_relation(self) -> Theorem:
        t = self.theorem(Rel)
        return self.one(
            rules.mirror, rules.differ, rules.split, rules.vanishing, rules.root, lambda t: rules.power(t, k)
        )(t)

    def by_weaken(self) -> Theorem:
        return rules.weaken(self.theorem(Rel), self.one(*"≤<≥>≠="))

    def by_nonzero(self) -> Theorem:
        ts = self.some(Rel)
        return rules.nonzero(E.mul(*(t.says.left ** self.one(1, -1, 2) for t in ts)), ts)  # type: ignore[attr-defined]

    def by_antisymmetry(self) -> Theorem:
        t = self.theorem(Rel)
        return rules.antisymmetry(t, self.known(Rel(t.says.left, "≥", t.says.right)))  # type: ignore[attr-defined]

    def by_replace(self) -> Theorem:
        t = self.theorem(Rel)
        return rules.replace(self.scalar(), ((self.one(x, y, i), t),))

    def by_positive(self) -> Theorem:
        ts, one = self.some(Rel), ((0,),)
        quantities = [t.says.left - t.says.right if t.says.op in "≥>" else t.says.right - t.says.left for t in ts]  # type: ignore[attr-defined]
        powers = [tuple(self.rng.choice((0, 1, 1, 2)) for _ in ts) for _ in one]
        gap = E.mul(*(q ** lift(e) for q, e in zip(quantities, powers[0], strict=True)))
        shape = Positive(((powers[0], fmpq(1)),), (((0,) * len(ts), fmpq(1)),))
        goal = Rel(gap, self.one("≥", ">", "≠"), lift(0))
        return rules.positive(goal, ts, shape, self.everything(goal, *(t.says for t in ts)))

    def by_square(self) -> Theorem:
        return rules.square(self.one(self.scalar(1), self.matrix()))

    def by_terms(self) -> Theorem:
        t = self.theorem(Every)
        return rules.terms(t, self.one(None, self.known(Rel(t.says.lo, "≤", t.says.hi))))  # type: ignore[attr-defined]

    def by_others(self) -> Theorem:
        var, lo, hi = self.bound()
        out = self.one(i, j, k)
        return rules.terms(self.known(Every(var, lo, hi, Implies(Rel(var, "≠", out), self.relation()))), None, (out,))

    def by_member(self) -> Theorem:
        e = E.Extremum(self.one("max", "min"), *self.bound(), self.scalar(1))
        return rules.member(e, *self.place(e))  # type: ignore[arg-type]

    def by_bounded(self) -> Theorem:
        t = self.theorem(Every)
        e = E.Extremum(self.one("max", "min"), t.says.var, t.says.lo, t.says.hi, t.says.body.left)  # type: ignore[attr-defined]
        return rules.bounded(e, (t,), (self.known(Rel(e.lo, "≤", e.hi)),))

    def by_picked(self) -> Theorem:
        t = self.theorem(Rel)
        e = E.Pick(self.one("max", "min"), (t.says.left, self.scalar(1)))  # type: ignore[attr-defined]
        top = rules.opened(t.says.left)  # type: ignore[attr-defined]
        filled = (
            self.known(Rel(top.lo, "≤", top.hi)) if isinstance(top, E.Extremum) and self.rng.random() < 0.5 else None
        )
        return rules.picked(e, 0, t, filled)

    def by_bounded_pick(self) -> Theorem:
        ts = self.some(Rel, Every)
        sides = [
            t.says.left
            if isinstance(t.says, Rel)
            else E.Extremum("max", t.says.var, t.says.lo, t.says.hi, t.says.body.left)
            for t in ts
        ]  # type: ignore[attr-defined]
        return rules.bounded(E.Pick(self.one("max", "min"), tuple(sides)), ts, self.some(Rel))

    def by_mean(self) -> Theorem:
        var, lo, hi = self.bound()
        a = self.one(f[var], f[var] ** 2, f[var] + x)
        closes = Rel(rules.substitute(a, {var: hi}), "=", rules.substitute(a, {var: lo}))
        return means.arithmetic_geometric(self.known(Every(var, lo, hi, Rel(a, ">", lift(0)))), self.known(closes))

    def by_semidefinite(self) -> Theorem:
        t = semidefinite.gram(self.matrix())
        t = self.one(t, semidefinite.congruence(t, self.matrix()), semidefinite.added((t, semidefinite.gram(A))))
        return self.one(
            t,
            semidefinite.form(t, self.one(v, A)),
            semidefinite.symmetric(t),
            semidefinite.multiple(t, self.theorem(Rel)),
        )


def draw(rng: Random) -> dict[str, Any]:
    """An instance: real and integer k are of one name, so only one of them occurs in a pool."""
    size = rng.choice((0, 1, 1, 2, 2, 3))

    def number() -> Fraction:
        return Fraction(rng.choice((-2, -1, -1, 0, 0, 1, 1, 2, 3)), rng.choice((1, 1, 2)))

    values = [number() for _ in range(5)]
    if rng.random() < 0.5:
        values.sort(reverse=rng.random() < 0.5)
    positive = [abs(number()) + 1 for _ in range(5)]
    square = {name: [[number() for _ in range(size)] for _ in range(size)] for name in "AB"}
    places = {s: rng.choice((0, 1, 1, 2, 3)) for s in "ijl"}
    families = {"f": rng.choice((values, positive)), "g": [number() for _ in range(5)]}
    return {
        "k": size,
        **places,
        "x": number(),
        "y": number(),
        **families,
        **square,
        "v": [[number()] for _ in range(size)],
    }


INSTANCES = [draw(Random(f"instances/{n}")) for n in range(40)]


def broken(t: Theorem) -> dict[str, Any] | None:
    """An instance of what is given at which a theorem fails."""
    for at in INSTANCES:
        try:
            if all(true(p, at) for p in t.given) and not true(t.says, at):
                return at
        except Undefined:
            continue
    return None


def small(t: Theorem) -> bool:
    return t.says.nodes + sum(p.nodes for p in t.given) < 120 and len(t.given) < 8


@pytest.mark.parametrize("seed", range(int(os.environ.get("LAE_FUZZ", 8))))
def test_what_random_proofs_say_holds(seed: int) -> None:
    source = Source(Random(f"proofs/{seed}"))
    source.pool = [rules.hypothesis(source.proposition()) for _ in range(PREMISES)]
    for _ in range(TRIES):
        try:
            t = source.made()
        except (Refused, Undecided, Captured, ValueError, IndexError, AttributeError, TypeError):
            continue
        if not small(t) or any(t.says == u.says and t.given == u.given for u in source.pool):
            continue
        MADE[t.rule] += 1
        at = broken(t)
        assert at is None, (t.rule, str(t.says), [str(p) for p in t.given], at)
        source.pool.append(t)
    assert recheck(source.pool[-1]) > 0


def test_most_rules_were_used() -> None:
    assert len(MADE) > 20, MADE
    assert sum(MADE.values()) > 300, MADE

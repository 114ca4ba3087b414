"""What vanishes with what is known to vanish: combinations of equations, squares, products by what is not zero.

Main results
    Zeros         equations x = 0, used at every index for which they are proved
    Zeros.of      e = 0, where every term of e holds what is known to be 0
    forced        gap = 0 from an expression that vanishes and holds its square
    narrowed      the ground without what is known of other indices
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from flint import fmpq

from proofs.declared import declared
from proofs.kernel import expressions as E
from proofs.kernel import rules
from proofs.kernel.binding import free, plain, substitute
from proofs.kernel.expressions import Expr, Num, Sym
from proofs.kernel.gaps import Positive
from proofs.kernel.propositions import ONE, ZERO, Rel, zero
from proofs.kernel.tensor import Undecided
from proofs.kernel.theorem import Refused, Theorem
from proofs.tactics.definite import nonnegative
from proofs.tactics.equality import needed
from proofs.tactics.forms import null
from proofs.tactics.ground import Ground, NotFound, of_integers

# -- normal forms ----------------------------------------------------------------------------------


def narrowed(ground: Ground, *parts: Expr) -> Ground:
    """What is known, without the indices of which the parts do not speak, and with the ranges of those that they do."""
    ranges = declared(*parts)
    spoken = frozenset().union(*map(free, (*parts, *ranges)))

    def elsewhere(r: Rel) -> bool:
        return any(isinstance(s, Sym) and s.span[1] is not None for s in free(r) - spoken)

    kept = [t for t in ground.known if not (isinstance(t.says, Rel) and of_integers(t.says) and elsewhere(t.says))]
    more = [r for r in ranges if not any(rules.same(t.says, r) for t in kept)]
    if len(kept) == len(ground.known) and not more:
        return ground
    return Ground(tuple(kept)).supposing(*more)


def by_ring(ground: Ground, left: Expr, right: Expr) -> Theorem:
    """left = right, by normal forms alone."""
    goal = Rel(left, "=", right)
    here = narrowed(ground, goal)
    return rules.ring(goal, (*needed(here, goal), *here.indices))


def residual(r: Rel) -> Expr:
    """left − right."""
    return r.left if is_zero(r.right) else r.left - r.right


def is_zero(e: Expr) -> bool:
    return isinstance(e, E.Zero) or (isinstance(e, Num) and e.value == 0)


def as_residual(t: Theorem, ground: Ground) -> Theorem:
    """left − right = 0 from left = right."""
    r = rules.relation(t, "=")
    if is_zero(r.right):
        return t
    hole = slot("°", r.left)
    moved = rules.replace(hole - r.right, ((hole, t),))
    return rules.chain((moved, by_ring(ground, r.right - r.right, zero(r.right))))


def from_residual(t: Theorem, goal: Rel, ground: Ground) -> Theorem:
    """left = right from left − right = 0."""
    if is_zero(goal.right):
        return t
    gap = t.says.left  # type: ignore[attr-defined]
    hole = slot("°", gap)
    moved = rules.replace(hole + goal.right, ((hole, t),))
    back = by_ring(ground, zero(gap) + goal.right, goal.right)
    return rules.chain((by_ring(ground, goal.left, gap + goal.right), moved, back))


def slot(name: str, like: Expr) -> Any:
    """A name for an expression of this shape."""
    return Sym(name) if like.is_scalar else E.Letter(name, *like.shape)


# -- combinations of what vanishes -----------------------------------------------------------------


@dataclass
class Zeros:
    """Theorems x = 0; the symbols in ``generic`` stand for any index of their range."""

    ground: Ground
    generic: frozenset[Sym] = frozenset()
    known: list[Theorem] = field(default_factory=list)
    stated: list[Theorem] = field(default_factory=list)
    """The equations as they were stated."""

    def add(self, t: Theorem) -> None:
        self.stated.append(t)
        self.known.append(as_residual(t, self.ground))

    @property
    def residuals(self) -> list[Expr]:
        """What vanishes, each under a name, so that products and sums keep it in one piece."""
        return [E.Named(f"°{place}", t.says.left) for place, t in enumerate(self.known)]  # type: ignore[attr-defined]

    def of(self, e: Expr) -> Theorem:
        """e = 0."""
        return self.search(e, self.ground) or by_ring(self.ground, e, zero(e))

    def search(self, e: Expr, ground: Ground) -> Theorem | None:
        for t in self.known:
            found = self.instance(t, e, ground)
            if found is not None:
                return found
        if isinstance(e, E.Named):
            return self.search(e.body, ground)
        if isinstance(e, E.Sum):
            return self.in_sum(e, ground)
        parts = [(c, self.search(c, ground)) for c in e.children()]
        hits = [(place, c, t) for place, (c, t) in enumerate(parts) if t is not None]
        if not hits:
            return None
        children = list(e.children())
        holes = []
        for place, c, t in hits:
            children[place] = slot(f"°{place}", c)
            holes.append((children[place], t))
        template = e.rebuild(children)
        replaced = rules.replace(template, tuple(holes))
        try:
            return rules.chain((replaced, by_ring(ground, replaced.says.right, zero(e))))  # type: ignore[attr-defined]
        except (Refused, Undecided, NotFound):
            return None

    def in_sum(self, e: E.Sum, ground: Ground) -> Theorem | None:
        """Term by term."""
        var, inside = narrowed(ground, e).generic(e.var, e.lo, e.hi)
        apart = tuple(Rel(var, "≠", w) for w in e.without)
        found = self.search(substitute(e.body, {e.var: var}), inside.supposing(*apart))
        if found is None:
            return None
        for p in reversed(apart):
            found = rules.discharge(found, p)
        each = rules.generalise(found, var, e.lo, e.hi)
        whole = rules.terms(each, None, e.without)
        return rules.chain((whole, by_ring(ground, whole.says.right, zero(e))))  # type: ignore[attr-defined]

    def instance(self, t: Theorem, e: Expr, ground: Ground) -> Theorem | None:
        """The theorem, at other indices where need be, if it says that e = 0."""
        pattern = t.says.left  # type: ignore[attr-defined]
        if pattern.shape != e.shape:
            return None
        binding = matched(plain(pattern), plain(e), self.generic)
        if binding is None:
            return None
        moved = {s: x for s, x in binding.items() if s != x}
        if not moved:
            return t
        try:
            return discharged(rules.rename(t, tuple(moved.items())), len(t.given), ground)
        except (Refused, NotFound, Undecided):
            return None


def discharged(t: Theorem, count: int, ground: Ground) -> Theorem:
    """From p ⇒ (q ⇒ r), with as many premises: r, the premises proved."""
    for _ in range(count):
        premise = t.says.premise  # type: ignore[attr-defined]
        t = rules.apply(t, narrowed(ground, premise).prove(premise))
    return t


def matched(pattern: Any, e: Any, generic: frozenset[Sym]) -> dict[Sym, Expr] | None:
    """What the generic symbols of the pattern stand for in the expression, or None."""
    binding: dict[Sym, Expr] = {}

    def visit(p: Any, x: Any) -> bool:
        if isinstance(p, Sym) and p in generic:
            return isinstance(x, Expr) and binding.setdefault(p, x) == x
        if isinstance(p, tuple):
            return isinstance(x, tuple) and len(p) == len(x) and all(map(visit, p, x))
        if not isinstance(p, Expr):
            return bool(p == x)
        if type(p) is not type(x):
            return False
        return all(visit(getattr(p, f.name), getattr(x, f.name)) for f in fields(p) if f.compare)

    return binding if visit(pattern, e) else None


# -- what an expression that vanishes forces -------------------------------------------------------


def forced(squares: Expr, t: Theorem, gap: Expr, ground: Ground) -> Theorem:
    """gap = 0, from squares = 0: the gap, its square, a multiple that is not 0, a form of a definite matrix, or a sum
    of squares that holds it.

    The square of a row e_iᵀ gap counts: i is any index.
    """
    if rules.same(squares, gap):
        return t
    if isinstance(squares, E.SqNorm | E.Pow) and rules.same(squares.children()[0], gap):
        return rules.vanishing(t)
    tail = gap.factors if isinstance(gap, E.Mul) else (gap,)
    if isinstance(squares, E.Mul) and squares.factors[-len(tail) :] == tail:
        return divided(E.mul(1, *squares.factors[: -len(tail)]), t, gap, ground)
    return null(squares, t, gap, ground) if isinstance(squares, E.Tr) else held(squares, t, gap, ground)


def divided(factor: Expr, t: Theorem, gap: Expr, ground: Ground) -> Theorem:
    """gap = 0 from factor · gap = 0, where factor ≠ 0."""
    here = narrowed(ground, factor)
    apart = here.prove(Rel(factor, "≠", ZERO))
    inverse = factor**-1
    hole = slot("°", gap)
    moved = rules.replace(inverse * hole, ((hole, t),))
    goal = Rel(gap, "=", moved.says.left)  # type: ignore[attr-defined]
    at = narrowed(ground, goal)
    back = rules.ring(goal, (apart, *needed(at.knowing(apart), goal), *at.indices))
    end = Rel(moved.says.right, "=", zero(gap))  # type: ignore[attr-defined]
    return rules.chain((back, moved, rules.ring(end, (apart, *needed(at.knowing(apart), end), *at.indices))))


def held(squares: Expr, t: Theorem, gap: Expr, ground: Ground) -> Theorem:
    """gap = 0 where a sum of terms that are not negative holds its square, or that of any row of it."""
    terms = squares.terms if isinstance(squares, E.Add) else (squares,)
    for place, term in enumerate(terms):
        factors = term.factors if isinstance(term, E.Mul) else (term,)
        square = factors[-1]
        if not isinstance(square, E.SqNorm):
            continue
        index = row_of(square.arg, gap)
        if index is None and not rules.same(square.arg, gap):
            continue
        vanishes = rules.vanishing(least(terms, place, factors[:-1], square, t, ground))
        return vanishes if index is None else by_rows(vanishes, index, gap, ground)
    raise NotFound(f"{squares} = 0 does not force {gap} = 0")


def least(
    terms: Sequence[Expr], place: int, weights: Sequence[Expr], square: Expr, t: Theorem, ground: Ground
) -> Theorem:
    """square ≤ 0, where weight · square and terms that are not negative add up to 0."""
    here = narrowed(ground, *terms)
    others = [nonnegative(here, x) for p, x in enumerate(terms) if p != place]
    scales = [here.prove(Rel(w, ">", ZERO)) for w in weights]
    facts = (*others, *scales, rules.weaken(t, "≤"))
    count = len(facts)
    one = fmpq(1)
    numerator = tuple((tuple(int(q == p) for q in range(count)), one) for p in (*range(len(others)), count - 1))
    below = (tuple(int(len(others) <= q < count - 1) for q in range(count)), one)
    goal = Rel(square, "≤", ZERO)
    known = tuple(dict.fromkeys(n for p in (goal, *(f.says for f in facts)) for n in needed(here, p)))
    return rules.positive(goal, facts, Positive(numerator, (below,)), (*known, *here.indices))


def row_of(e: Expr, gap: Expr) -> Sym | None:
    """The index i where e is e_iᵀ gap."""
    factors = e.factors if isinstance(e, E.Mul) else ()
    if len(factors) > 1 and isinstance(factors[0], E.T) and isinstance(factors[0].arg, E.Basis):
        rest = factors[1] if len(factors) == 2 else E.Mul(factors[1:])
        index = factors[0].arg.i
        if rules.same(rest, gap) and isinstance(index, Sym):
            return index
    return None


def by_rows(t: Theorem, row: Sym, gap: Expr, ground: Ground) -> Theorem:
    """gap = 0 from e_iᵀ gap = 0, for the i of its range."""
    m, n = map(E.lift, gap.shape)
    column = E.integer("j", "", 1, n)
    e_row = t.says.left  # type: ignore[attr-defined]
    hole = slot("°", e_row)
    moved = rules.replace(E.Entry(hole, ONE, column), ((hole, t),))
    entry, nothing = E.Entry(gap, row, column), E.Entry(zero(gap), row, column)
    here = narrowed(ground, entry)
    whole = rules.chain(
        (by_ring(here, entry, moved.says.left), moved, by_ring(here, moved.says.right, nothing))  # type: ignore[attr-defined]
    )
    each = rules.generalise(rules.generalise(whole, column, ONE, n), row, ONE, m)
    return rules.entries(each, gap, zero(gap))

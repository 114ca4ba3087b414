"""Inequalities between scalars: quantities as sums of positive gaps, and a certificate of signs for the kernel.

The suppositions are taken at the indices that occur and ordered; each quantity is the greatest known one below it
plus a gap. Where the difference of the sides is, in the gaps, a quotient of polynomials with coefficients of one
sign, it has that sign. Even powers of quantities of known sign are quantities of their own.

Main results
    by_gaps    a ≥ b, a > b, a ≠ b
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from flint import Ordering, fmpq, fmpq_mpoly_ctx

from proofs.kernel import expressions as E
from proofs.kernel import rules
from proofs.kernel.binding import plain, substitute
from proofs.kernel.expressions import Expr, Num, Pow
from proofs.kernel.gaps import Positive, reduced
from proofs.kernel.propositions import MIRROR, ZERO, Every, Implies, Rel
from proofs.kernel.theorem import Refused, Theorem
from proofs.tactics.closed import closed, opaque
from proofs.tactics.equality import needed
from proofs.tactics.ground import Ground, NotFound, tactic
from proofs.tactics.ordering import TWO, Made, Order, at_index, indices_in, instances, lazily, quantity

Ratio = tuple[Any, Any]


@tactic
def by_closed_form(ground: Ground, goal: Rel) -> Theorem:
    """A side that holds traces or derivatives is first written as what it is in numbers."""
    if goal.op == "=" or not goal.left.is_scalar:
        raise NotFound("")
    sides, links = [goal.left, goal.right], list[Theorem]()
    for place, side in enumerate(sides):
        if opaque(side):
            sides[place] = closed(side, rules.facts_of(ground.indices))
            links.append(ground.prove(Rel(side, "=", sides[place])))
    if not links:
        raise NotFound("")
    middle = ground.prove(Rel(sides[0], goal.op, sides[1]))
    before = [links[0]] if opaque(goal.left) else []
    after = [rules.mirror(links[-1])] if opaque(goal.right) else []
    return rules.chain((*before, middle, *after))


@tactic
def by_gaps(ground: Ground, goal: Rel) -> Theorem:
    if goal.op not in "≤<≥>≠" or not goal.left.is_scalar:
        raise NotFound("")
    if goal.op in "≤<":
        return rules.mirror(by_gaps(ground, Rel(goal.right, MIRROR[goal.op], goal.left)))
    return Gaps(ground, (goal.left, goal.right)).theorem(goal)


@tactic
def by_instance(ground: Ground, goal: Rel) -> Theorem:
    """What is known of every index, at an index that the goal speaks of."""
    for t in ground.known:
        says = t.says
        if isinstance(says, Every) and isinstance(says.body, Rel) and says.body.op == goal.op:
            for key in dict.fromkeys(indices_in(goal)):
                if rules.same(substitute(says.body, {says.var: key}), goal):
                    return rules.instance(t, key, ground.order(says.lo, "≤", key), ground.order(key, "≤", says.hi))
    raise NotFound("")


@tactic
def by_factors(ground: Ground, goal: Rel) -> Theorem:
    """A product is not 0 when no factor is; a ≠ b gives a − b ≠ 0 and b − a ≠ 0."""
    left = plain(goal.left)
    if goal.op != "≠" or plain(goal.right) != ZERO:
        raise NotFound("")
    if isinstance(left, E.Mul | Pow):
        factors = dict.fromkeys(factors_of(left))
        if list(factors) != [left]:
            return rules.nonzero(goal.left, tuple(ground.prove(Rel(f, "≠", ZERO)) for f in factors))
    for t in (*ground.known, *(made() for made in instances(ground, indices_in(goal.left)))):
        if isinstance(t.says, Rel) and t.says.op in "≠<>" and t.says.left.is_scalar:
            apart = rules.differ(t) if t.says.op == "≠" else rules.weaken(rules.differ(t), "≠")
            for sign in (1, -1):
                scaled = apart if sign == 1 else rules.nonzero(-apart.says.left, (apart,))  # type: ignore[attr-defined]
                try:
                    same = ground.prove(Rel(goal.left, "=", scaled.says.left))  # type: ignore[attr-defined]
                except NotFound:
                    continue
                return rules.chain((same, scaled))
    raise NotFound(f"{goal}: no factor is known not to be 0")


def factors_of(e: Expr) -> Iterator[Expr]:
    """The factors of a product that are no numbers, powers opened."""
    if isinstance(e, E.Mul):
        for f in e.factors:
            yield from factors_of(f)
    elif isinstance(e, Pow) and isinstance(e.exponent, Num) and e.exponent.value.denominator == 1:
        yield from factors_of(e.base)
    elif not isinstance(e, Num):
        yield e


@tactic
def by_cases(ground: Ground, goal: Rel) -> Theorem:
    """For two indices that differ: the first before the second, and after it."""
    for t in ground.indices:
        r = t.says
        if isinstance(r, Rel) and r.op == "≠":
            if ground.orders(r.left, "<", r.right) or ground.orders(r.left, ">", r.right):
                continue
            cover = rules.split(t)
            cases = cover.says.terms  # type: ignore[attr-defined]
            return rules.cases(cover, tuple(ground.prove(Implies(p, goal)) for p in cases))
    raise NotFound("")


class Gaps:
    """Quantities as sums of gaps, which are not negative."""

    def __init__(self, ground: Ground, sides: Sequence[Expr]):
        self.ground = ground
        used: dict[Expr, None] = {}
        for side in sides:
            used.update(dict.fromkeys(atoms(side)))
        keys = dict.fromkeys(k for side in sides for k in indices_in(side))
        for t in ground.known:
            if isinstance(t.says, Rel):
                keys.update(dict.fromkeys(indices_in(t.says)))
                used_more = [q for q in map(quantity, (t.says.left, t.says.right)) if q is not None]
                used.update(dict.fromkeys(q for q in used_more if isinstance(q, E.Sym) and q.sort == E.Sort.INTEGER))
        keys.update(dict.fromkeys(bounds_of(ground)))
        self.order = Order()
        for t in ground.known:
            self.order.learn(t)
        for made in instances(ground, keys):
            self.order.learn(made())
        self.signs(used)
        self.order.close()
        self.even(used)
        self.used = used
        self.place([x for x in self.related(used) if not isinstance(x, Num)])

    def related(self, used: dict[Expr, None]) -> list[Expr]:
        """The quantities in question, and those between them and numbers."""
        return list(dict.fromkeys((*used, *(y for x, y in self.order.above if x in used))))

    def signs(self, used: dict[Expr, None]) -> None:
        """Sums are as positive as their terms; squares are not negative."""
        for x in used:
            if isinstance(x, E.Sum):
                for op in ">≥":
                    try:
                        self.order.learn(sign_of_sum(self.ground, x, op))
                    except (Refused, NotFound):
                        continue
                    break
            elif isinstance(x, E.SqNorm):
                self.order.learn(rules.square(x.arg))

    def even(self, used: dict[Expr, None]) -> None:
        """x² ≥ 0, and x² > y² for x > y ≥ 0."""
        squares = [x for x in self.spoken(used) if isinstance(x, Pow) and x.exponent == TWO]
        for x in squares:
            self.order.put(x, ZERO, False, lazily(partial(rules.square, x.base)))
        bases = {x: self.order.above.get((x.base, ZERO)) for x in squares}
        for x, sign in bases.items():
            if sign and sign[0]:
                made = sign[1]
                self.order.put(x, ZERO, True, lazily(partial(product, x, made)))
            elif (apart := self.apart(x.base)) is not None:
                self.order.put(x, ZERO, True, lazily(partial(from_apart, x, apart)))
            for y, other in bases.items():
                edge = self.order.above.get((x.base, y.base))
                if sign and other and edge:
                    strict = edge[0] and (sign[0] or other[0])
                    parts = edge[1], other[1]
                    self.order.put(x, y, strict, lazily(partial(squared, x, y, *parts)))
        self.order.close()

    def apart(self, x: Expr) -> Theorem | None:
        """x ≠ 0, where it is given."""
        try:
            return by_instance(self.ground, Rel(x, "≠", ZERO))
        except (NotFound, Refused):
            return next((t for t in self.ground.known if rules.same(t.says, Rel(x, "≠", ZERO))), None)

    def spoken(self, used: dict[Expr, None]) -> list[Expr]:
        """The quantities in question and those that something is known of."""
        return list(dict.fromkeys((*used, *(x for pair in self.order.above for x in pair))))

    def place(self, nodes: list[Expr]) -> None:
        """Each quantity is the greatest known quantity or number below it, plus a gap."""
        wanted = set(nodes)
        below = {x: [(y, s) for y, s in self.order.below(x) if y in wanted or isinstance(y, Num)] for x in nodes}
        ranked = sorted(nodes, key=lambda x: (len(below[x]), str(x)))
        self.context = fmpq_mpoly_ctx.get([f"g{n}" for n in range(max(1, len(ranked)))], Ordering.degrevlex)
        self.value: dict[Expr, Any] = {}
        self.parents: list[tuple[Expr, Expr] | None] = []
        self.strict: list[bool] = []
        gens = self.context.gens()
        for gap, x in zip(gens, ranked, strict=False):
            options = [(y, s) for y, s in below[x] if isinstance(y, Num) or y in self.value]
            if options:
                parent, strict = max(options, key=lambda o: (len(below.get(o[0], ())), height(o[0]), o[1]))
                self.value[x] = self.of(parent) + gap
                self.parents.append((x, parent))
                self.strict.append(strict)
            else:
                self.value[x] = gap
                self.parents.append(None)
                self.strict.append(False)

    def of(self, x: Expr) -> Any:
        if isinstance(x, Num):
            return self.context.constant(fmpq(x.value.numerator, x.value.denominator))
        return self.value[x]

    def ratio(self, e: Expr) -> Ratio:
        """Numerator and denominator in the gaps."""
        one = self.context.constant(1)
        q = quantity(e)
        if isinstance(q, Num) or q in self.value:
            return self.of(q), one
        e = plain(e)
        if isinstance(e, E.Add):
            num, den = self.context.constant(0), one
            for a, b in map(self.ratio, e.terms):
                num, den = reduced(num * b + a * den, den * b)
            return num, den
        if isinstance(e, E.Mul):
            num, den = one, one
            for a, b in map(self.ratio, e.factors):
                num, den = reduced(num * a, den * b)
            return num, den
        if isinstance(e, Pow) and isinstance(e.exponent, Num) and e.exponent.value.denominator == 1:
            p = int(e.exponent.value)
            half = quantity(Pow(e.base, TWO))
            if p % 2 == 0 and half in self.value:
                num, den, p = self.value[half], one, p // 2
            else:
                num, den = self.ratio(e.base)
            if p < 0 and num == 0:
                raise NotFound(f"{e} divides by 0")
            return (num**p, den**p) if p >= 0 else (den**-p, num**-p)
        raise NotFound(f"{type(e).__name__} in real arithmetic")

    def theorem(self, goal: Rel) -> Theorem:
        """With the quantities between those in question; without them, where they compare with some of these only."""
        try:
            return self.attempt(goal)
        except NotFound:
            self.place([x for x in self.used if not isinstance(x, Num)])
            return self.attempt(goal)

    def attempt(self, goal: Rel) -> Theorem:
        (a, b), (c, d) = self.ratio(goal.left), self.ratio(goal.right)
        num, den = reduced(a * d - c * b, b * d)
        return self.certificate(goal, num, den)

    def certificate(self, goal: Rel, num: Any, den: Any) -> Theorem:
        over, under = self.sign(num), self.sign(den)
        if not (over is not None and under):
            raise NotFound(f"{goal}: the signs are mixed in the gaps")
        sign = over * under if goal.op == "≠" else 1
        if over and over * under != sign and goal.op != "≠":
            raise NotFound(f"{goal}: it has the other sign")
        used = sorted({n for p in (num, den) for e in p.monoms() for n, k in enumerate(e) if k})
        edges = [self.parents[n] for n in used]
        if None in edges:
            raise NotFound(f"{goal}: the sign of a quantity is not known")
        facts = tuple(self.order.theorem(*edge) for edge in edges if edge is not None)
        shape = Positive(picked(num * (over or 1), used), picked(den * under, used), sign)
        extra = [t for e in (goal, *(f.says for f in facts)) for t in needed(self.ground, e)]
        return rules.positive(goal, facts, shape, (*dict.fromkeys(extra), *self.ground.indices))

    def sign(self, poly: Any) -> int | None:
        """The common sign of all coefficients; 0 for the polynomial 0."""
        signs = {1 if c > 0 else -1 for c in poly.coeffs()}
        return None if len(signs) > 1 else signs.pop() if signs else 0


def picked(poly: Any, used: Sequence[int]) -> tuple[tuple[tuple[int, ...], Any], ...]:
    """A polynomial in the variables that it uses."""
    return tuple((tuple(int(e[n]) for n in used), c) for e, c in zip(poly.monoms(), poly.coeffs(), strict=True))


def height(x: Expr) -> float:
    return float(x.value) if isinstance(x, Num) else 0.0


def atoms(e: Expr) -> Iterator[Expr]:
    """The quantities that an expression is made of."""
    q = quantity(e)
    if q is not None and not isinstance(q, Pow):
        yield q
        return
    e = plain(e)
    if isinstance(e, Pow) and isinstance(e.exponent, Num):
        p = e.exponent.value
        base = quantity(e.base)
        if p.denominator == 1 and p % 2 == 0 and isinstance(base, E.Item | E.Sym):
            yield Pow(base, TWO)
        else:
            yield from atoms(e.base)
    elif isinstance(e, E.Add | E.Mul):
        for child in e.children():
            yield from atoms(child)
    else:
        raise NotFound(f"{type(e).__name__} in real arithmetic")


def bounds_of(ground: Ground) -> Iterator[Expr]:
    """The ends of ranges, where what is monotone is compared."""
    for t in ground.known:
        r = t.says
        if isinstance(r, Rel):
            for side in (r.left, r.right):
                yield from indices_in(side)
    yield E.lift(1)
    for t in ground.indices:
        for side in (t.says.left, t.says.right):  # type: ignore[attr-defined]
            yield at_index(side)


def sign_of_sum(ground: Ground, total: E.Sum, op: str) -> Theorem:
    """A sum is as positive as its generic term."""
    if total.without:
        raise NotFound("a sum that leaves indices out")
    each = ground.prove(Every(total.var, total.lo, total.hi, Rel(total.body, op, ZERO)))
    filled = (ground.order(total.lo, "≤", total.hi),) if op == ">" else ()
    found = rules.terms(each, *filled)
    zero = rules.ring(Rel(found.says.right, "=", ZERO), ground.indices)  # type: ignore[attr-defined]
    return rules.chain((found, zero))


def product(x: Pow, positive: Made) -> Theorem:
    """x² > 0 from x > 0."""
    return rules.positive(Rel(x, ">", ZERO), (positive(),), Positive((((2,), fmpq(1)),), (((0,), fmpq(1)),)))


def from_apart(x: Pow, apart: Theorem) -> Theorem:
    """x² > 0 from x ≠ 0."""
    goal, cover = Rel(x, ">", ZERO), rules.split(apart)
    shape = Positive((((2,), fmpq(1)),), (((0,), fmpq(1)),))
    signs = cover.says.terms  # type: ignore[attr-defined]
    proofs = (rules.discharge(rules.positive(goal, (rules.hypothesis(p),), shape), p) for p in signs)
    return rules.cases(cover, tuple(proofs))


def squared(x: Pow, y: Pow, above: Made, positive: Made) -> Theorem:
    """x² − y² = (x − y)² + 2(x − y) y."""
    edge, sign = above(), positive()
    op = ">" if edge.says.op == ">" else "≥"  # type: ignore[attr-defined]
    shape = Positive((((2, 0), fmpq(1)), ((1, 1), fmpq(2))), (((0, 0), fmpq(1)),))
    return rules.positive(Rel(x, op, y), (edge, sign), shape)

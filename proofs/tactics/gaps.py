"""Quantities as sums of positive gaps, and what is known of them besides, as polynomials in the gaps.

The suppositions are taken at the indices that occur and ordered; each quantity is the greatest known one below it
plus a gap. Even powers of quantities of known sign are quantities of their own; a quantity of unknown sign is a
variable without one. What the gaps do not say by themselves — a second quantity below, a comparison of expressions —
is kept as polynomials that are not negative.

Main results
    Gaps    the quantities of some expressions under what is known
    Gap     a quantity that is not negative, and what says so
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, cached_property, partial
from typing import Any

from flint import Ordering, fmpq, fmpq_mpoly_ctx

from proofs.kernel import expressions as E
from proofs.kernel import rules
from proofs.kernel.binding import plain
from proofs.kernel.expressions import Expr, Num, Pow
from proofs.kernel.gaps import Positive, reduced
from proofs.kernel.propositions import ZERO, Every, Rel
from proofs.kernel.tensor import Undecided
from proofs.kernel.theorem import Refused, Theorem
from proofs.tactics.generic import specialised
from proofs.tactics.ground import Ground, NotFound, of_integers
from proofs.tactics.ordering import TWO, Made, Order, at_index, indices_in, instances, lazily, once, quantity
from proofs.tactics.tails import with_tails

Ratio = tuple[Any, Any]


@dataclass(frozen=True)
class Gap:
    """A polynomial in the gaps that is not negative, positive if ``strict``: ``under``, which has positive
    coefficients, times what the theorem ``made`` says to be so."""

    poly: Any
    strict: bool
    made: Made
    under: Any = 1


class Gaps:
    """The quantities of some expressions, ``value`` giving each as a polynomial in the gaps.

    Attributes
    ----------
    compound
        Whether comparisons of expressions are taken in; else only those of quantities.
    gaps
        What each variable is, None for a quantity of unknown sign.
    """

    def __init__(self, ground: Ground, sides: Sequence[Expr], compound: bool = False):
        self.ground = ground = with_tails(ground, sides)
        self.used: dict[Expr, None] = {}
        for side in sides:
            self.used.update(dict.fromkeys(atoms(side)))
        keys = dict.fromkeys((*(k for side in sides for k in indices_in(side)), *ends(ground)))
        self.stated = [t for t in ground.known if isinstance(t.says, Rel) and t.says.left.is_scalar]
        self.stated += [made() for made in instances(ground, keys)]
        self.compound = [t for t in self.stated if compound and is_compound(t.says)]  # type: ignore[arg-type]
        for t in self.compound:
            self.extend(t)
        self.linear()
        self.order = Order()
        for t in self.stated:
            self.order.learn(t)
        self.sizes()
        self.signs()
        self.order.close()
        self.bases()
        self.even()
        self.place([x for x in self.related() if not isinstance(x, Num)])

    # which quantities
    def extend(self, t: Theorem) -> None:
        """A comparison of expressions that speak of a quantity in question brings in its other quantities."""
        try:
            found = dict.fromkeys(x for side in (t.says.left, t.says.right) for x in atoms(side))  # type: ignore[attr-defined]
        except NotFound:
            return
        if any(x in self.used for x in found if not is_integer(x)):
            self.used.update(found)

    def linear(self) -> None:
        """Of a quantity that occurs itself, the square is no quantity of its own."""
        self.used = {x: None for x in self.used if not self.dependent(x)}

    def dependent(self, x: Expr) -> bool:
        return isinstance(x, Pow) and x.exponent == TWO and x.base in self.used

    def bases(self) -> None:
        """A quantity that compares with others in question is one itself, its square none."""
        others = {x for x in self.used if not isinstance(x, Num)}
        compared = {x for pair in self.order.above if others & {*pair} for x in pair}
        self.used = dict.fromkeys(
            x.base if isinstance(x, Pow) and x.exponent == TWO and x.base in compared else x for x in self.used
        )

    def related(self) -> list[Expr]:
        """The quantities in question, and those between them and numbers."""
        below = (y for x, y in self.order.above if x in self.used and not self.dependent(y))
        return list(dict.fromkeys((*self.used, *below)))

    def sizes(self) -> None:
        """The integers in question, in their order and against numbers."""
        names = [x for x in self.used if is_integer(x)]
        for x in names:
            for y in (*names, *map(E.lift, range(4, -1, -1))):
                for op in ">≥":
                    if x != y and self.ground.orders(x, op, y):
                        self.order.put(x, y, op == ">", lazily(partial(self.ground.order, x, op, y)))
                        break

    def signs(self) -> None:
        """Sums are as positive as their terms; squares are not negative."""
        for x in self.used:
            if isinstance(x, E.Sum):
                self.sum_sign(x)
            elif isinstance(x, E.SqNorm):
                self.order.learn(rules.square(x.arg))
            elif isinstance(x, Pow) and x.exponent != TWO:
                self.power_sign(x)

    def sum_sign(self, x: E.Sum) -> None:
        for op in ">≥":
            with suppress(Refused, NotFound, Undecided):
                self.order.learn(once(self.ground, ("sign", x, op), partial(sign_of_sum, self.ground, x, op)))
                return

    def power_sign(self, x: Pow) -> None:
        """Roots, and powers of positive quantities."""
        for op in ">≥":
            with suppress(NotFound, Refused):
                t = self.ground.prove(Rel(x.base, op, ZERO))
                self.order.learn(rules.root(t) if x.exponent == HALF else rules.power(t, x.exponent))
                return

    def even(self) -> None:
        """x² ≥ 0, and x² > y² for x > y ≥ 0."""
        spoken = dict.fromkeys((*self.used, *(x for pair in self.order.above for x in pair)))
        squares = [x for x in spoken if isinstance(x, Pow) and x.exponent == TWO]
        for x in squares:
            self.order.put(x, ZERO, False, lazily(partial(rules.square, x.base)))
        bases = {x: self.order.above.get((x.base, ZERO)) for x in squares}
        for x, sign in bases.items():
            if sign and sign[0]:
                made = sign[1]
                self.order.put(x, ZERO, True, lazily(partial(product, x, made)))
            elif (
                apart := next((t for t in self.stated if rules.same(t.says, Rel(x.base, "≠", ZERO))), None)
            ) is not None:
                self.order.put(x, ZERO, True, lazily(partial(from_apart, x, apart)))
            for y, other in bases.items():
                edge = self.order.above.get((x.base, y.base))
                if sign and other and edge:
                    strict = edge[0] and (sign[0] or other[0])
                    parts = edge[1], other[1]
                    self.order.put(x, y, strict, lazily(partial(squared, x, y, *parts)))
        self.order.close()

    # their places
    def place(self, nodes: list[Expr]) -> None:
        """Each quantity is the greatest known quantity or number below it, plus a gap."""
        wanted = set(nodes)
        below = {x: [(y, s) for y, s in self.order.below(x) if y in wanted or isinstance(y, Num)] for x in nodes}
        ranked = sorted(nodes, key=lambda x: (len(below[x]), str(x)))
        self.context = fmpq_mpoly_ctx.get([f"g{n}" for n in range(max(1, len(ranked)))], Ordering.degrevlex)
        self.value: dict[Expr, Any] = {}
        self.names = ranked
        self.gaps: list[Gap | None] = []
        for gap, x in zip(self.context.gens(), ranked, strict=False):
            options = [(y, s) for y, s in below[x] if isinstance(y, Num) or y in self.value]
            if not options:
                self.value[x] = gap
                self.gaps.append(None)
                continue
            parent, strict = max(options, key=lambda o: (len(below.get(o[0], ())), height(o[0]), o[1]))
            self.value[x] = self.of(parent) + gap
            self.gaps.append(Gap(gap, strict, self.order.above[x, parent][1]))

    def of(self, x: Expr) -> Any:
        if isinstance(x, Num):
            return self.context.constant(fmpq(x.value.numerator, x.value.denominator))
        return self.value[x]

    @cached_property
    def known(self) -> list[Gap]:
        """What is known of the gaps besides their signs."""
        edges = [
            Gap(self.of(x) - self.of(y), strict, made)
            for (x, y), (strict, made) in self.order.above.items()
            if all(isinstance(z, Num) or z in self.value for z in (x, y))
        ]
        found: dict[str, Gap] = {}
        for gap in (*edges, *self.comparisons()):
            known = found.get(str(gap.poly))
            told = self.sign(gap.poly) is not None and (self.sure(gap.poly) or not gap.strict)
            if not told and not (known is not None and known.strict):
                found[str(gap.poly)] = gap
        return list(found.values())

    def comparisons(self) -> Iterator[Gap]:
        """The comparisons of expressions whose quantities have a place, an equation as two."""
        for t in self.compound:
            r = rules.relation(t)
            try:
                num, den = self.difference(r)
            except NotFound:
                continue
            sign = self.sign(den)
            for op in {"=": "≥≤", "≠": ""}.get(r.op, r.op) if sign else "":
                turn = sign if op in "≥>" else -sign  # type: ignore[operator]
                made = partial(rules.weaken, t, op) if r.op == "=" else partial(itself, t)
                yield Gap(num * turn, op in "<>", lazily(made), den * sign)

    # expressions
    def difference(self, r: Rel) -> Ratio:
        """Left minus right."""
        (a, b), (c, d) = self.ratio(r.left), self.ratio(r.right)
        return reduced(a * d - c * b, b * d)

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
        if isinstance(e, Pow) and isinstance(e.exponent, Num):
            return self.power(e, e.exponent.value)
        raise NotFound(f"{type(e).__name__} in real arithmetic")

    def power(self, e: Pow, p: Any) -> Ratio:
        half = quantity(Pow(e.base, TWO if p.denominator == 1 else HALF))
        if isinstance(half, Pow) and half in self.value and (p / half.exponent.value).denominator == 1:  # type: ignore[attr-defined]
            num, den, p = self.value[half], self.context.constant(1), int(p / half.exponent.value)  # type: ignore[attr-defined]
        elif p.denominator != 1:
            raise NotFound(f"{e} in real arithmetic")
        else:
            (num, den), p = self.ratio(e.base), int(p)
        if p < 0 and num == 0:
            raise NotFound(f"{e} divides by 0")
        return (num**p, den**p) if p >= 0 else (den**-p, num**-p)

    def expression(self, poly: Any) -> Expr:
        """A polynomial in the gaps as an expression."""
        terms = []
        for powers, c in zip(poly.monoms(), poly.coeffs(), strict=True):
            factors = [self.meaning(n) ** int(p) for n, p in enumerate(powers) if p]
            terms.append(E.mul(Num(E.Fraction(int(c.p), int(c.q))), *factors))
        return E.add(*terms)

    def meaning(self, n: int) -> Expr:
        """What a variable stands for."""
        gap = self.gaps[n]
        if gap is None:
            return self.names[n]
        r: Any = gap.made().says
        return r.left - r.right if r.op in "≥>" else r.right - r.left

    def sure(self, poly: Any) -> bool:
        """Whether a term is made of positive gaps alone."""
        return any(all((g := self.gaps[n]) and g.strict for n, p in enumerate(e) if p) for e in poly.monoms())

    def sign(self, poly: Any) -> int | None:
        """The common sign of all coefficients; 0 for the polynomial 0; None where terms differ, or have no sign."""
        signs = {1 if c > 0 else -1 for c in poly.coeffs()}
        unsigned = any(p % 2 and self.gaps[n] is None for e in poly.monoms() for n, p in enumerate(e))
        return None if len(signs) > 1 or unsigned else signs.pop() if signs else 0


HALF = Num(E.Fraction(1, 2))


def itself(t: Theorem) -> Theorem:
    return t


def is_compound(r: Rel) -> bool:
    """Whether a relation compares more than quantities."""
    return (quantity(r.left) is None or quantity(r.right) is None) and not of_integers(r)


def is_integer(x: Expr) -> bool:
    return isinstance(x, E.Sym) and x.sort == E.Sort.INTEGER


def height(x: Expr) -> float:
    return float(x.value) if isinstance(x, Num) else 0.0


def atoms(e: Expr) -> Iterator[Expr]:
    """The quantities that an expression is made of."""
    q = quantity(e)
    if q is not None and not (isinstance(q, Pow) and isinstance(q.exponent, Num)):
        yield q
        return
    e = plain(e)
    if isinstance(e, Pow) and isinstance(e.exponent, Num):
        p = e.exponent.value
        base = quantity(e.base)
        if p.denominator == 1 and p % 2 == 0 and isinstance(base, E.Item | E.Sym):
            yield Pow(base, TWO)
        elif p.denominator == 2:
            yield Pow(e.base if base is None else base, HALF)
        else:
            yield from atoms(e.base)
    elif isinstance(e, E.Add | E.Mul):
        for child in e.children():
            yield from atoms(child)
    else:
        raise NotFound(f"{type(e).__name__} in real arithmetic")


def ends(ground: Ground) -> Iterator[Expr]:
    """The indices of what is known, and the ends of ranges, where what is monotone is compared."""
    for t in ground.known:
        r = t.says
        if isinstance(r, Rel):
            yield from indices_in(r)
    yield E.lift(1)
    for t in ground.indices:
        for side in (t.says.left, t.says.right):  # type: ignore[attr-defined]
            yield at_index(side)


def sign_of_sum(ground: Ground, total: E.Sum, op: str) -> Theorem:
    """A sum is as positive as its generic term."""
    if total.without:
        raise NotFound("a sum that leaves indices out")
    if "simple" not in ground.memo:
        ground.memo["simple"] = Ground(tuple(t for t in ground.known if not speaks_of_sums(t.says)))
    each = ground.memo["simple"].prove(Every(total.var, total.lo, total.hi, Rel(total.body, op, ZERO)))
    filled = (ground.order(total.lo, "≤", total.hi),) if op == ">" else ()
    found = rules.terms(each, *filled)
    zero = rules.ring(Rel(found.says.right, "=", ZERO), ground.indices)  # type: ignore[attr-defined]
    return rules.chain((found, zero))


def speaks_of_sums(p: Expr) -> bool:
    return any(isinstance(x, E.Sum) for x in plain(p).walk())


@cache
def squares(op: str) -> Theorem:
    """From y > 0: y² > 0; from y ≠ 0 likewise."""
    y = E.Sym("y")
    known, goal = rules.hypothesis(Rel(y, op, ZERO)), Rel(y**2, ">", ZERO)
    shape = Positive((((2,), fmpq(1)),), (((0,), fmpq(1)),))
    if op != "≠":
        return rules.positive(goal, (known,), shape)
    cover = rules.split(known)
    signs = cover.says.terms  # type: ignore[attr-defined]
    proofs = (rules.discharge(rules.positive(goal, (rules.hypothesis(p),), shape), p) for p in signs)
    return rules.cases(cover, tuple(proofs))


@cache
def ordered(edge: str, sign: str) -> Theorem:
    """From x > y and y ≥ 0: x² > y², as x² − y² = (x − y)² + 2(x − y) y."""
    x, y = E.Sym("x"), E.Sym("y")
    facts = rules.hypothesis(Rel(x, edge, y)), rules.hypothesis(Rel(y, sign, ZERO))
    shape = Positive((((2, 0), fmpq(1)), ((1, 1), fmpq(2))), (((0, 0), fmpq(1)),))
    return rules.positive(Rel(x**2, ">" if edge == ">" else "≥", y**2), facts, shape)


def product(x: Pow, positive: Made) -> Theorem:
    """x² > 0 from x > 0."""
    return specialised(squares(">"), {E.Sym("y"): x.base}, positive())


def from_apart(x: Pow, apart: Theorem) -> Theorem:
    """x² > 0 from x ≠ 0."""
    return specialised(squares("≠"), {E.Sym("y"): x.base}, apart)


def squared(x: Pow, y: Pow, above: Made, positive: Made) -> Theorem:
    """x² > y² from x > y ≥ 0."""
    edge, sign = above(), positive()
    mapping: dict[Expr, Expr] = {E.Sym("x"): x.base, E.Sym("y"): y.base}
    return specialised(ordered(edge.says.op, sign.says.op), mapping, edge, sign)  # type: ignore[attr-defined]

"""How a link a ≤ b of a chain is decided for all sizes: real arithmetic under the hypotheses, and lemmas on top.

Real arithmetic instantiates the hypotheses at the indices that occur, orders the quantities, writes each as a sum of
positive gaps and clears denominators: when every coefficient has one sign, the inequality holds. Where signs are
mixed, z3 decides over the same gaps. Sums over a symbolic range are quantities of their own, positive when their
generic term is.

A reason with ``prove`` proves its link itself.

Main results
    decide, prove    the verdict on one link
    compared         real arithmetic
    Gaps             quantities as sums of positive gaps
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Any, Protocol

from flint import Ordering, fmpq, fmpq_mpoly_ctx

from proofs.algebra import normal
from proofs.algebra.evaluate import COMPARE, exact
from proofs.algebra.printing import text
from proofs.claim import Context, Outcome
from proofs.kernel import expressions as E
from proofs.kernel.binding import substitute
from proofs.kernel.propositions import Rel
from proofs.methods.order import MIRROR, ZERO, Arena, Node, build_order, index_key, monotone, opened

EFFORT = 1_000_000
"""What z3 may spend on a question, in its own units: over twice what any proof needs, on every machine the same."""
PATIENCE = 2000
"""Milliseconds that z3 may spend on a question: some that it can refute cost it little effort by its own count, and
long; no proof needs a twentieth of it."""
POINTS = 40
MAGNITUDES = (fmpq(1, 1000), fmpq(1, 30), fmpq(1), fmpq(1), fmpq(30), fmpq(1000))
SMT = {"<": "<", "≤": "<=", ">": ">", "≥": ">=", "=": "=", "≠": "distinct"}
Verdict = tuple[Outcome, str]


class Lemma(Protocol):
    """A reason that proves its link."""

    def prove(self, left: E.Expr, relation: str, right: E.Expr, arena: Arena) -> Verdict: ...


def decide(left: E.Expr, relation: str, right: E.Expr, why: Any, context: Context) -> Verdict:
    """Decide ``left relation right`` under the hypotheses of the context, for the reason ``why`` if it is one.

    Examples
    --------
    >>> from proofs.hypotheses import Hypothesis
    >>> from proofs.kernel.propositions import Rel
    >>> a, b = E.Sym("a"), E.Sym("b")
    >>> positive = Hypothesis("a, b > 0", "", (Rel(a, ">", E.lift(0)), Rel(b, ">", E.lift(0))))
    >>> decide(a + b, ">", a, "", Context((positive,)))[0].value
    'proved'
    >>> decide(a**2 + b**2, "≥", 2 * a * b, "", Context((positive,)))[0].value
    'proved'
    >>> decide(a + b, ">", 2 * a, "", Context((positive,)))[0].value
    'undecided'
    """
    return prove(left, relation, right, why, Arena.of(context))


def prove(left: E.Expr, relation: str, right: E.Expr, why: Any, arena: Arena) -> Verdict:
    """As :func:`decide`, in an arena."""
    try:
        if hasattr(why, "prove"):
            return why.prove(left, relation, right, arena)
        if relation == "=":
            return equal(left, right, arena)
        return compared(left, relation, right, arena)
    except normal.Undecided as reason:
        return no(str(reason))


def equal(left: E.Expr, right: E.Expr, arena: Arena) -> Verdict:
    """Equality of normal forms, under the equations of the hypotheses, as they are or for any family in place of one
    that is a sum of weights."""
    relations = (r for r in arena.relations if isinstance(r, Rel) and r.op == "=" and not speaks_of_sums(r))
    equations = [(r.left, r.right) for r in relations]
    try:
        same = normal.equal(left, right) or normal.equal(left, right, equations, arena.indices.at_most)
    except normal.Undecided:
        same = False
    same = same or normal.equal(atomic(left), atomic(right))
    return (Outcome.PROVED, "equal normal forms") if same else no("the normal forms differ")


def atomic(e: E.Expr) -> E.Expr:
    """Families that are sums of weights as families of their own: an identity for all families holds for these."""
    if isinstance(e, E.Item) and e.family.tail is not None:
        return E.Item(E.Family(f"{e.family.name}°"), e.index)
    children = e.children()
    new = [atomic(c) for c in children]
    return e if all(a is b for a, b in zip(children, new, strict=True)) else e.rebuild(new)


def no(how: str) -> Verdict:
    return Outcome.UNDECIDED, how


def proves(found: Verdict) -> bool:
    return found[0] == Outcome.PROVED


# -- real arithmetic -------------------------------------------------------------------------------


def compared(left: E.Expr, relation: str, right: E.Expr, arena: Arena) -> Verdict:
    """Real arithmetic, from the hypotheses."""
    if relation == "=":
        ends = [Gaps(arena, pair).decide(pair[0], "≥", pair[1]) for pair in ((left, right), (right, left))]
        return ends[0] if proves(ends[0]) and proves(ends[1]) else no("the sides are not known to be equal")
    if relation == "≠":
        return no("≠ is not decided")
    if relation in "<≤":
        left, right, relation = right, left, MIRROR[relation]
    return Gaps(arena, (left, right)).decide(left, relation, right)


class Gaps:
    """Quantities as sums of positive gaps, and rational functions of them.

    ``signed`` quantities, of which nothing is known, keep any sign; they leave the decision to the solver.
    """

    def __init__(self, arena: Arena, sides: Sequence[E.Expr]):
        self.arena = arena
        self.families: dict[str, E.Family] = {}
        self.sums: dict[Node, E.Sum] = {}
        used: dict[Node, None] = {}
        for side in sides:
            used.update(dict.fromkeys(self.atoms(side)))
        self.known: list[Rel] = []
        counts = [n[1] for n in used if n[0] == "s" and arena.indices.least((n[1], 0), ("", 0)) is not None]
        for fact in (*instantiated(arena, {n[2] for n in used if n[0] == "f"}), *distances(arena, counts)):
            try:
                found = set(self.atoms(fact.left)) | set(self.atoms(fact.right))
            except normal.Undecided:
                continue
            if found & set(used):
                self.known.append(fact)
                used.update(dict.fromkeys(found))
        self.powers = self.squares(used)
        self.order = build_order(arena, self.nodes(used), self.families)
        for node, total in self.sums.items():
            self.sign_of_sum(node, total)
        self.order.close()
        self.place(sorted(self.nodes(used), key=str))

    # which quantities
    def atoms(self, e: E.Expr) -> Iterator[Node]:
        """The quantities of an expression, with the exponent at which they occur."""
        e = opened(e)
        if isinstance(e, E.Num):
            return
        if isinstance(e, E.Sym):
            yield ("s", e.name)
        elif isinstance(e, E.Item):
            if e.family.define is not None:
                yield from self.atoms(e.family.define(e.index))
            else:
                self.families[e.family.name] = e.family
                yield ("f", e.family.name, index_key(e.index), 1)
        elif isinstance(e, E.Pow) and isinstance(e.exponent, E.Num) and isinstance(opened(e.base), E.Item):
            for node in self.atoms(e.base):
                even = node[0] == "f" and opened(e.base).family.define is None and e.exponent.value % 2 == 0  # type: ignore[attr-defined]
                yield (*node[:3], 2) if even else node
        elif isinstance(e, E.Sum):
            terms = self.expanded(e)
            if terms is None:
                node = ("Σ", renamed(e))
                self.sums[node] = e
                yield node
            else:
                for t in terms:
                    yield from self.atoms(t)
        elif isinstance(e, E.Add | E.Mul | E.Pow):
            for child in e.children():
                yield from self.atoms(child)
        else:
            raise normal.Undecided(f"{type(e).__name__} in real arithmetic")

    def expanded(self, e: E.Sum) -> list[E.Expr] | None:
        """The terms of a sum whose number is known."""
        lo, hi = index_key(e.lo), index_key(e.hi)
        indices = self.arena.indices
        count = indices.least(hi, lo)
        back = indices.least(lo, hi)
        if e.without or count is None or back is None or count != -back:
            return None
        return [substitute(e.body, {e.var: shifted(e.lo, t)}) for t in range(count + 1)]

    def squares(self, used: dict[Node, None]) -> dict[str, int]:
        """Of positive families that occur in even powers only, the squares are the quantities."""
        linear = {n[1] for n in used if n[0] == "f" and n[3] == 1}
        powers = {n[1]: 1 if n[1] in linear else 2 for n in used if n[0] == "f"}
        for name in [n for n, p in powers.items() if p == 2]:
            members = [(*n[:3], 1) for n in used if n[0] == "f" and n[1] == name]
            order = build_order(self.arena, members, {name: self.families[name]})
            if not all(order.above.get((x, ZERO)) for x in members):
                powers[name] = 1
        return powers

    def nodes(self, used: dict[Node, None]) -> set[Node]:
        return {(*n[:3], self.powers[n[1]]) if n[0] == "f" else n for n in used}

    def sign_of_sum(self, node: Node, total: E.Sum) -> None:
        """A sum is as positive as its generic term."""
        plain = replace(self.arena, relations=tuple(r for r in self.arena.relations if not speaks_of_sums(r)))
        body, inside = generic_body(total, plain)
        for relation in (">", "≥"):
            if proves(prove(body, relation, E.lift(0), "", inside)):
                strict = relation == ">" and self.arena.filled(total.lo, total.hi)
                self.order.put(node, ZERO, strict)
                return

    # gaps
    def place(self, nodes: list[Node]) -> None:
        """Each quantity is the largest known quantity below it, plus a gap."""
        below = {x: [(y, s) for y, s in self.order.below(x) if y in nodes or y == ZERO] for x in nodes}
        ranked = sorted(nodes, key=lambda x: len(below[x]))
        self.context = fmpq_mpoly_ctx.get([f"g{i}" for i in range(len(ranked))] or ["g"], Ordering.degrevlex)
        gaps = dict(zip(ranked, self.context.gens(), strict=False))
        self.strict: list[bool] = []
        self.signed: list[bool] = []
        self.value: dict[Node, Any] = {ZERO: self.context.constant(0)}
        for x in ranked:
            options = [(y, s) for y, s in below[x] if y in self.value]
            parent, strict = max(options, key=lambda o: len(below.get(o[0], ())), default=(ZERO, False))
            self.value[x] = self.value[parent] + gaps[x]
            self.strict.append(strict)
            self.signed.append(not options)
        self.nodes_below = below

    def ratio(self, e: E.Expr) -> tuple[Any, Any]:
        """Numerator and denominator in the gaps."""
        e = opened(e)
        one = self.context.constant(1)
        if isinstance(e, E.Num):
            return self.context.constant(exact(e.value)), one
        if isinstance(e, E.Sym):
            return self.value["s", e.name], one
        if isinstance(e, E.Item):
            if e.family.define is not None:
                return self.ratio(e.family.define(e.index))
            return self.value["f", e.family.name, index_key(e.index), 1], one
        if isinstance(e, E.Sum):
            terms = self.expanded(e)
            if terms is None:
                return self.value["Σ", renamed(e)], one
            return self.total([self.ratio(t) for t in terms])
        if isinstance(e, E.Add):
            return self.total([self.ratio(t) for t in e.terms])
        if isinstance(e, E.Mul):
            num, den = one, one
            for f in e.factors:
                a, b = self.ratio(f)
                num, den = reduced(num * a, den * b)
            return num, den
        assert isinstance(e, E.Pow)
        return self.power(e)

    def power(self, e: E.Pow) -> tuple[Any, Any]:
        exponent = e.exponent
        if not isinstance(exponent, E.Num) or exponent.value.denominator != 1:
            raise normal.Undecided(f"the power {text(e)} in real arithmetic")
        p, base = int(exponent.value), opened(e.base)
        if isinstance(base, E.Item) and base.family.define is None and self.powers[base.family.name] == 2:
            num, den = self.value["f", base.family.name, index_key(base.index), 2], self.context.constant(1)
            p //= 2
        else:
            num, den = self.ratio(base)
        return (num**p, den**p) if p >= 0 else (den**-p, num**-p)

    def total(self, ratios: Sequence[tuple[Any, Any]]) -> tuple[Any, Any]:
        num, den = self.context.constant(0), self.context.constant(1)
        for a, b in ratios:
            num, den = reduced(num * b + a * den, den * b)
        return num, den

    # decisions
    def decide(self, left: E.Expr, relation: str, right: E.Expr) -> Verdict:
        """``left ≥ right`` or ``left > right``."""
        a, b = self.ratio(left)
        c, d = self.ratio(right)
        num, den = reduced(a * d - c * b, b * d)
        over, under = self.sign(num), self.sign(den)
        if under and over and over[0] * under[0] >= 0 and (relation == "≥" or over[1]):
            return Outcome.PROVED, "written in positive gaps, all coefficients are of one sign"
        return self.solve(num, den, relation)

    def sign(self, poly: Any) -> tuple[int, bool] | None:
        """The common sign of all coefficients, and whether some term is positive for sure."""
        if poly == 0:
            return 0, False
        terms = list(zip(poly.monoms(), poly.coeffs(), strict=True))
        signs = {1 if c > 0 else -1 for _, c in terms}
        if len(signs) > 1 or any(e % 2 and self.signed[i] for m, _ in terms for i, e in enumerate(m)):
            return None
        sure = any(all(not e or self.strict[i] for i, e in enumerate(m)) for m, _ in terms)
        return signs.pop(), sure

    def solve(self, num: Any, den: Any, relation: str) -> Verdict:
        """Look for gaps at which the inequality fails: at a few points, then by z3."""
        sign = self.sign(den)
        goal = num * (sign[0] if sign and sign[1] else den)
        exception = [*self.constraints(), (den, "≠"), (goal, "<" if relation == "≥" else "≤")]
        if any(all(COMPARE[op](poly(*x), 0) for poly, op in reversed(exception)) for x in self.points()):
            return no("it does not follow from the hypotheses at the indices that occur")
        import z3

        solver = z3.SolverFor("QF_NRA")
        solver.set("rlimit", EFFORT)
        solver.set("timeout", PATIENCE)
        solver.from_string("\n".join(self.question(exception)))
        found = solver.check()
        if found == z3.unsat:
            return Outcome.PROVED, "over positive gaps the solver finds no exception"
        if found == z3.unknown:
            return no("the solver does not decide")
        return no("it does not follow from the hypotheses at the indices that occur")

    def question(self, facts: Sequence[tuple[Any, str]]) -> Iterator[str]:
        """Whether gaps satisfy the facts, as SMT-LIB writes it: z3 reads it faster than Python calls z3."""
        names = [f"g{i}" for i in range(self.context.nvars())]
        for name, strict, signed in zip(names, self.strict, self.signed, strict=False):
            yield f"(declare-const {name} Real)"
            if not signed:
                yield f"(assert ({'>' if strict else '>='} {name} 0))"
        for poly, op in facts:
            yield f"(assert ({SMT[op]} {smt(poly, names)} 0))"

    def constraints(self) -> list[tuple[Any, str]]:
        """What the gaps satisfy, as polynomials compared with 0."""
        found = []
        for x, below in self.nodes_below.items():
            for y, strict in below:
                difference = self.value[x] - self.value[y]
                if y in self.value and self.sign(difference) is None:
                    found.append((difference, ">" if strict else "≥"))
        for fact in self.known:
            try:
                a, b = self.ratio(fact.left)
                c, d = self.ratio(fact.right)
            except normal.Undecided:
                continue
            over, under = reduced(a * d - c * b, b * d)
            sign = self.sign(under)
            found.append((over if sign and sign[1] and sign[0] > 0 else over * under, fact.op))
        return found

    def points(self) -> Iterator[list[fmpq]]:
        """Gaps of very different sizes, the same ones every time."""
        rng = Random(0)
        signed = self.signed or [False]
        for _ in range(POINTS):
            yield [rng.choice(MAGNITUDES) * rng.randint(1, 9) * (rng.choice((1, -1)) if s else 1) for s in signed]


def instantiated(arena: Arena, keys: set[Any]) -> Iterator[Rel]:
    """The relations that real arithmetic may use, those for every index at the indices that occur."""
    for r in arena.relations:
        if isinstance(r, Rel):
            yield r
        elif monotone(r) is None:
            for name, offset in sorted(keys):
                index = shifted(E.integer(name), offset) if name else E.Num(Fraction(offset))
                if within(arena, (name, offset), r.lo, r.hi):
                    sides = (substitute(s, {r.var: index}) for s in (r.body.left, r.body.right))
                    yield Rel(next(sides), r.body.op, next(sides))


def distances(arena: Arena, names: Sequence[str]) -> Iterator[Rel]:
    """What is known of indices and sizes as numbers."""
    for a in names:
        for b in ("", *names):
            least = arena.indices.least((a, 0), (b, 0))
            if a != b and least is not None:
                yield Rel(E.integer(a), "≥", E.integer(b) + least if b else E.lift(least))


def within(arena: Arena, key: Any, lo: E.Expr, hi: E.Expr) -> bool:
    at_least = arena.indices.at_least
    return at_least(key, index_key(lo)) and at_least(index_key(hi), key)


def smt(poly: Any, names: Sequence[str]) -> str:
    """A polynomial as SMT-LIB writes it.

    Examples
    --------
    >>> g, h = fmpq_mpoly_ctx.get(["g", "h"], Ordering.degrevlex).gens()
    >>> smt(g**2 - fmpq(1, 2) * h, ["g", "h"])
    '(+ 0 (* (/ 1 1) g g) (* (/ (- 1) 2) h))'
    """
    terms = [
        " ".join((f"(* {smt_number(c)}", *(x for x, e in zip(names, powers, strict=True) for _ in range(int(e))))) + ")"
        for powers, c in zip(poly.monoms(), poly.coeffs(), strict=True)
    ]
    return " ".join(("(+ 0", *terms)) + ")"


def smt_number(c: fmpq) -> str:
    top = f"(- {-c.p})" if c < 0 else f"{c.p}"
    return f"(/ {top} {c.q})"


def reduced(num: Any, den: Any) -> tuple[Any, Any]:
    """A fraction in lowest terms."""
    if den == 0:
        raise normal.Undecided("division by zero")
    common = num.gcd(den)
    return (num, den) if common == 1 or common == 0 else (divmod(num, common)[0], divmod(den, common)[0])


def shifted(e: E.Expr, by: int) -> E.Expr:
    """An index plus an integer, as the index algebra writes it."""
    name, offset = index_key(e)
    if not name:
        return E.Num(Fraction(offset + by))
    return E.add(E.integer(name), offset + by) if offset + by else E.integer(name)


def renamed(e: E.Sum) -> E.Sum:
    """A sum with a canonical name for its index, and canonical indices."""
    var = E.integer("•Σ")
    return E.Sum(var, shifted(e.lo, 0), shifted(e.hi, 0), tidy(substitute(e.body, {e.var: var})), e.without)


def tidy(e: E.Expr) -> E.Expr:
    """Indices such as (k + 1) − 1 in one form."""
    if isinstance(e, E.Item):
        return E.Item(e.family, shifted(e.index, 0))
    children = e.children()
    return e.rebuild([tidy(c) for c in children]) if children else e


def speaks_of_sums(r: Any) -> bool:
    return isinstance(r, Rel) and any(isinstance(s, E.Sum) for side in (r.left, r.right) for s in side.walk())


def generic_body(e: E.Sum | E.Extremum, arena: Arena) -> tuple[E.Expr, Arena]:
    """The body at a generic index of its range."""
    var, inside = arena.generic(e.var, e.lo, e.hi)
    return substitute(e.body, {e.var: var}), inside


def positive(e: E.Expr, binder: E.Sum | E.Extremum, arena: Arena) -> tuple[E.Expr, str, E.Expr, str, Arena]:
    """That an expression in the binder's index is positive throughout its range."""
    var, inside = arena.generic(binder.var, binder.lo, binder.hi)
    return substitute(e, {binder.var: var}), ">", E.lift(0), "", inside

"""The rules: everything that makes a theorem.

Each is sound for all sizes and all values: what is supposed is in its premises, what would need more is refused. A
rule's docstring is the lemma that it stands for, with its proof.

Main results
    hypothesis, discharge, apply, equivalent, part, cases     of propositions
    instance, generalise, monotone                            of ranges of integers
    ring                                                      equality of normal forms
    chain, mirror, weaken, replace, entries                   of relations
    order, total                                              of integers and of reals
    positive, square, root, magnitude                         of signs
    terms, member, picked, bounded                            of sums and extrema
    vanishing                                                 ‖A‖² = 0 gives A = 0
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from proofs.kernel import expressions as E
from proofs.kernel.binding import free, plain, substitute
from proofs.kernel.binding import member as by_definition
from proofs.kernel.expressions import Expr, Letter, Num, Sort, Sym, lift
from proofs.kernel.gaps import Fractions, Positive, compare
from proofs.kernel.meaning import equal, index_of
from proofs.kernel.propositions import (
    MIRROR,
    NEGATED,
    ONE,
    ZERO,
    And,
    Every,
    Iff,
    Implies,
    Or,
    Rel,
    needs,
    zero,
)
from proofs.kernel.tensor import Facts, Index, Undecided
from proofs.kernel.theorem import Refused, Said, Theorem, Without, exists, orthonormal, rule


def want(ok: Any, message: str) -> None:
    if not ok:
        raise Refused(message)


def same(a: Expr, b: Expr) -> bool:
    """Whether two expressions say the same: definitions opened, bound names aside."""
    return a == b or plain(a) == plain(b)


def among(p: Expr, known: Sequence[Theorem]) -> bool:
    return any(same(t.says, p) for t in known)


def relation(t: Theorem, ops: str = "=≠≤<≥>") -> Rel:
    """What a theorem says, as a relation of one of these kinds."""
    want(isinstance(t.says, Rel) and t.says.op in ops, f"{t.says} is no relation {ops}")
    return t.says  # type: ignore[return-value]


# -- propositions ----------------------------------------------------------------------------------


@rule()
def with_values(t: Theorem, known: tuple[Theorem, ...]) -> Said:
    """What a theorem says, all expressions in it having a value wherever what it supposes holds.

    In the other rules 1/0 and √−1 are some numbers, and an entry outside its matrix is 0; here every denominator is
    shown not to be 0, every radicand not negative, every index to lie in its range.

    Proof. A value is lacking only where a denominator is 0, a radicand is negative, an index leaves its range, an
    extremum is over nothing, or weights do not add up to 1. ``needs`` lists for every part of the proposition what
    excludes this, and each of these is known, so that it holds wherever the suppositions do. A matrix of orthonormal
    columns of which the proposition speaks has a value at every instance, so that there is one need not be supposed.
    """
    for p in needs(t.says):
        want(among(p, known) or granted(p), f"it may have no value: {p} is not known")
    return Without(tuple(map(exists, orthonormal(t.says)))), t.says


@rule()
def hypothesis(p: Expr) -> Said:
    """p ⊢ p.

    Proof. At an instance at which p holds, p holds.
    """
    return [p], p


@rule()
def discharge(t: Theorem, p: Expr) -> Said:
    """From p ⊢ q: p ⇒ q.

    Proof. Take an instance at which the other suppositions hold. If p fails there, p ⇒ q holds; if p holds, q does, as
    p ⊢ q.
    """
    return Without((p,)), Implies(p, t.says)


@rule()
def apply(t: Theorem, premise: Theorem) -> Said:
    """From p ⇒ q and p: q.

    Proof. At an instance at which p ⇒ q and p hold, q does: that is what p ⇒ q says.
    """
    want(isinstance(t.says, Implies) and same(t.says.premise, premise.says), f"{t.says} does not follow from it")
    return [], t.says.conclusion  # type: ignore[attr-defined]


@rule()
def equivalent(t: Theorem, back: Theorem) -> Said:
    """From p ⇒ q and q ⇒ p: p ⇔ q.

    Proof. p ⇔ q says that p and q hold at the same instances. One implication gives one direction, the other the other.
    """
    p, q = (x.says.children() if isinstance(x.says, Implies) else () for x in (t, back))
    want(len(p) == len(q) == 2 and same(p[0], q[1]) and same(p[1], q[0]), "not there and back again")
    return [], Iff(*p)


@rule()
def cut(t: Theorem, known: Theorem) -> Said:
    """From p ⊢ q and p: q. What ``known`` supposes stays supposed, p too if it is among that.

    Proof. Take an instance at which all holds that is supposed for p, and all but p that is supposed for q. There p
    holds, so that all holds that is supposed for q, and q with it.
    """
    if any(same(p, known.says) for p in known.given):
        return [], t.says
    return Without((known.says,)), t.says


@rule()
def conjunction(ts: tuple[Theorem, ...]) -> Said:
    """From p, q, …: p ∧ q ∧ ….

    Proof. At an instance at which each of them holds, their conjunction does.
    """
    return [], And(tuple(t.says for t in ts))


@rule()
def part(t: Theorem, place: int) -> Said:
    """From p ∧ q: p, and q.

    Proof. A conjunction holds at an instance only where each of its terms does.
    """
    want(isinstance(t.says, And), "no conjunction")
    return [], t.says.terms[place]  # type: ignore[attr-defined]


@rule()
def either(goal: Or, place: int, t: Theorem) -> Said:
    """From p: p ∨ q.

    Proof. A disjunction holds where one of its terms does.
    """
    want(isinstance(goal, Or) and same(goal.terms[place], t.says), f"{t.says} is none of its cases")
    return [], goal


@rule()
def cases(cover: Theorem, ts: tuple[Theorem, ...]) -> Said:
    """From p ∨ q, p ⇒ r and q ⇒ r: r.

    Proof. At an instance p holds or q does. The implication of the one that holds gives r.
    """
    want(isinstance(cover.says, Or) and len(cover.says.terms) == len(ts), "the cases are not those of the cover")
    for p, t in zip(cover.says.terms, ts, strict=True):  # type: ignore[attr-defined]
        want(isinstance(t.says, Implies) and same(t.says.premise, p), f"no proof for the case {p}")
    says = [t.says.conclusion for t in ts]  # type: ignore[attr-defined]
    want(all(same(s, says[0]) for s in says), "the cases say different things")
    return [], says[0]


@rule()
def total(a: Expr, b: Expr, op: str = "≤") -> Said:
    """a ≤ b ∨ a > b; of matrices too: a = b ∨ a ≠ b.

    Proof. Of two reals, one is at most the other or greater than it; and two matrices are equal or not.
    """
    want(a.shape == b.shape and (op == "=" or (op == "≤" and a.is_scalar)), "scalars, or what may be equal")
    return [], Or((Rel(a, op, b), Rel(a, NEGATED[op], b)))


@rule()
def absurd(t: Theorem, against: Theorem, p: Expr) -> Said:
    """From a contradiction: anything.

    Proof. No instance has a relation and its negation, so that the suppositions hold at none. Of the instances of
    nothing everything is true.
    """
    r, s = relation(t), relation(against)
    want(same(r.left, s.left) and same(r.right, s.right) and s.op == NEGATED[r.op], "no contradiction")
    return [], p


# -- ranges of integers ----------------------------------------------------------------------------


def facts_of(ts: Sequence[Theorem]) -> Facts:
    """What theorems say of the order of integers."""
    order: set[tuple[Index, Index]] = set()
    apart: set[tuple[Index, Index]] = set()
    for t in ts:
        if not isinstance(t.says, Rel):
            continue
        try:
            i, j = index_of(t.says.left), index_of(t.says.right)
        except Undecided:
            continue
        op = t.says.op
        if op in ">≥":
            i, j, op = j, i, MIRROR[op]
        if op == "<":
            order.add(((i[0], i[1] + 1), j))
        elif op == "≤":
            order.add((i, j))
        elif op == "=":
            order |= {(i, j), (j, i)}
        elif op == "≠":
            apart.add((i, j))
    return Facts(frozenset(order), frozenset(apart))


@rule()
def order(goal: Rel, known: tuple[Theorem, ...]) -> Said:
    """A comparison of integers that follows by adding comparisons.

    Proof. A comparison of integers says that j − i ≥ d for some integer d, as i < j says that j − i ≥ 1. Such bounds
    add up along i, …, j, and a sum that is large enough gives the goal. Two integers differ where that is known of
    them, or where one is less than the other.
    """
    facts, i, j = facts_of(known), index_of(goal.left), index_of(goal.right)
    less = (i[0], i[1] + 1), (j[0], j[1] + 1)
    holds = {
        "≤": lambda: facts.at_most(i, j),
        "<": lambda: facts.at_most(less[0], j),
        "≥": lambda: facts.at_most(j, i),
        ">": lambda: facts.at_most(less[1], i),
        "=": lambda: facts.at_most(i, j) and facts.at_most(j, i),
        "≠": lambda: facts.differ(i, j),
    }
    want(holds[goal.op](), f"{goal} does not follow")
    return [], goal


@rule()
def instance(t: Theorem, index: Expr, least: Theorem, greatest: Theorem) -> Said:
    """From ∀ lo ≤ i ≤ hi: p(i), lo ≤ j and j ≤ hi: p(j).

    Proof. j is an integer and lo ≤ j ≤ hi, so that p(j) is one of the things that are said.
    """
    says = t.says
    want(isinstance(says, Every), "nothing is said of every index")
    index_of(index)
    want(same(least.says, Rel(says.lo, "≤", index)), f"{least.says} is not {says.lo} ≤ {index}")  # type: ignore[attr-defined]
    want(same(greatest.says, Rel(index, "≤", says.hi)), f"{greatest.says} is not {index} ≤ {says.hi}")  # type: ignore[attr-defined]
    return [], substitute(says.body, {says.var: index})  # type: ignore[attr-defined]


@rule()
def generalise(t: Theorem, var: Sym, lo: Expr, hi: Expr) -> Said:
    """From lo ≤ i, i ≤ hi ⊢ p(i), with i in nothing else that is supposed: ∀ lo ≤ i ≤ hi: p(i).

    Proof. Take an instance at which the other suppositions hold, and any integer of the range. Let i be that integer:
    the other suppositions do not speak of i and still hold, those on its range hold too, and so does p(i). An empty
    range leaves nothing to show.
    """
    own = Rel(lo, "≤", var), Rel(var, "≤", hi)
    rest = [p for p in t.given if not any(same(p, q) for q in own)]
    want(var not in free(lo) | free(hi), f"the range of {var} speaks of it")
    want(not any(var in free(p) for p in rest), f"{var} is not any index of the range")
    return Without(own), Every(var, lo, hi, t.says)


@rule()
def rename(t: Theorem, mapping: tuple[tuple[Expr, Expr], ...]) -> Said:
    """A theorem holds for all values of its free symbols and letters, so for those that other expressions have.

    Suppositions are replaced too; a letter's replacement has its sides and, by theorem-free form, its traits: none.

    Proof. At an instance of the replacements, let the symbols and letters have the values of what replaces them:
    integers are replaced by integers, matrices by those of the same sides and traits. The theorem holds there as
    anywhere, and what it says and supposes of these values is what the replaced propositions say.
    """
    table = dict(mapping)
    for old, new in mapping:
        want(isinstance(old, Sym | Letter), f"{old} is no symbol or letter")
        if isinstance(old, Letter):
            want(old.shape == new.shape and old.noise is None, f"{old} has other sides than {new}")
            kept = isinstance(new, Letter) and old.traits <= new.traits
            want(kept or not old.traits, f"{new} has not {old}'s traits")
        elif isinstance(old, Sym) and old.sort == Sort.INTEGER:
            index_of(new)
        want(new.is_scalar == old.is_scalar, f"{new} in place of {old}")
    return Without(tuple(t.given)), substitute(_under(t), table)


def _under(t: Theorem) -> Expr:
    """A theorem as one proposition: what it supposes implies what it says."""
    says = t.says
    for p in sorted(t.given, key=repr):
        says = Implies(p, says)
    return says


@rule()
def monotone(t: Theorem, i: Expr, j: Expr, known: tuple[Theorem, ...]) -> Said:
    """From ∀ lo ≤ l ≤ hi: f(l) < f(l + 1), lo ≤ i, i < j and j ≤ hi + 1: f(i) < f(j); with i ≤ j: f(i) ≤ f(j).

    Likewise for ≤, >, ≥, and with the sides exchanged.

    Proof. Each of the l from i to j − 1 lies in the range, so that f(i) < f(i + 1) < … < f(j). For i = j the two sides
    are one.
    """
    says = t.says
    want(isinstance(says, Every) and isinstance(says.body, Rel), "no relation of neighbours")
    l, r = says.var, says.body  # type: ignore[attr-defined]
    op, left, right = r.op, r.left, r.right
    if not same(right, substitute(left, {l: l + 1})):
        op, left, right = MIRROR[op], right, left
    want(op in "≤<≥>" and tidy(right) == tidy(substitute(left, {l: l + 1})), "no relation of neighbours")
    facts = facts_of(known)
    lo, hi, x, y = index_of(says.lo), index_of(says.hi), index_of(i), index_of(j)  # type: ignore[attr-defined]
    want(facts.at_most(lo, x) and facts.at_most(y, (hi[0], hi[1] + 1)), "an index may lie outside the range")
    want(facts.at_most(x, y), f"{i} may be after {j}")
    strict = op in "<>" and facts.at_most((x[0], x[1] + 1), y)
    weak = {"<": "≤", ">": "≥"}.get(op, op)
    return [], Rel(substitute(left, {l: i}), op if strict else weak, substitute(left, {l: j}))


def tidy(e: Expr) -> Expr:
    """Indices such as (l + 1) − 1 in one form, definitions opened."""
    e = plain(e)
    if isinstance(e, E.Item):
        base, offset = index_of(e.index)
        named = E.integer(base[1]) if base[0] == 1 else None
        if named is not None:
            return E.Item(e.family, named + offset if offset else named)
        return E.Item(e.family, lift(offset)) if base == (0,) else e
    children = e.children()
    new = [tidy(c) for c in children]
    return e if all(a is b for a, b in zip(children, new, strict=True)) else e.rebuild(new)


# -- relations -------------------------------------------------------------------------------------


def defined(goal: Expr, known: Sequence[Theorem]) -> None:
    """Refuse a goal whose denominators and radicands are not known to allow the laws that are used."""
    for p in needs(goal, False):
        want(among(p, known) or granted(p), f"{p} is not known")


def granted(p: Expr) -> bool:
    """Numbers that are plainly not 0, or not negative."""
    while isinstance(p, Every):
        p = p.body
    if not (isinstance(p, Rel) and isinstance(p.left, Num) and isinstance(p.right, Num)):
        return False
    a, b = p.left.value, p.right.value
    return {"=": a == b, "≠": a != b, "≤": a <= b, "<": a < b, "≥": a >= b, ">": a > b}[p.op]


def with_laws(ts: Iterable[Theorem], known: Sequence[Theorem]) -> Iterator[Any]:
    """What theorems say for which the laws of division and roots may be used."""
    return (t.says for t in ts if all(among(p, known) or granted(p) for p in needs(t.says, False)))


def equations(known: Sequence[Theorem]) -> list[tuple[Expr, Expr]]:
    """The equations of reals among them."""
    found = [t for t in known if isinstance(t.says, Rel) and t.says.op == "=" and t.says.left.is_scalar]
    return [(r.left, r.right) for r in with_laws(found, known)]


@rule()
def ring(goal: Rel, known: tuple[Theorem, ...] = ()) -> Said:
    """a = b where a − b has the normal form 0, given that what stands under lines and roots allows it.

    Proof. Each step to a normal form is an identity for all sizes: sums are multiplied out, matrices are written as
    entries, bound indices renamed, a range split where indices meet, equals put for equals. Only where the denominators
    are known not to be 0 and the radicands not to be negative are x · 1/x = 1 and (√x)² = x among them, and that is
    asked for. So a − b is the empty sum, and 0.
    """
    want(goal.op == "=", "an equation")
    defined(goal, known)
    try:
        found = equal(goal.left, goal.right, facts_of(known), equations(known), with_laws(known, known))
        want(found, f"{goal}: the normal forms differ")
    except Undecided as why:
        raise Refused(f"{goal}: {why}") from why
    return [], goal


@rule()
def split(t: Theorem) -> Said:
    """From a ≠ b: a < b ∨ a > b.

    Proof. Of two reals that differ, one is the smaller.
    """
    r = relation(t, "≠")
    want(r.left.is_scalar, "scalars")
    return [], Or((Rel(r.left, "<", r.right), Rel(r.left, ">", r.right)))


@rule()
def chain(ts: tuple[Theorem, ...]) -> Said:
    """From a = b, b ≤ c, c < d, …: a < d; from A = B, B ⪰ C, C ≻ D, …: A ≻ D.

    Proof. Equality and the orders are transitive, and a link that is strict makes the whole strict; with = alone beside
    it, ≠ passes over from equals to equals. For ⪰, the forms add: xᵀ(A − C)x = xᵀ(A − B)x + xᵀ(B − C)x, and a sum of
    symmetric matrices is symmetric.
    """
    links = [relation(t, "=≠≤<≥>⪰≻") for t in ts]
    for one, next_ in pairwise(links):
        want(same(one.right, next_.left), f"{one} does not go on with {next_}")
    ops = {r.op for r in links} - {"="}
    want(not (ops & {"≤", "<"} and ops & {"≥", ">"}), "the links go both ways")
    want("≠" not in ops or [r.op for r in links if r.op != "="] == ["≠"], "≠ goes on with = alone")
    op = next((o for o in "≠<>≤≥≻⪰" if o in ops), "=")
    return [], Rel(links[0].left, op, links[-1].right)


@rule()
def mirror(t: Theorem) -> Said:
    """From a ≤ b: b ≥ a.

    Proof. The two say the same in another order.
    """
    r = relation(t)
    return [], Rel(r.right, MIRROR[r.op], r.left)


@rule()
def nonzero(e: Expr, ts: tuple[Theorem, ...]) -> Said:
    """From a ≠ 0, b ≠ 0, …: a product of them, and of their powers, is not 0.

    Proof. A product of reals is 0 only if a factor is, so that powers 1, 2, … of what is not 0 are not 0. A power 0 is
    1, and a negative one the inverse of a number that is not 0.
    """

    def check(x: Expr) -> None:
        x = plain(x)
        if isinstance(x, E.Mul):
            for f in x.factors:
                check(f)
        elif isinstance(x, E.Pow) and isinstance(x.exponent, Num) and x.exponent.value.denominator == 1:
            check(x.base)
        else:
            want((isinstance(x, Num) and x.value != 0) or among(Rel(x, "≠", ZERO), ts), f"{x} ≠ 0 is not known")

    want(e.is_scalar, "a scalar")
    check(e)
    return [], Rel(e, "≠", ZERO)


@rule()
def differ(t: Theorem) -> Said:
    """From a ≠ b: a − b ≠ 0; likewise for the other relations, ⪰ and ≻ too.

    Proof. a − b differs from, equals or exceeds 0 as a does b, entry by entry for matrices. A ⪰ B and A ≻ B are said of
    A − B by definition.
    """
    r = relation(t, "=≠≤<≥>⪰≻")
    return [], Rel(r.left - r.right, r.op, zero(r.left))


@rule()
def weaken(t: Theorem, op: str) -> Said:
    """From a < b: a ≤ b and a ≠ b; from a = b: a ≤ b; from A ≻ B: A ⪰ B.

    Proof. a < b excludes a > b and a = b, and a = b excludes both strict ones. xᵀ(A − B)x is positive for x ≠ 0 and is
    0 for x = 0.
    """
    r = relation(t, "<>=≻")
    want(op in {"<": "≤≠", ">": "≥≠", "=": "≤≥", "≻": "⪰"}[r.op], f"{r.op} does not give {op}")
    return [], Rel(r.left, op, r.right)


@rule()
def antisymmetry(t: Theorem, back: Theorem) -> Said:
    """From a ≤ b and a ≥ b: a = b.

    Proof. a < b and a > b are both excluded, and reals have no other relation than =.
    """
    r, s = relation(t, "≤"), relation(back, "≥")
    want(same(r.left, s.left) and same(r.right, s.right), "not of the same sides")
    return [], Rel(r.left, "=", r.right)


@rule()
def replace(template: Expr, holes: tuple[tuple[Expr, Theorem], ...]) -> Said:
    """From a = b: e(a) = e(b).

    Proof. The value of an expression depends on its parts through their values alone, and those of a and b are equal
    wherever what is supposed for a = b holds. Substitution keeps this true for every value of the bound names around a
    hole: it lets no name be captured, and enters no derivative with what that is taken by.
    """
    old, new = {}, {}
    for hole, t in holes:
        r = relation(t, "=")
        want(isinstance(hole, Sym | Letter) and hole.shape == r.left.shape, f"{hole} has no room for {r.left}")
        want(not (isinstance(hole, Letter) and (hole.traits or hole.noise)), f"{hole} has traits")
        old[hole], new[hole] = r.left, r.right
    return [], Rel(substitute(template, old), "=", substitute(template, new))


@rule()
def entries(t: Theorem, left: Expr, right: Expr) -> Said:
    """From ∀ i ∀ j: A_ij = B_ij: A = B.

    Proof. Matrices of one shape are equal when they agree at every place. i runs over the rows and j over the columns,
    and neither matrix speaks of them.
    """
    want(left.shape == right.shape and not left.is_scalar, "two matrices of one shape")
    i, j = E.integer("i"), E.integer("j")
    m, n = map(lift, left.shape)
    inner = Every(j, ONE, n, Rel(E.Entry(left, i, j), "=", E.Entry(right, i, j)))
    want(not {i, j} & (free(left) | free(right)) and same(t.says, Every(i, ONE, m, inner)), "not of every entry")
    return [], Rel(left, "=", right)


# -- signs -----------------------------------------------------------------------------------------


@rule()
def positive(goal: Rel, facts: tuple[Theorem, ...], shape: Positive, known: tuple[Theorem, ...] = ()) -> Said:
    """a ≥ b where a − b is N(f)/D(f), with N and D of nonnegative coefficients in quantities f that are not negative.

    The facts say f = left − right ≥ 0 or > 0, whichever way they are written. D has a term in positive f only, and for
    a > b or a ≠ b so has N; for a ≠ b N may be negative instead.

    Proof. The normal forms give a − b = N(f)/D(f), its denominators not being 0. A monomial in quantities that are not
    negative is not negative, and is positive where they all are; so N(f) ≥ 0 and D(f) > 0, and where N has a positive
    term N(f) > 0. The quotient has the sign of N(f).
    """
    want(goal.op in "≤<≥>≠" and goal.left.is_scalar, "an inequality of scalars")
    want(type(shape) is Positive and shape.sign in ((1, -1) if goal.op == "≠" else (1,)), "a certificate of its sign")
    for p in (goal, *(t.says for t in facts)):
        defined(p, known)
    strict = []
    quantities = []
    for t in facts:
        r = relation(t, "≤<≥>")
        quantities.append(r.left - r.right if r.op in "≥>" else r.right - r.left)
        strict.append(r.op in "<>")
    gap = goal.left - goal.right if goal.op in "≥>≠" else goal.right - goal.left
    try:
        fractions = Fractions([gap, *quantities], facts_of(known))
    except Undecided as why:
        raise Refused(f"{goal}: {why}") from why
    sure = shape.certain(strict, goal.op in "<>≠")
    want(sure, f"{goal}: a coefficient is negative, or no term is surely positive")
    want(compare(fractions, shape), f"{goal}: the certificate is of something else")
    return [], goal


@rule()
def square(e: Expr) -> Said:
    """x² ≥ 0 and ‖A‖² ≥ 0.

    Proof. The square of a real is not negative, and ‖A‖² is the sum of the squares of the entries.
    """
    return [], Rel(e**2 if e.is_scalar else E.SqNorm(e), "≥", ZERO)


@rule()
def root(t: Theorem) -> Said:
    """From x ≥ 0: √x ≥ 0; from x > 0: √x > 0.

    Proof. √x is the number that is not negative and has the square x. If it is 0, so is x.
    """
    r = relation(t, "≥>")
    want(same(r.right, ZERO), "compared with 0")
    return [], Rel(E.sqrt(r.left), r.op, ZERO)


@rule()
def magnitude(t: Theorem) -> Said:
    """From x ≥ 0: |x| = x; from x ≤ 0: |x| = −x.

    Proof. That is how |x| is defined; for x = 0 both agree.
    """
    r = relation(t, "≥≤")
    want(same(r.right, ZERO), "compared with 0")
    return [], Rel(E.Abs(r.left), "=", r.left if r.op == "≥" else E.neg(r.left))


@rule()
def power(t: Theorem, exponent: Expr) -> Said:
    """From x > 0: x^e > 0.

    Proof. x^e = exp(e log x) for x > 0, and exp is positive.
    """
    r = relation(t, ">")
    want(same(r.right, ZERO), "compared with 0")
    return [], Rel(E.Pow(r.left, exponent), ">", ZERO)


@rule()
def vanishing(t: Theorem) -> Said:
    """From ‖A‖² = 0: A = 0; from x² = 0: x = 0.

    Proof. ‖A‖² is the sum of the squares of the entries, none of which is negative. So each of them is at most the sum,
    hence 0, and its root is.
    """
    r = relation(t, "=≤")
    want(same(r.right, ZERO), "a square that is 0")
    left = r.left
    if isinstance(left, E.SqNorm):
        return [], Rel(left.arg, "=", zero(left.arg))
    want(isinstance(left, E.Pow) and left.exponent == Num(Fraction(2)) and left.is_scalar, "a square that is 0")
    return [], Rel(left.base, "=", ZERO)  # type: ignore[attr-defined]


# -- sums and extrema ------------------------------------------------------------------------------


@rule()
def terms(t: Theorem, filled: Theorem | None = None, without: tuple[Sym, ...] = ()) -> Said:
    """From ∀ lo ≤ i ≤ hi: a(i) ≤ b(i): Σ a ≤ Σ b; < where lo ≤ hi.

    From ∀ lo ≤ i ≤ hi: i ≠ j ⇒ a(i) ≤ b(i): Σ_{i ≠ j} a ≤ Σ_{i ≠ j} b; likewise with more left out.

    Proof. Where the range is empty, both sums are 0. Else the difference of the sums is the sum of the differences,
    none of them negative; it is positive if all of them are and there is one at least, and 0 if all of them are. Of the
    sums that leave indices out the same is said of the indices that are left.
    """
    says: Any = t.says
    want(isinstance(says, Every), "nothing is said of every index")
    var, lo, hi, r = says.var, says.lo, says.hi, says.body
    for w in without:
        want(w != var, f"{w} is the index of the sum")
        want(isinstance(r, Implies) and same(r.premise, Rel(var, "≠", w)), f"{w} is not left out")
        r = r.conclusion
    want(isinstance(r, Rel) and r.op in "=≤<≥>", "no relation of terms")
    op = r.op
    if op in "<>" and (filled is None or without):
        op = {"<": "≤", ">": "≥"}[op]
    elif op in "<>":
        want(fills(filled, lo, hi), "the range may be empty")
    return [], Rel(E.Sum(var, lo, hi, r.left, without), op, E.Sum(var, lo, hi, r.right, without))


def fills(t: Theorem | None, lo: Expr, hi: Expr) -> bool:
    """Whether a theorem says that there is an integer from lo to hi, which are integers."""
    index_of(lo), index_of(hi)
    return t is not None and same(t.says, Rel(lo, "≤", hi))


def opened(e: Expr) -> Expr:
    """Without the names of definitions, and of families that are defined."""
    while isinstance(e, E.Named) or (isinstance(e, E.Item) and e.family.define is not None):
        e = e.body if isinstance(e, E.Named) else by_definition(e)
    return e


@rule()
def member(e: Expr, index: Expr, least: Theorem, greatest: Theorem) -> Said:
    """max_i a(i) ≥ a(j) for lo ≤ j ≤ hi; min_i a(i) ≤ a(j).

    Proof. j is in the range, so that a(j) is one of the members. The largest of them is not smaller, the smallest not
    larger.
    """
    x: Any = opened(e)
    want(isinstance(x, E.Extremum), f"{e} is no maximum or minimum of members")
    index_of(index)
    want(same(least.says, Rel(x.lo, "≤", index)) and same(greatest.says, Rel(index, "≤", x.hi)), "not in the range")
    return [], Rel(e, "≥" if x.kind == "max" else "≤", substitute(x.body, {x.var: index}))


def alternatives(e: Expr) -> tuple[str, tuple[Expr, ...]]:
    """Whether it is a maximum or a minimum, and its terms; an extremum is the only term of its own."""
    x: Any = opened(e)
    want(isinstance(x, E.Pick | E.Extremum), f"{e} is no maximum or minimum")
    return x.kind, tuple(map(opened, x.terms)) if isinstance(x, E.Pick) else (x,)


@rule()
def picked(e: Expr, place: int, t: Theorem, filled: Theorem | None = None) -> Said:
    """From a ≥ c: max {a, b, …} ≥ c; from a ≤ c: min {a, b, …} ≤ c; a term that is an extremum is over some index.

    Proof. a is one of the terms that the extremum is taken of, or, where a is an extremum itself, is over some index
    and so not left out. So max {a, b, …} ≥ a ≥ c; for min the other way round.
    """
    kind, terms = alternatives(e)
    term, r = terms[place], relation(t, "=≤<≥>")
    want(same(r.left, term) and r.op in ("=≥>" if kind == "max" else "=≤<"), f"{r} says nothing of a {kind}")
    if isinstance(term, E.Extremum):
        want(fills(filled, term.lo, term.hi), "the term may be left out")
    op = ("≥" if kind == "max" else "≤") if r.op == "=" else r.op
    return [], Rel(e, op, r.right)


@rule()
def bounded(e: Expr, ts: tuple[Theorem, ...], filled: tuple[Theorem, ...] = ()) -> Said:
    """From a ≤ c, b ≤ c, …: max {a, b, …} ≤ c; likewise min and ≥. Of an extremum, from a(i) ≤ c for every i.

    Proof. An extremum among the terms of the same kind adds its members, none where its range is empty; there is some
    member at least. So the whole is one of a, b, … or of those members, and each of them keeps to the bound, which
    does not depend on the index. It does so strictly if all of them do.
    """
    kind, terms = alternatives(e)
    want(len(ts) == len(terms), "as many theorems as terms")
    relations: list[Rel] = []
    some = False
    for term, t in zip(terms, ts, strict=True):
        if isinstance(term, E.Extremum) and term.kind == kind:
            relations.append(of_members(t, term))
            some = some or any(fills(s, term.lo, term.hi) for s in filled)
        else:
            relations.append(relation(t, "≤<≥>"))
            want(not isinstance(term, E.Extremum) and same(relations[-1].left, term), f"{t.says} is not of {term}")
            some = True
    want(some, "all terms may be left out")
    ops = {r.op for r in relations}
    want(ops <= set("≤<" if kind == "max" else "≥>"), f"they say nothing of a {kind}")
    want(all(same(r.right, relations[0].right) for r in relations), "they compare with different things")
    weak = "≤" if kind == "max" else "≥"
    return [], Rel(e, ops.pop() if len(ops) == 1 else weak, relations[0].right)


def of_members(t: Theorem, x: E.Extremum) -> Rel:
    """The relation of every member of an extremum to what does not depend on the index."""
    says: Any = t.says
    want(isinstance(says, Every) and isinstance(says.body, Rel), "nothing is said of every index")
    want(same(E.Extremum(x.kind, says.var, says.lo, says.hi, says.body.left), x), f"{says} is not of {x}")
    want(says.var not in free(says.body.right), "the bound depends on the index")
    return says.body

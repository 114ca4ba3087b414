"""Mutants of a statement: every formula changed on purpose, and who notices.

A mutant changes one place of one printed formula, or one relation. It is *killed* by a witness that refutes it, that
no longer reaches the outcome it reaches on the true statement, or when it cannot even be built. A mutant with the
same normal form states the same thing and is *equivalent*, by proof. A mutant that still holds, such as an inequality
whose slack is nowhere smaller than the true one's, is *weaker*: it is noticed by the proof, whose last link no longer
yields it, or by instances at which the true statement is nearly tight. All others should be killed by every witness on
its own; those that are not *survive*.

Main results
    mutants     the mutants of a statement
    examine     what each witness says of each mutant of a claim
    score       the mutants of many claims, in parallel
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from functools import cached_property, lru_cache, partial
from itertools import groupby, pairwise
from random import Random
from typing import Any

from proofs.algebra import expr as E
from proofs.algebra import normal
from proofs.algebra.evaluate import Instance, Irrational, Undefined
from proofs.algebra.printing import text
from proofs.check import OutOfTime, time_limit
from proofs.claim import Claim, Context, Evidence, Ill, Outcome, Statement, Verdict, Witness, registry, seed_of, weigh
from proofs.hypotheses import SIZES, instances, value
from proofs.methods.chain import Chain, equations, pieces, samples
from proofs.methods.conjunction import All
from proofs.methods.signs import Signs

FATES = ("killed", "weaker", "equivalent", "survivor")
UNKNOWN = "unknown"
RANK = {outcome: rank for rank, outcome in enumerate(("fails", "undecided", "supported", "certified", "proved"))}
FLIPPED = {"≤": "≥", "≥": "≤", "<": ">", ">": "<", "⪰": "⪯", "⪯": "⪰"}
SIZE_NAMES = frozenset(SIZES[0])
HALF, ONE, TWO = (E.Num(Fraction(x)) for x in ("1/2", "1", "2"))
PORTION = 40  # mutants of a task
SECONDS = 3.0  # of a witness for a mutant
PATIENCE = 60.0  # of a witness for what is true
SHARP = 0.05  # relative slack of a sharp inequality
ROUNDING = 1e-12
SEEDS = 1  # from which a mutant that may be true is tried again

Relation = tuple[str, E.Expr, E.Expr]
Change = tuple[str, Callable[..., E.Expr], tuple[Any, ...]]  # what is changed, and how to build the outcome


# -- operators -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scope:
    """What an operator may put in another's place: the index symbols and the matrices of the statement."""

    indices: tuple[E.Sym, ...] = ()
    matrices: tuple[E.Expr, ...] = ()


def signs(e: E.Expr, scope: Scope) -> Iterator[Change]:
    """The sign of a term, its factor, the term itself."""
    if not isinstance(e, E.Add):
        return
    for place, term in enumerate(e.terms):
        before, after = e.terms[:place], e.terms[place + 1 :]
        yield f"sign of {text(term)}", E.Add, ((*before, E.neg(term), *after),)
        yield f"dropped term {text(term)}", joined, (E.Add, before + after)
        for factor in (TWO, HALF):
            yield f"factor {factor} of {text(term)}", E.Add, ((*before, E.mul(factor, term), *after),)


def factors(e: E.Expr, scope: Scope) -> Iterator[Change]:
    """A dropped factor, and neighbouring matrices in the other order."""
    if not isinstance(e, E.Mul):
        return
    for place, f in enumerate(e.factors):
        rest = e.factors[:place] + e.factors[place + 1 :]
        if rest and not isinstance(f, E.Num) and (f.is_scalar or conforms(rest, e.shape)):
            yield f"dropped factor {text(f)}", joined, (E.Mul, rest)
    for p, q in pairwise(place for place, f in enumerate(e.factors) if not f.is_scalar):
        swapped = list(e.factors)
        swapped[p], swapped[q] = e.factors[q], e.factors[p]
        yield f"swapped {text(e.factors[p])} and {text(e.factors[q])}", E.Mul, (tuple(swapped),)


def exponents(e: E.Expr, scope: Scope) -> Iterator[Change]:
    """Exponents ±1; σ² ↔ σ and λ ↔ √λ; the base of a power twice or half as large (1/n ↔ 1/2n)."""
    if isinstance(e, E.Pow) and isinstance(e.exponent, E.Num):
        p = e.exponent.value
        for other in (p + 1, p - 1, *((2 * p,) if p.denominator == 2 else ())):
            yield f"exponent {p} → {other} of {text(e.base)}", power, (e.base, other)
        if e.base.is_scalar and not isinstance(e.base, E.Fn | E.Num):
            for factor in (TWO, HALF):
                yield f"factor {factor} of {text(e.base)}", E.Pow, (E.mul(factor, e.base), e.exponent)
    elif isinstance(e, E.Item | E.Diag | E.Sym) and e != E.PI:
        yield f"exponent 1 → 2 of {text(e)}", E.Pow, (e, TWO)
        if not isinstance(e, E.Sym):
            yield f"exponent 1 → 1/2 of {text(e)}", E.Pow, (e, HALF)


def constants(e: E.Expr, scope: Scope) -> Iterator[Change]:
    """An integer ±1 (the sign −1 of a product is left to the signs); a size ±1."""
    if isinstance(e, E.Num) and e.value.denominator == 1 and e.value != -1:
        for step in (1, -1):
            yield f"constant {text(e)} → {e.value + step}", E.Num, (e.value + step,)
    if isinstance(e, E.Sym) and e.name in SIZE_NAMES:
        for step in (1, -1):
            yield f"{text(e)} → {text(e + step)}", E.add, (e, step)


def transposes(e: E.Expr, scope: Scope) -> Iterator[Change]:
    """A dropped transpose."""
    if isinstance(e, E.T):
        yield f"dropped transpose of {text(e.arg)}", E.lift, (e.arg,)


def letters(e: E.Expr, scope: Scope) -> Iterator[Change]:
    """Another matrix of the same shape in its place."""
    if isinstance(e, E.Letter | E.Named | E.Diag) and not e.is_scalar:
        for other in scope.matrices:
            if other != e and other.shape == e.shape:
                yield f"{text(e)} → {text(other)}", E.lift, (other,)


def orders(e: E.Expr, scope: Scope) -> Iterator[Change]:
    """The order of a derivative or of a Taylor coefficient ±1; an index that is no longer left out."""
    if isinstance(e, E.Coeff | E.Diff):
        for order in (e.order + 1, e.order - 1):
            if order >= isinstance(e, E.Diff):
                yield f"order {e.order} → {order}", partial(replace, e, order=order), ()
    if isinstance(e, E.Sum):
        for skipped in e.without:
            rest = tuple(w for w in e.without if w != skipped)
            yield f"index {skipped} no longer left out", partial(replace, e, without=rest), ()


def angles(e: E.Expr, scope: Scope) -> Iterator[Change]:
    """cos ↔ sin, and twice the angle."""
    if isinstance(e, E.Fn):
        other = "sin" if e.name == "cos" else "cos"
        yield f"{e.name} → {other}", E.Fn, (other, e.arg)
        yield f"factor 2 of {text(e.arg)}", E.Fn, (e.name, E.mul(TWO, e.arg))


def shifts(e: E.Expr, scope: Scope) -> Iterator[Change]:
    """An index or a limit ±1, and i ↔ j."""
    for step in (1, -1):
        moved = E.Num(e.value + step) if isinstance(e, E.Num) else E.add(e, step)
        yield f"index {text(e)} → {text(moved)}", E.lift, (moved,)
    for s in e.walk():
        for other in scope.indices if isinstance(s, E.Sym) and s in scope.indices else ():
            if other != s:
                yield f"index {text(s)} → {text(other)}", E.substitute, (e, {s: other})


def joined(node: type[E.Add] | type[E.Mul], parts: tuple[E.Expr, ...]) -> E.Expr:
    """A sum or product of what is left; of one, that one itself."""
    return parts[0] if len(parts) == 1 else node(parts)


def power(base: E.Expr, exponent: Fraction) -> E.Expr:
    return base if exponent == 1 else E.Pow(base, E.Num(exponent))


def conforms(parts: Sequence[E.Expr], shape: E.Shape) -> bool:
    try:
        return E.mul(*parts).shape == shape
    except E.ShapeError:
        return False


Operators = tuple[Callable[[E.Expr, Scope], Iterator[Change]], ...]
OPERATORS: Operators = (signs, factors, exponents, constants, transposes, letters, orders, angles)
ON_ANGLES: Operators = (signs, constants)
ON_INDICES: Operators = (shifts,)
INDEX_FIELDS: dict[type, tuple[str, ...]] = {
    E.Item: ("index",),
    E.Basis: ("i",),
    E.Proj: ("b",),
    E.Entry: ("i", "j"),
    E.Sum: ("lo", "hi"),
    E.Extremum: ("lo", "hi"),
}


def changes(e: E.Expr, scope: Scope, operators: Operators = OPERATORS) -> Iterator[tuple[str, E.Expr | E.ShapeError]]:
    """Every expression that differs from ``e`` in one place, or why it does not conform; definitions are left alone."""
    yield from own_changes(e, scope, operators)
    if isinstance(e, E.Named) or operators == ON_INDICES:
        return
    children = e.children()
    indices = [getattr(e, f) for f in INDEX_FIELDS.get(type(e), ())]
    bound = (e.var,) if isinstance(e, E.Sum | E.Extremum) else ()
    inner = replace(scope, indices=tuple(dict.fromkeys((*scope.indices, *bound))))
    outer = replace(scope, indices=tuple(s for s in scope.indices if s not in bound))
    for place, child in enumerate(children):
        if isinstance(e, E.Pow) and isinstance(child, E.Num) and child is e.exponent:
            continue
        is_index = any(child is i for i in indices)
        below = ON_INDICES if is_index else ON_ANGLES if isinstance(e, E.Fn) else operators
        for name, changed in changes(child, outer if is_index else inner, below):
            if isinstance(changed, E.Expr):
                changed = built(e.rebuild, (*children[:place], changed, *children[place + 1 :]))
            yield name, changed


def own_changes(e: E.Expr, scope: Scope, operators: Operators) -> Iterator[tuple[str, E.Expr | E.ShapeError]]:
    """What the operators make of a node itself."""
    for operator in operators:
        for name, make, arguments in operator(e, scope):
            yield name, built(make, *arguments)


def built(make: Callable[..., E.Expr], *arguments: Any) -> E.Expr | E.ShapeError:
    """The changed expression, or why it does not conform."""
    try:
        return make(*arguments)
    except E.ShapeError as problem:
        return problem


def whole(e: E.Expr) -> Iterator[tuple[str, E.Expr]]:
    """The sign and the scale of a whole member; a sum carries them in its terms."""
    yield f"sign of {text(e)}", E.neg(e)
    for factor in (TWO, HALF):
        yield f"factor {factor} of {text(e)}", E.mul(factor, e)


# -- mutants ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mutant:
    """A statement with one change; ``statement`` is None where the change does not conform.

    Attributes
    ----------
    mutation
        What was changed, as printed, and in which member of the statement.
    original
        The statement that was changed: for a conjunction, its member.
    problem
        Why it does not conform.
    """

    mutation: str
    original: Any
    statement: Any | None
    problem: str = ""


def scope_of(parts: Sequence[E.Expr]) -> Scope:
    """The index symbols and the matrices that the parts print."""
    indices: dict[E.Sym, None] = {}
    matrices: dict[E.Expr, None] = {}

    def visit(e: E.Expr) -> None:
        for name in INDEX_FIELDS.get(type(e), ()):
            indices.update({s: None for s in getattr(e, name).walk() if isinstance(s, E.Sym)})
        if isinstance(e, E.Letter | E.Named | E.Diag) and not e.is_scalar:
            matrices[e] = None
        if not isinstance(e, E.Named):
            bound = {e.var} if isinstance(e, E.Sum | E.Extremum) else set()
            for child in e.children():
                visit(child)
            for s in bound:
                indices.pop(s, None)

    for p in parts:
        visit(p)
    return Scope(tuple(s for s in indices if s.name not in SIZE_NAMES), tuple(matrices))


def mutants(statement: Statement) -> Iterator[Mutant]:
    """The mutants of a statement, in printed order.

    Examples
    --------
    >>> from proofs.algebra.expr import Family, Sym
    >>> from proofs.methods.chain import eq
    >>> σ, α = Family("σ"), Sym("α")
    >>> for mutant in list(mutants(eq(2 * σ[1], α)))[:4]:
    ...     print(mutant.mutation, "|", mutant.statement.text())
    sign of 2σ_1, member 1 | −2σ_1 = α
    factor 2 of 2σ_1, member 1 | 2·2 σ_1 = α
    factor 1/2 of 2σ_1, member 1 | 1/2·2 σ_1 = α
    dropped factor σ_1, member 1 | 2 = α
    """
    members = simple_statements(statement)
    for part, holders in formulas(members):
        original = members[holders[0]] if len(holders) == 1 else All(tuple(members[h] for h in holders))
        place = next(place for place, p in enumerate(members[holders[0]].parts, 1) if p is part)
        of = f" of statement {' and '.join(str(h + 1) for h in holders)}" if len(members) > 1 else ""
        where = f", member {place}{of}"
        seen = {part}
        for name, changed in (*whole(part), *changes(part, scope_of(original.parts))):
            if isinstance(changed, E.ShapeError):
                yield Mutant(name + where, original, None, str(changed))
            elif changed not in seen:
                seen.add(changed)
                yield with_part(original, name + where, part, changed)
    for number, member in enumerate(members, 1):
        yield from turned(member, f" of statement {number}" if len(members) > 1 else "")


def simple_statements(statement: Any) -> list[Any]:
    """The members of a conjunction, or the statement itself."""
    members = getattr(statement, "members", None)
    return [statement] if members is None else [s for member in members for s in simple_statements(member)]


def formulas(members: Sequence[Any]) -> list[tuple[E.Expr, list[int]]]:
    """The formulas in printed order, each with the members that hold it: one that is shared is changed everywhere."""
    holders: dict[int, tuple[E.Expr, list[int]]] = {}
    for number, member in enumerate(members):
        for part in member.parts:
            _, found = holders.setdefault(id(part), (part, []))
            if number not in found:
                found.append(number)
    return list(holders.values())


def with_part(statement: Any, name: str, part: E.Expr, changed: E.Expr) -> Mutant:
    """The statement with another formula in the place of one."""
    try:
        return Mutant(name, statement, statement.with_parts([changed if p is part else p for p in statement.parts]))
    except (E.ShapeError, Ill) as problem:
        return Mutant(name, statement, None, str(problem))


def turned(statement: Any, where: str) -> Iterator[Mutant]:
    """The direction of an inequality."""
    relations = tuple(getattr(statement, "relations", ()))
    for place, relation in enumerate(relations):
        if relation in FLIPPED:
            other = FLIPPED[relation]
            new = (*relations[:place], other, *relations[place + 1 :])
            name = f"{relation} → {other}, relation {place + 1}{where}"
            yield Mutant(name, statement, statement.with_relations(new))


# -- the same statement ----------------------------------------------------------------------------


def relations_of(statement: Any) -> list[Relation]:
    """The relations a statement is made of: the links of a chain, the facts of an implication, or its ``meaning``."""
    if hasattr(statement, "members"):
        return [relation for member in statement.members for relation in relations_of(member)]
    if hasattr(statement, "meaning"):
        return list(statement.meaning)
    if hasattr(statement, "facts"):
        return [(f.op, f.left, f.right) for f in statement.facts]
    relations = tuple(getattr(statement, "relations", ()))
    if len(statement.parts) == len(relations) + 1:
        return list(zip(relations, statement.parts, statement.parts[1:], strict=False))
    return []


def equivalent(original: Any, mutant: Any, context: Context) -> bool:
    """Whether the mutant provably states the same: equal parts under the hypotheses, or multiples of its relations."""
    before, after = relations_of(original), relations_of(mutant)
    if before:
        return all(same_relation(a, b, context) for a, b in zip(before, after, strict=True))
    return all(same(a, b, context) for a, b in zip(original.parts, mutant.parts, strict=True))


def same(a: E.Expr, b: E.Expr, context: Context) -> bool:
    """Equal normal forms under the equations among the hypotheses."""
    known = dict(equations(context))
    return a == b or equal(a, b) or (bool(known) and equal(E.substitute(a, known), E.substitute(b, known)))


def equal(a: E.Expr, b: E.Expr) -> bool:
    """Equal normal forms; of nodes that have none, equal children, what products share left out."""
    try:
        return normal.equal(a, b)
    except normal.Undecided:
        pass
    if type(a) is not type(b):
        return False
    if isinstance(a, E.Mul) and isinstance(b, E.Mul) and a.is_scalar and (set(a.factors) & set(b.factors)) - {ONE}:
        common = Counter(a.factors) & Counter(b.factors)
        return equal(*(E.mul(1, *(Counter(e.factors) - common).elements()) for e in (a, b)))
    pairs = list(zip(a.children(), b.children(), strict=False))
    alike = len(pairs) == len(a.children()) == len(b.children()) > 0 and a.rebuild(b.children()) == b
    return alike and all(c == d or equal(c, d) for c, d in pairs)


def same_relation(a: Relation, b: Relation, context: Context) -> bool:
    """Whether two relations say the same: equal sides, or differences that are a known multiple of each other."""
    if a[0] != b[0]:
        return False
    if same(a[1], b[1], context) and same(a[2], b[2], context):
        return True
    before, after = a[1] - a[2], b[1] - b[2]
    if equal(before, 0 * before):  # an identity has no other multiple
        return False
    signs = Signs(context.given)
    allowed = signs.nonzero if a[0] in "=≠" else signs.positive
    scale = ratio(before, after)
    if scale and (scale > 0 or a[0] in "=≠") and same(after, E.mul(E.Num(scale), before), context):
        return True
    scalars = {x for x in (*before.walk(), *after.walk()) if isinstance(x, E.Sym | E.Item) and allowed(x)}
    powers = (E.Pow(x, E.Num(p)) for x in scalars for p in map(Fraction, ("1", "-1", "1/2", "-1/2")))
    return any(same(after, E.mul(p, before), context) for p in powers)


def ratio(a: E.Expr, b: E.Expr) -> Fraction:
    """The ratio of one coefficient of b to that of a; 0 where they share no term."""
    try:
        before, after = normal.normal_form(a).terms, normal.normal_form(b).terms
    except normal.Undecided:
        return Fraction(0)
    return next((Fraction(after[key] / c) for key, c in before.items() if key in after), Fraction(0))


def meaning(mutant: Mutant) -> Any:
    """What mutants of one statement that differ only in writing have in common: the normal forms of what changed."""
    if mutant.statement is None:
        return mutant.mutation
    pairs = enumerate(zip(mutant.original.parts, mutant.statement.parts, strict=True))
    changed = ((place, content(b)) for place, (a, b) in pairs if a is not b)
    return id(mutant.original), getattr(mutant.statement, "relations", ()), frozenset(changed)


def content(e: E.Expr) -> Any:
    try:
        return frozenset(normal.normal_form(e).terms.items())
    except normal.Undecided:
        return e


# -- what the witnesses say ------------------------------------------------------------------------


@dataclass(frozen=True)
class Finding:
    """What became of a mutant.

    Attributes
    ----------
    fate
        ``killed`` by two witnesses or more while none says that it holds, ``equivalent``, ``weaker`` or ``survivor``.
    caught_by
        The names of the witnesses that noticed.
    missed
        What the others said.
    """

    id: str
    mutation: str
    statement: str
    fate: str
    caught_by: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()


def observe(witness: Witness, statement: Any, context: Context, seconds: float) -> tuple[str, str]:
    """The witness's outcome and a remark; ``unknown`` when it did not end in time or broke down."""
    hurried = replace(context, deadline=time.monotonic() + seconds)
    try:
        with time_limit(2 * seconds):
            evidence = witness(statement, hurried)
    except OutOfTime:
        return UNKNOWN, f"no answer in {2 * seconds:g} s"
    except (E.ShapeError, Ill, Undefined) as problem:
        return Outcome.FAILS.value, str(problem)
    except Exception as problem:  # a mutant may be nonsense: the witness neither refutes nor confirms it
        return UNKNOWN, f"{type(problem).__name__}: {problem}"
    if evidence.outcome == Outcome.UNDECIDED and hurried.expired:
        return UNKNOWN, evidence.detail
    return evidence.outcome.value, evidence.scope or evidence.detail


def in_time(question: Callable[..., bool], *arguments: Any) -> bool:
    """The answer to a question about a mutant; no, where it takes too long."""
    try:
        with time_limit(2 * SECONDS):
            return question(*arguments)
    except OutOfTime:
        return False


def notices(before: str, after: str) -> bool:
    """Whether an outcome on the mutant tells it from the true statement.

    Examples
    --------
    >>> notices("proved", "undecided"), notices("supported", "certified"), notices("certified", "unknown")
    (True, False, False)
    """
    if UNKNOWN in (before, after):
        return after == "fails"
    return after == "fails" or (RANK[after] < RANK[before] and (before == "proved" or after == "undecided"))


def without_value(original: Any, mutant: Any, context: Context) -> bool:
    """Whether the mutant has no value at an instance of the hypotheses where the true statement has one."""
    for at in instances(original.parts, context, getattr(original, "plan", None)):
        try:
            for part in mutant.parts:
                value(part, at)
        except Irrational:
            continue
        except Undefined:
            return True
    return False


def blunt(original: Any, mutant: Any, context: Context) -> bool:
    """Whether an inequality that is nearly an equality somewhere, for some number of latents, no longer is anywhere."""
    both = zip(pieces(original), pieces(mutant), strict=False) if isinstance(original, Chain) else [(original, mutant)]
    return any(blunter(a, b, context) for a, b in both)


def blunter(original: Any, mutant: Any, context: Context) -> bool:
    """As :func:`blunt`, for one piece of a chain."""
    before, after = relations_of(original), relations_of(mutant)
    changed = [(a, b) for a, b in zip(before, after, strict=False) if a != b and a[0] == b[0] and a[0] in "≤≥<>"]
    least: dict[tuple[int, int], list[float]] = {}  # for each link and number of latents: the two smallest slacks
    for at in samples(original, context, mutant.parts) if changed else ():
        for link, (a, b) in enumerate(changed):
            here = least.setdefault((link, at["k"]), [1.0, 1.0])
            here[:] = min(here[0], slack(a, at)), min(here[1], slack(b, at))
    return any(x <= SHARP < y for x, y in least.values())


def still_true(original: Any, mutant: Any, witnesses: Sequence[Witness], context: Context) -> bool:
    """Whether the mutant seems to hold as well: that a witness misses it is then no fault.

    An inequality does where its slack is nowhere smaller than the true one's; another statement that is more than
    equalities, where the witnesses that missed it find no counterexample from other seeds either.
    """
    kinds = {kind for kind, _, _ in relations_of(mutant)}
    if kinds == {"="} and not hasattr(mutant, "premises"):
        return False
    if kinds & set(FLIPPED) and looser(original, mutant, context):
        return True
    fresh = (reseeded(context, more) for more in range(1, 1 + SEEDS))
    return all(observe(w, mutant, c, SECONDS)[0] != "fails" for c in fresh for w in witnesses)


def reseeded(context: Context, more: int) -> Context:
    """The context with another seed, the same one for all mutants of a claim."""
    kept: dict[Any, Any] = {} if context.drawn is None else context.drawn
    return kept.setdefault(("seed", more), replace(context, seed=context.seed + more, drawn={}))


def looser(original: Any, mutant: Any, context: Context) -> bool:
    """Whether no link of the mutant has less slack than the original's, at every instance."""
    before, after = relations_of(original), relations_of(mutant)
    if [r for r, _, _ in before] != [r for r, _, _ in after]:
        return False
    changed = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    if any(not side.is_scalar for a, _ in changed for side in a[1:]):
        return False
    found = list(instances((*original.parts, *mutant.parts), context, getattr(original, "plan", None)))
    return bool(found) and all(slack(b, at) >= slack(a, at) - ROUNDING for at in found for a, b in changed)


def slack(relation: Relation, at: Instance) -> float:
    """By how much an inequality holds, relative to the larger side; an equality by minus its error."""
    kind, left, right = relation
    a, b = float(value(left, at)), float(value(right, at))
    gap = (b - a) / (max(abs(a), abs(b)) or 1.0)
    return -abs(gap) if kind == "=" else gap if kind in "≤<" else -gap


def name_of(witness: Witness) -> str:
    return getattr(witness, "__name__", type(witness).__name__).replace("_", " ")


class Examiner:
    """The witnesses of a claim, with their outcomes on what it states."""

    def __init__(self, claim: Claim):
        self.claim = claim
        self.context = Context(claim.given, seed_of(claim.id), shrink=False, drawn={})
        self.before: dict[tuple[int, str], tuple[Any, str]] = {}

    @cached_property
    def mutants(self) -> dict[int, Mutant]:
        """The claim's mutants by number, each kind of writing once."""
        first: dict[Any, tuple[int, Mutant]] = {}
        for number, mutant in enumerate(mutants(self.claim.statement)):
            first.setdefault(meaning(mutant), (number, mutant))
        return dict(first.values())

    @property
    def holds(self) -> bool:
        """Whether no member is refuted or open: only then is there something to notice."""
        try:
            return all(self.holds_of(s) for s in simple_statements(self.claim.statement))
        except (E.ShapeError, Ill):
            return False

    def holds_of(self, statement: Any) -> bool:
        said = (self.outcome(statement, witness) for witness in statement.witnesses[:2])
        evidence = [Evidence("", Outcome(o)) for o in said if o != UNKNOWN]
        return weigh(evidence)[0] not in (Verdict.REFUTED, Verdict.OPEN)

    def outcome(self, statement: Any, witness: Witness) -> str:
        """What a witness says of a true statement; asked once."""
        key = id(statement), name_of(witness)
        if key not in self.before:
            self.before[key] = statement, observe(witness, statement, self.context, PATIENCE)[0]
        return self.before[key][1]

    def judge(self, mutant: Mutant) -> Finding:
        """The fate of one mutant."""
        found = partial(Finding, self.claim.id, mutant.mutation)
        original, changed = mutant.original, mutant.statement
        names = [name_of(w) for w in simple_statements(original)[0].witnesses]
        if changed is None:
            return found(mutant.problem, "killed", tuple(names))
        shown = changed.text()
        refuted = False
        caught: list[str] = []
        abstained: list[str] = []
        missed: dict[Witness, str] = {}
        for name, witness in zip(names, original.witnesses, strict=False):
            if len(caught) > 1 and not missed:
                break  # two witnesses are enough; a third is asked where one of them missed or abstained
            before = self.outcome(original, witness)
            after, remark = observe(witness, changed, self.context, SECONDS)
            refuted = refuted or after == "fails"
            rests_on_instances = after in ("supported", "certified")
            if notices(before, after) or (rests_on_instances and self.differs(original, changed)):
                caught.append(name)
            elif after == UNKNOWN or before in (UNKNOWN, "undecided"):
                abstained.append(f"{name}: {after} ({remark})")
            else:
                missed[witness] = f"{name}: {after} ({remark})"
        if not refuted and equivalent(original, changed, self.context):
            return found(shown, "equivalent")
        fate = "survivor" if missed or len(caught) < 2 else "killed"
        if missed and caught and in_time(still_true, original, changed, list(missed), self.context):
            fate = "weaker"
        return found(shown, fate, tuple(caught), (*missed.values(), *abstained))

    def differs(self, original: Any, changed: Any) -> bool:
        """Whether instances tell the mutant from the true statement although it holds where it has a value."""
        return in_time(without_value, original, changed, self.context) or in_time(
            blunt, original, changed, self.context
        )


def examine(claim: Claim) -> list[Finding]:
    """What each witness says of each mutant of a claim; nothing if the claim does not hold."""
    examiner = Examiner(claim)
    return [examiner.judge(m) for m in examiner.mutants.values()] if examiner.holds else []


# -- all claims ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Score:
    """The findings of a run."""

    findings: tuple[Finding, ...]
    seconds: float = 0.0

    def of(self, fate: str) -> list[Finding]:
        return [f for f in self.findings if f.fate == fate]

    @property
    def unnoticed(self) -> list[Finding]:
        """Mutants that no witness noticed and that are not known to be weaker."""
        return [f for f in self.of("survivor") if not f.caught_by]

    @property
    def only(self) -> dict[str, int]:
        """How many mutants were caught by some witnesses and missed by others, by the names of the former."""
        return dict(Counter(", ".join(f.caught_by) for f in self.findings if f.missed and f.caught_by))

    @property
    def by_claim(self) -> dict[str, dict[str, int]]:
        """Counts per claim and fate."""
        table: dict[str, dict[str, int]] = {}
        for f in self.findings:
            table.setdefault(f.id, dict.fromkeys(FATES, 0))[f.fate] += 1
        return table

    def record(self) -> dict[str, Any]:
        """The machine-readable form."""
        return {
            "mutants": len(self.findings),
            "killed": len(self.of("killed")),
            "equivalent": len(self.of("equivalent")),
            "survivors": [asdict(f) for f in self.of("survivor")],
            "unnoticed": len(self.unnoticed),
            "weaker": [asdict(f) for f in self.of("weaker")],
            "caught_by_one_only": self.only,
            "claims": self.by_claim,
            "seconds": round(self.seconds, 1),
        }


Task = tuple[str, tuple[int, ...]]  # a claim's id, and the numbers of some of its mutants


def tasks(claims: Sequence[Claim], sample: int | None = None, seed: int = 0) -> list[Task]:
    """The mutants of the claims in portions; of ``sample`` of them, drawn with a seed, if that is given."""
    places = []
    for claim in claims:
        try:
            places += [(claim.id, number) for number, _ in enumerate(mutants(claim.statement))]
        except (E.ShapeError, Ill):
            continue
    if sample is not None:
        places = sorted(Random(seed).sample(places, min(sample, len(places))))
    found = []
    for id, group in groupby(places, key=lambda place: place[0]):
        numbers = tuple(number for _, number in group)
        count = -(-len(numbers) // PORTION)
        found += [(id, numbers[first::count]) for first in range(count)]
    return found


def score(
    work: Sequence[Task], jobs: int = -1, progress: Callable[[Iterator[Any], int], Iterator[Any]] | None = None
) -> Score:
    """Examine the mutants of the tasks in parallel; ``progress`` wraps the results as they come."""
    from joblib import Parallel, delayed

    start = time.monotonic()
    pool = Parallel(n_jobs=jobs, return_as="generator_unordered", batch_size=1)
    results = pool(delayed(examine_some)(*task) for task in work)
    found = dict(progress(results, len(work)) if progress else results)
    return Score(tuple(f for task in work for f in found[task]), time.monotonic() - start)


def examine_some(id: str, numbers: tuple[int, ...]) -> tuple[Task, list[Finding]]:
    """What a worker process runs: claims do not travel, their ids do."""
    examiner = examiner_of(id)
    if not examiner.holds:
        return (id, numbers), []
    chosen = (examiner.mutants[number] for number in numbers if number in examiner.mutants)
    return (id, numbers), [examiner.judge(m) for m in chosen]


@lru_cache(maxsize=4)
def examiner_of(id: str) -> Examiner:
    """The examiner of a claim, kept while its portions come one after the other."""
    return Examiner(registry((id.split("/")[0],))[id])

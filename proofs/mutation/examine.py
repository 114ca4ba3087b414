"""Who notices a mutant: what each witness says of it, against what it says of the true statement.

A mutant is *killed* by a witness that refutes it, that no longer reaches the outcome it reaches on the true statement,
or when it cannot even be built; a witness that samples may draw again from other seeds. A mutant with the same normal
form states the same thing and is *equivalent*, by proof. A mutant that still holds as far as sampling can tell, such as
an inequality whose slack is nowhere smaller than the true one's, is *weaker*: it is noticed by the proof, whose last
link no longer yields it, or by instances at which the true statement is tight, or it follows from what is true, or a
theorem says it, as many neighbours of an inequality, or of what has quantifiers and premises, are true. All others
should be killed by every witness on its own; those that are not *survive*.

Main results
    examine       what each witness says of each mutant of a claim
    equivalent    whether a mutant provably states the same
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property, partial
from itertools import islice, pairwise, permutations
from typing import Any
from zlib import crc32

import numpy as np

from proofs.algebra.evaluate import Instance, Irrational, Undefined
from proofs.check import OutOfTime, time_limit
from proofs.claim import Claim, Context, Evidence, Ill, Outcome, Verdict, Witness, seed_of, weigh
from proofs.hypotheses import Plan, instances, value
from proofs.kernel import expressions as E
from proofs.kernel import meaning, rules
from proofs.kernel.binding import Captured, free, substitute
from proofs.kernel.propositions import Every, Exists, ForAll, Rel
from proofs.kernel.tensor import Facts, Undecided
from proofs.methods.chain import Chain, costly, pieces, samples
from proofs.mutation.statements import (
    HALF,
    ONE,
    TWO,
    Mutant,
    Relation,
    mutants,
    relations_of,
    simple_statements,
    unknown,
)
from proofs.tactics.equality import equations
from proofs.tactics.ground import Ground
from proofs.tactics.prove import NotFound
from proofs.tactics.vanishing import residual

UNKNOWN = "unknown"
RANK = {
    outcome: rank for rank, outcome in enumerate(("fails", "undecided", "supported", "argued", "certified", "proved"))
}
RATE = 1e7
"""Operations a second: budgets are counted in operations, the time limit is what stops a search that has none."""
SECONDS = 12.0  # of a witness for a mutant: an instance is charged for its costliest member
PATIENCE = 60.0  # of a witness for what is true
SHARP = 0.05  # relative slack of a sharp inequality
EQUALITY = 1e-9  # relative slack of what is no equality
ROUNDING = 1e-12
FEW = 6  # instances
PUT_TO_PROVER = 8
"""Of so many mutants that a sampler refutes the prover is asked about one: what is false must have no theorem."""
SEEDS = 2  # more, from which a witness that samples is asked again before it has missed a mutant


# -- the same statement ----------------------------------------------------------------------------


def equivalent(original: Any, mutant: Any, context: Context) -> bool:
    """Whether the mutant provably states the same: equal parts under the hypotheses, or multiples of its relations."""
    if frame(original) != frame(mutant):
        return False
    before, after = relations_of(original), relations_of(mutant)
    if any(same_relations(scaled, after, context) for scaled in rescaled(original)):
        return True
    if before:
        same_said = same_relations(before, after, context)
        return same_said or any(same_relations(turned, after, context) for turned in turned_round(before, context))
    return all(same(a, b, context) for a, b in zip(original.parts, mutant.parts, strict=True))


def framed(statement: Any) -> bool:
    """Whether it is a proposition with connectives and quantifiers."""
    return hasattr(statement, "variants")


def frame(statement: Any) -> Any:
    """The connectives and quantifiers of a proposition, without what it speaks of."""
    if not framed(statement):
        return None
    return statement.with_parts(
        [E.Letter(f"°{n}", *p.shape) if p.shape else E.Sym(f"°{n}") for n, p in enumerate(statement.parts)]
    )


def arbitrary(said: Sequence[Relation], context: Context) -> list[E.Letter]:
    """The matrices of some relations of which nothing is given: what is said is said of every one."""
    given = frozenset().union(*map(free, context.supposed))
    spoken = frozenset().union(*(free(x) for r in said for x in r[1:]))
    return [x for x in spoken - given if isinstance(x, E.Letter) and not x.traits and x.noise is None]


def turned_round(said: Sequence[Relation], context: Context) -> Iterator[list[Relation]]:
    """Relations with −A, 2A, A/2 or Aᵀ for a letter of which nothing is given: of every A they say the same."""
    for x in arbitrary(said, context):
        others = [c * x for c in (E.lift(-1), TWO, HALF)] + ([x.T] if x.shape[0] == x.shape[1] else [])
        yield from (put for other in others for put in put_for(x, other, said))


def special_cases(said: Sequence[Relation], context: Context) -> Iterator[list[Relation]]:
    """Relations with 0 or another matrix that they speak of for a letter of which nothing is given."""
    matrices = {y for r in said for side in r[1:] for y in side.walk() if isinstance(y, E.Letter | E.Named | E.Diag)}
    for x in arbitrary(said, context):
        others = [y for y in matrices if y != x and y.shape == x.shape]
        yield from (put for other in (0 * x, *others) for put in put_for(x, other, said))


def put_for(x: E.Letter, other: E.Expr, said: Sequence[Relation]) -> Iterator[list[Relation]]:
    with suppress(Captured):
        yield [(op, substitute(a, {x: other}), substitute(b, {x: other})) for op, a, b in said]


def same_relations(a: Sequence[Relation], b: Sequence[Relation], context: Context) -> bool:
    return all(same_relation(x, y, context) for x, y in zip(a, b, strict=True))


def rescaled(statement: Any) -> Iterator[list[Relation]]:
    """The relations of a proposition with a multiple of a letter in its place, of which it says that some value, or
    every value, does: of which the multiple is one as well.
    """
    bound = (x.var for x in statement.proposition.walk() if isinstance(x, Exists | ForAll)) if framed(statement) else ()
    for x in (x for x in bound if isinstance(x, E.Letter) and not x.traits):
        for c in (E.lift(-1), TWO, HALF):
            yield [(op, substitute(a, {x: c * x}), substitute(b, {x: c * x})) for op, a, b in relations_of(statement)]


def same(a: E.Expr, b: E.Expr, context: Context) -> bool:
    """Equal under the hypotheses: their equations, and what they say of indices."""
    if a == b:
        return True
    ground = context.ground()
    if differ(a, b, context):
        return False
    return equal(a, b, ground) or equal(replaced(a, ground), replaced(b, ground), ground)


def replaced(e: E.Expr, ground: Ground) -> E.Expr:
    """With the equations that are given used from left to right, under roots and in sums too."""
    known = {r.left: r.right for r in (t.says for t in equations(ground)) if isinstance(r, Rel)}
    with suppress(Captured):  # an equation of sizes
        return cancelled(at_members(substitute(e, known), ground), inverses(ground))
    return e


def at_members(e: E.Expr, ground: Ground) -> E.Expr:
    """With the equations that are given of every index of a range used at those of which it speaks."""
    said = [t.says for t in ground.known if isinstance(t.says, Every) and isinstance(t.says.body, Rel)]
    known = [p for p in said if p.body.op == "=" and p.body.left.is_scalar]
    if not known or not e.children() or isinstance(e, E.Named):
        return e
    if isinstance(e, E.Sum | E.Extremum):
        var, inside = ground.generic(e.var, e.lo, e.hi)
        return replace(e, var=var, body=at_members(substitute(e.body, {e.var: var}), inside))
    made = e.rebuild([at_members(c, ground) for c in e.children()])
    spoken = {x.index for x in made.walk() if isinstance(x, E.Item)}
    return next((other for p in known for at in spoken if (other := at_member(made, p, at, ground)) is not None), made)


def at_member(e: E.Expr, p: Every, index: E.Expr, ground: Ground) -> E.Expr | None:
    """The right side at an index of the range for the left side; of what is its own square any power is too."""
    left, right = (substitute(side, {p.var: index}) for side in p.body.children())
    powers = isinstance(e, E.Pow) and isinstance(e.exponent, E.Num) and e.exponent.value > 0 and e.base == right
    if e != left and not (powers and left == right**2):
        return None
    return right if ground.orders(p.lo, "≤", index) and ground.orders(index, "≤", p.hi) else None


def inverses(ground: Ground) -> frozenset[tuple[E.Expr, ...]]:
    """The square matrices whose product is given to be I, in either order: a left inverse is a right inverse too."""
    said = [t.says for t in ground.known if isinstance(t.says, Rel) and isinstance(t.says.right, E.Eye)]
    pairs = [r.left.factors for r in said if r.op == "=" and isinstance(r.left, E.Mul) and len(r.left.factors) == 2]
    square = [(a, b) for a, b in pairs if a.shape == b.shape and a.shape[0] == a.shape[1]]
    return frozenset(pair for a, b in square for pair in ((a, b), (b, a)))


def cancelled(e: E.Expr, pairs: frozenset[tuple[E.Expr, ...]]) -> E.Expr:
    """Without neighbours in products that are inverse to each other."""
    if not pairs or not e.children() or isinstance(e, E.Named):
        return e
    made = e.rebuild([cancelled(c, pairs) for c in e.children()])
    factors = made.factors if isinstance(made, E.Mul) else ()
    place = next((place for place, pair in enumerate(pairwise(factors)) if pair in pairs), None)
    if place is None:
        return made
    rest = factors[:place] + factors[place + 2 :]
    return cancelled(E.mul(*rest), pairs) if rest else E.Eye(made.shape[0])


def differ(a: E.Expr, b: E.Expr, context: Context) -> bool:
    """Whether the values differ at some of a few instances of the hypotheses: quicker than two long normal forms."""
    if costly(a) or costly(b):
        return False
    found = islice(instances((a, b), context, Plan(per_size=1)), FEW)
    return any(np.any(value(a, at) != value(b, at)) for at in found)


def equal(a: E.Expr, b: E.Expr, ground: Ground) -> bool:
    """Equal meanings; of sums and extrema over one range, equal terms; of nodes that have none, equal children.

    What products share is left out.
    """
    stated = [(r.left, r.right) for r in (t.says for t in equations(ground)) if isinstance(r, Rel)]
    with suppress(Undecided, E.ShapeError):
        if meaning.equal(a, b, rules.facts_of(ground.indices), stated):
            return True
    if isinstance(a, E.Sum | E.Extremum) and ends(a) == ends(b):
        var, inside = ground.generic(a.var, a.lo, a.hi)
        bodies = [substitute(e.body, {e.var: var}) for e in (a, b)]  # type: ignore[attr-defined]
        return equal(bodies[0], bodies[1], inside)
    if type(a) is not type(b) or a.kinds | b.kinds <= meaning.RULES.keys():
        return False
    if isinstance(a, E.Mul) and isinstance(b, E.Mul) and a.is_scalar and (set(a.factors) & set(b.factors)) - {ONE}:
        common = Counter(a.factors) & Counter(b.factors)
        rest = [E.mul(1, *(Counter(e.factors) - common).elements()) for e in (a, b)]
        return equal(rest[0], rest[1], ground)
    pairs = list(zip(a.children(), b.children(), strict=False))
    alike = len(pairs) == len(a.children()) == len(b.children()) > 0 and a.rebuild(b.children()) == b
    return alike and all(c == d or equal(c, d, ground) for c, d in pairs)


def ends(e: Any) -> tuple[Any, ...]:
    """What a sum or an extremum is but for its terms."""
    return type(e), getattr(e, "kind", ""), getattr(e, "lo", None), getattr(e, "hi", None)


def same_relation(a: Relation, b: Relation, context: Context) -> bool:
    """Whether two relations say the same: equal sides, or differences of which one is a known multiple or the square
    of the other.
    """
    if a[0] != b[0]:
        return False
    if same(a[1], b[1], context) and same(a[2], b[2], context):
        return True
    before, after = a[1] - a[2], b[1] - b[2]
    if not multiples(before, after, context):
        return False
    scale = ratio(before, after)
    if scale and (scale > 0 or a[0] in "=≠") and same(after, E.mul(E.Num(scale), before), context):
        return True
    if a[0] in "=≠" and before.is_scalar and any(same(x * x, y, context) for x, y in permutations((before, after))):
        return True
    sign = "≠" if a[0] in "=≠" else ">"
    scalars = {x for x in (*before.walk(), *after.walk()) if isinstance(x, E.Sym | E.Item) and known(x, sign, context)}
    powers = (E.Pow(x, E.Num(p)) for x in scalars for p in map(Fraction, ("1", "-1", "1/2", "-1/2")))
    return any(same(after, E.mul(p, before), context) for p in powers)


def multiples(a: E.Expr, b: E.Expr, context: Context) -> bool:
    """Whether at a few instances the values are multiples of each other, and not all 0: an identity has no other.

    Quicker than a normal form, which says the same of most mutants: that they state something else.
    """
    if costly(a) or costly(b):
        return True
    found = [(value(a, at), value(b, at)) for at in islice(instances((a, b), context, Plan(per_size=2)), FEW)]
    return not found or (any(np.any(x) for x, _ in found) and all(proportional(x, y) for x, y in found))


def proportional(x: Any, y: Any) -> bool:
    """Whether two numbers or matrices are multiples of each other, neither by 0."""
    xs, ys = np.ravel(np.asarray(x, dtype=object)), np.ravel(np.asarray(y, dtype=object))
    at = next((place for place, x in enumerate(xs) if x != 0), None)
    if at is None or ys[at] == 0:
        return at is None and not np.any(ys)
    return bool(np.all(xs * ys[at] == ys * xs[at]))


def known(x: E.Expr, sign: str, context: Context) -> bool:
    """Whether the hypotheses say x > 0, or x ≠ 0."""
    return holds(Rel(x, sign, E.lift(0)), context)


def holds(p: E.Expr, context: Context) -> bool:
    """Whether the hypotheses say so, by a theorem."""
    try:
        context.ground().prove(p)
    except NotFound:
        return False
    return True


def follows(original: Any, mutant: Any, context: Context) -> bool:
    """Whether a mutant follows: of an implication, as its premises yield those, or its conclusions need none; of
    inequalities, as their gaps do; of what is said of every matrix, as it is said of one.
    """
    return any(way(original, mutant, context) for way in (by_premises, by_themselves, by_gaps, by_case))


def by_case(original: Any, mutant: Any, context: Context) -> bool:
    """Whether a mutant is what the original says of 0, or of another matrix, in the place of a letter."""
    before, after = relations_of(original), relations_of(mutant)
    if frame(original) != frame(mutant) or len(before) != len(after):
        return False
    return any(same_relations(case, after, context) for case in special_cases(before, context))


def by_gaps(original: Any, mutant: Any, context: Context) -> bool:
    """Whether each link of a chain that changed says the same, or has no smaller gap: a > b/2 > 0 for a > b > 0."""
    if not all(isinstance(s, Chain) for s in simple_statements(original)):
        return False
    before, after = relations_of(original), relations_of(mutant)
    changed = [(a, b) for a, b in zip(before, after, strict=False) if a != b]
    alike = [r for r, _, _ in before] == [r for r, _, _ in after] and bool(changed)
    return alike and all(says_less(a, b, context) or same_relation(a, b, context) for a, b in changed)


def says_less(a: Relation, b: Relation, context: Context) -> bool:
    """Whether it is a theorem that the gap of b is no smaller than that of a."""
    relation, left, right = a
    if relation not in "≤≥<>" or not left.is_scalar:
        return False
    more = (b[1] - b[2]) - (left - right)
    return holds(Rel(more if relation in "≥>" else -more, "≥", E.lift(0)), context)


def by_premises(original: Any, mutant: Any, context: Context) -> bool:
    """Whether the premises of a mutant, or their symmetric parts, yield those of the original."""
    premises, stronger = (getattr(s, "premises", ()) for s in (original, mutant))
    if not premises or any(a != b for a, b in zip(original.conclusions, mutant.conclusions, strict=True)):
        return False
    given = [residual(f) for f in stronger if f.op == "="]
    given += [r + r.T for r in given if r.shape and r.shape[0] == r.shape[1]]
    wanted = map(residual, premises)
    return all(any(same_relation(("=", p, 0 * p), ("=", r, 0 * r), context) for r in given) for p in wanted)


def by_themselves(original: Any, mutant: Any, context: Context) -> bool:
    """Whether the conclusions that changed, and nothing else did, are theorems without premises: λ_r − λ_r = 0."""
    if not hasattr(mutant, "conclusions") or original.premises != mutant.premises:
        return False
    pairs = zip(original.conclusions, mutant.conclusions, strict=True)
    return all(a == b or holds(b, context) for a, b in pairs)


def ratio(a: E.Expr, b: E.Expr) -> Fraction:
    """The ratio of one coefficient of b to that of a; 0 where they share no term."""
    before, after = dict(content(a)), dict(content(b))
    scales = (after[m] / c for m, c in before.items() if m in after)
    return next((Fraction(int(x.p), int(x.q)) for x in scales), Fraction(0))


def said(mutant: Mutant) -> Any:
    """What mutants of one statement that differ only in writing have in common: the meanings of what changed."""
    if mutant.statement is None or frame(mutant.original) != frame(mutant.statement):
        return mutant.mutation
    pairs = enumerate(zip(mutant.original.parts, mutant.statement.parts, strict=True))
    changed = ((place, content(b) or b) for place, (a, b) in pairs if a is not b)
    return id(mutant.original), getattr(mutant.statement, "relations", ()), frozenset(changed)


def content(e: E.Expr) -> tuple[tuple[Any, Any], ...]:
    """The terms of an expression; none where it has no polynomial, or is 0."""
    try:
        return tuple(sorted(meaning.under_facts(Facts()).value(e).items()))
    except Undecided:
        return ()


# -- what the witnesses say ------------------------------------------------------------------------


@dataclass(frozen=True)
class Finding:
    """What became of a mutant.

    Attributes
    ----------
    fate
        ``killed`` by two witnesses or more (all that decide the true statement, if they are fewer), or by a
        counterexample, while none says that it holds; ``equivalent``, ``weaker`` or ``survivor``.
    caught_by
        The names of the witnesses that noticed.
    missed
        What the others said.
    of
        ``statement`` or ``proof``.
    """

    id: str
    mutation: str
    statement: str
    fate: str
    caught_by: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    of: str = "statement"


def observe(witness: Witness, statement: Any, context: Context, seconds: float) -> tuple[str, str]:
    """The witness's outcome and a remark; ``unknown`` when it did not end in time or broke down."""
    hurried = replace(context, budget=seconds * RATE, spent=0.0)
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
    return after == "fails" or (RANK[after] < RANK[before] and (before in ("proved", "argued") or after == "undecided"))


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
        except KeyError:  # it speaks of what was not drawn
            return False
    return False


def blunt(original: Any, mutant: Any, context: Context) -> bool:
    """Whether an inequality that is an equality somewhere, or nearly, for some number of latents, is so nowhere now."""
    members = zip(simple_statements(original), simple_statements(mutant), strict=True)
    told = [(a, b) for a, b in members if a is not b and hasattr(a, "relations")]
    return any(blunter(a, b, context) for pair in told for a, b in in_pieces(*pair))


def in_pieces(original: Any, mutant: Any) -> Iterator[tuple[Any, Any]]:
    """The pieces of two chains side by side, or two other statements."""
    return (
        zip(pieces(original), pieces(mutant), strict=False)
        if isinstance(original, Chain)
        else iter([(original, mutant)])
    )


def blunter(original: Any, mutant: Any, context: Context) -> bool:
    """As :func:`blunt`, for one piece of a chain; or at a single instance."""
    before, after = relations_of(original), relations_of(mutant)
    changed = [(a, b) for a, b in zip(before, after, strict=False) if a != b and a[0] == b[0] and a[0] in "≤≥<>"]
    least: dict[tuple[int, int], list[float]] = {}  # for each link and number of latents: the two smallest slacks
    for at in samples(original, context, mutant.parts) if changed else ():
        for link, (a, b) in enumerate(changed):
            here = least.setdefault((link, at["k"]), [1.0, 1.0])
            x, y = slack(a, at), slack(b, at)
            if sharper(x, y):
                return True
            here[:] = min(here[0], x), min(here[1], y)
    return any(x <= SHARP < y or x <= ROUNDING < EQUALITY < y for x, y in least.values())


def sharper(x: float, y: float) -> bool:
    """Whether of two slacks at one instance the first is none, or of the right order, and the second far from that."""
    return (x <= ROUNDING and y > SHARP) or (1 - x >= SHARP and 1 - y <= SHARP**2)


def more_than_equalities(mutant: Any) -> bool:
    """Whether the mutant can be another true statement: that a witness misses it is then no fault."""
    return neighbourly(mutant) or any(kind != "=" for kind, _, _ in relations_of(mutant))


def neighbourly(statement: Any) -> bool:
    """Whether it, or a member of it, has premises or quantifiers: many neighbours of such are true, as theorems say."""
    return any(hasattr(s, "premises") or framed(s) for s in simple_statements(statement))


def refuted_later(mutant: Any, witness: Witness, context: Context) -> bool:
    """Whether the witness finds a counterexample from another seed."""
    fresh = (reseeded(context, more) for more in range(1, 1 + SEEDS))
    return any(observe(witness, mutant, c, SECONDS)[0] == "fails" for c in fresh)


def reseeded(context: Context, more: int) -> Context:
    """The context with another seed, the same one for all mutants of a claim."""
    return context.once(("seed", more), lambda: replace(context, seed=context.seed + more, drawn={}))


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


def named(statement: Any) -> list[tuple[str, Witness]]:
    """The witnesses of a statement; those of a conjunction are called as those of its first member."""
    names = map(name_of, simple_statements(statement)[0].witnesses)
    return list(zip(names, statement.witnesses, strict=False))


class Examiner:
    """The witnesses of a claim, with their outcomes on what it states."""

    def __init__(self, claim: Claim):
        self.claim = claim
        try:
            supposed = claim.supposed(claim.statement)
        except (E.ShapeError, Ill):
            supposed = ()  # it states nothing: there are no mutants either
        self.context = Context(claim.given, seed_of(claim.id), shrink=False, drawn={}, supposed=supposed)
        self.before: dict[tuple[int, str], tuple[Any, str]] = {}

    @cached_property
    def mutants(self) -> list[Mutant]:
        """The claim's mutants."""
        return list(mutants(self.claim.statement))

    def chosen(self, numbers: Iterable[int]) -> Iterator[Mutant]:
        """The mutants of these numbers, of those that differ only in writing the first."""
        first: dict[Any, Mutant] = {}
        for number in numbers:
            mutant = self.mutants[number]
            if first.setdefault(said(mutant), mutant) is mutant:
                yield mutant

    @property
    def holds(self) -> bool:
        """Whether no member is refuted or open: only then is there something to notice."""
        try:
            return all(self.holds_of(s) for s in simple_statements(self.claim.statement))
        except (E.ShapeError, Ill):
            return False

    def holds_of(self, statement: Any) -> bool:
        said = (self.outcome(statement, witness) for witness in statement.witnesses)
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
        if changed is None:
            return found(mutant.problem, "killed", tuple(name for name, _ in named(original)))
        shown = changed.text()
        refuted = proved = False
        caught: list[str] = []
        abstained: list[str] = []
        missed: dict[Witness, str] = {}
        for name, witness in self.asked(original):
            if not missed and (len(caught) > 1 or (refuted and self.would_prove(witness, original, shown))):
                break  # two witnesses are enough; a third is asked where one of them missed or abstained
            before = self.outcome(original, witness)
            after, remark = observe(witness, changed, self.context, SECONDS)
            refuted = refuted or after == "fails"
            proved = proved or after == "proved"
            rests_on_instances = after in ("supported", "certified")
            if notices(before, after) or (rests_on_instances and self.differs(original, changed)):
                caught.append(name)
            elif after == UNKNOWN or before in (UNKNOWN, "undecided"):
                abstained.append(f"{name}: {after} ({remark})")
            else:
                missed[witness] = f"{name}: {after} ({remark})"
        if not refuted and in_time(equivalent, original, changed, self.context):
            return found(shown, "equivalent")
        searched = hasattr(changed, "premises")  # from thousands of starts: another seed finds nothing new
        if missed and not searched and not in_time(looser, original, changed, self.context):
            for witness in [w for w in missed if refuted_later(changed, w, self.context)]:
                del missed[witness]
                caught.append(f"{name_of(witness)}, from another seed")
        deciding = [w for w in original.witnesses if self.outcome(original, w) not in (UNKNOWN, "undecided")]
        enough = refuted or len(caught) >= max(1, min(2, len(deciding)))  # what is false is not proved later
        fate = "killed" if enough and not missed else "survivor"
        another = proved and more_than_equalities(changed) and not self.idle(original, changed)
        noticed = caught and more_than_equalities(changed)
        if missed and not (refuted and proved) and (another or noticed or follows(original, changed, self.context)):
            fate = "weaker"
        return found(shown, fate, tuple(caught), (*missed.values(), *abstained))

    def asked(self, original: Any) -> Iterator[tuple[str, Witness]]:
        """The witnesses with their names, who proves after those who look for a counterexample."""
        prover, *others = named(original)
        return iter((*others, prover))

    def would_prove(self, witness: Witness, original: Any, shown: str) -> bool:
        """Whether nothing is lost when it is not asked of what is false: it proves, and others are put to it."""
        return self.outcome(original, witness) == "proved" and crc32(shown.encode()) % PUT_TO_PROVER > 0

    def idle(self, original: Any, changed: Any) -> bool:
        """Whether there is a theorem with just any formula in the place of the one that was changed."""
        pairs = list(zip(original.parts, changed.parts, strict=False))
        if all(a == b for a, b in pairs):
            return False
        anything = changed.with_parts([a if a == b else unknown(a) for a, b in pairs])
        return observe(original.witnesses[0], anything, self.context, SECONDS)[0] == "proved"

    def differs(self, original: Any, changed: Any) -> bool:
        """Whether instances tell the mutant from the true statement although it holds where it has a value."""
        return in_time(without_value, original, changed, self.context) or in_time(
            blunt, original, changed, self.context
        )


def examine(claim: Claim) -> list[Finding]:
    """What each witness says of each mutant of a claim; nothing if the claim does not hold."""
    examiner = Examiner(claim)
    return [examiner.judge(m) for m in examiner.chosen(range(len(examiner.mutants)))] if examiner.holds else []

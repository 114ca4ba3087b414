"""Does a printed minimum exist? A minimum over λ does not when every admissible λ can be improved.

The statement is "the minimum is attained". It is refuted for all sizes by a shift of the whole list that lowers every
term under the maximum, however small the shift, and at an instance by a better list that satisfies the hypotheses.

Main results
    Attained    the minimum over a family is attained
    Nonempty    a maximum or minimum is over some index
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice

from flint import fmpq

from proofs.algebra.evaluate import Instance, Undefined, evaluate
from proofs.algebra.printing import latex, text
from proofs.claim import Context, Counterexample, Evidence, Outcome, Witness
from proofs.hypotheses import SIZES, Plan, drawn, free_names, instances, show, value_text
from proofs.kernel.binding import substitute
from proofs.kernel.expressions import Expr, Extremum, Family, Item, Named, Sym, integer, lift
from proofs.kernel.propositions import Every, Rel, both
from proofs.methods.chain import concluded
from proofs.tactics.prove import Ground, NotFound


@dataclass(frozen=True)
class Attained:
    """``min over family of objective`` is attained.

    Attributes
    ----------
    objective
        A maximum, over one index or several, of terms in the family.
    shift, size
        What to try: family[a] + shift(a), for a small positive ``size``.
    """

    objective: Expr
    family: Family
    shift: Callable[[Expr], Expr]
    size: Sym
    plan: Plan | None = None

    @property
    def parts(self) -> tuple[Expr, ...]:
        return (self.objective,)

    def with_parts(self, parts: Sequence[Expr]) -> Attained:
        return replace(self, objective=parts[0])

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        return (by_shift, by_better_instances)

    def latex(self) -> str:
        name = latex(self.family[Sym("·")]).split("_")[0]
        return rf"\min_{{{name}}} {latex(self.objective)} \text{{ is attained}}"

    def text(self) -> str:
        return f"min over {self.family.name} of {text(self.objective)} is attained"


def shifted(e: Expr, statement: Attained) -> Expr:
    """The expression at the shifted family."""
    if isinstance(e, Named):
        return shifted(e.body, statement)
    if isinstance(e, Item):
        if e.family == statement.family:
            return e + statement.shift(e.index)
        return shifted(e.family.define(e.index), statement) if e.family.define is not None else e
    children = e.children()
    return e.rebuild([shifted(c, statement) for c in children]) if children else e


def generic_term(e: Expr, ground: Ground) -> tuple[Expr, Ground]:
    """The term under all maxima, at generic indices."""
    while isinstance(e, Extremum):
        var, ground = ground.generic(e.var, e.lo, e.hi)
        e = substitute(e.body, {e.var: var})
    return e, ground


def by_shift(statement: Attained, context: Context) -> Evidence:
    """Every term falls under the shift, so no list is best; the hypotheses are strict, so a small shift keeps them."""
    small = Rel(statement.size, ">", lift(0))
    term, ground = generic_term(statement.objective, context.ground().supposing(small))
    try:
        ground.prove(Rel(shifted(term, statement), "<", term))
    except NotFound as reason:
        return Evidence("shift", Outcome.UNDECIDED, detail=str(reason))
    if not all(keeps(statement, r, ground) for h in context.given for r in h.relations):
        return Evidence("shift", Outcome.UNDECIDED, detail="a shift may leave the hypotheses")
    moved = text(statement.family[integer("j")] + statement.shift(integer("j")))
    detail = f"{moved} lowers every term for every {statement.size.name} > 0, so no list is best"
    return Evidence("shift", Outcome.FAILS, "all sizes", detail)


def keeps(statement: Attained, r: Rel | Every, ground: Ground) -> bool:
    """Whether a small shift keeps a relation: it is strict, or the shift does not touch it."""
    relation = r.body if isinstance(r, Every) else r
    if relation.op in "<>":
        return True
    with suppress(NotFound):
        return all(ground.prove(Rel(shifted(s, statement), "=", s)) for s in (relation.left, relation.right))
    return False


def moved(statement: Attained, at: Instance, size: fmpq) -> Instance:
    """The instance with the family shifted; where the members are sums of weights, the weights follow."""
    family, here = statement.family, {**at, statement.size.name: size}
    index = range(1, int(at["k"]) + 1)
    values = [evaluate(family[a], here) + evaluate(statement.shift(lift(a)), here) for a in index]
    out = {**at, family.name: values}
    if family.tail is not None:
        weights = family.tail(Sym("·"))
        assert isinstance(weights, Item)
        out[weights.family.name] = [x - y for x, y in zip(values, [*values[1:], fmpq(0)], strict=True)]
    return out


def better(statement: Attained, at: Instance, context: Context) -> tuple[Instance, list] | None:
    """A shifted list that satisfies the hypotheses, with the objective before and after, if that fell."""
    for halvings in range(40):
        try:
            there = moved(statement, at, fmpq(1, 2**halvings))
            if all(h.holds(there) for h in context.given):
                values = [evaluate(statement.objective, x) for x in (at, there)]
                return (there, values) if values[1] < values[0] else None
        except Undefined:
            continue
    return None


def by_better_instances(statement: Attained, context: Context) -> Evidence:
    """Exact instances of the hypotheses, and a better list at each; that every other has one too, the shift shows."""
    if by_shift(statement, context).outcome != Outcome.FAILS:
        return Evidence("exact instances", Outcome.UNDECIDED, detail="a better list at some says nothing of the best")
    example: Counterexample | None = None
    count = 0
    for at in instances(statement.parts, context, statement.plan):
        found = better(statement, at, context)
        if found is None:
            return Evidence("exact instances", Outcome.UNDECIDED, detail="no better list was found at some instance")
        count += 1
        if example is None:
            there, values = found
            name = statement.family.name
            sides = {"there": value_text(values[0]), f"at {name} = {value_text(there[name])}": value_text(values[1])}
            example = Counterexample(
                show(at, free_names(statement.parts)), sides, "and so on: every list has a better one"
            )
    if example is None:
        return Evidence("exact instances", Outcome.UNDECIDED, detail="no instance of the hypotheses was found")
    return Evidence("exact instances", Outcome.FAILS, f"{count} exact instances, each with a better one", "", example)


# -- index sets ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Nonempty:
    """A maximum or minimum is over some index, and so is every one in it: it is defined."""

    extremum: Extremum

    @property
    def proposition(self) -> Expr:
        return filled(self.extremum)

    @property
    def parts(self) -> tuple[Expr, ...]:
        return (self.extremum,)

    def with_parts(self, parts: Sequence[Expr]) -> Nonempty:
        return Nonempty(parts[0])  # type: ignore[arg-type]

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        return (by_order, by_enumeration)

    def latex(self) -> str:
        return latex(self.extremum) + r" \text{ is over some index}"

    def text(self) -> str:
        return f"{text(self.extremum)} is over some index"


def filled(e: Extremum) -> Expr:
    """The limits leave an index."""
    here = Rel(e.lo, "≤", e.hi)
    return both(here, Every(e.var, e.lo, e.hi, filled(e.body))) if isinstance(e.body, Extremum) else here


def by_order(statement: Nonempty, context: Context) -> Evidence:
    """What is given puts an index between the limits."""
    try:
        return concluded(context.ground().prove(statement.proposition), (), context)
    except NotFound as reason:
        return Evidence("kernel", Outcome.UNDECIDED, detail=str(reason))


def by_enumeration(statement: Nonempty, context: Context) -> Evidence:
    """The limits at every size that is allowed."""
    found = [
        at
        for number, sizes in enumerate(SIZES)
        for at in islice(drawn(statement.parts, context, Plan(), number, sizes, None), 1)
    ]
    empty = [at for at in found if not evaluate(statement.proposition, at)]
    if empty:
        example = Counterexample(show(empty[0], free_names([statement.proposition])), {}, "the index set is empty")
        return Evidence("enumeration", Outcome.FAILS, f"{len(empty)} of {len(found)} sizes", "", example)
    if not found:
        return Evidence("enumeration", Outcome.UNDECIDED, detail="no instance of the hypotheses was found")
    return Evidence("enumeration", Outcome.CERTIFIED, f"{len(found)} sizes")

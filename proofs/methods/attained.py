"""Does a printed minimum exist? A minimum over λ does not when every admissible λ can be improved.

The statement is "the minimum is attained". It is refuted for all sizes by a shift of the whole list that lowers every
term under the maximum, however small the shift, and at an instance by a better list that satisfies the hypotheses.

Main results
    Attained    the minimum over a family is attained
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from flint import fmpq

from proofs.algebra.evaluate import Instance, Undefined, evaluate
from proofs.algebra.expr import Expr, Extremum, Family, Item, Named, Sym, lift, substitute
from proofs.algebra.normal import Undecided
from proofs.algebra.printing import latex, text
from proofs.claim import Context, Counterexample, Evidence, Outcome, Witness
from proofs.hypotheses import Plan, Rel, free_names, instances, show, value_text
from proofs.methods.inequality import prove, proves
from proofs.methods.order import Arena


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


def generic_term(e: Expr, arena: Arena) -> tuple[Expr, Arena]:
    """The term under all maxima, at generic indices."""
    while isinstance(e, Extremum):
        var, arena = arena.generic(e.var, e.lo, e.hi)
        e = substitute(e.body, {e.var: var})
    return e, arena


def by_shift(statement: Attained, context: Context) -> Evidence:
    """Every term falls under the shift, so no list is best; the hypotheses are strict, so a small shift keeps them."""
    small = Rel(statement.size, ">", lift(0))
    try:
        term, arena = generic_term(statement.objective, Arena.of(context).knowing(small))
        found = prove(shifted(term, statement), "<", term, "", arena)
    except Undecided as reason:
        return Evidence("shift", Outcome.UNDECIDED, detail=str(reason))
    strict = all(getattr(r, "relation", r).op in "<>≥" for h in context.given for r in h.relations)
    if proves(found) and strict:
        moved = text(statement.family[Sym("j")] + statement.shift(Sym("j")))
        detail = f"{moved} lowers every term for every {statement.size.name} > 0, so no list is best ({found[1]})"
        return Evidence("shift", Outcome.FAILS, "all sizes", detail)
    return Evidence("shift", Outcome.UNDECIDED, detail=found[1])


def better(statement: Attained, at: Instance, context: Context) -> tuple[Instance, Expr] | None:
    """A shifted list that satisfies the hypotheses and has a smaller objective."""
    name = statement.family.name
    for halvings in range(12):
        here = {**at, statement.size.name: fmpq(1, 2**halvings)}
        moves = [
            evaluate(statement.shift(lift(a + 1)), here) for a in range(len(at[name]))
        ]
        moved = {**at, name: [x + y for x, y in zip(at[name], moves, strict=True)]}
        try:
            if all(h.holds(moved) for h in context.given):
                values = [evaluate(statement.objective, x) for x in (at, moved)]
                return (moved, values) if values[1] < values[0] else None
        except Undefined:
            continue
    return None


def by_better_instances(statement: Attained, context: Context) -> Evidence:
    """Exact instances of the hypotheses, and a better list at each."""
    example: Counterexample | None = None
    count = 0
    for at in admissible(statement, context):
        found = better(statement, at, context)
        if found is None:
            return Evidence("exact instances", Outcome.UNDECIDED, detail="no better list was found at some instance")
        count += 1
        if example is None:
            moved, values = found
            name = statement.family.name
            sides = {
                "there": value_text(values[0]),
                f"at {name} = {value_text(moved[name])}": value_text(values[1]),
            }
            example = Counterexample(show(at, free_names(statement.parts)), sides, "and so on: every list has a better one")
    if example is None:
        return Evidence("exact instances", Outcome.UNDECIDED, detail="no instance of the hypotheses was found")
    return Evidence("exact instances", Outcome.FAILS, f"{count} exact instances, each with a better one", "", example)


def admissible(statement: Attained, context: Context) -> Iterator[Instance]:
    yield from instances(statement.parts, context, statement.plan)

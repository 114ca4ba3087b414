"""Members of families as numbers of which nothing is known: what holds for any numbers holds for them.

A member such as p_i, itself a sum, or σ_i² in a matrix of blocks costs a proof for every size; a number costs none.

Main results
    equation       a = b, from numbers in place of members
    positive       a certificate of signs likewise
    specialised    a theorem about symbols, for what other expressions make of them
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from proofs.kernel import expressions as E
from proofs.kernel import rules
from proofs.kernel.binding import plain, substitute
from proofs.kernel.expressions import Expr, Sym
from proofs.kernel.gaps import Positive
from proofs.kernel.propositions import Implies, Rel
from proofs.kernel.theorem import Refused, Theorem
from proofs.tactics.equality import needed
from proofs.tactics.ground import Ground, NotFound


def specialised(t: Theorem, mapping: Mapping[Expr, Expr], *premises: Theorem) -> Theorem:
    """A theorem for other expressions in place of its symbols and letters, its suppositions given by theorems."""
    found = rules.rename(t, tuple(mapping.items()))
    while isinstance(found.says, Implies):
        known = next((p for p in premises if rules.same(p.says, found.says.premise)), None)
        if known is None:
            raise NotFound(f"{found.says.premise} is not known")
        found = rules.apply(found, known)
    return found


def numbers(*parts: Expr) -> dict[Expr, Sym]:
    """A symbol for every member of a family that stands outside sums."""
    found: dict[Expr, Sym] = {}
    todo = [plain(p) for p in parts]
    while todo:
        e = todo.pop()
        if isinstance(e, E.Item) and e.family.random is None:
            found.setdefault(e, Sym(f"{e.family.name}·{len(found)}"))
        elif not isinstance(e, E.Binder):
            todo += e.children()
    return found


def back(table: Mapping[Expr, Sym]) -> dict[Expr, Expr]:
    return {symbol: member for member, symbol in table.items()}


def equation(ground: Ground, goal: Rel) -> Theorem:
    """a = b."""
    table = numbers(goal)
    if not table:
        return ground.prove(goal)
    known = needed(ground, goal)
    try:
        hypotheses = tuple(rules.hypothesis(substitute(plain(t.says), table)) for t in known)
        t = rules.ring(substitute(plain(goal), table), hypotheses)
    except Refused:
        return ground.prove(goal)
    return specialised(t, back(table), *known)


def positive(goal: Rel, facts: Sequence[Theorem], shape: Positive, known: Sequence[Theorem]) -> Theorem:
    """The goal, by a certificate of signs."""
    table = numbers(goal, *(t.says for t in facts))
    if not table:
        return rules.positive(goal, tuple(facts), shape, tuple(known))
    own, other = ([rules.hypothesis(substitute(plain(t.says), table)) for t in ts] for ts in (facts, known))
    t = rules.positive(substitute(plain(goal), table), tuple(own), shape, tuple(other))
    return specialised(t, back(table), *facts, *known)

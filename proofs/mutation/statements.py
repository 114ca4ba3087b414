"""Mutants of a statement: every formula changed on purpose, one place or one relation at a time.

Nobody lists them: they follow from the parts of a statement. Which witness notices which is asked in
:mod:`proofs.mutation.examine`, for all claims in :mod:`proofs.mutation.score`.

Main results
    mutants        the mutants of a statement
    relations_of   the relations a statement is made of
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from itertools import pairwise
from typing import Any

from proofs.algebra.printing import text
from proofs.claim import Ill, Statement
from proofs.hypotheses import SIZES
from proofs.kernel import expressions as E
from proofs.kernel.binding import substitute
from proofs.kernel.propositions import Rel
from proofs.methods.conjunction import All

FLIPPED = {"≤": "≥", "≥": "≤", "<": ">", ">": "<", "⪰": "⪯", "⪯": "⪰"}
SIZE_NAMES = frozenset(SIZES[0])
HALF, ONE, TWO = (E.Num(Fraction(x)) for x in ("1/2", "1", "2"))

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
        if before + after:
            yield f"dropped term {text(term)}", joined, (E.Add, before + after)
        for factor in (TWO, HALF):
            yield f"factor {factor} of {text(term)}", E.Add, ((*before, E.mul(factor, term), *after),)


def factors(e: E.Expr, scope: Scope) -> Iterator[Change]:
    """A dropped factor, and neighbouring matrices in the other order; powers of one matrix have none."""
    if not isinstance(e, E.Mul):
        return
    for place, f in enumerate(e.factors):
        rest = e.factors[:place] + e.factors[place + 1 :]
        if rest and not isinstance(f, E.Num) and (f.is_scalar or conforms(rest, e.shape)):
            yield f"dropped factor {text(f)}", joined, (E.Mul, rest)
    for p, q in pairwise(place for place, f in enumerate(e.factors) if not f.is_scalar):
        if base(e.factors[p]) == base(e.factors[q]):
            continue
        swapped = list(e.factors)
        swapped[p], swapped[q] = e.factors[q], e.factors[p]
        yield f"swapped {text(e.factors[p])} and {text(e.factors[q])}", E.Mul, (tuple(swapped),)


def base(e: E.Expr) -> E.Expr:
    return e.base if isinstance(e, E.Pow) else e


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
    """cos ↔ sin, and twice the angle or exponent."""
    if isinstance(e, E.Fn):
        other = {"cos": "sin", "sin": "cos"}.get(e.name)
        if other:
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
                yield f"index {text(s)} → {text(other)}", substitute, (e, {s: other})


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
    if isinstance(e, E.Grad) and isinstance(e.body, E.Named):
        yield from changed_losses(e, e.body, scope)
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


def changed_losses(e: E.Grad, loss: E.Named, scope: Scope) -> Iterator[tuple[str, E.Expr | E.ShapeError]]:
    """The gradient of a named loss with another term in it: the name stands for what is differentiated."""
    for name, changed in own_changes(loss.body, scope, (signs,)):
        if isinstance(changed, E.Expr):
            changed = built(e.rebuild, (replace(loss, body=changed),))
        yield f"{name} in {text(e)}", changed


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
    >>> from proofs.kernel.expressions import Family, Sym
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
    """The direction of an inequality; other connectives and quantifiers; a premise that says nothing."""
    relations = tuple(getattr(statement, "relations", ()))
    for place, relation in enumerate(relations):
        if relation in FLIPPED:
            other = FLIPPED[relation]
            new = (*relations[:place], other, *relations[place + 1 :])
            name = f"{relation} → {other}, relation {place + 1}{where}"
            yield Mutant(name, statement, statement.with_relations(new))
    for name, other in getattr(statement, "variants", ()):
        yield Mutant(name + where, statement, other)
    for place, premise in enumerate(getattr(statement, "premises", ())):
        if isinstance(premise, Rel):
            anything = unknown(premise.left)
            told = (*statement.parts[: 2 * place], anything, *statement.parts[2 * place + 1 :])
            made = solved_for(statement.with_parts(told), anything)
            yield Mutant(f"anything for premise {place + 1}{where}", statement, made)


def solved_for(statement: Any, new: E.Expr) -> Any:
    """With another unknown, for which the premises are solved too: what is only drawn would seldom meet them."""
    is_letter = isinstance(new, E.Letter)
    return replace(statement, solve_for=(*statement.solve_for, new)) if is_letter else statement


def unknown(e: E.Expr) -> E.Expr:
    """A new name of the shape, of which nothing is known."""
    return E.Letter("°", *e.shape) if e.shape else replace(e, name="°") if isinstance(e, E.Sym) else E.Sym("°")


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

"""What binds a name, and substitution that captures none.

Sums, extrema and quantifiers bind an index; expectations what they are over; Taylor coefficients and derivatives at 0
their variable. Derivatives and gradients are taken *by* what stays free in them: an expression that speaks of it, or
takes its place, does not enter.

Main results
    binds(e)                 the name that a node binds in its body
    free(e)                  the free symbols, letters and families
    substitute(e, mapping)   replaces subexpressions; bound names give way
    plain(e)                 definitions opened, bound names numbered: equal for expressions that say the same
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from proofs.kernel import expressions as E
from proofs.kernel.expressions import Expr, Family, Letter, Sym

Name = Expr | Family


class Captured(ValueError):
    """A substitution that would enter a derivative, or change a size."""


def binds(e: Expr) -> Any:
    """The symbol, letter or family that a node binds in its ``body``, or None."""
    if isinstance(e, E.Expect):
        return e.over
    if isinstance(e, E.Coeff) or (isinstance(e, E.Diff) and e.at_zero and isinstance(e.var, Sym)):
        return e.var
    return getattr(e, "var", None) if isinstance(e, E.Binder) else None


def taken_by(e: Expr) -> Any:
    """What a derivative or a gradient is taken by, if it stays free."""
    if isinstance(e, E.Diff) and binds(e) is None:
        return e.var
    return e.letter if isinstance(e, E.Grad) else None


@lru_cache(maxsize=200_000)
def free(e: Expr) -> frozenset[Name]:
    """The free symbols, letters and families, with those of sizes and of definitions."""
    if isinstance(e, Sym):
        return frozenset({e} - {E.PI})
    found: frozenset[Name] = frozenset().union(*map(free, (*e.children(), *sizes(e))))
    if isinstance(e, Letter):
        found |= {e} if e.noise is None else {e} | free(e.noise)
    for f in families(e):
        found |= opened(f)
    if taken_by(e) is not None:
        found |= free(taken_by(e))
    own = binds(e)
    if own is not None:
        outside = frozenset().union(*(free(x) for x in outer(e)))
        found = (frozenset().union(free(e.body)) - {own}) | outside  # type: ignore[attr-defined]
        if isinstance(own, Family) and own.random is not None:
            found |= opened(own.random)
        if isinstance(own, Letter) and own.noise is not None:
            found |= free(own.noise) | frozenset().union(*map(free, sizes(own)))
    return found


def outer(e: Expr) -> Iterator[Expr]:
    """The parts of a node that binds a name where the name is not bound."""
    for part in ("lo", "hi"):
        if hasattr(e, part):
            yield getattr(e, part)
    yield from getattr(e, "without", ())


def sizes(e: Expr) -> Iterator[Expr]:
    for attribute in ("rows", "cols", "size", "loss", "null"):
        value = getattr(e, attribute, None)
        if isinstance(value, Expr):
            yield value


def families(e: Expr) -> Iterator[Family]:
    for attribute in ("family", "b"):
        value = getattr(e, attribute, None)
        if isinstance(value, Family):
            yield value


def rules_of(e: Expr) -> Iterator[Expr]:
    """What the rules of a node's families say of any index."""
    yield from (rule[0] for f in families(e) for rule in f.rules if rule is not None)


@lru_cache(maxsize=20_000)
def opened(f: Family) -> frozenset[Name]:
    """A family of free or random numbers, or what its rule speaks of."""
    found = free(f.length) if f.length is not None else frozenset()
    if f.random is not None:
        return found | {f} | opened(f.random)
    if f.define is None and f.tail is None:
        return found | {f}
    two = (E.ANY, E.OTHER)
    return found.union(*(free(x) - {i} for rule in f.rules if rule is not None for i, x in zip(two, rule, strict=True)))


def said(f: Family, index: Expr, tail: bool = False) -> Expr:
    """What a family's rule says of an index: of any index, which is then replaced, so that no sum in it captures."""
    any_, rule = general(f, tail)
    return substitute(rule, {any_: index})


@lru_cache(maxsize=20_000)
def general(f: Family, tail: bool) -> tuple[Sym, Expr]:
    """An index of which a rule does not speak, and what the rule says of it; refused, if it looks at its index.

    Raises
    ------
    Captured
        When the rule says something else of another index, or speaks of both the indices that it is asked about.
    """
    one, other = f.rules[tail]  # type: ignore[misc]
    any_, rule, second, there = E.ANY, one, E.OTHER, other
    if any_ in free(other):
        any_, rule, second, there = second, there, any_, rule
    if any_ in free(there) or plain(substitute(rule, {any_: second})) != plain(there):
        raise Captured(f"{f.name} has no one rule for every index")
    return any_, rule


def member(e: E.Item) -> Expr:
    """A member of a family that is defined, by its definition."""
    return said(e.family, e.index)


def substitute(e: Expr, mapping: Mapping[Expr, Expr]) -> Expr:
    """Replace subexpressions; a definition that changes loses its name, a bound name that is in the way is changed.

    Raises
    ------
    Captured
        When it would change a size, what a derivative is taken by, or enter a derivative with what it is taken by.

    Examples
    --------
    >>> from proofs.kernel.expressions import Sum, integer
    >>> i, j, k, f, g = integer("i"), integer("j"), integer("k"), Family("f"), Family("g")
    >>> once = substitute(Sum(j, E.lift(1), k, f[i] * g[j]), {i: j})
    >>> once.body == f[j] * g[once.var], once.var == j
    (True, False)
    """
    if e in mapping:
        return mapping[e]
    touched = {old: new for old, new in mapping.items() if concerns(e, old)}
    if not touched:
        return e
    if isinstance(e, E.Named):
        body = substitute(e.body, touched)
        return e if body == e.body else body
    if any(old == s or old in free(s) for s in sizes(e) for old in touched):
        raise Captured(f"a size of {type(e).__name__} is not replaced")
    if held(e) & touched.keys():
        raise Captured(f"what {e} is drawn from is not replaced")
    for f in families(e):
        if isinstance(e, E.Item) and (f.define or f.tail) and opened(f) & touched.keys():
            raise Captured(f"the definition of {f.name} is not replaced")
        if not isinstance(e, E.Item) and opened(f) & touched.keys():
            raise Captured(f"the members of {f.name} are not replaced")
    by = taken_by(e)
    if by is not None and any(old == by or apart(by) & free(new) or old in free(by) for old, new in touched.items()):
        raise Captured(f"a derivative by {by} is not entered")
    own = binds(e)
    if own is not None:
        return under_binder(e, own, touched)
    children = e.children()
    new = tuple(substitute(c, touched) for c in children)
    return e if all(a is b for a, b in zip(children, new, strict=True)) else e.rebuild(new)


def apart(by: Expr) -> frozenset[Name]:
    """What must not enter a derivative: a symbol, a letter, the family of a member."""
    return opened(by.family) if isinstance(by, E.Item) else frozenset({by})


def held(e: Expr) -> frozenset[Name]:
    """What the noise of a letter, and what is drawn, depend on."""
    over = e.over if isinstance(e, E.Expect) else e
    if isinstance(over, Family):
        return opened(over)
    if not isinstance(over, Letter):
        return frozenset()
    parts = [] if over.noise is None else [E.lift(over.noise)]
    return frozenset().union(*map(free, parts + (list(sizes(over)) if over is not e else [])))


def concerns(e: Expr, old: Expr) -> bool:
    """Whether a subexpression to be replaced may occur."""
    return old in free(e) if isinstance(old, Sym | Letter) else free(old) <= free(e) or binds_below(e)


@lru_cache(maxsize=200_000)
def binds_below(e: Expr) -> bool:
    """Whether a node below binds a name."""
    return binds(e) is not None or any(map(binds_below, e.children()))


def under_binder(e: Any, own: Any, mapping: Mapping[Expr, Expr]) -> Expr:
    """Into a body whose bound name is neither replaced nor captured."""
    inner = {old: new for old, new in mapping.items() if own not in free(old)}
    if any(own in free(new) for new in inner.values()):
        if not isinstance(own, Sym):
            raise Captured(f"an expectation over {own.name} is not entered by what speaks of it")
        taken = frozenset().union(free(e.body), *map(free, inner.values()), *map(free, inner))
        fresh = renewed(own, taken)
        e, own = replace(e, var=fresh, body=substitute(e.body, {own: fresh})), fresh
    changes: dict[str, Any] = {"body": substitute(e.body, inner)}
    for part in ("lo", "hi"):
        if hasattr(e, part):
            changes[part] = substitute(getattr(e, part), mapping)
    if getattr(e, "without", ()):
        changes["without"] = tuple(substitute(w, mapping) for w in e.without)
    return replace(e, **changes)


def renewed(s: Sym, taken: frozenset[Name]) -> Sym:
    """The symbol with primes, until its name is free."""
    names = {x.name for x in taken if isinstance(x, Sym)}
    name = s.name
    while name in names:
        name += "′"
    return Sym(name, "", s.sort)


@lru_cache(maxsize=200_000)
def plain(e: Expr) -> Expr:
    """Definitions opened, products and sums in one level, bound symbols numbered by their depth."""
    return _plain(e, 0)


def _plain(e: Expr, depth: int) -> Expr:
    if isinstance(e, E.Named):
        return _plain(e.body, depth)
    if isinstance(e, E.Item) and e.family.define is not None:
        return _plain(member(e), depth)
    own = binds(e)
    if isinstance(own, Sym) and getattr(e, "numbered", True):
        node: Any = e
        while (fresh := Sym(f"•{depth}", "", own.sort)) != own and fresh in free(node.body):
            depth += 1
        changes: dict[str, Any] = {"var": fresh, "body": _plain(substitute(node.body, {own: fresh}), depth + 1)}
        for part in ("lo", "hi"):
            if hasattr(e, part):
                changes[part] = _plain(getattr(e, part), depth)
        return replace(node, **changes)
    children = e.children()
    new = [_plain(c, depth) for c in children]
    if isinstance(e, E.Add):
        return E.add(*new)
    if isinstance(e, E.Mul):
        return E.mul(*new)
    return e if all(a is b for a, b in zip(children, new, strict=True)) else e.rebuild(new)

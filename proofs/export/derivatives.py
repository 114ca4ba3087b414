"""Derivatives of polynomials, written out, and the equations that show that they are what they are taken for.

Coq is told nothing of derivatives. Where a claim speaks of one, an expression stands for it, and beside the claim's own
theorems stands another, for all α: h(α) = c_0 + α c_1 + … + α^d c_d, with the derivative among the coefficients; of
a gradient G, for all Z and α: f(A + αZ) = f(A) + α Tr(Gᵀ Z) + α² ….

Nor is it told of angles. In h(θ + α), cos(θ + α) and sin(θ + α) stand by the addition formulas, with the Taylor
polynomials of cos α and sin α in them, as far as the order of the derivative: what is left out has no part of that
order. That cos and sin have these is what the reader knows; that the derivative of h is the coefficient is what Coq
checks.

Main results
    derived         a gradient, derivative or coefficient, written out
    certificate     the equation that makes it that
    turned          cos and sin of a sum, up to an order
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cache, reduce
from math import factorial
from typing import Any

from proofs.export.lacking import Lacking
from proofs.kernel import expressions as E
from proofs.kernel.binding import Captured, free, member, substitute
from proofs.kernel.expressions import Expr, Letter, Sym, lift
from proofs.kernel.propositions import Rel

DERIVATIVES = (E.Grad, E.Diff, E.Coeff)
STEP = Sym("α•")
Coefficients = tuple[Expr | None, ...]
"""Of 1, t, t², …; None for 0."""


def derived(e: Any) -> Expr:
    """A derivative, written out."""
    return written(e)[0]


def certificate(e: Any) -> Rel:
    """The expansion in which a derivative is a coefficient."""
    return written(e)[1]


@cache
def written(e: Any) -> tuple[Expr, Rel]:
    if isinstance(e, E.Grad):
        return gradient(e)
    body = inner(e.body)
    if not isinstance(e.var, Sym):
        raise Lacking("a derivative by a member of a family")
    t = e.var
    if isinstance(e, E.Diff) and not e.at_zero:
        t = STEP
        body = put(body, e.var, e.var + t)
    body = turned(body, t, e.order)
    c = polynomial(body, t)
    found = (c[e.order] if e.order < len(c) else None) or zero(body)
    times = factorial(e.order) if isinstance(e, E.Diff) else 1
    return scaled(lift(times), found), Rel(body, "=", total(power_series(c, t), body))


def turned(body: Expr, t: Sym, order: int) -> Expr:
    """cos(θ + nt) and sin(θ + nt) by their Taylor polynomials in t of an order."""
    moving = {x for x in body.walk() if isinstance(x, E.Fn) and x.name in ("cos", "sin") and t in free(x.arg)}
    return put_all(body, {x: expanded(x, t, order) for x in moving})


def expanded(e: E.Fn, t: Sym, order: int) -> Expr:
    """cos a T_cos(b) − sin a T_sin(b), or sin a T_cos(b) + cos a T_sin(b), where its argument is a + b and b = nt."""
    start, *steps = polynomial(e.arg, t)
    if len(steps) != 1 or steps[0] is None or not isinstance(start, Sym | None):
        raise Lacking(f"the derivative of {e.name} of what is no angle")
    cos, sin = (taylor(scaled(steps[0], t), order, first) for first in (0, 1))
    if start is None:
        return cos if e.name == "cos" else sin
    if e.name == "cos":
        return E.cos(start) * cos - E.sin(start) * sin
    return E.sin(start) * cos + E.cos(start) * sin


def taylor(b: Expr, order: int, first: int) -> Expr:
    """Σ (−1)^j b^n / n!, where n = 2j + first is at most an order."""
    signed = {n: lift(Fraction((-1) ** (n // 2), factorial(n))) for n in range(first, order + 1, 2)}
    return total([scaled(c, b**n) if n else c for n, c in signed.items()], b)


def gradient(e: E.Grad) -> tuple[Expr, Rel]:
    """Along each direction the linear part is the inner product with the gradient."""
    body, a = inner(e.body), e.letter
    if a.traits or a.noise is not None:
        raise Lacking("a gradient by a letter with traits")
    found = total([g for g in back(body, lift(1), a)], a)
    z = Letter("Z•", a.rows, a.cols)
    c = polynomial(put(body, a, a + E.Mul((STEP, z))), STEP)
    linear = (c[0], E.Inner(found, z), *c[2:])
    return found, Rel(put(body, a, a + E.Mul((STEP, z))), "=", total(power_series(linear, STEP), body))


def inner(e: Expr) -> Expr:
    """A body with its own derivatives written out."""
    return put_all(e, {x: derived(x) for x in outermost(e)})


def outermost(e: Expr) -> Iterator[Expr]:
    """The derivatives in an expression, but not those inside of them."""
    if isinstance(e, DERIVATIVES):
        yield e
    else:
        for x in e.children():
            yield from outermost(x)


def put(e: Expr, x: Any, value: Expr) -> Expr:
    return put_all(e, {x: value})


def put_all(e: Expr, values: Mapping[Expr, Expr]) -> Expr:
    try:
        return substitute(e, values)
    except Captured as problem:
        raise Lacking("a derivative of what hides its variable") from problem


# -- coefficients ----------------------------------------------------------------------------------


def zero(like: Expr) -> Expr:
    return lift(0) if like.is_scalar else E.Zero(*like.shape)


def scaled(c: Expr, e: Expr) -> Expr:
    return e if c == lift(1) else E.Mul((c, e))


def total(terms: Any, like: Expr) -> Expr:
    terms = [t for t in terms if t is not None]
    return zero(like) if not terms else terms[0] if len(terms) == 1 else E.Add(tuple(terms))


def power_series(c: Coefficients, t: Sym) -> list[Expr]:
    powers = [lift(1), t, *(E.Pow(t, lift(n)) for n in range(2, len(c)))]
    return [scaled(p, x) for p, x in zip(powers, c, strict=False) if x is not None]


def product(a: Coefficients, b: Coefficients, join: Any) -> Coefficients:
    """Of each pair of coefficients, by their orders together."""
    out: list[list[Expr]] = [[] for _ in range(len(a) + len(b) - 1)]
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            if x is not None and y is not None:
                out[i + j].append(join(x, y))
    return tuple(total(terms, terms[0]) if terms else None for terms in out)


def polynomial(e: Any, t: Sym) -> Coefficients:
    """The coefficients of t in an expression, written out."""
    if isinstance(e, E.Named):
        return (e,) if t not in free(e.body) else polynomial(e.body, t)
    if t not in free(e):
        return (e,)
    if e == t:
        return (None, lift(1))
    if isinstance(e, E.Item) and e.family.define is not None:
        return polynomial(member(e), t)
    if isinstance(e, E.Add):
        parts = [polynomial(x, t) for x in e.terms]
        width = range(max(map(len, parts)))
        sums = [[p[n] for p in parts if n < len(p) and p[n] is not None] for n in width]
        return tuple(total(s, e) if s else None for s in sums)
    if isinstance(e, E.Mul):
        return reduce(lambda a, b: product(a, b, times), (polynomial(x, t) for x in e.factors))
    if isinstance(e, E.Pow) and (n := whole(e.exponent)):
        return reduce(lambda a, b: product(a, b, times), [polynomial(e.base, t)] * n)
    if isinstance(e, E.SqNorm):
        c = polynomial(e.arg, t)
        return product(c, c, E.Inner)
    if isinstance(e, E.Inner):
        return product(polynomial(e.left, t), polynomial(e.right, t), E.Inner)
    if isinstance(e, LINEAR):
        return tuple(c and replace(e, arg=c) for c in polynomial(e.arg, t))
    if isinstance(e, E.Sum) and t not in free(e.lo) | free(e.hi):
        return tuple(c and replace(e, body=c) for c in polynomial(e.body, t))
    raise Lacking(f"the derivative of a {type(e).__name__}")


LINEAR = (E.T, E.Tr, E.Entry, E.LowerMask, E.MaxMask)


def whole(e: Expr) -> int:
    """A natural number from 1 on; else 0."""
    return int(e.value) if isinstance(e, E.Num) and e.value.denominator == 1 and e.value > 0 else 0


def times(a: Expr, b: Expr) -> Expr:
    return b if a == lift(1) else a if b == lift(1) else E.Mul((a, b))


# -- gradients -------------------------------------------------------------------------------------


def back(e: Any, by: Expr, a: Letter) -> Iterator[Expr]:
    """The parts of the gradient of ⟨by, e⟩ by a letter."""
    if isinstance(e, E.Named):
        e = e.body
    if isinstance(e, E.Item) and e.family.define is not None:
        e = member(e)
    if a not in free(e):
        return
    if e == a:
        yield by
    elif isinstance(e, E.Add):
        for x in e.terms:
            yield from back(x, by, a)
    elif isinstance(e, E.Pow) and (n := whole(e.exponent)):
        yield from back(E.Mul((e.base,) * n), by, a)
    elif isinstance(e, E.Mul):
        for n, x in enumerate(e.factors):
            yield from back(x, beside(e.factors[:n], x, e.factors[n + 1 :], by), a)
    elif isinstance(e, E.SqNorm):
        yield from back(e.arg, E.Mul((lift(2), by, e.arg)), a)
    elif isinstance(e, E.Inner):
        yield from back(e.left, E.Mul((by, e.right)), a)
        yield from back(e.right, E.Mul((by, e.left)), a)
    elif isinstance(e, E.Tr):
        yield from back(e.arg, E.Mul((by, E.Eye(e.arg.shape[0]))), a)
    elif isinstance(e, E.T):
        yield from back(e.arg, E.T(by), a)
    elif isinstance(e, E.MaxMask):
        yield from back(e.arg, replace(e, arg=by), a)
    elif isinstance(e, E.Entry):
        m, n = e.arg.shape
        yield from back(e.arg, E.Mul((by, E.Basis(e.i, m), E.T(E.Basis(e.j, n)))), a)
    elif isinstance(e, E.Sum) and a not in free(e.lo) | free(e.hi):
        yield from (replace(e, body=g) for g in back(e.body, by, a))
    else:
        raise Lacking(f"the gradient of a {type(e).__name__}")


def beside(before: tuple[Expr, ...], x: Expr, after: tuple[Expr, ...], by: Expr) -> Expr:
    """What a factor of a product is weighed with, where the product is weighed with ``by``."""
    scalars = [s for s in (*before, *after) if s.is_scalar]
    left = [s for s in before if not s.is_scalar]
    right = [s for s in after if not s.is_scalar]
    if x.is_scalar:
        rest = [*left, *right]
        return E.Mul((*scalars, E.Inner(by, E.Mul(tuple(rest))) if rest else by))
    turned = (*(E.T(s) for s in reversed(left)), by, *(E.T(s) for s in reversed(right)))
    return E.Mul((*scalars, *turned)) if len(turned) + len(scalars) > 1 else by

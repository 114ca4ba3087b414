"""Angles: cos and sin of sums and multiples by the addition formulas, and their Taylor polynomials.

Of each angle Coq knows two numbers c and s with s s = 1 − c c. What it is told of cos(2θ + φ) is what the addition
formulas make of it.

Main results
    of_sum      cos or sin of a sum or a multiple
    addition    cos or sin of a + b, from those of b
    taylor      of cos or sin, up to an order
"""

from __future__ import annotations

from fractions import Fraction
from math import factorial

from proofs.export.lacking import Lacking
from proofs.kernel import expressions as E
from proofs.kernel.expressions import Expr, lift


def addition(name: str, a: Expr, b: tuple[Expr, Expr]) -> Expr:
    """cos(a + b) = cos a cos b − sin a sin b; sin(a + b) = sin a cos b + cos a sin b."""
    cos, sin = b
    return E.cos(a) * cos - E.sin(a) * sin if name == "cos" else E.sin(a) * cos + E.cos(a) * sin


def of_sum(e: E.Fn) -> Expr:
    """cos or sin of a sum, of −a, or of na = a + (n − 1)a."""
    angle = e.arg
    while isinstance(angle, E.Named) or (isinstance(angle, E.Mul) and len(angle.factors) == 1):
        angle = angle.children()[0]
    if isinstance(angle, E.Sym):
        return E.Fn(e.name, angle)
    if isinstance(angle, E.Add) and len(angle.terms) > 1:
        return in_two(e.name, angle.terms[0], E.add(*angle.terms[1:]))
    if isinstance(angle, E.Mul) and isinstance(n := angle.factors[0], E.Num) and n.value.denominator == 1 and n.value:
        a = E.mul(*angle.factors[1:])
        if n.value < 0:
            return E.Fn("cos", -angle) if e.name == "cos" else -E.Fn("sin", -angle)
        return E.Fn(e.name, a) if n.value == 1 else in_two(e.name, a, (n.value - 1) * a)
    raise Lacking(f"{e.name} of what is no angle")


def in_two(name: str, a: Expr, b: Expr) -> Expr:
    return addition(name, a, (E.cos(b), E.sin(b)))


def taylor(b: Expr, order: int, first: int) -> Expr:
    """Σ (−1)^j b^n / n!, where n = 2j + first is at most an order: of cos from 0, of sin from 1."""
    signed = {n: Fraction((-1) ** (n // 2), factorial(n)) for n in range(first, order + 1, 2)}
    terms = [c * b**n if n else lift(c) for n, c in signed.items()]
    return E.add(*terms) if terms else lift(0)

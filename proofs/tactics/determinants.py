"""Determinants: what they are of products, transposes and inverses, and that they are not 0.

Main results
    by_determinant    det A ≠ 0 and det A > 0 of what is definite, orthonormal, or has an inverse
    by_factors_of     relations in which the determinants of products are opened
    factored          det A as it is of A's factors
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from proofs.kernel import expressions as E
from proofs.kernel import matrices as M
from proofs.kernel import rules
from proofs.kernel.expressions import Expr
from proofs.kernel.propositions import ZERO, Rel
from proofs.kernel.tensor import Undecided
from proofs.kernel.theorem import Refused, Theorem
from proofs.tactics.definite import product, surely
from proofs.tactics.equality import by_normal_form
from proofs.tactics.ground import Ground, NotFound, tactic

INVERSE = E.Num(Fraction(-1))


def named(e: Expr) -> Expr:
    while isinstance(e, E.Named):
        e = e.body
    return e


def factored(ground: Ground, e: E.Det) -> Theorem:
    """det A = what it is of A's factors.

    Raises
    ------
    NotFound
        When A is a letter or a sum.
    """
    a = named(e.arg)
    if isinstance(a, E.Eye):
        return M.unit(a)
    if isinstance(a, E.T):
        return opened(ground, M.transposed(a.arg))
    if isinstance(a, E.Pow) and a.exponent == INVERSE:
        return opened(ground, of_inverse(ground, a))
    if isinstance(a, E.Mul) and len(a.factors) > 1 and not any(f.is_scalar for f in a.factors):
        return opened(ground, M.multiplicative(a.factors[0], product(list(a.factors[1:]))))
    raise NotFound(f"nothing is known of {e}")


def of_inverse(ground: Ground, a: E.Pow) -> Theorem:
    """det A⁻¹ = 1/det A, as det A⁻¹ det A = det(A⁻¹A) = det I = 1."""
    apart = ground.prove(Rel(E.det(a.base), "≠", ZERO))
    inside = ground.knowing(apart)
    one, hole = E.Eye(a.shape[0]), E.Letter("°", *a.shape)
    whole = rules.replace(E.det(hole), ((hole, rules.part(M.invertible(apart), 0)),))
    links = (rules.mirror(M.multiplicative(a, a.base)), whole, M.unit(one))
    x = E.Sym("°")
    over = rules.replace(x / E.det(a.base), ((x, rules.chain(links)),))
    left, right = (by_normal_form(inside, g) for g in ends(over, E.det(a), E.det(a.base) ** -1))
    return rules.chain((left, over, right))


def ends(t: Theorem, first: Expr, last: Expr) -> tuple[Rel, Rel]:
    """What leads to an equation, and on from it."""
    return Rel(first, "=", t.says.left), Rel(t.says.right, "=", last)  # type: ignore[attr-defined]


def opened(ground: Ground, t: Theorem) -> Theorem:
    """The equation, with the determinants on its right opened where that is possible."""
    right = t.says.right  # type: ignore[attr-defined]
    more = unfolded(ground, right)
    return rules.chain((t, more)) if more is not None else t


def unfolded(ground: Ground, e: Expr) -> Theorem | None:
    """e = e with the determinants in it opened; None where there is nothing to open."""
    holes = []
    for place, x in enumerate(dict.fromkeys(x for x in e.walk() if isinstance(x, E.Det))):
        try:
            holes.append((x, E.Sym(f"°{place}"), factored(ground, x)))
        except (NotFound, Refused, Undecided):
            continue
    if not holes:
        return None
    template = replaced(e, {x: hole for x, hole, _ in holes})
    return rules.replace(template, tuple((hole, t) for _, hole, t in holes))


def replaced(e: Expr, table: dict[Expr, Expr]) -> Expr:
    if e in table:
        return table[e]
    return e.rebuild([replaced(c, table) for c in e.children()]) if e.children() else e


@tactic
def by_determinant(ground: Ground, goal: Rel) -> Theorem:
    """det A ≠ 0, det A > 0."""
    e = named(goal.left)
    if goal.op not in "≠>" or not isinstance(e, E.Det) or not rules.same(goal.right, ZERO):
        raise NotFound("")
    if goal.op == ">":
        return M.of_definite(surely(ground, e.arg))
    ways: tuple[Callable[[Ground, E.Det], Theorem], ...] = (by_definiteness, by_inverse)
    for way in ways:
        try:
            return way(ground, e)
        except (NotFound, Refused, Undecided):
            continue
    raise NotFound(f"{e} ≠ 0 is not seen")


def by_definiteness(ground: Ground, e: E.Det) -> Theorem:
    return rules.weaken(M.of_definite(surely(ground, e.arg)), "≠")


def by_inverse(ground: Ground, e: E.Det) -> Theorem:
    """Of a matrix with orthonormal columns, of an inverse, or where a product with it is known to be I."""
    one, a = E.Eye(e.size), named(e.arg)
    if isinstance(a, E.Pow) and a.exponent == INVERSE:
        apart = ground.prove(Rel(E.det(a.base), "≠", ZERO))
        return M.one_sided(a.base, a, rules.part(M.invertible(apart), 1))
    for t in ground.known:
        r = t.says
        if rules.same(r, Rel(E.Rank(a), "=", E.lift(e.size))):
            return M.rank_full(a, t, ground.order(ZERO, "≤", E.lift(e.size)))
        if isinstance(r, Rel) and r.op == "=" and isinstance(r.left, E.Mul) and rules.same(r.right, one):
            for place in range(1, len(r.left.factors)):
                b, c = (product(list(fs)) for fs in (r.left.factors[:place], r.left.factors[place:]))
                if rules.same(c, a):
                    return M.one_sided(b, c, t)
    if isinstance(a, E.Letter) and "orthonormal" in a.traits:
        return M.one_sided(a.T, a, by_normal_form(ground, Rel(a.T @ a, "=", one)))
    raise NotFound(f"no inverse of {a} is known")


@tactic
def by_factors_of(ground: Ground, goal: Rel) -> Theorem:
    """A relation in which the determinants of products, transposes and inverses are opened."""
    ground = ground.knowing(*(squared(ground, x) for x in dict.fromkeys(goal.walk()) if orthonormal(x)))  # type: ignore[arg-type]
    left, right = (unfolded(ground, e) for e in (goal.left, goal.right))
    if left is None and right is None:
        if goal.op == "=" and any(map(orthonormal, goal.walk())):
            return by_normal_form(ground, goal)
        raise NotFound("")
    sides = [e if t is None else t.says.right for e, t in ((goal.left, left), (goal.right, right))]  # type: ignore[attr-defined]
    links = [] if left is None else [left]
    links.append(ground.prove(Rel(sides[0], goal.op, sides[1])))
    return rules.chain((*links, *(() if right is None else (rules.mirror(right),))))


def orthonormal(x: Expr) -> bool:
    """Whether it is the determinant of a letter with orthonormal columns."""
    return isinstance(x, E.Det) and isinstance(x.arg, E.Letter) and "orthonormal" in x.arg.traits


def squared(ground: Ground, x: E.Det) -> Theorem:
    """det(O)² = 1, as det Oᵀ det O = det(OᵀO) = det I."""
    o, hole, y = x.arg, E.Letter("°", *x.arg.shape), E.Sym("°")
    turned = rules.replace(y * x, ((y, rules.mirror(M.transposed(o))),))
    unit = by_normal_form(ground, Rel(o.T @ o, "=", E.Eye(x.size)))
    links = (turned, rules.mirror(M.multiplicative(o.T, o)), rules.replace(E.det(hole), ((hole, unit),)))
    first = by_normal_form(ground, Rel(x**2, "=", x * x))
    return rules.chain((first, *links, M.unit(E.Eye(x.size))))

"""Logarithms of products and powers, exponentials of sums, and the gradient of log det.

Main results
    by_logarithms    an equation in which the logarithms of products and the exponentials of sums are opened
    spread           log(xy) = log x + log y, log x⁻¹ = −log x, log √x = ½ log x, exp(x + y) = exp x exp y
    by_jacobi        ∇ log det A
"""

from __future__ import annotations

from fractions import Fraction

from proofs.kernel import expressions as E
from proofs.kernel import logarithms as laws
from proofs.kernel import matrices, rules
from proofs.kernel.expressions import Expr, Num, Sym
from proofs.kernel.propositions import ZERO, Rel
from proofs.kernel.tensor import Undecided
from proofs.kernel.theorem import Refused, Theorem
from proofs.tactics.definite import symmetric_inverse
from proofs.tactics.determinants import replaced
from proofs.tactics.equality import by_normal_form, needed
from proofs.tactics.ground import Ground, NotFound, tactic

HALF = Num(Fraction(1, 2))
X, Y = Sym("°x"), Sym("°y")


def spread(ground: Ground, e: Expr) -> Theorem:
    """A logarithm or an exponential as those of the parts.

    Raises
    ------
    NotFound
        When it has no parts.
    """
    arg = e.arg if isinstance(e, E.Fn) else e
    while isinstance(arg, E.Named):
        arg = arg.body
    if isinstance(e, E.Fn) and e.name == "exp" and isinstance(arg, E.Add):
        rest = E.Add(arg.terms[1:]) if len(arg.terms) > 2 else arg.terms[1]
        return further(ground, laws.exponents(arg.terms[0], rest))
    if isinstance(e, E.Fn) and e.name == "exp" and isinstance(arg, E.Fn) and arg.name == "log":
        return laws.logarithm(arg.arg, ground.prove(Rel(arg.arg, ">", ZERO)))
    if not (isinstance(e, E.Fn) and e.name == "log"):
        raise NotFound("")
    if isinstance(arg, E.Fn) and arg.name == "exp":
        return laws.logarithm(arg.arg)
    if isinstance(arg, E.Mul) and len(arg.factors) > 1:
        rest = E.Mul(arg.factors[1:]) if len(arg.factors) > 2 else arg.factors[1]
        return further(ground, of_product(ground, arg.factors[0], rest))
    if isinstance(arg, E.Pow) and isinstance(arg.exponent, Num):
        return further(ground, of_power(ground, arg.base, arg.exponent.value))
    raise NotFound(f"{e} has no parts")


def of_product(ground: Ground, x: Expr, y: Expr) -> Theorem:
    """log(xy) = log(exp(log x) exp(log y)) = log(exp(log x + log y)) = log x + log y."""
    inside = [laws.logarithm(z, ground.prove(Rel(z, ">", ZERO))) for z in (x, y)]
    one = rules.replace(E.log(X * Y), tuple((hole, rules.mirror(t)) for hole, t in zip((X, Y), inside, strict=True)))
    two = rules.replace(E.log(X), ((X, rules.mirror(laws.exponents(E.log(x), E.log(y)))),))
    return rules.chain((one, two, laws.logarithm(E.log(x) + E.log(y))))


def of_power(ground: Ground, x: Expr, p: Fraction) -> Theorem:
    """log xᵖ = p log x, for the p of numbers and roots: from products of two."""
    e, whole = E.log(E.Pow(x, Num(p))), E.log(x)
    if p in (0, 1):
        return by_normal_form(ground, Rel(e, "=", Num(p) * whole))
    one, other = (Fraction(1), p - 1) if p > 1 else (p, p) if p == Fraction(1, 2) else (p, -p)
    left, right = E.Pow(x, Num(one)), E.Pow(x, Num(other))
    if other == p:
        same = by_normal_form(ground, Rel(left * right, "=", x))
        ground = ground.knowing(rules.chain((same, ground.prove(Rel(x, ">", ZERO)))))
    product = of_product(ground, left, right)  # log(x^a x^b) = log x^a + log x^b
    if p > 1:
        more = rules.replace(whole + X, ((X, of_power(ground, x, other)),))
        first, last = Rel(e, "=", product.says.left), Rel(more.says.right, "=", Num(p) * whole)  # type: ignore[attr-defined]
        at = Rel(product.says.right, "=", more.says.left)  # type: ignore[attr-defined]
        links = (by_normal_form(ground, first), product, by_normal_form(ground, at), more, by_normal_form(ground, last))
        return rules.chain(links)
    together = E.log(x) if other == p else E.lift(0)  # log √x + log √x = log x; log x⁻ᵖ + log xᵖ = 0
    total = rules.chain((rules.mirror(product), by_normal_form(ground, Rel(product.says.left, "=", together))))  # type: ignore[attr-defined]
    rest = HALF * X if other == p else X - E.log(right)
    moved = rules.replace(rest, ((X, total),))
    back = by_normal_form(ground, Rel(e, "=", moved.says.left))  # type: ignore[attr-defined]
    t = rules.chain((back, moved))
    if other != p and p != -1:
        more = rules.replace(ZERO - X, ((X, of_power(ground, x, other)),))
        t = rules.chain((t, by_normal_form(ground, Rel(t.says.right, "=", more.says.left)), more))  # type: ignore[attr-defined]
    return rules.chain((t, by_normal_form(ground, Rel(t.says.right, "=", Num(p) * whole))))  # type: ignore[attr-defined]


def further(ground: Ground, t: Theorem) -> Theorem:
    """The equation, its right side spread on."""
    more = all_spread(ground, t.says.right)  # type: ignore[attr-defined]
    return t if more is None else rules.chain((t, more))


def all_spread(ground: Ground, e: Expr) -> Theorem | None:
    """e = e with logarithms and exponentials opened; None where there is nothing to open."""
    holes = []
    for place, x in enumerate(dict.fromkeys(x for x in e.walk() if isinstance(x, E.Fn))):
        try:
            holes.append((x, Sym(f"°{place}"), spread(ground, x)))
        except (NotFound, Refused, Undecided):
            continue
    if not holes:
        return None
    return rules.replace(replaced(e, {x: s for x, s, _ in holes}), tuple((s, t) for _, s, t in holes))


@tactic
def by_logarithms(ground: Ground, goal: Rel) -> Theorem:
    if not goal.left.is_scalar or not any(isinstance(x, E.Fn) and x.name in ("log", "exp") for x in goal.walk()):
        raise NotFound("")
    opposite = [inverse_of(ground, x) for x in dict.fromkeys(goal.walk()) if isinstance(x, E.Fn) and x.name == "exp"]
    left, right = (all_spread(ground, e) for e in (goal.left, goal.right))
    if left is None and right is None and (goal.op != "=" or not opposite):
        raise NotFound("")
    ground = ground.knowing(*opposite)
    if left is None and right is None:
        return by_normal_form(ground, goal)
    sides = [e if t is None else t.says.right for e, t in ((goal.left, left), (goal.right, right))]  # type: ignore[attr-defined]
    middle = ground.prove(Rel(sides[0], goal.op, sides[1]))
    return rules.chain(tuple(t for t in (left, middle, right and rules.mirror(right)) if t is not None))


def inverse_of(ground: Ground, x: E.Fn) -> Theorem:
    """exp x exp(−x) = exp(x − x) = 1."""
    t = laws.exponents(x.arg, -x.arg)
    return rules.chain((rules.mirror(t), by_normal_form(ground, Rel(t.says.left, "=", E.lift(1)))))  # type: ignore[attr-defined]


@tactic
def by_jacobi(ground: Ground, goal: Rel) -> Theorem:
    """∇ log det A = G, from ∇ tr(CA) = G for any C."""
    d = goal.left
    body = getattr(d, "body", None)
    if goal.op != "=" or not isinstance(d, E.Grad | E.Diff) or not (isinstance(body, E.Fn) and body.name == "log"):
        raise NotFound("")
    if not isinstance(body.arg, E.Det):
        raise NotFound("")
    a = body.arg.arg
    inverse, c = a**-1, E.Letter("°C", *a.shape)
    slope = type(d)(E.Tr(c @ a), d.letter) if isinstance(d, E.Grad) else E.Diff(E.Tr(c @ a), d.var)
    try:
        t = by_normal_form(ground, Rel(slope, "=", replaced(goal.right, {inverse: c})))
    except (NotFound, Refused):
        return of_symmetric(ground, goal, slope, a, c)
    return matrices.jacobi(t, a, c, needed(ground, goal))


def of_symmetric(ground: Ground, goal: Rel, slope: Expr, a: Expr, c: E.Letter) -> Theorem:
    """Where A⁻¹ is symmetric, ½(C + Cᵀ) may stand for it."""
    inverse, hole = E.Pow(a, Num(Fraction(-1))), E.Letter("°", *a.shape)
    t = by_normal_form(ground, Rel(slope, "=", replaced(goal.right, {inverse: HALF * (c + c.T)})))
    even = by_normal_form(ground, Rel(a.T, "=", a))
    known = needed(ground, Rel(goal.left, "=", goal.right))
    found = matrices.jacobi(t, a, c, known)
    halves = replaced(goal.right, {inverse: HALF * (inverse + hole)})
    turned = rules.replace(halves, ((hole, symmetric_inverse(ground, inverse, even)),))
    return rules.chain((found, turned, by_normal_form(ground, Rel(turned.says.right, "=", goal.right))))  # type: ignore[attr-defined]

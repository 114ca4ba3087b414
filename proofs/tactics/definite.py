"""Semi-definite matrices and quantities that are not negative, by their form.

Main results
    semidefinite    A ⪰ 0 for sums of c BᵀCB with c ≥ 0 and C semi-definite
    definite        A ≻ 0 for sums of such with a definite one, inverses and BᵀCB with invertible B
    nonnegative     e ≥ 0 for squares, traces of semi-definite matrices, products and sums of such
    by_form         both, as goals
"""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction

from flint import fmpq

from proofs.kernel import expressions as E
from proofs.kernel import matrices, rules
from proofs.kernel import semidefinite as definite
from proofs.kernel.binding import substitute
from proofs.kernel.expressions import Expr, Num
from proofs.kernel.gaps import Positive
from proofs.kernel.propositions import ONE, ZERO, Every, Implies, Rel, diagonal_entry, zero
from proofs.kernel.tensor import Undecided
from proofs.kernel.theorem import Refused, Theorem
from proofs.tactics.equality import needed
from proofs.tactics.ground import Ground, NotFound, tactic


def equal(ground: Ground, left: Expr, right: Expr) -> Theorem:
    goal = Rel(left, "=", right)
    return rules.ring(goal, (*needed(ground, goal), *ground.indices))


def semidefinite(ground: Ground, e: Expr) -> Theorem:
    """e ⪰ 0."""
    while isinstance(e, E.Named):
        e = e.body
    stated = known(ground, e)
    if stated is not None:
        return stated if stated.says.op == "⪰" else rules.weaken(stated, "⪰")  # type: ignore[attr-defined]
    if isinstance(e, E.Add):
        return definite.added(tuple(semidefinite(ground, x) for x in e.terms))
    factors = unfold(e)
    scalars, matrices = [f for f in factors if f.is_scalar], [f for f in factors if not f.is_scalar]
    half, odd = divmod(len(matrices), 2)
    found = middle(ground, matrices[half]) if odd else None
    right = matrices[half + odd :]
    if right:
        b = product(right)
        found = definite.gram(b) if found is None else definite.congruence(found, b)
    if found is None:
        raise NotFound(f"{e} is not seen to be semi-definite")
    for c in scalars:
        found = definite.multiple(found, nonnegative(ground, c))
    return rules.chain((equal(ground, e, found.says.left), found))  # type: ignore[attr-defined]


def middle(ground: Ground, e: Expr) -> Theorem:
    """The factor in the middle: a letter that is declared so, or a diagonal matrix."""
    if isinstance(e, E.Letter) and e.traits & {"psd", "pd"}:
        found = definite.trait(e)
    elif (stated := known(ground, e)) is not None:
        found = stated
    elif isinstance(e, E.Pow):
        found = inverse(ground, e)
    else:
        i = E.integer("•")
        entry = diagonal_entry(e, i)
        if entry is None:
            raise NotFound(f"{e} is not seen to be semi-definite")
        each = Every(i, ONE, E.lift(e.shape[0]), Rel(entry, "≥", ZERO))
        found = definite.diagonal(e, ground.prove(each))
    return found if found.says.op == "⪰" else rules.weaken(found, "⪰")  # type: ignore[attr-defined]


def known(ground: Ground, e: Expr) -> Theorem | None:
    """What is known of a matrix: ≻ 0, or else ⪰ 0; A ⪰ B says it of A − B."""
    above = [t for t in ground.known if isinstance(t.says, Rel) and t.says.op in "⪰≻"]
    gaps = (t if rules.same(t.says.right, zero(t.says.left)) else rules.differ(t) for t in above)  # type: ignore[attr-defined]
    stated = [t for t in gaps if rules.same(t.says.left, e)]  # type: ignore[attr-defined]
    return max(stated, key=lambda t: t.says.op == "≻", default=None)  # type: ignore[attr-defined]


def surely(ground: Ground, e: Expr) -> Theorem:
    """e ≻ 0."""
    while isinstance(e, E.Named):
        e = e.body
    stated = known(ground, e)
    if stated is not None and stated.says.op == "≻":  # type: ignore[attr-defined]
        return stated
    if isinstance(e, E.Add):
        return definite.added(tuple(strongest(ground, x) for x in e.terms))
    if isinstance(e, E.Letter) and "pd" in e.traits:
        return definite.trait(e)
    if isinstance(e, E.Pow):
        return inverse(ground, e)
    factors = unfold(e)
    scalars, inner = [f for f in factors if f.is_scalar], [f for f in factors if not f.is_scalar]
    half, odd = divmod(len(inner), 2)
    if len(inner) == 1 and not scalars:
        i = E.integer("•")
        entry = diagonal_entry(e, i)
        if entry is None:
            raise NotFound(f"{e} is not seen to be definite")
        return definite.diagonal(e, ground.prove(Every(i, ONE, E.lift(e.shape[0]), Rel(entry, ">", ZERO))))
    right = product(inner[half + odd :]) if half else E.Eye(e.shape[0])
    if right.shape != e.shape:
        raise NotFound(f"{right} is not square")
    found = surely(ground, inner[half] if odd else E.Eye(e.shape[0]))
    if half:
        found = matrices.congruent(found, ground.prove(Rel(E.det(right), "≠", ZERO)))
    for c in scalars:
        found = definite.multiple(found, ground.prove(Rel(c, ">", ZERO)))
    return rules.chain((equal(ground, e, found.says.left), found))  # type: ignore[attr-defined]


def symmetric_inverse(ground: Ground, e: E.Pow, even: Theorem) -> Theorem:
    """A⁻¹ᵀ = A⁻¹, from Aᵀ = A."""
    apart = ground.prove(Rel(E.det(e.base), "≠", ZERO))
    inside = ground.knowing(apart)
    links = self_adjoint(inside, e, even, matrices.invertible(apart))
    return rules.chain((equal(inside, e.T, links[0].says.left), *links))  # type: ignore[attr-defined]


def product(factors: list[Expr]) -> Expr:
    return factors[0] if len(factors) == 1 else E.mul(*factors)


def strongest(ground: Ground, e: Expr) -> Theorem:
    try:
        return surely(ground, e)
    except (Refused, Undecided, NotFound):
        return semidefinite(ground, e)


def inverse(ground: Ground, e: E.Pow) -> Theorem:
    """A⁻¹ ≻ 0 from A ≻ 0, as it is A⁻¹ᵀ A A⁻¹."""
    if e.exponent != Num(Fraction(-1)):
        raise NotFound(f"{e} is not seen to be definite")
    above = surely(ground, e.base)
    apart = rules.weaken(matrices.of_definite(above), "≠")
    both = matrices.invertible(apart)
    there = matrices.one_sided(e.base, e, rules.part(both, 1))
    found = matrices.congruent(above, there)
    even = definite.symmetric(above)
    hole = E.Letter("°", *e.shape)
    left = found.says.left  # type: ignore[attr-defined]
    one = rules.part(both, 1)
    first = rules.replace(e.T @ hole, ((hole, one),))
    links = [equal(ground.knowing(apart), left, first.says.left), first]  # type: ignore[attr-defined]
    links += self_adjoint(ground.knowing(apart), e, even, both)
    return rules.chain((rules.mirror(rules.chain(tuple(links))), found))


def self_adjoint(ground: Ground, e: E.Pow, even: Theorem, both: Theorem) -> list[Theorem]:
    """A⁻¹ᵀ I = A⁻¹ for symmetric A: A⁻¹ᵀ = A⁻¹ᵀ Aᵀ A⁻¹ = (A A⁻¹)ᵀ A⁻¹ = A⁻¹."""
    one = E.Eye(e.shape[0])
    hole = E.Letter("°", *e.shape)
    right, back = rules.part(both, 1), rules.mirror(even)
    whole = rules.replace(e.T @ hole, ((hole, rules.mirror(right)),))  # A⁻¹ᵀ I = A⁻¹ᵀ (A A⁻¹)
    turned = rules.replace(e.T @ hole @ e, ((hole, back),))  # with A = Aᵀ
    unit = rules.replace(hole.T @ e, ((hole, right),))  # (A A⁻¹)ᵀ A⁻¹ = Iᵀ A⁻¹
    return [
        whole,
        equal(ground, whole.says.right, turned.says.left),  # type: ignore[attr-defined]
        turned,
        equal(ground, turned.says.right, unit.says.left),  # type: ignore[attr-defined]
        unit,
        equal(ground, one.T @ e, e),
    ]


def unfold(e: Expr) -> list[Expr]:
    """The factors of a product, definitions opened and transposes of products multiplied out."""
    if isinstance(e, E.Named):
        return unfold(e.body)
    if isinstance(e, E.T) and isinstance(e.arg, E.Mul | E.Named | E.T):
        inner = unfold(e.arg)
        return [f for f in inner if f.is_scalar] + [f.T for f in reversed(inner) if not f.is_scalar]
    if isinstance(e, E.Mul):
        return [g for f in e.factors for g in unfold(f)]
    return [e]


def nonnegative(ground: Ground, e: Expr) -> Theorem:
    """e ≥ 0."""
    if isinstance(e, E.SqNorm):
        return rules.square(e.arg)
    if isinstance(e, E.Pow) and e.exponent == Num(Fraction(2)):
        return rules.square(e.base)
    if isinstance(e, E.Pow) and e.exponent == Num(Fraction(1, 2)):
        return rules.root(nonnegative(ground, e.base))
    if isinstance(e, E.Abs):
        root = rules.root(rules.square(e.arg))
        return rules.chain((equal(ground, e, root.says.left), root))  # type: ignore[attr-defined]
    if isinstance(e, E.Tr):
        try:
            found = definite.form(semidefinite(ground, e.arg), E.Eye(e.arg.shape[0]))
        except (Refused, Undecided, NotFound):
            found = paired(ground, e.arg)
        return rules.chain((equal(ground, e, found.says.left), found))  # type: ignore[attr-defined]
    if isinstance(e, E.Inner):
        return rules.chain((equal(ground, e, pair := E.Tr(e.left.T @ e.right)), nonnegative(ground, pair)))
    if isinstance(e, E.Sum):
        with suppress(NotFound, Refused, Undecided):
            return term_by_term(ground, e)
    if isinstance(e, E.Add):
        with suppress(NotFound, Refused, Undecided):
            return added(ground, e)
    if isinstance(e, E.Mul) and e.is_scalar:
        return multiplied(Rel(e, "≥", ZERO), tuple(nonnegative(ground, f) for f in e.factors))
    try:
        return ground.prove(Rel(e, "≥", ZERO))
    except (Refused, Undecided) as why:
        raise NotFound(str(why)) from why


def added(ground: Ground, e: E.Add) -> Theorem:
    """A sum of what is not negative."""
    facts = tuple(nonnegative(ground, t) for t in e.terms)
    each = tuple((tuple(int(p == q) for q in range(len(facts))), fmpq(1)) for p in range(len(facts)))
    goal = Rel(e, "≥", ZERO)
    shape = Positive(each, (((0,) * len(facts), fmpq(1)),))
    return rules.positive(goal, facts, shape, (*needed(ground, goal), *ground.indices))


def multiplied(goal: Rel, facts: tuple[Theorem, ...]) -> Theorem:
    """A product is of the sign of its factors: as any numbers, so these, of which nothing else is looked at."""
    signs: list[Rel] = [t.says for t in facts]  # type: ignore[misc]
    numbers = [E.Sym(f"°{n}") for n in range(len(facts))]
    supposed = tuple(rules.hypothesis(Rel(x, r.op, ZERO)) for x, r in zip(numbers, signs, strict=True))
    shape = Positive((((1,) * len(facts), fmpq(1)),), (((0,) * len(facts), fmpq(1)),))
    any_ = rules.positive(Rel(E.Mul(tuple(numbers)), goal.op, ZERO), supposed, shape)
    t = rules.rename(any_, tuple((x, r.left) for x, r in zip(numbers, signs, strict=True)))
    while isinstance(t.says, Implies):
        t = rules.apply(t, next(f for f in facts if rules.same(f.says, t.says.premise)))
    return t


def paired(ground: Ground, e: Expr) -> Theorem:
    """tr(AB) ≥ 0 where the product is of two semi-definite parts, wherever it is cut and turned round."""
    factors = unfold(e)
    if any(f.is_scalar for f in factors):
        raise NotFound(f"{e} is not seen to be a product of semi-definite matrices")
    for start in range(len(factors)):
        around = factors[start:] + factors[:start]
        for cut in range(1, len(around)):
            a, b = product(around[:cut]), product(around[cut:])
            if a.shape != b.shape or a.shape[0] != a.shape[1]:
                continue
            try:
                return matrices.paired(semidefinite(ground, a), semidefinite(ground, b))
            except (Refused, Undecided, NotFound):
                continue
    raise NotFound(f"{e} is not seen to be a product of semi-definite matrices")


def by_steps(ground: Ground, goal: Rel) -> Theorem:
    """A ⪰ C from what is known of A ⪰ B."""
    for t in ground.known:
        r = t.says
        if isinstance(r, Rel) and r.op in "⪰≻" and rules.same(r.left, goal.left) and not rules.same(r, goal):
            rest = ground.prove(Rel(r.right, goal.op if r.op == "⪰" else "⪰", goal.right))
            found = rules.chain((t, rest))
            return found if found.says.op == goal.op else rules.weaken(found, "⪰")  # type: ignore[attr-defined]
    raise NotFound(f"{goal} is not seen")


@tactic
def by_form(ground: Ground, goal: Rel) -> Theorem:
    """A ⪰ B and A ≻ B; e ≥ 0 of squares and traces."""
    if goal.op in "⪰≻":
        gap = goal.left if rules.same(goal.right, zero(goal.left)) else goal.left - goal.right
        try:
            t = (semidefinite if goal.op == "⪰" else surely)(ground, gap)
        except (Refused, Undecided, NotFound):
            return by_steps(ground, goal)
        return t if gap is goal.left else definite.above(goal, t)
    if goal.op == "≤" and goal.left.is_scalar:
        return rules.mirror(by_form(ground, Rel(goal.right, "≥", goal.left)))
    if goal.op not in "≥>" or not goal.left.is_scalar or not rules.same(goal.right, ZERO):
        raise NotFound("")
    if goal.op == ">":
        factors = goal.left.factors if isinstance(goal.left, E.Mul) else ()
        if len(factors) < 2:
            raise NotFound("")
        return multiplied(goal, tuple(ground.prove(Rel(f, ">", ZERO)) for f in factors))
    square = isinstance(goal.left, E.Pow) and goal.left.exponent in (Num(Fraction(2)), Num(Fraction(1, 2)))
    if not square and not isinstance(goal.left, E.SqNorm | E.Tr | E.Inner | E.Mul | E.Add | E.Abs):
        raise NotFound("")
    return added(ground, goal.left) if isinstance(goal.left, E.Add) else nonnegative(ground, goal.left)


def term_by_term(ground: Ground, e: E.Sum) -> Theorem:
    """Σ a ≥ 0, as a(i) ≥ 0 for every i that is not left out."""
    var, inside = ground.generic(e.var, e.lo, e.hi)
    apart = tuple(Rel(var, "≠", x) for x in e.without)
    each = nonnegative(inside.supposing(*apart), substitute(e.body, {e.var: var}))
    for p in reversed(apart):
        each = rules.discharge(each, p)
    every = rules.generalise(each, var, e.lo, e.hi)
    summed = rules.terms(every, None, e.without)
    nothing = summed.says.right  # type: ignore[attr-defined]
    return rules.chain((summed, equal(ground, nothing, ZERO)))

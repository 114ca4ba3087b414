"""Semi-definite matrices and quantities that are not negative, by their form.

Main results
    semidefinite    A ⪰ 0 for sums of c BᵀCB with c ≥ 0 and C semi-definite
    nonnegative     e ≥ 0 for squares, traces of semi-definite matrices, products and sums of such
"""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction

from flint import fmpq

from proofs.kernel import expressions as E
from proofs.kernel import rules, sums
from proofs.kernel import semidefinite as definite
from proofs.kernel.binding import substitute
from proofs.kernel.expressions import Expr, Num
from proofs.kernel.gaps import Positive
from proofs.kernel.propositions import ONE, ZERO, Every, Rel, diagonal_entry
from proofs.kernel.tensor import Undecided
from proofs.kernel.theorem import Refused, Theorem
from proofs.tactics.equality import needed
from proofs.tactics.ground import Ground, NotFound


def equal(ground: Ground, left: Expr, right: Expr) -> Theorem:
    goal = Rel(left, "=", right)
    return rules.ring(goal, (*needed(ground, goal), *ground.indices))


def semidefinite(ground: Ground, e: Expr) -> Theorem:
    """e ⪰ 0."""
    while isinstance(e, E.Named):
        e = e.body
    if isinstance(e, E.Add):
        return definite.added(tuple(semidefinite(ground, x) for x in e.terms))
    factors = unfold(e)
    scalars, matrices = [f for f in factors if f.is_scalar], [f for f in factors if not f.is_scalar]
    half, odd = divmod(len(matrices), 2)
    found = middle(ground, matrices[half]) if odd else None
    right = matrices[half + odd :]
    if right:
        b = E.mul(*right)
        found = definite.gram(b) if found is None else definite.congruence(found, b)
    if found is None:
        raise NotFound(f"{e} is not seen to be semi-definite")
    for c in scalars:
        found = definite.multiple(found, nonnegative(ground, c))
    return definite.loewner((equal(ground, e, found.says.left), found))  # type: ignore[attr-defined]


def middle(ground: Ground, e: Expr) -> Theorem:
    """The factor in the middle: a letter that is declared so, or a diagonal matrix."""
    if isinstance(e, E.Letter) and e.traits & {"psd", "pd"}:
        found = definite.trait(e)
    else:
        i = E.integer("•")
        entry = diagonal_entry(e, i)
        if entry is None:
            raise NotFound(f"{e} is not seen to be semi-definite")
        each = Every(i, ONE, E.lift(e.shape[0]), Rel(entry, "≥", ZERO))
        found = definite.diagonal(e, ground.prove(each))
    return found if found.says.op == "⪰" else definite.weaker(found)  # type: ignore[attr-defined]


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
    if isinstance(e, E.Tr):
        found = definite.form(semidefinite(ground, e.arg), E.Eye(e.arg.shape[0]))
        return rules.chain((equal(ground, e, found.says.left), found))  # type: ignore[attr-defined]
    if isinstance(e, E.Sum):
        with suppress(NotFound, Refused, Undecided):
            return term_by_term(ground, e)
    if isinstance(e, E.Mul) and e.is_scalar:
        facts = tuple(nonnegative(ground, f) for f in e.factors)
        one = (((1,) * len(facts), fmpq(1)),)
        goal = Rel(e, "≥", ZERO)
        return rules.positive(
            goal, facts, Positive(one, (((0,) * len(facts), fmpq(1)),)), (*needed(ground, goal), *ground.indices)
        )
    try:
        return ground.prove(Rel(e, "≥", ZERO))
    except (Refused, Undecided) as why:
        raise NotFound(str(why)) from why


def term_by_term(ground: Ground, e: E.Sum) -> Theorem:
    """Σ a ≥ 0, as a(i) ≥ 0 for every i that is not left out."""
    var, inside = ground.generic(e.var, e.lo, e.hi)
    apart = tuple(Rel(var, "≠", x) for x in e.without)
    each = nonnegative(inside.supposing(*apart), substitute(e.body, {e.var: var}))
    for p in reversed(apart):
        each = rules.discharge(each, p)
    every = rules.generalise(each, var, e.lo, e.hi)
    summed = sums.others(every, e.without) if apart else rules.terms(every)
    nothing = summed.says.right  # type: ignore[attr-defined]
    return rules.chain((summed, equal(ground, nothing, ZERO)))

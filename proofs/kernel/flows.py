"""Where a gradient flow goes: a statement of its own, and the fact of the literature by which it is known of curves.

Main results
    Reaches       the gradient flow of a loss from a start exists for all times and tends to a limit
    rolls_down    it follows a curve down to the first point at which it rests
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from proofs.kernel import expressions as E
from proofs.kernel.binding import free, plain, substitute
from proofs.kernel.expressions import LEAF, Expr, Family, Letter, Num, Sym, misfit
from proofs.kernel.propositions import ZERO, ForAll, Implies, Prop, Rel
from proofs.kernel.rules import same, want
from proofs.kernel.textbook import fact
from proofs.kernel.theorem import Theorem


@dataclass(frozen=True, eq=False)
class Reaches(Prop):
    """The solution of ẇ = −∂loss/∂w that begins at the start exists for all times t ≥ 0 and tends to the limit."""

    loss: Expr = field(metadata=LEAF)
    letters: tuple[Letter, ...] = field(metadata=LEAF)
    start: tuple[Expr, ...] = ()
    limit: tuple[Expr, ...] = ()

    def __post_init__(self) -> None:
        for w, *ends in zip(self.letters, self.start, self.limit, strict=True):
            if any(x.shape != w.shape for x in ends) or w.traits or w.noise:
                misfit(f"{w} is no letter that moves to such a point")

    @property
    def stands_for(self) -> tuple[Expr, ...]:
        """The loss has a value too."""
        return (self.loss,)


ALONG = Sym("•τ")


def descent(
    loss: Expr, letters: Sequence[Letter], points: Sequence[Expr], speed: Expr, parameter: Sym, place: int
) -> Rel:
    """−d loss(Z) = ⟨speed · tangent, Z⟩ for any direction Z of a letter, at any point of a curve."""
    w, x = letters[place], points[place]
    z = Letter("Z", *w.shape)
    at: dict[Expr, Expr] = {**dict(zip(letters, points, strict=True)), w: x + ALONG * z}
    return Rel(-E.Diff(substitute(loss, at), ALONG, 1, True), "=", E.Inner(speed * E.Diff(x, parameter), z))


def falling(speed: Expr, parameter: Sym, begin: Expr) -> ForAll:
    """∀ 0 < a ≤ begin: speed < 0."""
    low, high = Rel(parameter, ">", ZERO), Rel(parameter, "≤", begin)
    return ForAll(parameter, Implies(low, Implies(high, Rel(speed, "<", ZERO))))


POLYNOMIAL = (E.Num, E.Sym, E.Item, Letter, E.Add, E.Mul, E.Eye, E.Zero, E.Diag, E.Proj, E.Basis, E.First, E.T)
OF_MATRICES = (E.Tr, E.SqNorm, E.Inner, E.Entry, E.Sum)


def polynomial(e: Expr) -> bool:
    """Whether an expression is a polynomial by its form."""
    e = plain(e)
    families = [f for x in e.walk() for f in [getattr(x, "family", None)] if isinstance(f, Family)]
    if any(f.define or f.tail or f.random for f in families):
        return False

    def fine(x: Expr) -> bool:
        if isinstance(x, E.Pow):
            return isinstance(x.exponent, Num) and x.exponent.value >= 0 and x.exponent.value.denominator == 1
        return isinstance(x, (*POLYNOMIAL, *OF_MATRICES))

    return all(map(fine, e.walk()))


@fact(
    "flows of one variable",
    "ẋ = f(x) with locally Lipschitz f has one solution through each point; where f(x(0)) < 0, the solution falls to "
    "the first zero of f below x(0).",
    "G. Teschl, Ordinary Differential Equations and Dynamical Systems (2012), Theorem 2.2 and Section 1.3",
)
def rolls_down(
    goal: Reaches,
    points: tuple[Expr, ...],
    speed: Expr,
    parameter: Sym,
    begin: Expr,
    slopes: tuple[Theorem, ...],
    falls: Theorem,
    rests: Theorem,
    starts: Theorem,
) -> tuple[Iterable[Expr], Expr]:
    """From −∇loss(points) = speed · d points/da at every a, speed < 0 for 0 < a ≤ begin, speed = 0 at 0 and begin > 0:
    the gradient flow from the point at begin tends to that at 0. Loss, points and speed are polynomials.

    Proof. Let x solve ẋ = speed(x) from begin. By the fact it falls for all times, to the first zero of the speed,
    which is 0. Then points(x(t)) has the derivative speed · d points/da = −∇loss there, so that it is the gradient
    flow, polynomials having one solution through each point; and it tends to the point at 0, as polynomials are
    continuous.
    """
    want(isinstance(goal, Reaches) and goal.loss.is_scalar and speed.is_scalar, "no flow")
    want(parameter.sort == E.Sort.REAL and parameter not in free(goal.loss) | free(begin), f"{parameter} parametrises")
    want(all(map(polynomial, (goal.loss, speed, *points))), "no polynomials")
    want(len(points) == len(slopes) == len(goal.letters) == len(set(goal.letters)), "as many theorems as letters")
    taken = frozenset().union(*map(free, (goal.loss, speed, begin, *points)))
    directions = {Letter("Z", *w.shape) for w in goal.letters}
    want(not taken & {ALONG, *directions}, "a name of a direction is taken")
    want(not any(set(goal.letters) & free(x) for x in (speed, begin, *points)), "a point that moves")
    for place, t in enumerate(slopes):
        equation: Any = descent(goal.loss, goal.letters, points, speed, parameter, place)
        want(same(t.says, equation), f"{t.says} is not the flow along the curve")
        own = {parameter, *directions, *goal.letters}
        want(not any(own & free(g) for g in t.given), "it is not known at every point and in every direction")
    want(same(falls.says, falling(speed, parameter, begin)), "it is not known to fall")
    want(same(rests.says, Rel(substitute(speed, {parameter: ZERO}), "=", ZERO)), "it may pass 0")
    want(same(starts.says, Rel(begin, ">", ZERO)), f"{begin} may be below 0")
    for x, first, last in zip(points, goal.start, goal.limit, strict=True):
        want(same(first, substitute(x, {parameter: begin})), f"{first} is not where the curve begins")
        want(same(last, substitute(x, {parameter: ZERO})), f"{last} is not where the curve ends")
    return [], goal

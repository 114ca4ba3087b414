"""Where a gradient flow goes: a statement of its own, and the facts of the literature by which it is known.

Main results
    Reaches       the gradient flow of a loss from a start exists for all times and tends to a limit
    rolls_down    it follows a curve down to the first point at which it rests
    settles       where it stays bounded it tends to a critical point
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from proofs.kernel import expressions as E
from proofs.kernel.binding import free, plain, substitute
from proofs.kernel.expressions import LEAF, Expr, Family, Letter, Num, Sym, misfit
from proofs.kernel.propositions import ZERO, And, Exists, ForAll, Implies, Prop, Rel, zero
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


def rate(quantity: Expr, loss: Expr, letters: Sequence[Letter]) -> Expr:
    """The derivative of a quantity along the gradient flow of a loss."""
    moved: dict[Expr, Expr] = {w: w - ALONG * E.Grad(loss, w) for w in letters}
    return E.Diff(substitute(quantity, moved), ALONG, 1, True)


def confined(loss: Expr, letters: Sequence[Letter], start: Sequence[Expr], kept: Sequence[Expr]) -> Expr:
    """The kept quantities are as at the start, and the loss is no larger."""
    begin: dict[Expr, Expr] = dict(zip(letters, start, strict=True))
    same_ = tuple(Rel(q, "=", substitute(q, begin)) for q in kept)
    below = Rel(loss, "≤", substitute(loss, begin))
    return And((*same_, below)) if same_ else below


def settled(
    loss: Expr, letters: tuple[Letter, ...], start: tuple[Expr, ...], kept: Sequence[Expr], limit: tuple[Letter, ...]
) -> Expr:
    """∃ limit: the flow tends to it, it is critical, the loss there no larger, and what is kept as at the start."""
    end: dict[Expr, Expr] = dict(zip(letters, limit, strict=True))
    there = substitute(confined(loss, letters, start, kept), end)
    critical = (Rel(E.Grad(substitute(loss, end), x), "=", E.Zero(*x.shape)) for x in limit)
    said: Expr = And((Reaches(loss, letters, start, limit), there, *critical))
    for x in reversed(limit):
        said = Exists(x, said)
    return said


@fact(
    "Łojasiewicz",
    "A solution of ẋ = −∇f(x) that stays bounded, with f analytic, exists for all times and tends to a critical point "
    "of f.",
    "S. Łojasiewicz, Sur les trajectoires du gradient d'une fonction analytique, Seminari di Geometria 1982–1983 "
    "(1984) 115–117; P.-A. Absil, R. Mahony, B. Andrews, SIAM J. Optim. 16 (2005) 531–547, Theorem 2.2",
)
def settles(
    loss: Expr,
    letters: tuple[Letter, ...],
    start: tuple[Expr, ...],
    limit: tuple[Letter, ...],
    kept: tuple[Expr, ...],
    rests: tuple[Theorem, ...],
    bounded: Theorem,
) -> tuple[Iterable[Expr], Expr]:
    """From rates 0 of the kept quantities at every point, and a bound on ‖w‖² at every point where these are as at the
    start and the loss is no larger: the flow tends to a critical point at which that holds. All are polynomials.

    Proof. As long as the solution exists the kept quantities are constant, and the loss does not grow, its rate being
    −‖∇loss‖²; so the solution stays bounded, and does not cease to exist. By the fact it tends to a critical point.
    Polynomials are continuous, so that what holds along the solution of them holds in the limit.
    """
    want(loss.is_scalar and all(map(polynomial, (loss, *kept))), "no polynomials")
    counts = {len(letters), len(set(letters)), len(start), len(limit), len(set(limit))}
    want(len(counts) == 1 and len(kept) == len(rests), "as many starts and limits as letters, and as many theorems")
    flow = Reaches(loss, letters, start, limit)  # refuses letters with traits, and other shapes
    want(all(isinstance(x, Letter) and not x.traits and x.noise is None for x in limit), "limits of any value")
    taken = frozenset().union(*map(free, (loss, *kept, *start)))
    want(not set(limit) & (taken | set(letters)), "the name of a limit is taken")
    want(ALONG not in taken, "the name of the time is taken")
    want(not any(set(letters) & free(x) for x in start), f"{flow} starts where it moves")
    for q, t in zip(kept, rests, strict=True):
        nothing = rate(q, loss, letters)
        want(same(t.says, Rel(nothing, "=", zero(nothing))), f"{t.says} is not that {q} is kept")
    says: Any = bounded.says
    want(isinstance(says, Implies) and isinstance(says.conclusion, Rel), "nothing is bounded")
    want(same(says.premise, confined(loss, letters, start, kept)), f"{says.premise} is not what holds along the flow")
    size = E.add(*(E.SqNorm(w) for w in letters)) if len(letters) > 1 else E.SqNorm(letters[0])
    want(same(says.conclusion, Rel(size, "≤", says.conclusion.right)), f"{says.conclusion} is no bound of {size}")
    want(not set(letters) & free(says.conclusion.right), "the bound moves")
    want(not any(set(letters) & free(g) for t in (*rests, bounded) for g in t.given), "it is not known at every point")
    return [], settled(loss, letters, start, kept, limit)

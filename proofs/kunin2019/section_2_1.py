"""Kunin et al. 2019, Section 2.1: the scalar landscapes, n = m = k = 1, for every λ.

With data x ≠ 0 the losses are polynomials in w_1 and w_2. Each is its least value plus squares, which names all the
points at which it is least.

Main results
    only_at_the_origin     a critical point with w_2w_1 = 0 is the origin, for all three losses
    saddle                 the origin of 𝓛 and of 𝓛_π is a saddle
    saddle_of_sum          the origin of 𝓛_σ is one for λ < x²
    origin_is_least        for λ ≥ x² it is the unique global minimum
    least, least_product, least_sum
                           the global minima: w_2w_1 = 1, (1 + λx⁻²)⁻¹, and 1 − λx⁻² with w_1 = w_2
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from random import Random

from flint import fmpq

from proofs.algebra.evaluate import Instance
from proofs.claim import claim
from proofs.hypotheses import Hypothesis, Plan, rational
from proofs.kernel.expressions import Coeff, Diff, Expr, Family, Num, SqNorm, Sym, add
from proofs.kernel.propositions import Rel
from proofs.kunin2019.notation import PENALTY, SCALE, λ
from proofs.methods.chain import chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.implication import Implication, Step, fact
from proofs.tactics.vanishing import residual

ZERO, ONE = Num(Fraction(0)), Num(Fraction(1))
x, τ = Sym("x"), Sym("τ")
w = Family("w")
p = w[2] * w[1]

# The losses ---------------------------------------------------------------------------------------
Loss = Callable[[Expr, Expr], Expr]


def plain(a: Expr, b: Expr) -> Expr:
    """𝓛(w_1, w_2) = (x − w_2w_1x)²."""
    return (x - b * a * x) ** 2


def product(a: Expr, b: Expr) -> Expr:
    """𝓛_π."""
    return plain(a, b) + λ * (b * a) ** 2


def summed(a: Expr, b: Expr) -> Expr:
    """𝓛_σ."""
    return plain(a, b) + λ * (a**2 + b**2)


LOSSES = (plain, product, summed)


def critical(loss: Loss) -> tuple[Rel, ...]:
    """Both derivatives vanish."""
    return tuple(fact(Diff(loss(w[1], w[2]), w[a]), "=", 0) for a in (1, 2))


# Hypotheses ---------------------------------------------------------------------------------------
def datum(rng: Random, at: Instance) -> Instance:
    """Small and large, of either sign."""
    return {"x": rational(rng, at["height"], positive=True) * rng.choice((-1, 1, fmpq(1, 9)))}


DATUM = Hypothesis("x ≠ 0", r"x \neq 0", (Rel(x, "≠", ZERO),), datum, lambda rng, at: {"x": fmpq(0)})
"""Section 1: the singular value of X = (x), which is |x|, is positive."""


def penalty(*shares: tuple[int, int]) -> Callable[[Random, Instance], Instance]:
    """λ a share of x²; the square root of 1 − λx⁻² is rational for some."""
    return lambda rng, at: {"λ": at["x"] ** 2 * fmpq(*rng.choice(shares))}


BELOW, ABOVE = ((1, 2), (3, 4), (16, 25), (99, 100), (1, 100)), ((2, 1), (101, 100), (9, 1))
LIGHT = Hypothesis(
    "0 < λ < x²",
    r"0 < \lambda < x^2",
    (Rel(λ, ">", ZERO), Rel(λ, "<", x**2)),
    penalty(*BELOW),
    penalty(*ABOVE, (1, 1), (0, 1)),
)
HEAVY = Hypothesis("λ > x²", r"\lambda > x^2", (Rel(λ, ">", x**2),), penalty(*ABOVE), penalty(*BELOW, (1, 1)))
AT_LEAST = Hypothesis("λ ≥ x²", r"\lambda \ge x^2", (Rel(λ, "≥", x**2),), penalty(*ABOVE, (1, 1)), penalty(*BELOW))
POINT = Plan(({"k": 1, "m": 1, "n": 1, "p": 1},), per_size=24)
POINTS = Plan(({"k": 1, "m": 1, "n": 1, "p": 1},), per_size=8)
SCALAR = f"n = m = k = 1; {SCALE}"


# The origin ---------------------------------------------------------------------------------------
def flat_at_origin(loss: Loss) -> All:
    """The origin is critical."""
    return both(*(eq(Diff(loss(a * τ, b * τ), τ, 1, True), ZERO, plan=POINT) for a, b in ((1, 0), (0, 1))))


@claim("kunin2019/s2.1/rank0", where="Section 2.1", given=[DATUM, PENALTY], convention=SCALAR)
def only_at_the_origin() -> All:
    """For all three losses the origin is critical, and it is the only critical point with w_2w_1 = 0."""

    def square(gap: Expr) -> Expr:
        return 2 * x**2 * SqNorm(gap)

    def alone(loss: Loss, rest: Callable[[Expr], Expr]) -> All:
        """2x²a² is −a times a derivative, and a multiple of w_2w_1."""
        steps = (
            Step(lambda g1, g2, zero: -w[1] * g2 + rest(w[1]) * zero, squares=square),
            Step(lambda g1, g2, zero, _: -w[2] * g1 + rest(w[2]) * zero, squares=square),
        )
        origin = tuple(fact(w[a], "=", 0) for a in (1, 2))
        only = Implication((*critical(loss), fact(p, "=", 0)), origin, (w,), steps, plan=POINTS)
        return both(flat_at_origin(loss), only)

    return both(
        alone(plain, lambda a: 2 * x**2 * a**2),
        alone(product, lambda a: 2 * (x**2 + λ) * a**2),
        alone(summed, lambda a: 2 * x**2 * a**2 + 2 * λ),
    )


def along(loss: Loss, a: int, b: int) -> Expr:
    """The second variation at the origin along (a, b)."""
    return Coeff(loss(a * τ, b * τ), τ, 2)


@claim(
    "kunin2019/s2.1/origin-L-Lpi",
    where="Section 2.1",
    given=[DATUM, PENALTY],
    convention=SCALAR,
    note="A saddle: critical, with a direction that descends and one that ascends.",
)
def saddle() -> All:
    """For 𝓛 and 𝓛_π the origin is a saddle: down along (1, 1), up along (1, −1)."""
    signs = (
        both(
            chain(along(f, 1, 1), "=", -2 * x**2, "<", ZERO, plan=POINT),
            chain(along(f, 1, -1), "=", 2 * x**2, ">", ZERO, plan=POINT),
        )
        for f in (plain, product)
    )
    return both(flat_at_origin(plain), flat_at_origin(product), *signs)


@claim(
    "kunin2019/s2.1/origin-Lsigma",
    where="Section 2.1",
    given=[DATUM, LIGHT],
    convention=SCALAR,
    note="For λ > x²: origin-Lsigma/heavy; for λ = x², which the print leaves out: origin-Lsigma/equal.",
)
def saddle_of_sum() -> All:
    """For λ < x² the origin is a saddle of 𝓛_σ."""
    return both(
        flat_at_origin(summed),
        chain(along(summed, 1, 1), "=", 2 * (λ - x**2), "<", ZERO, plan=POINT),
        chain(along(summed, 1, -1), "=", 2 * (λ + x**2), ">", ZERO, plan=POINT),
    )


def least_at_origin() -> All:
    """𝓛_σ − 𝓛_σ(0, 0), which is x² there, is a sum of squares, which all vanish at the origin alone."""
    gap, excess, apart = summed(w[1], w[2]) - x**2, λ - x**2, w[1] - w[2]

    def squares(one: Expr, other: Expr) -> Expr:
        return x**2 * SqNorm(one) + x**2 * SqNorm(other) + excess * SqNorm(w[1]) + excess * SqNorm(w[2])

    shown = x**2 * apart**2 + x**2 * p**2 + excess * w[1] ** 2 + excess * w[2] ** 2
    steps = (
        Step(lambda f: f, fact(apart, "=", 0), lambda g: squares(g, p)),
        Step(lambda f, _: f, fact(p, "=", 0), lambda g: squares(apart, g)),
        Step(lambda f, same, zero: zero + w[1] * same, squares=SqNorm),
        Step(lambda f, same, zero, one: one - same),
    )
    origin = tuple(fact(w[a], "=", 0) for a in (1, 2))
    return both(
        chain(gap, "=", shown, "≥", ZERO, plan=POINT),
        Implication((fact(gap, "=", 0),), origin, (w,), steps, plan=POINTS),
    )


@claim("kunin2019/s2.1/origin-Lsigma/heavy", where="Section 2.1", given=[DATUM, HEAVY], convention=SCALAR)
def origin_is_unique_minimum() -> All:
    """For λ > x² the origin is the unique global minimum of 𝓛_σ."""
    return least_at_origin()


@claim("kunin2019/s2.1/origin-Lsigma/equal", where="Section 2.1", given=[DATUM, AT_LEAST], convention=SCALAR)
def origin_is_least() -> All:
    """It is already for λ = x²."""
    return least_at_origin()


# The minima ---------------------------------------------------------------------------------------
Term = tuple[Expr, Rel]
"""A weight, and an equation between what is squared."""


def total(terms: Iterable[Expr]) -> Expr:
    first, *rest = terms
    return add(first, *rest) if rest else first


def least_exactly(loss: Loss, value: Expr, *terms: Term) -> All:
    """The loss is ``value`` and weighted squares; it is ``value`` exactly where what is squared vanishes."""
    here = Rel(loss(w[1], w[2]), "=", value)
    points = tuple(r for _, r in terms)
    squares = total(c * SqNorm(r.left - r.right) for c, r in terms)
    shown = total(c * (r.left - r.right) ** 2 for c, r in terms)

    def vanishing(*residuals: Expr) -> Expr:
        return total(c * (r.left - r.right) * z for (c, r), z in zip(terms, residuals, strict=True))

    only = tuple(Step(lambda f, *_: f, squares=lambda _: squares) for _ in terms)
    return both(
        chain(residual(here), "=", shown, "≥", ZERO, plan=POINT),
        Implication((here,), points, (w,), only, plan=POINTS),
        Implication(points, (here,), (w,), (Step(vanishing),), plan=POINTS),
    )


SHRUNK, COMPRESSED = (1 + λ * x**-2) ** -1, 1 - λ * x**-2


@claim("kunin2019/s2.1/min-L", where="Section 2.1", given=[DATUM], convention=SCALAR)
def least() -> All:
    """The global minima of 𝓛 are the hyperbola w_2w_1 = 1."""
    return least_exactly(plain, ZERO, (x**2, Rel(p, "=", ONE)))


@claim("kunin2019/s2.1/min-Lpi", where="Section 2.1", given=[DATUM, PENALTY], convention=SCALAR)
def least_product() -> All:
    """The global minima of 𝓛_π are the hyperbola w_2w_1 = (1 + λx⁻²)⁻¹."""
    return least_exactly(product, λ * SHRUNK, (x**2 + λ, Rel(p, "=", SHRUNK)))


@claim("kunin2019/s2.1/min-Lsigma", where="Section 2.1", given=[DATUM, LIGHT], convention=SCALAR)
def least_sum() -> All:
    """For λ < x² the global minima of 𝓛_σ are where w_2w_1 = 1 − λx⁻² and w_1 = w_2."""
    value = x**2 - x**2 * COMPRESSED**2
    return least_exactly(summed, value, (x**2, Rel(p, "=", COMPRESSED)), (λ, Rel(w[1], "=", w[2])))


# The groups ---------------------------------------------------------------------------------------
g, ε = Sym("g"), Family("ε", r"\varepsilon")
INVERTIBLE = Hypothesis(
    "g ≠ 0",
    r"g \neq 0",
    (Rel(g, "≠", ZERO),),
    lambda rng, at: {"g": rational(rng, at["height"], positive=True) * rng.choice((-1, 1))},
    lambda rng, at: {"g": fmpq(0)},
)


@claim(
    "kunin2019/s2.1/fn4-5",
    where="Section 2.1, footnotes 4 and 5",
    given=[DATUM, LIGHT, INVERTIBLE],
    convention=SCALAR,
    note="With min-L and min-Lsigma: where w_2w_1 = 1, w_1 is invertible and w_2 its inverse. g ↦ (g, g⁻¹) is smooth, "
    "and so is its inverse (w_1, w_2) ↦ w_1.",
)
def groups() -> All:
    """The minima of 𝓛 are (g, g⁻¹) for g ≠ 0, those of 𝓛_σ are ε(1 − λx⁻²)^½ (1, 1) for ε = ±1."""
    root = COMPRESSED ** Fraction(1, 2)
    sign = Rel(ε[1] ** 2, "=", ONE)

    def at_sign(z: Expr) -> Expr:
        return x**2 * COMPRESSED**2 * (ε[1] ** 2 - 1) * z

    minimal = Rel(summed(ε[1] * root, ε[1] * root), "=", x**2 - x**2 * COMPRESSED**2)
    return both(
        eq(plain(g, 1 / g), ZERO, plan=POINT),
        Implication(
            (sign,), (minimal,), (ε,), (Step(lambda z: x**2 * COMPRESSED**2 * (ε[1] ** 2 - 1) * z),), plan=POINTS
        ),
        Implication(
            (Rel(p, "=", COMPRESSED), Rel(w[1], "=", w[2])),
            (Rel((w[1] / root) ** 2, "=", ONE), Rel((w[2] / root) ** 2, "=", ONE)),
            (w,),
            (
                Step(lambda z, same: (z + w[1] * same) / COMPRESSED),
                Step(lambda z, same, _: (z - w[2] * same) / COMPRESSED),
            ),
            plan=POINTS,
        ),
    )

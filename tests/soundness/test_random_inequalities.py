"""Random inequalities between rational expressions: what is proved holds at every instance that the judge draws."""

from __future__ import annotations

import os
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from proofs.kernel import expressions as E
from proofs.kernel.expressions import Expr, integer, lift
from proofs.kernel.propositions import Every, Implies, Rel, rel
from proofs.tactics.prove import Ground, NotFound
from tests.soundness.judge import Undefined, true

k, i, j, l = integer("k"), integer("i"), integer("j"), integer("l")  # noqa: E741 - the papers' index
x, y = E.Sym("x"), E.Sym("y")
f, g = E.Family("f"), E.Family("g")
RELATIONS = [
    *[(x, ">", 0), (x, "≥", 0), (x, "≠", 0), (y, ">", x), (y, "≤", x), (x, "<", 1), (f[1], ">", 0), (f[k], ">", 0)],
    *[(f[k], "≥", x), (i, "≤", j), (i, "<", j), (i, "≠", j), (i, "≥", 1), (j, "≤", k), (k, "≥", 1), (k, "≥", 2)],
]
RANGES = [
    (1, k - 1, (f[l], ">", f[l + 1])),
    (1, k - 1, (f[l], "≤", f[l + 1])),
    (1, k, (f[l], ">", 0)),
    (1, k, (g[l], "≥", f[l])),
    (2, k, (g[l], ">", 0)),
]
POSSIBLE: list[Expr] = [
    *(rel(*r) for r in RELATIONS),  # type: ignore[arg-type]
    *(Every(l, lift(lo), lift(hi), rel(*r)) for lo, hi, r in RANGES),  # type: ignore[arg-type]
    Implies(rel(x, ">", 0), rel(y, ">", x)),
    Every(l, lift(1), k, Implies(rel(l, "≠", i), rel(f[l], ">", 0))),
    Every(l, lift(1), k, Implies(rel(f[l], ">", 0), rel(g[l], ">", f[l]))),
]
PROVED: list[int] = []


def quantity(rng: Random) -> Expr:
    index = rng.choice((i, j, k, lift(1), i + 1, k - 1))
    return rng.choice((x, y, f[index], f[index], g[index], k, lift(rng.choice((0, 1, 2)))))


def expression(rng: Random, depth: int) -> Expr:
    if depth == 0:
        return quantity(rng)
    a, b = expression(rng, depth - 1), expression(rng, rng.randrange(depth))
    return rng.choice(
        [
            lambda: a + b,
            lambda: a - b,
            lambda: a * b,
            lambda: a / b,
            lambda: a**2,
            lambda: E.Sum(l, lift(1), k, f[l] * a),
            lambda: E.Sum(l, lift(1), k, f[l] / a, (i,)),
            lambda: E.sqrt(a),
            lambda: E.sqrt(a**2),
            lambda: E.Extremum(rng.choice(("max", "min")), l, lift(1), k, f[l] * rng.choice((lift(1), a))),
            lambda: E.Pick(rng.choice(("max", "min")), (a, b)),
        ]
    )()


def draw(rng: Random) -> dict[str, Any]:
    size = rng.choice((0, 1, 1, 2, 3))

    def number() -> Fraction:
        return Fraction(rng.choice((-2, -1, -1, 0, 0, 1, 1, 2, 3)), rng.choice((1, 1, 2)))

    values = [number() for _ in range(5)]
    if rng.random() < 0.5:
        values.sort(reverse=rng.random() < 0.7)
    above = [v + rng.choice((0, 1)) for v in values]
    other = above if rng.random() < 0.5 else [number() for _ in range(5)]
    places = {"k": size, "i": rng.choice((0, 1, 1, 2)), "j": rng.choice((0, 1, 2, 2, 3))}
    return {**places, "x": number(), "y": number(), "f": values, "g": other}


def broken(given: list[Expr], goal: Rel, rng: Random) -> dict[str, Any] | None:
    """An instance of what is given at which the goal fails or has no value."""
    for _ in range(300):
        at = draw(rng)
        try:
            if not all(true(p, at) for p in given):
                continue
        except Undefined:
            continue
        try:
            if not true(goal, at):
                return at
        except Undefined as why:
            if str(why).startswith("1/0"):
                return at
    return None


FEW = 10
"""Seeds of the first step of tests; the others are of the slow one."""
SEEDS = [
    pytest.param(seed, marks=pytest.mark.slow if seed >= FEW else ())
    for seed in range(int(os.environ.get("LAE_FUZZ", 40)))
]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_proved_holds(seed: int) -> None:
    rng = Random(seed)
    proved = 0
    for _ in range(40):
        given = rng.sample(POSSIBLE, rng.choice((2, 4, 6, 8)))
        a, b = expression(rng, rng.choice((0, 1, 2))), expression(rng, rng.choice((0, 0, 1)))
        for op in rng.sample("≤<≥>≠=", 3):
            goal = Rel(a, op, b)
            try:
                Ground.of(given).prove(goal)
            except NotFound:
                continue
            proved += 1
            at = broken(given, goal, rng)
            assert at is None, (str(goal), [str(p) for p in given], at)
    PROVED.append(proved)


def test_something_was_proved() -> None:
    assert sum(PROVED) >= len(PROVED)

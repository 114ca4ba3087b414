"""The graph of uses: what is recorded of claims, acyclic, and drawn so that boxes do not lie over each other."""

from __future__ import annotations

import re
from graphlib import CycleError, TopologicalSorter
from itertools import combinations
from typing import Any

import pytest

from proofs.check import Checked
from proofs.claim import Claim, Context, Decision, Evidence, Outcome, Verdict, registry
from proofs.kernel.expressions import Expr
from proofs.methods.convergence import established
from proofs.render.graph import HEIGHT, Box, Edge, drawn
from proofs.uses import How, Use, uses_of

UNDECIDED = Decision(Verdict.OPEN, "", (), None, 0.0)


def test_nothing_rests_on_itself():
    used: dict[str, set[str]] = {}
    for use in uses_of([Checked(c, UNDECIDED) for c in registry().values()]):
        used.setdefault(use.user, set()).add(use.used)
    order = list(TopologicalSorter(used).static_order())
    assert len(order) > 300


def test_a_claim_uses_what_its_theorem_takes_its_steps_and_what_it_corrects():
    claims = registry()
    ids = ("bao2020/E.2/lemma4", "bao2020/E.2/lemma4+", "bah2019/conj32", "bah2019/conj32/growth", "bah2019/conj32+")
    proof = Evidence("kernel", Outcome.PROVED, rests_on=("Eckart–Young",))
    proved = Decision(Verdict.PROVED, "", (proof,), None, 0.0)
    found = uses_of([Checked(claims[id], proved if id == ids[1] else UNDECIDED) for id in ids])
    assert Use(ids[1], "Eckart–Young", How.FACT) in found
    assert Use(ids[1], ids[0], How.CORRECTS) in found
    assert Use(ids[2], ids[3], How.STEP) in found
    assert Use(ids[4], ids[3], How.NAMES) in found
    assert len(found) == len(set(found))


def test_boxes_stand_apart_and_what_is_used_stands_left():
    names = [f"{letter}{n}" for letter in "abc" for n in range(6)]
    edges = [Edge(x, y) for x in names for y in names if x[0] > y[0] and (int(x[1]) + int(y[1])) % 3 == 0]
    picture = drawn({name: Box(name) for name in names}, edges, "all")
    found = re.findall(r'<rect class="" x="(\S+)" y="(\S+)" width="(\S+)"', picture)
    boxes = [tuple(map(float, place)) for place in found]
    assert len(boxes) == len(names)
    assert not [1 for (x, y, w), (a, b, v) in combinations(boxes, 2) if x < a + v and a < x + w and abs(y - b) < HEIGHT]
    for start, end in re.findall(r"M(\S+) \S+C.*? (\d+) \S+\"", picture):
        assert float(start) < float(end)


def test_a_circle_is_refused():
    with pytest.raises(CycleError):
        drawn({"a": Box("a"), "b": Box("b")}, [Edge("a", "b"), Edge("b", "a")], "a circle")


def test_a_claim_that_leans_on_itself_is_not_decided_by_that() -> None:
    def leaning(statement: Any, context: Context) -> Evidence:
        return established(claim)

    class Circular:
        parts: tuple[Expr, ...] = ()
        witnesses = (leaning, leaning)

    claim = Claim("tests/circle", "", "", Circular)  # type: ignore[arg-type]
    found = claim.decide(5)
    assert found.verdict == Verdict.OPEN
    assert "RecursionError" in found.scope

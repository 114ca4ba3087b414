"""A theorem is made by a rule and by nothing else, and supposes what its premises suppose, however they are passed."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import os
import pickle
import subprocess
import sys
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction
from numbers import Rational
from typing import Any

import numpy as np
import pytest

from proofs.kernel import expressions as E
from proofs.kernel import rules, semidefinite
from proofs.kernel.binding import free
from proofs.kernel.expressions import Letter
from proofs.kernel.gaps import Positive
from proofs.kernel.propositions import Implies, Rel, needs, rel
from proofs.kernel.textbook import fact
from proofs.kernel.theorem import RULES, Theorem, recheck, rule
from tests.soundness.attacks import CONSTANT, TWO, eq, given, i, k, l, m, refused, ring, total, x, y

SQUARE = rules.square(x)
FALSE = eq(1, 0)
ZERO_X = given(eq(x, 0))


@dataclass(frozen=True)
class Box:
    content: Any


class Generous(Positive):
    def certain(self, strict: Any, above: bool) -> bool:
        return True


class Any_(str):
    """Equal to every string, with the hash of <."""

    __hash__ = "<".__hash__

    def __eq__(self, other: object) -> bool:
        return True


class Below(int):
    """Not below 0, it says."""

    def __lt__(self, other: Any) -> bool:
        return False

    def __gt__(self, other: Any) -> bool:
        return True


class Half(Fraction):
    """1/2 that says that it is whole."""

    denominator = 1  # type: ignore[assignment]


class MinusOne(Fraction):
    """−1 that says that it is not below 0."""

    __hash__ = Fraction.__hash__

    def __lt__(self, other: Any) -> bool:
        return False


class Three(int):
    """3, whose negative is said to be −100."""

    def __neg__(self) -> int:
        return -100


class Liar:
    """A rational number, it says: a fraction of it has its numerator."""

    numerator, denominator = Three(3), 1


Rational.register(Liar)


class Few(tuple[Any, ...]):
    """Terms that are not all shown."""

    def __iter__(self) -> Any:
        return iter(self[:1])


def subclassed() -> Theorem:
    class Mine(Theorem):
        def __post_init__(self, key: Any) -> None:
            pass

    return rules.mirror(Mine(frozenset(), FALSE, "hypothesis", ()))


@pytest.mark.parametrize(
    "attempt",
    [
        lambda: Theorem(frozenset(), FALSE, "hypothesis", ()),
        lambda: Theorem(frozenset(), FALSE, "hypothesis", (), frozenset(), object()),
        lambda: dataclasses.replace(SQUARE, says=FALSE),
        lambda: dataclasses.replace(given(FALSE), given=frozenset()),
        lambda: dataclasses.replace(SQUARE, rests_on=frozenset()),
        subclassed,
        lambda: pickle.dumps(SQUARE),
        lambda: rules.positive(FALSE, (), Generous(CONSTANT, CONSTANT)),
        lambda: rules.positive(rel(-1, ">", 0), (), Generous((((), -1),), CONSTANT)),
        lambda: rules.positive(rel(-1, ">", 0), (), Positive((((), Below(-1)),), CONSTANT)),
        lambda: [rel(x, "<", x), given(rel(x, "<", x)), rules.ring(Rel(x, Any_("="), x))],
        lambda: rules.ring(eq(E.Num(Half(1, 2)), E.Num(Half(1, 2)))),
        lambda: rules.ring(eq(E.Add(Few((x, y))), E.Add(Few((x, y))))),
        lambda: rules.weaken(given(rel(x, "<", y)), Any_("≥")),
        lambda: rules.differ(given(rel(x, "≥", E.Num(Fraction(Liar()))))),  # type: ignore[call-overload]
        lambda: rules.differ(given(rel(x, "≥", E.Num(Fraction(np.int64(-(2**63))))))),
        lambda: rules.with_values(ring(x / x, 1, given(rel(E.Num(Fraction(np.int64(2**62))), "≤", Fraction(1, 4))))),
    ],
)
def test_no_theorem_by_hand(attempt: Any) -> None:
    refused(attempt)


def test_what_is_remembered_was_not_said_of_a_liar() -> None:
    """What is needed is remembered, but not of what only equals x · 1/x and needs nothing."""
    unheard = E.Sym("unheard of")
    with suppress(ValueError):
        assert not needs(eq(unheard * E.Pow(unheard, E.Num(MinusOne(-1))), 1), False)
    refused(lambda: rules.ring(eq(unheard * E.Pow(unheard, E.Num(Fraction(-1))), 1)))


def test_no_node_says_what_it_equals() -> None:
    own = {"__module__": "proofs.kernel.expressions", "__eq__": lambda a, b: True, "__hash__": E.Sym.__hash__}
    with pytest.raises(ValueError, match="no choice"):
        type("Sym", (E.Sym,), own)


def test_a_copy_is_the_theorem() -> None:
    assert copy.copy(SQUARE) is SQUARE
    assert copy.deepcopy([SQUARE])[0] is SQUARE


@pytest.mark.parametrize(
    "pack",
    [
        lambda t: {t}, lambda t: frozenset({t}), lambda t: {t: t}, lambda t: deque([t]), lambda t: (u for u in [t]),
        lambda t: iter([t]), lambda t: {t: 1}.keys(), lambda t: {1: t}.values(), lambda t: Box(t), lambda t: Box((t,)),
        lambda t: (Box([t]),), lambda t: Box(Box(t)), lambda t: Box({t}), lambda t: [[Box(t)]],
    ],
)  # fmt: skip
def test_premises_are_not_hidden(pack: Any) -> None:
    """What a rule was given and does not see would be supposed by nobody."""
    refused(lambda: rules.ring(eq(x, 0), pack(ZERO_X)))


def test_premises_in_lists_count_and_do_not_change() -> None:
    known = [ZERO_X]
    t = rules.ring(eq(x, 0), known)
    known.clear()
    assert t.given == {eq(x, 0)}
    assert recheck(t) == 2


def test_recheck_notices_what_was_changed() -> None:
    t = rules.square(y)
    object.__setattr__(t, "says", FALSE)
    refused(lambda: recheck(t))
    u = given(FALSE)
    object.__setattr__(u, "given", frozenset())
    refused(lambda: recheck(rules.mirror(u)))


def test_recheck_runs_the_rule_that_made_it() -> None:
    assert recheck(rules.total(x, y)) == 1
    assert recheck(semidefinite.gram(Letter("A", k, m))) == 1


@pytest.mark.parametrize("module", [__name__, "elsewhere", "proofs.kernel.rules", "proofs.kernel.elsewhere"])
def test_no_rule_is_made_outside_the_kernel(module: str) -> None:
    def total(a: Any) -> Any:
        return [], a

    total.__module__ = module
    with pytest.raises((ValueError, TypeError)):
        rule()(total)
    with pytest.raises((ValueError, TypeError)):
        fact("all is well", "p", "nowhere")(total)
    assert recheck(RULES["total"](x, y)) == 1


def test_two_rules_do_not_share_a_name() -> None:
    with pytest.raises(ValueError, match="two rules"):
        rule()(inspect.unwrap(rules.total))
    assert recheck(RULES["total"](x, y)) == 1


def test_what_is_only_printed_is_no_theorem() -> None:
    A, B = Letter("A", k, k), Letter("B", k, m)
    with E.as_printed():
        ill = [Rel(A, "≤", A), Rel(A + B, "=", A + B), Rel(E.Tr(B), "=", E.Tr(B)), eq(E.Sum(x, TWO, TWO, x), 2 * x)]
        for p in ill:
            refused(lambda p=p: rules.hypothesis(p))
    for p in ill:
        refused(lambda p=p: rules.hypothesis(p))
        refused(lambda p=p: rules.discharge(SQUARE, p))


def test_a_node_of_the_same_name_is_another() -> None:
    Other = dataclass(frozen=True, eq=False)(type("Fn", (E.Expr,), {"__annotations__": {"name": str, "arg": E.Expr}}))
    assert Other("cos", x) != E.cos(x)


SENT = """
import pickle, sys
from proofs.kernel.binding import free, plain
from tests.soundness.attacks import *
e = rel(total(x * l) + i, "=", x)
hash(e), plain(e), free(e), e.nodes, e.kinds
sys.stdout.buffer.write(pickle.dumps(e))
"""


@dataclass(frozen=True, eq=False)
class Hidden(E.Expr):
    """A node that does not tell what it depends on."""

    inside: E.Expr = field(metadata=E.LEAF)


def test_a_node_that_the_kernel_does_not_know_is_in_no_theorem() -> None:
    refused(lambda: rules.hypothesis(rel(total(Hidden(l)), "≥", 0)))
    refused(lambda: rules.square(E.sqrt(Hidden(x))))


def test_an_expression_from_another_process_is_itself() -> None:
    """Strings have other hashes there: nothing that was remembered of them is sent along."""
    here = rel(total(x * l) + i, "=", x)
    for seed in ("1", "2"):
        env = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run([sys.executable, "-c", SENT], env=env, capture_output=True, check=True)
        got = pickle.loads(done.stdout)
        assert got == here, seed
        assert {x, i, k} <= free(got), seed


ORTHONORMAL = frozenset({"orthonormal"})
U = Letter("U", m, k, ORTHONORMAL)
WIDE = Letter("U", 1, 2, ORTHONORMAL)


def test_of_a_letter_that_need_not_exist_nothing_follows() -> None:
    """Columns of U are orthonormal: there are at most as many as rows. What does not speak of U supposes that."""
    count = ring(total(1), E.SqNorm(U), given(rel(k, "≥", 1)))
    alone = rules.chain((count, ring(E.SqNorm(U), total(1), given(rel(k, "≥", 1)))))
    assert any(rules.same(p.conclusion, rel(k, "≤", m)) for p in alone.given if hasattr(p, "conclusion"))
    assert {str(p) for p in count.given} == {str(rel(k, "≥", 1))}


def test_two_orthonormal_columns_of_one_row() -> None:
    """There are none, so everything would hold: 1 = Σ_l U_l1² = Σ_l l U_l1² = U_11², likewise U_12², U_11 U_12 = 0."""
    alone = rules.chain((ring(2, E.SqNorm(WIDE)), ring(E.SqNorm(WIDE), 2)))
    assert [str(p) for p in alone.given] == [str(Implies(rel(1, "≤", 2), rel(2, "≤", 1)))]


def test_a_theorem_that_speaks_of_the_letter_has_it() -> None:
    alone = rules.chain((ring(total(1), E.SqNorm(U), given(rel(k, "≥", 1))), ring(E.SqNorm(U), total(1))))
    about = rules.conjunction((alone, rules.square(U)))
    values = rules.with_values(about, ())
    assert len(about.given) == 2
    assert values.given == {rel(k, "≥", 1)}

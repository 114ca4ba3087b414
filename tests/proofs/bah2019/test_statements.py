"""Bah et al. 2019: what fails as printed fails within its setting, what is proved is not proved of its neighbours."""

from __future__ import annotations

from typing import Any

import pytest

from proofs.bah2019 import section_2, section_3, section_4, section_5, section_6, section_7
from proofs.bah2019.notation import SINGULAR, T, of_depth, operator
from proofs.claim import Claim, Outcome, Verdict, registry
from proofs.kernel.expressions import Inner, SqNorm, Tr, Zero
from proofs.kernel.propositions import ZERO, Rel
from proofs.methods.chain import chain, eq
from proofs.methods.implication import Implication, Step, fact
from proofs.methods.words import Open
from proofs.tactics.pairing import Pairing

CLAIMS = registry(("bah2019",))


def decided(statement: Any, *given: Any) -> Verdict:
    return Claim("test/bah", "", "", lambda: statement, given=given).decide().verdict


@pytest.mark.parametrize(
    "id",
    [
        "sec2-rank-deficient-case",
        "intro-notgradient",
        "lem2-proof-norms",
        "lem6-proof-S2",
        "cor8-forallR",
        "cor22-1-2",
        "thm23-proof",
        "eq45",
        "sec7-L1",
        "sec7-a-balanced",
    ],
)
def test_what_is_printed_fails_and_its_correction_is_proved(id: str) -> None:
    printed, corrected = (CLAIMS[f"bah2019/{id}{mark}"].decide() for mark in ("", "+"))
    assert printed.verdict == Verdict.REFUTED
    assert printed.counterexample is not None
    assert corrected.verdict == Verdict.PROVED


def test_the_start_of_theorem_31_is_on_the_manifold_and_its_limit_is_not() -> None:
    statement = section_6.global_minimizer.statement
    assert statement.witnesses[1](statement, context_of("thm31")).outcome == Outcome.FAILS
    assert CLAIMS["bah2019/thm31/sign"].decide().verdict == Verdict.PROVED


def context_of(id: str) -> Any:
    from proofs.claim import Context

    claim = CLAIMS[f"bah2019/{id}"]
    return Context(claim.given, drawn={}, supposed=claim.supposed(claim.statement))


@pytest.mark.parametrize(
    ("statement", "given"),
    [
        # another power of the singular values, a missing factor N
        (
            eq(Inner(operator(of_depth(2), 2), of_depth(2)), 2 * Tr(T**5)),
            SINGULAR,
        ),
        (eq(Inner(operator(of_depth(3), 3), of_depth(3)), 2 * Tr(T**10)), SINGULAR),
        # A_W maps no matrix to one that is orthogonal to T_W
        (
            eq(section_3.ABOVE @ operator(section_3.Z, 2), Zero(section_3.rows, section_3.cols)),
            SINGULAR,
        ),
        # the exponent of the remainder, the sign of the imbalance
        (chain(SqNorm(section_2.PAIR), "≥", SqNorm(section_2.M)), section_2.WIDTHS),
        # (39) with the other sign
        (
            eq(section_5.first_equation(section_5.Λ), section_5.W_2.T @ section_5.Λ),
            section_5.POSITIVE,
        ),
        # the optimum without the last index
        (eq(section_5.lowered(section_7.OPTIMUM), section_7.TAIL), section_5.ORDERED),
    ],
)
def test_a_neighbour_of_what_is_proved_is_refuted(statement: Any, given: Any) -> None:
    assert decided(statement, given) == Verdict.REFUTED


def test_lemma_13_needs_a_matrix_that_is_not_zero() -> None:
    a, b = section_4.A, section_4.B
    goal = chain(Tr(a @ b), ">", (ZERO, Pairing(a, b)))
    assert decided(goal, section_4.NOT_ZERO) == Verdict.PROVED
    assert decided(goal) != Verdict.PROVED


def test_lemma_13_needs_a_definite_matrix() -> None:
    a = section_4.A
    other = section_4.K
    with pytest.raises(Exception, match="does not conform"):
        chain(Tr(a @ other), ">", (ZERO, Pairing(a, other)))
    assert decided(chain(Tr(a @ a), ">", (ZERO, Pairing(a, a))), section_4.NOT_ZERO) != Verdict.PROVED


def test_without_balance_the_layers_of_an_equilibrium_differ() -> None:
    """The balance is what makes W_2 = W_1ᵀ at rest: without it the proof has a premise less, and the claim fails."""
    w1, w2 = section_5.W_1, section_5.W_2
    free = Implication(
        section_5.EQUILIBRIUM[:2],
        (Rel(w2, "=", w1.T),),
        (w1, w2),
        (Step(lambda f, g: f.T - g, fact(w2 - w1.T, "=", 0)),),
    )
    assert decided(free, section_5.POSITIVE) == Verdict.REFUTED


def test_an_open_statement_with_formulas_is_printed_in_latex() -> None:
    printed = Open("‖R(t)‖ ≤ C_1 & x^2", "").latex()
    assert "‖" not in printed
    assert "≤" not in printed
    assert r"\le" in printed
    assert r"\&" in printed


def test_a_power_of_a_squared_norm_has_brackets() -> None:
    from proofs.algebra.printing import latex, text

    square = SqNorm(section_2.PAIR) ** 2
    assert "^2^" not in latex(square)
    assert text(square) == "(‖W_2 W_1‖²)²"


@pytest.mark.parametrize("id", ["thm12", "thm17", "thm14-1-4", "thm26", "thm31+", "sec6-extraconj"])
def test_what_rests_on_limits_of_flows_is_open_with_what_was_tried(id: str) -> None:
    found = CLAIMS[f"bah2019/{id}"].decide()
    assert found.verdict == Verdict.OPEN
    assert len(found.evidence[0].detail) > 80

"""Appendix E: what can be checked by hand, and the prints that must not pass."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from flint import fmpq

from proofs.algebra.evaluate import Instance, evaluate, matrix
from proofs.check import Checked, settle
from proofs.claim import Claim, Verdict, registry, select
from proofs.derive import derivation
from proofs.kunin2019 import appendix_e, appendix_e_morse
from proofs.kunin2019.appendix_e import LEFT, SPANNED, SQUARES, height
from proofs.methods.chain import chain, eq
from proofs.methods.finite import Finite
from proofs.render import latex
from proofs.topology.grassmannian import index
from tests.proofs.test_derive import pdflatex

ROTATED: Instance = {
    "k": 1,
    "m": 2,
    "n": 2,
    "σ": [fmpq(3), fmpq(2)],
    "Ū": matrix([[1, 0], [0, 1]]),
    "V̄": matrix([[1, 0], [0, 1]]),
    "G": matrix([[fmpq(3, 5)]]),
    "C": matrix([[7], [fmpq(4, 5)]]),
}
"""The line along (3, 4)/5, with the data diag(3, 2): what it leaves is 9 + 4 − (9·9 + 16·4)/25 = 36/5."""


def test_the_normal_form_of_a_line_by_hand() -> None:
    """4 + (9 − 4)·16/25 = 36/5; the first row of C, which would be along u_1, does not count."""
    assert evaluate(height(SPANNED @ SPANNED.T, appendix_e.DATA), ROTATED) == fmpq(36, 5)
    assert evaluate(LEFT + SQUARES, ROTATED) == fmpq(36, 5)


def verdict(claim: Claim, statement: object) -> Verdict:
    """Of another statement under the hypotheses of a claim."""
    return Claim("kunin2019/planted", "", "", lambda: statement, claim.given).decide().verdict  # type: ignore[arg-type,return-value]


def test_planted_signs_are_refuted() -> None:
    normal = appendix_e.local_form_corrected
    surface = height(SPANNED @ SPANNED.T, appendix_e.DATA)
    assert verdict(normal, eq(surface, LEFT - SQUARES)) == Verdict.REFUTED
    assert verdict(normal, eq(surface, SQUARES - LEFT)) == Verdict.REFUTED
    change = height(appendix_e.TURNED @ appendix_e.TURNED.T, appendix_e.DATA)
    rise = chain(change, ">", height(appendix_e.FRAME @ appendix_e.FRAME.T, appendix_e.DATA))
    assert verdict(appendix_e.flow_corrected, rise) == Verdict.REFUTED


@pytest.mark.parametrize("largest", [3, 4])
def test_the_printed_rule_of_signs_fails_first_for_planes_in_four_dimensions(largest: int) -> None:
    statement = appendix_e_morse.printed_rule.statement
    assert isinstance(statement, Finite)
    objects = tuple(at for at in statement.objects if at["m"] <= largest)
    whole = Finite(statement.says, statement.printed, statement.ways, objects)
    decision = Claim("kunin2019/planted", "", "", lambda: whole).decide()
    assert decision.verdict == (Verdict.CERTIFIED if largest == 3 else Verdict.REFUTED)
    if decision.counterexample:
        assert decision.counterexample.instance == {"m": "4", "chosen": "(2, 4)", "i": "2"}


def test_each_index_of_the_table_is_what_both_ways_find() -> None:
    for chosen, printed in appendix_e_morse.TABLE.items():
        assert printed == index(chosen) == appendix_e_morse.falling(chosen)
    wrong = Finite("", lambda i: 4 - index(i), appendix_e_morse.INDEX, appendix_e_morse.ROWS)
    assert verdict(appendix_e_morse.table, wrong) == Verdict.REFUTED


def test_a_section_is_named_by_its_letter() -> None:
    known = registry(("kunin2019",))
    found = {c.id for c in select(["kunin2019/E"], known)}
    assert {"kunin2019/E/table", "kunin2019/thmE.1", "kunin2019/thmE.1/diagram", "kunin2019/E/1d-wiggle"} <= found
    assert not found & {c.id for c in select(["kunin2019/A", "kunin2019/5"], known)}
    assert {c.section for c in known.values() if c.id.startswith("kunin2019/lem")} == {"kunin2019/A", "kunin2019/B"}


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no LaTeX here")
def test_statements_in_words_with_formulas_are_latex(tmp_path: Path) -> None:
    names = (
        "thmE.1",
        "E/lower-bound/ranks",
        "E/1d-wiggle",
        "E/table",
        "E/minima-paths",
        "E/poincare-sphere",
        "E/first",
    )
    known = registry(("kunin2019",))
    decided = [Checked(known[f"kunin2019/{name}"], settle(known[f"kunin2019/{name}"])) for name in names]
    run = pdflatex(latex.derivation_document(derivation("kunin2019/E", decided)), tmp_path)
    assert run.returncode == 0, run.stdout[-2000:]

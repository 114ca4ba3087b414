"""Derivations: the marks are those of the links, and the document is one that pdflatex can read."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from rich.cells import cell_len

from proofs.algebra.printing import text
from proofs.check import Checked, settle
from proofs.claim import Claim, Counterexample, Decision, Evidence, Outcome, Verdict, registry
from proofs.derive import derivation
from proofs.proof import ProofStep
from proofs.render import breaking, html, latex, terminal, unicode
from proofs.screen import console


def decided(*names: str) -> list[Checked]:
    known = registry(("bao2020",))
    return [Checked(known[name], settle(known[name])) for name in names]


def pdflatex(document: str, folder: Path) -> subprocess.CompletedProcess[bytes]:
    (folder / "b.tex").write_text(document)
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "b.tex"]
    return subprocess.run(command, cwd=folder, capture_output=True)


@pytest.fixture(scope="module")
def eq10():
    return decided("bao2020/B/eq10", "bao2020/B/eq10+", "bao2020/B/alpha2-terms")


def test_only_the_link_that_fails_is_marked_as_failing(eq10):
    (chapter,) = derivation("bao2020/B", eq10).chapters
    step = chapter.steps[0]
    assert [link.mark for link in step.displays[0]] == ["", "✗", "✓"]
    assert [link.relation for link in step.displays[0]] == ["", "=", "="]


def test_a_correction_stands_with_what_it_corrects(eq10):
    (chapter,) = derivation("bao2020/B", eq10).chapters
    assert [s.checked.claim.id for s in chapter.steps] == ["bao2020/B/eq10", "bao2020/B/alpha2-terms"]
    assert chapter.steps[0].correction.checked.claim.id == "bao2020/B/eq10+"


def test_text_fits_the_terminal_and_carries_number_reason_and_counterexample(eq10):
    screen = console()
    screen.width = 80
    with screen.capture() as captured:
        screen.print(terminal.derivation_page(derivation("bao2020/B", eq10), 80))
    assert max(map(cell_len, captured.get().splitlines())) <= 80
    text = captured.get()
    assert "(10)" in text
    assert "equal normal forms" in text
    assert "fails at" in text


def test_the_document_is_ascii_with_amsmath_only(eq10):
    document = latex.derivation_document(derivation("bao2020/B", eq10))
    assert document.isascii()
    assert set(re.findall(r"\\usepackage(?:\[.*?\])?\{(.*?)\}", document)) == {"inputenc", "amsmath,amssymb"}
    assert len(re.findall(r"\\left(?![a-z])", document)) == len(re.findall(r"\\right(?![a-z])", document))


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
def test_pdflatex_sets_the_document_without_an_error_or_a_line_that_is_too_long(eq10, tmp_path):
    found = pdflatex(latex.derivation_document(derivation("bao2020/B", eq10)), tmp_path)
    assert found.returncode == 0
    assert b"Overfull" not in found.stdout


def told(claim: Claim) -> Checked:
    """All that could be said of a claim, about its own formulas, whole and cut off; nothing is decided."""
    formula = claim.printed.text()
    cut = [f"{formula[: len(formula) * part // 7]}…" for part in range(1, 7)]
    lines = (
        f"✓ {formula} — equal normal forms",
        *(f"✗ {x} — ≠ is not decided" for x in cut),
        f"no theorem for {formula}",
    )
    step = ProofStep(formula, claim.printed.latex(), "ring", (0,))
    example = Counterexample(
        {"Ū": "[[1, 0], [0, 1]]", "θ": "cos 0, sin 1", "p_B": "(1/3, 2/3)"},
        {text(p): "[[-1], [1/2]]" for p in claim.printed.parts},
        "but = is printed",
    )
    decision = Decision(
        Verdict.REFUTED,
        "12 exact instances, (k, m, n) up to (2, 3, 4)",
        (
            Evidence(
                "SymPy, explicit sizes", Outcome.FAILS, cut[3], "", example, lines, ("σ_1² < 1",), proof=(step, step)
            ),
        ),
        example,
        0.5,
        tuple({"name": h.name, "without": "needed", "detail": f"{h.name} · {cut[-1]}"} for h in claim.given),
        example.instance,
    )
    return Checked(claim, decision)


@pytest.fixture(scope="module")
def whole() -> str:
    return latex.claims_document([told(claim) for claim in registry().values()])


def test_all_that_show_prints_of_any_claim_is_latex(whole):
    assert whole.isascii()
    assert unicode.UNKNOWN not in whole
    assert whole.count(r"\begin{aside}") == whole.count(r"\end{aside}")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
def test_pdflatex_sets_all_that_show_prints_of_any_claim(whole, tmp_path):
    assert pdflatex(whole, tmp_path).returncode == 0


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
def test_pdflatex_sets_claims_that_were_decided(eq10, tmp_path):
    assert pdflatex(latex.claims_document(eq10), tmp_path).returncode == 0


def test_every_character_of_every_claim_has_a_latex_form():
    for c in registry().values():
        texts = [c.sentence, c.note, c.convention, c.where, *(h.name for h in c.given)]
        for s in texts:
            assert unicode.UNKNOWN not in unicode.prose(s), (c.id, s)
        formulas = [c.printed.latex(), *(h.tex for h in c.given)]
        assert not any(unicode.UNKNOWN in unicode.safe(f) for f in formulas), c.id


def test_the_formula_of_every_claim_is_kept_whole_when_it_is_broken():
    for c in registry().values():
        formula = c.printed.text()
        lines = breaking.text_lines(formula, 60)
        assert " ".join(line.strip() for line in lines).split() == formula.split(), c.id
        tex = unicode.safe(c.printed.latex())
        broken = " ".join(breaking.latex_lines(tex, 40))
        flat = re.sub(r"\\(left|right|bigl|bigr)|\s", "", broken)
        assert flat == re.sub(r"\\(left|right|bigl|bigr)|\s", "", tex), c.id


def test_brackets_that_a_break_separates_need_no_partner_on_their_line():
    lines = breaking.latex_lines(r"\left(a + b + \left(c + d\right) + e\right) + f", 8, 0)
    assert len(lines) > 2
    assert all(line.count(r"\left(") == line.count(r"\right)") for line in lines)


def test_a_formula_breaks_outside_of_brackets_if_it_can():
    assert breaking.text_lines("f(a + b) + g(c + d)", 14, 0) == ["f(a + b)", "+ g(c + d)"]


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("σ_i²", r"$\sigma _{i}^{2}$"),
        ("50% of A_1 & B", r"50\% of $A_{1}$ \& $B$"),
        ("k = 2 and n ≥ 1", r"$k = 2$ and $n \ge  1$"),
        ("a claim — not a proof", "a claim --- not a proof"),
        ("h''(0)", "$h''(0)$"),
        ("up to (k, m) here", "up to $(k$, $m)$ here"),
        ("Σ_{j=1..k a_j …", r"$\sum _{j=1..k a_{j} \dots }$"),
        ("Ū S V̄ᵀ", r"$\bar{U} S \bar{V}^{\top }$"),
    ],
)
def test_prose_sets_formulas_in_math_mode_and_escapes_the_rest(given, wanted):
    assert unicode.prose(given) == wanted


def test_matrices_and_columns_are_set_as_such():
    assert unicode.value("[[1, 2/3], [0, 1]]") == r"\begin{pmatrix} 1 & 2/3 \\ 0 & 1 \end{pmatrix}"
    assert unicode.value("[[1], [0]]") == r"(1, 0)^{\top}"


def test_claims_and_verdicts_show_in_a_notebook(eq10):
    claim, decision = eq10[0].claim, eq10[0].decision
    assert claim._repr_latex_().startswith("$\\displaystyle X - W")
    assert "<math" in html.claim_html(claim)
    assert "refuted" in decision._repr_html_()
    assert "<script" not in claim._repr_html_()

"""Statements in words are printed as text, with the formulas in them as mathematics."""

from __future__ import annotations

import pytest

from proofs.methods.words import Open


@pytest.mark.parametrize(
    ("says", "latex"),
    [
        ("50% of W_1", r"\text{``50\%}\ \text{of}\ \text{$W_{1}$''}"),
        ("V̇(W) tends to 0", r"\text{``$\dot{V}(W)$}\ \text{tends}\ \text{to}\ \text{0''}"),
        (r"\input{x}", r"\text{``\textbackslash{}input\{x\}''}"),
    ],
)
def test_words_with_signs_that_latex_reads_as_commands_stay_words(says, latex):
    assert Open(says, "").latex() == latex

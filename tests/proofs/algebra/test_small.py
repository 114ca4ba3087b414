"""Matrices written out: entries, determinants and products, exactly and for all letters."""

from __future__ import annotations

import pytest
from flint import fmpq, fmpq_mat

from proofs.algebra.evaluate import evaluate
from proofs.algebra.printing import latex, text
from proofs.kernel.expressions import Eye, ShapeError, Sym, column, det, sqrt, symmetric
from proofs.kernel.meaning import equal

a, b, c, d, e, f, x = (Sym(name) for name in "abcdefx")
TWO, THREE = symmetric((a, b), (c,)), symmetric((a, b, c), (d, e), (f,))
AT = {name: fmpq(value) for name, value in zip("abcdefx", (2, 3, 5, 7, 11, 13, 17), strict=True)}


def test_upper_triangle_is_mirrored() -> None:
    assert evaluate(THREE, AT).tolist() == [[2, 3, 5], [3, 7, 11], [5, 11, 13]]


def test_determinant_agrees_with_elimination() -> None:
    rows = evaluate(THREE, AT)
    assert evaluate(det(THREE), AT) == fmpq_mat(3, 3, list(rows.flat)).det()


def test_determinant_and_characteristic_polynomial_for_all_letters() -> None:
    assert equal(det(TWO), a * c - b**2)
    assert equal(det(THREE), a * d * f + 2 * b * c * e - a * e**2 - d * c**2 - f * b**2)
    assert equal(det(x * Eye(2) - TWO), x**2 - (a + c) * x + a * c - b**2)
    assert not equal(det(TWO), a * c + b**2)


def test_product_with_a_column_of_roots() -> None:
    v = column(sqrt(a), 1)
    assert equal(TWO @ v, column(a * sqrt(a) + b, b * sqrt(a) + c))
    assert evaluate(TWO @ v, {**AT, "a": fmpq(4)}).tolist() == [[11], [11]]


def test_rows_of_a_triangle_must_fit() -> None:
    with pytest.raises(ShapeError):
        symmetric((a, b), (c, d))
    with pytest.raises(ShapeError):
        det(column(a, b))


def test_printed_forms() -> None:
    assert text(det(TWO)) == "det([[a, b], [b, c]])"
    assert text(column(a, b)) == "(a, b)ᵀ"
    assert latex(TWO) == r"\begin{pmatrix} a & b \\ b & c \end{pmatrix}"

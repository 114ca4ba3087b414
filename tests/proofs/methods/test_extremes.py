"""Extremes by blocks: what they range over, and algebraic numbers of different polynomials."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flint import fmpq, fmpq_poly

from proofs.algebra.evaluate import Undefined
from proofs.bao2020.notation import ONE, i, k
from proofs.kernel.expressions import Extremum
from proofs.lae import blocks_minimum as minimum
from proofs.methods.eigenvalues import largest, smallest


def test_terms_range_over_the_latents() -> None:
    *_, last = minimum.BLOCKS.over("max").terms
    assert isinstance(last, Extremum)
    assert (last.var, last.lo, last.hi) == (i, ONE, k)


def test_roots_of_different_polynomials_compare() -> None:
    golden, third, same = fmpq_poly([-1, -1, 1]), fmpq_poly([-5, 3]), fmpq_poly([-1, -1, 1]) * fmpq_poly([2, 1])
    assert smallest(golden) < largest(third)
    assert largest(golden) < largest(third)
    assert largest(golden) == largest(same)
    assert smallest(golden) > smallest(same)


def test_number_whose_polynomial_is_not_known_is_not_called_equal() -> None:
    root = largest(fmpq_poly([-2, 0, 1]))
    with pytest.raises(Undefined):
        root.compare(replace(largest(fmpq_poly([-2, 0, 1])), poly=None, offset=fmpq(0)))

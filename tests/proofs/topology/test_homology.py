"""Homology of known spaces, from their triangulations and from the Morse complexes of Grassmannians."""

from __future__ import annotations

from itertools import product

import pytest
from flint import fmpq, fmpq_mat, fmpz_mat

from proofs.topology import chain_complexes, formulas, groups, planes
from proofs.topology.chain_complexes import Complex, betti, homology, power
from proofs.topology.grassmannian import critical, index, morse_complex, neighbours, signs
from proofs.topology.triangulations import PROJECTIVE_PLANE, simplicial, sphere

KLEIN_BOTTLE = Complex((1, 2, 1), (fmpz_mat([[0, 0]]), fmpz_mat([[2], [0]])))
GRASSMANNIANS = [(k, m) for m in range(1, 8) for k in range(m + 1)]


@pytest.mark.parametrize("dimension", range(1, 5))
def test_a_sphere_has_a_point_and_a_cell(dimension: int) -> None:
    inner = [(0, ())] * (dimension - 1)
    assert list(homology(simplicial(sphere(dimension)))) == [(1, ()), *inner, (1, ())]


def test_the_projective_plane_has_torsion_that_only_two_sees() -> None:
    c = simplicial(PROJECTIVE_PLANE)
    assert homology(c) == ((1, ()), (0, (2,)), (0, ()))
    assert (betti(c, 2), betti(c, 3)) == ((1, 1, 1), (1, 0, 0))
    assert c.characteristic == 1


def test_torsion_of_any_order_is_seen() -> None:
    lens = Complex((1, 1, 1, 1), (fmpz_mat([[0]]), fmpz_mat([[12]]), fmpz_mat([[0]])))
    assert homology(lens) == ((1, ()), (0, (12,)), (0, ()), (1, ()))
    assert [chain_complexes.text(g) for g in homology(KLEIN_BOTTLE)] == ["ℤ", "ℤ ⊕ ℤ/2", "0"]


def test_a_torus_is_the_product_of_circles() -> None:
    circle = Complex((1, 1), (fmpz_mat([[0]]),))
    assert [rank for rank, _ in homology(power(circle, 3))] == [1, 3, 3, 1]


def test_torsion_of_a_product_is_that_of_kuenneth() -> None:
    square = chain_complexes.tensor(morse_complex(1, 3), morse_complex(1, 3))
    assert list(map(chain_complexes.text, homology(square))) == ["ℤ", "ℤ/2 ⊕ ℤ/2", "ℤ/2", "ℤ/2", "0"]


def test_what_is_no_complex_is_refused() -> None:
    with pytest.raises(ValueError, match="is not 0"):
        Complex((1, 1, 1), (fmpz_mat([[1]]), fmpz_mat([[2]])))
    with pytest.raises(ValueError, match="shapes"):
        Complex((1, 2), (fmpz_mat([[1]]),))


@pytest.mark.parametrize(("k", "m"), GRASSMANNIANS)
def test_the_morse_complex_has_the_homology_of_closed_formulas(k: int, m: int) -> None:
    c = morse_complex(k, m)
    assert homology(c) == formulas.integral(m, k)
    assert betti(c, 2) == formulas.gaussian(m, k) == c.ranks
    assert betti(c, 5) == formulas.rational(m, k)


@pytest.mark.parametrize("m", range(2, 7))
def test_lines_are_projective_spaces(m: int) -> None:
    """H_d of ℝP^{m−1}: ℤ/2 in odd d < m − 1; ℤ at the top where m is even."""
    top = (1, ()) if m % 2 == 0 else (0, ())
    inner = [(0, (2,)) if d % 2 else (0, ()) for d in range(1, m - 1)]
    assert list(homology(morse_complex(1, m))) == [(1, ()), *inner, top]


def test_a_plane_in_four_dimensions_by_hand() -> None:
    assert list(map(chain_complexes.text, homology(morse_complex(2, 4)))) == ["ℤ", "ℤ/2", "ℤ/2", "0", "ℤ"]


@pytest.mark.parametrize(("k", "m"), [(k, m) for k, m in GRASSMANNIANS if 0 < k < m])
def test_grassmannians_are_orientable_just_for_even_m(k: int, m: int) -> None:
    assert homology(morse_complex(k, m))[-1] == ((1, ()) if m % 2 == 0 else (0, ()))


def test_one_wrong_sign_is_noticed() -> None:
    """By the printed rule Gr_2(ℝ⁴) has a complex too, with other homology; with one sign changed it has none."""
    c = morse_complex(2, 4)
    by_print = Complex(c.ranks, tuple(fmpz_mat(*_shape(c, d), _printed(c, d)) for d in range(1, 5)))
    assert homology(by_print) != homology(c)
    wrong = fmpz_mat(c.boundary(2))
    wrong[0, 0] = -wrong[0, 0]
    with pytest.raises(ValueError, match="is not 0"):
        Complex(c.ranks, (c.boundary(1), wrong, c.boundary(3), c.boundary(4)))


def _shape(c: Complex, d: int) -> tuple[int, int]:
    return c.boundary(d).nrows(), c.boundary(d).ncols()


def _printed(c: Complex, d: int) -> list[int]:
    """2 where a rotation leads out of an even dimension, as the paper has it."""
    count = c.ranks[d - 1] * c.ranks[d]
    return [2 if d % 2 == 0 else 0] * count


def test_signs_are_those_of_a_degree_on_the_projective_line() -> None:
    """The circle Gr_1(ℝ²): both ways down from the maximum, of opposite sign."""
    assert sum(signs((2,), 2, 2)) == 0
    assert abs(sum(signs((3,), 3, 3))) == 2


def test_cells_have_the_dimension_that_points_over_two_elements_count() -> None:
    for k, m in ((1, 3), (2, 4), (3, 5)):
        for chosen in critical(k, m):
            count = sum(planes.above(rows) == chosen for rows in planes.planes(k, m, (0, 1)))
            assert count == 2 ** index(chosen)


def test_a_plane_flows_from_its_last_pivots_to_its_first() -> None:
    rows = fmpq_mat([[1, 1, 0, 0], [0, 0, 1, 1]])
    assert (planes.above(rows), planes.below(rows)) == ((2, 4), (1, 3))
    assert planes.followed(rows) == planes.by_minors(rows, (9, 5, 3, 1)) == (2, 4)
    turned = fmpq_mat([[1, 1, 1, 1], [fmpq(1, 2), fmpq(1, 2), 1, 1]])
    assert planes.above(turned) == (2, 4)


def test_two_planes_lie_between_neighbours_and_none_between_others_of_adjacent_index() -> None:
    joined = {(high, low) for high in critical(2, 5) for _, low in neighbours(high)}
    for high, low in product(critical(2, 5), repeat=2):
        if index(high) == index(low) + 1:
            wanted = 2 if (high, low) in joined else 0
            assert planes.between(high, low, 5) == planes.between_modulo(high, low, 5) == wanted


def test_commutators_of_groups_that_are_known() -> None:
    assert len(groups.special_linear(2)) == 6
    assert len(groups.commutators(groups.special_linear(2), 2)) == 3
    assert len(groups.commutators(groups.special_linear(5), 5)) == 120

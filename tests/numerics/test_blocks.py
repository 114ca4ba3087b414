"""Blocks: their spectrum, their directions and their inverses against the dense Hessian by brute force."""

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numerics.blocks import WEIGHTS
from numerics.hessians import dense_hessian
from numerics.losses import nested_dropout, non_uniform_l2
from numerics.minima import L2Minimum, NestedDropoutMinimum, extreme_blocks, stream

SIZES = [(1, 1), (1, 3), (2, 2), (2, 3), (3, 3), (3, 5), (4, 4)]


@st.composite
def spectra(draw, sizes=SIZES):
    """(k, σ², fractions in (0, 1) increasing): gaps between 0.1 and 2, so that brute force can tell."""
    k, m = draw(st.sampled_from(sizes))
    gap = st.floats(0.1, 2)
    sigma2 = np.cumsum(draw(st.lists(gap, min_size=m, max_size=m)))[::-1].copy()
    parts = np.cumsum(draw(st.lists(gap, min_size=k + 1, max_size=k + 1)))
    return k, sigma2, parts[:-1] / parts[-1]


def diagonal(values, shape):
    matrix = np.zeros(shape)
    np.fill_diagonal(matrix, values)
    return matrix


def l2_hessian(sigma2, lam):
    k, m = len(lam), len(sigma2)
    w1 = diagonal(np.sqrt(1 - lam / sigma2[:k]), (k, m))
    loss = non_uniform_l2(lam).half()
    assert max(np.abs(g).max() for g in loss.gradient(w1, w1.T, np.diag(sigma2))) < 1e-13 * sigma2[0]
    return dense_hessian(lambda a, b: loss.gradient(a, b, np.diag(sigma2)), w1, w1.T)


def nested_dropout_hessian(sigma2, prior, scaling):
    k, m = len(prior), len(sigma2)
    w1, w2 = diagonal(scaling, (k, m)), diagonal(1 / scaling, (m, k))
    loss = nested_dropout(prior).half()
    assert max(np.abs(g).max() for g in loss.gradient(w1, w2, np.diag(sigma2))) < 1e-12 * sigma2[0]
    return dense_hessian(lambda a, b: loss.gradient(a, b, np.diag(sigma2)), w1, w2)


def all_eigenvalues(blocks):
    return np.sort(np.concatenate([block.eigenvalues().ravel() for block in blocks]))


def in_weight_space(block, index, coordinate, k, m):
    """One axis of one block as a vector of all weights, in the order of `dense_hessian`."""
    i, j = int(block.latent[index]), int(block.other[index])
    places = dict(zip(WEIGHTS, [(0, i, j), (0, j, i), (1, i, j), (1, j, i)], strict=True))
    arrays = np.zeros((k, m)), np.zeros((m, k))
    for name, value in zip(WEIGHTS, block.axes[coordinate], strict=True):
        value = value[index] if np.ndim(value) else value
        if value:
            array, row, column = places[name]
            arrays[array][row, column] += value
    return np.concatenate([a.ravel() for a in arrays])


def assert_blocks_are_the_hessian(blocks, hessian, k, m):
    """The axes are orthonormal, and span invariant subspaces on which the Hessian is the block."""
    size = np.abs(hessian).max()
    for block in blocks:
        for index in range(len(block.latent)):
            axes = np.array([in_weight_space(block, index, c, k, m) for c in range(len(block.matrix))])
            np.testing.assert_allclose(axes @ axes.T, np.eye(len(axes)), atol=1e-13)
            matrix = np.array([[entry[index] if np.ndim(entry) else entry for entry in row] for row in block.matrix])
            np.testing.assert_allclose(hessian @ axes.T, axes.T @ matrix, atol=1e-10 * size)


@settings(max_examples=40, deadline=None)
@given(spectra())
def test_l2_blocks_are_the_brute_force_hessian(problem):
    k, sigma2, fractions = problem
    lam = fractions * sigma2[k - 1]
    hessian, blocks = l2_hessian(sigma2, lam), list(stream(L2Minimum(sigma2, lam), size=4))
    np.testing.assert_allclose(
        all_eigenvalues(blocks), np.linalg.eigvalsh(hessian), atol=1e-12 * sigma2[0] * len(sigma2)
    )
    assert_blocks_are_the_hessian(blocks, hessian, k, len(sigma2))


@settings(max_examples=40, deadline=None)
@given(spectra(), st.floats(0.5, 2))
def test_nested_dropout_blocks_are_the_brute_force_hessian_with_k_null_directions(problem, stretch):
    k, sigma2, fractions = problem
    prior = np.diff(fractions, prepend=0) / fractions[-1]
    scaling = stretch ** np.arange(k)
    hessian = nested_dropout_hessian(sigma2, prior, scaling)
    blocks = list(stream(NestedDropoutMinimum(sigma2, prior, scaling), size=4))
    expected = np.sort(np.concatenate([np.zeros(k), all_eigenvalues(blocks)]))
    size = np.abs(hessian).max()
    np.testing.assert_allclose(expected, np.linalg.eigvalsh(hessian), atol=1e-11 * size)
    assert_blocks_are_the_hessian(blocks, hessian, k, len(sigma2))


@pytest.mark.parametrize("sigma2", [[3.0, 2.0, 0.0, 0.0], [3.0, 2.0, 1.0, 0.0], [3.0, 0.0]])
def test_components_without_variance_add_null_directions_to_nested_dropout(sigma2):
    k, zeros = min(2, sum(s > 0 for s in sigma2)), sum(s == 0 for s in sigma2)
    sigma2, prior = np.array(sigma2), np.full(k, 1 / k)
    dense = np.linalg.eigvalsh(nested_dropout_hessian(sigma2, prior, np.ones(k)))
    found = all_eigenvalues(stream(NestedDropoutMinimum(sigma2, prior)))
    null = np.zeros(k * (1 + zeros))
    np.testing.assert_allclose(np.concatenate([null, found]), dense, atol=1e-13)
    extreme = all_eigenvalues(extreme_blocks(NestedDropoutMinimum(sigma2, prior)))
    assert (extreme[0], extreme[-1]) == (found[0], found[-1])


@pytest.mark.parametrize("loss", ["l2", "nested dropout"])
@settings(max_examples=30, deadline=None)
@given(spectra([(1, 6), (2, 7), (3, 8)]))
def test_first_and_last_unlearned_component_hold_the_extremes_of_all(loss, problem):
    k, sigma2, fractions = problem
    minimum = (
        L2Minimum(sigma2, fractions * sigma2[k - 1])
        if loss == "l2"
        else NestedDropoutMinimum(sigma2, np.diff(fractions, prepend=0) / fractions[-1])
    )
    few, full = all_eigenvalues(extreme_blocks(minimum)), all_eigenvalues(stream(minimum))
    assert (few[0], few[-1]) == pytest.approx((full[0], full[-1]), rel=1e-13)


def rotation(minimum):
    return next(block for block in extreme_blocks(minimum) if block.kind == "rotation")


def test_smallest_eigenvalue_is_not_monotone_in_the_unlearned_variance():
    """s = 1, λ = 0.01: λ at s_j = 0, then larger, then 0 at s_j = s_i, so both ends are needed."""
    minima = [L2Minimum(np.array([1.0, s]), np.array([0.01])) for s in (0.0, 0.5, 0.999)]
    curvatures = [float(list(extreme_blocks(minimum))[-1].smallest()[0]) for minimum in minima]
    assert curvatures[0] == pytest.approx(0.01)
    assert curvatures[1] > 10 * curvatures[0]
    assert curvatures[2] < curvatures[0]


def reference_pair(loss, si, sj, wi, wj):
    """The smallest eigenvalue of a pair's plain 4×4 block at 80 digits, coordinates A_ij, A_ji, B_ij, B_ji."""
    with mpmath.workdps(80):
        si, sj, wi, wj = map(mpmath.mpf, (si, sj, wi, wj))
        if loss == "l2":
            qi, qj = mpmath.sqrt(1 - wi / si), mpmath.sqrt(1 - wj / sj)
            matrix = [
                [sj * qi**2 + wi, 0, sj * qi * qj, -wj],
                [0, si * qj**2 + wj, -wi, si * qi * qj],
                [sj * qi * qj, -wi, sj, 0],
                [-wj, si * qi * qj, 0, si],
            ]
        else:
            pi, pj = wi + wj, wj
            matrix = [
                [pi * sj, 0, pj * sj, -wi * sj],
                [0, pj * si, 0, pj * si],
                [pj * sj, 0, pj * sj, 0],
                [-wi * sj, pj * si, 0, pi * si],
            ]
        return mpmath.eigsy(mpmath.matrix(matrix), eigvals_only=True)[0]


HARD = [
    (1.0, 0.5, 0.1, 0.2),
    (1.0, 1 - 1e-12, 0.25, 0.5),
    (1.0, 0.5, 0.25, 0.25 + 1e-15),
    (1.0, 1 - 1e-8, 0.5, 0.5 + 1e-8),
    (1.0, 1e-8, 1e-9, 2e-9),
    (1.0, 0.5, 1e-12, 3e-12),
    (1.0, 1e-5, 3e-6, 1e-5 * (1 - 1e-11)),
    (1e150, 0.7e150, 0.1e150, 0.2e150),
    (1e-150, 0.7e-150, 0.1e-150, 0.2e-150),
]


@pytest.mark.parametrize("case", HARD)
def test_smallest_eigenvalue_of_a_pair_keeps_twelve_digits_at_any_condition(case):
    """The inputs are scaled as `l2_conditioning` does, by a power of two."""
    unit = 2.0 ** np.floor(np.log2(case[0]))
    si, sj, li, lj = (x / unit for x in case)
    pair = rotation(L2Minimum(np.array([si, sj]), np.array([li, lj])))
    exact = reference_pair("l2", si, sj, li, lj)
    assert abs(pair.smallest()[0] / exact - 1) < 1e-12


@pytest.mark.parametrize("case", [*((1.0, s, p) for s in (0.5, 1 - 1e-12, 1e-9) for p in (0.5, 1e-6, 1 - 1e-6))])
def test_smallest_eigenvalue_of_a_nested_dropout_pair_keeps_twelve_digits(case):
    si, sj, first = case
    pair = rotation(NestedDropoutMinimum(np.array([si, sj]), np.array([first, 1 - first])))
    exact = reference_pair("nested dropout", si, sj, first, 1 - first)
    assert abs(pair.smallest()[0] / exact - 1) < 1e-12


@settings(max_examples=50, deadline=None)
@given(spectra([(3, 5), (4, 4)]))
def test_brackets_contain_the_eigenvalues(problem):
    k, sigma2, fractions = problem
    for block in extreme_blocks(L2Minimum(sigma2, fractions * sigma2[k - 1])):
        for (low, high), exact in [
            (block.bracket_largest(), block.largest()),
            (block.bracket_smallest(), block.smallest()),
        ]:
            assert np.all(low <= exact * (1 + 1e-12))
            assert np.all(exact <= high * (1 + 1e-12))


def test_printed_rotation_curvature_is_never_attained():
    """It is the first pivot of the tridiagonal block, strictly above its smallest eigenvalue."""
    pair = rotation(L2Minimum(np.array([3.0, 2.0]), np.array([0.5, 1.0])))
    nu = np.array([1 - 0.5 / 3, 1 - 1 / 2])
    printed = (nu[0] - nu[1]) * 0.5 / nu.sum()
    assert pair.matrix[0][0][0] == pytest.approx(printed)
    assert pair.smallest()[0] < 0.9 * printed

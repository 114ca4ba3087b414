"""Where the minimum is not isolated: ties, collapsed latents and masks that never come, against brute force."""

from itertools import combinations_with_replacement as multisets

import numpy as np
import pytest

from numerics.conditioning import extremes, l2_conditioning, nested_dropout_conditioning
from numerics.hessians import dense_hessian
from numerics.losses import nested_dropout, non_uniform_l2
from numerics.minima import L2Minimum, NestedDropoutMinimum, extreme_blocks, stream

SPECTRA = [s for m in (1, 2, 3, 4) for s in multisets((3.0, 2.0, 1.0, 0.0), m) if s[0] > 0]
REGULARISERS = [lam for k in (1, 2, 3) for lam in multisets((0.5, 1.0, 1.5, 2.0, 4.0), k)]
PRIORS = [
    (1.0,),
    (0.5, 0.5),
    (0.0, 1.0),
    (1.0, 0.0),
    (0.5, 0.0, 0.5),
    (0.0, 0.0, 1.0),
    (0.2, 0.8, 0.0),
    (0.5, 0.3, 0.2),
]


def l2_problems():
    return [(np.array(s), np.array(lam)) for s in SPECTRA for lam in REGULARISERS if len(lam) <= len(s)]


def nested_dropout_problems():
    return [(np.array(s), np.array(p)) for s in SPECTRA for p in PRIORS if len(p) <= len(s)]


def eigenvalues(loss, w1, w2, sigma2):
    gradients = loss.gradient(w1, w2, np.diag(sigma2))
    assert max(np.abs(g).max() for g in gradients) < 1e-14 * sigma2[0]
    return np.linalg.eigvalsh(dense_hessian(lambda a, b: loss.gradient(a, b, np.diag(sigma2)), w1, w2))


def l2_eigenvalues(sigma2, lam):
    w1 = np.zeros((len(lam), len(sigma2)))
    nu = np.maximum(0, 1 - lam / np.maximum(sigma2[: len(lam)], 1e-300))
    np.fill_diagonal(w1, np.sqrt(nu))
    return eigenvalues(non_uniform_l2(lam).half(), w1, w1.T, sigma2)


def nested_dropout_eigenvalues(sigma2, prior, scaling):
    """At W1 = QUᵀ, W2 = UQ⁻¹ for the latents that are kept and find a component, zero for the others."""
    w1, w2 = np.zeros((len(prior), len(sigma2))), np.zeros((len(sigma2), len(prior)))
    for i in range(len(prior)):
        if sigma2[i] > 0 and prior[i:].sum() > 0:
            w1[i, i], w2[i, i] = scaling[i], 1 / scaling[i]
    return eigenvalues(nested_dropout(prior).half(), w1, w2, sigma2)


def assert_same(minimum, dense):
    found = np.concatenate([block.eigenvalues().ravel() for block in stream(minimum, size=5)])
    assert found.min() > 1e-3
    every = np.sort(np.concatenate([np.zeros(minimum.null_directions), found]))
    assert len(every) == len(dense)
    np.testing.assert_allclose(every, dense, atol=1e-12)
    few = np.concatenate([block.eigenvalues().ravel() for block in extreme_blocks(minimum)])
    assert (few.min(), few.max()) == pytest.approx((found.min(), found.max()), rel=1e-13)


@pytest.mark.parametrize("part", range(8))
def test_l2_curvatures_and_null_directions_at_ties_and_collapsed_latents_are_the_brute_force_ones(part):
    for sigma2, lam in l2_problems()[part::16]:
        assert_same(L2Minimum(sigma2, lam), l2_eigenvalues(sigma2, lam))


@pytest.mark.parametrize("stretch", [1.0, 1.7])
def test_nested_dropout_curvatures_and_null_directions_are_the_brute_force_ones(stretch):
    for sigma2, prior in nested_dropout_problems()[::2]:
        scaling = stretch ** np.arange(1, len(prior) + 1)
        assert_same(NestedDropoutMinimum(sigma2, prior, scaling), nested_dropout_eigenvalues(sigma2, prior, scaling))


@pytest.mark.parametrize("loss", ["l2", "nested-dropout"])
def test_a_tie_in_a_batch_counts_as_a_curvature_of_zero_and_spoils_no_other_spectrum(loss):
    sigma2 = np.array([[3.0, 2, 1], [2, 2, 1], [2, 1, 1], [3, 2, 1], [2, 2, 1]])
    tied = [False, True, True, True, True]
    if loss == "l2":
        weights, build, measure = [[0.3, 0.6]] * 3 + [[0.5, 0.5]] * 2, L2Minimum, l2_conditioning
    else:
        weights, build, measure = [[0.5, 0.5]] * 3 + [[0.0, 1.0]] * 2, NestedDropoutMinimum, nested_dropout_conditioning
    s_min, s_max = extremes(build(sigma2, np.array(weights)))
    for index, tie in enumerate(tied):
        found = measure(sigma2[index], np.array(weights[index]), scale="half", degenerate=True)
        assert s_max[index] == pytest.approx(found.s_max)
        assert s_min[index] == (0 if tie else pytest.approx(found.s_min))


def test_a_collapsed_latent_in_a_batch_is_nan_and_spoils_no_other_spectrum():
    sigma2, lam = np.array([[2.0, 1.0], [2.0, 1.0]]), np.array([[0.2, 0.5], [0.2, 3.0]])
    with np.errstate(all="ignore"):
        s_min, s_max = extremes(L2Minimum(sigma2, lam))
    found = l2_conditioning(sigma2[0], lam[0], scale="half")
    assert (s_min[0], s_max[0]) == (found.s_min, found.s_max)
    assert np.isnan([s_min[1], s_max[1]]).all()

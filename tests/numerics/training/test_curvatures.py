"""Closed forms of largest curvatures against dense Hessians, where theorems hold and where they do not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numerics import losses
from numerics.hessians import dense_hessian
from numerics.training import curvatures
from numerics.training.catalogue import make
from numerics.training.program import automatic_rate

VALUES = st.one_of(st.sampled_from([0.0, 0.25, 1.0, 1.0 + 1e-6, 2.0]), st.floats(0.01, 3.0))


@st.composite
def problems(draw):
    """A spectrum, decreasing, its first value positive; one λ_i per latent, some equal, zero or above σ²."""
    m = draw(st.integers(1, 4))
    sigma2 = np.sort(draw(st.lists(VALUES, min_size=m, max_size=m)))[::-1].copy()
    sigma2[0] += 0.5
    k = draw(st.integers(1, m))
    return sigma2, np.array(draw(st.lists(VALUES, min_size=k, max_size=k)))


def balanced(sigma2, lam, gamma=0.0):
    """W1 = W2ᵀ at the global minimum, the smallest λ for the largest σ²."""
    k = len(lam)
    s, sizes = sigma2[:k], np.zeros((k, len(sigma2)))
    safe = np.where(s > 0, s, 1.0)
    np.fill_diagonal(sizes, np.sqrt(np.where(s > lam, s / (safe + gamma) - lam / safe, 0)))
    return sizes


def hessian(loss, w, sigma2):
    return dense_hessian(lambda a, b: loss.gradient(a, b, np.diag(sigma2)), w, w.T)


@settings(max_examples=80, deadline=None)
@given(problems())
def test_any_regularisers_have_the_largest_curvature_of_the_dense_hessian(problem):
    sigma2, lam = problem
    ordered = np.sort(lam)
    top = np.linalg.eigvalsh(hessian(losses.non_uniform_l2(ordered), balanced(sigma2, ordered), sigma2))[-1]
    assert curvatures.regularised(sigma2, lam) == pytest.approx(top, rel=1e-9)


@settings(max_examples=80, deadline=None)
@given(problems())
def test_tied_weights_have_the_largest_curvature_of_the_dense_hessian(problem):
    """The Hessian by W of L(W, Wᵀ) is JᵀHJ, J: V ↦ (V, Vᵀ)."""
    sigma2, lam = problem
    k, m = len(lam), len(sigma2)
    w = balanced(sigma2, np.full(k, lam[0]))
    unit = np.eye(k * m).reshape(k * m, k, m)
    both = np.hstack([unit.reshape(k * m, -1), unit.swapaxes(1, 2).reshape(k * m, -1)])
    top = np.linalg.eigvalsh(both @ hessian(losses.uniform_sum(k, lam[0]), w, sigma2) @ both.T)[-1]
    assert curvatures.tied(sigma2, lam[0], k) == pytest.approx(top, rel=1e-7, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(problems(), st.floats(0.0, 5.0))
def test_what_regularises_the_product_leaves_the_largest_curvature_as_it_is(problem, gamma):
    sigma2, lam = problem
    k = len(lam)
    top = np.linalg.eigvalsh(hessian(losses.product(k, gamma), balanced(sigma2, np.zeros(k), gamma), sigma2))[-1]
    assert 4 * sigma2[0] == pytest.approx(top, rel=1e-10)


@pytest.mark.parametrize("name", ["uniform-l2-tied", "contractive"])
def test_tied_models_regularise_as_their_closed_form_says(name):
    sigma2 = np.array([3.0, 2.0, 1.0])
    model = make(name, 2, sigma2, lam=[0.8, 0.8])
    assert model.curvature(sigma2) == curvatures.tied(sigma2, 0.8 if name == "uniform-l2-tied" else 0.4, 2)


def test_a_minimum_without_curvature_has_no_automatic_rate():
    model = make("uniform-l2-tied", 1, np.array([4.0]), lam=[4.0])
    with pytest.raises(ValueError, match=r"^lr: uniform-l2-tied is flat at its minimum"):
        automatic_rate(model, "gd", np.array([4.0]))

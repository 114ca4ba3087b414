"""Hebbian rules and tied weights: as printed, and where they lead; denoising and contractive losses by definition."""

import numpy as np
import pytest

from numerics.hessians import dense_hessian
from numerics.training.catalogue import make
from numerics.training.data import synthetic
from numerics.training.program import Program, Run, automatic_rate

DATA = synthetic([5.0, 3.0, 2.0, 1.0, 0.4], n=30, rng=np.random.default_rng(0))
K = 3


@pytest.mark.parametrize("name", ["gha", "oja"])
def test_a_step_is_the_printed_rule_on_samples(name):
    """W ← W + (α/n)(YXᵀ − mask(YYᵀ)W), Y = WX."""
    program = Program([Run(make(name, K, DATA.sigma2), "gd", 0.05, start="normal:0.5")], DATA)
    w = program.decoders()[0][0]
    program.advance(1)
    x = DATA.centred().T
    y = w @ x
    gram = np.tril(y @ y.T) if name == "gha" else y @ y.T
    after = w + 0.05 / x.shape[1] * (y @ x.T - gram @ w)
    np.testing.assert_allclose(program.decoders()[0][0], after, rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(program.decoders()[1][0], after.T, rtol=1e-11, atol=1e-13)


def test_gha_finds_the_directions_in_order_and_oja_only_their_span():
    runs = [
        Run(make(name, K, DATA.sigma2), "gd", automatic_rate(make(name, K, DATA.sigma2), "gd", DATA.sigma2))
        for name in ("gha", "oja")
    ]
    program = Program(runs, DATA)
    program.advance(3000)
    found = program.measure()
    assert found["ordered_alignment"][0] < 1e-9
    assert found["alignment"][1] > 1e-2
    assert np.all(found["subspace"] < 1e-12)
    assert np.all(np.abs(found["excess"]) < 1e-10)


def test_oja_at_one_latent_is_half_the_tied_gradient_on_the_sphere():
    """Kunin et al. (2019, Appendix A): α(1 − wwᵀ)Cw; the gradient of ‖X − wwᵀX‖²/n is −2 times it where ‖w‖ = 1."""
    run = Run(make("oja", 1, DATA.sigma2), "gd", 0.01, start="orthogonal")
    oja = Program([run], DATA)
    w = oja.weights[0, 0].copy()
    gradient = make("unregularised", 1, DATA.sigma2).loss.gradient(w, w.T, np.diag(DATA.sigma2))
    oja.advance(1)
    tied = gradient[0] + gradient[1].T
    radial = np.sum(tied * w) * w
    moved = (oja.weights[0, 0] - w) / 0.01
    np.testing.assert_allclose(moved, -(tied - radial) / 2 + np.sum(moved * w) * w, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("name", ["uniform-l2-tied", "contractive"])
def test_tied_weights_stay_tied_and_follow_the_gradient_by_one_of_them(name):
    model = make(name, K, DATA.sigma2)
    program = Program([Run(model, "nesterov", 0.001, start="normal:0.5")], DATA)
    w = program.weights[0, 0].copy()
    g1, g2 = model.loss.gradient(w, w.T, np.diag(DATA.sigma2))
    program.advance(1)
    np.testing.assert_allclose(program.weights[0, 0], w - 1.9 * 0.001 * (g1 + g2.T), rtol=1e-11, atol=1e-13)
    program.advance(200)
    assert np.array_equal(program.weights[:, 0], program.weights[:, 1])


@pytest.mark.parametrize("name", ["uniform-l2-tied", "contractive"])
def test_tied_weights_reach_the_least_loss_and_its_curvature_is_exact(name):
    model, covariance = make(name, K, DATA.sigma2), np.diag(DATA.sigma2)
    program = Program([Run(model, "gd", automatic_rate(model, "gd", DATA.sigma2))], DATA)
    program.advance(4000)
    assert abs(program.measure()["excess"][0]) < 1e-10
    w1 = program.weights[0, 0]
    hessian = dense_hessian(lambda a, b: model.loss.gradient(a, b, covariance), w1, w1.T)
    size, order = w1.size, np.arange(w1.size).reshape(w1.shape)
    tie = np.zeros((2 * size, size))
    tie[order.ravel(), order.ravel()] = 1
    tie[size + np.arange(size), order.T.ravel()] = 1
    top = np.linalg.eigvalsh(tie.T @ hessian @ tie)[-1]
    assert model.curvature(DATA.sigma2) == pytest.approx(top, rel=1e-6)


def test_denoising_is_the_expectation_over_noise_of_the_given_variance():
    """E‖x − M(x + n)‖² = ‖x − Mx‖² + λ‖M‖², here over n ∈ {±√λ}^m, whose mean is 0 and whose variance is λ."""
    model = make("denoising", 2, DATA.sigma2, lam=[0.3, 0.3])
    rng = np.random.default_rng(1)
    w1, w2, x = rng.normal(size=(2, 5)), rng.normal(size=(5, 2)), DATA.centred().T
    signs = np.array(np.meshgrid(*[[-1, 1]] * 5)).reshape(5, -1) * np.sqrt(0.3)
    errors = [np.sum((x - w2 @ w1 @ (x + noise[:, None])) ** 2) for noise in signs.T]
    assert model.loss.value(w1, w2, DATA.basis @ np.diag(DATA.sigma2) @ DATA.basis.T) == pytest.approx(
        np.mean(errors) / x.shape[1], rel=1e-12
    )


def test_the_contractive_loss_adds_the_jacobian_of_the_encoder():
    model = make("contractive", 2, DATA.sigma2, lam=[0.3, 0.3])
    w = np.random.default_rng(1).normal(size=(2, 5))
    plain = make("unregularised", 2, DATA.sigma2).loss.value(w, w.T, DATA.covariance())
    assert model.loss.value(w, w.T, DATA.covariance()) == pytest.approx(plain + 0.3 * np.sum(w**2), rel=1e-12)

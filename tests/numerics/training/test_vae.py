"""The linear VAE: value against its definition, gradients against the value, optimum against probabilistic PCA."""

import numpy as np
import pytest

from numerics.training.catalogue import make
from numerics.training.data import from_samples, synthetic
from numerics.training.program import Program, Run, automatic_rate

K = 2
DATA = synthetic([6.0, 4.0, 2.0, 1.0, 0.5], n=50, rng=np.random.default_rng(0))
VAE = make("vae", K, DATA.sigma2)


def program_at(rate=1.0):
    """A program at random parameters."""
    rng = np.random.default_rng(0)
    state = {
        "step": np.array(0),
        "weights": rng.normal(size=(1, 2, K, DATA.m)),
        "log_variance": rng.normal(size=(1, K)),
        "log_noise": rng.normal(size=(1, 1)),
    }
    return Program([Run(VAE, "gd", rate)], DATA, state=state), state


def test_the_loss_is_minus_the_expected_log_likelihood_plus_the_divergence():
    """E_q log p(x|z) by its own mean and covariance: x − W2z ~ N(x − W2W1x, W2DW2ᵀ)."""
    program, state = program_at()
    w1, w2 = (x[0] for x in program.decoders())
    d, s = np.exp(state["log_variance"][0]), np.exp(state["log_noise"][0, 0])
    total = 0.0
    for x in DATA.centred():
        mean = w1 @ x
        divergence = 0.5 * np.sum(d + mean**2 - 1 - np.log(d))
        scatter = np.sum((x - w2 @ mean) ** 2) + np.trace(w2 @ np.diag(d) @ w2.T)
        total += divergence + scatter / (2 * s) + DATA.m / 2 * np.log(2 * np.pi * s)
    assert program.losses()[0] == pytest.approx(total / len(DATA.centred()), rel=1e-12)


@pytest.mark.parametrize("name", ["weights", "log_variance", "log_noise"])
def test_a_step_is_the_gradient_of_the_loss(name):
    """Each coordinate's step of gradient descent against central differences of the loss."""
    program, state = program_at()
    program.advance(1)
    step = state[name] - program.state()[name]
    for place in np.ndindex(state[name].shape):
        losses = []
        for shift in (1e-5, -1e-5):
            moved = {**state, name: state[name].copy()}
            moved[name][place] += shift
            losses.append(Program([Run(VAE, "gd", 1.0)], DATA, state=moved).losses()[0])
        assert step[place] == pytest.approx((losses[0] - losses[1]) / 2e-5, rel=1e-5, abs=1e-7)


def test_the_least_loss_is_minus_the_likelihood_of_probabilistic_pca():
    decomposition = pytest.importorskip("sklearn.decomposition")
    samples = DATA.centred() @ np.diag([1, 2, 3, 4, 5])
    n = len(samples)
    data = from_samples(samples)
    score = decomposition.PCA(K, svd_solver="full").fit(samples).score(samples)
    unbiased = data.sigma2 * n / (n - 1)  # scikit-learn divides by n − 1
    noise = unbiased[K:].mean()
    fitted = np.sum(np.log(unbiased[:K])) + (data.m - K) * np.log(noise) + (n - 1) / n * data.m
    assert score == pytest.approx(-(fitted + data.m * np.log(2 * np.pi)) / 2, rel=1e-10)
    ours = np.sum(np.log(data.sigma2[:K])) + (data.m - K) * np.log(data.sigma2[K:].mean()) + data.m
    assert VAE.minimum(data.sigma2) == pytest.approx((ours + data.m * np.log(2 * np.pi)) / 2, rel=1e-12)


@pytest.mark.parametrize("optimizer", ["nesterov", "adam"])
def test_training_reaches_the_least_loss_and_finds_components_without_order(optimizer):
    rate = 0.01 if optimizer == "adam" else 3 * automatic_rate(VAE, optimizer, DATA.sigma2)
    program = Program([Run(VAE, optimizer, rate, seed) for seed in range(3)], DATA)
    program.advance(6000)
    found = program.measure()
    assert np.all(np.abs(found["excess"]) < 1e-4)
    assert np.all(found["alignment"] < 1e-3)
    noise = np.exp(program.state()["log_noise"])
    np.testing.assert_allclose(noise, DATA.sigma2[K:].mean(), rtol=0.01)


def test_its_curvature_bounds_stable_learning_rates_at_the_minimum():
    from numerics.training.vae import _optimum

    s_max = VAE.curvature(DATA.sigma2)
    goal = _optimum(DATA.sigma2, K, DATA.sigma2[K:].mean())
    sizes = []
    for share in (1.98, 2.02):
        noise = np.random.default_rng(0)
        state = {name: array + 1e-7 * noise.normal(size=array.shape) for name, array in goal.items()}
        program = Program([Run(VAE, "gd", share / s_max)], DATA, state={"step": np.array(0), **state})
        program.advance(1500)
        sizes.append(max(np.max(np.abs(program.state()[name] - goal[name])) for name in goal))
    assert sizes[0] < 1e-5 < sizes[1]


def test_nothing_left_out_is_a_violated_hypothesis():
    model = make("vae", DATA.m, DATA.sigma2)
    assert [h.text for h in model.hypotheses(DATA.sigma2) if not h.holds] == ["noise: Σ_{i>k} σ_i² > 0"]
    assert model.minimum(DATA.sigma2) == -np.inf


@pytest.mark.torch
def test_torch_autograd_on_the_data_matrix_trains_alike():
    torch = pytest.importorskip("torch", reason="the torch extra is not installed")
    torch.set_num_threads(1)
    program, state = program_at(rate=0.003)
    w1, w2 = (torch.tensor(x[0].copy(), requires_grad=True) for x in program.decoders())
    logvar = torch.tensor(state["log_variance"][0].copy(), requires_grad=True)
    lognoise = torch.tensor(state["log_noise"][0, 0].copy(), requires_grad=True)
    x = torch.tensor(DATA.centred())
    optimiser = torch.optim.SGD([w1, w2, logvar, lognoise], lr=0.003)
    for _ in range(50):
        optimiser.zero_grad()
        z = x @ w1.T
        scatter = ((x - z @ w2.T) ** 2).sum() + len(x) * (w2**2 * logvar.exp()).sum()
        loss = (0.5 * (logvar.exp() + z**2 - 1 - logvar)).sum() / len(x)
        loss = loss + scatter / (2 * lognoise.exp()) / len(x) + DATA.m / 2 * lognoise
        loss.backward()
        optimiser.step()
    program.advance(50)
    np.testing.assert_allclose(program.decoders()[0][0], w1.detach().numpy(), rtol=1e-10, atol=1e-11)
    np.testing.assert_allclose(program.decoders()[1][0], w2.detach().numpy(), rtol=1e-10, atol=1e-11)
    np.testing.assert_allclose(program.state()["log_variance"][0], logvar.detach().numpy(), rtol=1e-10)

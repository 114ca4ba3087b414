"""The batched field against the losses it abbreviates, Algorithm 1 as printed, and the same steps in both bases."""

import array_api_strict
import numpy as np
import pytest

from numerics.training.catalogue import MODELS, make
from numerics.training.covariances import Batches, Dense, Diagonal
from numerics.training.data import synthetic
from numerics.training.fields import PairField, Setting
from numerics.training.program import Program, Run
from numerics.training.update_rules import RULES

K, M = 3, 6
DATA = synthetic([9.0, 6.0, 4.0, 2.0, 1.0, 0.5], n=None, rng=np.random.default_rng(0))
SAMPLES = synthetic(DATA.sigma2, n=40, rng=np.random.default_rng(3))
MODEL = {name: make(name, K, DATA.sigma2) for name in MODELS}
PAIRS = [name for name in MODELS if MODEL[name].field is PairField and not MODEL[name].tied]
GRADIENTS = [name for name in PAIRS if MODEL[name].rotation == MODEL[name].draws == "none"]


def weights(runs=1, seed=1):
    return np.random.default_rng(seed).normal(size=(runs, 2, K, M))


def setting(models, covariance, rates, raw=False, xp=np):
    seeds = range(len(models))
    return Setting(models, seeds, rates, raw, covariance, covariance, float(DATA.sigma2.sum()), xp)


def field(models, w, rates, *, raw=False, xp=np):
    covariance = Dense(xp.asarray(DATA.covariance().astype(str(w.dtype).split(".")[-1])), xp)
    return PairField(setting(models, covariance, rates, raw, xp), {"weights": w})


def test_all_models_in_one_batch_have_the_gradients_and_values_of_their_losses():
    models, w = [MODEL[name] for name in GRADIENTS], weights(len(GRADIENTS))
    moved = field(models, w, np.arange(1.0, len(models) + 1))
    direction, values = moved.descent(0)["weights"].copy(), moved.value()
    for i, model in enumerate(models):
        g1, g2 = model.loss.gradient(w[i, 0], w[i, 1].T, DATA.covariance())
        np.testing.assert_allclose(direction[i], (i + 1) * np.stack([g1, g2.T]), rtol=1e-12, atol=1e-12)
        assert values[i] == pytest.approx(model.loss.value(w[i, 0], w[i, 1].T, DATA.covariance()), rel=1e-12)


@pytest.mark.parametrize("k", [32, 33, 40])
def test_wide_models_have_the_gradients_of_their_losses_in_the_eigenbasis(k):
    sigma2 = np.linspace(3.0, 0.0, 45)
    models = [make(name, k, sigma2) for name in GRADIENTS]
    w = np.random.default_rng(0).normal(size=(len(models), 2, k, len(sigma2)))
    found = PairField(setting(models, Diagonal(sigma2, np), np.arange(1.0, len(models) + 1)), {"weights": w})
    direction = found.descent(0)["weights"]
    for i, model in enumerate(models):
        g1, g2 = model.loss.gradient(w[i, 0], w[i, 1].T, np.diag(sigma2))
        np.testing.assert_allclose(direction[i], (i + 1) * np.stack([g1, g2.T]), rtol=1e-10, atol=1e-9)


@pytest.mark.parametrize("last", [0.0, 1e-9, 1e-3])
def test_a_latent_that_masks_never_or_hardly_keep_has_the_gradient_of_its_loss(last):
    rare = make("nested-dropout", K, DATA.sigma2, prior=[0.5, 0.5 - last, last])
    models, w = [rare, MODEL["rag"], MODEL["nested-dropout"]], weights(3)
    direction = field(models, w, [1.0] * 3).descent(0)["weights"]
    for i in (0, 2):
        g1, g2 = models[i].loss.gradient(w[i, 0], w[i, 1].T, DATA.covariance())
        np.testing.assert_allclose(direction[i], np.stack([g1, g2.T]), rtol=1e-10, atol=1e-12)
    alone = field([MODEL["rag"]], w[1:2], [1.0]).descent(0)["weights"]
    np.testing.assert_allclose(direction[1], alone[0], rtol=1e-10, atol=1e-12)


def test_a_raw_direction_leaves_the_learning_rate_out():
    w = weights()
    raw, plain = field([MODEL["rag"]], w, [0.1], raw=True), field([MODEL["rag"]], w, [1.0])
    assert np.array_equal(raw.descent(0)["weights"], plain.descent(0)["weights"])


def algorithm_1(w1, w2, rate):
    """Bao et al. (2020), Algorithm 1: the first mask keeps the upper triangle, the second the lower one."""
    g1, g2 = MODEL["unregularised"].loss.gradient(w1, w2, DATA.covariance())
    latent = w1 @ DATA.covariance() @ w1.T
    turn = (np.triu(latent) - np.tril(latent)) / 2
    return w1 + rate * turn @ w1 - rate * g1, w2 - rate * w2 @ turn - rate * g2


@pytest.mark.parametrize("name", ["rag", "rag-printed"])
def test_without_momentum_both_places_of_the_rotation_are_algorithm_1(name):
    program = Program([Run(MODEL[name], "gd", 0.01, start="normal:0.5")], DATA)
    w1, w2 = (x[0] for x in program.decoders())
    program.advance(5)
    for _ in range(5):
        w1, w2 = algorithm_1(w1, w2, 0.01)
    np.testing.assert_allclose(program.decoders()[0][0], w1, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(program.decoders()[1][0], w2, rtol=1e-12, atol=1e-14)


def test_momentum_tells_the_two_places_of_the_rotation_apart():
    """u ← 0.9u + g, w ← w − η(g + 0.9u), with the rotation in g, or added to w beside the step."""
    w = weights(2)
    runs = [Run(MODEL[name], "nesterov", 0.01) for name in ("rag", "rag-printed")]
    state = {"step": np.array(0), "weights": w @ DATA.basis, "weights.velocity": np.zeros_like(w)}
    program = Program(runs, DATA, state=state)
    program.advance(4)
    for i, inside in enumerate((True, False)):
        now, velocity = w[i].copy(), np.zeros_like(w[i])
        for _ in range(4):
            after = np.stack([x if j == 0 else x.T for j, x in enumerate(algorithm_1(now[0], now[1].T, 0.01))])
            g1, g2 = MODEL["unregularised"].loss.gradient(now[0], now[1].T, DATA.covariance())
            plain = np.stack([g1, g2.T])
            whole = (now - after) / 0.01
            g = whole if inside else plain
            velocity = 0.9 * velocity + g
            now = now - 0.01 * (g + 0.9 * velocity) - 0.01 * (whole - g)
        np.testing.assert_allclose(program.decoders()[0][i], now[0], rtol=1e-10, atol=1e-13)
        np.testing.assert_allclose(program.decoders()[1][i], now[1].T, rtol=1e-10, atol=1e-13)


def follow(rule, name, w, covariance, rate=0.005, steps=30):
    w = w.copy()
    moved = PairField(setting([MODEL[name]], covariance, [rate], rule == "adam"), {"weights": w})
    update = RULES[rule](w, [rate], np)
    for t in range(steps):
        drift = moved.drift(t) if moved.drifts else 0.0
        update.step(t, moved.descent(t)["weights"])
        w += drift
    return w


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize("rule", ["gd", "nesterov"])
def test_rules_that_commute_take_the_same_steps_in_both_bases(rule, name):
    w = 0.3 * weights()
    features = follow(rule, name, w, Dense(DATA.covariance(), np))
    eigenvectors = follow(rule, name, w @ DATA.basis, Diagonal(DATA.sigma2, np))
    np.testing.assert_allclose(eigenvectors @ DATA.basis.T, features, rtol=1e-11, atol=1e-12)


def test_adam_does_not_take_the_same_steps_in_both_bases():
    w = 0.3 * weights()
    features = follow("adam", "l2", w, Dense(DATA.covariance(), np))
    eigenvectors = follow("adam", "l2", w @ DATA.basis, Diagonal(DATA.sigma2, np))
    assert np.max(np.abs(eigenvectors @ DATA.basis.T - features)) > 1e-3
    assert not RULES["adam"].commutes


@pytest.mark.parametrize(
    ("name", "rule"),
    [("l2", "alternating"), *((name, rule) for name in MODELS for rule in ("gd", "nesterov", "adam"))],
)
@pytest.mark.parametrize("batch", [None, 8])
def test_the_same_lines_run_on_another_array_type(name, rule, batch):
    if rule == "alternating" and batch:
        pytest.skip("it takes all samples")
    runs = [Run(MODEL[name], rule, 0.01, 0 if batch else seed, batch=batch) for seed in (0, 1)]
    here, there = Program(runs, SAMPLES), Program(runs, SAMPLES, xp=array_api_strict)
    here.advance(20)
    there.advance(20)
    assert all(isinstance(array, type(array_api_strict.asarray(0.0))) for array in there.parameters.values())
    for mine, theirs in zip(here.measure().values(), there.measure().values(), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("rule", ["gd", "nesterov", "adam"])
def test_single_precision_stays_single_and_close(rule):
    runs = [Run(MODEL["rag"], rule, 0.005, seed, "normal:0.3") for seed in (0, 1)]
    single, double = Program(runs, DATA, dtype="float32"), Program(runs, DATA)
    for program in (single, double):
        program.advance(50)
    assert all(array.dtype == np.float32 for name, array in single.state().items() if name != "step")
    np.testing.assert_allclose(single.weights, double.weights, rtol=1e-3, atol=1e-4)


def test_batches_partition_each_epoch_and_depend_on_seed_and_epoch_alone():
    samples = np.random.default_rng(0).normal(size=(12, M))
    one, other = Batches(samples, 4, 7, np), Batches(samples, 4, 7, np)
    w, total = weights()[0], np.zeros((2, K, M))
    for step in range(3):
        one.at(step)
        one.times(w, out=(part := np.empty_like(w)))
        total += part
    np.testing.assert_allclose(total / 3, w @ (samples.T @ samples / 12), rtol=1e-12, atol=1e-12)
    other.at(2)
    other.times(w, out=(again := np.empty_like(w)))
    assert np.array_equal(again, part)


@pytest.mark.torch
@pytest.mark.parametrize("rule", ["nesterov", "adam"])
@pytest.mark.parametrize("name", ["unregularised", "uniform-l2", "l2", "nested-dropout", "rag"])
def test_torch_autograd_on_the_data_matrix_trains_alike(name, rule):
    """The papers' form: the loss on samples, its gradient by autodiff, torch's optimisers, RAG as in its code."""
    torch = pytest.importorskip("torch", reason="the torch extra is not installed")
    torch.set_num_threads(1)
    data, rate = SAMPLES, 0.002
    model = make(name, K, data.sigma2)
    program = Program([Run(model, rule, rate, start="normal:0.3")], data)
    w1, w2 = (torch.tensor(x[0].copy(), requires_grad=True) for x in program.decoders())
    x = torch.tensor(data.centred())
    optimiser = (
        torch.optim.SGD([w1, w2], lr=rate, momentum=0.9, nesterov=True)
        if rule == "nesterov"
        else torch.optim.Adam([w1, w2], lr=rate)
    )
    for _ in range(100):
        optimiser.zero_grad()
        z = x @ w1.T
        loss = sum(
            weight * ((x - z[:, :b] @ w2[:, :b].T) ** 2).sum() / len(x) for b, weight in enumerate(model.loss.masks, 1)
        )
        ridge = torch.tensor(model.loss.ridge, dtype=torch.float64)
        (loss + (ridge[:, None] * w1**2).sum() + (ridge * w2**2).sum()).backward()
        if name == "rag":
            with torch.no_grad():
                latent = z.T @ z / len(x)
                upper = latent - latent.tril()
                turn = 0.5 * (upper - upper.T)
                w1.grad -= turn @ w1
                w2.grad -= w2 @ turn.T
        optimiser.step()
    program.advance(100)
    np.testing.assert_allclose(program.decoders()[0][0], w1.detach().numpy(), rtol=1e-9, atol=1e-10)
    np.testing.assert_allclose(program.decoders()[1][0], w2.detach().numpy(), rtol=1e-9, atol=1e-10)

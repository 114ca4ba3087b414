"""Hypotheses, minima, curvatures and learning rates of the models, each against something measured."""

import numpy as np
import pytest

from numerics.conditioning import l2_conditioning
from numerics.hessians import dense_hessian
from numerics.training.catalogue import MODELS, make
from numerics.training.data import synthetic
from numerics.training.program import Program, Run, automatic_rate
from numerics.training.two_layers import TwoLayers

SIGMA2 = np.array([5.0, 3.0, 2.0, 1.0, 0.4])
DATA = synthetic(SIGMA2, n=None, rng=np.random.default_rng(0))
SAMPLES = synthetic(SIGMA2, n=40, rng=np.random.default_rng(0))


def at_minimum(model):
    """Weights at the balanced global minimum, in the eigenbasis."""
    k, lam = model.k, np.array(model.loss.ridge)
    shrink = SIGMA2[:k] / (SIGMA2[:k] + model.loss.product) - lam / SIGMA2[:k]
    w1 = np.zeros((k, len(SIGMA2)))
    w1[:, :k] = np.diag(np.sqrt(shrink))
    return w1


PAIRS = [name for name in MODELS if isinstance(make(name, 1, SIGMA2), TwoLayers) and not MODELS[name].tied]


@pytest.mark.parametrize("k", [1, 2, 5])
@pytest.mark.parametrize("name", PAIRS)
def test_the_least_loss_is_attained_and_its_largest_curvature_is_exact(name, k):
    model, covariance = make(name, k, SIGMA2), np.diag(SIGMA2)
    w1 = at_minimum(model)
    assert model.minimum(SIGMA2) == pytest.approx(model.loss.value(w1, w1.T, covariance), rel=1e-12, abs=1e-12)
    top = np.linalg.eigvalsh(dense_hessian(lambda a, b: model.loss.gradient(a, b, covariance), w1, w1.T))[-1]
    assert model.curvature(SIGMA2) == pytest.approx(top, rel=1e-10)


@pytest.mark.parametrize("name", [name for name in PAIRS if "dropout-" not in name])
def test_no_run_falls_below_the_least_loss_and_automatic_rates_reach_it(name):
    model = make(name, 2, SIGMA2)
    program = Program([Run(model, "gd", automatic_rate(model, "gd", SIGMA2), seed) for seed in range(3)], DATA)
    program.advance(4000)
    excess = program.measure()["excess"]
    assert np.all(excess > -1e-10)
    assert np.all(excess < 1e-3)


def test_a_latent_whose_regulariser_exceeds_its_eigenvalue_collapses_and_is_reported():
    model = make("l2", 2, SIGMA2, lam=[1.0, 3.5])
    broken = [h for h in model.hypotheses(SIGMA2) if not h.holds]
    assert [h.why for h in broken] == ["λ_2 = 3.5 ≥ σ_2² = 3: latent 2 collapses"]
    program = Program([Run(model, "gd", automatic_rate(model, "gd", SIGMA2))], DATA)
    program.advance(3000)
    assert program.measure()["excess"][0] == pytest.approx(0, abs=1e-10)
    assert np.linalg.norm(program.weights[0, :, 1]) < 1e-6


def test_violated_hypotheses_are_named():
    tied, short = np.array([2.0, 2.0, 1.0]), np.array([2.0, 1.0, 0.0])
    assert any("σ_1² = σ_2² = 2" in h.why for h in make("rag", 1, tied).hypotheses(tied))
    assert any("only 2 eigenvalues" in h.why for h in make("rag", 3, short).hypotheses(short))
    assert any("λ_1 = 1, λ_2 = 1" in h.why for h in make("l2", 2, SIGMA2, lam=[1, 1]).hypotheses(SIGMA2))
    assert all(h.holds for name in MODELS for h in make(name, 3, SIGMA2).hypotheses(SIGMA2))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("l3", 2, SIGMA2), "model: got 'l3'"),
        (("l2", 0, SIGMA2), "k: got 0"),
        (("l2", 6, SIGMA2), "k: got 6"),
    ],
)
def test_bad_models_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        make(*arguments)


def test_bad_regularisers_and_priors_are_refused():
    with pytest.raises(ValueError, match="lambda: got 1 values"):
        make("l2", 2, SIGMA2, lam=[1.0])
    with pytest.raises(ValueError, match="lambda: got -1"):
        make("l2", 1, SIGMA2, lam=[-1.0])
    with pytest.raises(ValueError, match="sum to one"):
        make("nested-dropout", 2, SIGMA2, prior=[0.5, 0.6])


def program_at(model, rule, rate, displacement):
    """A program displaced from the global minimum, in the eigenbasis, and the minimum."""
    goal = np.stack([at_minimum(model)] * 2)
    state = {"step": np.array(0), "weights": (goal + displacement)[None], "weights.velocity": np.zeros_like(goal)[None]}
    return Program([Run(model, rule, rate)], DATA, state=state), goal


def decay(model, rule, rate, steps, window):
    """The factor by which a small random displacement shrinks in a step, after the fast directions have died out."""
    noise = 1e-6 * np.random.default_rng(0).normal(size=(2, model.k, len(SIGMA2)))
    program, goal = program_at(model, rule, rate, noise)
    program.advance(steps)
    early = np.linalg.norm(program.weights[0] - goal)
    program.advance(window)
    return (np.linalg.norm(program.weights[0] - goal) / early) ** (1 / window)


def slow_direction(model):
    """The eigenvector of the smallest curvature, from the dense Hessian, as (2, k, m)."""
    w1 = at_minimum(model)
    hessian = dense_hessian(lambda a, b: model.loss.gradient(a, b, np.diag(SIGMA2)), w1, w1.T)
    first, second = np.split(np.linalg.eigh(hessian)[1][:, 0], 2)
    return np.stack([first.reshape(w1.shape), second.reshape(w1.T.shape).T])


def conditioning_of(model):
    return l2_conditioning(SIGMA2, np.array(model.loss.ridge), scale="main")


def test_gradient_descent_decays_at_the_rate_that_the_exact_hessian_predicts():
    model = make("l2", 3, SIGMA2)
    exact = conditioning_of(model)
    for rate in (exact.best_learning_rate, 1 / exact.s_max):
        measured = -np.log(decay(model, "gd", rate, 1500, 500))
        assert measured == pytest.approx(-np.log1p(-rate * exact.s_min), rel=0.01)


def test_nesterov_follows_its_recurrence_along_the_slow_direction():
    """e_{t+1} = (1 + μ)(1 − ηs)e_t − μ(1 − ηs)e_{t−1}, with the s of the closed form."""
    model = make("l2", 3, SIGMA2)
    exact, slow = conditioning_of(model), slow_direction(model)
    rate = 1 / exact.s_max
    program, goal = program_at(model, "nesterov", rate, 1e-5 * slow)
    q, before, now = 1 - rate * exact.s_min, 1e-5, 1e-5 * (1 - 1.9 * rate * exact.s_min)
    for _ in range(60):
        program.advance(1)
        assert np.sum((program.weights[0] - goal) * slow) == pytest.approx(now, rel=0.01, abs=1e-8)
        before, now = now, 1.9 * q * now - 0.9 * q * before


@pytest.mark.parametrize(("rule", "limit"), [("gd", 2.0), ("nesterov", 2 * 1.9 / 2.8)])
def test_just_above_the_largest_stable_rate_the_minimum_repels(rule, limit):
    model = make("l2", 2, SIGMA2)
    s_max = conditioning_of(model).s_max
    assert decay(model, rule, 0.99 * limit / s_max, 100, 100) < 1
    assert decay(model, rule, 1.01 * limit / s_max, 100, 100) > 1


def test_rag_turns_at_the_rates_of_its_linearisation():
    """At W1 = W2ᵀ = Uᵀ with a rotation e^S, S small and skew: Ṡ_ij = −½(σ_i² − σ_j²)S_ij for i < j, so each decays."""
    model = make("rag", 3, SIGMA2)
    goal = np.stack([at_minimum(model)] * 2)
    rate = 0.01
    for i, j in ((0, 1), (0, 2), (1, 2)):
        skew = np.zeros((3, 3))
        skew[i, j], skew[j, i] = 1e-7, -1e-7
        state = {"step": np.array(0), "weights": (goal + skew @ goal)[None]}
        program = Program([Run(model, "gd", rate)], DATA, state=state)
        program.advance(1)
        after = (program.weights[0, 0] - goal[0])[i, j] / 1e-7
        assert after == pytest.approx(1 - rate * (SIGMA2[i] - SIGMA2[j]) / 2, rel=1e-6)


def test_rag_from_an_unbalanced_start_makes_latents_uncorrelated_but_does_not_align_the_decoder():
    """W1CW1ᵀ becomes diagonal in both cases; only W1W1ᵀ = W2ᵀW2 makes them the principal directions."""
    model = make("rag", 2, SIGMA2)
    rate = 0.2 * automatic_rate(model, "gd", SIGMA2)
    runs = [Run(model, "gd", rate, 1, start) for start in ("normal:0.5", "balanced:0.5")]
    assert [run.hypotheses(DATA)[-1].holds for run in runs] == [False, True]
    program = Program(runs, DATA)
    program.advance(5000)
    w1 = program.weights[:, 0]
    latent = w1 * SIGMA2 @ w1.swapaxes(1, 2)
    assert np.all(np.abs(latent[:, 0, 1]) < 1e-6)
    free, tied = program.measure()["alignment"]
    assert free > 1e-3
    assert tied < 1e-5


def test_balance_is_conserved_up_to_the_learning_rate():
    """In a fixed time the gap between W1W1ᵀ and W2ᵀW2 grows in proportion to η: the flow conserves it."""
    drifts = []
    for share in (0.02, 0.01):
        run = Run(make("rag", 2, SIGMA2), "gd", share / SIGMA2[0], 1, "balanced:0.5")
        program = Program([run], DATA)
        assert program.measure()["balance"][0] < 1e-15
        program.advance(round(4 / share))
        drifts.append(program.measure()["balance"][0])
    assert drifts[0] / drifts[1] == pytest.approx(2, rel=0.05)


SCALED = [name for name, kind in MODELS.items() if kind.has_scale]


@pytest.mark.parametrize("name", [name for name in SCALED if MODELS[name].rotation == "none"])
def test_at_scale_half_twice_the_rate_takes_the_same_steps_to_half_of_the_loss(name):
    whole = make(name, 2, SIGMA2)
    half, start = make(name, 2, SIGMA2, scale="half"), "balanced:0.5"
    one, two = (Program([Run(model, "gd", rate, 0, start)], SAMPLES) for model, rate in ((whole, 0.01), (half, 0.02)))
    for program in (one, two):
        program.advance(7)
    for mine, other in zip(one.decoders(), two.decoders(), strict=True):
        np.testing.assert_array_equal(mine, other)
    for what in ("loss", "excess"):
        assert two.measure()[what] == pytest.approx(one.measure()[what] / 2, rel=1e-13, abs=1e-14)
    for what in ("curvature", "minimum"):
        assert getattr(half, what)(SIGMA2) == getattr(whole, what)(SIGMA2) / 2


@pytest.mark.parametrize("name", ["rag", "rag-printed"])
@pytest.mark.parametrize("scale", ["half", "main"])
def test_the_rotation_is_the_same_at_both_scales_and_the_gradient_is_not(name, scale):
    """Along a rotation at the minimum only A moves: at the rate ½(σ_1² − σ_2²), whatever the loss is multiplied by."""
    goal, rate = np.stack([at_minimum(make(name, 3, SIGMA2))] * 2), 0.01
    skew, grown = np.zeros((3, 3)), np.diag([1e-7, 0, 0])
    skew[0, 1], skew[1, 0] = 1e-7, -1e-7
    for change, where, expected in (
        (skew, (0, 1), (SIGMA2[0] - SIGMA2[1]) / 2),
        (grown, (0, 0), 4 * SIGMA2[0] * (0.5 if scale == "half" else 1)),
    ):
        state = {"step": np.array(0), "weights": (goal + change @ goal)[None]}
        program = Program([Run(make(name, 3, SIGMA2, scale=scale), "gd", rate)], DATA, state=state)
        program.advance(1)
        assert (program.weights[0, 0] - goal[0])[where] / 1e-7 == pytest.approx(1 - rate * expected, rel=1e-5)

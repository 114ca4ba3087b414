"""Condition numbers: against brute force, on other array types, in batches, and by training."""

import sys

import array_api_strict
import numpy as np
import pytest

from numerics.conditioning import extremes, l2_conditioning, nested_dropout_conditioning
from numerics.degenerate import degeneracies
from numerics.losses import nested_dropout, non_uniform_l2
from numerics.minima import L2Minimum, NestedDropoutMinimum, stream
from numerics.rag import rag_convergence
from numerics.sharper import every_bound
from numerics.spectra import sample

SIGMA2 = np.array([4.0, 2.5, 1.5, 0.7])
LAM = np.array([0.2, 0.5, 0.9])
PRIOR = np.array([0.5, 0.3, 0.2])


def both(scale="half"):
    return l2_conditioning(SIGMA2, LAM, scale=scale), nested_dropout_conditioning(SIGMA2, PRIOR, scale=scale)


def test_main_scale_doubles_the_curvatures_and_keeps_the_condition_number():
    for half, main in zip(both("half"), both("main"), strict=True):
        assert (main.s_min, main.s_max) == (2 * half.s_min, 2 * half.s_max)
        assert main.condition_number == half.condition_number
        assert main.max_learning_rate == half.max_learning_rate / 2


def test_a_condition_number_is_not_swamped_by_calls():
    """Some 130 operations on a few hundred numbers; what is called around them costs more than they do."""
    k, m, calls = 20, 100, []
    sigma2 = np.linspace(100, 1, m)
    lam = sigma2[k - 1] * np.arange(1, k + 1) / (k + 1)
    l2_conditioning(sigma2, lam, scale="half")
    before = sys.getprofile()
    sys.setprofile(lambda frame, event, argument: calls.append(event))
    try:
        l2_conditioning(sigma2, lam, scale="half")
    finally:
        sys.setprofile(before)
    assert calls.count("call") + calls.count("c_call") < 600


@pytest.mark.parametrize("unit", [2.0**-498, 2.0**498])
def test_units_of_the_data_do_not_matter_up_to_the_limits_of_floats(unit):
    plain, scaled = l2_conditioning(SIGMA2, LAM, scale="half"), l2_conditioning(SIGMA2 * unit, LAM * unit, scale="half")
    assert scaled.condition_number == plain.condition_number
    assert scaled.s_min == plain.s_min * unit


def test_the_pruned_search_finds_the_extremes_of_all_blocks():
    rng = np.random.default_rng(0)
    for _ in range(50):
        k = int(rng.integers(1, 9))
        sigma2 = sample(k + int(rng.integers(0, 4)), rng)
        lam = np.sort(rng.uniform(0, sigma2[k - 1], k))
        for minimum in (L2Minimum(sigma2, lam), NestedDropoutMinimum(sigma2, np.full(k, 1 / k))):
            values = np.concatenate([b.eigenvalues().ravel() for b in stream(minimum)])
            s_min, s_max = extremes(minimum)
            assert s_min == pytest.approx(values.min(), rel=1e-13)
            assert s_max == pytest.approx(values.max(), rel=1e-13)


@pytest.mark.parametrize("build", [L2Minimum, NestedDropoutMinimum])
def test_a_batch_gives_what_each_spectrum_gives(build):
    rng = np.random.default_rng(0)
    sigma2 = np.stack([sample(6, rng) for _ in range(20)])
    weights = np.sort(rng.uniform(0.1, 0.9, (20, 3)), axis=-1)
    weights = weights * sigma2[:, 2:3] if build is L2Minimum else weights / weights.sum(axis=-1, keepdims=True)
    s_min, s_max = extremes(build(sigma2, weights))
    for index in range(20):
        one = extremes(build(sigma2[index], weights[index]))
        assert (s_min[index], s_max[index]) == pytest.approx(one, rel=1e-13)


@pytest.mark.parametrize("loss", ["l2", "nested-dropout"])
@pytest.mark.parametrize("scale", ["half", "main"])
def test_another_array_type_gives_the_same_numbers_on_the_full_path(loss, scale):
    strict, weights = array_api_strict.asarray, LAM if loss == "l2" else PRIOR
    measure = l2_conditioning if loss == "l2" else nested_dropout_conditioning
    ours = measure(SIGMA2, weights, scale=scale)
    theirs = measure(strict(SIGMA2), strict(weights), scale=scale)
    assert (theirs.s_min, theirs.s_max) == pytest.approx((ours.s_min, ours.s_max), rel=1e-14)
    assert str(theirs.slowest) == str(ours.slowest)
    expected = every_bound(loss, SIGMA2, weights, scale=scale)
    for one, two in zip(every_bound(loss, strict(SIGMA2), strict(weights), scale=scale), expected, strict=True):
        assert float(one.value) == pytest.approx(float(two.value), rel=1e-14)
        assert one.holds(theirs)
    assert str(rag_convergence(strict(SIGMA2), 3, scale=scale)) == str(rag_convergence(SIGMA2, 3, scale=scale))


@pytest.mark.parametrize(
    ("loss", "sigma2", "weights"),
    [
        ("l2", [2.0, 2.0, 1.0], [0.5, 0.75]),
        ("l2", [3.0, 2.0, 1.0], [0.5, 0.5, 3.0]),
        ("l2", [3.0, 2.0, 0.0], [4.0, 5.0]),
        ("nested-dropout", [2.0, 2.0, 0.0], [0.5, 0.5]),
        ("nested-dropout", [2.0, 1.0, 0.0], [0.5, 0.0, 0.5]),
    ],
)
def test_another_array_type_gives_the_same_numbers_where_hypotheses_fail(loss, sigma2, weights):
    measure = l2_conditioning if loss == "l2" else nested_dropout_conditioning
    ours = measure(np.array(sigma2), np.array(weights), scale="half", degenerate=True)
    strict = array_api_strict.asarray
    theirs = measure(strict(sigma2), strict(weights), scale="half", degenerate=True)
    assert (theirs.s_min, theirs.s_max) == pytest.approx((ours.s_min, ours.s_max), rel=1e-14)
    assert (theirs.null_directions, theirs.trained) == (ours.null_directions, ours.trained)
    build = L2Minimum if loss == "l2" else NestedDropoutMinimum
    plain = degeneracies(build(np.array(sigma2), np.array(weights)))
    assert degeneracies(build(strict(sigma2), strict(weights))) == plain != {}


@pytest.mark.parametrize("build", [L2Minimum, NestedDropoutMinimum])
@pytest.mark.parametrize("shape", [(6,), (2, 3)])
def test_a_batch_on_another_array_type_gives_the_same_numbers(build, shape):
    rng = np.random.default_rng(1)
    sigma2 = np.stack([sample(5, rng) for _ in range(6)]).reshape(*shape, 5)
    weights = np.sort(rng.uniform(0.1, 0.9, (*shape, 3)), axis=-1)
    weights = weights * sigma2[..., 2:3] if build is L2Minimum else weights / weights.sum(axis=-1, keepdims=True)
    strict = array_api_strict.asarray
    plain, other = build(sigma2, weights), build(strict(sigma2), strict(weights))
    for ours, theirs in zip(extremes(plain), extremes(other), strict=True):
        assert ours.shape == theirs.shape == shape
        np.testing.assert_allclose(np.asarray(theirs), ours, rtol=1e-13)
    for one, two in zip(stream(plain), stream(other), strict=True):
        np.testing.assert_allclose(np.asarray(two.eigenvalues()), one.eigenvalues(), rtol=1e-9, atol=1e-12)


def test_losses_and_hessians_run_on_another_array_type():
    from numerics.hessians import dense_hessian

    loss = non_uniform_l2(LAM)
    w1, covariance = np.eye(3, 4), np.diag(SIGMA2)
    strict = array_api_strict.asarray
    matrix = dense_hessian(lambda a, b: loss.gradient(a, b, strict(covariance)), strict(w1), strict(w1.T.copy()))
    ours = dense_hessian(lambda a, b: loss.gradient(a, b, covariance), w1, w1.T)
    np.testing.assert_allclose(np.asarray(matrix), ours, atol=1e-13)
    assert loss.value(strict(w1), strict(w1.T.copy()), strict(covariance)) == loss.value(w1, w1.T, covariance)


def test_the_stiffest_direction_need_not_be_the_scaling_that_the_paper_names():
    """With σ_1² near σ_2², mixing the first two components is steeper than 2(σ_1² − λ_1)."""
    sigma2, lam = np.array([1.0, 0.99]), np.array([0.3, 0.4])
    found = l2_conditioning(sigma2, lam, scale="half")
    assert str(found.fastest) == "mixing of latents 1, 2"
    assert str(found.slowest) == "rotation of latents 1, 2"
    assert found.s_max > 2 * (sigma2[0] - lam[0])


@pytest.mark.parametrize("k", [1, 4])
def test_one_latent_has_no_rotation_and_full_width_nothing_unlearned(k):
    kinds = {b.kind for b in stream(L2Minimum(SIGMA2, np.linspace(0.1, 0.5, k)))}
    assert ("rotation" in kinds) == (k > 1)
    assert ("rotation towards unlearned" in kinds) == (k < 4)


@pytest.mark.parametrize(
    ("sigma2", "lam", "complaint"),
    [
        ([1.0], [0.5, 0.6], "k: got 2; want 1 ≤ k ≤ m = 1"),
        ([2.0, 2.0], [0.5], "not isolated"),
        ([2.0, 3.0], [0.5], "want decreasing"),
        ([2.0, 0.0], [0.5, 0.6], "only 1 eigenvalues are positive"),
        ([2.0, 1.0], [0.5, 0.5], "λ_1 = λ_2"),
        ([2.0, 1.0], [0.6, 0.5], "want increasing"),
        ([2.0, 1.0], [0.0, 0.5], "want positive"),
        ([2.0, 1.0], [float("nan"), 0.5], "want positive"),
        ([2.0, 1.0], [0.5, 1.0], r"component\(s\) 2, which collapse to zero; want k ≤ 1"),
        ([2.0, 1.0], [2.5, 3.0], r"component\(s\) 1, 2, which collapse"),
    ],
)
def test_hypotheses_that_fail_are_named(sigma2, lam, complaint):
    with pytest.raises(ValueError, match=complaint):
        l2_conditioning(np.array(sigma2), np.array(lam), scale="half")


@pytest.mark.parametrize(
    ("prior", "complaint"),
    [([0.0, 1.0], "latents 1 and 2 may rotate"), ([1.0, 0.0], "never kept"), ([0.5, 0.4], "sum to 0.9")],
)
def test_priors_that_leave_latents_untrained_are_refused(prior, complaint):
    with pytest.raises(ValueError, match=complaint):
        nested_dropout_conditioning(np.array([2.0, 1.0]), np.array(prior), scale="half")


def test_a_scale_without_name_is_refused():
    with pytest.raises(ValueError, match="want one of half, main"):
        l2_conditioning(SIGMA2, LAM, scale="1/n")


def test_underflow_is_an_error_and_not_a_zero_curvature():
    sigma2 = np.array([1e150, 1e-150])
    assert l2_conditioning(sigma2, np.array([1e-151, 2e-151]), scale="half").condition_number > 1e300
    for lam in (1e-157, 1e-170, 1e-200):
        with np.errstate(all="ignore"), pytest.raises(ArithmeticError, match="double precision"):
            l2_conditioning(sigma2, np.array([lam, 2 * lam]), scale="half")


def gradient_norms(loss, sigma2, w1, rate, steps):
    """The norm of the gradient along gradient descent in the eigenbasis, from near (W1, W1ᵀ)."""
    rng = np.random.default_rng(0)
    covariance = np.diag(sigma2)
    w1, w2 = w1 + 1e-6 * rng.normal(size=w1.shape), w1.T + 1e-6 * rng.normal(size=w1.T.shape)
    norms = []
    for _ in range(steps):
        g1, g2 = loss.gradient(w1, w2, covariance)
        norms.append(np.sqrt(np.sum(g1**2) + np.sum(g2**2)))
        w1, w2 = w1 - rate * g1, w2 - rate * g2
    return np.array(norms)


def sampled_problems(loss, count):
    """Spectra of every family, sizes k = 1 to 4, m = k to k + 2, of condition numbers that training can reach."""
    rng, found = np.random.default_rng(7), []
    while len(found) < count:
        k = int(rng.integers(1, 5))
        sigma2 = sample(k + int(rng.integers(0, 3)), rng)
        sigma2 = sigma2 / sigma2[0]
        w1 = np.zeros((k, len(sigma2)))
        if loss == "l2":
            lam = np.sort(rng.uniform(0.05, 0.95, k)) * sigma2[k - 1]
            problem = non_uniform_l2(lam), l2_conditioning(sigma2, lam, scale="main")
            np.fill_diagonal(w1, np.sqrt(1 - lam / sigma2[:k]))
        else:
            prior = rng.dirichlet(np.ones(k) * 3)
            problem = nested_dropout(prior).half(), nested_dropout_conditioning(sigma2, prior, scale="half")
            np.fill_diagonal(w1, 1)
        if problem[1].condition_number < 300:
            found.append((problem[0], sigma2, w1, problem[1]))
    return found


@pytest.mark.parametrize("loss", ["l2", "nested-dropout"])
def test_training_halves_the_error_in_the_predicted_number_of_steps(loss):
    # the first ten halvings are left to the faster modes
    for objective, sigma2, w1, found in sampled_problems(loss, 12):
        window = max(20, 5 * round(found.steps_to_halve))
        norms = gradient_norms(objective, sigma2, w1, found.best_learning_rate, 3 * window + 1)
        if found.steps_to_halve < 2:
            assert norms[20] < 1e-4 * norms[0]  # there before it can be measured
        else:
            assert window / np.log2(norms[2 * window] / norms[-1]) == pytest.approx(found.steps_to_halve, rel=0.01)


@pytest.mark.parametrize("loss", ["l2", "nested-dropout"])
@pytest.mark.parametrize(("factor", "diverges"), [(0.99, False), (1.01, True)])
def test_training_diverges_just_above_the_largest_stable_learning_rate(loss, factor, diverges):
    for objective, sigma2, w1, found in sampled_problems(loss, 12):
        norms = gradient_norms(objective, sigma2, w1, factor * found.max_learning_rate, 400)
        assert (norms[-1] > 10 * norms[200]) == diverges
        assert diverges or norms[-1] < norms[0]

"""RAG's local rates: against its linearisation by brute force, and against its own iteration."""

import numpy as np
import pytest

from numerics.losses import unregularised
from numerics.rag import rag_convergence
from numerics.spectra import sample

CASES = [
    ([4.0], 1),
    ([4.0, 3.0], 1),
    ([4.0, 3.0], 2),
    ([4.0, 2.5, 1.5, 0.7], 3),
    ([4.0, 3.9, 1.5, 0.1], 2),
    ([4.0, 2.5, 0.0, 0.0], 2),
    ([4.0, 2.5, 1.0, 0.0], 2),
]


def update(w1, w2, sigma2, rate, scale):
    """One step of Algorithm 1 in the eigenbasis."""
    loss = unregularised(len(w1)) if scale == "main" else unregularised(len(w1)).half()
    g1, g2 = loss.gradient(w1, w2, np.diag(sigma2))
    gram = (w1 * sigma2) @ w1.T
    turn = (np.triu(gram, 1) - np.tril(gram, -1)) / 2
    return w1 + rate * (turn @ w1 - g1), w2 - rate * (w2 @ turn + g2)


def jacobian(sigma2, k, scale):
    """Of the step at the ordered solution, divided by the rate: exact for cubics, by two differences."""
    m = len(sigma2)
    w = np.concatenate([np.eye(k, m).ravel(), np.eye(m, k).ravel()])

    def move(x):
        a, b = update(x[: k * m].reshape(k, m), x[k * m :].reshape(m, k), sigma2, 1.0, scale)
        return np.concatenate([a.ravel(), b.ravel()]) - x

    columns = []
    for axis in np.eye(2 * k * m):
        near, far = ((move(w + t * axis) - move(w - t * axis)) / (2 * t) for t in (1e-2, 2e-2))
        columns.append((4 * near - far) / 3)
    return -np.array(columns).T


@pytest.mark.parametrize("scale", ["half", "main"])
@pytest.mark.parametrize(("sigma2", "k"), CASES)
def test_rates_and_null_directions_are_those_of_the_linearisation(sigma2, k, scale):
    sigma2 = np.array(sigma2)
    rates = np.linalg.eigvals(jacobian(sigma2, k, scale))
    assert np.abs(rates.imag).max() < 1e-6
    positive = np.sort(rates.real[rates.real > 1e-6])
    found = rag_convergence(sigma2, k, scale=scale)
    assert found.null_directions == len(rates) - len(positive)
    assert (found.s_min, found.s_max) == pytest.approx((positive[0], positive[-1]), rel=1e-8)


def test_extremes_over_latents_and_components_are_those_of_all_on_sampled_spectra():
    rng = np.random.default_rng(0)
    for _ in range(30):
        k = int(rng.integers(1, 4))
        sigma2 = np.sqrt(sample(k + int(rng.integers(0, 3)), rng))
        rates = np.linalg.eigvals(jacobian(sigma2, k, "half")).real
        found = rag_convergence(sigma2, k, scale="half")
        if found.condition_number > 1e4:
            continue  # too close to zero for differences
        positive = rates[rates > 0.3 * found.s_min]
        assert (found.s_min, found.s_max) == pytest.approx((positive.min(), positive.max()), rel=1e-4)


@pytest.mark.parametrize("scale", ["half", "main"])
def test_rag_halves_its_error_in_the_predicted_number_of_steps_and_diverges_just_above_its_largest_rate(scale):
    sigma2, k = np.array([4.0, 2.5, 1.5, 0.7]), 3
    found = rag_convergence(sigma2, k, scale=scale)

    def moves(rate, steps):
        rng = np.random.default_rng(0)
        w1 = np.eye(k, 4) + 1e-7 * rng.normal(size=(k, 4))
        w2 = np.eye(4, k) + 1e-7 * rng.normal(size=(4, k))
        sizes = []
        for _ in range(steps):
            new1, new2 = update(w1, w2, sigma2, rate, scale)
            sizes.append(np.sqrt(((new1 - w1) ** 2).sum() + ((new2 - w2) ** 2).sum()))
            w1, w2 = new1, new2
        return np.array(sizes)

    window = 5 * round(found.steps_to_halve)
    sizes = moves(found.best_learning_rate, 2 * window + 1)
    assert window / np.log2(sizes[window] / sizes[-1]) == pytest.approx(found.steps_to_halve, rel=0.01)
    for factor, diverges in ((0.99, False), (1.01, True)):
        sizes = moves(factor * found.max_learning_rate, 500)
        assert (sizes[-1] > 10 * sizes[100]) == diverges

"""Adam with a rate that decays: each step is that of Adam at the rate of that step."""

import numpy as np
import pytest

from numerics.training.update_rules import RULES

PACES = {"adam-inverse-time": lambda t: 1 / (1 + t / 10), "adam-geometric": lambda t: 10 ** (-3 * min(t / 1e5, 1))}


@pytest.mark.parametrize("name", PACES)
def test_a_decaying_rate_scales_adam_s_steps(name):
    rng = np.random.default_rng(0)
    steady, decaying = np.zeros((1, 3)), np.zeros((1, 3))
    rules = RULES["adam"](steady, [0.1], np), RULES[name](decaying, [0.1], np)
    assert not RULES[name].commutes
    for t in range(40):
        g = rng.normal(size=(1, 3))
        before = steady.copy(), decaying.copy()
        for rule in rules:
            rule.step(t, g.copy())
        np.testing.assert_allclose(decaying - before[1], PACES[name](t) * (steady - before[0]), rtol=1e-9)


def test_the_geometric_rate_ends_at_a_thousandth():
    assert RULES["adam-geometric"].pace(0) == 1
    assert RULES["adam-geometric"].pace(10**5) == RULES["adam-geometric"].pace(10**7) == pytest.approx(1e-3)

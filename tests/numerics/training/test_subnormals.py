"""What decays is set to zero before it is subnormal for long: some processors take fifty times as long for that."""

import numpy as np
import pytest

from numerics.training.catalogue import MODELS, make
from numerics.training.data import synthetic
from numerics.training.fields import PairField
from numerics.training.program import TIDY, Program, Run, automatic_rate

SIGMA2 = np.geomspace(10, 0.1, 12)
DATA = synthetic(SIGMA2, n=None, rng=np.random.default_rng(0))
PAIRS = [name for name, kind in MODELS.items() if kind.field is PairField]


def program(name, rule, dtype):
    model = make(name, 2, SIGMA2)
    return Program([Run(model, rule, automatic_rate(model, rule, SIGMA2))], DATA, dtype=dtype)


def subnormal(found):
    """How many of the numbers that the next step depends on."""
    arrays = [array for name, array in found.state().items() if name != "step"]
    tiny = [(array != 0) & (np.abs(array) < np.finfo(array.dtype).smallest_normal) for array in arrays]
    return sum(map(np.count_nonzero, tiny))


@pytest.mark.parametrize("name", ["l2", "rag", "nested-dropout"])
def test_weights_towards_unlearned_components_reach_zero(name):
    found = program(name, "nesterov", "float32")
    found.advance(20_000)
    assert subnormal(found) == 0
    assert np.count_nonzero(found.weights == 0) > 0


@pytest.mark.slow
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("rule", ["gd", "nesterov", "adam"])
@pytest.mark.parametrize("name", PAIRS)
def test_no_subnormal_number_stays(name, rule, dtype):
    found = program(name, rule, dtype)
    for last in (6, 32, 96, 320, 625):
        found.advance(last * TIDY - found.step)
        assert subnormal(found) == 0
    assert found.step == 20_000


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", ["l2", "rag", "nested-dropout"])
def test_the_trajectory_is_that_of_a_program_that_keeps_them(monkeypatch, name, dtype):
    tidied = program(name, "nesterov", dtype)
    tidied.advance(5000)
    monkeypatch.setattr(Program, "_tidy", lambda self: None)
    kept = program(name, "nesterov", dtype)
    kept.advance(5000)
    np.testing.assert_allclose(tidied.weights, kept.weights, rtol=0, atol=1e-28)

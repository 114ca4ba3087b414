"""Steps allocate nothing: no array as large as the Gram matrices of a batch, let alone its weights.

NumPy itself buffers 8192 entries of each of up to three operands that broadcast, whatever their size.
"""

import tracemalloc

import numpy as np
import pytest

from numerics.training.catalogue import MODELS, make
from numerics.training.data import synthetic
from numerics.training.program import Program, Run

K, M, RUNS = 96, 100, 4
DATA = synthetic(np.linspace(3.0, 1.0, M), n=120, rng=np.random.default_rng(0))
GRAMS, BUFFERS = RUNS * K * K * 8, 3 * 8192 * 8


def grown(program, steps):
    """Bytes that the steps needed at most, beyond what was there before."""
    program.advance(3)
    tracemalloc.start()
    try:
        program.advance(1)
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        program.advance(steps)
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", [name for name in MODELS if name != "riemannian"])  # whose step is an SVD
@pytest.mark.parametrize("rule", ["gd", "nesterov", "adam"])
@pytest.mark.parametrize("batch", [None, 8])
def test_a_step_allocates_nothing(name, rule, batch):
    model = make(name, K, DATA.sigma2)
    runs = [Run(model, rule, 1e-4 * (i + 1), 0 if batch else i, batch=batch) for i in range(RUNS)]
    assert grown(Program(runs, DATA), 5) < 1.1 * BUFFERS < GRAMS


def test_an_allocation_would_be_seen():
    program = Program([Run(make("l2", K, DATA.sigma2), "gd", 1e-3, i) for i in range(RUNS)], DATA)
    descent = program._field.descent

    def wasteful(step):
        return {"weights": descent(step)["weights"] * 1.0}

    program._field.descent = wasteful
    assert grown(program, 5) > GRAMS

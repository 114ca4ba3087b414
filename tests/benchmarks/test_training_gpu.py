"""Training steps on a GPU, by CuPy: `pytest -m benchmark_table -s tests/benchmarks/test_training_gpu.py`.

Each row has the steps in a second, and the share of what the board reaches in the same run on a large product
(arithmetic) and on a copy (memory). `README.md` here keeps what was measured.
"""

from time import perf_counter

import numpy as np
import pytest

from numerics.training.catalogue import make
from numerics.training.data import Data, synthetic
from numerics.training.program import Program, Run

cupy = pytest.importorskip("cupy", reason="CuPy is not installed, or there is no GPU (pip install 'lae[gpu]')")
xp = pytest.importorskip("array_api_compat.cupy")

M = 1000
SPECTRUM = np.linspace(100, 1, M)


def seconds(action, repeats=5):
    """The least of some measurements, each waited for."""
    found = []
    for _ in range(repeats):
        cupy.cuda.Stream.null.synchronize()
        start = perf_counter()
        action()
        cupy.cuda.Stream.null.synchronize()
        found.append(perf_counter() - start)
    return min(found)


@pytest.fixture(scope="module")
def board():
    """Operations a second of a large product in single precision, bytes a second of a copy."""
    a, b = cupy.ones((8192, 8192), dtype="float32"), cupy.ones(2**28, dtype="float32")
    out, copied = cupy.empty_like(a), cupy.empty_like(b)
    arithmetic = 2 * 8192**3 / seconds(lambda: cupy.matmul(a, a, out=out))
    return arithmetic, 2 * b.nbytes / seconds(lambda: cupy.copyto(copied, b))


def work(model, optimizer, k, runs):
    """Multiplications and additions of a step, and the bytes that it must at least move: weights and memory, twice."""
    own = 2 * 4 * k * k * M * (1.5 if model == "rag" else 1)
    dense = 2 * 2 * k * M * M if optimizer == "adam" else 0
    return runs * (own + dense), runs * 2 * k * M * 4 * 2 * (3 if optimizer == "adam" else 2)


@pytest.mark.benchmark_table
@pytest.mark.parametrize(
    ("model", "optimizer", "k", "runs", "steps"),
    [
        ("l2", "nesterov", 20, 1, 500),
        ("rag", "nesterov", 20, 1, 500),
        ("l2", "adam", 20, 1, 500),
        ("l2", "nesterov", 20, 32, 200),
        ("l2", "nesterov", 500, 1, 200),
        ("l2", "nesterov", 500, 64, 20),
    ],
)
def test_steps_on_a_gpu(capsys, board, model, optimizer, k, runs, steps):
    data = Data(SPECTRUM, np.eye(M))
    if optimizer == "adam":
        data = synthetic(SPECTRUM, n=None, rng=np.random.default_rng(0))
    made = make(model, k, SPECTRUM)
    program = Program([Run(made, optimizer, 1e-4, seed) for seed in range(runs)], data, xp=xp, dtype="float32")
    program.advance(3)
    taken = seconds(lambda: program.advance(steps)) / steps
    operations, moved = work(model, optimizer, k, runs)
    with capsys.disabled():
        print(
            f"\n{model}, {optimizer}, float32, {runs} × ({k}, {M})  {taken * 1e6:8.0f} µs  {runs / taken:10,.0f} run "
            f"steps/s  {operations / taken / board[0]:6.1%} of the arithmetic, {moved / taken / board[1]:6.1%} of the "
            "memory limit",
            end="",
        )
    assert np.isfinite(program.losses()).all()

"""Exact conditioning against Lanczos, in the same run: `pytest -m benchmark_table -s tests/benchmarks`.

The peers multiply by the Hessian without forming it, in the eigenbasis of the data (which favours them). Lanczos
is stopped after RESTARTS restarts. Bars are ratios: to a peer, or to the yardstick of `conftest.py`, some 0.54 s here.
"""

import os
import subprocess
import sys
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import numpy as np
import pytest
from scipy.sparse.linalg import ArpackNoConvergence, LinearOperator, eigsh

from numerics.conditioning import extremes, l2_conditioning
from numerics.enclosures import certify
from numerics.minima import L2Minimum

RESTARTS = 40_000
"""The most granted to Lanczos; it is asked for full precision, as that is what it is compared with."""


def problem(k, m):
    sigma2 = np.linspace(100, 1, m)
    return sigma2, sigma2[k - 1] * np.arange(1, k + 1) / (k + 1)


def seconds(action, repeats=1, clock=perf_counter):
    times = []
    for _ in range(repeats):
        start = clock()
        action()
        times.append(clock() - start)
    return median(times)


def hessian_operator(k, m):
    """The Hessian of the half-scale L2 loss at its minimum, as a product: O(km) a vector."""
    sigma2, lam = problem(k, m)
    root = np.sqrt(1 - lam / sigma2[:k])
    learned = np.concatenate([lam, sigma2[k:]])

    def product(vector):
        a, b = vector[: k * m].reshape(k, m), vector[k * m :].reshape(m, k)
        change = np.zeros((m, m))
        change[:, :k] += b * root
        change[:k] += root[:, None] * a
        change *= sigma2
        up = root[:, None] * change[:k] - b.T * learned + lam[:, None] * a
        down = change[:, :k] * root - learned[:, None] * a.T + b * lam
        return np.concatenate([up.ravel(), down.ravel()])

    return LinearOperator((2 * k * m, 2 * k * m), matvec=product, dtype=np.float64)


def lanczos(k, m, which):
    def action():
        with suppress(ArpackNoConvergence):
            eigsh(hessian_operator(k, m), k=1, which=which, maxiter=RESTARTS)

    return seconds(action)


def exact(k, m):
    sigma2, lam = problem(k, m)
    return seconds(lambda: l2_conditioning(sigma2, lam, scale="half").condition_number, repeats=101)


def test_the_peers_operator_is_the_hessian_that_is_measured():
    found = l2_conditioning(*problem(3, 6), scale="half")
    values = np.linalg.eigvalsh(hessian_operator(3, 6) @ np.eye(36))
    assert (values[0], values[-1]) == pytest.approx((found.s_min, found.s_max), rel=1e-10)


@pytest.mark.benchmark_table
def test_one_condition_number_is_little_more_than_its_arithmetic(capsys, yardstick):
    sigma2, lam = problem(20, 100)
    least = min(seconds(lambda: l2_conditioning(sigma2, lam, scale="half"), 11, process_time) for _ in range(101))
    with capsys.disabled():
        share = f"×{least / yardstick:.6f} of the yardstick (bar ×0.0005)"
        print(f"\nexact κ, (20, 100)               {least * 1e3:8.2f} ms of CPU   {share}", end="")
    assert least < 0.0005 * yardstick


@pytest.mark.benchmark_table
def test_exact_condition_number_beside_lanczos(capsys):
    rows = []
    for k, m, which, bar in ((20, 100, "SA", 5000), (100, 1000, "LA", 500)):
        ours, theirs = exact(k, m), lanczos(k, m, which)
        rows.append((f"exact κ, (k, m) = ({k}, {m})", ours, f"eigsh {which}: {theirs:.3g} s", theirs / ours, bar))
    with capsys.disabled():
        for name, ours, peer, ratio, bar in rows:
            print(f"\n{name:32} {ours * 1e3:8.2f} ms   {peer:24} ×{ratio:,.0f} (bar ×{bar:,})", end="")
    assert all(ratio >= bar for *_, ratio, bar in rows)


def torch_minimum(k, m):
    """The minimum's weights, spectrum and regularisers as tensors of doubles."""
    import torch

    sigma2, lam = problem(k, m)
    w1 = torch.zeros(k, m, dtype=torch.float64)
    w1[:, :k] = torch.diag(torch.tensor(np.sqrt(1 - lam / sigma2[:k])))
    return w1, torch.tensor(sigma2), torch.tensor(lam)


def dense_torch_hessian(k, m):
    """(s_min, s_max) by torch.func.hessian and eigvalsh."""
    import torch

    w1, s, lam = torch_minimum(k, m)

    def loss(weights):
        a, b = weights[: k * m].reshape(k, m), weights[k * m :].reshape(m, k)
        error = (torch.eye(m, dtype=torch.float64) - b @ a) * s.sqrt()
        return ((error**2).sum() + (lam[:, None] * a**2).sum() + (lam * b**2).sum()) / 2

    values = torch.linalg.eigvalsh(torch.func.hessian(loss)(torch.cat([w1.ravel(), w1.T.ravel()])))
    return float(values[0]), float(values[-1])


def curvlinops_lanczos(k, m, restarts):
    """(s_min, s_max) by curvlinops' Hessian products; s_min is what Lanczos has after so many restarts."""
    import torch
    from curvlinops import HessianLinearOperator

    w1, s, lam = torch_minimum(k, m)
    encoder, decoder = (torch.nn.Linear(a, b, bias=False, dtype=torch.float64) for a, b in ((m, k), (k, m)))
    encoder.weight.data, decoder.weight.data = w1, w1.T.contiguous()
    model, samples = torch.nn.Sequential(encoder, decoder), torch.diag(s.sqrt())
    error = torch.nn.MSELoss(reduction="sum")
    products = HessianLinearOperator(model, error, list(model.parameters()), [(samples, samples)]).to_scipy()
    ridge = np.concatenate([np.repeat(lam.numpy(), m), np.tile(lam.numpy(), m)])
    size = 2 * k * m
    hessian = LinearOperator((size, size), matvec=lambda v: products @ v / 2 + ridge * v, dtype=np.float64)
    largest = eigsh(hessian, k=1, which="LA", return_eigenvectors=False)[0]
    smallest = None
    with suppress(ArpackNoConvergence):
        smallest = eigsh(hessian, k=1, which="SA", maxiter=restarts, return_eigenvectors=False)[0]
    return smallest, float(largest)


@pytest.mark.torch
@pytest.mark.benchmark_table
@pytest.mark.parametrize(
    ("needs", "name", "measure", "bar"),
    [
        ("torch", "torch.func.hessian + eigvalsh", dense_torch_hessian, 20_000),
        ("curvlinops", "curvlinops + eigsh, 40 restarts", lambda k, m: curvlinops_lanczos(k, m, 40), 1_000),
    ],
)
def test_exact_condition_number_beside_automatic_differentiation(capsys, needs, name, measure, bar):
    if find_spec(needs) is None:
        with capsys.disabled():
            print(f"\nexact κ, (20, 100)   {name}: {needs} is not installed", end="")
        pytest.skip(f"{needs} is not installed")
    import torch

    torch.set_num_threads(1)
    ours, start = exact(20, 100), perf_counter()
    s_min, s_max = measure(20, 100)
    theirs = perf_counter() - start
    with capsys.disabled():
        ratio = f"×{theirs / ours:,.0f} (bar ×{bar:,})"
        print(f"\nexact κ, (20, 100) {ours * 1e3:8.2f} ms   {name}: {theirs:.3g} s   {ratio}", end="")
    found = l2_conditioning(*problem(20, 100), scale="half")
    assert s_max == pytest.approx(found.s_max, rel=1e-9)
    assert s_min is None or s_min == pytest.approx(found.s_min, rel=1e-6)
    assert theirs / ours >= bar


@pytest.mark.benchmark_table
def test_extremes_of_a_million_weights_batches_and_certificates(capsys, yardstick):
    extreme = seconds(lambda: extremes(L2Minimum(*problem(500, 1000))), repeats=21, clock=process_time)
    rng = np.random.default_rng(0)
    sigma2 = -np.sort(-rng.uniform(1, 5, (10_000, 50)), axis=-1)
    lam = np.sort(rng.uniform(0, 1, (10_000, 10)), axis=-1) * sigma2[:, 9:10]
    batch = seconds(lambda: extremes(L2Minimum(sigma2, lam)), repeats=3)
    loop = 50 * seconds(lambda: [extremes(L2Minimum(s, x)) for s, x in zip(sigma2[:200], lam[:200], strict=True)], 3)
    proof = seconds(lambda: certify("l2", *problem(20, 100), scale="half"))
    large = seconds(lambda: certify("l2", *problem(500, 1000), scale="half"))
    with capsys.disabled():
        share = f"×{extreme / yardstick:.3f} of the yardstick (bar ×0.05)"
        print(f"\nextremes, (500, 1000)            {extreme * 1e3:8.2f} ms of CPU   {share}")
        print(f"10,000 spectra of (10, 50)       {batch * 1e3:8.2f} ms   ×{loop / batch:.1f} of a loop (bar ×20)")
        print(f"certified κ, (20, 100)           {proof * 1e3:8.2f} ms   ×{proof / yardstick:.3f} (bar ×0.1)")
        print(f"certified κ, (500, 1000)         {large * 1e3:8.2f} ms", end="")
    assert extreme < 0.05 * yardstick
    assert loop / batch > 20
    assert proof < 0.1 * yardstick


PEAK = """
def peak():
    \"\"\"The most memory this process has had, in MB; getrusage would count what its parent had when it forked.\"\"\"
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
"""

STREAM = """
import sys, numpy as np, time
from numerics.minima import L2Minimum, NestedDropoutMinimum, stream
sigma2 = np.linspace(100, 1, 20000)
lam = sigma2[1999] * np.arange(1, 2001) / 2001
start, count = time.process_time(), 0
l2 = sys.argv[1] == "l2"
for block in stream(L2Minimum(sigma2, lam) if l2 else NestedDropoutMinimum(sigma2, np.full(2000, 1 / 2000))):
    count += block.eigenvalues().size
print(count, time.process_time() - start, peak())
"""

COMMAND = """
import sys, time
from contextlib import suppress
from proofs.commands.bounds import app
start = time.process_time()
with suppress(SystemExit):
    app(sys.argv[1:])
print(time.process_time() - start, peak(), file=sys.stderr)
"""


def script(code, *arguments):
    return subprocess.run([sys.executable, "-c", PEAK + code, *arguments], capture_output=True, text=True, check=True)


@pytest.mark.benchmark_table
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux")
@pytest.mark.parametrize("loss", ["l2", "nested-dropout"])
def test_streamed_spectrum_of_eighty_million_weights(capsys, yardstick, loss):
    count, elapsed, memory = map(float, script(STREAM, loss).stdout.split())
    with capsys.disabled():
        cost = f"{elapsed:6.2f} s of CPU   ×{elapsed / yardstick:.1f}   {memory:.0f} MB (bars ×8, 300 MB)"
        print(f"\nspectrum streamed, (2000, 20000), {loss:14} {cost}", end="")
    assert count == 2 * 2000 * 20000 - (2000 if loss == "nested-dropout" else 0)
    assert elapsed < 8 * yardstick
    assert memory < 300


@pytest.mark.benchmark_table
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux")
@pytest.mark.parametrize("certified", [[], ["--certify"]])
def test_the_command_on_twenty_thousand_components(capsys, yardstick, certified):
    size = ["--family", "power:1.2", "--m", "20000", "--k", "2000", "--json"]
    elapsed, memory = map(float, script(COMMAND, *size, *certified).stderr.split())
    with capsys.disabled():
        cost = f"{elapsed:6.2f} s of CPU   ×{elapsed / yardstick:.1f}   {memory:.0f} MB (bars ×15, 300 MB)"
        print(f"\nlae bounds --m 20000 --k 2000 {' '.join(certified):9} {cost}", end="")
    assert elapsed < 15 * yardstick
    assert memory < 300


def started(*arguments):
    """Processor seconds of a Python process, the least of five."""
    times = []
    for _ in range(5):
        before = os.times()
        subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        after = os.times()
        times.append(after.children_user + after.children_system - before.children_user - before.children_system)
    return min(times)


@pytest.mark.benchmark_table
def test_the_command_on_digits_beside_the_import_of_numpy(capsys):
    ours, numpy = started("-m", "proofs.cli", "bounds", "--data", "digits", "--k", "5"), started("-c", "import numpy")
    with capsys.disabled():
        print(
            f"\nlae bounds --data digits --k 5   {ours:6.2f} s of CPU   ×{ours / numpy:.1f} of import numpy (bar ×6)",
            end="",
        )
    assert ours < 6 * numpy

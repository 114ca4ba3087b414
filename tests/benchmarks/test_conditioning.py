"""Exact conditioning against Lanczos, in the same run: `pytest -m benchmark_table -s tests/benchmarks`.

The peers multiply by the Hessian without forming it, in the eigenbasis of the data (which favours them). Lanczos
is stopped after RESTARTS restarts.
"""

import resource
import subprocess
import sys
from contextlib import suppress
from statistics import median
from time import perf_counter

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


def seconds(action, repeats=1):
    times = []
    for _ in range(repeats):
        start = perf_counter()
        action()
        times.append(perf_counter() - start)
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
def test_exact_condition_number_beside_lanczos(capsys):
    rows = []
    for k, m, which, bar in ((20, 100, "SA", 5000), (100, 1000, "LA", 500)):
        ours, theirs = exact(k, m), lanczos(k, m, which)
        rows.append((f"exact κ, (k, m) = ({k}, {m})", ours, f"eigsh {which}: {theirs:.3g} s", theirs / ours, bar))
    with capsys.disabled():
        for name, ours, peer, ratio, bar in rows:
            print(f"\n{name:32} {ours * 1e3:8.2f} ms   {peer:24} ×{ratio:,.0f} (bar ×{bar:,})", end="")
    assert all(ratio >= bar for *_, ratio, bar in rows)


@pytest.mark.benchmark_table
def test_torch_hessian_beside_the_exact_condition_number(capsys):
    torch = pytest.importorskip("torch", reason="the torch extra is not installed")
    k, m = 20, 100
    sigma2, lam = problem(k, m)
    root, s, reg = (torch.tensor(x) for x in (np.sqrt(1 - lam / sigma2[:k]), sigma2, lam))
    w1 = torch.zeros(k, m, dtype=torch.float64)
    w1[:, :k] = torch.diag(root)

    def loss(weights):
        a, b = weights[: k * m].reshape(k, m), weights[k * m :].reshape(m, k)
        error = (torch.eye(m, dtype=torch.float64) - b @ a) * s.sqrt()
        return ((error**2).sum() + (reg[:, None] * a**2).sum() + (reg * b**2).sum()) / 2

    weights = torch.cat([w1.ravel(), w1.T.ravel()])
    theirs = seconds(lambda: torch.linalg.eigvalsh(torch.func.hessian(loss)(weights)))
    ratio = theirs / exact(k, m)
    with capsys.disabled():
        print(f"\ntorch.func.hessian + eigvalsh, ({k}, {m}): {theirs:.3g} s   ×{ratio:,.0f} (bar ×20,000)", end="")
    assert ratio >= 20_000


@pytest.mark.benchmark_table
def test_extremes_of_a_million_weights_batches_and_certificates(capsys):
    extreme = seconds(lambda: extremes(L2Minimum(*problem(500, 1000))), repeats=11)
    rng = np.random.default_rng(0)
    sigma2 = -np.sort(-rng.uniform(1, 5, (10_000, 50)), axis=-1)
    lam = np.sort(rng.uniform(0, 1, (10_000, 10)), axis=-1) * sigma2[:, 9:10]
    batch = seconds(lambda: extremes(L2Minimum(sigma2, lam)), repeats=3)
    loop = 50 * seconds(lambda: [extremes(L2Minimum(s, x)) for s, x in zip(sigma2[:200], lam[:200], strict=True)], 3)
    proof = seconds(lambda: certify("l2", *problem(20, 100), scale="half"))
    with capsys.disabled():
        print(f"\nextremes, (500, 1000)            {extreme * 1e3:8.2f} ms   (bar 30 ms)")
        print(f"10,000 spectra of (10, 50)       {batch * 1e3:8.2f} ms   ×{loop / batch:.1f} of a loop (bar ×20)")
        print(f"certified κ, (20, 100)           {proof * 1e3:8.2f} ms   (bar 2 s)", end="")
    assert extreme < 0.03
    assert loop / batch > 20
    assert proof < 2


STREAM = """
import numpy as np, resource, time
from numerics.minima import L2Minimum, stream
sigma2 = np.linspace(100, 1, 20000)
lam = sigma2[1999] * np.arange(1, 2001) / 2001
start, count = time.process_time(), 0
for block in stream(L2Minimum(sigma2, lam)):
    count += block.eigenvalues().size
print(count, time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


@pytest.mark.benchmark_table
@pytest.mark.skipif(not hasattr(resource, "RUSAGE_SELF"), reason="needs getrusage")
def test_streamed_spectrum_of_eighty_million_weights(capsys):
    output = subprocess.run([sys.executable, "-c", STREAM], capture_output=True, text=True, check=True).stdout
    count, elapsed, memory = (float(x) for x in output.split())
    with capsys.disabled():
        print(
            f"\nspectrum streamed, (2000, 20000) {elapsed:8.2f} s of CPU   {memory:.0f} MB (bars 5 s, 300 MB)", end=""
        )
    assert count == 2 * 2000 * 20000
    assert elapsed < 5
    assert memory < 300

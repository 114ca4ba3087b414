"""Training steps beside their peers, in the same run: `pytest -m benchmark_table -s tests/benchmarks/test_training.py`.

The peer is the papers' form: the loss on the data matrix (or on the covariance), differentiated by torch autograd,
stepped by torch.optim. Ratios are of processor seconds, which other work on the machine disturbs least; for what
runs on several cores, of seconds. Every ratio is the median of paired measurements.
"""

import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import numpy as np
import pytest

from numerics.training import campaign
from numerics.training.arrays import threads
from numerics.training.catalogue import make
from numerics.training.data import Data, from_samples, synthetic
from numerics.training.job import Schedule
from numerics.training.program import Program, Run

M, N, K = 1000, 5000, 20
SPECTRUM = np.linspace(100, 1, M)
EXACT = Data(SPECTRUM, np.eye(M))
"""In the eigenbasis already, which is where the runs measured on it take place."""


def spent(action, clock=process_time):
    start = clock()
    action()
    return clock() - start


def paired(ours, theirs, repeats=5, clock=process_time):
    """Seconds of each, and the median of their ratios."""
    pairs = [(spent(ours, clock), spent(theirs, clock)) for _ in range(repeats)]
    return *(median(x) for x in zip(*pairs, strict=True)), median(b / a for a, b in pairs)


def show(capsys, text):
    with capsys.disabled():
        print(f"\n{text}", end="")


def program(name, optimizer, k=K, data=EXACT, rate=2e-4):
    made = Program([Run(make(name, k, data.sigma2), optimizer, rate)], data, dtype="float32")
    made.advance(5)
    return made


def torch_step(name, optimizer, samples, k=K, on_covariance=False):
    """One step of the papers' form."""
    torch = pytest.importorskip("torch", reason="the torch extra is not installed")
    torch.manual_seed(0)
    x = torch.tensor(samples, dtype=torch.float32)
    n, m = x.shape
    covariance = x.T @ x / n
    w1, w2 = (torch.nn.Parameter(0.01 * torch.randn(shape)) for shape in ((k, m), (m, k)))
    ridge = torch.tensor(make("l2", k, SPECTRUM).loss.ridge, dtype=torch.float32)[:, None]
    if optimizer == "adam":
        optimiser = torch.optim.Adam([w1, w2], lr=1e-3)
    else:
        optimiser = torch.optim.SGD([w1, w2], lr=2e-4, momentum=0.9, nesterov=True)

    tails = torch.arange(k, 0, -1, dtype=torch.float32) / k
    shared = torch.minimum(tails[:, None], tails[None, :])
    total = (x**2).sum() / n

    def masked():
        """E_b ‖X − W2Π_bW1X‖²/n for a uniform prior, without a pass for each b."""
        latent = x @ w1.T
        fitted = ((latent * tails) * (x @ w2)).sum() / n
        return total - 2 * fitted + ((w2.T @ w2) * shared * (latent.T @ latent / n)).sum()

    def loss():
        if name == "nested-dropout":
            return masked()
        if on_covariance:
            latent = w1 @ covariance
            error = covariance.trace() - 2 * (w2.T * latent).sum() + ((w2.T @ w2) * (latent @ w1.T)).sum()
        else:
            error = ((x - x @ w1.T @ w2.T) ** 2).sum() / n
        return error if name == "rag" else error + (ridge * w1**2).sum() + (ridge * w2.T**2).sum()

    def step():
        optimiser.zero_grad()
        loss().backward()
        if name == "rag":
            with torch.no_grad():
                latent = x @ w1.T
                gram = latent.T @ latent / n
                upper = gram - gram.tril()
                turn = (upper - upper.T) / 2
                w1.grad -= turn @ w1
                w2.grad -= w2 @ turn.T
        optimiser.step()

    step()
    return step


@pytest.mark.benchmark_table
@pytest.mark.parametrize(
    ("name", "optimizer", "bar"), [("l2", "nesterov", 400), ("rag", "nesterov", 400), ("l2", "adam", 40)]
)
def test_a_step_beside_torch_autograd_on_the_data_matrix(capsys, name, optimizer, bar):
    try:
        peer = torch_step(name, optimizer, np.random.default_rng(0).normal(size=(N, M)) * np.sqrt(SPECTRUM))
    except pytest.skip.Exception:
        show(capsys, f"{name}, {optimizer}, float32, ({K}, {M}): torch is not installed")
        raise
    data = EXACT if optimizer != "adam" else synthetic(SPECTRUM, n=None, rng=np.random.default_rng(0))
    made, many = program(name, optimizer, data=data), 400 if optimizer != "adam" else 40
    ours, theirs, ratio = paired(lambda: made.advance(many), peer)
    per_step = ours / many
    show(
        capsys,
        f"{name}, {optimizer}, float32, ({K}, {M})  {per_step * 1e6:8.0f} µs  torch on data {theirs * 1e3:.0f} ms"
        f"   ×{ratio * many:,.0f} (bar ×{bar})",
    )
    assert ratio * many >= bar


LONG = 20_000
"""Steps of a training, over which a speed has to last."""
LOSSES = ("rag", "l2", "nested-dropout")


@pytest.mark.benchmark_table
@pytest.mark.parametrize(("optimizer", "bar"), [("nesterov", 400), ("adam", 40)])
@pytest.mark.parametrize("name", LOSSES)
def test_the_mean_of_many_steps_beside_torch_autograd_on_the_data_matrix(capsys, name, optimizer, bar):
    """All 20,000 steps under Nesterov from the start, and 1,000 of Adam, which decays nothing to zero."""
    adam = optimizer == "adam"
    data = synthetic(SPECTRUM, n=None, rng=np.random.default_rng(0)) if adam else EXACT
    rate, steps = (1e-3, LONG // 20) if adam else (2e-4, LONG)
    made = Program([Run(make(name, K, data.sigma2), optimizer, rate)], data, dtype="float32")
    ours = spent(lambda: made.advance(steps)) / steps
    what = f"{name}, {optimizer}, float32, ({K}, {M}), mean of {steps:,} steps  {ours * 1e6:8.0f} µs"
    try:
        peer = torch_step(name, optimizer, np.random.default_rng(0).normal(size=(N, M)) * np.sqrt(SPECTRUM))
    except pytest.skip.Exception:
        show(capsys, f"{what}  torch is not installed")
        raise
    theirs = median(spent(peer) for _ in range(7))
    show(capsys, f"{what}  torch on data {theirs * 1e3:.0f} ms   ×{theirs / ours:,.0f} (bar ×{bar})")
    assert theirs / ours >= bar


@pytest.mark.benchmark_table
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", LOSSES)
def test_a_step_costs_at_epoch_twenty_thousand_what_it_costs_at_epoch_two_hundred(capsys, name, dtype):
    """Two programs in turns, one of them aged; with numbers left subnormal the late one took fifty times as long."""
    young, old = (Program([Run(make(name, K, SPECTRUM), "nesterov", 2e-4)], EXACT, dtype=dtype) for _ in range(2))
    young.advance(200)
    old.advance(LONG)
    state = young.state()

    def early():
        young.select([0], state).advance(200)

    def late():
        old.select([0]).advance(200)

    first, last, ratio = paired(early, late, repeats=9)
    show(
        capsys,
        f"{name}, nesterov, {dtype}, ({K}, {M}): a step at epoch 200 {first / 200 * 1e6:.0f} µs, "
        f"at {LONG:,} {last / 200 * 1e6:.0f} µs   ×{ratio:.2f} (bar ×1.1)",
    )
    assert ratio <= 1.1


@pytest.mark.benchmark_table
def test_a_wide_step_beside_torch_autograd_on_the_covariance(capsys):
    peer = torch_step("l2", "nesterov", np.random.default_rng(0).normal(size=(N, M)), 500, on_covariance=True)
    made = program("l2", "nesterov", 500, rate=1e-4)
    ours, theirs, ratio = paired(lambda: made.advance(4), lambda: [peer() for _ in range(4)])
    show(
        capsys,
        f"l2, nesterov, float32, (500, {M})  {ours / 4 * 1e3:.1f} ms  torch on covariance {theirs / 4 * 1e3:.1f} ms"
        f"   ×{ratio:.2f} (bar ×3)",
    )
    assert ratio >= 3


RATES, SEEDS = [2e-5 * 1.5**i for i in range(8)], range(4)


@pytest.mark.benchmark_table
@pytest.mark.parametrize(("k", "m", "steps", "least"), [(5, 100, 4000, 4), (K, M, 2000, 1.5)])
def test_runs_batched_beside_programs_of_one_run(capsys, tmp_path, k, m, steps, least):
    """The data are prepared already. At (20, 1000) the products of one run are as fast as the core can multiply, so
    that a batch saves nothing but Python's share, and the rest of the ratio is the second core."""
    data = Data(SPECTRUM[:m], np.eye(m))
    runs = [Run(make("l2", k, data.sigma2), "nesterov", rate, seed) for rate in RATES for seed in SEEDS]

    def config(chosen):
        return campaign.Config(tuple(chosen), Schedule(steps, steps), "float32", data.digest, {})

    asked, each = config(runs), [config([run]) for run in runs]
    count = iter(range(10**6))

    def together():
        campaign.train(tmp_path / str(next(count)), asked, data, jobs=2)

    def apart():
        for one in each:
            campaign.train(tmp_path / str(next(count)), one, data)

    together()
    ours, theirs, ratio = paired(together, apart, 3, perf_counter)
    show(
        capsys,
        f"32 runs of ({k}, {m}), {steps} epochs, batched on 2 cores {ours:.2f} s, 32 programs of one {theirs:.2f} s"
        f"   ×{ratio:.1f} (wanted ×{least})",
    )
    assert ratio >= least


@pytest.mark.benchmark_table
def test_a_sweep_beside_its_runs_one_after_another(capsys, tmp_path):
    """Both are commands that read the samples, decompose the covariance, train and write; the runs' processes may use
    both cores for what they do. Four of the 32 runs are timed, of every other learning rate, and count eight times."""
    np.save(tmp_path / "x.npy", (np.random.default_rng(0).normal(size=(N, M)) * np.sqrt(SPECTRUM)).astype("float32"))
    command = [sys.executable, "-c", "from proofs.cli import main; main()", "train", "--data", str(tmp_path / "x.npy")]
    command += ["--model", "l2", "--k", str(K), "--epochs", "1000", "--dtype", "float32"]
    count = iter(range(10**6))

    def lae(*options):
        out = ["--out", str(tmp_path / str(next(count)))]
        subprocess.run([*command, *options, *out], check=True, capture_output=True, cwd=Path(__file__).parents[2])

    def together():
        lae("--lr", ",".join(map(str, RATES)), "--seeds", "0:4", "--jobs", "2")

    def apart():
        for rate in RATES[::2]:
            lae("--lr", str(rate))

    def children():
        """Processor seconds of all processes that have ended."""
        return sum(os.times()[2:4])

    start = children()
    ours = spent(together, perf_counter)
    middle = children()
    theirs = 8 * spent(apart, perf_counter)
    busy, busier = middle - start, 8 * (children() - middle)
    ratio = theirs / ours
    show(
        capsys,
        f"32 runs of ({K}, {M}), 1000 epochs, one command on 2 cores {ours:.1f} s, 32 commands {theirs:.1f} s"
        f"   ×{ratio:.1f} (bar ×4; processor seconds {busy:.1f} and {busier:.1f}, ×{busier / busy:.1f})",
    )
    assert ratio >= 4


@pytest.mark.benchmark_table
def test_ten_thousand_epochs_of_rag_at_the_size_of_mnist(capsys):
    """784 features; the cost does not depend on the 60,000 samples."""
    sigma2 = 50 * np.arange(1.0, 785) ** -1.5
    made = program("rag", "nesterov", data=Data(sigma2, np.eye(784)), rate=0.1 / (4 * sigma2[0]))
    seconds = spent(lambda: made.advance(10_000))
    show(capsys, f"rag, k = 20, m = 784, 10,000 full-batch epochs {seconds:.2f} s (bar 30 s)")
    assert seconds < 30


@pytest.mark.benchmark_table
def test_a_step_with_a_mask_for_each_of_sixty_thousand_images(capsys):
    """A pass over all samples: 4nmk multiplications, beside a product of large matrices with as many of them."""
    pixels = np.random.default_rng(0).integers(0, 256, size=(60_000, 784), dtype=np.uint8)
    data = from_samples(pixels, divisor=255.0)
    made = program("nested-dropout-sample", "nesterov", data=data, rate=1e-2)
    large = np.random.default_rng(1).normal(size=(2, 1231, 1231)).astype("float32")
    made.advance(1)
    with threads(1):
        ours, _, ratio = paired(lambda: made.advance(2), lambda: [large[0] @ large[1] for _ in range(4)])
    share = 60_000 * 784 * 2 * K * 2 / (2 * 1231**3)
    show(
        capsys,
        f"nested-dropout-sample, 60,000 × 784, k = 20: {ours / 2 * 1e3:.0f} ms a step, {ratio * share:.0%} of the "
        "speed of a large product on one core",
    )
    assert ratio * share >= 0.3


MEMORY = """
import sys
from pathlib import Path
from typer.testing import CliRunner
from proofs.commands.train import app
options = ["--divide", "255", "--k", "20", "--dtype", "float32"]
result = CliRunner().invoke(app, ["--data", sys.argv[1], *options, "--out", sys.argv[2], *sys.argv[3:]])
assert result.exit_code == 0, result.output
status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
print(int(status["VmHWM"].split()[0]) / 1024)
"""


@pytest.mark.benchmark_table
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs the Linux record of a process")
@pytest.mark.parametrize(("model", "epochs"), [("rag", 200), ("nested-dropout-sample", 3)])
def test_peak_memory_of_a_run_on_sixty_thousand_images(capsys, tmp_path, model, epochs):
    pixels = np.random.default_rng(0).integers(0, 256, size=(60_000, 784), dtype=np.uint8)
    np.save(tmp_path / "x.npy", pixels)
    command = [sys.executable, "-c", MEMORY, str(tmp_path / "x.npy"), str(tmp_path / "run")]
    command += ["--model", model, "--epochs", str(epochs)]
    output = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]).stdout
    megabytes = float(output.splitlines()[-1])
    show(capsys, f"peak memory, {model}, 60,000 × 784 bytes, k = 20: {megabytes:.0f} MB (bar 1000 MB)")
    assert megabytes < 1000

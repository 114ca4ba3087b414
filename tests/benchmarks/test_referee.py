"""What the referee costs: `pytest -m benchmark_table -s tests/benchmarks/test_referee.py` prints the table.

Whole commands are run as a user runs them, in a fresh cache, on the 2 cores that the bars are for. Memory is the sum
over the command's processes, sampled while it runs.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from statistics import median
from threading import Event, Thread
from time import perf_counter, process_time

import pytest

ROOT = Path(__file__).parents[2]
PAGE = os.sysconf("SC_PAGE_SIZE")
pytestmark = pytest.mark.benchmark_table


def lae(*arguments: str, cache: Path, package: Path = ROOT) -> tuple[float, float]:
    """Seconds and peak memory (bytes, all processes) of a command."""
    environment = {**os.environ, "LAE_CACHE": str(cache), "PYTHONPATH": str(package)}
    start = perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "proofs.cli", *arguments],
        env=environment,
        cwd=package,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    done, peak = Event(), [0.0]

    def watch() -> None:
        while not done.wait(0.05):
            peak[0] = max(peak[0], sum(resident(p) for p in family(process.pid)))

    watcher = Thread(target=watch)
    watcher.start()
    process.wait()
    seconds = perf_counter() - start
    done.set()
    watcher.join()
    return seconds, peak[0]


def family(parent: int) -> list[int]:
    """A process and its descendants."""
    try:
        children = [
            int(p) for t in Path(f"/proc/{parent}/task").iterdir() for p in (t / "children").read_text().split()
        ]
    except OSError:
        return []
    return [parent, *(d for c in children for d in family(c))]


def resident(process: int) -> float:
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0.0


def second_variation() -> float:
    """Seconds for the α² coefficient of the L2 loss, symbolic sizes, nothing cached."""

    from proofs.bao2020.notation import W1, W2, Z1, Z2, X, l2_loss, α
    from proofs.kernel.expressions import Coeff
    from proofs.kernel.meaning import Meaning
    from proofs.kernel.tensor import Facts

    expression = Coeff(l2_loss(W1 + α * Z1, W2 + α * Z2, X), α, 2)
    times = []
    for _ in range(21):
        start = perf_counter()
        Meaning(Facts()).value(expression)
        times.append(perf_counter() - start)
    return median(times)


def sympy_second_variation() -> float:
    """Seconds for the same coefficient by SymPy's dense matrices at k = 2, m = 3, n = 1."""
    import sympy

    k, m = 2, 3

    def dense(name: str, rows: int, cols: int) -> sympy.Matrix:
        return sympy.Matrix(rows, cols, lambda i, j: sympy.Symbol(f"{name}{i}{j}"))

    w1, w2, z1, z2, x = (
        dense(n, *s) for n, s in (("a", (k, m)), ("b", (m, k)), ("c", (k, m)), ("d", (m, k)), ("x", (m, 1)))
    )
    λ = sympy.diag(*sympy.symbols("l0 l1", positive=True))
    α = sympy.Symbol("α")
    start = perf_counter()
    e1, e2 = w1 + α * z1, w2 + α * z2
    residual = x - e2 * e1 * x
    loss = (residual.T * residual)[0] + (λ * (e1 * e1.T + e2.T * e2)).trace()
    sympy.expand(sympy.expand(loss).coeff(α, 2))
    return perf_counter() - start


def test_what_the_referee_costs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cold, memory = lae("check", "--fresh", "--jobs", "2", cache=tmp_path / "cache")
    copy = tmp_path / "copy"
    for package in ("proofs", "numerics"):
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
    lae("check", "--jobs", "2", cache=tmp_path / "edited", package=copy)
    module = copy / "proofs" / "bao2020" / "appendix_b.py"
    formula = "4 * σ[1] ** 2 * (1 - λ[1] * σ[1] ** -2) ** 2"
    assert formula in module.read_text()
    module.write_text(module.read_text().replace(formula, formula.replace("4", "5", 1)))
    edited, _ = lae("check", "--jobs", "2", cache=tmp_path / "edited", package=copy)
    helped = median(lae("--help", cache=tmp_path / "cache")[0] for _ in range(7))
    ours, theirs = second_variation(), sympy_second_variation()
    rows = [
        ("all claims, cold", f"{cold:.1f} s", "60 s", cold < 60),
        ("after editing one claim's module", f"{edited:.2f} s", "3 s", edited < 3),
        ("lae --help", f"{helped:.2f} s", "0.4 s", helped < 0.4),
        ("second variation of the L2 loss", f"{1e3 * ours:.2f} ms", "2 ms", ours < 2e-3),
        ("  SymPy, explicit k=2, m=3", f"{1e3 * theirs:.1f} ms, ×{theirs / ours:.0f}", "", True),
        ("peak memory of lae check", f"{memory / 2**20:.0f} MB", "1024 MB", memory < 2**30),
    ]
    with capsys.disabled():
        print()
        for what, measured, bar, ok in rows:
            print(f"{what:36} {measured:>18}   {bar:8} {'' if ok else 'MISSED'}")
    assert all(ok for *_, ok in rows)


def test_theorems_are_checked_again_without_search(capsys: pytest.CaptureFixture[str]) -> None:
    """Every theorem of a claim found once, then its rules run again by the kernel alone."""
    from proofs import lock
    from proofs.claim import Context, registry, seed_of, witness
    from proofs.kernel.theorem import recheck

    recorded = lock.recorded()
    claims = [c for c in registry().values() if recorded[c.id] == "proved"]
    search = again = 0.0
    steps = 0
    for claim in claims:
        supposed = claim.supposed(claim.statement)
        start = process_time()
        context = Context(claim.given, seed_of(claim.id), shrink=False, drawn={}, supposed=supposed)
        theorem = witness(claim.statement.witnesses[0], claim.statement, context).theorem
        found = process_time()
        assert theorem is not None, claim.id
        steps += recheck(theorem)
        search, again = search + found - start, again + process_time() - found
    with capsys.disabled():
        print(f"\n{len(claims)} theorems, {steps} steps: found in {search:.0f} s of processor, again in {again:.0f} s")

"""What every table says of the machine: its processor, and how fast that is at plain NumPy.

Main results
    yardstick    processor seconds of a fixed amount of arithmetic; bars are multiples of it, on any machine
"""

import platform
from pathlib import Path
from time import process_time

import numpy as np
import pytest

NUMBERS, ROUNDS = 2**15, 10_000


def processor() -> str:
    """The processor's name and the number of cores."""
    cores = Path("/proc/cpuinfo").read_text().split("\n\n") if Path("/proc/cpuinfo").exists() else []
    names = [line.split(":", 1)[1].strip() for line in "".join(cores[:1]).splitlines() if line.startswith("model name")]
    return f"{(names or [platform.processor() or platform.machine()])[0]}, {len([c for c in cores if c.strip()])} cores"


def arithmetic() -> float:
    """Processor seconds of 10,000 rounds of a product, a sum and a root of 2¹⁵ numbers each."""
    a, b, out = np.linspace(1, 2, NUMBERS), np.linspace(3, 4, NUMBERS), np.empty(NUMBERS)
    start = process_time()
    for _ in range(ROUNDS):
        np.multiply(a, b, out=out)
        np.add(out, a, out=out)
        np.sqrt(out, out=out)
    return process_time() - start


@pytest.fixture(scope="session")
def yardstick() -> float:
    """Processor seconds of the arithmetic on this machine, the best of three."""
    return min(arithmetic() for _ in range(3))


@pytest.fixture(autouse=True, scope="session")
def _named(request: pytest.FixtureRequest) -> None:
    """The processor's name, before the rows."""
    reporter = request.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None:
        reporter.write_line(f"\nprocessor: {processor()}; NumPy {np.__version__}, Python {platform.python_version()}")

"""The parts of the normal form: each uses those listed above it, and other modules use what the package lists."""

from __future__ import annotations

from pathlib import Path

import pytest

from proofs import sources
from proofs.algebra import normal
from proofs.claim import registry

PACKAGE = normal.__name__
PARTS = {path.stem for path in Path(normal.__file__).parent.glob("*.py")} - {"__init__"}
LISTED = [head for line in (normal.__doc__ or "").splitlines() if (head := line.strip().split(" ")[0]) in PARTS]


def parts_used(module: str) -> set[str]:
    return {m.removeprefix(f"{PACKAGE}.") for m in sources.imports(module) if m.startswith(f"{PACKAGE}.")}


def test_every_part_is_listed_once() -> None:
    assert sorted(LISTED) == sorted(PARTS)


@pytest.mark.parametrize("part", LISTED)
def test_a_part_uses_only_those_above_it(part: str) -> None:
    assert parts_used(f"{PACKAGE}.{part}") <= set(LISTED[: LISTED.index(part)])


def test_other_modules_use_the_package_and_not_its_parts() -> None:
    modules = {m for c in registry().values() for m in sources.closure(c.module)}
    others = {m for m in modules if not m.startswith(PACKAGE)}
    assert PACKAGE in modules
    assert not {m: parts_used(m) for m in others if parts_used(m)}

"""The findings that the repository keeps: what was seen when a figure was last made, where, and by which code.

Main results
    kept        the last findings of a figure, of the setting nearest to the paper's that was made whole
    in_part     those of the paper's setting, if something was left out of it
    keep        put findings into the repository, with date, machine, versions and seconds, and the picture
    pictured    the picture that is kept of a figure, and its setting
    slim        a picture in fewer bytes
"""

from __future__ import annotations

import json
import platform
import re
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from os import cpu_count
from pathlib import Path
from typing import Any

from numerics.experiments.figure import SETTINGS
from numerics.storing import write_whole

FOLDER = Path(__file__).parent / "findings"
PACKAGES = ("numpy", "scipy", "matplotlib")
LARGEST = 200_000
"""Bytes of a picture that is kept."""


def kept(figure: str) -> dict[str, Any] | None:
    """The last findings of a figure: of the paper's setting if it was made whole, else of a smaller one.

    >>> kept("nobody/fig1") is None
    True
    """
    found = [one for setting in reversed(SETTINGS) if (one := _read(figure, setting))]
    return next((one for one in found if not one.get("left_out")), found[0] if found else None)


def in_part(figure: str) -> dict[str, Any] | None:
    """What was seen when the paper's setting was made but for some epochs or models."""
    found = _read(figure, SETTINGS[-1])
    return found if found and found.get("left_out") else None


def _read(figure: str, setting: str) -> dict[str, Any] | None:
    path = place(figure, setting)
    return json.loads(path.read_text()) if path.exists() else None


def pictured(figure: str) -> tuple[str, str] | None:
    """The setting nearest to the paper's of which a picture is kept, and the picture.

    >>> pictured("nobody/fig1") is None
    True
    """
    paths = ((setting, picture_of(figure, setting)) for setting in reversed(SETTINGS))
    return next(((setting, path.read_text(encoding="utf-8")) for setting, path in paths if path.exists()), None)


def keep(findings: dict[str, Any], seconds: float | None, picture: Path) -> Path:
    """Write findings, without what each single run did, and say where and when they were made; and the picture.

    Parameters
    ----------
    findings : dict
    seconds : float, optional
        What they took; None if they were continued, so that nobody knows.
    picture : Path
        The SVG.

    Raises
    ------
    ValueError
        If the picture is too large to be kept.
    """
    small = slim(picture.read_text(encoding="utf-8"))
    if len(small.encode()) > LARGEST:
        raise ValueError(f"record: {picture} has more than {LARGEST} bytes; want a smaller picture to keep")
    where = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{_processor()}, {cpu_count()} cores",
        "versions": {"python": platform.python_version()} | {name: _version(name) for name in PACKAGES},
        "seconds": None if seconds is None else round(seconds, 1),
    }
    told = {name: value for name, value in findings.items() if name != "runs"}
    path = place(findings["figure"], findings["setting"])
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, _by_lines(told | {"made": where}))
    write_whole(picture_of(findings["figure"], findings["setting"]), small)
    return path


def slim(svg: str) -> str:
    """A picture whose coordinates, and nothing that is read, have a tenth of a point.

    >>> slim('<svg>\\n <path d="M 10.1234 5.0\\nL 7.96 8.10"/><text x="1.125">1.125</text></svg>')
    '<svg> <path d="M 10.1 5.0 L 7.96 8.10"/><text x="1.1">1.125</text></svg>'
    """
    svg = re.sub(r"\s*<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r' (?:d|x|y|points|transform)="[^"]*"', lambda at: re.sub(r"(\d\.\d)\d{2,}", r"\1", at[0]), svg)
    return re.sub(r"\s*\n\s*", " ", svg)


def _by_lines(told: dict[str, Any]) -> str:
    """JSON with a line for each entry, and for each member of an entry that is a list."""

    def short(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False)

    entries = []
    for name, value in told.items():
        long = isinstance(value, list) and value
        text = "[\n  " + ",\n  ".join(map(short, value)) + "\n ]" if long else short(value)
        entries.append(f" {short(name)}: {text}")
    return "{\n" + ",\n".join(entries) + "\n}\n"


def place(figure: str, setting: str) -> Path:
    """Where findings are kept."""
    return FOLDER / f"{figure}.{setting}.json"


def picture_of(figure: str, setting: str) -> Path:
    """Where the picture is kept."""
    return FOLDER / f"{figure}.{setting}.svg"


def _processor() -> str:
    """What the processor calls itself."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"

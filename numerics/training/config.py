"""What a folder of runs was asked to hold, as text that is believed only as it was written.

Main results
    Config      runs, schedule, precision and data
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from math import isfinite
from typing import Any

from numerics.losses import Loss
from numerics.scales import SCALES
from numerics.training.catalogue import MODELS
from numerics.training.job import Schedule
from numerics.training.run import Run
from numerics.training.update_rules import RULES

FORMAT = 4
"""Of the files in a folder: raised when their meaning changes."""
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*")
"""Of a run, which names its file."""
SHOWN = 3
"""Runs that a message names."""


@dataclass(frozen=True)
class Config:
    """What a folder was asked to hold.

    Parameters
    ----------
    runs : sequence of runs
    schedule : Schedule
    dtype : str
    digest : str
        The data's fingerprint.
    source : dict
        Where the data came from, to find them again; not compared.
    device : str
        "cpu" or "gpu".
    """

    runs: tuple[Run, ...]
    schedule: Schedule
    dtype: str
    digest: str
    source: dict[str, Any]
    device: str = "cpu"

    @cached_property
    def key(self) -> str:
        """A digest of all that the trajectories depend on."""
        return _digest(replace(self, source={})._parts())

    def of(self, runs: Sequence[Run]) -> Config:
        """The same for some of the runs."""
        return replace(self, runs=tuple(runs))

    def to_json(self) -> str:
        """As text; `from_json` reads it."""
        parts = {"format": FORMAT, "version": _version()} | json.loads(json.dumps(self._parts()))
        return json.dumps(parts | {"seal": _digest(parts)}, indent=1)

    @staticmethod
    def from_json(text: str) -> Config:
        """Read what `to_json` wrote.

        Raises
        ------
        ValueError
            If it is of another format, was changed, or is not a configuration.
        """
        try:
            parts = json.loads(text)
            if parts["format"] != FORMAT:
                raise ValueError(f"it has format {parts['format']}, of lae {parts['version']}; this one reads {FORMAT}")
            if parts.pop("seal") != _digest(parts):
                raise ValueError("its config.json was changed since it was written; want it as it was")
            if not _fits(parts, SHAPE):
                raise ValueError("it is not a configuration (an entry is missing, or is not of its kind)")
            config = _config(parts)
        except (KeyError, TypeError, AttributeError, json.JSONDecodeError, RecursionError) as error:
            raise ValueError(f"it is not a configuration ({error})") from None
        names = [run.name for run in config.runs]
        if len(set(names)) < len(names) or not all(map(NAME.fullmatch, names)):
            raise ValueError("it is not a configuration (a run has no name of its own)")
        return config

    def _parts(self) -> dict[str, Any]:
        """All of it, each model with its name."""
        runs = [asdict(run) | {"model": {"name": run.model.name} | asdict(run.model)} for run in self.runs]
        return asdict(replace(self, runs=())) | {"runs": runs}

    def differences(self, other: Config) -> list[str]:
        """What the other one asks for differently, in words; nothing if both ask for the same trajectories.

        Examples
        --------
        >>> one = Config((), Schedule(100), "float64", "", {})
        >>> one.differences(replace(one, schedule=Schedule(200), dtype="float32"))
        ['epochs 100 there, 200 here', 'dtype float64 there, float32 here']
        """
        pairs = {
            "epochs": (self.schedule.epochs, other.schedule.epochs),
            "every": (self.schedule.every, other.schedule.every),
            "until": (self.schedule.until, other.schedule.until),
            "dtype": (self.dtype, other.dtype),
            "device": (self.device, other.device),
        }
        differ = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
        words = [f"{name} {_word(there)} there, {_word(here)} here" for name, (there, here) in differ.items()]
        words += ["other data"] if self.digest != other.digest else []
        mine, others = ({run.name: run for run in x.runs} for x in (self, other))
        words += _some("only there", [name for name in mine if name not in others])
        words += _some("only here", [name for name in others if name not in mine])
        words += _some("with other settings", [name for name in mine if others.get(name, mine[name]) != mine[name]])
        return words or ["the runs in another order"] * (self.runs != other.runs)


def _word(value: Any) -> str:
    return ":".join(map(str, value)) if isinstance(value, tuple) else "none" if value is None else str(value)


def _some(where: str, names: list[str]) -> list[str]:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return [f"{', '.join(names[:SHOWN])}{more} {where}"] if names else []


def _digest(parts: Any) -> str:
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _version() -> str:
    try:
        return version("lae")
    except PackageNotFoundError:
        return "unknown"


def _config(parts: dict[str, Any]) -> Config:
    schedule = parts["schedule"]
    until = schedule["until"] and (schedule["until"][0], schedule["until"][1])
    return Config(
        tuple(_run(run) for run in parts["runs"]),
        Schedule(schedule["epochs"], schedule["every"], until),
        parts["dtype"],
        parts["digest"],
        parts["source"],
        parts["device"],
    )


def _run(parts: dict[str, Any]) -> Run:
    model = parts["model"]
    loss = Loss(tuple(model["loss"]["masks"]), tuple(model["loss"]["ridge"]), model["loss"]["product"])
    return Run(**parts | {"model": MODELS[model["name"]](loss, model["scale"], tuple(model["inner"]))})


# -- the shape of a configuration ------------------------------------------------------------------


def _fits(value: Any, shape: Any) -> bool:
    """Whether a value has a shape: a mapping of shapes, a list of one shape, the values allowed, or a test."""
    if isinstance(shape, dict):
        return (
            isinstance(value, dict) and value.keys() == shape.keys() and all(_fits(value[k], shape[k]) for k in shape)
        )
    if isinstance(shape, list):
        return isinstance(value, list) and all(_fits(each, shape[0]) for each in value)
    if isinstance(shape, tuple):
        return isinstance(value, str) and value in shape
    return shape(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_count(value: Any) -> bool:
    return _is_whole(value) and value > 0


def _or_none(test: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: value is None or test(value)


def _is(kind: type) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, kind)


def _is_goal(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and isinstance(value[0], str) and _is_number(value[1])


def _is_loss(value: Any) -> bool:
    shape = {"masks": [_is_number], "ridge": [_is_number], "product": _is_number}
    return _fits(value, shape) and len(value["masks"]) == len(value["ridge"]) > 0


SHAPE = {
    "format": _is_whole,
    "version": _is(str),
    "runs": [
        {
            "model": {
                "name": MODELS.__contains__,
                "loss": _is_loss,
                "inner": [_is_count],
                "scale": tuple(SCALES),
            },
            "optimizer": tuple(RULES),
            "rate": _is_number,
            "seed": _is_whole,
            "start": _is(str),
            "batch": _or_none(_is_count),
        }
    ],
    "schedule": {"epochs": _is_count, "every": _or_none(_is_count), "until": _or_none(_is_goal)},
    "dtype": ("float32", "float64"),
    "digest": _is(str),
    "source": _is(dict),
    "device": ("cpu", "gpu"),
}

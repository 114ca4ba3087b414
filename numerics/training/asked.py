"""What a user asks of training, in words, as runs and a schedule.

Main results
    runs        lists of numbers, names and rates ↦ all their combinations
    schedule    how long, and until when
    check_units         whether a precision holds what data of this size lead to
    check_precision     whether runs go with a precision and a device
    positive    a number that counts something
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

import numpy as np

from numerics import scales, spectra
from numerics.resources import want_memory
from numerics.training.arrays import DEVICES
from numerics.training.catalogue import able, check_used
from numerics.training.data import Data
from numerics.training.job import Schedule
from numerics.training.plan import MOST_RUNS, allowed, plan
from numerics.training.program import Program, Run

MOST_EPOCHS = 10**12
"""More take months at a microsecond each."""
RECORD = 500.0
"""Bytes that the metrics of a run at one epoch take."""


def runs(
    data: Data,
    *,
    k: str | None = None,
    model: str = "rag",
    optimizer: str = "nesterov",
    lr: str = "auto",
    seeds: str = "0",
    init: str = "normal",
    batch_size: int | None = None,
    lam: str | None = None,
    sqrt_lambda: str | None = None,
    prior: str | None = None,
    widths: Sequence[str] = (),
    scale: str | None = None,
) -> list[Run]:
    """All combinations of lists as `2,5,10`; see :func:`numerics.training.plan.plan`.

    Parameters
    ----------
    data : Data
    k, model, optimizer, lr : str
        Lists; k is 2 if it is not given, "all" stands for the models that go with the rest.
    seeds : str
        A list, or `low:high`, high not included.
    init, batch_size
    lam, sqrt_lambda : str, optional
        As for `spectra.parse_numbers`; at most one of them.
    prior : str, optional
        As for `priors.read`.
    widths : sequence of str
        Of the hidden layers of deep networks, each a list.
    scale : str, optional
        Of the losses, "main" or "half".

    Raises
    ------
    ValueError
        Naming what is wrong, or has no effect.

    Examples
    --------
    >>> from numerics.training.source import Source
    >>> [run.name for run in runs(Source(synthetic="even", m=3).read(), k="1,2", lr="0.1", seeds="5")]
    ['rag-nesterov-k1-lr0.1-seed5', 'rag-nesterov-k2-lr0.1-seed5']
    """
    ks, rules = [_whole(part, "k") for part in ("2" if k is None else k).split(",")], optimizer.split(",")
    models = allowed(rules, batch_size, data) if model == "all" else model.split(",")
    check_used(models, **{"lambda": lam, "sqrt-lambda": sqrt_lambda, "prior": prior, "scale": scale})
    if k is not None and widths and set(models) <= set(able(lambda kind: kind.has_widths)):
        raise ValueError(f"k: --widths are those of {' and '.join(models)}; want no --k beside them")
    return plan(
        data,
        ks=ks,
        models=models,
        optimizers=rules,
        rates=lr.split(","),
        seeds=_seeds(seeds),
        start=init,
        batch=batch_size,
        lam=_regularisers(lam, sqrt_lambda, ks),
        prior=prior,
        widths=[[_whole(part, "widths") for part in text.split(",")] for text in widths],
        scale=scale or scales.DEFAULT,
    )


def schedule(
    runs: Sequence[Run], data: Data, *, epochs: int, every: int | None = None, until: str | None = None
) -> Schedule:
    """So many epochs, records every so many, until a metric is reached as in `alignment:0.3`.

    Raises
    ------
    ValueError
        Naming what is wrong.
    """
    found = Schedule(
        positive(epochs, "epochs", most=MOST_EPOCHS),
        None if every is None else positive(every, "every"),
        None if until is None else _until(until, runs, data),
    )
    records = len(runs) * (found.epochs // found.period + 1)
    want_memory(RECORD * records, f"{records} records", "want a larger --every")
    return found


def check_units(data: Data, dtype: str) -> None:
    """Refuse data whose σ_1² cannot be squared in the precision: neither rates nor gradients could be held.

    Raises
    ------
    ValueError

    Examples
    --------
    >>> from numerics.training.data import synthetic
    >>> check_units(synthetic([1e200], n=None, rng=np.random.default_rng(0)), "float64")
    Traceback (most recent call last):
        ...
    ValueError: dtype: σ_1² = 1e+200 cannot be squared in float64; want other units of the data
    """
    if dtype not in ("float32", "float64"):
        raise ValueError(f"dtype: got {dtype!r}; want float32 or float64")
    largest, limits = float(data.sigma2[0]), np.finfo(dtype)
    if not np.sqrt(limits.tiny) <= largest <= np.sqrt(limits.max):
        raise ValueError(f"dtype: σ_1² = {largest:g} cannot be squared in {dtype}; want other units of the data")


def check_precision(runs: Sequence[Run], dtype: str, device: str) -> None:
    """Refuse what is no device, and for flow what is coarser than the errors that it controls, or no NumPy array.

    Raises
    ------
    ValueError
        Naming the one that is wrong.
    """
    if device not in DEVICES:
        raise ValueError(f"device: got {device!r}; want {' or '.join(DEVICES)}")
    flows = any(run.optimizer == "flow" for run in runs)
    if flows and dtype == "float32":
        raise ValueError("dtype: got float32, too coarse for the errors that flow controls; want float64")
    if flows and device == "gpu":
        raise ValueError("device: got gpu, but the integrator of flow runs on the cpu; want --device cpu")


def positive(number: int, name: str, *, most: int | None = None) -> int:
    """A number from one on, up to the most there may be.

    >>> positive(0, "jobs")
    Traceback (most recent call last):
        ...
    ValueError: jobs: got 0; want at least 1
    """
    if number < 1:
        raise ValueError(f"{name}: got {number}; want at least 1")
    if most is not None and number > most:
        raise ValueError(f"{name}: got {number}; want at most {most}")
    return number


def _whole(text: str, name: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError(f"{name}: got {text!r}; want a whole number") from None


def _seeds(text: str) -> list[int]:
    if ":" in text:
        low, high = (_whole(part, "seeds") for part in text.split(":", 1))
        if high - low > MOST_RUNS:
            raise ValueError(f"seeds: got {high - low} of them; want at most {MOST_RUNS}")
        found = list(range(low, high))
    else:
        found = [_whole(part, "seeds") for part in text.split(",")]
    if not found or min(found) < 0:
        raise ValueError(f"seeds: got {text!r}; want numbers from 0 on, as 0,1,2 or 0:3")
    return found


def _until(text: str, runs: Sequence[Run], data: Data) -> tuple[str, float]:
    """The metric, which every run must have, and its value."""
    name, _, value = text.partition(":")
    for run in {run.shape: run for run in runs}.values():
        if name not in (known := Program([run], data).measure()):
            raise ValueError(f"until: got {name!r}; want one of {', '.join(known)} for {run.model.name}")
    if not spectra.is_number(value) or not isfinite(float(value)):
        raise ValueError(f"until: got {text!r}; want METRIC:VALUE, as alignment:0.3")
    return name, float(value)


def _regularisers(lam: str | None, sqrt_lambda: str | None, ks: Sequence[int]) -> np.ndarray | None:
    if lam is not None and sqrt_lambda is not None:
        raise ValueError("lambda: got --lambda and --sqrt-lambda; want one of them")
    if lam is None and sqrt_lambda is None:
        return None
    if len(set(ks)) > 1:
        raise ValueError("lambda: several k want several lists; want one k, or the λ that are chosen")
    name, text = ("lambda", lam) if lam is not None else ("sqrt-lambda", sqrt_lambda)
    values = spectra.parse_numbers(str(text), name=name, count=ks[0]).values
    if sqrt_lambda is not None and (values < 0).any():
        raise ValueError(f"sqrt-lambda: got {values.min():g}; want no negative value")
    return values if lam is not None else values**2

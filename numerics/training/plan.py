"""From what a user names to runs: the product of latents, models, rules, learning rates and seeds.

Main results
    plan            all combinations, as runs
    check           whether model, rule, batches and data go together
    allowed         the models that go with rules and data
    GRID            the learning rates of "grid", as multiples of the automatic one
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise, product

from numpy.typing import ArrayLike

from numerics import priors, scales
from numerics.resources import want_memory
from numerics.training import alternating, network, starts
from numerics.training.catalogue import MODELS, able, make
from numerics.training.data import Data
from numerics.training.models import Model
from numerics.training.program import automatic_rate, field_of, memory_needed
from numerics.training.run import Run
from numerics.training.update_rules import RULES

GRID = tuple(2.0**e for e in range(-5, 3))
"""Eight learning rates, from 1/32 of the automatic one to four times it."""
MOST_RUNS = 100_000
"""Each has a file of its own."""


def plan(
    data: Data,
    *,
    ks: Sequence[int],
    models: Sequence[str],
    optimizers: Sequence[str] = ("nesterov",),
    rates: Sequence[float | str] = ("auto",),
    seeds: Sequence[int] = (0,),
    start: str = "normal",
    batch: int | None = None,
    lam: ArrayLike | None = None,
    prior: ArrayLike | str | None = None,
    widths: Sequence[Sequence[int]] = (),
    scale: str = scales.DEFAULT,
) -> list[Run]:
    """All combinations as runs.

    Parameters
    ----------
    data : Data
    ks, models, optimizers, seeds : sequences
    rates : sequence
        Numbers, "auto" (see :func:`automatic_rate`), or "grid": the automatic one times each of GRID.
    start, batch
        As for a Run.
    lam, scale
        As for :func:`numerics.training.catalogue.make`.
    prior : array_like or str, optional
        Likewise, or as a user names it (:func:`numerics.priors.read`).
    widths : sequence of sequences
        The widths of the hidden layers of deep networks, instead of those that ks give.

    Raises
    ------
    ValueError
        Naming the argument that is wrong.

    Examples
    --------
    >>> import numpy as np
    >>> from numerics.training.data import synthetic
    >>> data = synthetic([2.0, 1.0], n=None, rng=np.random.default_rng(0))
    >>> [run.name for run in plan(data, ks=[1], models=["rag"], optimizers=["gd"], seeds=[0, 1])]
    ['rag-gd-k1-lr0.125-seed0', 'rag-gd-k1-lr0.125-seed1']
    """
    for optimizer in optimizers:
        if optimizer not in RULES:
            raise ValueError(f"optimizer: got {optimizer!r}; want one of {', '.join(RULES)}")
    if set(optimizers) == {"alternating"} and set(rates) != {"auto"}:
        raise ValueError("lr: alternating takes whole steps; want no learning rate")
    layered = able(lambda kind: kind.has_widths)
    hidden = layered if widths else []
    if widths and not set(models) & set(hidden):
        raise ValueError(f"widths: only {' and '.join(layered)} have them; want --k for {', '.join(models)}")
    runs: dict[str, Run] = {}
    for layers in widths if hidden else ():
        weights = sum(before * after for before, after in pairwise((data.m, *layers, data.m)))
        want_memory(memory_needed(weights, 1, 1, 8), f"widths {','.join(map(str, layers))}", "want smaller ones")

    def made(name: str, k: int, inner: Sequence[int] | None = None) -> Model:
        p = priors.read(prior, k).values if isinstance(prior, str) else prior
        return make(name, k, data.sigma2, lam=lam, prior=p, inner=inner, scale=scale)

    kinds = [made(name, k) for k, name in product(ks, models) if name not in hidden]
    kinds += [made(name, w[-1], w[:-1]) for w, name in product(widths, models) if name in hidden]
    if (count := len(kinds) * len(optimizers) * len(rates) * len(seeds)) > MOST_RUNS:
        raise ValueError(f"runs: got {count} of them; want at most {MOST_RUNS}, of fewer seeds, rates, models or k")
    for model, optimizer, rate in product(kinds, optimizers, rates):
        check(model, optimizer, batch, data)
        steepest = None if data.targets is None else network.curvature(model, data)
        whole = "auto" if optimizer == "alternating" else rate
        for number in _rates(whole, automatic_rate(model, optimizer, data.sigma2, steepest)):
            for seed in seeds:
                run = Run(model, optimizer, number, seed, start, batch)
                if runs.setdefault(run.name, run) != run:
                    raise ValueError(f"runs: two of them would be called {run.name}; want learning rates further apart")
    _check_start(start, runs.values(), data)
    return list(runs.values())


def check(model: Model, optimizer: str, batch: int | None, data: Data) -> None:
    """Refuse what does not go together.

    Raises
    ------
    ValueError
        Naming the argument that is wrong.
    """
    model.check(optimizer, batch)
    if data.targets is not None:
        _check_targets(model, optimizer, data)
    if optimizer == "alternating":
        alternating.check(model, batch)
    if data.samples is None and (batch is not None or model.draws == "sample"):
        wish = "model" if batch is None else "batch-size"
        raise ValueError(f"{wish}: only a spectrum is known; want samples (--data, or --synthetic with --n)")
    if batch is not None and data.samples is not None and not 1 <= batch <= len(data.samples):
        raise ValueError(f"batch-size: got {batch}; want between 1 and n = {len(data.samples)}")


def allowed(optimizers: Sequence[str], batch: int | None, data: Data) -> list[str]:
    """The names of all models that go with rules and data.

    >>> import numpy as np
    >>> from numerics.training.data import synthetic
    >>> allowed(["alternating"], None, synthetic([2.0, 1.0], n=None, rng=np.random.default_rng(0)))
    ['uniform-l2', 'l2']
    """
    found = []
    for name in MODELS:
        try:
            for optimizer in optimizers:
                check(make(name, 1, data.sigma2), optimizer, batch, data)
        except ValueError:
            continue
        found.append(name)
    return found


def _check_targets(model: Model, optimizer: str, data: Data) -> None:
    """Refuse what is about the samples themselves, and more latents than the targets have features."""
    if not model.can_have_targets:
        able = [name for name in MODELS if make(name, 1, data.sigma2).can_have_targets]
        raise ValueError(f"model: got {model.name} with targets; want one of {', '.join(able)}")
    if not model.has_widths and model.k > len(data.explained):
        raise ValueError(f"k: got {model.k}; want 1 ≤ k ≤ {len(data.explained)}, the features of the targets")
    if optimizer == "alternating":
        raise ValueError("optimizer: alternating has no targets; want gd, nesterov or adam")


def _check_start(start: str, runs: Iterable[Run], data: Data) -> None:
    """Refuse a start that does not exist, or not for these models."""
    for has_layers in {field_of(run, data).layered for run in runs}:
        if has_layers:
            starts.layers(start, (1, 1, 1), 0)
        else:
            starts.draw(start, 1, data, 0)


def _rates(rate: float | str, automatic: float) -> list[float]:
    if rate == "auto":
        return [automatic]
    if rate == "grid":
        return [automatic * factor for factor in GRID]
    try:
        number = float(rate)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise ValueError(f"lr: got {rate!r}; want a positive number, auto or grid")
    return [number]

"""Where a hypothesis of the papers fails: what collapses, what may rotate freely, and what is left to measure.

The minimum at λ_i ≥ σ_i² has latents that are zero; equal eigenvalues, equal regularisers, or masks that never
come, make it a manifold. `minima` measures all of these off the null directions; here they are put in words.

Main results
    degeneracies    each one by name, in a sentence
    of_samples      what is special about samples, likewise
    rest            the weights of the latents that are left, which the printed bounds are about
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from numerics.minima import L2Minimum, NestedDropoutMinimum
from numerics.namespaces import array_namespace

Array = Any
LEAVES_A_MANIFOLD = ("equal-eigenvalues", "equal-regularisers", "missing-masks")
"""The degeneracies at which the minimum is not isolated, up to the rescalings of nested dropout."""


def degeneracies(minimum: L2Minimum | NestedDropoutMinimum) -> dict[str, str]:
    """What is special about a minimum, by name; empty under the papers' hypotheses.

    Examples
    --------
    >>> import numpy as np
    >>> degeneracies(L2Minimum(np.array([2.0, 1.0]), np.array([0.5, 1.5])))
    {'collapsed-latents': 'latent(s) 2 collapse to zero, as λ_i ≥ σ_i² there; their curvatures λ_i ± μ_j count'}
    """
    spectrum, r, k = minimum.sigma2, minimum.trained, minimum.k
    found = {}
    if isinstance(minimum, L2Minimum):
        if r < k:
            found["collapsed-latents"] = (
                f"latent(s) {runs(range(r + 1, k + 1))} collapse to zero, as λ_i ≥ σ_i² there; "
                "their curvatures λ_i ± μ_j count"
            )
            if float(minimum.lam[r]) == float(spectrum[r]):
                found["flat-collapse"] = (
                    f"λ_{r + 1} = σ_{r + 1}², so the loss grows only with the fourth power of latent {r + 1}, "
                    "and no rate is linear there"
                )
        if which := _equal(minimum.lam, r):
            found["equal-regularisers"] = f"λ_i is the same for latents {which}, which may rotate freely"
    else:
        if r < k:
            reason = "no component with variance is left for them" if r == minimum.visible else "no mask keeps them"
            found["untrained-latents"] = f"latent(s) {runs(range(r + 1, k + 1))} learn nothing: {reason}"
        if missing := [b + 1 for b in range(r - 1) if float(minimum.prior[b]) == 0]:
            found["missing-masks"] = f"p_B(b) = 0 for b = {runs(missing)}, so latents b and b + 1 may be mixed freely"
    if which := _equal(spectrum, r):
        found["equal-eigenvalues"] = f"σ_i² is the same for components {which}, which may rotate freely"
    return found


def rest(minimum: L2Minimum | NestedDropoutMinimum) -> Array:
    """The regularisers, or the prior, of the trained latents alone.

    All masks that keep the last of them count as one.

    Examples
    --------
    >>> import numpy as np
    >>> rest(NestedDropoutMinimum(np.array([2.0, 1.0, 0.0]), np.array([0.5, 0.25, 0.25])))
    array([0.5, 0.5])
    """
    if isinstance(minimum, L2Minimum):
        return minimum.lam[: minimum.trained]
    return minimum.chances


def of_samples(constant: Sequence[int], rank: int, m: int) -> list[str]:
    """What is special about samples of m features, each by name, in words.

    >>> of_samples([2, 3], 1, 3)[0]
    'constant-features: feature(s) 2…3 of the data are constant'
    """
    found = []
    if constant:
        found.append(f"constant-features: feature(s) {runs(constant)} of the data are constant")
    if rank < m:
        zeros = runs(range(rank + 1, m + 1))
        found.append(f"zero-components: component(s) {zeros} of the data are numerically zero (rank {rank} of {m})")
    return found


def runs(numbers: Iterable[int]) -> str:
    """Increasing numbers, runs drawn together.

    >>> runs([1, 4, 5, 6])
    '1, 4…6'
    """
    return ", ".join(f"{low}…{high}" if low < high else str(low) for low, high in _ends(numbers))


def _equal(values: Array, r: int) -> str:
    """The runs of equal values that begin within the first r, counted from 1."""
    xp = array_namespace(values)
    same = [int(x) + 1 for x in xp.nonzero(values[1:] == values[:-1])[0]]
    return " and ".join(f"{low}…{high + 1}" for low, high in _ends(same) if low <= r)


def _ends(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """The first and the last of each run of consecutive numbers."""
    groups = groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])
    return [(members[0][1], members[-1][1]) for members in (list(group) for _, group in groups)]

"""The bounds on curvature and condition number that bao2020 prints, as functions of spectrum and regulariser.

A bound goes by the id of the claim that it is the value of; what the claim says, in symbols, is known to `proofs`
alone (`proofs.printed_bounds` joins the two, and tests hold every number against the claim's exact value). Each is a
rational expression, written once for arrays of floats and for object arrays of exact rationals (`enclosures` evaluates
the same lines exactly), in which no two numbers of the same sign are subtracted but the given ones: in floats it has
full relative accuracy, whatever the gaps. Those of Appendix B are of the loss at half scale, as are those of Appendix
D; on another scale the bounds on curvatures are multiplied like the curvatures, and the bounds on the condition number
stay.

Main results
    l2_bounds                bao2020, Appendix B
    nested_dropout_bounds    bao2020, Appendix D
    Bound.holds, Bound.ratio against the exact value
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numerics.conditioning import Conditioning
from numerics.namespaces import array_namespace
from numerics.scales import SCALES

Array = Any
ROUNDING = 1e-12
"""Relative error granted to both sides when a bound is compared in floating point."""


@dataclass(frozen=True)
class Bound:
    """A bound: its claim, what it bounds and from which side.

    Attributes
    ----------
    id : str
        The claim that it is the value of; of a claim about any pair i > j, or any unlearned component u, it is the
        tightest of these.
    bounds : "s_max", "s_min" or "condition_number"
    value : number
    above : bool
        Whether the value should lie above the exact one; of the printed bounds those on s_min do.
    """

    id: str
    bounds: str
    value: Any
    above: bool = False

    @property
    def is_vacuous(self) -> bool:
        """A lower bound that is zero or negative says nothing about a positive quantity."""
        return not self.above and not self.value > 0

    def holds(self, found: Conditioning) -> bool:
        """Whether the exact value lies on the right side, up to `ROUNDING`."""
        exact = getattr(found, self.bounds)
        slack = 1 + ROUNDING
        return bool(self.value * slack >= exact) if self.above else bool(self.value <= exact * slack)

    def ratio(self, found: Conditioning) -> float:
        """The bound divided by the exact value."""
        return float(self.value / getattr(found, self.bounds))

    def looseness(self, found: Conditioning) -> float:
        """The factor by which the exact value stays away from the bound; at least 1 where it holds."""
        exact, value = getattr(found, self.bounds), float(self.value)
        return value / exact if self.above else exact / value


def l2_bounds(sigma2: Array, lam: Array, *, scale: str) -> list[Bound]:
    """The bounds of Bao et al. 2020, Appendix B, at the given regularisers.

    The printed extremes over pairs are attained at neighbours: (λ_j − λ_i)(ν_i − ν_j)/(ν_i + ν_j) grows with j
    and falls with i. They are left out at k = 1.

    Parameters
    ----------
    sigma2 : array (m,)
    lam : array (k,)
    scale : "half" or "main"

    Examples
    --------
    >>> import numpy as np
    >>> for b in l2_bounds(np.array([4.0, 2.0]), np.array([0.5, 1.0]), scale="half"):
    ...     print(b.id, float(b.value))
    bao2020/B/smax-bound 4.0
    lae/bounds/l2/rotation 0.13636363636363635
    bao2020/B/eq16 29.333333333333336
    bao2020/B/final+ 2.0
    bao2020/B/final 0.0
    """
    xp = array_namespace(sigma2, lam)
    k = lam.shape[-1]
    s = sigma2[:k]
    unit, spread = int(SCALES[scale]), s[0] - s[-1]
    bounds = [Bound("bao2020/B/smax-bound", "s_max", unit * 2 * spread)]
    if k == 1:
        return bounds
    nu, rise = (s - lam) / s, lam[1:] - lam[:-1]
    fall = (rise + lam[:-1] * ((s[:-1] - s[1:]) / s[:-1])) / s[1:]
    rotation = xp.min(rise * (fall / (nu[1:] + nu[:-1])))
    shares, steps = xp.sum((s[1:] - s[-1]) / s[1:]), xp.sum((s[1:] - s[-1]) / s[-1])
    return [
        *bounds,
        Bound("lae/bounds/l2/rotation", "s_min", unit * rotation, above=True),
        Bound("bao2020/B/eq16", "condition_number", 2 * spread / rotation),
        Bound("bao2020/B/final+", "condition_number", 2 * (spread / s[-1]) * (k - 1 + 4 * shares**2)),
        Bound("bao2020/B/final", "condition_number", 2 * (k - 1) * (spread / s[0]) * steps),
    ]


def nested_dropout_bounds(sigma2: Array, prior: Array, *, scale: str) -> list[Bound]:
    """The bounds of Bao et al. 2020, Appendix D, at the given prior p_B.

    The printed extremes over pairs are attained at neighbours, where p_i − p_{i+1} = p_B(i); they are left
    out at k = 1.

    Parameters
    ----------
    sigma2 : array (m,)
    prior : array (k,)
    scale : "half" or "main"

    Examples
    --------
    >>> import numpy as np
    >>> for b in nested_dropout_bounds(np.array([2.0, 1.0]), np.array([0.5, 0.5]), scale="half"):
    ...     print(b.id, float(b.value))
    bao2020/D/smax 4.0
    bao2020/D/smin 0.125
    bao2020/D/ratio+ 32.0
    bao2020/D/final+ 16.0
    """
    xp = array_namespace(sigma2, prior)
    k = prior.shape[-1]
    s, unit = sigma2[:k], int(SCALES[scale])
    top = 2 * xp.sum(prior) * s[0]
    bounds = [Bound("bao2020/D/smax", "s_max", unit * top)]
    if k > 1:
        gaps = s[:-1] - s[1:]
        rotation = xp.min(gaps * prior[:-1])
        bounds += [
            Bound("bao2020/D/smin", "s_min", unit * rotation / 4, above=True),
            Bound("bao2020/D/ratio+", "condition_number", 4 * top / rotation),
            Bound(
                "bao2020/D/final+",
                "condition_number",
                8 * (k - 1) ** 2 * (s[0] / (s[0] - s[-1])),
            ),
        ]
    return bounds

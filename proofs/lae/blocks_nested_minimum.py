"""The Hessian of deterministic nested dropout at its global minimum W1 = Uᵀ, W2 = U: where its smallest curvature is.

The blocks are those of :mod:`proofs.lae.blocks_nested` with ℓ = k, σ decreasing and Q = I; the scale is that of (6).
The largest curvature is 2p_1σ_1², by lae/bounds/nested-dropout/smax.

Main results
    smallest    s_min off the k null directions: which blocks may hold it
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

from flint import fmpq

from proofs.algebra.evaluate import Instance
from proofs.bao2020.notation import FULL_RANK, ONE, SCALE_ND, k, p, σ
from proofs.claim import claim
from proofs.kernel.expressions import Named
from proofs.lae.blocks_minimum import ALL_LEARNED, ENDS, FEWER
from proofs.lae.blocks_nested import NEAR, RESCALED, WEIGHTS
from proofs.lae.numbering import sizes
from proofs.methods.chain import Chain, chain
from proofs.methods.eigenvalues import Extreme
from proofs.methods.extremes import Extremes
from proofs.methods.hessian_blocks import Near

WHERE = "nested dropout at W1 = Uᵀ, W2 = U"
AT_I = Near(NEAR.loss, RESCALED, NEAR.splitting)
HESSIAN = Named("H", AT_I.hessian)
BLOCKS = Extremes(AT_I, (lambda a: 2 * p[a] * σ[a] ** 2,), {"min": (None,), "max": (ONE,)})
RATIOS = (fmpq(21, 20), fmpq(3, 2), fmpq(20))


def every_kind(rng: Random, at: Instance) -> Instance:
    """σ nearly equal, apart, or far apart."""
    ratio, scale = rng.choice(RATIOS), rng.choice((1, 1, fmpq(1, 8)))
    return {"σ": [scale * ratio ** (at["m"] - 1 - a) for a in range(at["m"])]}


def steep_or_flat(rng: Random, at: Instance) -> Instance:
    """Weights that rise or fall, or stay alike."""
    ratio = rng.choice((fmpq(1, 9), fmpq(1), fmpq(9)))
    return {"p_B": [fmpq(2, rng.choice((3, 3, 9))) * ratio**b for b in range(at["k"])]}


MINIMUM = [replace(FULL_RANK, draw=every_kind), replace(WEIGHTS, draw=steep_or_flat), ALL_LEARNED]
SPECTRAL = replace(sizes((1, 1), (1, 2), (2, 2), (1, 3), (1, 3), (2, 3), per_size=5), tries=12)


@claim("lae/blocks/nested/minimum/smallest", where=WHERE, given=[*MINIMUM, FEWER], convention=SCALE_ND, note=ENDS)
def smallest() -> Chain:
    """Off the k null directions, the smallest curvature is that of a pair, or of an end of the unlearned ones."""
    return chain(Extreme("s_min", HESSIAN, k), "=", BLOCKS.over("min"), plan=SPECTRAL)

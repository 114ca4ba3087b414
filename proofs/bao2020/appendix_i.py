"""Bao et al. 2020, Appendix I: additional experiments.

That the λ which solve (16) minimise the condition number is `bao2020/4.3.1/optimal-lambda`.

Main results
    slow_phase    what Figure 6 shows
"""

from __future__ import annotations

from proofs.claim import claim
from proofs.methods.words import Observed


@claim("bao2020/I.1/slow-phase", where="Appendix I.1, Figure 6")
def slow_phase() -> Observed:
    """The λ that are optimal at global optima slow the initial phase of training down."""
    return Observed(
        "Using the lambda values optimal at global optima significantly slows down the initial phase of training.",
        "bao2020/fig6",
    )

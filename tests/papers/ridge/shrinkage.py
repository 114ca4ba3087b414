"""What the penalty does to each principal direction.

What was awkward: a list has no length of its own, so that what draws it draws its size d too; XᵀX has no eigenvalues by
itself, so that s is a list of its own.

Main results
    degrees_of_freedom      Σ s_i/(s_i + λ) ≤ d
    by_the_root             the shrinkage is not √s_i/(√s_i + λ): printed with the singular value, refuted
"""

from __future__ import annotations

from proofs import claim
from proofs.kernel.expressions import Sum
from proofs.methods.chain import Chain, chain, eq
from ridge.notation import MORE, ONE, PENALTY, SPECTRUM, d, i, s, λ, μ

KEPT = s[i] / (s[i] + λ)


@claim("ridge/2/shrinks", where="Section 2, (6)", tag="6", given=[PENALTY, SPECTRUM])
def shrinks() -> Chain:
    """Each direction keeps a share of at most 1."""
    return chain(KEPT, "≤", ONE)


@claim("ridge/2/more-shrinks-more", where="Section 2, (7)", tag="7", given=[PENALTY, MORE, SPECTRUM])
def more_shrinks_more() -> Chain:
    """A larger penalty keeps no more."""
    return chain(s[i] / (s[i] + μ), "≤", KEPT)


@claim("ridge/2/degrees-of-freedom", where="Section 2, (8)", tag="8", given=[PENALTY, SPECTRUM])
def degrees_of_freedom() -> Chain:
    """The effective degrees of freedom are at most d."""
    return chain(Sum(i, ONE, d, KEPT), "≤", d)


@claim("ridge/2/by-the-root", where="Section 2, (9)", tag="9", given=[PENALTY, SPECTRUM])
def by_the_root() -> Chain:
    """The share that is lost, with the singular value in the place of the eigenvalue."""
    return eq(1 - s[i] ** 2 / (s[i] ** 2 + λ), λ / (s[i] + λ))


@claim("ridge/2/by-the-root+", where="Section 2, (9)", tag="9", given=[PENALTY, SPECTRUM])
def lost() -> Chain:
    """The share that is lost."""
    return eq(1 - KEPT, λ / (s[i] + λ))

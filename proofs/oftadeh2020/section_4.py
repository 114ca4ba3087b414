"""Oftadeh et al. 2020, Section 4: the metrics (22)–(25) and what the figures show.

Main results
    cosine_range      0 ≤ ACS_ij ≤ 1 where no column of the decoder is 0; elsewhere it has no value
    ratios_bounded    the squared cosines of a column add up to at most 1: for ε = 0.01 it counts once at most
"""

from __future__ import annotations

from proofs.claim import claim
from proofs.hypotheses import Hypothesis
from proofs.kernel.expressions import Basis, Entry, First, Named, SqNorm, Sum
from proofs.kernel.propositions import Rel
from proofs.methods.chain import Chain, chain
from proofs.methods.conjunction import All, both
from proofs.methods.words import Observed
from proofs.oftadeh2020.notation import ONE, ZERO, A, U, i, j, n, p, with_columns, without_column

TRUTH = Named("A*", U @ First(n, p), "A^*")
COLUMN, DIRECTION = A @ Basis(j, p), TRUTH @ Basis(i, p)
COSINE = Entry(TRUTH.T @ A, i, j) ** 2 / (SqNorm(DIRECTION) * SqNorm(COLUMN))


def in_range() -> All:
    """The squared cosine is not negative, and at most 1."""
    gap = COLUMN - DIRECTION @ (DIRECTION.T @ COLUMN)
    return both(
        chain(COSINE, "=", Entry(TRUTH.T @ A, i, j) ** 2 / SqNorm(COLUMN), "≥", ZERO),
        chain(COSINE, "=", ONE - SqNorm(gap) / SqNorm(COLUMN), "≤", ONE),
    )


ANY = Hypothesis(
    "A is any", r"A \in \mathbb R^{n\times p}", (), lambda rng, at: rng.choice((with_columns, without_column))(rng, at)
)
NOT_ZERO = Hypothesis("a_j ≠ 0", r"a_j \neq 0", (Rel(SqNorm(COLUMN), ">", ZERO),), with_columns, without_column)
SQUARED = "The squared ACS_ij, with the columns of U for the ground truth."


@claim(
    "oftadeh2020/eq22-25",
    where="Section 4, (22)–(25)",
    tag="22",
    given=[ANY],
    note=f"{SQUARED} A zero column has no cosine.",
)
def cosine() -> All:
    """The elements of ACS are between 0 and 1, whatever the decoder is."""
    return in_range()


@claim("oftadeh2020/eq22-25+", where="Section 4, (22)–(25)", tag="22", given=[NOT_ZERO], note=SQUARED)
def cosine_range() -> All:
    """The elements of ACS are between 0 and 1 where no column of the decoder is 0."""
    return in_range()


@claim(
    "oftadeh2020/eq22-25/at-most-one",
    where="Section 4, (23)–(25)",
    given=[NOT_ZERO],
    note="Of a column a_j: the squared cosines with all ground truths add up to at most 1. For ε = 0.01 two of them "
    "cannot exceed 0.99², so that each column counts at most once and RatioTotal ≤ 1.",
)
def ratios_bounded() -> Chain:
    """No column of the decoder is counted twice."""
    across = COLUMN - TRUTH @ (TRUTH.T @ COLUMN)
    summed = Sum(i, ONE, p, Entry(TRUTH.T @ A, i, j) ** 2) / SqNorm(COLUMN)
    return chain(summed, "=", ONE - SqNorm(across) / SqNorm(COLUMN), "≤", ONE)


@claim("oftadeh2020/exp-gap", where="Section 4, synthetic data")
def close_eigenvalues() -> Observed:
    """Some eigenvalues of the empirical covariance become very close, and their directions are found late."""
    return Observed(
        "some eigenvalues in the empirical covariance matrix become very close (the difference becomes less than 1)",
        "oftadeh2020/fig2",
        ("last-are-slow",),
    )


@claim("oftadeh2020/fig1", where="Section 2, Figure 1")
def three_dimensions() -> Observed:
    """L yields the axes, the mean square error only their plane."""
    return Observed(
        "the proposed loss yields the desired eigenvectors while the MSE loss fails to do so", "oftadeh2020/fig1"
    )


@claim("oftadeh2020/fig2", where="Section 4, Figure 2")
def synthetic() -> Observed:
    """Both losses converge; L finds all directions, the mean square error none."""
    return Observed(
        "both converge to the optimal loss value; L ends with all directions, RatioTP and RatioFP for MSE stay at 0",
        "oftadeh2020/fig2",
        ("both-converge", "decreases", "L-finds-all", "false-positives-vanish", "mse-finds-none", "L-needs-more"),
    )


@claim("oftadeh2020/fig3", where="Section 4, Figure 3")
def digits() -> Observed:
    """The first 10 columns of L's decoder rebuild far better."""
    return Observed("the reconstruction in (c) is far superior to the one in (f)", "oftadeh2020/fig3")

"""Bao et al. 2020, Appendix A: the table of notation, held against how the paper uses its letters.

Main results
    uniform              L_σ′ is not "uniform": its penalties differ from latent to latent
    decomposition        S and U of the top k do not make up the covariance when k < m
    decomposition_whole  what m × m matrices do, and what those of the top k do
"""

from __future__ import annotations

from proofs.bao2020.notation import (
    DATA,
    FEWER,
    ONE,
    ORDERED,
    SCALE_MAIN,
    SPECTRUM,
    S̄,
    W1,
    W2,
    Ū,
    S,
    U,
    X,
    i,
    j,
    k,
    l2_loss,
    n,
    λ,
)
from proofs.claim import claim
from proofs.kernel.expressions import Basis, SqNorm, Sum
from proofs.methods.chain import Chain, eq
from proofs.methods.conjunction import All, both

RECONSTRUCTION = 1 / n * SqNorm(X - W2 @ W1 @ X)


@claim(
    "bao2020/A/table-Lsigma",
    where="Table 1",
    given=[ORDERED, FEWER],
    convention=SCALE_MAIN,
    note="Uniform: one λ for all latents, so that of any latent j. L_λ has the same description, rightly.",
)
def uniform() -> Chain:
    """L_σ′ is the loss with uniform ℓ2 regularisation."""
    return eq(l2_loss(W1, W2, X), RECONSTRUCTION + λ[j] * SqNorm(W1) + λ[j] * SqNorm(W2))


@claim("bao2020/A/table-Lsigma+", where="Table 1", given=[ORDERED], convention=SCALE_MAIN)
def uniform_corrected() -> Chain:
    """L_σ′ is the loss with non-uniform ℓ2 regularisation: λ_i is the penalty of latent i."""
    axis = Basis(i, k)
    return eq(l2_loss(W1, W2, X), RECONSTRUCTION + Sum(i, ONE, k, λ[i] * (SqNorm(axis.T @ W1) + SqNorm(W2 @ axis))))


COVARIANCE = 1 / n * (DATA @ DATA.T)


@claim(
    "bao2020/A/table-S",
    where="Table 1",
    given=[SPECTRUM],
    note="Appendix E rotates by U as if it were square; with k columns that supposes the covariance to have rank k.",
)
def decomposition() -> Chain:
    """With S = diag(σ_1, …, σ_k) and U ∈ ℝ^{m×k} the covariance is US²Uᵀ."""
    return eq(COVARIANCE, U @ S**2 @ U.T)


@claim("bao2020/A/table-S+", where="Table 1", given=[SPECTRUM])
def decomposition_whole() -> All:
    """With m × m matrices it is; with the top k, U has eigenvectors as columns, and S² = UᵀXXᵀU/n."""
    return both(
        eq(COVARIANCE, Ū @ S̄**2 @ Ū.T),
        eq(COVARIANCE @ U, U @ S**2),
        eq(U.T @ COVARIANCE @ U, S**2),
    )

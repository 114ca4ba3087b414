"""Training linear autoencoders: every model as an array program on the covariance, batched over runs.

data            the covariance, its eigenvectors, the samples
targets         what is to be predicted instead: Y ≠ X
models          what is minimised; the hypotheses of its theorem, its minimum, its largest curvature
catalogue       the models by name
starts          initial weights
covariances     W ↦ WC in the eigenbasis, in the basis of the features, or of a mini-batch
fields          the direction of a step
still           what fields share that move two layers of equal shape by the rule alone
sampled         masks for each sample, which the samples themselves are needed for
network         networks of any depth, whose targets may be others than the samples
frames          rules for one matrix in both layers
manifolds       flows of the map itself, and of orthonormal frames
flows           the rule that follows a field exactly
rules           gradient descent, Nesterov, Adam
metrics         alignment, subspace and the like
distances       how far the nearest global minimum is
program         runs of equal shape that move together
job             records, divergence, checkpoints
campaign        many jobs in a folder
plan            from names to runs
source          where data come from, as a user says it
asked           what a user asks of runs, in words
outcome         what is said of runs, before and after
estimator       LinearAutoencoder, for scikit-learn
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numerics.training.estimator import LinearAutoencoder as LinearAutoencoder

__all__ = ["LinearAutoencoder"]


def __getattr__(name: str) -> Any:
    """The estimator needs scikit-learn, so it is imported when it is asked for."""
    if name != "LinearAutoencoder":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from numerics.training.estimator import LinearAutoencoder

    return LinearAutoencoder

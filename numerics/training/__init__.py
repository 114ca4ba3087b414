"""Training linear autoencoders: every model as an array program on the covariance, batched over runs.

A model is one class: its loss, its field, what it goes with, its minima, its theorem. No imports go in a circle.

data            the covariance, its eigenvectors, the samples, what is predicted instead
targets         data that are to predict something else: Y ≠ X
models          what every model has: loss and scale, hypotheses of its theorem, minimum, largest curvature
two_layers      models of an encoder and a decoder
vae             the linear VAE
hebbian         rules without a loss
network         networks of any depth, whose targets may be others than the samples
manifolds       flows of the map itself, and of orthonormal frames
catalogue       the models by name
run             one run: model, rule, learning rate, seed, start
starts          initial weights
covariances     W ↦ WC in the eigenbasis, in the basis of the features, or of a mini-batch
setting         what a field is made of, and what is asked of it
still           what fields share that move two layers of equal shape by the rule alone
fields          the direction of a step of two layers
sampled         masks for each sample, which the samples themselves are needed for
frames          rules for one matrix in both layers
alternating     exact minimisation over one layer after the other
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

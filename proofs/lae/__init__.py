"""What the project itself states: results that the four papers use or miss."""

from proofs.lae import (
    blocks_l2,
    blocks_manifolds,
    blocks_minimum,
    blocks_nested,
    blocks_nested_minimum,
    bounds_every_penalty,
    bounds_every_prior,
    bounds_l2,
    bounds_nested,
    chains,
    gradients,
    l2_penalties,
    nested_widths,
    rag_balanced,
    rag_rate,
    training,
)

__all__ = [
    "gradients",
    "blocks_l2",
    "blocks_minimum",
    "blocks_nested",
    "blocks_nested_minimum",
    "blocks_manifolds",
    "bounds_l2",
    "bounds_nested",
    "chains",
    "bounds_every_prior",
    "bounds_every_penalty",
    "nested_widths",
    "l2_penalties",
    "rag_rate",
    "rag_balanced",
    "training",
]

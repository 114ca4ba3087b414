"""What the project itself states: results that the four papers use or miss."""

from proofs.lae import gradients

__all__ = ["gradients"]

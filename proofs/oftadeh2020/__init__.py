"""Oftadeh, Shen, Wang, Shell (2020): Eliminating the invariance on the loss landscape of linear autoencoders."""

from proofs.oftadeh2020 import section_3

__all__ = ["section_3"]

"""Oftadeh, Shen, Wang, Shell (2020): Eliminating the invariance on the loss landscape of linear autoencoders."""

from proofs.oftadeh2020 import (
    section_1,
    section_2,
    section_3,
    section_3_full_rank,
    section_3_landscape,
    section_3_ranks,
    section_3_relaxed,
    section_4,
)

__all__ = [
    "section_1",
    "section_2",
    "section_3",
    "section_3_landscape",
    "section_3_full_rank",
    "section_3_ranks",
    "section_3_relaxed",
    "section_4",
]

"""Bah, Rauhut, Terstiege, Westdickenberg (2019): Learning deep linear neural networks by Riemannian gradient flows."""

from proofs.bah2019 import (
    section_2,
    section_3,
    section_4,
    section_4_limit,
    section_5,
    section_5_limit,
    section_6,
    section_6_conjecture,
    section_6_level,
    section_6_limit,
    section_7,
)

__all__ = [
    "section_2",
    "section_3",
    "section_4",
    "section_4_limit",
    "section_5",
    "section_5_limit",
    "section_6",
    "section_6_conjecture",
    "section_6_level",
    "section_6_limit",
    "section_7",
]

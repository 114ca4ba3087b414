"""Kunin, Bloom, Goeva, Seed (2019): Loss landscapes of regularized linear autoencoders."""

from proofs.kunin2019 import (
    section_2,
    section_4,
    section_5,
    section_6,
    appendix_a,
    appendix_b,
    appendix_c,
    appendix_d,
    appendix_e,
    appendix_e_morse,
    appendix_e_learning,
)

__all__ = [
    "section_2",
    "section_4",
    "section_5",
    "section_6",
    "appendix_a",
    "appendix_b",
    "appendix_c",
    "appendix_d",
    "appendix_e",
    "appendix_e_morse",
    "appendix_e_learning",
]

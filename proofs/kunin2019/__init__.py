"""Kunin, Bloom, Goeva, Seed (2019): Loss landscapes of regularized linear autoencoders."""

from proofs.kunin2019 import (
    section_1,
    section_2_1,
    section_2_2,
    section_2,
    section_3,
    section_4_1,
    section_4,
    section_4_sum,
    section_4_proofs,
    section_4_topology,
    appendix_a,
    appendix_c,
)

__all__ = [
    "section_1",
    "section_2_1",
    "section_2_2",
    "section_2",
    "section_3",
    "section_4_1",
    "section_4",
    "section_4_sum",
    "section_4_proofs",
    "section_4_topology",
    "appendix_a",
    "appendix_c",
]

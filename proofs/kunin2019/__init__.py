"""Kunin, Bloom, Goeva, Seed (2019): Loss landscapes of regularized linear autoencoders."""

from proofs.kunin2019 import section_1, section_2_1, section_2_2, section_2, section_4, appendix_a, appendix_c

__all__ = ["section_1", "section_2_1", "section_2_2", "section_2", "section_4", "appendix_a", "appendix_c"]

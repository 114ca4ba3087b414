"""Kunin, Bloom, Goeva, Seed (2019): Loss landscapes of regularized linear autoencoders."""

from proofs.kunin2019 import appendix_a, appendix_c, section_2, section_4

__all__ = ["appendix_a", "appendix_c", "section_2", "section_4"]

"""Kunin, Bloom, Goeva, Seed (2019): Loss landscapes of regularized linear autoencoders."""

from proofs.kunin2019 import appendix_a, section_2, section_4

__all__ = ["appendix_a", "section_2", "section_4"]

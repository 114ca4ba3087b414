"""Bao, Lucas, Sachdeva, Grosse (2020): Regularized linear autoencoders recover the principal components, eventually."""

from proofs.bao2020 import (
    section_4,
    appendix_b,
    appendix_c,
    appendix_d,
    appendix_e,
)

__all__ = ["section_4", "appendix_b", "appendix_c", "appendix_d", "appendix_e"]

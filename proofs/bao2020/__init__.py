"""Bao, Lucas, Sachdeva, Grosse (2020): Regularized linear autoencoders recover the principal components, eventually."""

from proofs.bao2020 import (
    section_4,
    section_4_3,
    section_5,
    appendix_b,
    appendix_b_conditioning,
    appendix_c,
    appendix_d,
    appendix_d_conditioning,
    appendix_e,
    appendix_f,
)

__all__ = [
    "section_4",
    "section_4_3",
    "section_5",
    "appendix_b",
    "appendix_b_conditioning",
    "appendix_c",
    "appendix_d",
    "appendix_d_conditioning",
    "appendix_e",
    "appendix_f",
]

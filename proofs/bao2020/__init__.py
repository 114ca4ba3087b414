"""Bao, Lucas, Sachdeva, Grosse (2020): Regularized linear autoencoders recover the principal components, eventually."""

from proofs.bao2020 import (
    section_2,
    section_3,
    section_4,
    section_4_3,
    section_5,
    section_7,
    appendix_a,
    appendix_b,
    appendix_b_conditioning,
    appendix_c,
    appendix_d,
    appendix_d_conditioning,
    appendix_e,
    appendix_f,
    appendix_h,
    appendix_i,
)

__all__ = [
    "section_2",
    "section_3",
    "section_4",
    "section_4_3",
    "section_5",
    "section_7",
    "appendix_a",
    "appendix_b",
    "appendix_b_conditioning",
    "appendix_c",
    "appendix_d",
    "appendix_d_conditioning",
    "appendix_e",
    "appendix_f",
    "appendix_h",
    "appendix_i",
]

"""Bao, Lucas, Sachdeva, Grosse (2020): Regularized linear autoencoders recover the principal components, eventually."""

from proofs.bao2020 import (
    section_4,
    section_4_3,
    section_5,
    section_6,
    section_8,
    appendix_b,
    appendix_b_conditioning,
    appendix_c,
    appendix_d,
    appendix_d_conditioning,
    appendix_e,
    appendix_e_landscape,
    appendix_e_minima,
    appendix_e_rag,
    appendix_e_lasalle,
    appendix_g,
)

__all__ = [
    "section_4",
    "section_4_3",
    "section_5",
    "section_6",
    "section_8",
    "appendix_b",
    "appendix_b_conditioning",
    "appendix_c",
    "appendix_d",
    "appendix_d_conditioning",
    "appendix_e",
    "appendix_e_landscape",
    "appendix_e_minima",
    "appendix_e_rag",
    "appendix_e_lasalle",
    "appendix_g",
]

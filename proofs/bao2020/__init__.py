"""Bao, Lucas, Sachdeva, Grosse (2020): Regularized linear autoencoders recover the principal components, eventually."""

from proofs.bao2020 import appendix_b, appendix_c

__all__ = ["appendix_b", "appendix_c"]

"""Bah, Rauhut, Terstiege, Westdickenberg (2019): Learning deep linear neural networks by Riemannian gradient flows."""

from proofs.bah2019 import section_2, section_6

__all__ = ["section_2", "section_6"]

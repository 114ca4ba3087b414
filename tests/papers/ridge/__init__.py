"""Hoerl, Kennard (1970): Ridge regression, as a paper that lies outside of the package."""

__all__ = ["fit", "shrinkage"]

"""The scale of a loss: one word with one meaning, and one default, in every command.

main    the reconstruction error carries 1/n: (1/n)‖X − W2W1X‖² + …, eq. (3) of Bao et al. (2020)
half    half of that: (1/2n)‖X − W2W1X‖² + ½…, as their appendices print it

A gradient, a curvature and a least loss at scale half are half of those at scale main, the best learning rate is twice
as large, and condition numbers and numbers of steps are the same.

Main results
    SCALES      what multiplies the curvatures of scale half
    DEFAULT     the scale where none is given
    check       refuse what is no scale
    said        a formula, written at scale main, at either scale
"""

from __future__ import annotations

SCALES = {"half": 1.0, "main": 2.0}
DEFAULT = "main"
HELP = "main: (1/n)‖X − W₂W₁X‖² + …, eq. (3) of bao2020; half: half of it, as in its appendices."


def check(scale: str) -> str:
    """The scale itself.

    >>> check("1/n")
    Traceback (most recent call last):
        ...
    ValueError: scale: got '1/n'; want one of half, main
    """
    if scale not in SCALES:
        raise ValueError(f"scale: got {scale!r}; want one of {', '.join(SCALES)}")
    return scale


def said(formula: str, scale: str) -> str:
    """The scale by name, and the formula at it.

    >>> said("(1/n)‖X‖²", "main"), said("(1/n)‖X‖²", "half")
    ('scale main: (1/n)‖X‖²', 'scale half: ½[(1/n)‖X‖²]')
    """
    return f"scale {scale}: {formula if scale == 'main' else f'½[{formula}]'}"

"""Square roots of positive rationals, for quantities of which only the squares are asked.

Main results
    Surd    √q with exact products and comparisons
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flint import fmpq

from proofs.algebra.evaluate import Undefined


@dataclass(frozen=True)
class Surd:
    """√q for a rational q > 0.

    Examples
    --------
    >>> root = Surd(fmpq(2))
    >>> root * root, root > 1, str(1 / root)
    (2, True, '√(1/2)')
    """

    square: fmpq

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, Surd):
            if other.square == self.square:
                return self.square
            return Surd(self.square * other.square)
        if isinstance(other, int | fmpq) and other > 0:
            return self if other == 1 else Surd(self.square * fmpq(other) ** 2)
        raise Undefined(f"{self} times {other}")

    __rmul__ = __mul__

    def __rtruediv__(self, other: Any) -> Any:
        return Surd(1 / self.square) * other

    def __add__(self, other: Any) -> Any:
        raise Undefined(f"{self} plus {other}")

    __radd__ = __sub__ = __rsub__ = __add__

    def __neg__(self) -> Any:
        raise Undefined(f"the negative of {self}")

    def compare(self, other: Any) -> int:
        """The sign of self − other."""
        if isinstance(other, Surd):
            return (self.square > other.square) - (self.square < other.square)
        return 1 if other < 0 else (self.square > other * other) - (self.square < other * other)

    def __lt__(self, other: Any) -> bool:
        return self.compare(other) < 0

    def __le__(self, other: Any) -> bool:
        return self.compare(other) <= 0

    def __gt__(self, other: Any) -> bool:
        return self.compare(other) > 0

    def __ge__(self, other: Any) -> bool:
        return self.compare(other) >= 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Surd | int | fmpq) and self.compare(other) == 0

    def __hash__(self) -> int:
        return hash(self.square)

    def __float__(self) -> float:
        return float(self.square) ** 0.5

    def __str__(self) -> str:
        return f"√({self.square})" if self.square.q != 1 else f"√{self.square}"

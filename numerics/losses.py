"""The losses of linear autoencoders: one family, seen through the data covariance.

With an encoder W1 (k×m), a decoder W2 (m×k) and C = XXᵀ/n (m×m), every loss of the papers is

    L(W1, W2) = Σ_b w_b ‖X − W2 Π_b W1 X‖²/n + Tr Λ(W1W1ᵀ + W2ᵀW2) + γ ‖W2W1‖²,

where Π_b keeps the first b latents. Only C is needed, never X. Scale: the reconstruction error carries 1/n
and no ½ ("main" scale of bao2020, eq. (3)); `Loss.half` gives the ½ of its appendices. Kunin et al. and
Oftadeh et al. print no 1/n at all: pass C = XXᵀ for theirs.

Main results
    unregularised, uniform_sum, product, non_uniform_l2, nested_dropout, summed     the losses
    Loss.value, Loss.gradient                                                       on any array type
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from numerics.namespaces import array_namespace

Array = Any


@dataclass(frozen=True)
class Loss:
    """A loss Σ_b w_b ‖X − W2 Π_b W1 X‖²/n + Tr Λ(W1W1ᵀ + W2ᵀW2) + γ ‖W2W1‖².

    Parameters
    ----------
    masks : sequence of k floats
        The weights w_b of the reconstruction errors, b = 1…k.
    ridge : sequence of k floats
        The diagonal of Λ.
    product : float
        The coefficient γ.

    Examples
    --------
    The optimum of the non-uniform loss leaves Σ_{i>k} σ_i² + Σ_{i≤k} λ_i (2 − λ_i/σ_i²). For λ = 1 and
    σ² = (4, 1):

    >>> import numpy as np
    >>> loss = non_uniform_l2([1.0])
    >>> w = np.sqrt(3 / 4)
    >>> round(loss.value(np.array([[w, 0.0]]), np.array([[w], [0.0]]), np.diag([4.0, 1.0])), 12)
    2.75
    """

    masks: tuple[float, ...]
    ridge: tuple[float, ...]
    product: float = 0.0

    def value(self, w1: Array, w2: Array, covariance: Array) -> float:
        """The loss at W1 (k×m) and W2 (m×k), for the covariance C = XXᵀ/n (m×m).

        Raises
        ------
        ValueError
            If the shapes do not conform.
        """
        xp, kept, shared, ridge = self._prepare(w1, w2, covariance)
        latent = w1 @ covariance
        error = sum(self.masks) * xp.linalg.trace(covariance) - 2 * xp.sum(kept * w2.T * latent)
        error = error + xp.sum((w2.T @ w2) * shared * (latent @ w1.T))
        penalty = xp.sum(ridge * w1**2) + xp.sum(ridge * w2.T**2)
        return float(error + penalty + self.product * xp.sum((w2 @ w1) ** 2))

    def gradient(self, w1: Array, w2: Array, covariance: Array) -> tuple[Array, Array]:
        """The gradients with respect to W1 (k×m) and W2 (m×k).

        Raises
        ------
        ValueError
            If the shapes do not conform.
        """
        _, kept, shared, ridge = self._prepare(w1, w2, covariance)
        latent = w1 @ covariance
        g1 = -2 * kept * (w2.T @ covariance) + 2 * ((w2.T @ w2) * shared) @ latent + 2 * ridge * w1
        g2 = -2 * (kept * latent).T + 2 * w2 @ ((latent @ w1.T) * shared) + 2 * (ridge * w2.T).T
        if self.product:
            g1 = g1 + 2 * self.product * (w2.T @ w2) @ w1
            g2 = g2 + 2 * self.product * w2 @ (w1 @ w1.T)
        return g1, g2

    def half(self) -> Loss:
        """Half of this loss: the scale of Appendices B, C and D of bao2020."""
        return replace(
            self,
            masks=tuple(w / 2 for w in self.masks),
            ridge=tuple(r / 2 for r in self.ridge),
            product=self.product / 2,
        )

    def _prepare(self, w1: Array, w2: Array, covariance: Array) -> tuple[Any, Array, Array, Array]:
        """Check shapes; return the namespace, P_D (as a column), P_L and Λ (as a column)."""
        xp = array_namespace(w1, w2, covariance)
        k, m = len(self.masks), covariance.shape[0]
        for name, array, shape in (
            ("w1", w1, (k, m)),
            ("w2", w2, (m, k)),
            ("covariance", covariance, (m, m)),
        ):
            if array.shape != shape:
                raise ValueError(f"{name} has shape {array.shape}; this loss needs {shape}")
        tails = [sum(self.masks[i:]) for i in range(k)]
        shared = [[tails[max(i, j)] for j in range(k)] for i in range(k)]

        def as_array(values: Any) -> Array:
            return xp.asarray(values, dtype=w1.dtype)

        return xp, as_array(tails)[:, None], as_array(shared), as_array(self.ridge)[:, None]


def unregularised(k: int) -> Loss:
    """‖X − W2W1X‖²/n (Kunin et al. 2019, eq. (1), has no 1/n).

    >>> unregularised(2).masks
    (0.0, 1.0)
    """
    return Loss((0.0,) * (k - 1) + (1.0,), (0.0,) * k)


def uniform_sum(k: int, lam: float) -> Loss:
    """‖X − W2W1X‖²/n + λ(‖W1‖² + ‖W2‖²) (Kunin et al. 2019, sum loss)."""
    return replace(unregularised(k), ridge=(float(lam),) * k)


def product(k: int, lam: float) -> Loss:
    """‖X − W2W1X‖²/n + λ‖W2W1‖² (Kunin et al. 2019, product loss)."""
    return replace(unregularised(k), product=float(lam))


def non_uniform_l2(lam: Any) -> Loss:
    """‖X − W2W1X‖²/n + ‖Λ^½W1‖² + ‖W2Λ^½‖² with Λ = diag(lam) (Bao et al. 2020, eq. (3), main scale)."""
    ridge = tuple(float(x) for x in lam)
    return replace(unregularised(len(ridge)), ridge=ridge)


def nested_dropout(prior: Any) -> Loss:
    """Σ_b p_B(b) ‖X − W2Π_bW1X‖²/n (Bao et al. 2020, Appendix C, prints its half).

    Equal to (1/n)Tr(XᵀX) − (2/n)Tr(XᵀW2P_DW1X) + (1/n)Tr(XᵀW1ᵀ(W2ᵀW2∘P_L)W1X).
    """
    masks = tuple(float(x) for x in prior)
    return Loss(masks, (0.0,) * len(masks))


def summed(k: int) -> Loss:
    """Σ_i ‖X − W2Π_iW1X‖²/n (Oftadeh et al. 2020, eq. (1) with Y = X; it has no 1/n).

    It is k times nested dropout with a uniform prior.

    >>> summed(2).masks
    (1.0, 1.0)
    """
    return Loss((1.0,) * k, (0.0,) * k)

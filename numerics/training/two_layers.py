"""Models of an encoder and a decoder, moved by gradients, masks or rotations.

Where one number regularises all latents it is λ = (mean √λ_i)², as in the code of Bao et al. (2020).

Main results
    TwoLayers                           what they share; Unregularised, Product, Denoising, L2, Summed
    UniformL2                           LAE-PCA, and with W2 = W1ᵀ UniformL2Tied, Contractive
    NestedDropout                       with the expectation of masks, and with drawn ones
    Rag, RagPrinted                     the rotation augmented gradient
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from numerics import losses, priors
from numerics.losses import Loss
from numerics.training import curvatures, network
from numerics.training.data import Data
from numerics.training.fields import PairField
from numerics.training.models import Ingredients, Model, Premise, checked
from numerics.training.sampled import SampledField

Array = Any


class TwoLayers(Model):
    """W1 and W2, moved by gradients; on targets the network of two layers."""

    field: ClassVar[Any] = PairField
    predicts: ClassVar[bool] = True

    @classmethod
    def field_for(cls, data: Data) -> Any:
        """That of two layers, or of a network if there are targets."""
        return cls.field if data.targets is None else network.NetworkField

    def premises(self, data: Data, start: str) -> list[Premise]:
        """With targets what the theorem about networks assumes."""
        return self.hypotheses(data.sigma2) if data.targets is None else network.hypotheses(self, data)


class Unregularised(TwoLayers):
    """‖X − W2W1X‖²/n."""

    name = "unregularised"


class Product(TwoLayers):
    """‖X − W2W1X‖²/n + λ‖W2W1‖² (Kunin et al. 2019)."""

    name, takes = "product", ("lambda",)
    formula = "(1/n)‖X − W₂W₁X‖² + γ‖W₂W₁‖²"

    @classmethod
    def of(cls, k: int, given: Ingredients) -> Loss:
        """With one λ."""
        return losses.product(k, uniform(k, given))


class Denoising(Product):
    """E‖X − W2W1(X + N)‖²/n with noise N of variance λ: equal to the product loss."""

    name = "denoising"
    formula = "(1/n) E‖X − W₂W₁(X + N)‖², N of variance γ"


class L2(TwoLayers):
    """Non-uniform L2 (Bao et al. 2020, eq. (3))."""

    name, takes, alternates = "l2", ("lambda",), True
    formula = "(1/n)‖X − W₂W₁X‖² + ‖Λ^½W₁‖² + ‖W₂Λ^½‖²"

    @classmethod
    def of(cls, k: int, given: Ingredients) -> Loss:
        """With a λ_i for each latent."""
        return losses.non_uniform_l2(regularisers(k, given.sigma2, given.lam))

    def assumed(self, sigma2: Array) -> list[Premise]:
        """Theorems 2 and 3: 0 < λ_1 < … < λ_k."""
        lam = self.loss.ridge
        ties = [f"λ_{i} = {a:g}, λ_{i + 1} = {b:g}" for i, (a, b) in enumerate(pairwise(lam), 1) if not a < b]
        return [
            checked("0 < λ_1", [f"λ_1 = {lam[0]:g}"] if lam[0] <= 0 else []),
            checked("λ_1 < … < λ_k", ties),
        ]


class UniformL2(TwoLayers):
    """LAE-PCA (Kunin et al. 2019, Algorithm 1, at twice its scale), "synchronised" when it starts balanced."""

    name, takes, alternates = "uniform-l2", ("lambda",), True
    formula = "(1/n)‖X − W₂W₁X‖² + λ(‖W₁‖² + ‖W₂‖²)"

    @classmethod
    def of(cls, k: int, given: Ingredients) -> Loss:
        """With one λ."""
        return losses.uniform_sum(k, uniform(k, given))


class UniformL2Tied(UniformL2):
    """The same with W2 = W1ᵀ."""

    name, tied, alternates, predicts = "uniform-l2-tied", True, False, False
    formula = "(1/n)‖X − WᵀWX‖² + 2λ‖W‖²"

    def curvature(self, sigma2: Array) -> float:
        """By blocks of W alone."""
        s = np.asarray(sigma2, dtype=np.float64)
        return self.weight * curvatures.tied(s, self.loss.ridge[0], self.k)


class Contractive(UniformL2Tied):
    """‖X − WᵀWX‖²/n + λ‖W‖², the squared Jacobian of the encoder (Rifai et al. 2011)."""

    name, formula = "contractive", "(1/n)‖X − WᵀWX‖² + 2λ‖W‖²"

    @classmethod
    def of(cls, k: int, given: Ingredients) -> Loss:
        """Half of λ on each of the equal layers."""
        return losses.uniform_sum(k, uniform(k, given) / 2)


class Summed(TwoLayers):
    """Σ_i ‖X − W2Π_iW1X‖²/n (Oftadeh et al. 2020)."""

    name, formula = "summed", "Σ_b (1/n)‖X − W₂Π_bW₁X‖²"

    @classmethod
    def of(cls, k: int, given: Ingredients) -> Loss:
        """Every mask counts once."""
        return losses.summed(k)


class NestedDropout(TwoLayers):
    """Deterministic nested dropout: the expectation over masks (Bao et al. 2020, Appendix C)."""

    name, takes = "nested-dropout", ("prior",)
    formula = "E_b (1/n)‖X − W₂Π_bW₁X‖²"

    @classmethod
    def of(cls, k: int, given: Ingredients) -> Loss:
        """With p_B as given; uniform by default."""
        values = priors.read(None, k).values if given.prior is None else np.asarray(given.prior, dtype=np.float64)
        if values.shape != (k,):
            raise ValueError(f"prior: got {values.size} values; want k = {k}")
        if not (values >= 0).all() or abs(values.sum() - 1) > 1e-9:
            raise ValueError("prior: want probabilities that sum to one")
        return losses.nested_dropout(values)

    def assumed(self, sigma2: Array) -> list[Premise]:
        """Every mask has a chance."""
        idle = [f"p_B({b}) = 0" for b, weight in enumerate(self.loss.masks, 1) if not weight]
        return [checked("p_B(b) > 0 for every b", idle)]


class NestedDropoutBatch(NestedDropout):
    """With a mask that is drawn for all samples of a step."""

    name, draws, predicts = "nested-dropout-batch", "batch", False


class NestedDropoutSample(NestedDropout):
    """With a mask that is drawn for each sample."""

    name, draws, predicts, field = "nested-dropout-sample", "sample", False, SampledField


class Rag(TwoLayers):
    """The rotation augmented gradient, its rotation inside of the gradient, so that momentum accumulates it.

    With A = ½(upper − lower triangle of W1CW1ᵀ) it turns W1 ← (I + ηA)W1, W2 ← W2(I − ηA), and makes W1CW1ᵀ diagonal.
    At a minimum W1 = MUᵀ, W2 = UM⁻¹ that aligns the columns of W2 only if M is orthogonal, that is W1W1ᵀ = W2ᵀW2. The
    flow conserves the difference of the two (Bao et al. 2020, Sections 6.1 and 6.3 start from W1 = W2ᵀ); a step changes
    it by O(η²), which leaves d_align a little above zero.
    """

    name, rotation, predicts = "rag", "gradient", False

    @property
    def finds(self) -> str:
        """The rotation orders the latents."""
        return "ordered_alignment"

    def premises(self, data: Data, start: str) -> list[Premise]:
        """And a balanced start."""
        balanced = not start.startswith("normal")
        why = "" if balanced else f"the start is {start}, so that d_align may end above 0; want --init balanced"
        return [*super().premises(data, start), Premise("W1W1ᵀ = W2ᵀW2 at the start", balanced, why)]


class RagPrinted(Rag):
    """The same with the rotation outside of the gradient (Algorithm 1 as printed); without momentum both agree."""

    name, rotation = "rag-printed", "update"


def regularisers(k: int, sigma2: Array, lam: ArrayLike | None) -> np.ndarray:
    """λ as given; by default λ_i = iσ_k²/(k + 1), which satisfies the theorem, with the last positive σ_i² for σ_k²."""
    if lam is None:
        return float(np.min(sigma2[:k], where=sigma2[:k] > 0, initial=sigma2[0])) * np.arange(1, k + 1) / (k + 1)
    values = np.asarray(lam, dtype=np.float64)
    if values.shape != (k,):
        raise ValueError(f"lambda: got {values.size} values; want k = {k}")
    if not (np.isfinite(values) & (values >= 0)).all():
        raise ValueError(f"lambda: got {', '.join(f'{x:g}' for x in values)}; want finite numbers, none negative")
    return values


def uniform(k: int, given: Ingredients) -> float:
    """One λ for all latents: (the mean of √λ_i)²."""
    return float(np.sqrt(regularisers(k, given.sigma2, given.lam)).mean() ** 2)

"""Kunin et al. 2019, Appendix D: what the trained weights are up to scale, and the experiments on MNIST.

Main results
    shapes                  (9) multiplies a k × k by an m × m matrix
    inverse_corrected       with the k leading columns of U it gives AB = I,
    orthogonal_corrected    and orthogonal A and B for the sum loss
    circles, mnist          what Figures 6, 7 and 8 show, trained as printed and as in the authors' notebook
"""

from __future__ import annotations

from proofs.claim import claim
from proofs.kernel.expressions import Expr
from proofs.kunin2019.minima import (
    GROWN,
    HALF,
    INVERSE,
    LEARNED,
    PENALIZED,
    PRODUCT,
    SHRUNK,
    SPECTRUM,
    SUMMED,
    UNREGULARIZED,
    WHOLE,
    Ū,
    Pair,
    U,
)
from proofs.kunin2019.notation import SCALE, I_k
from proofs.methods.chain import eq
from proofs.methods.conjunction import All, both
from proofs.methods.words import Observed

ROOTS = "Σ* holds the singular values of W2W1, which are τ_i² for the k principal directions."


def rescaled(weights: Pair, singular: Expr, basis: Expr) -> Pair:
    """(9): A = Σ*^{-½}UᵀW2 and B = W1UΣ*^{-½}."""
    w1, w2 = weights
    scale = singular**-HALF.value
    return scale @ basis.T @ w2, w1 @ basis @ scale


def inverses(basis: Expr) -> All:
    """AB = I for the first two losses."""
    (a, b), (c, d) = (rescaled(w, s, basis) for w, s in ((UNREGULARIZED, WHOLE), (PRODUCT, GROWN)))
    return both(eq(a @ b, I_k), eq(c @ d, I_k))


def orthogonal(basis: Expr) -> All:
    """AB = I, AAᵀ = I and BᵀB = I for the sum loss."""
    a, b = rescaled(SUMMED, SHRUNK, basis)
    return both(eq(a @ b, I_k), eq(a @ a.T, I_k), eq(b.T @ b, I_k))


@claim(
    "kunin2019/eq9",
    where="Appendix D, (9)",
    tag="9",
    given=[SPECTRUM, PENALIZED, INVERSE],
    convention=SCALE,
    note=ROOTS,
)
def shapes() -> All:
    """A and B are inverse for the unregularised and the product loss, U being that of X = UΣVᵀ."""
    return inverses(Ū)


@claim(
    "kunin2019/eq9+",
    where="Appendix D, (9)",
    tag="9",
    given=[SPECTRUM, PENALIZED, INVERSE],
    convention=SCALE,
    note=ROOTS,
)
def inverse_corrected() -> All:
    """With the k leading columns of U, A and B are inverse for the unregularised and the product loss."""
    return inverses(U)


@claim("kunin2019/eq9/sum", where="Appendix D, (9)", tag="9", given=[SPECTRUM, LEARNED], convention=SCALE, note=ROOTS)
def shapes_of_sum() -> All:
    """A and B are inverse and each orthogonal for the sum loss, U being that of X = UΣVᵀ."""
    return orthogonal(Ū)


@claim("kunin2019/eq9/sum+", where="Appendix D, (9)", tag="9", given=[SPECTRUM, LEARNED], convention=SCALE, note=ROOTS)
def orthogonal_corrected() -> All:
    """With the k leading columns of U, A and B are inverse and each orthogonal for the sum loss."""
    return orthogonal(U)


# What the experiments show ------------------------------------------------------------------------
CIRCLES = (
    "We illustrate these properties by applying the linear transformations A, B, and AB to the unit circle. "
    "Non-orthogonal transformations deform the circle to an ellipse, whereas orthogonal transformations preserve it."
)
AS_PRINTED, NOTEBOOK = "as printed", "notebook"


@claim("kunin2019/eq9/fig6", where="Appendix D, Figure 6", convention="trained as printed: entries N(0, 1), rate 0.05")
def circles() -> Observed:
    """What Figure 6 shows of (9)."""
    return Observed(CIRCLES, "kunin2019/fig6", reading=AS_PRINTED)


@claim(
    "kunin2019/eq9/fig6/notebook",
    where="Appendix D, Figure 6",
    convention="trained as in the authors' notebook: entries N(0, 0.05²), the rate decays",
)
def circles_of_notebook() -> Observed:
    """What Figure 6 shows of (9)."""
    return Observed(CIRCLES, "kunin2019/fig6", reading=NOTEBOOK)


PRINCIPAL = (
    "Indeed, only the decoder from the LAE trained on the sum loss has left singular vectors that match the principal "
    "directions up to sign."
)
EMBEDDED = (
    "For an LAE trained on the sum loss, the latent representation is, up to orthogonal transformation, the principal "
    "component embedding compressed along each principal direction."
)


def on_mnist(reading: str) -> All:
    """What Figures 7 and 8 show under a reading of λ = 10 and of how the weights start."""
    figures = ((PRINCIPAL, "kunin2019/fig7"), (EMBEDDED, "kunin2019/fig8"))
    return both(*(Observed(says, figure, reading=reading) for says, figure in figures))


@claim("kunin2019/appD/mnist", where="Appendix D.1, Figures 7 and 8", convention="λ of the loss of a batch")
def mnist() -> All:
    """The decoder of the sum loss learns the principal directions of MNIST, the encoder compresses along them."""
    return on_mnist("λ a batch, as printed")


@claim(
    "kunin2019/appD/mnist/notebook",
    where="Appendix D.1, Figures 7 and 8",
    convention="λ of the loss of a batch; trained as in the authors' notebook",
)
def mnist_of_notebook() -> All:
    """The decoder of the sum loss learns the principal directions of MNIST, the encoder compresses along them."""
    return on_mnist("λ a batch, notebook")


@claim("kunin2019/appD/mnist/whole", where="Appendix D.1, Figures 7 and 8", convention="λ of the loss of all data")
def mnist_whole() -> All:
    """The decoder of the sum loss learns the principal directions of MNIST, the encoder compresses along them."""
    return on_mnist("λ in all, as printed")

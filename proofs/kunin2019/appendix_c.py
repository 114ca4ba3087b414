"""Kunin et al. 2019, Appendix C: denoising and contractive autoencoders carry the penalties of two losses.

Main results
    denoising    the expected loss under noise of variance s², up to its scale
    product      it is the product loss with λ = n s², up to its scale
    contractive  a contractive autoencoder with tied weights has the sum loss, λ = γ/2
"""

from __future__ import annotations

from proofs.claim import claim
from proofs.hypotheses import Plan
from proofs.kernel.binding import substitute
from proofs.kernel.expressions import Basis, Expect, Letter, Named, SqNorm, Sum, Sym, Tr, lift
from proofs.kunin2019.notation import SCALE, W1, W2, X, i, m, n, product, summed, unregularized, λ
from proofs.methods.chain import Chain, eq

s = Sym("s")
ε = Letter("ε", m, n, noise=s**2)
X̃ = Named("X̃", X + ε, r"\tilde X")

# The noise takes 2^(mn) values.
PLAN = Plan(
    tuple({"k": k, "m": m, "n": n, "p": k} for k, m, n in ((1, 1, 1), (1, 2, 1), (1, 1, 2), (2, 2, 2), (1, 3, 1)))
)


LOSS = SqNorm(X - W2 @ W1 @ X̃)
SPREAD = Sum(i, lift(1), n, SqNorm(X @ Basis(i, n) - W2 @ W1 @ (X @ Basis(i, n))))
TRACE = Tr(W2 @ W1 @ W1.T @ W2.T)


@claim("kunin2019/appC/dae-expectation", where="Appendix C", convention="𝓛_DAE = ‖X − W2W1X̃‖², as printed")
def denoising() -> Chain:
    """The expected loss of a linear denoising autoencoder."""
    return eq(Expect(ε, LOSS), 1 / (2 * n) * SPREAD + s**2 / 2 * TRACE, plan=PLAN)


@claim("kunin2019/appC/dae-expectation+", where="Appendix C", convention="1/2n on the loss")
def denoising_corrected() -> Chain:
    """The expected loss of a linear denoising autoencoder with 1/2n on the loss."""
    return eq(Expect(ε, 1 / (2 * n) * LOSS), 1 / (2 * n) * SPREAD + s**2 / 2 * TRACE, plan=PLAN)


PENALISED = substitute(product(W1, W2), {λ: n * s**2})


@claim("kunin2019/appC/dae-Lpi", where="Appendix C", convention=SCALE, note="λ = n s².")
def product_loss() -> Chain:
    """The expected loss of a denoising autoencoder is the product loss over 2n."""
    return eq(Expect(ε, LOSS), 1 / (2 * n) * PENALISED, plan=PLAN)


@claim("kunin2019/appC/dae-Lpi+", where="Appendix C", convention=SCALE, note="λ = n s².")
def product_loss_corrected() -> Chain:
    """The expected loss of a denoising autoencoder is the product loss."""
    return eq(Expect(ε, LOSS), PENALISED, plan=PLAN)


γ = Sym("γ")


@claim(
    "kunin2019/appC/cae",
    where="Appendix C",
    convention=SCALE,
    note="The encoder is linear, so that its derivative J_f(x) is W1 at every x. λ = γ/2.",
)
def contractive() -> Chain:
    """The loss of a contractive autoencoder with tied weights is the sum loss."""
    tied = unregularized(W1, W1.T) + γ * SqNorm(W1)
    return eq(tied, substitute(summed(W1, W1.T), {λ: γ / 2}))

"""Bao et al. 2020, Appendix H: the settings of the experiments, held against the hypotheses of the theorems.

√λ_1, …, √λ_k are equally spaced, so that λ_k is the square of the last. The prior p_B(b) = ρ^b(1 − ρ) for b < k has
what is left at k. Of MNIST what is used was measured: `lae bounds --data FILE --k 20` on its 60,000 training images.

Main results
    prior                   it is a distribution
    memoryless              it is not: 1 − ρ, which ρ^b(1 − ρ), b ≥ 1, leaves over, stands at k
    memoryless_corrected    ρ^(b − 1)(1 − ρ) is, below k
    pixels                  λ_k = 0.81 is above σ_k² of MNIST, λ_19 above σ_19²: two latents collapse
    synthetic               λ_k = 100 is below σ_k² only if "the singular values of the data" are those of X/√n
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from random import Random

from flint import fmpq

from proofs.algebra.evaluate import Instance
from proofs.bao2020.notation import ONE, TWO, ZERO, b, i, k, l
from proofs.claim import claim
from proofs.hypotheses import Hypothesis
from proofs.kernel.expressions import Expr, Family, Named, Num, Sum, Sym, integer
from proofs.kernel.propositions import Every, Rel
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.words import Observed
from proofs.tactics.relations import Arithmetic, Lemma, via
from proofs.tactics.sums import Termwise

# H.1, the prior -----------------------------------------------------------------------------------
ρ, r = Sym("ρ", r"\rho"), Family("r")
t = integer("t", "", 1, k)


def powers(rng: Random, at: Instance) -> Instance:
    """The ratio of the experiments, and others."""
    ratio = rng.choice((fmpq(9, 10), fmpq(1, 2), fmpq(1, 3), fmpq(99, 100), fmpq(1, 100)))
    return {"ρ": ratio, "r": [ratio ** (a + 1) for a in range(at["k"])]}


def growing(rng: Random, at: Instance) -> Instance:
    ratio = fmpq(rng.choice((2, 3)))
    return {"ρ": ratio, "r": [ratio ** (a + 1) for a in range(at["k"])]}


RATIO = Hypothesis(
    "0 < ρ < 1, r_b = ρ^b",
    r"0 < \rho < 1,\ r_b = \rho^b",
    (Rel(ρ, ">", ZERO), Rel(ρ, "<", ONE), Every(l, ONE, k, Rel(r[l], "=", ρ**l))),
    powers,
    growing,
)
BEFORE_LAST = Hypothesis("t + 1 < k", "t + 1 < k", (Rel(t, "≤", k - 2),), None, lambda rng, at: {})


def weight(a: Expr) -> Expr:
    """p_B(b) for b < k, as printed: ρ^b(1 − ρ)."""
    return r[a] * (1 - ρ)


def shifted(a: Expr) -> Expr:
    """ρ^(b − 1)(1 − ρ)."""
    return r[a] / ρ * (1 - ρ)


def more_than(s: Expr, p: Callable[[Expr], Expr] = weight) -> Expr:
    """P(B > s), for s < k."""
    return 1 - Sum(b, ONE, s, p(b))


def total(s: Expr, after: Expr, scale: Expr = ONE, p: Callable[[Expr], Expr] = weight) -> Lemma:
    """Σ_{b ≤ s} ρ^b(1 − ρ) = Σ (ρ^b − ρ^(b + 1)) = ρ − ρ^(s + 1), over a scale; ``after`` is s + 1."""
    by_powers = Arithmetic(Lemma(r[b], "=", ρ**b), Lemma(r[b + 1], "=", ρ ** (b + 1)))
    steps = via("=", (Sum(b, ONE, s, (r[b] - r[b + 1]) / scale), Termwise(by_powers)), "=", (r[1] - r[after]) / scale)
    return Lemma(Sum(b, ONE, s, p(b)), "=", (ρ - r[after]) / scale, steps)


@claim("bao2020/H.1/pmf", where="Appendix H.1", given=[RATIO])
def prior() -> All:
    """The printed prior is positive at every latent, and adds up to 1."""
    rest = more_than(k - 1)
    return both(
        chain(weight(i), "=", r[i] - ρ * r[i], ">", (ZERO, Arithmetic(Lemma(r[i], "=", ρ**i)))),
        chain(rest, "=", (1 - ρ + r[k], Arithmetic(total(k - 1, k))), ">", (ZERO, Arithmetic(Lemma(r[k], "=", ρ**k)))),
        eq(Sum(b, ONE, k - 1, weight(b)) + rest, ONE),
    )


@claim(
    "bao2020/H.1/memoryless",
    where="Appendix H.1",
    given=[RATIO, BEFORE_LAST],
    note="One step more: for all s + t < k it follows by repeating it.",
)
def memoryless() -> Chain:
    """The prior has no memory: P(B > t + 1) = P(B > t) P(B > 1)."""
    return eq(more_than(t + 1), more_than(t) * more_than(ONE))


@claim(
    "bao2020/H.1/memoryless+",
    where="Appendix H.1",
    given=[RATIO, BEFORE_LAST],
    note="The authors' code counts b from 0, which has these weights.",
)
def memoryless_corrected() -> Chain:
    """ρ^(b − 1)(1 − ρ) for b < k has no memory below k."""
    totals = (total(s, after, ρ, shifted) for s, after in ((t + 1, t + 2), (t, t + 1), (ONE, TWO)))
    known = Lemma(r[2], "=", ρ**2), Lemma(r[t + 1], "=", ρ ** (t + 1)), Lemma(r[t + 2], "=", ρ ** (t + 2))
    return chain(
        more_than(t + 1, shifted), "=", (more_than(t, shifted) * more_than(ONE, shifted), Arithmetic(*totals, *known))
    )


# H.1, λ on MNIST ----------------------------------------------------------------------------------
def spaced(a: int, count: int, low: Fraction, high: Fraction) -> Named:
    """λ_a of ``count`` penalties, √λ equally spaced from low to high."""
    root = low + (high - low) * Fraction(a - 1, count - 1)
    return Named(f"λ_{a}", Num(root) ** 2, rf"\lambda_{{{a}}}")


def measured(a: int, value: str) -> Named:
    return Named(f"σ_{a}²", Num(Fraction(value)), rf"\sigma_{{{a}}}^2")


LOW, HIGH = Fraction(1, 10), Fraction(9, 10)
MNIST = {a: measured(a, x) for a, x in ((18, "0.673245"), (19, "0.625985"), (20, "0.607753"))}
"""σ_i² of the training images with pixels in [0, 1], each centred, to six digits."""
PIXELS = "pixels in [0, 1]; the print does not say"


@claim(
    "bao2020/H.1/lambda-range",
    where="Appendix H.1",
    convention=PIXELS,
    note="Theorem 2 assumes λ_k < σ_k². k = 20, √λ_k = 0.9; σ_k² was measured on the data.",
)
def pixels() -> Chain:
    """The penalties chosen for MNIST satisfy what the landscape theorem assumes."""
    return chain(spaced(20, 20, LOW, HIGH), "<", MNIST[20])


@claim("bao2020/H.1/lambda-range+", where="Appendix H.1", convention=PIXELS)
def pixels_corrected() -> All:
    """λ_18 < σ_18², but λ_19 > σ_19² and λ_20 > σ_20²: two of the 20 latents collapse at the minimum."""
    return both(
        chain(spaced(18, 20, LOW, HIGH), "<", MNIST[18]),
        chain(spaced(19, 20, LOW, HIGH), ">", MNIST[19]),
        chain(spaced(20, 20, LOW, HIGH), ">", MNIST[20]),
    )


@claim("bao2020/H.1/lambda-range/raw-pixels", where="Appendix H.1", convention="pixels in 0 … 255")
def raw_pixels() -> Chain:
    """With pixels as they are stored the penalties satisfy what the landscape theorem assumes."""
    return chain(spaced(20, 20, LOW, HIGH), "<", 255**2 * MNIST[20])


# H.2, λ on synthetic data -------------------------------------------------------------------------
latents = integer("k", "", 1, 500)
SAMPLES, FEATURES = 5000, 1000
TOP = Named("λ_k", Num(Fraction(10)) ** 2, r"\lambda_k")
DESCENDING = Named("s_k", 100 - Fraction(99, FEATURES - 1) * (latents - 1), "s_k")
SETTING = "Theorem 2 assumes λ_k < σ_k². √λ_k = 10, m = 1000, n = 5000, k ≤ 500; s_k = 100, …, 1 equally spaced."

OF_X = "s_k are the singular values of X, which the print calls those of the data"
OF_SCALED = "s_k are σ_k, the singular values of X/√n"
OF_EIGENVALUES = "s_k are σ_k², the eigenvalues of the covariance, as in the authors' code"


def σ_k(eigenvalue: Expr) -> Named:
    return Named("σ_k²", eigenvalue, r"\sigma_k^2")


def synthetic(eigenvalue: Expr) -> Chain:
    """λ_k < σ_k²."""
    return chain(TOP, "<", σ_k(eigenvalue))


@claim("bao2020/H.2/lambda-range", where="Appendix H.2", convention=OF_X, note=SETTING)
def of_data() -> Chain:
    """The penalties chosen for synthetic data satisfy what the landscape theorem assumes."""
    return synthetic(DESCENDING**2 / SAMPLES)


@claim("bao2020/H.2/lambda-range+", where="Appendix H.2", convention=OF_X, note=SETTING)
def of_data_corrected() -> Chain:
    """With singular values of X from 1 to 100 every σ_k² is at most 2, a 50th of λ_k."""
    return chain(TOP / 50, "=", TWO, "≥", σ_k(DESCENDING**2 / SAMPLES))


@claim(
    "bao2020/H.2/lambda-range/covariance",
    where="Appendix H.2",
    convention=OF_SCALED,
    note=SETTING,
)
def of_covariance() -> Chain:
    """With singular values of X/√n from 1 to 100 the penalties satisfy what the landscape theorem assumes."""
    return synthetic(DESCENDING**2)


@claim(
    "bao2020/H.2/lambda-range/eigenvalues",
    where="Appendix H.2",
    convention=OF_EIGENVALUES,
    note=SETTING,
)
def of_eigenvalues() -> Chain:
    """With eigenvalues of the covariance from 1 to 100 the penalties satisfy what the landscape theorem assumes."""
    return synthetic(DESCENDING)


@claim(
    "bao2020/H.2/lambda-range/eigenvalues+",
    where="Appendix H.2",
    convention=OF_EIGENVALUES,
    note=SETTING,
)
def of_eigenvalues_corrected() -> Chain:
    """With eigenvalues of the covariance from 1 to 100 no σ_k² exceeds λ_k, and only σ_1² equals it."""
    return chain(TOP - σ_k(DESCENDING), "=", Fraction(11, 111) * (latents - 1), "≥", ZERO)


@claim("bao2020/H.2/tables", where="Appendix H.2, Tables 2 to 4")
def tables() -> All:
    """The learning rates in boldface, and those of Table 4, are the best of those that were tried."""
    return both(
        *(Observed("The optimal learning rates are labelled in boldface.", f"bao2020/table{a}") for a in (2, 3, 4))
    )

"""Normal forms of matrix expressions of symbolic size: identities for all k, m, n at once.

An expression becomes a sum of terms ``coefficient · monomial · word``. A monomial is a product of atoms (symbols,
items ``σ_i``, traces of words, indicators ``[i ≤ b]``, radicals and denominators) with rational exponents; a word is
a product of letters with the rules of their traits applied (LᵀL = I, diagonal matrices merge and commute past
``First``, e_iᵀe_j = δ_ij); bound indices are renamed canonically; traces are taken up to rotation and transposition.

Main results
    normal_form(e)     the terms of an expression
    equal(a, b)        True when a − b vanishes for every size; False when it does not; denominators are cleared
    gradient, derivative, coefficient and expectation are taken on terms

Conventions: index symbols with different names stand for different indices; fractional powers are of positive
quantities. ``False`` means "the normal forms differ", which a second witness confirms by an instance.

A file per idea, each using those above it only; what other packages use is listed here
    indices        indices, what their names decide, renaming
    monomials      scalars: products of atoms, polynomials, roots and quotients
    words          products of matrices, reduced by the rules of their letters
    sums           bound indices: what can be summed is, the rest is named canonically
    forms          sums of terms: products, powers, traces, sums over an index
    calculus       angles, coefficients, derivatives, gradients
    expectation    over masks and noise
    expressions    one rule per node
    equality       the zero test
"""

from proofs.algebra.normal.equality import equal, vanishes
from proofs.algebra.normal.expressions import RULES, normal_form
from proofs.algebra.normal.forms import Form, emit, put_bound, scalar, settle, times
from proofs.algebra.normal.indices import DUMMY, Index, Number, Undecided, index_of, mentions, rename, stable
from proofs.algebra.normal.monomials import ONE, Mono, combine
from proofs.algebra.normal.sums import Key
from proofs.algebra.normal.words import width

__all__ = [
    "DUMMY",
    "ONE",
    "RULES",
    "Form",
    "Index",
    "Key",
    "Mono",
    "Number",
    "Undecided",
    "combine",
    "emit",
    "equal",
    "index_of",
    "mentions",
    "normal_form",
    "put_bound",
    "rename",
    "scalar",
    "settle",
    "stable",
    "times",
    "vanishes",
    "width",
]

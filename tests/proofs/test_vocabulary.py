"""What is told of a claim's letters: all that their names do not say."""

from __future__ import annotations

import pytest

from proofs.check import settle
from proofs.claim import Claim, Verdict, registry
from proofs.kernel.expressions import Diag, Expr, Family, Letter, MaxMask, Named, Sym, Tr, integer, lift, size
from proofs.kernel.propositions import rel
from proofs.methods.chain import eq
from proofs.vocabulary import bears_twice, words

k, m = size("k"), size("m")
i = integer("i")
A, Q = Letter("A", k, m), Letter("Q", k, k, frozenset({"orthonormal"}))
ν = Family("ν", define=lambda j: 1 - Family("λ", length=k)[j], length=k)
p = Family("p", length=k)
TAILS = Family("t", tail=lambda j: p[j], length=k)


@pytest.mark.parametrize(
    ("e", "said"),
    [
        (Tr(A @ A.T), {"A: k × m": ""}),
        (Tr(Q), {"Q: k × k": "orthonormal"}),
        (Tr(Letter("N", k, k, noise=Sym("v"))), {"N: k × k": "independent entries of mean 0 and variance v"}),
        (lift(1) * i, {"i ∈ ℤ": ""}),
        (ν[1], {"ν_• = 1 − λ_•, • ≤ k": "", "λ_•, • ≤ k": ""}),
        (Family("b", random=p, length=k)[1], {"b_•": "drawn independently, p_• being the chance of •"}),
        (Named("L", Tr(Q)), {"L = Tr(Q)": "", "Q: k × k": "orthonormal"}),
        (Tr(Diag(p, k, "S")), {"S = diag(p_1, …, p_k)": "", "p_•, • ≤ k": ""}),
        (Tr(MaxMask(Q, TAILS, "P")), {"(P)_ij = t_{max{i, j}}": "", "t_• = Σ_{••=•..k} p_{••}": ""}),
    ],
)
def test_what_a_name_does_not_say_is_told(e: Expr, said: dict[str, str]) -> None:
    found = {word.text: word.known for word in words([e])}
    assert said.items() <= found.items()


def test_one_name_is_one_matrix() -> None:
    other = Letter("Q", k, k, frozenset({"symmetric"}))
    assert not bears_twice([Q, Tr(Q @ Q)])
    assert bears_twice([Q, Tr(other)]).startswith("the letter Q stands for two matrices, k×k orthonormal and k×k symm")
    found = settle(Claim("tests/twice", "", "", lambda: eq(Tr(Q @ other), Tr(other @ Q))))
    assert found.verdict == Verdict.OPEN
    assert "stands for two matrices" in found.evidence[0].detail


def test_no_claim_has_two_matrices_of_one_name() -> None:
    for c in registry().values():
        parts = [*c.printed.parts, *(r for h in c.given for r in h.relations)]
        assert not bears_twice(parts), c.id


def test_numbers_have_no_words() -> None:
    assert words([rel(Sym("x"), "=", 1)]) == []

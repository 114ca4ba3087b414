"""The best maps of Oftadeh et al.: another value, or the last eigenvectors, are not the least."""

from __future__ import annotations

from dataclasses import replace

from proofs.api import decide
from proofs.claim import registry
from proofs.kernel.expressions import Sum, integer
from proofs.methods.chain import chain
from proofs.oftadeh2020.notation import SITUATIONS, A, B, n, p, λ
from proofs.oftadeh2020.regression import NOISE, Beyond, beyond, fit, reached
from proofs.oftadeh2020.section_2 import ENCODER_STAR, LEADING
from proofs.tactics.relations import Tight

CLAIM = registry()["oftadeh2020/rem1-globalmin"]


def verdict(*links: object) -> str:
    wrong = chain(*links, plan=SITUATIONS)  # type: ignore[arg-type]
    return decide(replace(CLAIM, id="test/claim", build=lambda: wrong)).verdict


def test_more_eigenvalues_than_those_are_not_left() -> None:
    """Near the minimum, where a bound that is too large shows."""
    i = integer("i")
    wrong = NOISE + Sum(i, p, n, λ[i])
    assert verdict(NOISE + fit(p), "≥", (wrong, Tight((A, LEADING), (B, ENCODER_STAR), why=Beyond(p)))) == "refuted"


def test_a_reason_of_another_rank_proves_nothing() -> None:
    assert verdict(NOISE + beyond(p), "=", (NOISE + beyond(p - 1), reached(p))) == "refuted"

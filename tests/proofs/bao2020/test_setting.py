"""Counterexamples to bao2020 lie within its setting: k < m."""

from __future__ import annotations

import pytest

from proofs.claim import Verdict, registry


@pytest.mark.parametrize(
    "id",
    [
        "bao2020/4.2/thm3-global",
        "bao2020/B/eq10",
        "bao2020/B/tangent-norm",
        "bao2020/B/smax-bound/quotient",
        "bao2020/C/expectation-line",
        "bao2020/D/final",
        "bao2020/E.1/grad-scale",
        "bao2020/E.2/eq35",
    ],
)
def test_a_refuted_claim_is_refuted_where_k_is_below_m(id: str) -> None:
    decision = registry(("bao2020",))[id].decide()
    assert decision.verdict == Verdict.REFUTED
    assert decision.counterexample is not None
    at = decision.counterexample.instance
    assert int(at["k"]) < int(at["m"])


def test_section_2_does_not_exclude_equal_eigenvalues() -> None:
    from proofs.bao2020.notation import SPECTRUM, σ
    from proofs.claim import Context
    from proofs.hypotheses import instances
    from proofs.kernel.expressions import size

    k, m = size("k"), size("m")
    found = [(at["k"], at["m"], at["σ"]) for at in instances((σ[1], k, m), Context((SPECTRUM,)))]
    assert all(k < m for k, m, _ in found)
    assert any(σs[k - 1] == σs[k] for k, _, σs in found)
    assert any(σs[-1] == 0 for _, _, σs in found)
    assert any(len(set(σs)) == len(σs) for _, _, σs in found)

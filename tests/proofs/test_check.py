"""The runner: what is decided again after a change, and what happens when something goes wrong."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from fractions import Fraction
from math import isqrt

import pytest

from proofs import ablation, check, lock, sources
from proofs.cache import Cache, folder
from proofs.claim import Claim, Context, Evidence, Outcome, Verdict, claim, registry
from proofs.hypotheses import Hypothesis
from proofs.kernel.expressions import Family, Letter, Num, Sym, size
from proofs.kernel.propositions import Rel
from proofs.methods.chain import chain, eq
from proofs.methods.conjunction import both

k = size("k")
A, B = Letter("A", k, k), Letter("B", k, k)
x, y = Sym("x"), Sym("y")


def made(name: str, build, given=()) -> Claim:
    return Claim(name, "", "A claim of these tests.", build, tuple(given), module="proofs.bao2020.appendix_b")


def commutes():
    return eq(A @ B, B @ A)


def transposes():
    return eq((A @ B).T, B.T @ A.T)


def busy(seconds=5):
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass


class Stuck:
    """A statement whose witness does something that no witness should."""

    parts = ()

    def __init__(self, act):
        self.witnesses = (lambda statement, context: act(), lambda statement, context: act())


def test_a_true_identity_is_proved_and_a_false_one_refuted_by_an_instance_not_by_forms_that_differ():
    assert check.settle(made("t/true", transposes)).verdict == Verdict.PROVED
    wrong = check.settle(made("t/false", commutes))
    assert wrong.verdict == Verdict.REFUTED
    assert [e.outcome for e in wrong.evidence] == [Outcome.UNDECIDED, Outcome.FAILS]


def test_a_claim_that_outlasts_its_time_is_open():
    found = check.settle(made("t/slow", lambda: Stuck(busy)), timeout=0.05)
    assert found.verdict == Verdict.OPEN
    assert found.scope == "not decided within 0.05 s"


@pytest.mark.parametrize("timeout", [1e7, 1e10, 1e300, float("inf")])
def test_a_limit_that_no_timer_holds_is_no_limit(timeout):
    assert check.settle(made("t/true", transposes), timeout).verdict == Verdict.PROVED
    witnesses = registry(("bao2020",))["bao2020/B/equalize+"]  # by a search for certificates
    assert check.settle(witnesses, timeout).verdict == Verdict.PROVED


def test_a_method_that_catches_every_exception_cannot_swallow_the_time_limit():
    def stubborn():
        try:
            busy()
        except Exception:
            return Evidence("stubborn", Outcome.PROVED)

    assert check.settle(made("t/stubborn", lambda: Stuck(stubborn)), timeout=0.05).verdict == Verdict.OPEN


def test_an_error_inside_a_claim_leaves_it_open_and_is_told():
    found = check.settle(made("t/error", lambda: Stuck(lambda: 1 // 0)))
    assert found.verdict == Verdict.OPEN
    assert found.scope.startswith("ZeroDivisionError")


def test_neither_errors_nor_timeouts_are_kept(tmp_path):
    broken = made("t/error", lambda: Stuck(lambda: 1 // 0))
    list(check.check([broken], Cache(tmp_path), jobs=1))
    assert Cache(tmp_path).load(broken) is None


def test_a_hypothesis_that_nothing_satisfies_is_no_proof():
    never = Hypothesis("x < x", "x < x", (Rel(x, "<", x),))
    found = check.settle(made("t/vacuous", lambda: eq(x + y, y + x), [never]))
    assert found.verdict == Verdict.OPEN
    assert "vacuous" in found.scope


def test_an_unknown_id_is_answered_with_the_nearest():
    with pytest.raises(check.UnknownId, match="bao2020/B/rot-rayleigh"):
        check.find(["bao2020/B/rot-raleigh"], registry(("bao2020",)))


def test_a_prefix_selects_what_lies_below_it_and_not_what_begins_alike():
    known = {name: made(name, commutes) for name in ("p/B/x", "p/B/x+", "p/B/x/step", "p/B/xy")}
    assert [c.id for c in check.find(["p/B/x"], known)] == ["p/B/x", "p/B/x+", "p/B/x/step"]


def test_a_section_has_its_parts():
    known = {name: made(name, commutes) for name in ("p/E.5/x", "p/E/y", "p/Ex/z", "p/4.3.1/u", "p/4.3/v", "p/4.30/w")}
    assert [c.id for c in check.find(["p/E"], known)] == ["p/E.5/x", "p/E/y"]
    assert [c.id for c in check.find(["p/4.3"], known)] == ["p/4.3.1/u", "p/4.3/v"]


def test_two_processes_decide_what_one_process_decides(tmp_path):
    claims = check.find(["bah2019/def3", "bah2019/eq11"], registry(("bah2019",)))
    alone = {c.claim.id: c.decision.verdict for c in check.check(claims, Cache(tmp_path / "a"), jobs=1)}
    both = {c.claim.id: c.decision.verdict for c in check.check(claims, Cache(tmp_path / "b"), jobs=2)}
    assert alone == both
    assert len(set(alone.values())) == 2


# -- hypotheses ------------------------------------------------------------------------------------


def positive(name: str) -> Hypothesis:
    return Hypothesis(
        f"{name} > 0",
        f"{name} > 0",
        (Rel(Sym(name), ">", Num(0)),),
        lambda rng, at: {name: rng.randint(1, 3)},
        lambda rng, at: {name: -rng.randint(1, 3)},
    )


def test_a_hypothesis_is_needed_if_the_claim_breaks_without_it_and_only_then():
    c = made("t/needs", lambda: chain(x**3, ">", Num(0)), [positive("x"), positive("y")])
    needed, idle = ablation.ablate(c, c.decide())
    assert needed["without"] == ablation.NEEDED
    assert "x = -" in needed["detail"]
    assert idle["without"] == ablation.NOT_NEEDED


def test_a_convention_that_cannot_be_violated_is_not_called_idle():
    c = made("t/convention", lambda: eq(x + y, y + x), [Hypothesis("w.l.o.g.", "")])
    assert ablation.ablate(c, c.decide())[0]["without"] == ablation.NOT_KNOWN


def test_a_claim_that_holds_at_instances_without_a_hypothesis_is_not_said_to_need_none():
    """x⁴ + y⁴ ≥ 0 by instances alone: nothing is proved without x > 0."""
    c = made("t/held", lambda: chain(x**3 * x, "≥", Num(0)), [positive("x")])
    unproved = replace(c.decide(), verdict=Verdict.SUPPORTED, evidence=())
    assert ablation.ablate(c, unproved)[0]["without"] == ablation.NOT_KNOWN


def test_a_hypothesis_that_the_proof_does_without_is_not_needed():
    c = made("t/idle", lambda: chain(x**2 + 1, ">", Num(0)), [positive("x")])
    (row,) = ablation.ablate(c, c.decide())
    assert row["without"] == ablation.NOT_NEEDED
    assert "proof" in row["detail"] or "proved" in row["detail"]


def test_a_hypothesis_is_needed_if_one_member_of_a_conjunction_needs_it():
    """The first leaves something of the budget for the second."""
    c = made("t/both", lambda: both(chain(x**2, "≥", Num(0)), chain(x**3, ">", Num(0))), [positive("x")])
    (row,) = ablation.ablate(c, c.decide(), budget=4 * ablation.BUDGET / 100)
    assert row["without"] == ablation.NEEDED


def test_a_sampler_that_is_given_what_it_was_not_made_for_draws_nothing_and_ends_nothing():
    """The root is drawn of what is positive; where that is violated some draws fail, and the others break the claim."""
    root = Hypothesis("y² = x", "y^2 = x", (Rel(y**2, "=", x),), lambda rng, at: {"y": isqrt(at["x"])})
    c = made("t/root", lambda: chain(x**3, ">", Num(0)), [positive("x"), root])
    assert ablation.ablate(c, c.decide())[0]["without"] == ablation.NEEDED


def test_ablation_says_the_same_however_busy_the_machine_is():
    c = registry(("bao2020",))["bao2020/B/nu-order"]
    decision = c.decide()
    assert ablation.ablate(c, decision) == ablation.ablate(c, decision)


def test_a_hypothesis_that_nothing_satisfies_makes_the_claim_vacuous():
    never = Hypothesis("x² < 0", "x^2 < 0", (Rel(Sym("x") ** 2, "<", Num(0)),))
    decided = check.settle(made("t/vacuous", lambda: eq(x, x), [never]))
    assert decided.verdict == Verdict.OPEN
    assert "vacuous" in decided.scope


def test_the_sample_satisfies_the_hypotheses():
    from proofs.bao2020.notation import FULL_RANK

    σ = Family("σ")
    found = ablation.sample((σ[1] - σ[2],), [FULL_RANK])
    assert found is not None
    values = [Fraction(v) for v in found["σ"].strip("()").split(", ")]
    assert values == sorted(set(values), reverse=True)
    assert values[-1] > 0


# -- the cache -------------------------------------------------------------------------------------


def test_a_decision_comes_back_from_the_cache_as_it_was(tmp_path):
    c = registry(("bao2020",))["bao2020/B/eq10"]
    decided = check.settle(c)
    Cache(tmp_path).save(c, decided)
    assert Cache(tmp_path).load(c) == decided


def test_a_library_of_another_version_makes_every_entry_stale(tmp_path, monkeypatch):
    c = made("t/true", transposes)
    Cache(tmp_path).save(c, check.settle(c))
    monkeypatch.setattr(sources, "libraries", lambda: "python-flint=0.0")
    assert Cache(tmp_path).load(c) is None


@pytest.mark.parametrize("content", ["", "{", '{"format": 0}', "[]", '{"format": 1, "key": "?"}', "\x00\xff"])
def test_a_damaged_entry_is_decided_again_with_one_warning(tmp_path, content):
    c = made("t/true", transposes)
    told: list[str] = []
    cache = Cache(tmp_path, told.append)
    cache.save(c, check.settle(c))
    cache.path(c).write_text(content)
    found = [*check.check([c], cache), *check.check([c], cache)]
    assert [(f.decision.verdict, f.cached) for f in found] == [(Verdict.PROVED, False), (Verdict.PROVED, True)]
    assert len(told) <= 1
    assert told == [] or "rebuilt" in told[0]


def test_a_cache_that_cannot_be_written_costs_a_warning(tmp_path):
    told: list[str] = []
    (tmp_path / "file").write_text("")
    c = made("t/true", transposes)
    (found,) = check.check([c], Cache(tmp_path / "file" / "cache", told.append))
    assert found.decision.verdict == Verdict.PROVED
    assert told
    assert all("cache" in line and "\n" not in line for line in told)


def test_nothing_but_whole_entries_is_in_the_cache(tmp_path):
    c = made("t/true", transposes)
    Cache(tmp_path).save(c, check.settle(c))
    (entry,) = tmp_path.iterdir()
    assert json.loads(entry.read_text())["format"] == 1


def test_the_cache_is_where_the_environment_says(monkeypatch, tmp_path):
    monkeypatch.setenv("LAE_CACHE", str(tmp_path))
    assert folder() == tmp_path
    monkeypatch.delenv("LAE_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert folder() == tmp_path / "lae"


# -- what a verdict depends on ---------------------------------------------------------------------

MODULE = '''
from proofs.claim import claim
from proofs.methods.chain import eq

def helper(): return 1

@claim("p/one")
def one():
    """One."""
    return eq(helper(), 1)

@claim("p/two")
def two():
    """Two."""
    return one.statement
'''


@pytest.fixture
def module(monkeypatch):
    """``fingerprints()`` of the claims one and two of a module with the given source."""

    def fingerprints(source: str) -> dict[str, str]:
        caches = (sources.tree, sources.parts, sources.imports, sources.closure)
        for f in caches:
            f.cache_clear()
        true_source = sources.source
        monkeypatch.setattr(sources, "source", lambda m: source if m == "proofs.example" else true_source(m))
        found = {name: sources.claim_source("proofs.example", name) for name in ("one", "two")}
        monkeypatch.undo()
        for f in caches:
            f.cache_clear()
        return found

    return fingerprints


def test_editing_a_claim_leaves_the_other_claims_of_its_module(module):
    before = module(MODULE)
    after = module(MODULE.replace("return one.statement", "return one.statement  # !"))
    assert before["one"] == after["one"]
    assert before["two"] != after["two"]


def test_editing_a_claim_concerns_the_claims_that_mention_it(module):
    before, after = module(MODULE), module(MODULE.replace("eq(helper(), 1)", "eq(helper(), 2)"))
    assert before["one"] != after["one"]
    assert before["two"] != after["two"]


def test_a_form_feed_is_no_end_of_a_line(module):
    """Python's parser does not count it as one."""
    paged = MODULE.replace("def helper", "\x0cdef helper")
    before, after = module(paged), module(paged.replace("return one.statement", "return one.statement  # !"))
    assert before["one"] == after["one"]
    assert before["two"] != after["two"]


def test_editing_a_helper_concerns_every_claim_of_its_module(module):
    before, after = module(MODULE), module(MODULE.replace("return 1", "return 2"))
    assert before["one"] != after["one"]
    assert before["two"] != after["two"]


def test_a_claim_depends_on_the_algebra_and_the_method_but_not_on_how_it_is_shown():
    found = sources.closure("proofs.bao2020.appendix_b")
    assert {"proofs.kernel.tensor", "proofs.methods.chain", "proofs.bao2020.notation"} <= found
    assert not any(m.startswith("proofs.render") for m in found)


KERNEL = sorted(m for m in sources.closure("proofs.kernel.rules") if m.startswith("proofs.kernel."))


@pytest.mark.parametrize("edited", KERNEL)
def test_editing_a_part_of_the_kernel_decides_claims_again(edited, monkeypatch):
    def fingerprint() -> str:
        for f in (sources.digest_of, sources.digest_of_used):
            f.cache_clear()
        return sources.fingerprint(registry(("oftadeh2020",))["oftadeh2020/lem1"])

    before, true_source = fingerprint(), sources.source
    monkeypatch.setattr(sources, "source", lambda m: true_source(m) + "\n# edited" * (m == edited))
    assert fingerprint() != before
    monkeypatch.undo()
    assert fingerprint() == before


# -- the record ------------------------------------------------------------------------------------


def test_the_record_tells_a_changed_verdict_and_a_lost_claim_but_not_a_new_one(tmp_path):
    file = tmp_path / "verdicts.json"
    c = check.Checked(made("t/true", transposes), check.settle(made("t/true", transposes)))
    assert lock.changes([c], ["t/true"], file) == []
    lock.record([c], ["t/true"], file)
    assert lock.changes([c], ["t/true"], file) == []
    file.write_text('{"t/true": "refuted", "t/lost": "proved"}')
    assert lock.changes([c], ["t/true"], file) == [("t/true", "refuted", "proved"), ("t/lost", "proved", "")]


def test_the_witness_that_is_run_without_a_hypothesis_gets_instances_that_violate_it_only():
    given = (ablation.violated(positive("x")), positive("y"))
    from proofs.hypotheses import instances

    found = list(instances((x, y), Context(given)))
    assert found
    assert all(at["x"] <= 0 < at["y"] for at in found)
    assert any(at["x"] < 0 for at in found)


def test_registering_an_id_twice_from_two_modules_is_refused():
    claim("t/twice")(commutes)
    other = lambda: commutes()  # noqa: E731
    other.__module__ = "elsewhere"
    with pytest.raises(ValueError, match="twice"):
        claim("t/twice")(other)


def test_what_a_claim_is_decided_after_does_not_change_its_verdict():
    """The letters of one paper are equal to those of another, whose sizes have other ranges."""
    registry(("bah2019",))["bah2019/def3+"].decide()
    assert registry(("oftadeh2020",))["oftadeh2020/cor1-1"].decide().verdict == Verdict.PROVED

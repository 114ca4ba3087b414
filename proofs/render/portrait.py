"""What `lae bounds` says of a spectrum, for a terminal and as a page of its own.

Main results
    facts      loss, spectrum, extreme curvatures, learning rate: names with what is told
    bounds     a row for each bound
    remarks    what the bounds do not speak of, here
    page       all of it with the pictures, as one page that needs no network
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from sys import float_info
from typing import TYPE_CHECKING, NamedTuple

from numerics.rag import slowest_rotation
from numerics.spectra import short
from proofs.printed_bounds import formulas, reproach
from proofs.screen import printable

if TYPE_CHECKING:
    from numerics.bounds import Bound
    from numerics.conditioning import Conditioning
    from numerics.enclosures import Certificate
    from numerics.problem import Problem

LOSS_FORMULAS = {
    ("l2", "half"): "(1/2n)‖X − W₂W₁X‖² + ½‖Λ^½W₁‖² + ½‖W₂Λ^½‖²  [Appendix B's]",
    ("l2", "main"): "(1/n)‖X − W₂W₁X‖² + ‖Λ^½W₁‖² + ‖W₂Λ^½‖²  [eq. (3)]",
    ("nested-dropout", "half"): "E_b (1/2n)‖X − W₂Π_bW₁X‖²  [Appendices C, D]",
    ("nested-dropout", "main"): "E_b (1/n)‖X − W₂Π_bW₁X‖²  [twice Appendix D's]",
}
SIDES = {"s_max": "s_max", "s_min": "s_min", "condition_number": "κ"}


class Row(NamedTuple):
    """A bound: the claim that says it, what it bounds, its formula, its value, whether it holds, and how loosely."""

    id: str
    side: str
    formula: str
    value: str
    verdict: str
    loose: str


def facts(problem: Problem, found: Conditioning, certificate: Certificate | None) -> list[tuple[str, str]]:
    """Loss, spectrum, extreme curvatures, learning rate: names with what is told."""
    regulariser = "λ" if problem.loss == "l2" else "p_B"
    rows = [
        ("loss", f"{problem.loss}, scale {problem.scale}: {LOSS_FORMULAS[problem.loss, problem.scale]}"),
        ("spectrum", f"{problem.given}; m = {found.m}, σ² = {short(problem.sigma2)}"),
        ("regulariser", f"{problem.chosen}; k = {problem.k}, {regulariser} = {short(problem.weights)}"),
        ("s_max", f"{found.s_max:.10g}   {found.fastest}"),
        ("s_min", f"{found.s_min:.10g}   {found.slowest}   ← the slow direction"),
        ("condition number", f"{found.condition_number:.10g}   {space(problem, found)}"),
        ("learning rate", f"best {found.best_learning_rate:.6g}, stable below {found.max_learning_rate:.6g}"),
        ("steps", f"{found.steps_to_halve:.6g} halve the error along the slow direction, at the best rate"),
    ]
    if rag := problem.rag():
        steps = f"{count(rag.steps_to_halve)} steps halve its error at its best learning rate, "
        steps += f"{rag.best_learning_rate:.6g}"
        rows.append(("RAG's local rate", f"{rag.s_min:.6g}   {rag.slowest}; {steps}"))
        if problem.k > 1:
            turn = slowest_rotation(problem.sigma2, problem.k)
            rows.append(("RAG's rotations", f"{turn.curvature:.6g}   {turn}, the slowest"))
    if certificate:
        rows.append(("certified", f"{problem.certified}, in exact rational arithmetic"))
        rows += [(f"{name} certified", f"[{low!r}, {high!r}]") for name, (low, high) in certificate.enclosures.items()]
    return rows


def bounds(
    problem: Problem, found: Conditioning, printed: Sequence[Bound], certificate: Certificate | None
) -> list[Row]:
    """A row for each bound."""
    exact = certificate.condition(found) if certificate else found
    return [
        Row(
            bound.id,
            f"{SIDES[bound.bounds]} {'≤' if bound.above else '≥'}",
            formula(bound, problem.scale),
            f"{float(bound.value):.6g}",
            verdict(bound, certificate),
            "" if bound.is_vacuous else f"×{bound.looseness(exact):.4g}",
        )
        for bound in printed
    ]


def remarks(problem: Problem, found: Conditioning, bounded: bool) -> list[str]:
    """What the printed bounds do not speak of, here."""
    if not found.trained:
        return ["All latents collapse: the minimum is W₁ = 0, W₂ = 0, and the printed bounds say nothing."]
    if not bounded:
        return ["The minimum is not isolated, which the printed bounds assume: they are left out."]
    remarks = []
    if found.trained < problem.k:
        latents = f"{found.trained} latents" if found.trained > 1 else "latent"
        remarks.append(f"The bounds are those of the first {latents} alone.")
    if found.trained == 1:
        remarks.append("k = 1: there is no rotation, so the bounds over pairs of latents do not apply.")
    return remarks


def count(value: float) -> str:
    return f"{value:.6g}" if value < float_info.max else f"more than {float_info.max:.3g}"


def formula(bound: Bound, scale: str) -> str:
    """That of the claim, which is of scale half; condition numbers have none."""
    formula = formulas().get(bound.id, "")
    return f"2·[{formula}]" if formula and scale == "main" and bound.bounds != "condition_number" else formula


def verdict(bound: Bound, certificate: Certificate | None) -> str:
    if bound.is_vacuous:
        return "vacuous"
    if certificate:
        found = certificate.verdicts[bound.id]
        if found is False:
            return "VIOLATED" if reproach(bound.id)[0] else "wrong number"
        return "certified" if found else "undecided"
    return "holds"


def space(problem: Problem, found: Conditioning) -> str:
    count = found.null_directions
    if not count:
        return "of the whole space (no null directions)"
    manifold = problem.loss == "nested-dropout" or not problem.isolated
    why = "the minima form a manifold" if manifold else "the minimum is isolated, but flat there"
    return f"of the complement of {count} null direction{'s' if count > 1 else ''} ({why})"


def page(problem: Problem, found: Conditioning, printed: Sequence[Bound], certificate: Certificate | None) -> str:
    """All of it with the pictures, as one page that needs no network."""
    from numerics import figures
    from proofs.render.site import alone

    drawing = figures.svg(figures.portrait(problem.loss, problem.sigma2, problem.weights, found, printed))
    return alone(
        "spectrum",
        facts=[(name, printable(told)) for name, told in facts(problem, found, certificate)],
        bounds=bounds(problem, found, printed, certificate),
        remarks=remarks(problem, found, bool(printed)),
        warnings=[printable(w) for w in problem.warnings],
        scale=problem.scale,
        picture=f"data:image/svg+xml;base64,{b64encode(drawing.encode()).decode()}",
        slowest=str(found.slowest),
    )

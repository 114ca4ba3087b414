"""Stationary points, numbered: what the claims about Hessian blocks share.

Latent a ≤ ℓ learns component a, the other latents are spare and the other components unlearned.

Main results
    LEARNED, TWO_LEARNED, UNLEARNED, SPARE    the indices i; i < j; u; s of a block
    states, characteristic                    an equation; det(xI − H)
    tally                                     how many blocks descend, or are tied, at an instance
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from proofs.algebra.evaluate import Instance, Undefined
from proofs.bao2020.notation import i, j, k, m
from proofs.bao2020.section_4 import ell
from proofs.hypotheses import Hypothesis, Plan
from proofs.kernel.expressions import Expr, Eye, Named, Sym, det, integer
from proofs.kernel.propositions import Rel
from proofs.methods.block_types import INWARD, OUTWARD, PAIR, SLOT, Kind
from proofs.methods.chain import Chain, eq

s, u, x = integer("s", "", 1, k), integer("u", "", 1, m), Sym("x")


def sizes(*pairs: tuple[int, int], per_size: int = 2) -> Plan:
    """A plan of pairs (k, m)."""
    return Plan(tuple({"k": a, "m": b, "n": 4, "p": a} for a, b in pairs), per_size)


PLAN = sizes((1, 1), (1, 2), (1, 2), (2, 2), (2, 2), (1, 3), (2, 3), (2, 3), (3, 3), per_size=1)


# Indices ------------------------------------------------------------------------------------------
def member(rng: Random, low: int, high: int) -> int:
    if low > high:
        raise Undefined("no such index")
    return rng.randint(low, high)


def two_learned(rng: Random, at: Instance) -> Instance:
    first = member(rng, 1, at["ℓ"] - 1)
    return {"i": first, "j": member(rng, first + 1, at["ℓ"])}


LEARNED = Hypothesis("i ≤ ℓ", r"i \le \ell", (Rel(i, "≤", ell),), lambda rng, at: {"i": member(rng, 1, at["ℓ"])})
TWO_LEARNED = Hypothesis("i < j ≤ ℓ", r"i < j \le \ell", (Rel(i, "<", j), Rel(j, "≤", ell)), two_learned)
UNLEARNED = Hypothesis(
    "ℓ < u ≤ m",
    r"\ell < u \le m",
    (Rel(u, ">", ell), Rel(u, "≤", m)),
    lambda rng, at: {"u": member(rng, at["ℓ"] + 1, at["m"])},
)
SPARE = Hypothesis(
    "ℓ < s ≤ k",
    r"\ell < s \le k",
    (Rel(s, ">", ell), Rel(s, "≤", k)),
    lambda rng, at: {"s": member(rng, at["ℓ"] + 1, at["k"])},
)


# Statements ---------------------------------------------------------------------------------------
def states(left: Expr, right: Expr) -> Chain:
    """An equation, at sizes at which the dense Hessian is quick."""
    return eq(left, right, plan=PLAN)


def where_is(*names: Named) -> list[Chain]:
    """The definitions of names that a statement uses, as it prints them."""
    return [states(name, name.body) for name in names]


def characteristic(h: Expr) -> Expr:
    """det(xI − H): its roots are the eigenvalues."""
    return det(x * Eye(h.shape[0]) - h)


# How many blocks descend --------------------------------------------------------------------------
KINDS = {PAIR: "pair", OUTWARD: "out", INWARD: "in", SLOT: "slot"}
DOWN = {kind: Sym(f"N_{name}", rf"N_{{\text{{{name}}}}}") for kind, name in KINDS.items()}
TIED = {kind: Sym(f"Z_{name}", rf"Z_{{\text{{{name}}}}}") for kind, name in KINDS.items()}
NAMES = frozenset(symbol.name for symbol in (*DOWN.values(), *TIED.values()))


def tally(differences: Mapping[Kind, Sequence[Any]]) -> dict[str, int]:
    """How many differences ``larger − smaller`` are negative, and how many are zero, for each type of block."""
    down = {DOWN[kind].name: sum(x < 0 for x in found) for kind, found in differences.items()}
    return down | {TIED[kind].name: sum(x == 0 for x in found) for kind, found in differences.items()}

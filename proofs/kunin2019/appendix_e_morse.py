"""Kunin et al. 2019, Appendix E: the homology of the Grassmannian, for small k and m, by exact computation.

The Morse complex of L_X has the planes of k principal directions as generators and counts rotations; its homology is
compared with closed formulas. What is said of every manifold or every function is decided for those listed, or open.

Main results
    perfect              L_X has as many critical points of each index as the Grassmannian has homology over 𝔽₂
    printed_rule         the printed rule of signs fails for Gr_2(ℝ⁴), which it would not orient
    sign_rule_corrected  turning u_i to u_{i−1} has one sign on both sides where k + i is even
    generic              homology over 𝔽₂ forces (m choose k) critical points; ranks over ℤ do not
    first                what is said of the literature is open
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from math import comb
from random import Random
from typing import Any

from flint import fmpq, fmpq_mat, fmpz_mat

from proofs.algebra.evaluate import Instance
from proofs.claim import claim
from proofs.hypotheses import Hypothesis, rational
from proofs.kernel.expressions import Family, Sum, integer, lift
from proofs.kernel.propositions import ONE, Rel
from proofs.kunin2019.notation import SCALE, k, m
from proofs.methods.chain import Chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.finite import Finite, Object
from proofs.methods.words import Observed, Open
from proofs.topology import chain_complexes, formulas, groups, planes
from proofs.topology.chain_complexes import Complex, Group, betti, homology
from proofs.topology.grassmannian import Indices, critical, index, morse_complex, neighbours, signs
from proofs.topology.triangulations import PROJECTIVE_PLANE, simplicial


def grassmannians(largest: int) -> tuple[Object, ...]:
    return tuple({"k": k, "m": m} for m in range(2, largest + 1) for k in range(1, m))


def counts(k: int, m: int) -> tuple[int, ...]:
    """How many critical points L_X has of each index."""
    found = Counter(map(index, critical(k, m)))
    return tuple(found[d] for d in range(k * (m - k) + 1))


def modulo_two(k: int, m: int) -> tuple[int, ...]:
    return betti(morse_complex(k, m), 2)


def partitions(k: int, m: int) -> tuple[int, ...]:
    return formulas.gaussian(m, k)


COMPLEX, GAUSSIAN = ("the Morse complex modulo 2", modulo_two), ("Gaussian binomials", partitions)


@claim(
    "kunin2019/thmE.1",
    where="Theorem E.1",
    note="That the homology over 𝔽₂ is that of the Schubert cells is classical; that P commutes with XXᵀ at critical "
    "points is thmE.1/crit-proof.",
)
def perfect() -> Finite:
    """L_X is an 𝔽₂-perfect Morse function."""
    says = "The numbers of critical points of L_X of index 0, 1, … are the dimensions of the homology over 𝔽₂."
    return Finite(says, counts, (COMPLEX, GAUSSIAN), grassmannians(7))


def with_last(rng: Random, at: Instance) -> Instance:
    """Any numbers, the last of them m."""
    return {"i": [*(rational(rng, at["height"]) for _ in range(at["k"] - 1)), fmpq(at["m"])]}


def without_last(rng: Random, at: Instance) -> Instance:
    return {"i": [rational(rng, at["height"]) for _ in range(at["k"])]}


chosen, place = Family("i"), integer("j")
LAST = Hypothesis("i_k = m", "i_k = m", (Rel(chosen[k], "=", m),), with_last, without_last)


@claim(
    "kunin2019/thmE.1/all-sizes",
    where="Theorem E.1",
    given=[LAST],
    note="The step of an induction over m: index sets without m are those of m − 1, index sets with m those of k − 1, "
    "with the index shifted by m − k. That is Pascal's rule for Gaussian binomials, which so count the critical points "
    "for all k and m.",
)
def induction() -> Chain:
    """With the direction u_m the index is that of the others plus m − k."""
    return eq(Sum(place, ONE, k, chosen[place] - place), Sum(place, ONE, k - 1, chosen[place] - place) + m - k)


# Trajectories -------------------------------------------------------------------------------------
def adjacent(largest: int) -> tuple[Object, ...]:
    """Pairs of critical planes whose indices differ by 1."""
    return tuple(
        {"m": m, "high": high, "low": low}
        for m in range(2, largest + 1)
        for k in range(1, m)
        for high in critical(k, m)
        for low in critical(k, m)
        if index(high) == index(low) + 1
    )


def joined(m: int, high: Indices, low: Indices) -> bool:
    """Whether one included direction is turned."""
    return any(low == to for _, to in neighbours(high))


def sides(m: int, high: Indices, low: Indices) -> int:
    """Planes over the rationals with entries −1, 0, 1: one on each side of every trajectory, up to its length."""
    return planes.between(high, low, m)


def points(m: int, high: Indices, low: Indices) -> int:
    """Planes over the field of three elements: its numbers that are not 0 are 1 and −1."""
    return planes.between_modulo(high, low, m, 3)


TRAJECTORIES = (("planes with entries −1, 0, 1", sides), ("planes over 𝔽₃", points))
UP_TO_SCALE = "A trajectory is a plane up to the scale of the one number by which it turns, of either sign."


@claim("kunin2019/thmE.1/two-trajectories", where="Theorem E.1, proof", note=UP_TO_SCALE)
def two_trajectories() -> Finite:
    """Exactly two trajectories join critical points of adjacent index between which one direction turns."""
    turned = tuple(at for at in adjacent(5) if joined(**at))
    return Finite("Exactly two trajectories.", lambda **at: 2, TRAJECTORIES, turned)


@claim("kunin2019/thmE.1/two-trajectories/others", where="Theorem E.1, proof", note=UP_TO_SCALE)
def no_others() -> Finite:
    """The rotations are precisely the trajectories between critical points of adjacent index."""
    return Finite("Two where one direction turns, else none.", lambda **at: 2 * joined(**at), TRAJECTORIES, adjacent(5))


# Morse homology -----------------------------------------------------------------------------------
def enough(ranks: Any) -> Any:
    """Whether there are as many critical points as homology, in every dimension."""
    return lambda k, m: all(c >= b for c, b in zip(counts(k, m), ranks(k, m), strict=True))


def ranks(k: int, m: int) -> tuple[int, ...]:
    return tuple(rank for rank, _ in homology(morse_complex(k, m)))


def pontryagin(k: int, m: int) -> tuple[int, ...]:
    return formulas.rational(m, k)


@claim(
    "kunin2019/E/morse-inequalities",
    where="Appendix E",
    note="Of L_X on Grassmannians; that they hold of any Morse function on any manifold is Morse's theorem.",
)
def morse_inequalities() -> Finite:
    """L_X has at least as many critical points of index d as the rank of H_d(·; ℤ)."""
    ways = (("Smith normal forms", enough(ranks)), ("Pontryagin classes", enough(pontryagin)))
    return Finite("At least b_d critical points of index d, for every d.", lambda **at: True, ways, grassmannians(6))


def groups_of(c: Complex) -> list[str]:
    return list(map(chain_complexes.text, homology(c)))


@claim(
    "kunin2019/E/rp2",
    where="Appendix E",
    note="ℤ, ℤ/2, 0: a complex with ∂ = 0 has no torsion, so that no Morse function on it is perfect.",
)
def projective_plane() -> Finite:
    """The homology of ℝP² = Gr_1(ℝ³) has H_1 = 𝔽₂, so that ∂ is not zero."""
    ways = (
        ("a triangulation with 6 vertices", lambda k, m: groups_of(simplicial(PROJECTIVE_PLANE))),
        ("the Morse complex", lambda k, m: groups_of(morse_complex(k, m))),
    )
    return Finite(
        "H_0, H_1, H_2 are ℤ, ℤ/2, 0.", lambda **at: ["ℤ", "ℤ/2", "0"], ways, ({"k": 1, "m": 3}, {"k": 2, "m": 3})
    )


POINCARE = fmpz_mat([[5, -3], [2, -1]])
"""Of ⟨a, b | a⁵ = b³, (ab)² = b³⟩, made commutative: relations by generators."""


@claim(
    "kunin2019/E/poincare-sphere/homology",
    where="Appendix E, footnote 18",
    note="The group is ⟨a, b | a⁵ = b³ = (ab)²⟩, or SL_2(𝔽₅).",
)
def poincare_sphere_homology() -> Finite:
    """The fundamental group of the Poincare sphere, of order 120, has no commutative quotient: H_1 = 0."""
    ways = (
        ("Smith normal form of the relations", lambda: 1 if chain_complexes.divisors(POINCARE) == (1, 1) else 0),
        ("commutators of SL_2(𝔽₅)", lambda: 120 // len(groups.commutators(groups.special_linear(5), 5))),
    )
    return Finite("The order of H_1.", lambda: 1, ways, ({},))


@claim("kunin2019/E/poincare-sphere", where="Appendix E, footnote 18")
def poincare_sphere() -> Open:
    """The Poincare sphere has no perfect Morse function over ℤ or any field."""
    return Open(
        "The Poincare homology sphere is a manifold without a perfect Morse function over ℤ or any field; the smooth "
        "4-dimensional Poincare conjecture holds if and only if every smooth 4-sphere admits a perfect Morse function.",
        "its homology is that of the sphere, by E/poincare-sphere/homology and duality, and its fundamental group is "
        "not trivial; that a closed manifold with two critical points is a sphere is Reeb's theorem, which nothing "
        "here states",
    )


# Forced critical points ---------------------------------------------------------------------------
def total(numbers: Any) -> Any:
    return lambda k, m: sum(numbers(k, m))


@claim(
    "kunin2019/E/lower-bound",
    where="Appendix E.1",
    note="By the Morse inequalities over 𝔽₂, which force as many critical points as the Betti numbers add up to.",
)
def generic() -> Finite:
    """The topology of the Grassmannian forces any generic function to have (m choose k) critical points."""
    ways = (COMPLEX[0], total(modulo_two)), (GAUSSIAN[0], total(partitions))
    return Finite("The sum of the Betti numbers over 𝔽₂ is (m choose k).", comb_of, ways, grassmannians(7))


BY_RANKS = "The paper states the Morse inequalities with ranks of H_d(·; ℤ)."


@claim("kunin2019/E/lower-bound/ranks", where="Appendix E.1", note=BY_RANKS)
def by_ranks_alone() -> Finite:
    """The Morse inequalities as the paper states them force (m choose k) critical points."""
    ways = (("Smith normal forms", total(ranks)), ("Pontryagin classes", total(pontryagin)))
    return Finite("The sum of the ranks of H_d(·; ℤ) is (m choose k).", comb_of, ways, grassmannians(6))


def generators(groups: Iterable[Group]) -> int:
    """A summand ℤ of homology takes one generator, a finite cyclic one two: itself and what bounds a multiple of it."""
    return sum(rank + 2 * len(torsion) for rank, torsion in groups)


@claim("kunin2019/E/lower-bound/ranks+", where="Appendix E.1", note=BY_RANKS)
def with_torsion() -> Finite:
    """With two critical points more for each finite cyclic summand they do."""
    ways = (
        ("Smith normal forms", lambda k, m: generators(homology(morse_complex(k, m)))),
        ("closed formulas", lambda k, m: generators(formulas.integral(m, k))),
    )
    return Finite(
        "Ranks, and twice the numbers of cyclic summands, add up to (m choose k).", comb_of, ways, grassmannians(7)
    )


def comb_of(k: int, m: int) -> int:
    return comb(m, k)


# The table ----------------------------------------------------------------------------------------
TABLE = {(3, 4): 4, (2, 4): 3, (2, 3): 2, (1, 4): 2, (1, 3): 1, (1, 2): 0}
"""As printed."""
SPECTRUM = (7, 5, 2, 1)
"""σ_1² > … > σ_4², of the exact rotations."""


def falling(i: Indices, m: int = 4) -> int:
    """Along how many of the rotations of an included direction to an excluded one L_X falls, by a half turn's 3/5."""
    return sum(
        squared_distance(turned(i, a, b, m)) < squared_distance(turned(i, a, a, m))
        for a in i
        for b in range(1, m + 1)
        if b not in i
    )


def turned(i: Indices, a: int, b: int, m: int) -> fmpq_mat:
    """An orthonormal basis of the plane with u_a turned to (4u_a + 3u_b)/5; as it is for b = a."""
    rows = fmpq_mat(len(i), m)
    for row, j in enumerate(i):
        rows[row, j - 1] = fmpq(1)
    if b != a:
        rows[i.index(a), a - 1], rows[i.index(a), b - 1] = fmpq(4, 5), fmpq(3, 5)
    return rows


def squared_distance(rows: fmpq_mat) -> fmpq:
    """L_X of a plane by an orthonormal basis: Σ_j σ_j² (1 − P_jj)."""
    held = rows.transpose() * rows
    return sum((SPECTRUM[j] * (1 - held[j, j]) for j in range(rows.ncols())), fmpq(0))


def dimension(i: Indices) -> int:
    return index(i)


INDEX = (("rotations along which L_X falls", falling), ("free places of the echelon form", dimension))
ROWS: tuple[Object, ...] = tuple({"i": chosen} for chosen in reversed(TABLE))


@claim("kunin2019/E/table", where="Appendix E, table", convention=SCALE)
def table() -> All:
    """The Morse indices of the six critical points on Gr_2(ℝ⁴), which (4) gives too."""
    j = integer("j", "", 1, 2)
    by_formula = Sum(j, ONE, lift(2), Family("i")[j] - j)
    return both(
        Finite("The index d of the table.", lambda i: TABLE[i], INDEX, ROWS),
        Finite("The index d by (4).", by_formula, INDEX, ROWS),
    )


def complement(k: int, m: int, i: Indices) -> Indices:
    return tuple(j for j in range(1, m + 1) if j not in i)


@claim("kunin2019/E/table/duality", where="Appendix E, table", convention=SCALE)
def duality() -> Finite:
    """The indices of a plane and of its orthogonal complement add up to k(m − k)."""
    j = integer("j", "", 1, k)
    ways = tuple((name, lambda k, m, i, count=count: count(complement(k, m, i))) for name, count in INDEX)
    objects = tuple({"k": 2, "m": 4, "i": chosen} for chosen in reversed(TABLE))
    return Finite(
        "The index of the orthogonal complement.",
        k * (m - k) - Sum(j, ONE, k, Family("i")[j] - j),
        ways,  # type: ignore[arg-type]
        objects,
    )


@claim("kunin2019/E/table/measured", where="Appendix E, table")
def table_measured() -> Observed:
    """What the Hessians of L_X show, by second differences at random spectra."""
    return Observed(
        "We encourage the reader to check the Morse index formula (4) in the table.", "kunin2019/appendix-e"
    )


# Cells --------------------------------------------------------------------------------------------
SMALL_PLANES: tuple[Object, ...] = tuple(
    {"plane": tuple(tuple(map(int, row)) for row in rows.tolist())}
    for k, m in ((1, 2), (1, 3), (2, 3), (2, 4))
    for rows in planes.planes(k, m)
)


def of_plane(find: Callable[[fmpq_mat], Indices]) -> Callable[..., Indices]:
    return lambda plane: find(fmpq_mat(plane))


def minors(rows: fmpq_mat) -> Indices:
    """By the minors, for eigenvalues 2^m, …, 2."""
    return planes.by_minors(rows, [2 ** (rows.ncols() - j) for j in range(rows.ncols())])


@claim(
    "kunin2019/E/CW",
    where="Appendix E",
    note="There is no Theorem 2; of Theorem E.1. That the closures of the cells make a CW complex is classical.",
)
def cells() -> Finite:
    """The planes that flow up to a critical point are a Schubert cell."""
    ways = (
        ("the flow, followed up for a long time", of_plane(planes.followed)),
        ("the minors that are not 0", of_plane(minors)),
    )
    says = "The critical point up to which a plane flows is its Schubert symbol."
    return Finite(says, of_plane(planes.above), ways, SMALL_PLANES)


# Signs --------------------------------------------------------------------------------------------
ROTATIONS: tuple[Object, ...] = tuple(
    {"m": m, "chosen": chosen, "i": i}
    for m in range(2, 7)
    for k in range(1, m)
    for chosen in critical(k, m)
    for i, _ in neighbours(chosen)
)


def by_charts(m: int, chosen: Indices, i: int) -> bool:
    first, second = signs(chosen, i, m)
    return first == second


def by_reflection(m: int, chosen: Indices, i: int) -> bool:
    """u_{i−1} ↦ −u_{i−1} exchanges the rotations; it turns as many coordinates of both cells as hold that direction."""
    below = sorted({*chosen, i - 1} - {i})
    free = ([(a, j) for a in cell for j in range(1, a) if j not in cell] for cell in (chosen, below))
    return sum((i - 1) in place for places in free for place in places) % 2 == 0


SIGNS = (("orientations carried along by charts", by_charts), ("a reflection", by_reflection))
SAME = "The rotations of u_i towards u_{i−1}, to either side, have the same sign where"


@claim("kunin2019/E/Z-sign-rule", where="Appendix E")
def printed_rule() -> Finite:
    """Pairs of rotations have the same sign from even to odd dimension, opposite signs from odd to even."""
    return Finite(f"{SAME} the dimension is even.", lambda m, chosen, i: index(chosen) % 2 == 0, SIGNS, ROTATIONS)


@claim(
    "kunin2019/E/Z-sign-rule+",
    where="Appendix E",
    note="For k = 1 the dimension is i − 1 and the print says the same. Gr_2(ℝ⁴) is orientable, by the print not.",
)
def sign_rule_corrected() -> Finite:
    """They have the same sign where k + i is even."""
    return Finite(f"{SAME} k + i is even.", lambda m, chosen, i: (len(chosen) + i) % 2 == 0, SIGNS, ROTATIONS)


def by_fields(k: int, m: int) -> list[str]:
    """From ranks modulo 2 and 3, all torsion being of order 2."""
    found, torsion = [], 0
    for free, two in zip(betti(morse_complex(k, m), 3), modulo_two(k, m), strict=True):
        torsion = two - free - torsion
        found.append(chain_complexes.text((free, (2,) * torsion)))
    return found


@claim("kunin2019/E/CW/homology", where="Appendix E", note="The printed side is by closed formulas.")
def schubert_homology() -> Finite:
    """The Morse complex of L_X has the homology of the Schubert cells over ℤ."""
    ways = (("Smith normal forms", lambda k, m: groups_of(morse_complex(k, m))), ("ranks modulo 2 and 3", by_fields))
    classical = lambda k, m: list(map(chain_complexes.text, formulas.integral(m, k)))  # noqa: E731
    return Finite("H_0, H_1, … of the real Grassmannian.", classical, ways, grassmannians(7))


@claim("kunin2019/E/first", where="Appendix E")
def first() -> Open:
    """The paper may be the first to construct such a function."""
    return Open(
        "While this paper may be the first to directly construct an 𝔽₂-perfect Morse function on the real "
        "Grassmannian, the existence of some 𝔽₂-perfect Morse function is straightforward to deduce from the extensive "
        "literature on perfect Morse functions on complex Grassmannians.",
        "a statement about the literature",
    )

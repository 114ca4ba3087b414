"""Bao et al. 2020, Appendix E.5: where the rotation of RAG goes on the orthogonal subspace W1 = W2ᵀ = OUᵀ.

The rotation is Ẇ = A(W)W with A(W) = (upper − lower)(WXXᵀWᵀ)/2n, and V(W) = tr((S² − WΣWᵀ)D) does not grow along it.
That it converges to an axis-aligned solution is argued by LaSalle's principle, with a compact invariant set: it is no
fact of the kernel. Without it, by the explicit path of :mod:`proofs.lae.rag_limits`, Theorem 4 lacks what is in words
there; the local part to first order and the case k = 2 are proved, and the whole stays open.

Main results
    rows                  the rows ẇ_i of the flow
    falling               V̇ = Σ_{i > j} (d_i − d_j)(w_iᵀΣw_j)² ≤ 0
    diagonal_exactly      V̇ = 0 exactly where WΣWᵀ is diagonal; there the flow rests
    signed_permutation    on the orthogonal subspace these are the signed permutations
    least                 V ≥ 0 on the whole Stiefel manifold, and V = 0 at the ordered directions
    positive_elsewhere    V = 0 only there
    lemma_10_first        Lemma 10 as printed fails for linear systems
    linear                to first order the ordered directions attract, the others repel
    theorem_4             the theorem, open: what is known of it, and what is missing
    attracts_nearby       in the space of all W the ordered directions do not attract their neighbourhood: rUᵀ rests too
    plane_rotation        for k = 2 the flow tends to the ordered directions from every start but the exchanged ones
"""

from __future__ import annotations

from random import Random

from flint import fmpq

from proofs.algebra.evaluate import Instance
from proofs.bao2020.notation import (
    DATA,
    FEWER,
    HALF,
    ONE,
    SPECTRUM,
    S̄,
    TWO,
    TWO_INDICES,
    ZERO,
    Ū,
    I_k,
    I_m,
    S,
    U,
    X,
    i,
    j,
    k,
    l,
    m,
    n,
    σ,
)
from proofs.bao2020.rag import (
    ASCENDING_PAIR,
    D_FALLS,
    SCALE_RAG,
    D,
    d,
    diagonal,
    lower,
    reconstruction,
    rotation,
    upper,
)
from proofs.claim import claim
from proofs.hypotheses import Hypothesis, rational
from proofs.kernel.expressions import (
    Basis,
    Coeff,
    Diag,
    Diff,
    Entry,
    Expr,
    Family,
    Letter,
    LowerMask,
    Named,
    Proj,
    SqNorm,
    Sum,
    Sym,
    Tr,
    Zero,
    add,
    exp,
    integer,
    sqrt,
)
from proofs.kernel.propositions import Every, Rel
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.decay import Decays
from proofs.methods.flow import Clock, Falls, Flow, Solves
from proofs.methods.implication import Follows, Implication, Step, fact
from proofs.methods.words import Open

W = Letter("W", k, m)
Σ = Named("Σ", 1 / n * (X @ X.T), r"\Sigma")
τ = Sym("τ")

# The system ---------------------------------------------------------------------------------------
A = rotation(W @ X @ (W @ X).T)
VELOCITY = 1 / n * (A @ W)
FLOW = Flow(((W, VELOCITY),))


def velocity_at(point: Expr) -> Expr:
    """The right side of (45) with XXᵀ = nΣ in the basis of the data."""
    return rotation(point @ COVARIANCE @ point.T) @ point


def printed_velocity(gram: Expr) -> Expr:
    """(upper − lower)(G)W/2n."""
    return 1 / (2 * n) * ((upper(gram) - lower(gram)) @ W)


@claim("bao2020/E.5/eq45", where="Appendix E.5, (45)", tag="45", given=[FEWER], convention=SCALE_RAG)
def system() -> Chain:
    """The dynamical system is RAG with the reconstruction gradients left out."""
    return eq(VELOCITY, printed_velocity(W @ X @ X @ W.T))


@claim("bao2020/E.5/eq45+", where="Appendix E.5, (45)", tag="45", convention=SCALE_RAG)
def system_corrected() -> Chain:
    """The system holds WXXᵀWᵀ."""
    return eq(VELOCITY, printed_velocity(W @ X @ X.T @ W.T))


@claim("bao2020/E.5/zero-grad", where="Appendix E.5", convention=SCALE_RAG, note="By the slopes in any direction Z.")
def no_reconstruction_gradient() -> All:
    """On the orthogonal subspace W1 = W2ᵀ = OUᵀ the gradients of the reconstruction loss vanish."""
    turn, z = Letter("O", k, k, frozenset({"orthonormal"})), Letter("Z", k, m)
    w1, w2 = turn @ U.T, U @ turn.T
    return both(
        eq(Diff(reconstruction(w1 + τ * z, w2, DATA), τ, 1, True), ZERO),
        eq(Diff(reconstruction(w1, w2 + τ * z.T, DATA), τ, 1, True), ZERO),
    )


@claim(
    "bao2020/E.5/invariance",
    where="Appendix E.5, Theorem 4, proof",
    note="'The last inequality' of the print is this equality. A WWᵀ = I and a W = GUᵀ stay, as solutions are unique: "
    "the rates of WWᵀ and of W(I − UUᵀ) vanish where WWᵀ = I and W(I − UUᵀ) = 0.",
)
def invariance() -> All:
    """WWᵀ moves by AWWᵀ − WWᵀA, so not at all where WWᵀ = I; likewise the rows stay in the span of U."""
    turn = 1 / n * A
    tangent, outside = Flow(((W, VELOCITY),)), I_m - U @ U.T
    return both(
        chain(
            tangent.rate(W @ W.T),
            "=",
            turn @ W @ W.T + W @ W.T @ turn.T,
            "=",
            turn @ W @ W.T - W @ W.T @ turn,
        ),
        eq(turn @ I_k - I_k @ turn, Zero(k, k)),
        eq(tangent.rate(W @ outside), turn @ W @ outside),
    )


def w(place: Expr) -> Named:
    """The row of W with this index, as a column."""
    return Named(f"w_{place}", W.T @ Basis(place, k), f"w_{{{place}}}")


def overlap(a: Expr, b: Expr) -> Expr:
    """w_aᵀΣw_b."""
    return Tr(w(a).T @ Σ @ w(b))


@claim("bao2020/E.5/row-form", where="Appendix E.5, Theorem 4, proof", convention=SCALE_RAG)
def rows() -> Chain:
    """The system in terms of the rows of W."""
    return eq(
        VELOCITY.T @ Basis(i, k),
        -HALF * Sum(j, ONE, i - 1, overlap(i, j) * w(j)) + HALF * Sum(j, i + 1, k, overlap(i, j) * w(j)),
    )


# The Lyapunov function ----------------------------------------------------------------------------
def lyapunov(rows_: Expr, covariance: Expr, weights_: Expr) -> Expr:
    """V(W) = tr((S² − WΣWᵀ)D)."""
    return Tr((S**2 - rows_ @ covariance @ rows_.T) @ weights_)


MOVING = Named("V̇", FLOW.rate(lyapunov(W, Σ, D)), r"\dot V")
SQUARE = overlap(i, j) ** 2


def below_diagonal(term: Expr) -> Sum:
    """The sum over j < i."""
    return Sum(i, TWO, k, Sum(j, ONE, i - 1, term))


@claim("bao2020/E.5/Vdot", where="Appendix E.5, (48)", tag="48", given=[D_FALLS], convention=SCALE_RAG)
def falling() -> Chain:
    """V does not grow."""
    moving = Named("ẇ_i", VELOCITY.T @ Basis(i, k), r"\dot w_i")
    return chain(
        FLOW.rate(lyapunov(W, Σ, D)),
        "=",
        -2 * Sum(i, ONE, k, d[i] * Tr(w(i).T @ Σ @ moving)),
        "=",
        Sum(i, ONE, k, d[i] * (Sum(j, ONE, i - 1, SQUARE) - Sum(j, i + 1, k, SQUARE))),
        "=",
        below_diagonal(d[i] * SQUARE) - Sum(i, ONE, k - 1, Sum(j, i + 1, k, d[i] * SQUARE)),
        "=",
        below_diagonal(d[i] * SQUARE) - Sum(j, ONE, k - 1, Sum(i, j + 1, k, d[j] * SQUARE)),
        "=",
        below_diagonal(d[i] * SQUARE) - below_diagonal(d[j] * SQUARE),
        "=",
        below_diagonal((d[i] - d[j]) * SQUARE),
        "≤",
        below_diagonal(ZERO),
        "=",
        ZERO,
    )


# Where it rests -----------------------------------------------------------------------------------
g = Family("g")
GRAM = W @ Σ @ W.T
DIAGONAL = fact(LowerMask(GRAM, strict=True), "=", 0)
"""A symmetric matrix is diagonal if nothing is below its diagonal."""


@claim(
    "bao2020/E.5/eq49",
    where="Appendix E.5, (49)",
    tag="49",
    given=[D_FALLS, ASCENDING_PAIR],
    convention=SCALE_RAG,
    note="Both directions, for any W; the entry (j, i) with i < j. What it is on the orthogonal subspace is eq49/axes.",
)
def diagonal_exactly() -> All:
    """V̇ = 0 exactly where WXXᵀWᵀ is diagonal; and there the flow rests."""
    entry = Basis(j, k).T @ GRAM @ Basis(i, k)
    a, b = integer("a"), integer("b")

    def term(row: Expr, column: Expr) -> Expr:
        return (d[column] - d[row]) * SqNorm(Basis(row, k).T @ GRAM @ Basis(column, k))

    def squares(gap: Expr) -> Expr:
        others = Sum(a, TWO, k, Sum(b, ONE, a - 1, term(a, b)), (j,))
        return (d[i] - d[j]) * SqNorm(gap) + Sum(b, ONE, j - 1, term(j, b), (i,)) + others

    def products(gap: Expr) -> Expr:
        return Sum(a, TWO, k, Sum(b, ONE, a - 1, (d[a] - d[b]) * Entry(GRAM, a, b) * Entry(gap, a, b)))

    return both(
        Implication(
            (fact(MOVING, "=", 0),), (fact(entry, "=", 0),), (W,), (Step(lambda rate: -rate, squares=squares),)
        ),
        Implication((DIAGONAL,), (fact(MOVING, "=", 0),), (W,), (Step(products),)),
        Implication((DIAGONAL,), (fact(VELOCITY, "=", 0),), (W,), (Step(lambda gap: (gap.T - gap) @ W / 2),)),
    )


O = Letter("O", k, k)
ORTHOGONAL = (Rel(O @ O.T, "=", I_k), Rel(O.T @ O, "=", I_k))
TURNED = O @ S**2 @ O.T
AXES = fact(LowerMask(TURNED, strict=True), "=", 0)
a = integer("a", "", 1, k)


def turned(gap: Expr, columns: Expr) -> Expr:
    """OS² − GO with the diagonal g of OS²Oᵀ, of which the entry (a, i) is O_ai(σ_i² − g_a)."""
    return (gap + gap.T) @ O - O @ S**2 @ columns


def product(h: Expr, b: Expr, c: Expr) -> Expr:
    """O_ab O_ac for b ≠ c."""
    return (Entry(O, a, c) * Entry(h, a, b) - Entry(O, a, b) * Entry(h, a, c)) / (σ[b] ** 2 - σ[c] ** 2)


def cube(rows_: Expr) -> Expr:
    """O_ai³ − O_ai, as ‖row a‖ = 1 and O_ac O_ai = 0 for c ≠ i."""
    c = integer("c")
    two = Named("O_ac O_ai", Entry(O, a, c) * Entry(O, a, i))
    return Entry(O, a, i) * Entry(rows_, a, a) - Sum(c, ONE, k, Entry(O, a, c) * two, (i,))


TO_AXES = (
    Step(lambda rows_, columns, gap: turned(gap, columns), Rel(O @ S**2, "=", diagonal(TURNED) @ O)),
    Step(lambda rows_, columns, gap, h: product(h, i, j)),
    Step(lambda rows_, *known: cube(rows_)),
)


@claim(
    "bao2020/E.5/eq49/axes",
    where="Appendix E.5, after (49)",
    given=[SPECTRUM, TWO_INDICES],
    note="W = OUᵀ, so that WΣWᵀ = OS²Oᵀ. An orthogonal O whose rows have one entry, 1 or −1, is a signed permutation.",
)
def signed_permutation() -> Implication:
    """On the orthogonal subspace WXXᵀWᵀ is diagonal only if each row of O is one of ±e_iᵀ."""
    no_two = fact(Entry(O, a, i) * Entry(O, a, j), "=", 0)
    a_sign = fact(Entry(O, a, i) ** 3 - Entry(O, a, i), "=", 0)
    return Implication((*ORTHOGONAL, AXES), (no_two, a_sign), (O,), TO_AXES, generic=(i, j))


x, e = Sym("x"), Sym("e")
NEAR = Hypothesis(
    "x³ = x, e³ = e, (x − e)² < 1",
    r"x^3 = x,\ e^3 = e,\ (x-e)^2 < 1",
    (Rel(x**3 - x, "=", ZERO), Rel(e**3 - e, "=", ZERO), Rel(1 - (x - e) ** 2, ">", ZERO)),
    lambda rng, at: dict.fromkeys(("x", "e"), fmpq(rng.choice((0, 1, -1)))),
    lambda rng, at: {"x": fmpq(rng.choice((0, 1, -1))), "e": fmpq(rng.choice((0, 1, -1)))},
)


@claim(
    "bao2020/E.5/unique-local",
    where="Appendix E.5, Theorem 4, proof, part 2",
    given=[NEAR],
    note="x and e are corresponding entries of two zeros of V̇ on the orthogonal subspace, signed permutations by "
    "bao2020/E.5/eq49/axes: two zeros whose entries differ by less than 1 are the same. So |O_ij − Ĩ_ij| < 1 for all "
    "i, j is a neighbourhood of Ĩ that holds no other.",
)
def isolated() -> Chain:
    """The zeros of V̇ on the orthogonal subspace are isolated: near Ĩ there is no other."""

    def squares(gap: Expr) -> Expr:
        return 3 * (1 - (x - e) ** 2) * SqNorm(gap) + SqNorm((1 - (x - e) ** 2) * gap)

    def combination(cube_x: Expr, cube_e: Expr) -> Expr:
        by_x = x**3 - 6 * e * x**2 + 15 * e**2 * x - 20 * e**3 + 14 * e - 4 * x
        by_e = e**3 - 6 * e**2 * x + 15 * e * x**2 - 4 * e - 6 * x
        return by_x * cube_x + by_e * cube_e

    return eq(x, e, Follows(Step(combination, squares=squares)))


# The least value of V -----------------------------------------------------------------------------
COVARIANCE = Named("Σ", Ū @ S̄**2 @ Ū.T, r"\Sigma")
Q = Letter("Q", m, k, frozenset({"orthonormal"}))


@claim(
    "bao2020/E.5/brockett-min",
    where="Appendix E.5, before part 1",
    given=[SPECTRUM, D_FALLS, ASCENDING_PAIR],
    note="Read as it stands: the eigenvectors in any order, here the i-th and the j-th exchanged. W is any point of "
    "the Stiefel manifold.",
)
def eigenvectors() -> Chain:
    """The Brockett cost is least where the rows of W are eigenvectors of Σ."""
    step = Basis(i, k) - Basis(j, k)
    exchanged = (I_k - step @ step.T) @ U.T
    return chain(lyapunov(exchanged, COVARIANCE, D), "≤", lyapunov(Q.T @ Ū.T, COVARIANCE, D))


weights = Family("w", length=k)
f = Family("d", tail=lambda a: weights[a], length=k)
F = Diag(f, k, "D")


def positive_weights(rng: Random, at: Instance) -> Instance:
    return {"w": [rational(rng, at["height"] + 1, True) for _ in range(at["k"])]}


def negative_weights(rng: Random, at: Instance) -> Instance:
    return {"w": [-rational(rng, at["height"] + 1, True) for _ in range(at["k"])]}


SUMS = Hypothesis(
    "d_i = Σ_{b ≥ i} w_b, w_b > 0",
    r"d_i = \textstyle\sum_{b \ge i} w_b,\ w_b > 0",
    (Every(l, ONE, k, Rel(weights[l], ">", ZERO)),),
    positive_weights,
    negative_weights,
)
"""The same as d_1 > … > d_k > 0, with w_b = d_b − d_{b+1} and w_k = d_k."""
b, c = integer("b", "", 1, k), integer("c", "", 1, m)


def kept(place: Expr) -> Expr:
    """‖Π_b Qᵀe_c‖²: the squares of the first b entries of a row."""
    return SqNorm(Proj(b, k) @ Q.T @ Basis(place, m))


def left(place: Expr) -> Expr:
    """1 less that, as QΠ_bQᵀ is a projection."""
    return SqNorm((I_m - Q @ Proj(b, k) @ Q.T) @ Basis(place, m))


def apart() -> Sum:
    """V as a sum of terms that are not negative, by Abel's summation: each is what Ky Fan's inequality leaves."""
    between = (σ[b] ** 2 + σ[b + 1] ** 2) / 2
    above = Sum(c, ONE, b, (σ[c] ** 2 - between) * left(c))
    below = Sum(c, b + 1, m, (between - σ[c] ** 2) * kept(c))
    return Sum(b, ONE, k, weights[b] * (above + below))


@claim(
    "bao2020/E.5/brockett-min+",
    where="Appendix E.5, before part 1",
    given=[SPECTRUM, SUMS],
    note="W = QᵀŪᵀ is any point of the Stiefel manifold; at W = Uᵀ the bracket of the trace, S² − WΣWᵀ, is 0.",
)
def least() -> All:
    """The cost is least, 0, where the rows of W are the first k eigenvectors in order."""
    return both(
        chain(lyapunov(Q.T @ Ū.T, COVARIANCE, F), "=", apart(), "≥", ZERO),
        eq(U.T @ COVARIANCE @ U, S**2),
    )


VALUE = Named("V", lyapunov(O @ U.T, COVARIANCE, F))


def entry_squared(row: Expr, column: Expr) -> Expr:
    """O_ac²."""
    return SqNorm(Entry(O, row, column))


class Abel:
    """V as Σ_b w_b [Σ_{c ≤ b} (σ_c² − ρ_b²) Σ_{a > b} O_ac² + Σ_{c > b} (ρ_b² − σ_c²) Σ_{a ≤ b} O_ac²].

    ρ_b is σ_b or σ_{b+1}, so that no term is negative; for b = k there is nothing in the bracket.
    """

    def __init__(self, shift: int):
        self.shift = shift
        self.last = k - shift

    def reference(self, place: Expr) -> Expr:
        """ρ_b²."""
        return σ[place + self.shift] ** 2 if self.shift else σ[place] ** 2

    def early(self, place: Expr, without: tuple[Sym, ...] = ()) -> Expr:
        """Σ over c ≤ b."""
        a, c = integer("a"), integer("c")
        weight = σ[c] ** 2 - self.reference(place)
        return Sum(c, ONE, place, weight * Sum(a, place + 1, k, entry_squared(a, c)), without)

    def late(self, place: Expr, without: tuple[Sym, ...] = ()) -> Expr:
        """Σ over c > b."""
        a, c = integer("a"), integer("c")
        weight = self.reference(place) - σ[c] ** 2
        return Sum(c, place + 1, k, weight * Sum(a, ONE, place, entry_squared(a, c)), without)

    def others(self) -> Expr:
        """The terms with b ≠ i."""
        b = integer("b")
        sums = (Sum(b, ONE, self.last, weights[b] * part(b), (i,)) for part in (self.early, self.late))
        return add(*sums)

    def combination(self, rows_: Expr, columns: Expr, value: Expr) -> Expr:
        """What the sum is by V and by the residuals of OOᵀ = I and OᵀO = I."""
        a, b, c = integer("a"), integer("b"), integer("c")
        early = Sum(c, ONE, b, (σ[c] ** 2 - self.reference(b)) * Entry(columns, c, c))
        rest = early + self.reference(b) * Sum(a, ONE, b, Entry(rows_, a, a))
        found = value + Sum(b, ONE, self.last, weights[b] * rest)
        return found + weights[k] * Sum(c, ONE, k, σ[c] ** 2 * Entry(columns, c, c)) if self.shift else found


def upper_entry() -> Step:
    """O_ij = 0 for i < j, from the term with b = i, c = j, a = i."""
    abel, a = Abel(0), integer("a")

    def squares(gap: Expr) -> Expr:
        weight = weights[i] * (σ[i] ** 2 - σ[j] ** 2)
        column = weight * Sum(a, ONE, i - 1, entry_squared(a, j))
        same = weights[i] * abel.early(i) + weights[i] * abel.late(i, (j,))
        return weight * SqNorm(gap) + column + same + abel.others()

    return Step(lambda *known: abel.combination(*known[:3]), squares=squares)


def lower_entry() -> Step:
    """O_ji = 0 for i < j, from the term with b = i, c = i, a = j."""
    abel, a = Abel(1), integer("a")

    def squares(gap: Expr) -> Expr:
        weight = weights[i] * (σ[i] ** 2 - σ[i + 1] ** 2)
        column = weight * Sum(a, i + 1, k, entry_squared(a, i), (j,))
        same = weights[i] * abel.early(i, (i,)) + weights[i] * abel.late(i)
        return weight * SqNorm(gap) + column + same + abel.others()

    return Step(lambda *known: abel.combination(*known[:3]), squares=squares)


@claim(
    "bao2020/E.5/eq50",
    where="Appendix E.5, (50)",
    tag="50",
    given=[SPECTRUM, SUMS, ASCENDING_PAIR],
    note="W = OUᵀ with an orthogonal O. 'Zero at O = Ĩ, positive elsewhere' is read as: V = 0 where O is diagonal "
    "with entries ±1, and O_ij = O_ji = 0 for i < j where V = 0. That V ≥ 0 is bao2020/E.5/brockett-min+. "
    "R is such an O; the second part has its equations as premises.",
)
def positive_elsewhere() -> All:
    """V as a function of the entries of O; it is 0 at the ordered directions and at no others."""
    turn = Letter("R", k, k, frozenset({"orthonormal"}))
    value = lyapunov(turn @ U.T, COVARIANCE, F)
    entries = Sum(i, ONE, k, Sum(j, ONE, k, f[i] * σ[j] ** 2 * Entry(turn, i, j) ** 2))
    apart_ = (fact(Entry(O, i, j), "=", 0), fact(Entry(O, j, i), "=", 0))
    return both(
        eq(value, -entries + Sum(i, ONE, k, f[i] * σ[i] ** 2)),
        Implication((*ORTHOGONAL, fact(VALUE, "=", 0)), apart_, (O,), (upper_entry(), lower_entry())),
    )


# LaSalle's principle as printed -------------------------------------------------------------------
slope, weight, offset, start, time = Sym("a"), Sym("b"), Sym("c"), Sym("x_0"), Sym("t")
LINE = start / exp(slope * time)
LEVEL = offset + weight * LINE**2
FAMILY = "The lemma for ẋ = −ax, x* = 0 and V(x) = c + bx², so that x(t) = x_0/exp(at); if it fails there, it fails."


def signs(rng: Random, at: Instance) -> Instance:
    """a and b of one sign, or one of them 0."""
    a, b = rational(rng, at["height"] + 1, True), rational(rng, at["height"] + 1, True)
    a, b = rng.choice(((a, b), (-a, -b), (a, b * 0), (a * 0, b)))
    return {"a": a, "b": b}


NO_GROWTH = Hypothesis(
    "V̇ ≤ 0 for all x",
    r"\dot V(x) = -2abx^2 \le 0\ \forall x",
    (Rel(slope * weight, "≥", ZERO),),
    signs,
    lambda rng, at: {"a": fmpq(-1), "b": fmpq(1)},
)
STRICT = Hypothesis(
    "V̇ < 0 for x ≠ 0",
    r"\dot V(x) = -2abx^2 < 0 \text{ for } x \ne 0",
    (Rel(slope * weight, ">", ZERO),),
    signs,
    lambda rng, at: {"a": fmpq(-1), "b": fmpq(1)},
)
"""V̇ ≤ 0 for all x, and V̇ = 0 for all times only at 0."""
POSITIVE = Hypothesis(
    "V > 0 near 0",
    r"V(x) = c + bx^2 > 0 \text{ for } x \in \mathcal N,\ x \ne 0",
    (Rel(offset, ">", ZERO),),
    lambda rng, at: {"c": rational(rng, at["height"] + 1, True)},
    lambda rng, at: {"c": -rational(rng, at["height"] + 1, True)},
)


@claim("bao2020/E.5/lemma10a", where="Appendix E.5, Lemma 10", given=[NO_GROWTH], note=FAMILY)
def lemma_10_first() -> All:
    """If V̇ ≤ 0 everywhere, V̇ tends to 0 along solutions."""
    decrease = -2 * slope * weight * start**2
    return both(
        eq(Diff(LINE, time), -slope * LINE),
        eq(Diff(LEVEL, time), decrease / exp(slope * time) ** 2),
        Decays(decrease, slope, time, 2),
    )


@claim(
    "bao2020/E.5/lemma10b",
    where="Appendix E.5, Lemma 10",
    given=[STRICT, POSITIVE],
    note=f"{FAMILY} V(x*) = 0 is not asked for; V(x*) = c > 0, and V > 0 near x*.",
)
def lemma_10_second() -> All:
    """If moreover V > 0 near x*, and V̇ = 0 for all times only at x*, solutions tend to x*."""
    return both(eq(Diff(LINE, time), -slope * LINE), Decays(start, slope, time))


LEAST_AT_ZERO = Hypothesis(
    "V(0) = 0, V > 0 near 0",
    r"V(0) = c = 0,\ V(x) = bx^2 > 0 \text{ for } x \ne 0",
    (Rel(weight, ">", ZERO),),
    None,
    lambda rng, at: {"a": fmpq(-1), "b": fmpq(-1)},
)


@claim(
    "bao2020/E.5/lemma10b/zero",
    where="Appendix E.5, Lemma 10",
    given=[STRICT, LEAST_AT_ZERO],
    note="With V(x*) = 0 it holds for these systems. For others it is Lyapunov's theorem, which is not proved here.",
)
def lemma_10_with_zero() -> Decays:
    """For ẋ = −ax and V = bx², with V(0) = 0, solutions tend to 0."""
    return Decays(start, slope, time)


@claim("bao2020/E.5/lasalle-use", where="Appendix E.5, Theorem 4, proof, part 1")
def use_of_lasalle() -> Open:
    """V̇ tends to 0, and so W tends to an axis-aligned solution."""
    return Open(
        "From LaSalle's invariance principle, we have V̇(W) → 0 as t → ∞. Therefore, W(t) → PUᵀ.",
        "the principle as printed fails (bao2020/E.5/lemma10a); with the compact set WWᵀ = I, W = GUᵀ, which is "
        "invariant (bao2020/E.5/invariance) and on which V̇ is 0 at the signed permutations alone "
        "(bao2020/E.5/eq49/axes), which are isolated (bao2020/E.5/unique-local), it would follow, but solutions of"
        " flows and their limit sets are no terms of the kernel",
    )


# What of Theorem 4 is known -----------------------------------------------------------------------
@claim("bao2020/E.5/thm4", where="Appendix E.5, Theorem 4")
def theorem_4() -> Open:
    """From every orthogonal start W tends to an axis-aligned solution; the ordered ones are stable."""
    return Open(
        "Then W(t) → PUᵀ as t → ∞, where P ∈ ℝ^{k×k} is a permutation matrix with non-zero elements ±1. Also, the "
        "dynamical system is asymptotically stable at ĨUᵀ.",
        "proved are its parts: for k = 2 (bao2020/E.5/thm4/plane), to first order (bao2020/E.5/thm4/linear), a "
        "function that falls (Vdot), where it rests (eq49/axes), where it is least (eq50), and without LaSalle, for "
        "every k and every start: O is the orthogonal factor of exp(S²t/2)O(0)ᵀ (lae/rag/solution), which carries the "
        "span of the first b rows along as a graph over b axes (lae/rag/graph) that is no further from them than this "
        "graph is steep (lae/rag/near, lae/rag/bounded), and that flattens (lae/rag/falls). In words alone: that there "
        "are such axes (echelon form), that the factor is smooth in t, and that a start has one solution. On all of "
        "ℝ^{k×m} the second part is false "
        "(bao2020/E.5/thm4/whole-space)",
    )


scale = Sym("r")
NEAR_ONE = Hypothesis(
    "0 < |r − 1| < 1/2",
    r"0 < |r - 1| < \tfrac12",
    (Rel((scale - 1) ** 2, ">", ZERO), Rel(1 - 4 * (scale - 1) ** 2, ">", ZERO)),
    lambda rng, at: {"r": 1 + fmpq(rng.choice((1, -1)) * rng.randint(1, at["height"] + 1), 2 * at["height"] + 3)},
    lambda rng, at: {"r": fmpq(1)},
)


@claim(
    "bao2020/E.5/thm4/whole-space",
    where="Appendix E.5, Theorem 4",
    given=[NEAR_ONE],
    convention=SCALE_RAG,
    note="The second part read without (46), of (45) as a system in ℝ^{k×m}: what attracts a neighbourhood has no "
    "other rest point in it. Tried on W = rUᵀ.",
)
def attracts_nearby() -> Chain:
    """Near W = Uᵀ the system rests at Uᵀ alone."""
    return chain(SqNorm(velocity_at(scale * U.T)), ">", ZERO)


@claim(
    "bao2020/E.5/thm4/whole-space+",
    where="Appendix E.5, Theorem 4",
    convention=SCALE_RAG,
    note="So Uᵀ attracts at most what begins with WWᵀ = I, which the flow conserves (bao2020/E.5/invariance).",
)
def rests_along_a_line() -> Chain:
    """The system rests at W = rUᵀ for every r."""
    return eq(velocity_at(scale * U.T), Zero(k, m))


K = Letter("K", k, k, frozenset({"skew"}))
Γ = Diag(g, k, "Γ")
ε = Sym("ε", r"\varepsilon")


@claim(
    "bao2020/E.5/thm4/linear",
    where="Appendix E.5, Theorem 4",
    given=[ASCENDING_PAIR],
    note="At a signed permutation P, where PS²Pᵀ = Γ = diag(g) holds the σ_i² in some order; O = (I + εK)P with a skew "
    "K moves by K̇ = A. So K_ij falls at the rate (g_i − g_j)/2 where g_i > g_j for i < j, and grows where g_i < g_j: "
    "to first order the ordered directions attract, and all others repel in some direction.",
)
def linear() -> Chain:
    """Near an axis-aligned solution K_ij changes at the rate −(g_i − g_j)/2, to first order."""
    turned_gram = (I_k + ε * K) @ Γ @ (I_k + ε * K).T
    return eq(Coeff(Entry(rotation(turned_gram), i, j), ε, 1), -HALF * (g[i] - g[j]) * Entry(K, i, j))


PAIR, TURN = Letter("G", 2, 2), Sym("τ_0", r"\tau_0")
elapsed = Sym("e^(δt)", r"e^{\delta t}")
δ = Named("δ", σ[1] ** 2 - σ[2] ** 2, r"\delta")
first, second = Basis(ONE, 2), Basis(TWO, 2)


def plane(s: Expr) -> Expr:
    """OS²Oᵀ for the rotation O by an angle of tangent τ_0/√s."""
    tilt = TURN * (second @ second.T - first @ first.T) + sqrt(s) * (first @ second.T + second @ first.T)
    return Diag(σ, 2, "S") ** 2 + δ * TURN / (s + TURN**2) * tilt


def later(rng: Random, at: Instance) -> Instance:
    """A time at which e^{δt} is a square."""
    return {elapsed.name: (1 + abs(rational(rng, at["height"] + 1))) ** 2}


def two_values(rng: Random, at: Instance) -> Instance:
    """Two different ones, the lesser of them maybe 0; the others are not asked for."""
    low = rng.choice((fmpq(0), rational(rng, at["height"], True)))
    return {"σ": [low + rational(rng, at["height"] + 1, True), *[low] * 8]}


LATER = Hypothesis("t ≥ 0", r"t \ge 0", (Rel(elapsed, "≥", ONE),), later)
TWO_VALUES = Hypothesis(
    "σ_1 > σ_2 ≥ 0",
    r"\sigma_1 > \sigma_2 \ge 0",
    (Rel(σ[1], ">", σ[2]), Rel(σ[2], "≥", ZERO)),
    two_values,
    lambda rng, at: {"σ": [fmpq(1), fmpq(2)] * 4},
)


@claim(
    "bao2020/E.5/thm4/plane",
    where="Appendix E.5, Theorem 4",
    given=[TWO_VALUES, LATER],
    note="k = 2: G = WΣWᵀ = OS²Oᵀ moves by Ġ = AG + GAᵀ. O is a rotation by any angle but a right one, which is the "
    "other order, or such a rotation with a row of other sign, for which −τ_0 stands in the place of τ_0.",
)
def plane_rotation() -> Solves:
    """For two latents WΣWᵀ tends to S² from every start but the exchanged order, like exp(−(σ_1² − σ_2²)t/2)."""
    a = rotation(PAIR)
    square = 2 * δ**2 * TURN**2 / (elapsed + TURN**2)
    return Solves(
        letters=(PAIR,),
        system=(a @ PAIR + PAIR @ a.T,),
        solution=(plane(elapsed),),
        initial=(plane(ONE),),
        limit=(Diag(σ, 2, "S") ** 2,),
        clock=Clock(elapsed, δ),
        falls=(Falls(square, 2 * δ**2 * TURN**2),),
    )

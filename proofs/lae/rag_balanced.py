"""From which starts the rotation augmented gradient keeps encoder and decoder transposes of each other.

M = XXᵀ. In continuous time these are exactly the W1 = W2ᵀ = W at which WᵀW and M commute: elsewhere W1 − W2ᵀ moves at
once, and there WᵀW and M go on to commute (bao2020/6.1/balanced+ and /flow). A step of finite size may leave them.
Where every row of W is an eigenvector of M, any number of steps of any sizes does not.

Main results
    grams         W1W1ᵀ − W2ᵀW2 is only turned, in continuous time: from every start what is 0 stays 0
    leaves        how W1 − W2ᵀ leaves 0
    eigenrows     rows that are eigenvectors of M stay so, with the same eigenvalues, and all steps end balanced
    second_step   two steps end balanced exactly if WᵀW and FᵀF commute with M, F being W's velocity: whatever α is
    one_latent    for k = 1 a balanced step leaves only rows that are eigenvectors
    plane         for k = m = 2 what two balanced steps leave
    dance         at one size of the steps another start stays balanced for ever: W and JW follow each other
"""

from __future__ import annotations

from dataclasses import replace

from proofs.bao2020.notation import ONE, TWO, W1, W2, ZERO, I_m, n, α
from proofs.bao2020.rag import SCALE_RAG, D, gradients, rotation
from proofs.bao2020.section_6 import COMMUTE, SKEW, STEP_SIZE, TIED_1, TIED_2, M, S, W
from proofs.claim import claim
from proofs.hypotheses import Hypothesis, Plan, rational
from proofs.kernel.expressions import Basis, Diag, Entry, Expr, Eye, Family, Letter, Named, Sym, sqrt
from proofs.kernel.propositions import Rel
from proofs.methods.chain import Chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.flow import Flow
from proofs.methods.implication import SMALL, Implication, Step, fact

WHERE = "RAG from W1 = W2ᵀ"
CLOSED_1, CLOSED_2 = gradients(W1, W2)
RAG = Flow(((W1, 1 / n * (SKEW @ W1) - CLOSED_1), (W2, -1 / n * (W2 @ SKEW) - CLOSED_2)))
FEW = replace(SMALL, sizes=SMALL.sizes[1:3], tries=3)
ANY = "A may be any skew-symmetric matrix."
A = rotation(W @ M @ W.T)


# Continuous time ----------------------------------------------------------------------------------
@claim("lae/rag/balanced/grams", where=WHERE, convention=SCALE_RAG, note=ANY)
def grams() -> Chain:
    """W1W1ᵀ − W2ᵀW2 is turned by A alone: what it is at the start it is for ever, up to a rotation."""
    gap = Named("Δ", W1 @ W1.T - W2.T @ W2, r"\Delta")
    return eq(RAG.rate(gap), 1 / n * (SKEW @ gap - gap @ SKEW), plan=FEW)


@claim("lae/rag/balanced/leaves", where=WHERE, convention=SCALE_RAG)
def leaves() -> All:
    """From W1 = W2ᵀ = W the gap W1 − W2ᵀ moves by −2W(WᵀWM − MWᵀW)/n, in continuous time and with every step."""
    apart = -2 / n * (W @ (S @ M - M @ S))
    return both(eq(-TIED_1 + TIED_2.T, apart))


# Steps --------------------------------------------------------------------------------------------
def velocity(w: Expr, covariance: Expr) -> Expr:
    """n times the velocity where WᵀW and M commute."""
    return rotation(w @ covariance @ w.T) @ w - 2 * (w @ covariance @ (w.T @ w - Eye(w.shape[1])))


NEXT = W + α / n * velocity(W, M)


ROWS = Rel(W @ M, "=", D @ W)


@claim(
    "lae/rag/balanced/rows",
    where=WHERE,
    convention=SCALE_RAG,
    note="WM = DW with a diagonal D: each row of W is an eigenvector of M, or 0; rows may share an eigenvalue. α is "
    "any number, so the flow keeps them too.",
)
def eigenrows() -> Implication:
    """Where each row is an eigenvector of M a step ends balanced, and each row is one for the same eigenvalue."""

    def commute(gap: Expr) -> Expr:
        return W.T @ gap - gap.T @ W

    def still(gap: Expr, *_: Expr) -> Expr:
        turned = A @ gap + rotation(gap @ M @ W.T - W @ M @ gap.T) @ W
        pulled = gap @ M @ (S - I_m) + W @ M @ commute(gap)
        return gap + α / n * (turned - 2 * pulled)

    steps = (Step(commute), Step(still))
    return Implication((ROWS,), (COMMUTE, Rel(NEXT @ M, "=", D @ NEXT)), (W,), steps)


F = Named("F", SKEW @ W - 2 * (W @ M @ (S - I_m)))
FORCE = Rel(F.T @ F @ M, "=", M @ F.T @ F)
GRAM = (W + α / n * F).T @ (W + α / n * F)
AGAIN = Rel(GRAM @ M, "=", M @ GRAM)


@claim(
    "lae/rag/balanced/second-step",
    where=WHERE,
    given=[STEP_SIZE],
    convention=SCALE_RAG,
    note=f"F = AW − 2WM(WᵀW − I). {ANY} The first step ends balanced exactly if WᵀW and M commute "
    "(bao2020/6.1/balanced+), and then the second exactly if they commute after the first: whatever α is.",
)
def second_step() -> All:
    """If WᵀW and M commute, they do after a step exactly if FᵀF and M commute."""
    step = α / n

    def linear(gap: Expr) -> Expr:
        """The commutator of WᵀF + FᵀW with M."""
        return 2 * (gap @ M + M @ gap) - 4 * (M @ S @ gap + gap @ S @ M)

    forward = Step(lambda gap, force: gap + step * linear(gap) + step**2 * force)
    back = Step(lambda gap, again: (again - gap - step * linear(gap)) / step**2)
    return both(
        Implication((COMMUTE, FORCE), (AGAIN,), (W,), (forward,), FEW),
        Implication((COMMUTE, AGAIN), (FORCE,), (W,), (back,), FEW),
    )


# One latent, and two ------------------------------------------------------------------------------
@claim(
    "lae/rag/balanced/one-latent",
    where=WHERE,
    convention=SCALE_RAG,
    note="For k = 1, WWᵀ and WMWᵀ are numbers and the equation says that W is an eigenvector of M, or 0.",
)
def one_latent() -> Implication:
    """For k = 1 they commute only if W is an eigenvector: what one step leaves balanced is so for ever."""
    eigenvector = Rel(W @ W.T @ W @ M, "=", W @ M @ W.T @ W)
    return Implication((COMMUTE,), (eigenvector,), (W,), (Step(lambda gap: W @ gap),))


P, μ = Letter("W", 2, 2), Family("μ", r"\mu")
PLANE = Diag(μ, 2, "M")
e_1, e_2 = Basis(ONE, 2), Basis(TWO, 2)


@claim(
    "lae/rag/balanced/plane",
    where=WHERE,
    convention=SCALE_RAG,
    note="k = m = 2, M = diag(μ) in the basis of its eigenvectors, s_i = (WᵀW)_ii. So two steps end balanced exactly "
    "if WMWᵀ is diagonal, or (s_1 − 1)μ_1 = (s_2 − 1)μ_2, or det W = 0.",
)
def plane() -> Implication:
    """For two latents of two components (FᵀF)_12 is a product where WᵀW and M commute."""
    f, gram, scales = velocity(P, PLANE), Entry(P @ PLANE @ P.T, ONE, TWO), P.T @ P
    τ = [Entry(scales, a, a) * μ[a] for a in (ONE, TWO)]
    pull = [τ[0] - μ[1], τ[1] - μ[2]]
    mixed = Entry(scales, ONE, TWO)

    def cofactor(gap: Expr) -> Expr:
        inner = τ[0] * pull[0] + τ[1] * pull[1] + pull[0] * pull[1] + mixed**2 * μ[1] * μ[2]
        return (gram**2 / 4 + 4 * inner) * gap

    area = Entry(P, ONE, ONE) * Entry(P, TWO, TWO) - Entry(P, ONE, TWO) * Entry(P, TWO, ONE)
    conclusion = Rel(Entry(f.T @ f, ONE, TWO), "=", (pull[1] - pull[0]) * gram * area)
    return Implication((fact(mixed, "=", 0),), (conclusion,), (P,), (Step(cofactor),), FEW)


# A start that stays balanced at one size of the steps alone -------------------------------------------
h, low = Sym("h"), Sym("μ_2", r"\mu_2")
high = low + 25 * h / 3
J = e_1 @ e_2.T - e_2 @ e_1.T
SHAPE = sqrt(1 + h / high) * (4 * e_1 + 3 * e_2) @ e_1.T / 5 + sqrt(1 + h / low) * (4 * e_2 - 3 * e_1) @ e_2.T / 5
ONCE = Plan(({"k": 2, "m": 2, "n": 1, "p": 1},))
POSITIVE = Hypothesis(
    "h > 0, μ_2 > 0",
    r"h > 0,\ \mu_2 > 0",
    (Rel(h, ">", ZERO), Rel(low, ">", ZERO)),
    lambda rng, at: {name: rational(rng, at["height"] + 1, True) for name in ("h", "μ_2")},
)


@claim(
    "lae/rag/balanced/dance",
    where=WHERE,
    given=[POSITIVE],
    convention=SCALE_RAG,
    note="k = m = 2, M = diag(μ_1, μ_2) with μ_1 = μ_2 + 25h/3, and α/n = 1/2h. WᵀW is diagonal, and JᵀJ = I.",
)
def dance() -> All:
    """At one size of the steps W and JW follow each other for ever, balanced, and no row is an eigenvector."""
    covariance = high * (e_1 @ e_1.T) + low * (e_2 @ e_2.T)
    start, lengths = Named("W", SHAPE), sqrt(1 + h / high) * sqrt(1 + h / low)

    def moved(w: Expr) -> Expr:
        return w + 1 / (2 * h) * velocity(w, covariance)

    return both(
        eq(moved(start), J @ start, plan=ONCE),
        eq(moved(J @ start), start, plan=ONCE),
        eq(Entry(start.T @ start, ONE, TWO), ZERO, plan=ONCE),
        eq(Entry(start, ONE, ONE) * Entry(start, ONE, TWO), -12 * lengths / 25, plan=ONCE),
    )

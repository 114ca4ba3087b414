"""What the steps of a proof say in Coq: no more is supposed than by the claim, and a wrong step is rejected."""

import importlib
import pkgutil
import shutil
from pathlib import Path

import pytest

import proofs.kernel
from proofs.export.accepted import asked, library
from proofs.export.coq import Lacking
from proofs.export.lemmas import PROOFS
from proofs.export.steps import proof
from proofs.kernel import expressions as E
from proofs.kernel import matrices, rules, theorem
from proofs.kernel.expressions import Family, Letter, SqNorm, Sum, Sym, integer, lift, size, sqrt
from proofs.kernel.gaps import Positive
from proofs.kernel.propositions import And, Every, Exists, Implies, Rel, rel
from proofs.kernel.theorem import Theorem

k, m = size("k"), size("m")
i, j, l = integer("i"), integer("j"), integer("l")  # noqa: E741
x, y = Sym("x"), Sym("y")
f = Family("f")
A = Letter("A", k, m)
SIZES = (rel(1, "≤", k), rel(1, "≤", m))


def larger_square() -> Theorem:
    """0 < x < y gives x² < y²: y² − x² = (y − x)(y − x + 2x)."""
    facts = rules.hypothesis(rel(x, ">", 0)), rules.hypothesis(rel(x, "<", y))
    shape = Positive((((0, 2), 1), ((1, 1), 2)), (((0, 0), 1),))
    return rules.positive(rel(x**2, "<", y**2), facts, shape)


def different(sign: int) -> Theorem:
    """0 < x gives x + 1 ≠ 0: the gap is 1 + x; and −x − 1 ≠ 0: it is −(1 + x)."""
    shape = Positive((((0,), 1), ((1,), 1)), (((0,), 1),), sign)
    return rules.positive(rel(sign * (x + 1), "≠", 0), (rules.hypothesis(rel(x, ">", 0)),), shape)


def above_0() -> Theorem:
    return different(1)


def below_0() -> Theorem:
    return different(-1)


def vanishing_square() -> Theorem:
    p = rel(SqNorm(A), "=", 0)
    return rules.discharge(rules.vanishing(rules.hypothesis(p)), p)


def neighbours() -> Theorem:
    given = Every(l, lift(1), k - 1, Rel(f[l], "<", f[l + 1]))
    known = tuple(map(rules.hypothesis, (rel(1, "≤", i), rel(i, "<", j), rel(j, "≤", k))))
    return rules.monotone(rules.hypothesis(given), i, j, known)


def term_by_term() -> Theorem:
    p = Every(l, lift(1), k, Rel(f[l], "≤", x))
    return rules.terms(rules.hypothesis(p))


def in_two_parts() -> Theorem:
    p = And((rel(x, "=", y), rel(x, ">", 0)))
    given = rules.hypothesis(p)
    return rules.discharge(rules.conjunction((rules.weaken(rules.part(given, 1), "≠"), rules.part(given, 0))), p)


def other_values() -> Theorem:
    """What holds of x holds of a trace."""
    return rules.rename(rules.square(x), ((x, E.Tr(A @ A.T)),))


def equals_for_equals() -> Theorem:
    return rules.replace(y * x**2, ((x, rules.hypothesis(Rel(x, "=", E.Tr(A @ A.T)))),))


def there_is_one() -> Theorem:
    return rules_of_existence(Exists(x, rel(x**2, "≥", 0)), rules.square(y))


def there_is_a_family() -> Theorem:
    """There are numbers f_l = l x."""
    multiples = Family("g", define=lambda a: a * x)
    every = Every(l, lift(1), k, Rel(f[l], "=", l * x))
    shown = rules.generalise(rules.ring(Rel(l * x, "=", l * x)), l, lift(1), k)
    return rules_of_existence(Exists(f, every), shown, multiples)


def an_inverse() -> Theorem:
    """AᵀA ≻ 0 gives det AᵀA > 0 and (AᵀA)⁻¹AᵀA = I."""
    p = Rel(A.T @ A, "≻", E.Zero(m, m))
    large = matrices.of_definite(rules.hypothesis(p))
    inverse = rules.part(matrices.invertible(rules.weaken(large, "≠")), 0)
    return rules.discharge(rules.conjunction((large, inverse)), p)


def parts_of_what_is_not_0() -> Theorem:
    """x(y − z)² ≠ 0 gives (y − z)/(y − z) = 1."""
    gap = y - Sym("z")
    p = rel(x * gap**2, "≠", 0)
    known = rules.hypothesis(rel(gap, "≠", 0))
    return rules.ring(Rel(gap / gap, "=", lift(1)), (known, rules.hypothesis(p)))


def roots_of_members() -> Theorem:
    """‖diag(√f)A‖² = Tr Aᵀ diag(f) A, where no f_l is negative."""
    known = rules.hypothesis(Every(l, lift(1), k, Rel(f[l], "≥", lift(0))))
    roots = E.Diag(Family("√f", define=lambda a: sqrt(f[a])), k)
    return rules.ring(Rel(SqNorm(roots @ A), "=", E.Tr(A.T @ E.Diag(f, k) @ A)), (known,))


def one_member() -> Theorem:
    """f_k ≠ 0 gives f_k/f_k = 1."""
    return rules.ring(Rel(f[k] / f[k], "=", lift(1)), (rules.hypothesis(rel(f[k], "≠", 0)),))


def over_a_root() -> Theorem:
    """(x + 1)/√(x + 1) = √(x + 1)."""
    known = rel(x + 1, ">", 0), rel(x + 1, "≥", 0), rel(sqrt(x + 1), "≠", 0)
    return rules.ring(Rel((x + 1) / sqrt(x + 1), "=", sqrt(x + 1)), tuple(map(rules.hypothesis, known)))


def denominators_in_other_words() -> Theorem:
    """x ≠ 0 and x/y + 1 ≠ 0 give (x/y + 1)⁻¹(x + y) = y: that x + y ≠ 0 follows."""
    known = rel(y, "≠", 0), rel(x / y + 1, "≠", 0)
    return rules.ring(Rel((x + y) / (x / y + 1), "=", y), tuple(map(rules.hypothesis, known)))


def bounded_by_another_i() -> Theorem:
    return rules.terms(rules.hypothesis(Every(l, lift(1), k, Rel(f[l], "≤", Sym("i")))))


def sums_of_matrices() -> Theorem:
    p = Every(l, lift(1), k, Rel(f[l] * A, "=", A))
    return rules.terms(rules.hypothesis(p))


def rules_of_existence(goal: Exists, t: Theorem, value: E.Expr | Family = y) -> Theorem:
    from proofs.kernel.existence import witness

    return witness(goal, value, t)


PROVED = [
    larger_square,
    above_0,
    below_0,
    vanishing_square,
    neighbours,
    term_by_term,
    in_two_parts,
    other_values,
    equals_for_equals,
    there_is_one,
    there_is_a_family,
    an_inverse,
    parts_of_what_is_not_0,
    sums_of_matrices,
    roots_of_members,
    one_member,
    over_a_root,
    denominators_in_other_words,
    bounded_by_another_i,
]


def forged(t: Theorem, says: E.Expr) -> Theorem:
    """A theorem that no rule makes: the same proof, of something else."""
    return Theorem(t.given, says, t.rule, t.arguments, t.rests_on, theorem._KEY)


WRONG = [
    lambda: forged(roots_of_members(), Rel(roots_of_members().says.left, "=", -E.Tr(A.T @ E.Diag(f, k) @ A))),
    lambda: forged(one_member(), Rel(f[k] / f[k], "=", lift(-1))),
    lambda: forged(over_a_root(), Rel((x + 1) / sqrt(x + 1), "=", -sqrt(x + 1))),
    lambda: forged(denominators_in_other_words(), Rel((x - y) / (x / y + 1), "=", y)),
    lambda: forged(bounded_by_another_i(), Rel(Sum(l, lift(1), k, Sym("i")), "≤", Sum(l, lift(1), k, f[l]))),
    lambda: forged(larger_square(), rel(x**2, ">", y**2)),
    lambda: forged(larger_square(), rel(-(x**2), "<", -(y**2))),
    lambda: forged(above_0(), rel(x - 1, "≠", 0)),
    lambda: forged(below_0(), rel(1 - x, "≠", 0)),
    lambda: forged(vanishing_square(), Implies(rel(SqNorm(A), "=", 1), Rel(A, "=", E.Zero(k, m)))),
    lambda: forged(neighbours(), Rel(f[i], ">", f[j])),
    lambda: forged(term_by_term(), Rel(Sum(l, lift(1), k, f[l]), "<", Sum(l, lift(1), k, x))),
    lambda: forged(in_two_parts(), Implies(rel(x, "=", y), And((rel(x, "≠", 0), rel(x, "=", y))))),
    lambda: forged(other_values(), rel(E.Tr(A @ A.T) ** 3, "≥", 0)),
    lambda: forged(equals_for_equals(), Rel(y * x**2, "=", -y * E.Tr(A @ A.T) ** 2)),
    lambda: forged(there_is_one(), Exists(x, rel(x**2, "<", 0))),
    lambda: forged(sums_of_matrices(), Rel(Sum(l, lift(1), k, f[l] * A), "=", Sum(l, lift(1), k, -A))),
    lambda: forged(an_inverse(), Implies(Rel(A.T @ A, "≻", E.Zero(m, m)), rel(E.det(A.T @ A), "<", 0))),
    lambda: forged(there_is_a_family(), Exists(f, Every(l, lift(1), k, Rel(f[l], "=", l * x + 1)))),
]


def supposed(t: Theorem) -> tuple[E.Expr, ...]:
    return (*t.given, *SIZES)


def test_hypotheses_and_conclusion_are_plain_mathcomp():
    text = proof("t", larger_square(), supposed(larger_square()))
    head = text[text.index("Theorem t ") : text.rindex("Proof.")]
    assert ": (0 < x :> R))" in head
    assert ": (x < y :> R))" in head
    assert "((x ^+ 2) < (y ^+ 2) :> R)." in head


def test_what_is_subtracted_from_an_index_is_added_on_the_other_side():
    text = proof("t", neighbours(), supposed(neighbours()))
    assert "(1 <= l_1)%N -> ((l_1 + 1) <= k)%N -> ((f l_1%N) < (f (l_1 + 1)%N) :> R)" in text


def test_no_more_is_supposed_than_by_the_claim():
    with pytest.raises(Lacking, match="a limit"):
        proof("t", larger_square(), (rel(x, ">", 0),))


def test_an_integer_of_any_sign_is_no_natural_number():
    t = rules.hypothesis(Rel(f[i], ">", lift(0)))
    with pytest.raises(Lacking, match="negative"):
        proof("t", t, t.given)
    assert "(i : nat)" in proof("t", t, (*t.given, rel(1, "≤", i)))


def test_a_range_from_below_0_is_not_cut():
    t = rules.hypothesis(Every(l, k - 2, k, Rel(f[l], ">", lift(0))))
    with pytest.raises(Lacking, match="negative"):
        proof("t", t, supposed(t))


def test_an_index_that_may_fall_below_0_is_not_cut():
    t = rules.hypothesis(Rel(f[k - 2], ">", lift(0)))
    with pytest.raises(Lacking, match="negative"):
        proof("t", t, supposed(t))


def test_traits_of_letters_are_hypotheses():
    P = Letter("B", k, k, frozenset({"psd"}))
    t = rules.ring(Rel(P.T, "=", P))
    assert "(B : 'M[R]_(k, k)) (T_B_0 : semidefinite B)" in proof("t", t, SIZES)


def test_a_root_is_the_root_of_mathcomp():
    t = rules.hypothesis(Rel(sqrt(x), "≥", lift(0)))
    assert "(0 <= (Num.sqrt x) :> R)" in proof("t", t, t.given)


@pytest.fixture(scope="session")
def compiled(tmp_path_factory) -> Path:
    if shutil.which("coqc") is None:
        pytest.skip("coqc is missing: apt-get install coq libcoq-mathcomp-algebra")
    folder = tmp_path_factory.mktemp("steps")
    library(folder)
    return folder


def accepted(folder: Path, t: Theorem) -> bool:
    return asked(folder, f"t{abs(hash(t.says))}", {"": proof("t", t, supposed(t))})[""]


def test_what_is_followed_in_coq_are_rules_that_the_kernel_has():
    for module in pkgutil.iter_modules(proofs.kernel.__path__):
        importlib.import_module(f"proofs.kernel.{module.name}")
    assert not set(PROOFS) - set(theorem.RULES)


@pytest.mark.slow
@pytest.mark.parametrize("make", PROVED, ids=lambda make: make.__name__)
def test_coq_accepts_the_steps_of_a_proof(compiled, make):
    assert accepted(compiled, make())


@pytest.mark.slow
@pytest.mark.parametrize("make", WRONG)
def test_coq_rejects_the_same_steps_for_something_else(compiled, make):
    assert not accepted(compiled, make())

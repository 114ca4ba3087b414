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
from proofs.kernel import matrices, rules, semidefinite, spectrum, theorem
from proofs.kernel.expressions import Extremum, Family, Letter, SqNorm, Sum, Sym, integer, lift, size, sqrt
from proofs.kernel.gaps import Positive
from proofs.kernel.propositions import And, Every, Exists, Implies, Or, Rel, rel
from proofs.kernel.spectrum import Extreme, HessianAt
from proofs.kernel.theorem import Theorem

k, m = size("k"), size("m")
i, j, l = integer("i"), integer("j"), integer("l")  # noqa: E741
x, y = Sym("x"), Sym("y")
f = Family("f")
A, B, D = Letter("A", k, m), Letter("B", m, m), Letter("D", m, k)
C, S, v = Letter("C", k, m), Letter("S", k, k, frozenset({"symmetric"})), Letter("v", k, 1)
LARGEST, CONDITION = Extreme("s_max", S), Extreme("cond", S)
LEAST = Extreme("s_min", HessianAt(E.Tr(A @ D), (A, D), (A, 2 * A.T), k * m + m * k))
CURVATURE = spectrum.form(LEAST.matrix, (C, -2 * C.T))
MAX, MIN = (Extremum(kind, l, lift(1), k, f[l]) for kind in ("max", "min"))
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


def the_largest_keeps_a_bound() -> Theorem:
    given = rules.hypothesis(Every(l, lift(1), k, Rel(f[l], "<", x)))
    return rules.bounded(MAX, (given,), (rules.hypothesis(rel(1, "≤", k)),))


def no_member_is_less_than_the_least() -> Theorem:
    return rules.member(MIN, i, rules.hypothesis(rel(1, "≤", i)), rules.hypothesis(rel(i, "≤", k)))


def term_by_term_but_one() -> Theorem:
    p = Every(l, lift(1), k, Implies(Rel(l, "≠", i), Rel(f[l], "≤", x)))
    return rules.conjunction((rules.terms(rules.hypothesis(p), None, (i,)), rules.hypothesis(rel(1, "≤", i))))


def equal_to_what_is_semidefinite() -> Theorem:
    return rules.chain((rules.ring(Rel(2 * A.T @ A - A.T @ A, "=", A.T @ A)), semidefinite.gram(A)))


def congruent_products() -> Theorem:
    return semidefinite.congruence(semidefinite.gram(A @ B), A.T)


def either_is_less() -> Theorem:
    given = tuple(map(rules.hypothesis, (Rel(i, "≠", j), rel(1, "≤", i), rel(1, "≤", j))))
    return rules.conjunction((rules.split(given[0]), *given[1:]))


def below_the_largest_eigenvalue() -> Theorem:
    return spectrum.rayleigh(LARGEST, (v,))


def above_the_least_curvature() -> Theorem:
    return spectrum.rayleigh(LEAST, (C, -2 * C.T))


def a_quotient_of_the_ends() -> Theorem:
    return spectrum.conditioned(CONDITION, rules.hypothesis(Rel(Extreme("s_min", S), ">", lift(0))))


PROVED = [
    below_the_largest_eigenvalue,
    above_the_least_curvature,
    a_quotient_of_the_ends,
    the_largest_keeps_a_bound,
    no_member_is_less_than_the_least,
    term_by_term_but_one,
    equal_to_what_is_semidefinite,
    congruent_products,
    either_is_less,
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


def forged_part(t: Theorem, says: E.Expr) -> Theorem:
    """The first part of a conjunction is something else."""
    return rules.conjunction((forged(t.premises[0], says), *t.premises[1:]))


WRONG = [
    lambda: forged(roots_of_members(), Rel(roots_of_members().says.left, "=", -E.Tr(A.T @ E.Diag(f, k) @ A))),
    lambda: forged(one_member(), Rel(f[k] / f[k], "=", lift(-1))),
    lambda: forged(over_a_root(), Rel((x + 1) / sqrt(x + 1), "=", -sqrt(x + 1))),
    lambda: forged(denominators_in_other_words(), Rel((x - y) / (x / y + 1), "=", y)),
    lambda: forged(bounded_by_another_i(), Rel(Sum(l, lift(1), k, Sym("i")), "≤", Sum(l, lift(1), k, f[l]))),
    lambda: forged(below_the_largest_eigenvalue(), rel(LARGEST * SqNorm(v), "≥", -E.Tr(v.T @ S @ v))),
    lambda: forged(below_the_largest_eigenvalue(), rel(LARGEST * SqNorm(v), "≥", 2 * E.Tr(v.T @ S @ v))),
    lambda: forged(above_the_least_curvature(), rel(-above_the_least_curvature().says.left, "≤", CURVATURE)),
    lambda: forged(a_quotient_of_the_ends(), Rel(CONDITION, "=", Extreme("s_min", S) / LARGEST)),
    lambda: forged(the_largest_keeps_a_bound(), Rel(MAX, "<", x - 1)),
    lambda: forged(no_member_is_less_than_the_least(), Rel(MIN, "≤", -f[i])),
    lambda: forged(no_member_is_less_than_the_least(), Rel(MIN, "≥", f[i])),
    lambda: forged_part(term_by_term_but_one(), Rel(Sum(l, lift(1), k, f[l], (i,)), "≤", Sum(l, lift(1), k, -x, (i,)))),
    lambda: forged_part(term_by_term_but_one(), Rel(Sum(l, lift(1), k, f[l]), "≤", Sum(l, lift(1), k, x))),
    lambda: forged(equal_to_what_is_semidefinite(), Rel(-A.T @ A, "⪰", E.Zero(m, m))),
    lambda: forged(congruent_products(), Rel(-congruent_products().says.left, "⪰", E.Zero(k, k))),
    lambda: forged_part(either_is_less(), Or((Rel(i, "<", j), Rel(i, "<", j)))),
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


def test_an_extreme_eigenvalue_is_what_the_form_says_of_it():
    text = proof("t", below_the_largest_eigenvalue(), SIZES)
    every, some = text[text.index("(E_s_max") :].split(" /\\ ", 1)
    assert "forall v_1 : 'M[R]_(k, 1)" in every
    assert "((\\tr ((v_1^T *m S_1) *m v_1)) <= (s_max * (\\tr (v_1^T *m v_1))) :> R)" in every
    assert "(exists v_1 : 'M[R]_(k, 1), ((0 < (\\tr (v_1^T *m v_1)) :> R) /\\ ((s_max * " in some


def test_an_extreme_eigenvalue_that_a_step_leaves_is_lacking():
    """Nothing says that there is one."""
    both = rules.conjunction((below_the_largest_eigenvalue(), rules.square(x)))
    with pytest.raises(Lacking, match="that a step leaves"):
        proof("t", rules.part(both, 1), SIZES)


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

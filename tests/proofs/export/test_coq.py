"""What is exported says what the claim says, and Coq accepts what is true and rejects what is false."""

import shutil
import subprocess
from pathlib import Path

import pytest

from proofs.claim import registry
from proofs.declared import declared
from proofs.export import folder
from proofs.export.coq import HEAD, CoqLemma, Lacking, equations, identifier, theorems
from proofs.export.derivatives import STEP, certificate
from proofs.export.folder import LIBRARY, SOURCES, documents, write
from proofs.kernel import expressions as E
from proofs.kernel.expressions import Family, Letter, Sum, Sym, Tr, integer, size
from proofs.kernel.propositions import Every, Rel
from proofs.kernel.spectrum import Block, HessianAt

k, m = size("k"), size("m")
i, l = integer("i", "", 1, k), integer("l")  # noqa: E741
A, B, U = Letter("A", k, m), Letter("B", m, k), Letter("U", m, k, frozenset({"orthonormal"}))
f, x, v = Family("f"), Sym("x"), Letter("v", k, 1)
M, F = Letter("M", k, k), Family("F", tail=lambda b: f[b], length=k)
MASKED, BELOW = E.MaxMask(M, F), E.LowerMask(M, True)
K = Letter("K", k, k, frozenset({"skew"}))
W = Letter("W", k, k, frozenset({"pd"}))
TURN = certificate(E.Diff(x * E.cos(x), x, 2))
C, D = Letter("C", k, m), Letter("D", m, k)
BILINEAR = Block(HessianAt(Tr(A @ B), (A, B), (A, B), k * m + m * k), (C, E.Zero(m, k), E.Zero(k, m), D))
OTHERS = Sum(l, E.lift(1), k, f[l], (i,))

TRUE = [
    (Tr(A @ B), Tr(B @ A)),
    (U.T @ U @ A, A),
    ((A @ B).T, B.T @ A.T),
    (Sum(l, E.lift(1), k, f[l] * x), x * Sum(l, E.lift(1), k, f[l])),
    (E.Diag(f, k) @ E.Basis(i, k), f[i] * E.Basis(i, k)),
    (E.Grad(E.SqNorm(A @ B), A), 2 * A @ B @ B.T),
    (E.Diff(E.SqNorm(A + x * A), x, 2, True), 2 * E.SqNorm(A)),
    (v @ v.T @ v, Tr(v @ v.T) * v),
    (E.SqNorm(U @ E.Diag(f, k)), Sum(l, E.lift(1), k, f[l] ** 2)),
    (x / (1 + x**2), 1 - (1 - x + x**2) / (1 + x**2)),
    (Sum(l, E.lift(1), k, f[l]), Sum(l, E.lift(1), i, f[l]) + Sum(l, i + 1, k, f[l])),
    (Sum(l, E.lift(1), k, f[l]), Sum(l, E.lift(1), k - 1, f[l]) + f[k]),
    (f[i] / (k + x**2), f[i] * (k + x**2) / (k + x**2) ** 2),
    (E.sqrt(1 + x**2) ** 3, (1 + x**2) * E.sqrt(1 + x**2)),
    (Sum(l, E.lift(1), k, f[l] * E.Proj(l, k) @ M @ E.Proj(l, k)), MASKED),
    (E.Entry(MASKED, i, i), F[i] * E.Entry(M, i, i)),
    (BELOW, E.LowerMask(M) - Sum(l, E.lift(1), k, E.Entry(M, l, l) * E.Basis(l, k) @ E.Basis(l, k).T)),
    (OTHERS, Sum(l, E.lift(1), k, f[l]) - f[i]),
    (v.T @ K @ v, -(v.T @ K.T.T @ v)),
    (K.T @ v, -K @ v),
    (W**-1 @ W @ v, v),
    ((W**-2).T @ W, W**-1),
    (E.det(A @ B) * W**-1 @ W, E.det(A @ B) * E.Eye(k)),
    (TURN.left, TURN.right),
    (E.cos(2 * x), 1 - 2 * E.sin(x) ** 2),
    (E.Diff(x * E.cos(x), x, 2), -2 * E.sin(x) - x * E.cos(x)),
    (E.Diff(E.cos(x) ** 2, x, 1, True), E.lift(0)),
    (Sum(l, E.lift(1), k, f[l] / (1 + f[l] ** 2) + 1 / (1 + f[l] ** 2) * f[l] ** 3), Sum(l, E.lift(1), k, f[l])),
    (E.symmetric((x, 1), (2,)) @ E.column(1, x), E.column(2 * x, 1 + 2 * x)),
    (E.det(x * E.Eye(2) - E.symmetric((0, 1), (0,))), x**2 - 1),
    (E.det(E.symmetric((x, 1, 0), (x, 1), (x,))), x**3 - 2 * x),
    (BILINEAR, E.symmetric((0, Tr(C @ D)), (0,))),
    (E.det(BILINEAR), -(Tr(C @ D) ** 2)),
]
FALSE = [
    (Tr(A @ B), -Tr(B @ A)),
    (U @ U.T @ U.T.T, -U),
    (U @ U.T, E.Eye(m)),
    ((A @ B).T, A @ B),
    (Sum(l, E.lift(1), k, f[l] * x), x * Sum(l, E.lift(1), k - 1, f[l])),
    (E.Diag(f, k) @ E.Basis(i, k), x * E.Basis(i, k)),
    (E.Grad(E.SqNorm(A @ B), A), -2 * A @ B @ B.T),
    (E.Diff(E.SqNorm(A + x * A), x, 2, True), E.SqNorm(A)),
    (v @ v.T @ v, Tr(v @ v.T) * v * 2),
    (E.SqNorm(U @ E.Diag(f, k)), -Sum(l, E.lift(1), k, f[l] ** 2)),
    (E.SqNorm(E.Diag(f, m) @ U), Sum(l, E.lift(1), k, f[l] ** 2)),
    (x / (1 + x**2), 1 + (1 - x + x**2) / (1 + x**2)),
    (Sum(l, E.lift(1), k, f[l]), Sum(l, E.lift(1), i, f[l]) + Sum(l, i + 2, k, f[l])),
    (Sum(l, E.lift(1), k, f[l]), Sum(l, E.lift(1), k - 1, f[l]) - f[k]),
    (f[i] / (k + x**2), f[i] * (k - x**2) / (k + x**2) ** 2),
    (E.sqrt(1 + x**2) ** 3, (1 - x**2) * E.sqrt(1 + x**2)),
    (Sum(l, E.lift(1), k, f[l] * E.Proj(l, k) @ M @ E.Proj(l, k)), -MASKED),
    (Sum(l, E.lift(1), k - 1, f[l] * E.Proj(l, k) @ M @ E.Proj(l, k)), MASKED),
    (E.Diag(F, k) @ M, MASKED),
    (E.Entry(MASKED, i, i), f[i] * E.Entry(M, i, i)),
    (BELOW, E.LowerMask(M)),
    (BELOW, E.LowerMask(M) + Sum(l, E.lift(1), k, E.Entry(M, l, l) * E.Basis(l, k) @ E.Basis(l, k).T)),
    (BELOW.T, E.LowerMask(M.T, True)),
    (OTHERS, Sum(l, E.lift(1), k, f[l]) + f[i]),
    (K.T @ v, K @ v),
    (W**-1 @ W @ v, -v),
    (W**-1 @ v, W @ v),
    (M**-1 @ M, E.Eye(k)),
    ((W @ M) ** -1, M**-1 @ W**-1),
    (E.det(A @ B), E.det(B @ A)),
    (TURN.left, TURN.right + STEP**2 * E.sin(x)),
    (E.cos(2 * x), 1 + 2 * E.sin(x) ** 2),
    (E.Diff(x * E.cos(x), x, 2), 2 * E.sin(x) - x * E.cos(x)),
    (E.Diff(E.cos(x) ** 2, x, 2, True), E.lift(2)),
    (Sum(l, E.lift(1), k, f[l] / (1 + f[l] ** 2) - 1 / (1 + f[l] ** 2) * f[l] ** 3), Sum(l, E.lift(1), k, f[l])),
    (E.symmetric((x, 1), (2,)) @ E.column(1, x), E.column(2 * x, 1 - 2 * x)),
    (E.det(x * E.Eye(2) - E.symmetric((0, 1), (0,))), x**2 + 1),
    (E.det(E.symmetric((x, 1, 0), (x, 1), (x,))), x**3 - x),
    (BILINEAR, E.symmetric((0, -Tr(C @ D)), (0,))),
    (BILINEAR, E.symmetric((0, Tr(C @ D)), (Tr(C @ D),))),
    (E.det(BILINEAR), Tr(C @ D) ** 2),
]


FALLING = Every(l, E.lift(1), k - 1, Rel(f[l], ">", f[l + 1]))
LEAST = Rel(f[k], ">", E.lift(0))
WITHIN = Rel(x, "<", f[k] ** 2)
GAP = 1 - x * f[l] ** -2
ROOTS = Sum(l, E.lift(1), k, E.sqrt(GAP) ** 2)


def lemma(name, left, right, *given):
    goal = Rel(left, "=", right)
    return CoqLemma(name, (*given, *declared(goal))).equation(goal)


def test_a_family_that_is_defined_and_has_tails_has_a_theorem_that_they_agree():
    both = E.MaxMask(M, Family("t", define=lambda a: k - a + 1, tail=lambda b: E.lift(1), length=k))
    goal = Rel(both, "=", both)
    agree, says = equations("t", declared(goal), goal)
    assert "((k%:R + ((- 1) * i_1%:R)) + 1)" in agree
    assert "(\\sum_(i_2%N <= b_3 < (k + 1)%N) 1)" in agree
    assert "(max_mask k M (fun b_1 => 1)) =" in says


def test_a_mask_of_what_are_no_tails_is_lacking():
    with pytest.raises(Lacking, match="no tails"):
        lemma("t", E.MaxMask(M, f), M)


def test_a_theorem_names_the_orthonormal_columns_that_it_uses():
    assert "U^T *m U = 1%:M" in lemma("t", U.T @ U @ A, A)


def test_an_inverse_is_that_of_mathcomp_and_its_determinant_is_not_0_only_where_that_is_given():
    given = Rel(E.det(M), "≠", E.lift(0))
    goal = Rel(M**-1 @ M, "=", E.Eye(k))
    one, other = (CoqLemma("t", supposed).equation(goal) for supposed in ((given, *declared(goal)), declared(goal)))
    assert "((invmx M) *m M) = 1%:M" in one
    assert "determinant M != 0" in one
    assert "!= 0" not in other


def test_second_derivatives_have_a_theorem_of_what_they_are():
    texts = equations("t", (), Rel(BILINEAR, "=", BILINEAR))
    assert [text.split("Theorem ")[1].split()[0] for text in texts] == ["t_derivative_1", "t_derivative_2", "t_1"]
    assert "unit_column R 2 1%N" in texts[-1]


def test_a_star_in_a_name_ends_no_comment():
    star = Letter("A*", k, m)
    assert lemma("t", Tr(star @ B), Tr(B @ star)).split("\n")[0].count("*)") == 1


def test_an_integer_of_any_sign_is_no_natural_number():
    n = integer("n")
    with pytest.raises(Lacking, match="negative"):
        lemma("t", n * x, x * n)


@pytest.mark.parametrize("e", [1 / (x + 1), E.sqrt(x)], ids=str)
def test_what_may_have_no_value_is_asked_for(e):
    assert "have h : " in lemma("t", e * x, x * e)


def test_a_range_of_a_denominator_is_that_of_its_sum():
    text = lemma("t", Sum(l, E.lift(2), k, 1 / (1 + f[l] ** 2)), E.lift(0))
    assert "forall i_2, (2 <= i_2)%N -> (i_2 <= k)%N -> (1 + " in text.replace("1%:R", "1")


def test_a_relation_without_a_counterpart_is_no_theorem():
    with pytest.raises(Lacking):
        theorems(next(c for c in registry(("bao2020",)).values() if c.id == "bao2020/B/nu-order"))


def test_what_makes_too_long_a_text_is_lacking(monkeypatch):
    claim = registry(("kunin2019",))["kunin2019/lemA.1/proof+"]
    longest = max(map(len, documents(claim)))
    monkeypatch.setattr(folder, "LONGEST", longest)
    assert list(documents(claim))
    monkeypatch.setattr(folder, "LONGEST", 99)
    with pytest.raises(Lacking, match="more than 99 characters"):
        next(documents(claim))


def test_the_folder_holds_the_library_a_makefile_and_claims_by_what_coq_says_of_them(tmp_path):
    first, second, third, *_ = registry(("oftadeh2020",)).values()
    write(tmp_path, [(first, "Theorem a", None), (second, "Theorem b", False)])
    write(tmp_path, [(first, "Theorem a", True), (third, "Theorem c", None), (second, "Theorem b", False)])
    assert {p.name for p in tmp_path.iterdir()} == {"Makefile", "claims", "open", *(f"{n}.v" for n in LIBRARY)}
    claims = {p.name for p in (tmp_path / "claims").iterdir()}
    assert claims == {f"{identifier(name)}.v" for name in (first.section, third.id)}
    assert [p.name for p in (tmp_path / "open").iterdir()] == [f"{identifier(second.id)}.v"]


def test_a_folder_of_something_else_stays_as_it_is(tmp_path):
    (tmp_path / "Makefile").write_text("all:\n")
    with pytest.raises(FileExistsError, match="want a new folder"):
        write(tmp_path, ())
    assert [p.name for p in tmp_path.iterdir()] == ["Makefile"]


def test_the_library_is_short():
    assert sum(len((SOURCES / f"{n}.v").read_text().splitlines()) for n in LIBRARY) < 1500


@pytest.fixture(scope="session")
def library(tmp_path_factory) -> Path:
    if shutil.which("coqc") is None:
        pytest.skip("coqc is missing: apt-get install coq libcoq-mathcomp-algebra")
    folder = tmp_path_factory.mktemp("coq")
    write(folder, ())
    subprocess.run(["make", "-C", folder, f"{LIBRARY[-1]}.vo"], check=True, capture_output=True)
    return folder


def says(library: Path, name: str, text: str) -> str:
    """What Coq says of a theorem: nothing where it accepts it."""
    (library / f"{name}.v").write_text(HEAD + text)
    command = ["coqc", "-w", "-all", "-R", ".", "LAE", f"{name}.v"]
    ran = subprocess.run(command, cwd=library, capture_output=True, check=False, text=True)
    return ran.stderr if ran.returncode else ""


@pytest.mark.slow
def test_the_library_rests_on_no_axiom(library):
    (library / "axioms.v").write_text(HEAD + "Print Assumptions check_matrix. Print Assumptions check_scalar.")
    command = ["coqc", "-w", "-all", "-R", ".", "LAE", "axioms.v"]
    said = subprocess.run(command, cwd=library, capture_output=True, check=True, text=True).stdout
    assert said.split("\n").count("Closed under the global context") == 2


def test_what_is_given_of_the_least_of_those_in_order_is_supposed_of_it_alone():
    head = lemma("t", ROOTS, Sum(l, E.lift(1), k, GAP), FALLING, LEAST, WITHIN).split("Proof.")[0]
    assert ": 0 < (f k%N) :> R)" in head
    assert ": x < ((f k%N) ^+ 2) :> R)" in head
    assert "0 <= (1" not in head


def test_a_range_that_natural_numbers_would_cut_is_not_supposed():
    given = Every(l, E.lift(0), k - 2, Rel(f[l], ">", E.lift(0)))
    text = lemma("t", Sum(l, E.lift(1), k, E.sqrt(f[l])), E.lift(0), given)
    assert "0 < (f l'" not in text


@pytest.mark.slow
def test_coq_finds_the_sign_of_all_from_that_of_the_least_and_their_order(library):
    assert says(library, "order", lemma("t", ROOTS, Sum(l, E.lift(1), k, GAP), FALLING, LEAST, WITHIN)) == ""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sign", "given"), [(1, (FALLING, LEAST)), (1, (LEAST, WITHIN)), (-1, (FALLING, LEAST, WITHIN))]
)
def test_coq_rejects_a_root_of_what_may_be_negative_and_a_wrong_sign(library, sign, given):
    assert says(library, f"order{sign}{len(given)}", lemma("t", ROOTS, Sum(l, E.lift(1), k, sign * GAP), *given))


@pytest.mark.slow
@pytest.mark.parametrize("n", range(len(TRUE)))
def test_coq_accepts_what_is_true(library, n):
    assert says(library, f"true{n}", lemma("t", *TRUE[n])) == ""


@pytest.mark.slow
@pytest.mark.parametrize("n", range(len(FALSE)))
def test_coq_rejects_what_is_false(library, n):
    assert 'The term "erefl true" has type "true = true"' in says(library, f"false{n}", lemma("t", *FALSE[n]))

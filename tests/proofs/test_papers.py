"""Papers of one's own: a folder is a paper, what is wrong in it is named by file and line, and the referee goes on."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from typer.testing import CliRunner

from proofs import assert_computes, decide, lock, papers, prove, sources
from proofs.claim import _REGISTRY, registry
from proofs.cli import app
from proofs.hypotheses import Hypothesis, faulty
from proofs.tactics.ground import NotFound

RIDGE = Path(__file__).parents[1] / "papers" / "ridge"
BEGIN = "from proofs import claim\nfrom proofs.methods.chain import eq\nfrom proofs.kernel.expressions import *\n"


@pytest.fixture(autouse=True)
def alone(monkeypatch, tmp_path):
    """A cache and papers of the test's own."""
    monkeypatch.setenv("LAE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(papers, "_OPENED", {})
    forget()
    yield
    for name in [name for name in sys.modules if name.split(".")[0] in papers._OPENED]:
        del sys.modules[name]
    for id in [id for id, c in _REGISTRY.items() if c.module.split(".")[0] in papers._OPENED]:
        del _REGISTRY[id]


def lae(*arguments: str | Path):
    return CliRunner().invoke(app, [str(a) for a in arguments])


def written(folder: Path, text: str, **more: str) -> Path:
    """A paper with one section."""
    folder.mkdir()
    (folder / "__init__.py").write_text('"""Somebody (2000): something."""\n__all__ = ["one"]\n')
    for name, content in {"one": text, **more}.items():
        (folder / f"{name}.py").write_text(content)
    return folder


def test_ten_claims_of_another_field_are_decided_from_their_folder_alone():
    found = lae("check", f"{RIDGE}/", "--json", "--jobs", "1")
    assert found.exit_code == 0, found.stderr
    verdicts = {c["id"]: c["verdict"] for c in json.loads(found.stdout)["claims"]}
    assert len(verdicts) == 10
    assert verdicts["ridge/1/normal-equation"] == "proved"
    assert verdicts["ridge/2/by-the-root"] == "refuted"
    assert verdicts["ridge/2/by-the-root+"] == "proved"


def test_worker_processes_find_a_paper_in_a_folder():
    assert lae("check", f"{RIDGE}/2", "--jobs", "2", "--fresh").exit_code == 0


@pytest.mark.parametrize("command", ["show", "derive", "errata", "check"])
def test_a_folder_may_be_followed_by_the_rest_of_an_id(command):
    found = lae(command, f"{RIDGE}/2/by-the-root")
    assert found.exit_code == 0, found.stderr
    assert "ridge/2/by-the-root" in found.stdout
    assert "ridge/1" not in found.stdout


def test_mutants_of_a_paper_in_a_folder_are_killed():
    found = lae("mutate", f"{RIDGE}/1/push-through", "--jobs", "1", "--json")
    assert json.loads(found.stdout)["killed"] > 0, found.stderr


def test_the_papers_of_the_project_come_by_the_entry_points_that_it_declares():
    known = papers.installed()
    assert {p.package for p in known.values()} >= {"proofs.bao2020", "proofs.lae"}
    assert [p.title for p in papers.papers().values()] == sorted((p.title for p in known.values()), key=str.casefold)


def test_a_new_paper_has_a_claim_that_is_proved_one_that_is_refuted_and_tests_that_pass(tmp_path):
    assert lae("new", tmp_path / "mine").exit_code == 0
    found = lae("check", f"{tmp_path}/mine/", "--json", "--jobs", "1")
    assert {c["verdict"] for c in json.loads(found.stdout)["claims"]} == {"proved", "refuted"}
    tested = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", tmp_path / "mine"], capture_output=True
    )
    assert tested.returncode == 0, tested.stdout.decode()


@pytest.mark.parametrize("name", ["random", "bao2020", "no-name", "class"])
def test_a_name_that_is_taken_or_is_none_is_refused_before_anything_is_written(tmp_path, name):
    found = lae("new", tmp_path / name)
    assert found.exit_code == 2
    assert found.stderr.count("\n") == 1
    assert not (tmp_path / name).exists()


def test_a_record_lies_in_the_folder_and_a_changed_verdict_is_status_1(tmp_path):
    paper = shutil.copytree(RIDGE, tmp_path / "ridge")
    assert lae("check", f"{paper}/1/push-through", "--record").exit_code == 0
    assert json.loads((paper / "verdicts.json").read_text()) == {"ridge/1/push-through": "proved"}
    (paper / "verdicts.json").write_text('{"ridge/1/push-through": "refuted", "ridge/gone": "proved"}')
    found = lae("check", f"{paper}/1/push-through")
    assert found.exit_code == 1
    assert "ridge/1/push-through was refuted, is proved" in found.stderr
    assert "ridge/gone was proved, is gone" in found.stderr


@pytest.mark.parametrize("content", ["{", "[]", '{"ridge/x": 1}', "\udcff"])
def test_a_record_that_is_none_is_refused_in_one_line(tmp_path, content):
    paper = shutil.copytree(RIDGE, tmp_path / "ridge")
    (paper / "verdicts.json").write_bytes(content.encode(errors="surrogateescape"))
    found = lae("check", f"{paper}/1/push-through")
    assert found.exit_code == 2
    assert found.stderr.count("\n") == 1
    assert "is no record of verdicts" in found.stderr


def test_a_record_of_some_papers_leaves_the_others_alone(tmp_path):
    file = tmp_path / "verdicts.json"
    file.write_text('{"other/a": "proved", "ours/b": "proved"}')
    assert lock.changes([], ["ours/b"], file) == []
    lock.record([], ["ours/c"], file)
    assert json.loads(file.read_text()) == {"other/a": "proved"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = (\n", "one.py, line 1, column 5"),
        ("\nσ = undefined + 1\n", "one.py, line 2, in undefined: NameError"),
        (
            BEGIN + 'A, B = Letter("A", 2, 3), Letter("B", 2, 3)\nC = A.T + A @ B\n',
            "one.py, line 5, in A @ B: ShapeError",
        ),
        (BEGIN + '@claim("yours/a")\ndef a():\n    return eq(1, 1)\n', "yours/a does not begin with mine/"),
        ("raise SystemExit(3)\n", "one.py, line 1"),
        (BEGIN + "@claim\ndef a():\n    return eq(1, 1)\n", "one.py, line 4, in claim: TypeError: want @claim("),
        (BEGIN + "@claim(3)\ndef a():\n    return eq(1, 1)\n", "one.py, line 4, in claim(3): TypeError: want @claim("),
        (BEGIN + '@claim("mine//a")\ndef a():\n    return eq(1, 1)\n', "'mine//a' is no id; want paper/section/name"),
        (BEGIN + '@claim("mine/a", given=[3])\ndef a():\n    return eq(1, 1)\n', "given: want a list of hypotheses"),
        (BEGIN + "".join(f'@claim("mine/a")\ndef {f}():\n    return eq(1, 1)\n' for f in "ab"), "registered twice"),
        ("from mine.two import y\n", "one.py, line 1, in from mine.two import y: ModuleNotFoundError"),
    ],
)
def test_what_is_wrong_in_a_module_is_one_line_with_file_line_and_letters(tmp_path, text, said):
    found = lae("check", f"{written(tmp_path / 'mine', text)}/")
    assert found.exit_code == 2
    assert found.stderr.count("\n") == 1
    assert said in found.stderr


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ('["one", "two"]', "__all__ names 'two', and there is no module two.py"),
        ('"one"', "want __all__, a list of the names of the sections"),
        ("[1]", "want __all__, a list of the names of the sections"),
        ("[]", "__all__ names no section; want a list such as"),
    ],
)
def test_sections_that_are_none_are_one_line_with_the_file(tmp_path, names, said):
    paper = written(tmp_path / "mine", BEGIN)
    (paper / "__init__.py").write_text(f'"""Title."""\n__all__ = {names}\n')
    found = lae("check", f"{paper}/")
    assert found.exit_code == 2
    assert found.stderr.count("\n") == 1
    assert f"mine/__init__.py: {said}" in found.stderr


def test_what_is_no_statement_is_told_with_the_place_of_the_claim(tmp_path):
    text = BEGIN + '@claim("mine/a")\ndef a(x):\n    return x\n@claim("mine/b")\ndef b():\n    return 3\n'
    found = lae("check", f"{written(tmp_path / 'mine', text)}/", "--jobs", "1")
    assert found.exit_code == 1
    assert "one.py, line 4: a has parameters; want a function of nothing" in found.stderr
    assert "one.py, line 7: mine/b returns a int; want a statement" in found.stderr


def test_a_claim_that_raises_is_one_row_and_status_1_and_the_others_are_decided(tmp_path):
    text = BEGIN + (
        'x = Sym("x")\n'
        '@claim("mine/good")\ndef good():\n    """Good."""\n    return eq(x + x, 2 * x)\n'
        '@claim("mine/bad")\ndef bad():\n    """Bad."""\n    return eq(x / (1 - 1), 2 * nothing)\n'
        '@claim("mine/none")\ndef none():\n    """None."""\n    return x == x\n'
        '@claim("mine/exit")\ndef leave():\n    """Leaves."""\n    raise SystemExit(0)\n'
    )
    paper = written(tmp_path / "mine", text)
    found = lae("check", f"{paper}/", "--jobs", "1")
    assert found.exit_code == 1, found.stderr
    assert "one.py, line 12, in" in found.stderr
    assert "mine/none returns a bool; want a statement" in found.stderr
    assert "1 proved, 3 open" in found.stdout
    for command in ("show", "derive", "errata", "mutate"):
        result = lae(command, f"{paper}/")
        assert result.exception is None or isinstance(result.exception, SystemExit), command


@pytest.mark.parametrize(
    ("draws", "said"),
    [
        ('{"x": at["y"]}', "one.py, line 6, in at[\"y\"]: KeyError: 'y'; it may read k, m, n, p"),
        ("3", "TypeError: 'int' object is not iterable"),
        ('{"x": fmpq(1) / 0}', "one.py, line 6, in fmpq(1) / 0: ZeroDivisionError"),
        ('{"x": [fmpq(1)][at["k"]]}', "IndexError: list index out of range"),
    ],
)
def test_a_sampler_that_raises_is_one_row_with_its_name_and_place(tmp_path, draws, said):
    text = f'''{BEGIN}from flint import fmpq
from proofs.hypotheses import Hypothesis; from proofs.kernel.propositions import Rel
POSITIVE = Hypothesis("x > 0", "x > 0", (Rel(Sym("x"), ">", Num(0)),), lambda rng, at: {draws})
@claim("mine/a", given=[POSITIVE])
def a():
    """Positive."""
    return eq(Sym("x") + Sym("x"), 2 * Sym("x"))
'''
    found = lae("check", f"{written(tmp_path / 'mine', text)}/", "--jobs", "1")
    assert found.exit_code == 1
    assert "the sampler of x > 0: " in found.stderr
    assert said in found.stderr
    assert "1 open" in found.stdout


def test_a_sampler_may_draw_nothing_at_some_sizes():
    def draw(rng, at):
        return {"x": [Fraction(3), Fraction(2), Fraction(1)][at["k"] - 2]} if at["k"] < 4 else {"x": [][at["k"]]}

    assert faulty([Hypothesis("x > 0", "x > 0", (), draw)]) is None


def test_the_working_directory_may_be_the_paper(monkeypatch):
    monkeypatch.chdir(RIDGE)
    assert list(papers.asked(["."])[1]) == list(papers.asked(["./"])[1]) != []


def test_a_folder_does_not_take_the_place_of_a_paper_that_is_installed(tmp_path, monkeypatch):
    written(tmp_path / "kunin2019", "raise SystemExit\n")
    monkeypatch.chdir(tmp_path)
    assert papers.named("kunin2019/lemA.1") == "kunin2019/lemA.1"
    with pytest.raises(papers.PaperError, match="another paper kunin2019"):
        papers.named("./kunin2019")


def test_a_folder_that_is_no_paper_is_refused(tmp_path):
    found = lae("check", f"{tmp_path}/")
    assert found.exit_code == 2
    assert "has no __init__.py" in found.stderr


def test_two_folders_of_one_name_are_refused(tmp_path):
    shutil.copytree(RIDGE, tmp_path / "ridge")
    found = lae("check", f"{RIDGE}/1/push-through", f"{tmp_path}/ridge/")
    assert found.exit_code == 2
    assert "there is another paper ridge" in found.stderr


def forget():
    """What a new process would not know of sources."""
    texts = (sources.path_of, sources.source, sources.tree, sources.parts, sources.imports, sources.closure)
    for known in (*texts, sources.digest_of, sources.digest_of_used):
        known.cache_clear()


def test_a_verdict_is_decided_again_when_what_its_paper_imports_changes(tmp_path):
    paper = shutil.copytree(RIDGE, tmp_path / "ridge")
    claims = registry([papers.opened(paper).name])
    forget()
    before = sources.fingerprint(claims["ridge/1/gradient"])
    forget()
    (paper / "notation.py").write_text((paper / "notation.py").read_text() + "\n# more\n")
    assert sources.fingerprint(claims["ridge/1/gradient"]) != before


def test_a_wrong_program_is_told_apart_from_a_right_one():
    claim = registry([papers.opened(RIDGE).name])["ridge/1/gradient"]
    assert_computes(claim, lambda X, y, w, lam: 2 * X.T @ (X @ w - y) + 2 * lam * w, {"lam": "λ"})
    with pytest.raises(AssertionError, match="the claim says"):
        assert_computes(claim, lambda X, y, w, λ: 2 * X.T @ (X @ w - y) + λ * w)
    with pytest.raises(AssertionError, match="the claim says"):
        assert_computes(claim, lambda X, y, w, λ: (2 * X.T @ (X @ w - y) + 2 * λ * w).ravel())
    with pytest.raises(TypeError, match="no letter 'z'"):
        assert_computes(claim, lambda z: z)


def test_what_is_false_or_no_statement_is_not_proved():
    claims = registry([papers.opened(RIDGE).name])
    assert decide(claims["ridge/2/by-the-root"]).verdict == "refuted"
    with pytest.raises(NotFound):
        prove(claims["ridge/2/by-the-root"])
    with pytest.raises(TypeError, match="no statement"):
        decide(3)  # type: ignore[arg-type]

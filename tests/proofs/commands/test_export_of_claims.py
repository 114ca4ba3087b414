"""`lae export`: the claims that are asked for, and what is said where it cannot be done."""

from typer.testing import CliRunner

from proofs.cli import app


def export(*arguments: str):
    return CliRunner().invoke(app, ["export", "coq", *arguments])


def test_the_claims_that_are_asked_for_are_exported_without_coq_too(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    found = export("kunin2019/lemA.1", "--out", str(tmp_path / "coq"))
    assert found.exit_code == 0
    assert "not asked whether Coq accepts them" in found.stderr
    written = [f.name for f in (tmp_path / "coq" / "claims").iterdir()]
    assert written
    assert all(name.startswith("kunin2019_lemA_1") for name in written)


def test_a_claim_that_there_is_not_leaves_no_folder(tmp_path):
    found = export("kunin2019/nothing", "--out", str(tmp_path / "coq"))
    assert found.exit_code == 2
    assert found.stderr.startswith("lae export: no claim 'kunin2019/nothing'")
    assert not (tmp_path / "coq").exists()

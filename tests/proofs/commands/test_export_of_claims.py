"""`lae export`: the claims that are asked for, and what is said where it cannot be done."""

from typer.testing import CliRunner

from proofs.cache import Cache
from proofs.claim import registry
from proofs.cli import app
from proofs.export import accepted
from proofs.export.folder import documents


def export(*arguments: str):
    return CliRunner().invoke(app, ["export", "coq", *arguments])


def test_the_claims_that_are_asked_for_are_exported_and_coq_is_not_asked(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("LAE_CACHE", str(tmp_path / "cache"))
    found = export("kunin2019/lemA.1", "--out", str(tmp_path / "coq"))
    assert found.exit_code == 0
    assert "0 that Coq accepts, " in found.stderr
    assert "`lae check --coq` asks Coq" in found.stderr
    written = [f.name for f in (tmp_path / "coq" / "claims").iterdir()]
    assert written
    assert all(name.startswith("kunin2019_lemA_1") for name in written)


def test_a_claim_that_there_is_not_leaves_no_folder(tmp_path):
    found = export("kunin2019/nothing", "--out", str(tmp_path / "coq"))
    assert found.exit_code == 2
    assert found.stderr.startswith("lae export: no claim 'kunin2019/nothing'")
    assert not (tmp_path / "coq").exists()


def test_what_coq_said_before_is_known(tmp_path, monkeypatch):
    claim = registry(("kunin2019",))["kunin2019/lemA.1/proof+"]
    monkeypatch.setattr(accepted, "version", lambda: "8.16.1")
    monkeypatch.setenv("LAE_CACHE", str(tmp_path / "cache"))
    text = next(documents(claim))
    Cache(tmp_path / "cache").write(claim, accepted.SHELF, accepted.key(text, "8.16.1"), True)
    found = export(claim.id, "--out", str(tmp_path / "coq"))
    assert "1 that Coq accepts, 0 that it was not asked about" in found.stderr
    assert "asks Coq" not in found.stderr
    (written,) = (tmp_path / "coq" / "claims").iterdir()
    assert text in written.read_text()

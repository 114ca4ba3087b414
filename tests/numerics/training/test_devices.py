"""Arrays on a device of their own: nothing falls back to NumPy silently; folders remember where they were trained."""

import array_api_strict
import numpy as np
import pytest

from numerics.training import campaign
from numerics.training.arrays import library
from numerics.training.data import synthetic
from numerics.training.job import Schedule
from numerics.training.plan import plan

DATA = synthetic(np.linspace(5, 1, 8), n=30, rng=np.random.default_rng(0))


def config(device, models=("l2", "nested-dropout-sample", "vae", "rag", "deep")):
    runs = plan(DATA, ks=[2], models=models, optimizers=["nesterov", "adam"], seeds=[0, 1])
    return campaign.Config(tuple(runs), Schedule(60, 20), "float64", DATA.digest, {}, device)


def test_a_sweep_on_another_array_type_is_that_on_numpy_and_is_resumed_there(tmp_path, monkeypatch):
    assert campaign.train(tmp_path / "cpu", config("cpu"), DATA)
    monkeypatch.setattr(campaign, "library", {"cpu": np, "gpu": array_api_strict}.__getitem__)
    monkeypatch.setattr(campaign, "SECONDS", 0.0)

    def killed(job):
        if job.epoch >= 40:
            raise KeyError("killed")

    with pytest.raises(KeyError, match="killed"):
        campaign.train(tmp_path / "gpu", config("gpu"), DATA, looked=killed)
    assert campaign.read_config(tmp_path / "gpu").device == "gpu"
    assert campaign.train(tmp_path / "gpu", config("gpu"), DATA)
    found, expected = (campaign.results(tmp_path / name) for name in ("gpu", "cpu"))
    assert len(found) == len(expected) == 20
    for (_, ending, history), (_, other, recorded) in zip(found, expected, strict=True):
        np.testing.assert_allclose(ending.decoder, other.decoder, rtol=1e-9, atol=1e-11)
        for name, column in recorded.items():
            np.testing.assert_allclose(history[name], column, rtol=1e-6, atol=1e-9)
    with pytest.raises(ValueError, match="another configuration"):
        campaign.train(tmp_path / "gpu", config("cpu"), DATA)


def test_runs_of_a_gpu_share_larger_jobs():
    runs = config("gpu", ["l2"]).runs
    assert len(campaign.split(runs, 10**6, 8)) == 4
    assert len(campaign.split(runs, 10**6, 8, "gpu")) == 2


def test_unknown_devices_and_missing_ones_are_one_line(tmp_path):
    with pytest.raises(ValueError, match=r"^device: got 'tpu'; want cpu or gpu$"):
        library("tpu")
    try:
        import cupy  # noqa: F401
    except ImportError:
        with pytest.raises(ValueError, match=r"^device: gpu wants CuPy"):
            campaign.train(tmp_path / "out", config("gpu"), DATA)
        assert not (tmp_path / "out").exists()

"""Jobs and folders: divergence found at its step, identical trajectories after any interruption, refusals."""

import numpy as np
import pytest

from numerics.training import campaign
from numerics.training.catalogue import make
from numerics.training.data import Data, synthetic
from numerics.training.job import EXPLODED, Job, Schedule
from numerics.training.plan import GRID, plan
from numerics.training.program import Program, Run

DATA = synthetic(np.linspace(10, 1, 12), n=60, rng=np.random.default_rng(0))
L2 = make("l2", 3, DATA.sigma2)
RUNS = [Run(L2, "nesterov", 0.005 * 2**i, seed) for i in range(4) for seed in (0, 1)]


def same(one, other):
    return all(
        one.endings[i].status == other.endings[i].status
        and one.endings[i].epoch == other.endings[i].epoch
        and np.array_equal(one.endings[i].encoder, other.endings[i].encoder)
        and all(np.array_equal(one.history(i)[name], other.history(i)[name], equal_nan=True) for name in one.names)
        for i in range(len(one.runs))
    )


def alone(run, epochs):
    """One step at a time: the first step whose loss is not finite or has exploded."""
    program = Program([run], DATA)
    limit = EXPLODED * max(program.losses()[0], DATA.sigma2.sum())
    with np.errstate(all="ignore"):
        for step in range(1, epochs + 1):
            program.advance(1)
            if not program.losses()[0] <= limit:
                return step
    return None


def test_a_process_is_sent_its_own_runs_alone(tmp_path, monkeypatch):
    """All runs of a large sweep with every job took longer to send than to train."""
    sent = []
    monkeypatch.setattr(campaign, "pool", lambda jobs: lambda tasks: [sent.append(task[1][1].runs) for task in tasks])
    runs = (*RUNS, *(Run(L2, "adam", run.rate, run.seed) for run in RUNS))
    campaign.train(tmp_path / "run", campaign.Config(runs, Schedule(1), "float64", DATA.digest, {}), DATA, jobs=2)
    assert sum(sent, ()) == runs
    assert max(map(len, sent)) < len(runs)


def test_divergence_is_found_at_its_step_and_leaves_the_others_as_they_are():
    job = Job(RUNS, DATA, Schedule(250, every=40))
    assert job.proceed()
    diverged = [i for i in job.endings if job.endings[i].status == "diverged"]
    assert 0 < len(diverged) < len(RUNS)
    for i, run in enumerate(RUNS):
        ending = job.endings[i]
        assert alone(run, 250) == (ending.epoch if i in diverged else None)
        assert np.isfinite(ending.encoder).all()
        if i not in diverged:
            single = Program([run], DATA)
            single.advance(250)
            np.testing.assert_allclose(ending.encoder, single.decoders()[0][0], rtol=1e-12, atol=1e-12)
            assert list(job.history(i)["epoch"]) == [0, 40, 80, 120, 160, 200, 240, 250]


@pytest.mark.parametrize("name", ["l2", "rag-printed", "nested-dropout-batch", "nested-dropout-sample", "vae"])
@pytest.mark.parametrize("optimizer", ["gd", "nesterov", "adam"])
@pytest.mark.parametrize("batch", [None, 16])
def test_a_job_stopped_anywhere_continues_on_the_identical_trajectory(name, optimizer, batch):
    model = make(name, 3, DATA.sigma2)
    runs = [Run(model, optimizer, rate, 0, batch=batch) for rate in (0.003, 0.01, 3.0)]
    schedule = Schedule(120, every=7)
    whole = Job(runs, DATA, schedule)
    whole.proceed()
    state = None
    for _ in range(1000):
        looks = iter((False, True))
        piece = Job(runs, DATA, schedule, state=state)
        if piece.proceed(lambda looks=looks: next(looks)):
            break
        state = {name: np.array(array) for name, array in piece.state().items()}
    assert piece.is_done
    assert same(whole, piece)


def test_a_goal_ends_a_run_when_it_is_recorded():
    job = Job([Run(L2, "nesterov", 0.01)], DATA, Schedule(5000, every=10, until=("alignment", 0.3)))
    job.proceed()
    history = job.history(0)["alignment"]
    assert job.endings[0].status == "reached"
    assert history[-1] <= 0.3 < min(history[:-1])
    assert job.endings[0].epoch == job.history(0)["epoch"][-1]


def config(runs=None, epochs=300, data=DATA, dtype="float64"):
    return campaign.Config(tuple(runs or RUNS), Schedule(epochs, every=25), dtype, data.digest, {"data": None})


def files(folder):
    return {path.name: path.read_bytes() for path in (folder / "runs").iterdir()}


def test_a_folder_that_was_interrupted_ends_with_the_same_files(tmp_path, monkeypatch):
    assert campaign.train(tmp_path / "whole", config(), DATA)
    monkeypatch.setattr(campaign, "CACHE", 1)
    monkeypatch.setattr(campaign, "SECONDS", 0.0)

    def killed(job):
        if job.epoch >= 100:
            raise KeyError("killed")

    with pytest.raises(KeyError, match="killed"):
        campaign.train(tmp_path / "killed", config(), DATA, looked=killed)
    assert [path.name for path in (tmp_path / "killed" / "jobs").iterdir()] == ["0.npz"]
    assert campaign.train(tmp_path / "killed", config(), DATA)
    assert not list((tmp_path / "killed" / "jobs").iterdir())
    ours, theirs = (campaign.results(tmp_path / name) for name in ("killed", "whole"))
    assert len(ours) == len(RUNS)
    for (run, ending, history), (_, other, recorded) in zip(ours, theirs, strict=True):
        assert (ending.status, ending.epoch) == (other.status, other.epoch), run.name
        np.testing.assert_allclose(ending.decoder, other.decoder, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(history["loss"], recorded["loss"], rtol=1e-12)


def test_training_again_changes_nothing(tmp_path):
    campaign.train(tmp_path, config(), DATA)
    before = files(tmp_path)
    assert campaign.train(tmp_path, config(), DATA)
    assert files(tmp_path) == before


def test_processes_train_like_one(tmp_path, monkeypatch):
    runs = [Run(L2, rule, 0.01) for rule in ("gd", "adam")]
    assert campaign.train(tmp_path / "one", config(runs), DATA)
    assert campaign.train(tmp_path / "two", config(runs), DATA, jobs=2)
    assert files(tmp_path / "one") == files(tmp_path / "two")
    assert not (tmp_path / "two" / "halt").exists()


def test_a_folder_of_another_configuration_version_or_kind_is_refused(tmp_path):
    campaign.train(tmp_path / "a", config(RUNS[:1]), DATA)
    for other in (config(RUNS[:2]), config(RUNS[:1], epochs=301), config(RUNS[:1], dtype="float32")):
        with pytest.raises(ValueError, match="another configuration"):
            campaign.train(tmp_path / "a", other, DATA)
    written = tmp_path / "a" / "config.json"
    written.write_text(written.read_text().replace('"format": 4', '"format": 99'))
    with pytest.raises(ValueError, match="it has format 99"):
        campaign.read_config(tmp_path / "a")
    written.write_text("{")
    with pytest.raises(ValueError, match="not a configuration"):
        campaign.read_config(tmp_path / "a")
    with pytest.raises(ValueError, match="holds no run"):
        campaign.read_config(tmp_path)
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "file").touch()
    with pytest.raises(ValueError, match="want a new or empty folder"):
        campaign.train(tmp_path / "b", config(), DATA)


def test_a_damaged_checkpoint_is_named(tmp_path):
    (tmp_path / "jobs").mkdir()
    (tmp_path / "jobs" / "0.npz").write_bytes(b"PK\x03\x04 cut short")
    (tmp_path / "config.json").write_text(config().to_json())
    with pytest.raises(ValueError, match=r"jobs/0\.npz is damaged"):
        campaign.train(tmp_path, config(), DATA)


def test_a_configuration_survives_json():
    asked = campaign.Config(
        (*RUNS, Run(make("rag", 2, DATA.sigma2), "adam", 0.1, 3, "balanced:0.1", 8)),
        Schedule(10, None, ("alignment", 0.3)),
        "float32",
        DATA.digest,
        {"data": "x.npy"},
    )
    assert campaign.Config.from_json(asked.to_json()) == asked


def test_too_much_memory_is_refused_before_anything_is_written(tmp_path):
    m = 10**9
    huge = Data(np.broadcast_to(np.array(1.0), m), np.eye(1))
    with pytest.raises(ValueError, match=r"memory: .* GiB are free"):
        campaign._check_memory(config(), huge, 1, 1)


def test_plans_are_all_combinations_and_refuse_what_is_wrong():
    runs = plan(DATA, ks=[1, 2], models=["l2", "rag"], rates=["grid"], seeds=[0, 1])
    assert len(runs) == 2 * 2 * len(GRID) * 2 == len({run.name for run in runs})
    for wrong, message in (
        ({"optimizers": ["sgd"]}, "optimizer: got 'sgd'"),
        ({"rates": ["fast"]}, "lr: got 'fast'"),
        ({"rates": [-1.0]}, "lr: got -1"),
        ({"rates": [0.1, 0.1 + 1e-12]}, "further apart"),
        ({"start": "zero"}, "init: got 'zero'"),
        ({"batch": 61}, "batch-size: got 61"),
        ({"ks": [13]}, "k: got 13"),
    ):
        with pytest.raises(ValueError, match=message):
            plan(DATA, **{"ks": [1], "models": ["l2"]} | wrong)


def test_runs_share_a_job_when_they_have_the_same_shape():
    runs = plan(DATA, ks=[1, 2], models=["l2", "rag"], optimizers=["gd", "adam"], seeds=[0, 1])
    jobs = campaign.split(runs, DATA.m, 8)
    assert sorted(i for job in jobs for i in job) == list(range(len(runs)))
    assert [len(job) for job in jobs] == [4, 4, 4, 4]
    assert [len(job) for job in campaign.split(runs[:1] * 15, DATA.m, 8)] == [15]
    assert [len(job) for job in campaign.split(runs[:1] * 17, DATA.m, 8)] == [9, 8]

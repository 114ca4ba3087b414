"""Sweeps on a dask cluster: the files of one process, also after a worker or the command itself was killed."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from numerics import processes
from numerics.training import campaign
from numerics.training.data import synthetic
from numerics.training.job import Schedule
from numerics.training.plan import plan

DATA = synthetic(np.linspace(10, 1, 40), n=80, rng=np.random.default_rng(0))
RUNS = plan(DATA, ks=[3], models=["l2", "nested-dropout-sample"], optimizers=["nesterov", "adam"], seeds=[0, 1])


PATIENCE = 120.0
"""Seconds after which something hangs, however busy the machine is."""


def config(epochs):
    return campaign.Config(tuple(RUNS), Schedule(epochs, 50), "float64", DATA.digest, {})


@pytest.fixture(scope="module")
def workers():
    distributed = pytest.importorskip("dask.distributed", reason="the dask extra is not installed")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        yield cluster


def arrays(folder):
    """Everything that the finished runs hold, by the names of their files."""
    found = {}
    for path in sorted((folder / "runs").iterdir()):
        with np.load(path) as saved:
            found[path.name] = {name: saved[name].tobytes() for name in saved.files}
    return found


def wait_for(condition, seconds=PATIENCE):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def at_the_first_look(workers, mark, act):
    """The first worker whose job looks at its losses acts then, once, so that the moment depends on no machine's load.

    Parameters
    ----------
    mark : Path
        What is made at that moment.
    """

    def arrange():
        from numerics.training.job import Job

        whole = Job.proceed

        def proceed(job, stop, looked):
            def look(job):
                try:
                    mark.touch(exist_ok=False)
                except FileExistsError:
                    pass
                else:
                    act()
                looked(job)

            return whole(job, stop, look)

        Job.proceed = proceed

    cloudpickle = pytest.importorskip("cloudpickle")
    with workers.get_client() as client:
        client.wait_for_workers(2, timeout=PATIENCE)
        cloudpickle.register_pickle_by_value(sys.modules[__name__])  # the workers need not find the tests
        try:
            client.run(arrange)
        finally:
            cloudpickle.unregister_pickle_by_value(sys.modules[__name__])


@pytest.mark.slow
def test_a_cluster_writes_the_files_of_one_process(tmp_path, workers):
    assert campaign.train(tmp_path / "here", config(150), DATA)
    assert campaign.train(tmp_path / "there", config(150), DATA, scheduler=workers.scheduler_address)
    assert len(arrays(tmp_path / "there")) == len(RUNS)
    assert arrays(tmp_path / "here") == arrays(tmp_path / "there")
    assert not list((tmp_path / "there" / "jobs").glob("*"))


@pytest.mark.slow
def test_a_killed_worker_changes_no_trajectory(tmp_path, workers):
    asked, killed = config(150), tmp_path / "killed"
    at_the_first_look(workers, killed, lambda: os.kill(os.getpid(), signal.SIGKILL))
    assert campaign.train(tmp_path / "there", asked, DATA, scheduler=workers.scheduler_address)
    assert killed.exists()
    assert campaign.train(tmp_path / "here", asked, DATA)
    assert arrays(tmp_path / "here") == arrays(tmp_path / "there")


@pytest.mark.slow
def test_a_killed_command_is_resumed_on_the_identical_trajectory(tmp_path, workers):
    options = ["--synthetic", "eigenvalues:1:9", "--m", "40", "--n", "80", "--k", "3", "--epochs", "200"]
    options += ["--model", "l2,nested-dropout-sample", "--optimizer", "nesterov,adam", "--seeds", "0:2"]
    command = [sys.executable, "-c", "from proofs.cli import main; main()", "train"]
    there = ["--scheduler", workers.scheduler_address]
    process_of, counted = tmp_path / "pid", tmp_path / "counted"

    def kill_the_command_and_stay_unfinished():
        wait_for(lambda: process_of.exists() and list((tmp_path / "killed").glob("runs/*.npz")))
        os.kill(int(process_of.read_text()), signal.SIGKILL)
        wait_for(counted.exists)
        os.kill(os.getpid(), signal.SIGKILL)

    at_the_first_look(workers, tmp_path / "killing", kill_the_command_and_stay_unfinished)
    with subprocess.Popen([*command, *options, "--out", str(tmp_path / "killed"), *there]) as process:
        (tmp_path / "named").write_text(str(process.pid))
        (tmp_path / "named").rename(process_of)
        assert process.wait(PATIENCE) == -signal.SIGKILL
    assert 0 < len(arrays(tmp_path / "killed")) < len(RUNS)
    counted.touch()
    subprocess.run([*command, "--resume", str(tmp_path / "killed"), *there], check=True)
    subprocess.run([*command, *options, "--out", str(tmp_path / "whole")], check=True)
    assert len(arrays(tmp_path / "killed")) == len(RUNS)
    assert arrays(tmp_path / "killed") == arrays(tmp_path / "whole")


def test_a_scheduler_that_cannot_be_reached_leaves_nothing_behind(tmp_path, monkeypatch):
    pytest.importorskip("dask.distributed", reason="the dask extra is not installed")
    monkeypatch.setattr(processes, "PATIENCE", 0.2)
    with pytest.raises(ValueError, match=r"^scheduler: cannot reach tcp://127\.0\.0\.1:1"):
        campaign.train(tmp_path / "out", config(10), DATA, scheduler="tcp://127.0.0.1:1")
    assert not (tmp_path / "out").exists()


def test_a_worker_that_does_not_see_the_folder_says_so(tmp_path):
    with pytest.raises(ValueError, match=r"does not see .*; want a folder that all of them share"):
        campaign._train_apart(tmp_path / "elsewhere", config(10), DATA, 0)

"""A cluster of three under Patroni and etcd whose leader is killed four times: `make test-cluster`."""

import sys
import time
from pathlib import Path

import pytest

from archive import Archive
from tests.cluster.kept import wait_until
from tests.cluster.load import EIGHT, check_promise, load
from tests.cluster.patroni import TIMES, cluster, prepare

pytestmark = pytest.mark.cluster

KILLS = 4


@pytest.fixture(autouse=True)
def programs() -> None:
    """Those of Debian's packages; without them the test fails with a sentence."""
    try:
        prepare()
    except RuntimeError as error:
        pytest.fail(str(error), pytrace=False)


def test_no_acknowledged_entry_is_lost_with_four_leaders(
    pytestconfig: pytest.Config, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each killed with kill -9 under load, Patroni and PostgreSQL at once; the writers go on by themselves."""
    gaps = []
    with cluster(pytestconfig.getoption("--postgresql-bin")) as made:
        Archive.make(made.url, origin="tests.example/cluster")
        with load(made.url, tmp_path / "load") as under_way:
            for _ in range(KILLS):
                wait_until(made.whole, "the cluster is whole", 90)
                under_way.wait_for(200)
                leader = made.leader()
                assert leader is not None
                killed = time.time()
                made.processes.kill(leader)
                gaps.append(under_way.wait_for(1, seconds=90) - killed)
                assert made.leader() not in (None, leader)
                made.start(leader)
            wait_until(made.whole, "the cluster is whole again", 90)
            under_way.stop()
            acknowledged = under_way.finish()
        assert check_promise(made.url, acknowledged) == len(acknowledged)
    with capsys.disabled():
        shown = ", ".join(f"{gap:.1f}" for gap in gaps)
        sys.stdout.write(
            f"\ncluster of three: leader killed {KILLS} times, {len(acknowledged)} acknowledged entries checked, none "
            f"lost; writes back after {shown} s ({len(EIGHT)} writers, fsync on, {TIMES})\n"
        )

"""What the benchmarks say is computed right; how fast anything is, no test can say."""

from itertools import islice
from pathlib import Path

from tests.benchmarks import lag
from tests.benchmarks.measuring import Result, Target
from tests.benchmarks.places import Files
from tests.benchmarks.reports import ENTRIES, further, histories
from tests.benchmarks.table import table


def test_the_same_seed_gives_the_same_reports() -> None:
    """And another gives others; a history has as many entries as it says."""
    one, same, other = (list(histories(seed, range(3))) for seed in (1, 1, 2))
    assert one == same != other
    assert len(one) == 3 * ENTRIES
    assert not {str(wire) for wire in islice(further(1, 3, 9), 9)} & {str(wire) for wire in one}


def test_a_ratio_is_taken_within_each_round() -> None:
    """A machine that was slow in one round was so for both: its ratio counts as that of any other."""
    seconds = {"archive": [1.0, 10.0, 1.0], "peer": [2.0, 20.0, 4.0]}
    result = Result("work", "reports", 100, seconds, (Target("peer", faster=2.5),))
    assert result.ratio("peer") == 2.0
    assert result.plain()["met"] == {"peer": False}
    assert Target("peer", faster=2.0).met(2.0)
    assert Target("peer", slower=1.5).met(1 / 1.5)
    assert not Target("peer", slower=1.5).met(1 / 1.6)
    assert list(table([result]))[-1] == "|  | peer | 25 | 2.00 × as fast | 2.5 × | not met |"


def test_the_lag_of_a_follower_is_measured(tmp_path: Path) -> None:
    """Of each report but the first; no follower is waited for that is not there."""
    found = lag.measure(Files(tmp_path), 3, 1000.0)
    assert len(found) == 3
    assert min(found) > 0

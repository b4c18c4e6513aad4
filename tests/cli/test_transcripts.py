"""Every transcript is what the commands in it print now."""

from pathlib import Path

import pytest

from tests.cli.transcripts import FOLDER, check, replayed

TRANSCRIPTS = sorted(FOLDER.glob("*.txt"))


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=[path.stem for path in TRANSCRIPTS])
def test_a_transcript_is_what_is_printed(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In an empty folder, command by command: standard output, standard error, exit code."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ARCHIVE_URL", raising=False)
    check(path, replayed(path.read_text(encoding="utf-8")))


def test_a_transcript_that_differs_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison can fail."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("REWRITE", raising=False)
    told = "# A lie\n$ archive --version\narchive 0\n"
    (tmp_path / "lie.txt").write_text(told)
    with pytest.raises(AssertionError):
        check(tmp_path / "lie.txt", replayed(told))

"""The case against its article, where the article is at hand."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from archive import Archive
from archive.cases import path as case
from archive.cli import main

ARTICLE = Path(__file__).parents[3] / "shared" / "seed" / "article.ja.txt"
LONGEST = 300


@pytest.mark.skipif(not ARTICLE.parents[1].is_dir(), reason="../shared is not there")
def test_every_passage_of_the_case_stands_in_its_article(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Attached, the text has just what each passage cites; none is long."""
    monkeypatch.setenv("ARCHIVE_URL", str(tmp_path / "case.db"))
    said = ""
    for arguments in (
        ["init"],
        ["append", str(case())],
        ["source", "attach", "hedgehog-article", str(ARTICLE)],
    ):
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == 0, result.output
        said = result.stdout
    with Archive.open(tmp_path / "case.db") as archive:
        told = archive.passages("hedgehog-article")
    cited = told["passages"]
    assert [one for one in cited if not one["matches"]] == []
    assert f"{len(cited)} of {len(cited)} passages cited of it stand there" in said
    assert max(one["end"] - one["start"] for one in cited) <= LONGEST
    assert told["characters"] == len(ARTICLE.read_text(encoding="utf-8"))
    assert 0 < told["covered"] < told["characters"]

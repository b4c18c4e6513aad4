"""Proofs at the command line: made in one folder, checked in another that has no archive."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.cli import main
from archive.cli.working import working_on

REPORTS = "\n".join(
    json.dumps({"type": "PersonRegistered", "person": f"person-{number}", "name": f"Person \u202e{number}"})
    for number in range(1, 8)
)


def run(*arguments: str, input: str | None = None) -> Result:  # noqa: A002  # click's own name
    """Run a command that succeeds."""
    result = CliRunner().invoke(main, arguments, input=input)
    assert result.exit_code == 0, result.output
    return result


@pytest.fixture
def away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, the current one, beside another in which proofs of an archive were made."""
    made, empty = tmp_path / "made", tmp_path / "empty"
    made.mkdir()
    empty.mkdir()
    monkeypatch.delenv("ARCHIVE_URL", raising=False)
    monkeypatch.chdir(made)
    run("init", "--origin", "tests.example/proofs")
    run("append", "-", input=REPORTS)
    Path("key.pub").write_text(run("checkpoint", "keygen", "key").stdout)
    Path("early").write_text(run("checkpoint", "--sign", "key").stdout)
    run("append", "PersonRegistered", "person=late", "name=Late")
    Path("late").write_text(run("checkpoint", "--sign", "key").stdout)
    Path("proof").write_text(run("prove", "3", "--checkpoint", "early", "--entry", "entry.json").stdout)
    Path("grown").write_text(run("prove", "--consistency", "early").stdout)
    monkeypatch.chdir(empty)
    return made


def test_a_stranger_checks_a_proof_in_an_empty_folder(away: Path) -> None:
    """With the public key, with a checkpoint that he kept, and told when he has neither."""
    key = (away / "key.pub").read_text().strip()
    proof, early, entry = (str(away / name) for name in ("proof", "early", "entry.json"))
    told = json.loads(run("verify", "--proof", proof, "--key", key, "--entry", entry, "--format", "json").stdout)
    assert (told["proved"], told["origin"], told["size"]) == ("inclusion", "tests.example/proofs", 7)
    assert told["signed_by"] == ["tests.example/proofs"]
    assert told["leaf"]["position"] == 3
    assert told["payload"]["person"] == "person-3"
    said = run("verify", "--proof", proof, "--entry", entry).stdout
    assert "no signature was checked" in said
    assert "\u202e" not in said
    assert r"Person \u202e3" in said
    assert "that of the checkpoint given" in run("verify", "--proof", proof, "--checkpoint", early).stdout
    assert run("verify", "--proof", "-", input=(away / "proof").read_text()).stdout
    assert list(Path.cwd().iterdir()) == []


def test_a_stranger_checks_that_a_log_continues_what_he_kept(away: Path) -> None:
    """The proof without his checkpoint shows nothing, and one of another size is not it."""
    key = (away / "key.pub").read_text().strip()
    grown, early, late = (str(away / name) for name in ("grown", "early", "late"))
    said = run("verify", "--proof", grown, "--checkpoint", early, "--key", key).stdout
    assert said.startswith("tests.example/proofs: the log of 8 entries continues that of 7")
    for wrong in ([], ["--checkpoint", late]):
        result = CliRunner().invoke(main, ["verify", "--proof", grown, *wrong])
        assert result.exit_code == 23
        assert "grown: the proof begins at size 7" in result.stderr


def test_what_does_not_hold_exits_with_23_and_what_is_misused_with_2(away: Path, tmp_path: Path) -> None:
    """Whatever is handed in."""
    other = tmp_path / "other"
    other.write_bytes(b"\xff\xfe")
    altered = tmp_path / "altered"
    altered.write_text((away / "proof").read_text().replace("index 2", "index 3"))
    for code, arguments in (
        (23, ["--proof", str(altered)]),
        (23, ["--proof", str(other)]),
        (23, ["--proof", str(away / "early")]),
        (23, ["--proof", str(away / "proof"), "--entry", str(away / "early")]),
        (23, ["--proof", str(away / "grown"), "--entry", str(away / "entry.json")]),
        (23, ["--checkpoint", str(other)]),
        (2, ["--proof", str(away / "none")]),
        (2, ["--proof", str(away)]),
        (2, ["--entry", str(away / "entry.json")]),
        (2, ["--key", (away / "key.pub").read_text().strip()]),
        (2, ["--proof", str(away / "proof"), "--key", "no key"]),
    ):
        result = CliRunner().invoke(main, ["verify", *arguments])
        assert result.exit_code == code, (arguments, result.output)
        assert "a bug of ours" not in result.stderr


def test_what_a_key_signed_is_kept_or_nothing_is_signed(away: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the record beside the key cannot be written, no checkpoint leaves."""
    monkeypatch.chdir(away)
    run("append", "PersonRegistered", "person=later", "name=Later")
    before = Path("key.signed").read_text()
    Path("key.signed.part").mkdir()
    result = CliRunner().invoke(main, ["checkpoint", "--sign", "key"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "key.signed cannot be written" in result.stderr
    assert Path("key.signed").read_text() == before
    secret = Path("key").read_text().strip().rpartition("+")[2]
    assert secret not in result.output


def test_without_the_package_that_signs_it_is_named(away: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What needs no signature works without it."""
    monkeypatch.chdir(away)
    key = Path("key.pub").read_text().strip()
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.asymmetric", None)
    for arguments in (["checkpoint", "--sign", "key"], ["verify", "--proof", "proof", "--key", key]):
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == 2
        assert "pip install '.[sign]'" in result.stderr
    assert "that of the checkpoint given" in run("verify", "--proof", "proof", "--checkpoint", "early").stdout
    assert run("checkpoint").stdout.endswith("\nunsigned\n")


def test_work_in_parts_is_told_part_by_part_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """One bar after another; none where nobody looks."""
    begun: list[str] = []

    class Bar:
        def __init__(self, what: str) -> None:
            begun.append(what)

        def __enter__(self) -> object:
            return lambda done, of: begun.append(f"{done}/{of}")

        def __exit__(self, *raised: object) -> None:
            begun.append("end")

    monkeypatch.setattr("archive.cli.working.working", Bar)
    with working_on() as tell:
        assert tell is not None
        for what, done in (("one", 1), ("one", 2), ("other", 1)):
            tell(what, done, 2)
    assert begun == ["one", "1/2", "2/2", "end", "other", "1/2", "end"]

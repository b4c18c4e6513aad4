"""What we sign and prove is checked by a program that others wrote: Go's packages note and tlog."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from archive import Archive
from archive.log.notes import Signer
from tests.log.archives import build_archive, noted

SOURCE = Path(__file__).with_name("foreign") / "verify.go"
PACKAGES = ("golang-go", "golang-golang-x-mod-dev")
INSTALLED = Path("/usr/share/gocode/src/golang.org/x/mod/sumdb")

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program, compiled with the packages of Debian, which root has installed where they are absent."""
    if shutil.which("go") is None or not INSTALLED.is_dir():
        if os.geteuid() or shutil.which("apt-get") is None:
            pytest.skip("no Go packages note and tlog: apt install golang-go golang-golang-x-mod-dev")
        subprocess.run(["apt-get", "install", "-y", "--no-install-recommends", *PACKAGES], check=True)
    folder = tmp_path_factory.mktemp("go")
    there = {"GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOCACHE": str(folder), "GOFLAGS": ""}
    command = ["go", "build", "-o", str(folder / "verify"), str(SOURCE)]
    subprocess.run(command, check=True, env={**os.environ, **there})
    return folder / "verify"


def judged(foreign: Path, *arguments: str | Path) -> str | None:
    """What the program prints; None where it refuses."""
    done = subprocess.run([foreign, *arguments], capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else None


def test_a_foreign_program_accepts_what_we_prove_and_refuses_what_was_altered(foreign: Path, tmp_path: Path) -> None:
    """Every entry of logs of several sizes, and that each continues those before it."""
    place, key = str(tmp_path / "archive.db"), tmp_path / "key"
    build_archive(place)
    proof = tmp_path / "proof"
    accepted = refused = 0
    with Archive.open(place) as archive:
        vkey = str(archive.new_key(key))
        earlier: list[Path] = []
        for first, last in ((1, 1), (2, 3), (4, 8), (9, 20), (21, 33)):
            archive.append([noted(number) for number in range(first, last + 1)], who="ann", program="tests")
            signed = archive.checkpoint(key)
            for position in range(1, last + 1, 1 if last < 20 else 5):
                text = str(archive.prove(position))
                proof.write_text(text)
                said = judged(foreign, "verify", vkey, "proof", proof)
                assert said is not None
                assert json.loads(said)["position"] == position
                accepted += 1
                for old, new in (("index ", "index 1"), (f"\n{last}\n", f"\n{last + 1}\n"), ("extra eyJ", "extra eyI")):
                    proof.write_text(text.replace(old, new, 1))
                    assert judged(foreign, "verify", vkey, "proof", proof) is None
                    refused += 1
            for kept in earlier:
                size = int(kept.name)
                text = str(archive.prove_consistency(size))
                proof.write_text(text)
                assert judged(foreign, "verify", vkey, "consistency", proof, kept) == f"{size} {last}\n"
                accepted += 1
                proof.write_text(text.replace(f"old {size}", f"old {size + 1}"))
                assert judged(foreign, "verify", vkey, "consistency", proof, kept) is None
                refused += 1
            earlier.append(tmp_path / str(last))
            earlier[-1].write_text(signed.note)
    assert (accepted, refused) == (33, 79)


def test_a_foreign_program_signs_with_our_key_as_we_do(foreign: Path, tmp_path: Path) -> None:
    """Ed25519 has one signature of a text."""
    signer = Signer.new("tests.example/log")
    text = "tests.example/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
    (tmp_path / "text").write_text(text)
    assert judged(foreign, "sign", signer.secret(), tmp_path / "text") == signer.sign(text)


def test_a_foreign_program_refuses_what_nobody_signed(foreign: Path, tmp_path: Path) -> None:
    """The mark of an unsigned checkpoint is no signature to anybody."""
    place = str(tmp_path / "archive.db")
    build_archive(place)
    with Archive.open(place) as archive:
        archive.append([noted(1)], who="ann", program="tests")
        (tmp_path / "proof").write_text(str(archive.prove(1)))
        vkey = str(archive.new_key(tmp_path / "key"))
    assert judged(foreign, "verify", vkey, "proof", tmp_path / "proof") is None

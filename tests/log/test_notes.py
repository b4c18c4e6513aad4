"""Signed notes, keys and checkpoints: those that others signed, and every way in which one can be wrong."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import ArchiveError, NotProven, UsageError
from archive.log.checkpoints import Checkpoint, parse_checkpoint
from archive.log.merkle import EMPTY_ROOT
from archive.log.notes import Signer, Verifier, is_key_name, parse_note
from archive.log.proving import Consistency, parse_proof

EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE = """This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
"""
"""Of the standard itself (c2sp.org/signed-note)."""

NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NEUMANN_SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"  # noqa: S105  # published
CRYPTOGRAPHY = """If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
"""
ROCH = "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"
"""Of the documentation of Go's package note."""

SUMDB_KEY = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
SUMDB = """go.sum database tree
35225469
vt5T6GaLCXvyHFl9VUvvItR43XZxfLgftEcTyO3eJCQ=

— sum.golang.org Az3grpukl5AXaVfYkLiDGORx/DN2nlcS5kZHR5uYOBV2KA2HgXpD+gu9HHONebHLAyaKbbTM75QTtPydhKCExixSfwQ=
"""
"""A checkpoint of the log of every Go module, and the key that the tool go has for it."""

SIGSUM = "sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562"
SIGSUM_KEY = Verifier(SIGSUM, bytes.fromhex("ffdc2d4d98e4124d3feaf788c0c2f9abfd796083d1f0495437f302ec79cf100f"))
SIGSUM_ONE = f"""{SIGSUM}
1
KgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=

— {SIGSUM} UgIom7fPZTqpxWWhyjWduBvTvGVqsokMbqTArsQilegKoFBJQjUFAmQ0+YeSPM3wfUQMFSzVnnNuWRTYrajXpNUbIQY=
"""
SIGSUM_THREE = f"""old 1
KgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
KgIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=

{SIGSUM}
3
RcCI1Nk56ZcSmIEfIn0SleqtV7uvrlXNccFx595Iwl0=

— {SIGSUM} UgIom2VbtIcdFbwFAy1n7s6IkAxIY6J/GQOTuZF2ORV39d75cbAj2aQYwyJre36kezNobZs4SUUdrcawfAB8WVrx6go=
"""
"""What a log of Sigsum sends to a witness, from the tests of the witness litewitness."""


@pytest.mark.parametrize(
    ("note", "key"),
    [(EXAMPLE, EXAMPLE_KEY), (CRYPTOGRAPHY, NEUMANN), (CRYPTOGRAPHY + ROCH, NEUMANN), (SUMDB, SUMDB_KEY)],
)
def test_what_others_signed_is_read(note: str, key: str) -> None:
    """The standard's own example, those of Go, and the log of Go's modules; signatures of strangers are passed over."""
    assert parse_note(note).signers([Verifier.parse(key)]) == (key.partition("+")[0],)
    assert str(Verifier.parse(key)) == key
    with pytest.raises(NotProven, match="not one of its key"):
        parse_note(note.replace("a", "e", 1)).signers([Verifier.parse(key)])


def test_a_key_of_others_signs_as_theirs_does() -> None:
    """Ed25519 has one signature of a text: ours is the one that Go prints."""
    signer = Signer.parse(NEUMANN_SECRET)
    assert str(signer.verifier) == NEUMANN
    assert signer.secret() == NEUMANN_SECRET
    assert signer.sign(CRYPTOGRAPHY.partition("\n\n")[0] + "\n") == CRYPTOGRAPHY


def test_a_checkpoint_of_a_log_of_others_is_read() -> None:
    """Its size and root, once the key of the log has signed it."""
    found = parse_checkpoint(SUMDB, [Verifier.parse(SUMDB_KEY)])
    assert (found.origin, found.size, found.signers) == ("go.sum database tree", 35225469, ("sum.golang.org",))
    with pytest.raises(NotProven, match=r"not signed by a key given, but by sum\.golang\.org"):
        parse_checkpoint(SUMDB, [Verifier.parse(EXAMPLE_KEY)])
    with pytest.raises(NotProven, match=r"not one of its key"):
        parse_checkpoint(SUMDB.replace("35225469", "35225470"), [Verifier.parse(SUMDB_KEY)])


def test_a_proof_of_consistency_of_others_holds_and_an_altered_one_does_not() -> None:
    """As the witness judges it."""
    proof = parse_proof(SIGSUM_THREE, [SIGSUM_KEY])
    assert isinstance(proof, Consistency)
    assert str(proof) == SIGSUM_THREE
    earlier = parse_checkpoint(SIGSUM_ONE, [SIGSUM_KEY])
    proof.check(earlier)
    altered = parse_proof(SIGSUM_THREE.replace("AAAAAAAAA=\n\n", "AAAAAAABA=\n\n"), [SIGSUM_KEY])
    assert isinstance(altered, Consistency)
    with pytest.raises(NotProven, match="not shown to continue"):
        altered.check(earlier)
    with pytest.raises(NotProven, match="begins at size 1, the checkpoint given has 2"):
        proof.check(Checkpoint(SIGSUM, 2, earlier.root))
    with pytest.raises(NotProven, match="is of the log sigsum"):
        proof.check(Checkpoint("other", 1, earlier.root))


WRONG = {
    "no signature": "text\n",
    "no text": "\n",
    "nothing under the empty line": "text\n\n",
    "no line end": SUMDB.rstrip("\n"),
    "a control character": SUMDB.replace("tree", "tr\tee"),
    "a carriage return": SUMDB.replace("\n", "\r\n"),
    "a hyphen for the dash": SUMDB.replace("—", "-"),
    "no base64": SUMDB.replace("SfwQ=", "Sf!Q="),
    "no name": SUMDB.replace("— sum.golang.org ", "—  "),
    "a plus in the name": SUMDB.replace("— sum.golang.org", "— sum+golang.org"),
    "an empty signature": f"{SUMDB}— x {b64encode(bytes(4)).decode()}\n",
    "too many signatures": SUMDB + SUMDB.splitlines(keepends=True)[-1] * 100,
    "two lines": "origin\n5\n\n" + SUMDB.partition("\n\n")[2],
    "a size that is none": SUMDB.replace("35225469", "035225469"),
    "a size past every log": SUMDB.replace("35225469", "9" * 19),
    "a root too short": SUMDB.replace("vt5T6GaLCXvyHFl9VUvvItR43XZxfLgftEcTyO3eJCQ=", "vt5T6GaL"),
    "another root of nothing": SUMDB.replace("35225469", "0"),
    "an empty origin": SUMDB.replace("go.sum database tree", ""),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_no_signed_checkpoint_is_refused(wrong: str) -> None:
    """In a sentence, whatever is wrong with it."""
    with pytest.raises(NotProven, match=r"no (signed )?(note|checkpoint)"):
        parse_checkpoint(WRONG[wrong], [Verifier.parse(SUMDB_KEY)])


@pytest.mark.parametrize(
    "key",
    [
        "",
        "sum.golang.org",
        SUMDB_KEY.replace("033de0ae", "033de0af"),
        SUMDB_KEY.replace("033de0ae", "33de0ae"),
        SUMDB_KEY.replace("Ac4z", "Bc4z"),
        SUMDB_KEY[:-4],
        SUMDB_KEY.replace("sum.", "sum "),
    ],
)
def test_what_is_no_key_is_refused(key: str) -> None:
    """Before anything is checked with it."""
    with pytest.raises(UsageError):
        Verifier.parse(key)


@pytest.mark.parametrize(
    "line", [NEUMANN, NEUMANN_SECRET.replace("c74f20a3", "c74f20a4"), NEUMANN_SECRET[:-8], "x" * 99]
)
def test_a_damaged_secret_key_is_refused_and_not_shown(line: str) -> None:
    """Nothing of it stands in the error."""
    with pytest.raises(UsageError) as refused:
        Signer.parse(line)
    assert line[-24:] not in str(refused.value)


def test_a_secret_key_is_shown_nowhere() -> None:
    """Neither as text nor where a debugger prints it."""
    signer = Signer.parse(NEUMANN_SECRET)
    assert str(signer) == repr(signer) == NEUMANN
    assert "AYEKFALVFGyNhPJEMzD1QIDr" not in f"{signer} {signer!r} {[signer]}"


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u00a0b", "a\u2003b", "a\nb", "a\x00b"])
def test_a_name_that_no_key_may_have(name: str) -> None:
    """No blank of any kind, no plus, no control character, and not nothing."""
    assert not is_key_name(name)
    with pytest.raises(UsageError):
        Signer.new(name)


def test_an_unsigned_checkpoint_is_marked_and_is_a_note_to_nobody() -> None:
    """We read it; with a key it is refused, and whoever knows only the standard refuses it."""
    empty = Checkpoint("tests.example/log", 0, EMPTY_ROOT)
    assert empty.unsigned.endswith("\n\nunsigned\n")
    assert parse_checkpoint(empty.unsigned) == empty
    with pytest.raises(NotProven, match="not signed by a key given, but by nobody"):
        parse_checkpoint(empty.unsigned, [Verifier.parse(SUMDB_KEY)])
    with pytest.raises(NotProven):
        parse_note(empty.unsigned)


@pytest.mark.parametrize("origin", ["", "two\nlines", "a tab\t"])
def test_an_origin_that_cannot_stand_in_a_checkpoint(origin: str) -> None:
    """It would make another checkpoint of it."""
    with pytest.raises(UsageError, match="cannot stand in a checkpoint"):
        _ = Checkpoint(origin, 0, EMPTY_ROOT).text


PARTS = st.sampled_from(
    [*SIGSUM_THREE.splitlines(keepends=True), *SUMDB.splitlines(keepends=True), "\n", "— ", "unsigned\n"]
)


@given(st.lists(PARTS | st.text(max_size=20), max_size=12).map("".join))
def test_whatever_is_given_as_a_proof_is_read_or_refused(text: str) -> None:
    """No other exception leaves."""
    for key in ([], [SIGSUM_KEY]):
        for parse in (parse_proof, parse_checkpoint):
            try:
                parse(text, key)
            except ArchiveError:
                continue

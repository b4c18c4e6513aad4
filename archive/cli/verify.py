"""`archive verify`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import click

import archive
from archive.cli.behind import UNCHECKED, say_behind
from archive.cli.noted import checkpoint_in, keys_of, keys_option, text_of
from archive.cli.options import Command, format_option
from archive.cli.output import json_text, printable, wrapped, write
from archive.cli.working import working_on
from archive.errors import NotProven, UsageError


@click.command(
    cls=Command,
    example="archive --archive openai-2023.db verify",
)
@click.option(
    "--checkpoint",
    "kept",
    multiple=True,
    metavar="FILE",
    help="A checkpoint that was kept elsewhere; may be given again.",
)
@keys_option
@click.option("--proof", metavar="FILE", help="Check this proof and no archive.")
@click.option(
    "--entry", metavar="FILE", help="With --proof: the entry that the proof is of, as prove --entry wrote it."
)
@click.option("--log-only", is_flag=True, help="Check the log, and nothing that is made from it.")
@format_option("text", "json")
@click.pass_obj
def command(
    where: str,
    *,
    kept: tuple[str, ...],
    keys: tuple[str, ...],
    proof: str | None,
    entry: str | None,
    log_only: bool,
    form: str,
) -> None:
    """Check that the archive is what it was, or that a proof holds.

    Every hash is made anew from the stored bytes, the read model and the index of words from the log; guards, kept
    texts and the file are looked at. What is found is told with its position, and nothing is changed. That all of it
    was rewritten, or rolled back to an older copy, is shown by a checkpoint kept elsewhere alone. With --key, one of
    the keys given must have signed it.
    """
    if entry is not None and proof is None:
        raise UsageError("--entry goes with --proof")
    public = keys_of(keys)
    if public and proof is None and not kept:
        raise UsageError("--key checks a signature, and nothing signed is given", hint="say --checkpoint FILE as well")
    given = [(name, checkpoint_in(name, public)) for name in kept]
    if proof is not None:
        _tell_proof(proof, public, [one for _, one in given], entry, form)
        return
    with archive.Archive.open(where) as opened, working_on() as progress:
        done = opened.verify(given, log_alone=log_only, progress=progress)
        error = done.findings.error()
        if error is None and done.read_model:
            say_behind(opened, UNCHECKED)
    told = {
        "verified": error is None,
        "origin": done.origin,
        "log": {"size": done.log.size, "root": None if done.log.root is None else done.log.root.hex()},
        "redacted": done.log.redacted,
        "checkpoints": len(given),
        "texts": done.texts.kept,
        "passages_elsewhere": done.texts.elsewhere,
        "read_model": done.read_model,
        "counts": dict(done.findings.counts),
        "findings": [{"kind": one.kind, "position": one.position, "said": one.said} for one in done.findings.found],
    }
    if form == "json":
        write(json_text(told))
    else:
        for line in _lines(told):
            write(line)
    if error is not None:
        raise error


def _lines(told: dict[str, Any]) -> Iterator[str]:
    for one in told["findings"]:
        yield from wrapped(f"{one['kind']}: {one['said']}", 0)
    kinds = [one["kind"] for one in told["findings"]]
    for kind, count in told["counts"].items():
        if count > kinds.count(kind):
            yield f"{kind}: {count - kinds.count(kind)} more"
    size = told["log"]["size"]
    if told["verified"]:
        yield printable(f"{told['origin']}: {size} {'entry' if size == 1 else 'entries'} verified, with the root")
        yield f"    {told['log']['root']}"
    if not told["verified"] and not told["read_model"]:
        yield "  not looked at: the read model and the index of words"
    if told["redacted"]:
        yield f"  {told['redacted']} redacted"
    if told["verified"]:
        checked = ["log", *(["read model", "index of words"] if told["read_model"] else [])]
        yield from wrapped(f"checked: {', '.join([*checked, 'guards', _counted(told['texts'], 'kept text')])}", 2)
        if told["checkpoints"]:
            yield f"  continues {_counted(told['checkpoints'], 'checkpoint')}"
        else:
            yield "  no checkpoint was given: that all was rewritten would not be seen"
    if told["passages_elsewhere"]:
        yield f"  {_counted(told['passages_elsewhere'], 'cited passage')} not standing in the kept texts"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _tell_proof(name: str, keys: Sequence[Any], given: Sequence[Any], entry: str | None, form: str) -> None:
    from archive.proving import check_proof  # noqa: PLC0415  # help needs none of it

    try:
        told = check_proof(text_of(name), keys=keys, checkpoints=given, entry=None if entry is None else text_of(entry))
    except NotProven as error:
        raise NotProven(f"{name}: {error.message}", hint=error.hint) from error
    if form == "json":
        write(json_text(told))
        return
    for line in _proved(told):
        write(line)


def _proved(told: dict[str, Any]) -> Iterator[str]:
    if told["proved"] == "consistency":
        yield from wrapped(f"{told['origin']}: the log of {told['size']} entries continues that of {told['old']}", 0)
    else:
        leaf = told["leaf"]
        yield from wrapped(f"{told['origin']}: entry {leaf['position']} is in the log of {told['size']} entries", 0)
        for name in ("type", "stream", "version", "recorded_at", "payload", "append"):
            yield from wrapped(f"{name}: {leaf[name]}", 2)
        for name, value in told.get("payload", {}).items():
            said = value if isinstance(value, str) else json_text(value, indent=False)
            yield from wrapped(f"says {name}: {said}", 2)
    yield "  with the root"
    yield f"    {told['root']}"
    if told["signed_by"]:
        yield from wrapped(f"signed by {', '.join(told['signed_by'])}", 2)
    elif told.get("checkpoint_given"):
        yield "  which is that of the checkpoint given"
    else:
        yield "  no signature was checked: say --key, or compare the root with one that you trust"

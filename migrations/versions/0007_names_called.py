"""Names of people, organisations and offices, folded, among the mentions: what they are looked up by."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from unicodedata import category, normalize

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

LONGEST_KEY = 200
SAME = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201b\u02bc\u02b9\u2032\u0060", "'"),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"),
        **dict.fromkeys("\u00b7\u2027\u2219\u22c5\u30fb", " "),
        **dict.fromkeys((*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)), None),
    }
)


def upgrade() -> None:
    """Take the names from the effects of the entries that are there, of those no longer current too."""
    connection = op.get_bind()
    asked = sa.text(
        "SELECT DISTINCT timeline, position, holder, value FROM effects"
        " WHERE timeline LIKE :names OR timeline LIKE :offices"
    )
    found = connection.execute(asked, {"names": "%\tnames\t%", "offices": "%\toffices\t%"}).all()
    made = {mention for row in found for mention in _called(*row)}
    if made:
        connection.execute(
            sa.text("INSERT INTO mentions (kind, id, position, field) VALUES ('called', :id, :position, :field)"),
            [{"id": name, "position": position, "field": whose} for name, position, whose in sorted(made)],
        )


def downgrade() -> None:
    """Take them away."""
    op.execute("DELETE FROM mentions WHERE kind = 'called'")


def _called(timeline: str, position: int, holder: str, value: str | None) -> Iterator[tuple[str, int, str]]:
    organisation, model, item, _ = (part.replace("\\t", "\t").replace("\\\\", "\\") for part in timeline.split("\t"))
    if model == "names":
        name, whose = holder, item
    elif model == "offices" and value is not None:
        name, whose = value, f"office/{organisation}/{item}"
    else:
        return
    if folded := _folded(name):
        long = len(folded) > LONGEST_KEY
        key = f"{folded[:LONGEST_KEY]}\n{sha256(folded.encode()).hexdigest()}" if long else folded
        yield key, position, whose


def _folded(text: str) -> str:
    folded = normalize("NFKC", normalize("NFKC", normalize("NFD", text).casefold()).casefold()).translate(SAME)
    return " ".join(normalize("NFKC", "".join(one for one in folded if category(one) != "Cf")).split())

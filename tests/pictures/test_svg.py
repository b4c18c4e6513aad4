"""The SVG picture: well formed whatever names say, nothing over anything else, nothing but a picture."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from click.testing import CliRunner
from rich.cells import cell_len

from archive import Archive
from archive.cli import main
from archive.intake import read_reports
from archive.pictures.scale import scale
from archive.pictures.svg import CELL, LABEL, draw

if TYPE_CHECKING:
    from pathlib import Path

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = """</text><script>alert('x')</script>&lt; ]]> "q" \x1b[31m \u202e evil"""


def texts(root: ET.Element) -> list[tuple[float, float, str]]:
    """Every text with its place."""
    return [(float(one.get("x", "0")), float(one.get("y", "0")), one.text or "") for one in root.iter(f"{SVG}text")]


def test_the_case_is_drawn_with_its_text_as_text(case: Archive) -> None:
    """Names and offices can be read and found in the document, in a lane each."""
    picture = case.timeline("openai")
    root = ET.fromstring(draw(picture, scale(picture), tz="America/Los_Angeles"))  # noqa: S314  # ours
    said = [text for _, _, text in texts(root)]
    assert "Mira Murati, interim" in said
    assert "Chief executive officer (ceo)" in said
    assert len([one for one in root.iter(f"{SVG}rect") if one.get("class") == "announced"]) > 1


def test_no_label_lies_over_another_or_over_a_bar(case: Archive) -> None:
    """Texts of one line have room for all their characters, and names end before the bars begin."""
    picture = case.timeline("openai")
    places = texts(ET.fromstring(draw(picture, scale(picture), tz="Asia/Tokyo")))  # noqa: S314  # ours
    for x, y, text in places:
        after = [other for other, line, _ in places if line == y and other > x]
        if x == 28:  # where names stand
            assert x + cell_len(text) * CELL <= LABEL, text
        assert not after or len(text) == 1 or x + cell_len(text) * CELL * 0.93 <= min(after), text


@pytest.mark.parametrize("name", [HOSTILE, "長" * 200, "e\u0301" * 100])
def test_a_name_is_a_name_whatever_it_holds(tmp_path: Path, name: str) -> None:
    """Markup, controls and very long names stay text: the document parses and holds no element that acts."""
    where = tmp_path / "archive.db"
    reports: list[dict[str, Any]] = [
        {"type": "OrganisationRegistered", "organisation": "acme", "name": name},
        {"type": "OfficeRegistered", "organisation": "acme", "office": "ceo", "title": name},
        {"type": "PersonRegistered", "person": "ann", "name": name},
        {"type": "SourceRegistered", "source": "gazette", "published": "2020-05-02"},
        {"type": "Appointed", "organisation": "acme", "office": "ceo", "person": "ann", "from": "2020-05-01"}
        | {"source": "gazette"},
    ]
    with Archive.create(where) as opened:
        lines = io.BytesIO(b"\n".join(map(orjson.dumps, reports)) + b"\n")
        intake = read_reports(lines, "reports.jsonl", opened.known())
        assert not intake.faults
        opened.append(intake.events, who="tester", program="tests")
    output = tmp_path / "picture.svg"
    told = CliRunner().invoke(main, ["--archive", str(where), "timeline", "acme", "--output", str(output)])
    assert told.exit_code == 0, told.output
    root = ET.parse(output).getroot()  # noqa: S314  # ours
    allowed = {
        "svg",
        "title",
        "style",
        "defs",
        "linearGradient",
        "stop",
        "pattern",
        "rect",
        "line",
        "text",
        "g",
        "path",
    }
    assert {one.tag.removeprefix(SVG) for one in root.iter()} <= allowed
    assert not [key for one in root.iter() for key in one.attrib if key.startswith("on") or "href" in key]
    assert not re.search("[\x00-\x08\x0b-\x1f\u202e]", output.read_text())
    shown = CliRunner().invoke(main, ["--archive", str(where), "timeline", "acme"])
    assert shown.exit_code == 0
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", shown.output)
    assert all(cell_len(line) <= 80 for line in shown.output.splitlines() if "█" in line)  # columns

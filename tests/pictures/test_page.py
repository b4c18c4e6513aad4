"""The page in a real browser: whatever was reported is text, and whoever reads it can use it."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from click.testing import CliRunner

from archive import Archive
from archive.cli import main
from archive.pictures.publishing import publish
from tests.pictures.pages import published
from tests.queries.reported import take

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.browser import Opened

HOSTILE = """</script></title><img src=x onerror=alert(1)><svg onload=alert(2)>'"`${alert(3)}\\u202e =1+1 &lt; <!-- """
DIGEST = sha256(HOSTILE.encode()).hexdigest()
BIDI = "Ann \u202egnp.exe\u2066"


def open_all(page: Page) -> None:
    """Open every fact, and wait until its reports are there."""
    page.evaluate("() => { for (const one of document.querySelectorAll('details')) one.open = true; }")
    page.wait_for_selector("details:last-of-type > .inside")
    assert page.locator("details:not(:has(.inside))").count() == 0


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Archive, Path]]:
    """An archive of which every text is an attack, and where its page goes."""
    folder = tmp_path_factory.mktemp("hostile")
    with Archive.create(folder / "archive.db") as archive:
        org = {"organisation": "acme"}
        told = {"source": "gazette", "summary": HOSTILE, "attribution": HOSTILE, "development": "constructor"}
        take(
            archive,
            {"type": "OrganisationRegistered", **org, "name": HOSTILE},
            {"type": "OfficeRegistered", **org, "office": "constructor", "title": HOSTILE},
            {"type": "PersonRegistered", "person": "ann", "name": HOSTILE, "names": [BIDI, "アン" * 60]},
            {
                "type": "SourceRegistered",
                "source": "gazette",
                "title": HOSTILE,
                "url": 'https://example.org/"onmouseover=alert(4)',
            }
            | {"published": "2020-05-02"},
            {"type": "Appointed", **org, "office": "constructor", "person": "ann", "from": "2020-05-01", **told}
            | {"passages": [{"start": 0, "end": len(HOSTILE), "sha256": DIGEST, "quote": HOSTILE}]}
            | {"stated_times": [{"text": HOSTILE, "zone": BIDI}]},
            {"type": "NegotiationOpened", **org, "matter": "proto", "when": "2020-05-01", "about": HOSTILE, **told},
        )
        yield archive, folder / "page"


def test_hostile_text_is_text(hostile: tuple[Archive, Path], open_page: Opened) -> None:
    """Names, titles, summaries, quotes and times stay what they are; nothing runs, is fetched or turns round."""
    archive, folder = hostile
    published(archive, "acme", folder, at="2020-06-01T00:00:00.000000Z")
    page = open_page(folder)
    open_all(page)
    text = page.inner_text("body")
    assert text.count("</script></title><img src=x onerror=alert(1)>") >= 5
    assert "\\u202egnp.exe\\u2066" in text
    assert "\u202e" not in page.content()
    assert page.locator("img, iframe, object, main script, main style, a[href^=javascript]").count() == 0
    assert page.title().startswith("</script></title>")


def test_the_data_ends_no_script_and_has_no_key_that_acts(hostile: tuple[Archive, Path], open_page: Opened) -> None:
    """Read as markup it would still be one script; `__proto__` is a key like any other."""
    archive, folder = hostile
    published(archive, "acme", folder)
    data = (folder / "data.js").read_text(encoding="utf-8")
    assert data.isprintable() or "\n" in data
    assert not set("<>&\u2028\u2029\u202e") & set(data)
    page = open_page(folder)
    assert page.evaluate("archiveData.organisation") == "acme"
    publish({**archive.publication("acme"), "__proto__": {"organisation": "evil"}}, folder, tz="UTC")
    page.reload()
    assert page.evaluate("[archiveData.organisation, Object.getPrototypeOf(archiveData) === Object.prototype]") == [
        "acme",
        True,
    ]


def test_the_policy_refuses_what_is_not_in_the_folder(case_page: Path, browser: Browser) -> None:
    """An inline script, a handler, a style and a request are each refused: the policy is in force from the disk too."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{case_page.as_uri()}/index.html")
    page.wait_for_selector("html[data-drawn]")
    refused = page.evaluate("""async () => {
        const found = [];
        addEventListener("securitypolicyviolation", (event) => found.push(event.effectiveDirective));
        const script = document.createElement("script");
        script.textContent = "window.ran = true";
        const style = document.createElement("style");
        style.textContent = "body { display: none }";
        document.body.append(script, style);
        document.body.setAttribute("onclick", "window.ran = true");
        document.body.click();
        await fetch("https://example.org/").catch(() => null);
        await new Promise((done) => setTimeout(done, 200));
        return [found.sort(), window.ran ?? false];
    }""")
    context.close()
    assert refused == [["connect-src", "script-src-attr", "script-src-elem", "style-src-elem"], False]


def test_sliders_are_moved_by_keys_and_say_what_they_show(case_page: Path, open_page: Opened) -> None:
    """Arrow keys step through changes, each step is spoken, told below and kept in the address."""
    page = open_page(case_page)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "at"
    before = page.get_attribute("#at", "aria-valuetext")
    for _ in range(2):
        page.keyboard.press("ArrowLeft")
    assert page.get_attribute("#at", "aria-valuetext") != before
    assert "Chief executive officer" in page.inner_text("#changes")
    page.locator("#live", has_text="Chief executive officer").wait_for(state="attached")
    assert page.get_attribute("#live", "aria-live") == "polite"
    page.keyboard.press("Enter")
    page.keyboard.press("Home")
    assert page.evaluate("Page.asked.at === Page.happened[0]")
    first = page.evaluate("Page.happened[0]")
    page.wait_for_url(lambda url: first in unquote(url))
    assert page.locator("#at").evaluate("(one) => getComputedStyle(one).outlineStyle") != "none"


def test_a_fact_is_opened_by_keys_and_the_address_brings_it_back(case_page: Path, open_page: Opened) -> None:
    """Its reports, their basis, passages and times as printed; focus stays on it while a slider moves elsewhere."""
    page = open_page(case_page)
    murati = page.locator('[data-key="tenures/ceo/mira-murati"]')
    murati.locator("> summary").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**fact=*")
    opened_text = murati.inner_text()
    assert "Appointed" in opened_text
    assert "characters 1036 to 1082" in opened_text
    assert "同日午後" in opened_text
    assert "official" in opened_text
    page.evaluate("Page.asked && document.getElementById('at-on').click()")
    assert page.evaluate("document.activeElement.parentElement.dataset.key") == "tenures/ceo/mira-murati"
    page_instant = page.evaluate("Page.asked.at")
    page.wait_for_url(lambda url: page_instant in unquote(url))
    url = page.url
    again = open_page(case_page, url.partition("#")[2])
    assert again.url == url
    assert again.evaluate("Page.asked.at") == page.evaluate("Page.asked.at")
    assert "characters 1036 to 1082" in again.inner_text('[data-key="tenures/ceo/mira-murati"]')
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "fact=" not in url)


def test_every_control_has_a_name_and_every_section_a_heading(case_page: Path, open_page: Opened) -> None:
    """A reader of screens finds the sliders, the choices and the parts of the state by name."""
    tree = open_page(case_page).locator("body").aria_snapshot()
    for named in (
        'slider "Happened',
        'slider "As reported',
        'combobox "Reports"',
        'combobox "Times in"',
        'button "Happened: the next change"',
        'heading "Offices" [level=2]',
        'region "Conflicts"',
        'heading "OpenAI" [level=1]',
        "status",
        "main",
        "contentinfo",
    ):
        assert named in tree, named


def test_on_a_phone_nothing_is_wider_than_the_screen(
    hostile: tuple[Archive, Path], case_page: Path, open_page: Opened
) -> None:
    """360 pixels, everything open, with names of 120 wide characters and words of 90 without a blank."""
    archive, folder = hostile
    published(archive, "acme", folder, at="2020-06-01T00:00:00.000000Z")
    for where in (case_page, folder):
        page = open_page(where, width=360, height=740, has_touch=True, is_mobile=True)
        open_all(page)
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        wide = page.evaluate(
            "[...document.querySelectorAll('body *:not(.unseen)')]"
            ".filter((one) => one.getBoundingClientRect().right > 361).map((one) => one.className || one.tagName)"
        )
        assert wide == []


def test_names_are_shown_in_the_language_chosen(case_page: Path, open_page: Opened) -> None:
    """Japanese names where sources give them, marked as such, with the registered one beside."""
    page = open_page(case_page)
    page.select_option("#language", "ja")
    name = page.locator('[data-key="tenures/ceo/mira-murati"] .name')
    assert name.locator("bdi[lang=ja]").first.inner_text().startswith("ミラ")
    assert "Mira Murati" in name.inner_text()
    page.wait_for_url(lambda url: "names=ja" in url)


def test_a_passage_is_quoted_from_the_kept_text_with_what_speaks_beside(tmp_path: Path, open_page: Opened) -> None:
    """The words stand there as the source has them, with its language; a motive of the same development follows."""
    text = "御知らせ\nアン・リーは本日付で退任しました。\n"
    (tmp_path / "release.txt").write_text(text, encoding="utf-8")
    acme = {"organisation": "acme", "source": "release", "development": "the-removal"}
    where = ["--archive", str(tmp_path / "archive.db")]
    with Archive.create(tmp_path / "archive.db") as archive:
        take(
            archive,
            {"type": "OrganisationRegistered", "organisation": "acme", "name": "Acme"},
            {"type": "OfficeRegistered", "organisation": "acme", "office": "ceo", "title": "Chief"},
            {"type": "PersonRegistered", "person": "ann", "name": "Ann Lee"},
        )
        registered = ["source", "add", str(tmp_path / "release.txt"), "--id", "release", "--language", "ja"]
        done = CliRunner().invoke(main, [*where, *registered, "--published", "2020-05-02"])
        assert done.exit_code == 0, done.output
        take(
            archive,
            {"type": "Appointed", **acme, "office": "ceo", "person": "ann", "from": "2019-01-01", "development": None},
            {"type": "Dismissed", **acme, "office": "ceo", "person": "ann", "when": "2020-05-01"}
            | {"passages": [{"quote": "アン・リーは本日付で退任しました。"}]},
            {"type": "Noted", **acme, "when": "2020-05-01", "summary": "The sales had fallen."},
        )
        page = open_page(published(archive, "acme", tmp_path / "page"), "at=2020-04-01&fact=tenures/ceo/ann")
    fact = page.locator('[data-key="tenures/ceo/ann"]')
    assert fact.locator("blockquote bdi[lang=ja]").inner_text() == "アン・リーは本日付で退任しました。"
    assert "The sales had fallen." in fact.locator(".besides").inner_text()
    assert "御知らせ" not in (tmp_path / "page" / "data.js").read_text(encoding="utf-8")


TIMES = [
    ("2023-11-17T20:00:00.000000Z", "2023-11-17T20:00:00.000000Z", "America/Los_Angeles", "17 Nov 2023, 12:00 PST"),
    ("2023-11-17T19:00:00.000000Z", "2023-11-18T06:59:59.999999Z", "America/Denver", "17 Nov 2023, 12:00–24:00 MST"),
    ("2023-11-20T13:00:00.000000Z", "2023-11-20T13:59:59.999999Z", "UTC", "20 Nov 2023, 13:00–just before 14:00 UTC"),
    ("2015-01-01T00:00:00.000000Z", "2015-12-31T23:59:59.999999Z", "UTC", "2015"),
    ("2015-02-01T00:00:00.000000Z", "2016-02-29T23:59:59.999999Z", "UTC", "between Feb 2015 and Feb 2016"),
    ("2015-01-01T00:00:00.000000Z", "2023-11-16T23:59:59.999999Z", "UTC", "between 1 Jan 2015 and 16 Nov 2023"),
    (None, "2023-11-17T14:59:59.999999Z", "Asia/Tokyo", "by 17 Nov 2023"),
    ("2023-11-17T14:59:59.500000Z", None, "Asia/Tokyo", "since 17 Nov 2023, 23:59:59.5 GMT+9"),
    (None, None, "UTC", "at an unknown time"),
]


def test_bounds_are_told_as_briefly_as_they_allow(case_page: Path, open_page: Opened) -> None:
    """A day is a day only in the zone in which it is one; the ends of days and minutes are told as such."""
    page = open_page(case_page)
    told = page.evaluate(
        "all => all.map(([from, to, zone]) => Times.bounds(from, to, zone))", [one[:3] for one in TIMES]
    )
    assert told == [one[3] for one in TIMES]

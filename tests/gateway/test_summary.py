"""The summary says what the person told and what the rules say of it, and nothing else."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from gateway.told import Told
from gateway.words import all_words
from hbv_engine import assess, load_book
from records import Observation
from tests.gateway.conftest import Site
from tests.gateway.telling import ann, bob, eve, result, tell

VOID = {"meta", "link", "input", "br", "img", "hr"}
LANGUAGES = ["en", "zh"]
# Results with their unit, and whole days: what may not differ between the languages.
_NUMBER = re.compile(r"[<>]?[\d.,]+(?:×10[⁰¹²³⁴⁵⁶⁷⁸⁹]+)? (?:k?IU/mL|copies/mL|U/L)|\d{4}-\d\d-\d\d")


class Page(HTMLParser):
    """A page that is well-formed: every element is closed in its order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.rows: list[list[str]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if {"td", "th"} & set(self.open):
            self.rows[-1][-1] += data

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))


def summary(site: Site, language: str = "en") -> Page:
    return Page(site.get(f"/chat/summary?lang={language}"))


@pytest.mark.parametrize("path", ["/chat/summary", "/chat/fhir", "/chat/trend.svg?analyte=alt"])
@pytest.mark.parametrize("token", [None, "nobody"])
def test_without_a_valid_token_there_is_nothing(site: Site, path: str, token: str | None) -> None:
    headers = {"Authorization": f"Bearer {token}"} if token else {}

    answer = site.client.get(path, headers=headers)

    assert answer.status_code == 401
    assert answer.json()["error"] == "no_conversation"


def test_the_cookie_opens_it_too(site: Site) -> None:
    answer = site.client.get("/chat/summary", headers={"Cookie": f"__Host-hbv={site.token}"})

    assert answer.status_code == 200


@pytest.mark.parametrize("path", ["/chat/summary", "/chat/fhir", "/chat/trend.svg?analyte=alt"])
def test_nothing_of_it_is_kept_by_the_browser(site: Site, path: str) -> None:
    ann(site.store, site.person)

    answer = site.client.get(path, headers={"Authorization": f"Bearer {site.token}"})

    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_record_gives_a_friendly_page(site: Site, language: str) -> None:
    page = summary(site, language)

    assert all_words()["sum_empty"][language] in page.text
    assert page.rows == []


@pytest.mark.parametrize("helper", [ann, bob, eve])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_sound_and_has_no_inline_style_or_script(
    site: Site, helper: object, language: str
) -> None:
    """The policy of the website would refuse them, and a picture or a table would be lost."""
    helper(site.store, site.person)  # type: ignore[operator]

    page = summary(site, language)

    assert all(tag not in {"script", "style"} for tag, _ in page.tags)
    names = [name for _, attributes in page.tags for name in attributes]
    assert not [name for name in names if name == "style" or name.startswith("on")]
    lang = "zh-CN" if language == "zh" else "en"
    assert ("html", {"lang": lang}) in page.tags


def test_a_script_in_a_message_stays_text(site: Site) -> None:
    words = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    tell(
        site.store,
        site.person,
        result("alt", 86, "U/L", date="2026-01-01", raw=words),
        result("alt", 88, "U/L", date="2026-02-01", raw=words),
        result("platelets", 180, "10*9/L", date="2026-01-01", raw=words),
        Observation(kind="mention", name="drug", value="x", raw=words, status="unused"),
    )

    page = summary(site)

    assert "script" not in {tag for tag, _ in page.tags}
    assert "img" not in {tag for tag, _ in page.tags}
    assert page.text.count("<script>alert(1)</script>") == 4


def test_facts_stand_with_day_words_and_whether_confirmed(site: Site) -> None:
    told = tell(
        site.store,
        site.person,
        result("platelets", 180, "10*9/L", date="2026-10-05", raw="PLT 180"),
        Observation(kind="history", name="cirrhosis", value="none", raw="no cirrhosis"),
    )
    site.store.confirm([told[1].id or 0], person=site.person, at="2026-11-19T09:00:00+00:00")

    rows = summary(site).rows

    assert ["platelets", "180 ×10⁹/L", "2026-10-05", "PLT 180", "no"] in rows
    assert ["cirrhosis", "none", "told 2026-11-19", "no cirrhosis", "yes, 2026-11-19"] in rows


def test_what_was_replaced_and_what_is_of_others_is_left_out(site: Site) -> None:
    tell(site.store, site.person, result("alt", 777, "U/L", date="2026-10-05"))
    tell(site.store, site.person, result("alt", 77, "U/L", date="2026-10-05"))
    tell(
        site.store,
        site.person,
        result("alt", 999, "U/L", subject="mother", status="other_person"),
    )
    stranger = site.store.begin("2026-11-18T08:00:00+00:00")[1]
    tell(site.store, stranger, result("alt", 555, "U/L", date="2026-10-05"))

    text = summary(site).text
    fhir = site.get("/chat/fhir")

    assert "77 U/L" in text
    assert not [number for number in ("777", "999", "555") if number in text]
    assert not [number for number in ("777.", "999", "555") if f'"value": {number}' in fhir]


@pytest.mark.parametrize("helper", [ann, bob, eve])
def test_both_languages_have_the_same_facts(site: Site, helper: object) -> None:
    """Numbers, days, rule ids and the person's own words are the same on both pages."""
    helper(site.store, site.person)  # type: ignore[operator]

    def facts(language: str) -> dict[str, object]:
        page = summary(site, language)
        return {
            "rows": len(page.rows),
            "numbers": sorted(n for row in page.rows for c in row for n in _NUMBER.findall(c)),
            "rules": re.findall(r"\b[A-Z]{2,}\d*-[A-Z]*\d+\w*", page.text),
            "parts": [a.get("id") for _, a in page.tags if a.get("id")],
            "marks": [a for _, a in page.tags if "data-value" in a],
        }

    english, chinese = facts("en"), facts("zh")
    assert english["numbers"]
    assert english["rules"]
    for part, found in english.items():
        assert found == chinese[part], part


def test_alerts_stand_first_with_the_words_for_doctor_and_person(site: Site) -> None:
    """Every alert of the engine is there, those that tell the person the same in one card."""
    eve(site.store, site.person)
    told = Told.of(site.store, site.person, _today())

    page = summary(site)
    sure = assess(told.record).alerts

    assert sure
    assert told.guessed
    for alert in sure:
        assert alert.texts["patient"]["en"] in page.text
        assert alert.texts["nurse"]["en"] in page.text
    for alert in told.assessment.alerts:
        assert f"[{alert.rule}" in page.text
    first = min(page.text.index(a.texts["patient"]["en"]) for a in sure)
    assert first < page.text.index(all_words()["sum_decisions"]["en"])


def test_no_unit_is_named_that_nobody_told(site: Site) -> None:
    """A number without its unit raises its alert, but the summary does not make up "umol/L"."""
    eve(site.store, site.person)

    text = summary(site).text

    assert "61 umol/L" not in text
    assert "61 µmol/L" not in text
    assert all_words()["sum_guessed"]["en"] in text
    assert any("unit was not told" in cell for row in summary(site).rows for cell in row)


def test_a_settled_phase_has_its_rules_and_both_wordings(site: Site) -> None:
    tell(
        site.store,
        site.person,
        Observation(kind="person", name="age", value=34, raw="34"),
        Observation(kind="person", name="sex", value="female", raw="female"),
        result("hbsag", "positive", date="2026-10-05"),
        result("hbeag", "positive", date="2026-10-05"),
        result("hbv_dna", 2.3e8, "IU/mL", date="2026-10-05"),
        result("alt", 18, "U/L", date="2026-10-05"),
        Observation(kind="history", name="antiviral_now", value="none", raw="no tablets"),
        Observation(
            kind="history", name="hbsag_duration", value="six_months_or_more", raw="for years"
        ),
        Observation(kind="history", name="cirrhosis", value="none", raw="no cirrhosis"),
    )
    phase = Told.of(site.store, site.person, _today()).assessment.decisions["phase"]
    assert phase.status == "settled"

    for language in LANGUAGES:
        text = summary(site, language).text
        assert phase.card.render(language, "nurse").summary in text
        assert phase.card.render(language, "patient").summary in text
        assert ", ".join(phase.rules) in text
        assert load_book().sha256 in text


def test_an_open_phase_names_what_is_missing(site: Site) -> None:
    tell(site.store, site.person, result("alt", 86, "U/L", date="2026-10-05"))
    phase = Told.of(site.store, site.person, _today()).assessment.decisions["phase"]

    row = next(row for row in summary(site).rows if row[0] == "phase of the infection")

    assert phase.status == "open"
    assert phase.card.render("en", "nurse").missing[0] in row[1]


def test_what_was_told_too_long_ago_is_marked(site: Site) -> None:
    tell(
        site.store,
        site.person,
        Observation(kind="symptom", name="jaundice", value=True, raw="yellow eyes"),
        at="2025-01-10T09:00:00+00:00",
    )

    row = next(row for row in summary(site).rows if row[0] == "yellow eyes or skin")

    assert "too long ago" in row[1]
    assert all_words()["sum_no_alert"]["en"] in summary(site).text


def test_the_chat_page_leads_to_all_of_it(site: Site) -> None:
    page = Page(site.get("/chat?lang=en"))
    links = {attributes.get("href") for tag, attributes in page.tags if tag == "a"}

    assert {"/chat/summary", "/chat/export", "/chat/fhir", "/chat/erase"} <= links


def test_the_picture_alone(site: Site) -> None:
    ann(site.store, site.person)
    headers = {"Authorization": f"Bearer {site.token}"}

    found = site.client.get("/chat/trend.svg?analyte=hbsag_quant&lang=zh", headers=headers)
    unknown = site.client.get("/chat/trend.svg?analyte=secret", headers=headers)
    tell(site.store, (other := site.store.begin("2026-11-18T08:00:00+00:00"))[1])
    none = site.client.get(
        "/chat/trend.svg?analyte=alt", headers={"Authorization": f"Bearer {other[0]}"}
    )

    assert found.headers["content-type"] == "image/svg+xml"
    assert found.text.startswith("<svg")
    assert found.text in site.get("/chat/summary?lang=zh")
    assert unknown.status_code == 422
    assert (none.status_code, none.json()["error"]) == (404, "nothing_to_show")


def test_every_style_the_pages_name_is_served(site: Site) -> None:
    page = summary(site)
    styles = [a["href"] for tag, a in page.tags if tag == "link" and a.get("rel") == "stylesheet"]

    assert {"/static/trend.css", "/static/summary.css"} <= set(styles)
    for path in styles:
        assert site.client.get(str(path)).status_code == 200
    folder = Path(__file__).parents[2] / "gateway" / "static"
    assert "@page" in (folder / "summary.css").read_text(encoding="utf-8")


def _today():  # noqa: ANN202 - the day of the pages
    from gateway.summary import today  # noqa: PLC0415

    return today()

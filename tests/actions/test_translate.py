"""What a message states, under the names of the engine; nothing is added."""

from __future__ import annotations

import datetime as dt

import pytest

from actions.evidence import checked, record_of
from actions.translate import observations_of
from bot.components.reader import entities
from bot.reading import read
from records import Observation
from tests.actions.conversation import Talk
from tests.actions.turns import turn

TODAY = dt.date(2026, 11, 20)


def stated(text: str) -> list[Observation]:
    return [checked(o, TODAY) for o in observations_of(turn(text))]


def test_the_pipeline_and_the_tests_read_alike() -> None:
    """``turn`` builds its facts with the code of the pipeline."""
    text = "ALT 86 U/L"

    assert [e["name"] for e in entities(text, read(text)) if e["entity"] == "fact"] == ["alt"]
    assert [f["name"] for f in turn(text).facts] == ["alt"]


@pytest.mark.parametrize(
    ("text", "kind", "name", "value"),
    [
        ("I am 34", "person", "age", 34),
        ("HBeAg positive", "analyte", "hbeag", "positive"),
        ("HBV DNA undetectable", "analyte", "hbv_dna", "not_detected"),
        ("DNA阳性", "analyte", "hbv_dna", "detected"),
        ("I am pregnant", "history", "pregnant", True),
        ("no cirrhosis", "history", "cirrhosis", "none"),
        ("没有脂肪肝", "history", "cause_fatty_liver", "excluded"),
        ("I take entecavir", "treatment", "entecavir", "taking"),
        ("乙肝十年了", "history", "hbsag_duration", "six_months_or_more"),
        ("my eyes turned yellow", "symptom", "jaundice", True),
        ("I am not vomiting blood", "symptom", "vomiting_blood", False),
        ("no fever", "symptom", "fever", False),
        ("头发掉得厉害", "symptom", "hair_loss", True),
        ("my temperature was 39.2", "symptom", "temperature", 39.2),
        ("my temperature was 102", "symptom", "temperature", 38.9),
        ("I have compensated cirrhosis", "history", "cirrhosis", "compensated"),
        ("我有甲亢", "history", "thyroid_disease", True),
        ("I have bipolar disorder", "history", "severe_psychiatric_illness", True),
        ("HBsAg 5638 COI", "analyte", "hbsag", "positive"),
        ("e抗原 0.09 COI", "analyte", "hbeag", "negative"),
        ("I take tenofovir", "history", "antiviral_now", "nuc"),
        ("我在打干扰素", "history", "antiviral_now", "interferon"),
        ("my e antigen is not positive", "analyte", "hbeag", "negative"),
        ("血小板20×10^9/L", "analyte", "platelets", 20),
        ("I have nausea", "symptom", "malaise", True),
        ("关节疼", "symptom", "flu_like", True),
        ("my mother had liver cancer", "history", "family_history_hcc_or_cirrhosis", True),
    ],
)
def test_a_statement_becomes_an_observation(text: str, kind: str, name: str, value: object) -> None:
    found = [(o.kind, o.name, o.value) for o in stated(text) if o.status == "current"]

    assert found == [(kind, name, value)]


@pytest.mark.parametrize(
    ("text", "treatments", "now"),
    [
        ("I'm on entecavir and Pegasys. Is my interferon at week 24 working?", 2, []),
        ("我吃恩替卡韦，也在打干扰素", 1, ["nuc_and_interferon"]),
        ("I take Baraclude and I'm on interferon", 1, ["nuc_and_interferon"]),
    ],
)
def test_the_kind_of_a_medicine_takes_nothing_back(
    text: str, treatments: int, now: list[str]
) -> None:
    found = [o for o in stated(text) if o.status == "current"]

    assert sum(o.kind == "treatment" for o in found) == treatments
    assert [o.value for o in found if o.name == "antiviral_now"] == now


@pytest.mark.parametrize(
    ("text", "value"),
    [("platelets 20", 20), ("血小板20", 20), ("neutrophils 0.4", 0.4), ("中性粒细胞0.62", 0.62)],
)
def test_a_blood_count_gets_the_only_unit_that_it_can_have(text: str, value: float) -> None:
    assert turn(text).facts[0].get("unit") is None

    (found,) = stated(text)

    assert (found.value, found.unit, found.status) == (value, "10*9/L", "current")


@pytest.mark.parametrize("text", ["platelets 70000", "血小板7万", "neutrophils 1200"])
def test_a_blood_count_of_another_size_keeps_its_missing_unit(text: str) -> None:
    (found,) = stated(text)

    assert (found.unit, found.status) == (None, "unit_missing")


@pytest.mark.parametrize(
    "text", ["ALT 2 times the normal limit", "转氨酶是正常值的3倍", "I am dizzy", "我有哮喘"]
)
def test_what_the_rules_have_no_place_for_is_a_mention(text: str) -> None:
    assert [(o.kind, o.status) for o in stated(text)] == [("mention", "unused")]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("ALT 86", "unit_missing"),
        ("HBV DNA 2000", "unit_missing"),
        ("HBV DNA 2000 mg/dL", "refused"),
        ("ALT 99999999 U/L", "refused"),
        ("my husband's ALT is 90 U/L", "other_person"),
        ("ALT 86 U/L last year", "ambiguous"),
        ("DNA7次方", "unit_missing"),
    ],
)
def test_what_cannot_be_used_is_kept_and_says_why(text: str, status: str) -> None:
    observations = stated(text)

    assert [o.status for o in observations] == [status]
    assert observations[0].raw in text


def test_a_nickname_stands_for_the_tests_it_names() -> None:
    found = {o.name: o.value for o in stated("大三阳")}

    assert found == {"hbsag": "positive", "hbeag": "positive", "anti_hbc": "positive"}


def test_the_record_holds_only_what_is_current() -> None:
    observations = stated("34, female, HBeAg positive, ALT 86, HBV DNA 2.3x10^7 IU/mL")

    record = record_of(observations, TODAY)

    assert (record.age, record.sex) == (34, "female")
    assert {o.analyte for o in record.observations} == {"hbeag", "hbv_dna"}
    assert [o.raw for o in record.observations] == ["HBeAg positive", "HBV DNA 2.3x10^7 IU/mL"]


def test_the_same_result_told_twice_is_one_result() -> None:
    record = record_of(stated("大三阳，e抗原阳性"), TODAY)

    assert sorted(o.analyte for o in record.observations) == ["anti_hbc", "hbeag", "hbsag"]


@pytest.mark.parametrize(
    ("text", "name", "value", "details"),
    [
        ("I stopped entecavir on 2026-05-03", "entecavir", "stopped", {"stop": "2026-05-03"}),
        ("我2026年5月3日停了恩替卡韦", "entecavir", "stopped", {"stop": "2026-05-03"}),
        ("I take entecavir since 2024-01-10", "entecavir", "taking", {"start": "2024-01-10"}),
        ("I take entecavir since 2024", "entecavir", "taking", {}),
    ],
)
def test_a_course_keeps_the_days_that_were_said(
    text: str, name: str, value: str, details: dict[str, str]
) -> None:
    found = [(o.name, o.value, o.details) for o in stated(text) if o.kind == "treatment"]

    assert found == [(name, value, details)]


@pytest.mark.parametrize(
    "text",
    [
        "I took entecavir last year",
        "what are the side effects of interferon?",
        "I want to take interferon",
        "I take interferon for hepatitis C",
        "what is the treatment for HIV?",
        "is ascites dangerous?",
        "is black stool dangerous?",
        "is my e antigen positive?",
        "表面抗原能转阴吗",
        "I was pregnant last year",
        "ALT was not 86 U/L",
    ],
)
def test_what_is_over_asked_or_of_another_disease_is_no_evidence(text: str) -> None:
    assert [o for o in stated(text) if o.status == "current"] == []


def test_a_stopped_course_is_not_running() -> None:
    record = record_of(stated("I stopped entecavir on 2026-05-03"), TODAY)

    assert [(t.drug, str(t.stop)) for t in record.treatments] == [("entecavir", "2026-05-03")]


def test_an_index_is_kept_beside_its_word() -> None:
    (hbsag,) = stated("HBsAg 5638 COI")

    assert (hbsag.unit, hbsag.note) == (None, "index: 5638 COI")


@pytest.mark.parametrize(
    ("text", "weeks"),
    [
        ("I'm on pegasys, HBsAg before treatment was 3500 IU/mL", {3500: 0}),
        ("治疗前表面抗原3500 IU/mL，打派罗欣12周了", {3500: 0}),
        (
            "I'm on pegasys. HBsAg 5200 IU/mL at week 0, 1300 at week 12 and 640 at week 24",
            {5200: 0, 1300: 12, 640: 24},
        ),
        ("打派罗欣，0周表面抗原5200，12周1300，24周640 IU/mL", {5200: 0, 1300: 12, 640: 24}),
    ],
)
def test_a_result_keeps_the_week_of_interferon_it_was_told_with(
    text: str, weeks: dict[int, int]
) -> None:
    results = [o for o in stated(text) if o.name == "hbsag_quant"]

    assert {o.value: o.interferon_week for o in results} == weeks
    assert {o.status for o in results} == {"current"}


@pytest.mark.parametrize(
    "text",
    [
        "I take entecavir, HBsAg before treatment was 3500 IU/mL",
        "I take entecavir and pegasys, HBsAg before treatment was 3500 IU/mL",
        "HBsAg at week 12 was 3500 IU/mL",
    ],
)
def test_a_week_of_no_known_interferon_is_left_open(text: str) -> None:
    (result,) = [o for o in stated(text) if o.name == "hbsag_quant"]

    assert (result.status, result.interferon_week) == ("ambiguous", None)


@pytest.mark.parametrize("text", ["I stopped my tablets last year", "去年停了抗病毒药"])
def test_tablets_stopped_last_year_count_as_stopped_of_late(text: str) -> None:
    told = {o.name: (o.value, o.status) for o in stated(text)}

    assert told["nuc_stopped_recently"] == (True, "current")


@pytest.mark.parametrize(
    "text",
    [
        "no medicine, and my mother had liver cancer",
        "34 male, HBeAg positive, treatment naive",
        "I'm not on any medication for it",
        "大三阳，没吃过药",
        "我乙肝二十年了，一直没治疗",
    ],
)
def test_no_medicine_is_told_unasked(talk: Talk, text: str) -> None:
    talk.says(text)

    assert talk.known["antiviral_now"] == "none"


@pytest.mark.parametrize(
    "text",
    [
        "I have no medicine left",
        "the doctor said no treatment needed",
        "is no treatment ok?",
        "no medicine works for me",
        "I did not take my tablet today, no pills since yesterday",
        "before that I was untreated",
        "my husband is not on treatment",
        "没吃药之前转氨酶很高",
        "没吃药会怎么样",
        "今天没吃药",
        "我老公没吃药",
        "没吃药的时候DNA是7次方",
    ],
)
def test_other_words_of_no_medicine_state_nothing(talk: Talk, text: str) -> None:
    talk.says(text)

    assert "antiviral_now" not in talk.known


@pytest.mark.parametrize("text", ["可以停恩替卡韦吗", "can I stop entecavir?"])
def test_who_asks_to_stop_a_medicine_takes_it(text: str) -> None:
    assert [(o.name, o.value) for o in stated(text)] == [("entecavir", "taking")]


@pytest.mark.parametrize(
    "text",
    [
        "all other causes were ruled out",
        "转氨酶升高的其他原因都查过排除了",
        "查过都排除了",
        "alcohol, medicines, fatty liver and other causes were all checked and excluded",
    ],
)
def test_excluded_causes_of_a_raised_alt_are_told_in_one_breath(text: str) -> None:
    causes = {o.name: o.value for o in stated(text) if o.name.startswith("cause_")}

    assert causes == dict.fromkeys(
        ("cause_alcohol", "cause_drugs", "cause_fatty_liver", "cause_other"), "excluded"
    )


@pytest.mark.parametrize("text", ["其他原因都排除了吗", "not all other causes were ruled out yet"])
def test_causes_that_may_not_be_excluded_are_left_open(text: str) -> None:
    assert [o for o in stated(text) if o.name.startswith("cause_")] == []

"""``hbv ask``: one question at a time, from nothing to a cited answer."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest

from hbv_engine.book import Book
from hbv_engine.cli import files
from hbv_engine.cli.conversation import Conversation, brought_to
from hbv_engine.cli.interview import fact_count
from hbv_engine.cli.replies import COMMANDS, choices, read_answer, read_command
from hbv_engine.errors import EngineError, RecordError
from hbv_engine.model import Record, read_record
from hbv_engine.questions import Question, build_question
from tests.engine.command import TODAY, hbv

CLEARANCE = {
    "hbsag": "yes, six months or longer",
    "antiviral_now": "1",
    "recent_events": "none of these",
    "pregnant": "neither",
    "immunosuppression": "no",
    "cirrhosis": "no cirrhosis",
    "hbeag": "positive",
    "hbv_dna": "2.3e7 IU/mL",
    "alt": "86 U/L (upper limit 40) 2026-11-01",
    "alt_cause": "1",
    "sex": "woman",
    "age": "34",
}
CLEARANCE_ZH = {
    **CLEARANCE,
    "hbsag": "阳性，半年以上",
    "antiviral_now": "都没用",
    "recent_events": "都没有",
    "pregnant": "３",
    "immunosuppression": "没有",
    "cirrhosis": "没有肝硬化",
    "hbeag": "大三阳",
    "hbv_dna": "２．３×10⁷ IU／mL",
    "alt": "８６ U/L（上限40）",
    "sex": "女",
    "age": "34岁",
}


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "today", lambda: dt.date.fromisoformat(TODAY))
    monkeypatch.setattr("hbv_engine.cli.interview.today", lambda: dt.date.fromisoformat(TODAY))


def talk(book: Book, record: dict[str, Any] | None = None, language: str = "en") -> Conversation:
    return Conversation(book, read_record({"as_of": TODAY, **(record or {})}), language=language)


def question(book: Book, name: str) -> Question:
    return build_question(book, name, (), ("phase",))


def answers(book: Book, replies: dict[str, str], **options: Any) -> list[str]:
    """Return what to type so that the questions are answered as told, else with "don't know"."""
    conversation = talk(book, **options)
    lines = []
    while (asked := conversation.question()) is not None:
        lines.append(replies.get(asked.id, "don't know"))
        conversation.reply(asked, lines[-1])
    return lines


@pytest.mark.parametrize(("language", "replies"), [("en", CLEARANCE), ("zh", CLEARANCE_ZH)])
def test_from_nothing_to_a_cited_answer(
    book: Book, tmp_path: Path, language: str, replies: dict[str, str]
) -> None:
    file = tmp_path / "me.json"
    typed = "\n".join(answers(book, replies)) + "\n"
    done = hbv("ask", file, "--lang", language, stdin=typed)
    assert done.code == 0
    outcome = book.tables["phase"].outcomes["immune_clearance"]
    assert outcome.label[language] in done.out
    assert "PHASE-2" in done.out
    assert "S2-3" in done.out
    assert hbv("assess", file, "--json").data["decisions"]["phase"]["status"] == "settled"


def test_fewer_questions_are_asked_than_there_are_facts(book: Book, tmp_path: Path) -> None:
    lines = answers(book, CLEARANCE)
    shown = hbv("ask", tmp_path / "me.json", stdin="\n".join(lines) + "\n").out
    found = re.search(r"Questions asked: (\d+); answered: (\d+)\. .*? hold (\d+) facts", shown)
    assert found
    asked, answered, facts = map(int, found.groups())
    assert asked == len(lines)
    assert answered <= asked
    assert facts == fact_count()
    assert asked * 5 < facts


@pytest.mark.parametrize("goal", ["phase", "urgency", "interferon_suitability", "monitoring"])
def test_the_questions_end_for_somebody_who_knows_nothing(book: Book, goal: str) -> None:
    conversation = talk(book)
    conversation.goals = (goal,)
    for _ in range(len(book.questions)):
        asked = conversation.question()
        if asked is None:
            return
        conversation.reply(asked, "don't know")
    pytest.fail("the questions did not end")


def test_the_record_is_saved_after_every_answer(tmp_path: Path) -> None:
    file = tmp_path / "me.json"
    done = hbv("ask", file, stdin="1\n1\n")
    assert done.code == 0
    saved = json.loads(file.read_text(encoding="utf-8"))
    assert saved["history"]["hbsag_duration"]["value"] == "six_months_or_more"
    assert saved["history"]["antiviral_now"]["value"] == "none"
    assert f"hbv ask {file}" in done.out
    assert [path.name for path in tmp_path.iterdir()] == ["me.json"]


def test_a_record_can_be_read_by_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "me.json"
    hbv("ask", file, stdin="1\n")
    assert file.stat().st_mode & 0o077 == 0


def test_asking_goes_on_where_it_stopped(tmp_path: Path) -> None:
    file = tmp_path / "me.json"
    first = hbv("ask", file, stdin="1\n").out
    second = hbv("ask", file, stdin="quit\n").out
    assert "Going on with" in second
    assert "six months or longer?" in first
    assert "six months or longer?" not in second


def test_nothing_is_saved_when_nothing_was_answered(tmp_path: Path) -> None:
    file = tmp_path / "me.json"
    done = hbv("ask", file, stdin="quit\n")
    assert done.code == 0
    assert not file.exists()
    assert "nothing was saved" in done.out


def test_what_was_typed_is_kept_beside_what_was_understood(book: Book) -> None:
    conversation = talk(book, language="zh")
    conversation.reply(question(book, "hbv_dna"), "２．３×10⁷ IU／mL")
    conversation.reply(question(book, "antiviral_now"), "1")
    found = conversation.record.observations[0]
    assert (found.value, found.unit, found.raw) == (23000000, "IU/mL", "２．３×10⁷ IU／mL")
    assert conversation.record.history["antiviral_now"].raw == "1 = 都没用"


def test_what_was_understood_is_read_back(book: Book) -> None:
    conversation = talk(book)
    conversation.reply(question(book, "alt"), "86 u/l (upper limit 40) 2026-05-01")
    assert conversation.heard == "86 U/L · <= 40 U/L · 2026-05-01"


def test_a_result_without_a_day_gets_none(book: Book) -> None:
    conversation = talk(book)
    conversation.reply(question(book, "alt"), "86 U/L")
    assert conversation.record.observations[0].date is None


def test_what_a_person_says_about_today_is_dated_today(book: Book) -> None:
    conversation = talk(book)
    conversation.reply(question(book, "interferon_week"), "week 24")
    assert str(conversation.record.history["interferon_week"].date) == TODAY


def test_later_an_undated_result_counts_from_the_day_it_was_told(book: Book) -> None:
    conversation = talk(book)
    conversation.reply(question(book, "alt"), "86 U/L")
    later = brought_to(conversation.record, dt.date(2029, 1, 1))
    assert str(later.observations[0].date) == TODAY
    assert str(later.as_of) == "2029-01-01"


def test_back_takes_the_last_answer_back(book: Book) -> None:
    conversation = talk(book)
    first = conversation.question()
    assert first is not None
    before = conversation.record
    conversation.reply(first, "1")
    second = conversation.question()
    assert second is not None
    assert conversation.reply(second, "back") == "back"
    assert conversation.record == before
    again = conversation.question()
    assert again is not None
    assert again.id == first.id


def test_back_at_the_first_question_says_so(book: Book) -> None:
    conversation = talk(book)
    first = conversation.question()
    assert first is not None
    assert conversation.reply(first, "back") == "nothing_before"


def test_a_skipped_question_is_put_aside_but_not_recorded(book: Book) -> None:
    conversation = talk(book)
    first = conversation.question()
    assert first is not None
    conversation.reply(first, "skip")
    second = conversation.question()
    assert second is not None
    assert second.id != first.id
    assert conversation.record.asked == ()


def test_dont_know_is_recorded_and_never_read_as_no(book: Book) -> None:
    conversation = talk(book)
    first = conversation.question()
    assert first is not None
    conversation.reply(first, "I don’t know.")
    assert conversation.record.asked == (first.id,)
    assert not conversation.record.history
    assert not conversation.record.observations


def test_why_is_answered_and_the_question_stays(tmp_path: Path, book: Book) -> None:
    first = talk(book).question()
    assert first is not None
    shown = hbv("ask", tmp_path / "me.json", "--lang", "zh", stdin="为什么\n").out
    assert first.why["zh"][:15] in shown.replace("\n", "")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_bad_answer_is_explained_and_asked_again(tmp_path: Path, language: str) -> None:
    file = tmp_path / "me.json"
    done = hbv("ask", file, "--lang", language, stdin="banana\n1\n")
    assert done.code == 0
    assert {"en": "Accepted: ", "zh": "可以这样回答："}[language] in done.out
    assert "Traceback" not in done.out + done.err
    assert file.exists()


def test_a_number_without_unit_waits_for_its_unit(book: Book) -> None:
    conversation = talk(book)
    asked = question(book, "hbv_dna")
    with pytest.raises(RecordError, match="no unit"):
        conversation.reply(asked, "230万")
    conversation.reply(asked, "国际单位/毫升")
    found = conversation.record.observations[0]
    assert (found.value, found.unit, found.raw) == (2300000, "IU/mL", "230万 国际单位/毫升")


def test_a_limit_in_another_unit_than_its_result_is_refused(book: Book) -> None:
    alt = {"analyte": "alt", "value": 0.6, "unit": "ukat/L"}
    conversation = talk(book, {"observations": [alt]})
    with pytest.raises(RecordError, match="given in ukat/L"):
        conversation.reply(question(book, "alt_limit"), "40 U/L")
    conversation.reply(question(book, "alt_limit"), "0.67 ukat/L")
    assert conversation.record.observations[0].reference_high == 0.67


def test_an_earlier_result_without_its_day_waits_for_the_day(book: Book) -> None:
    conversation = talk(book)
    asked = question(book, "alt_earlier")
    with pytest.raises(RecordError, match="needs the day"):
        conversation.reply(asked, "60 U/L")
    conversation.reply(asked, "2025-01-31")
    found = conversation.record.observations[0]
    assert (found.value, str(found.date), found.raw) == (60, "2025-01-31", "60 U/L 2025-01-31")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("age", "340"),
        ("age", "<30"),
        ("alt", "9000000 U/L"),
        ("alt", "86 mg/dL"),
        ("hbsag_quant", "900 COI"),
        ("alt", "86 U/L 2027-05-01"),
        ("hbeag", "maybe"),
        ("hbeag", "3"),
        ("recent_events", "1, 9"),
        ("recent_events", "none, 1"),
        ("last_liver_imaging", "2027-05"),
        ("last_liver_imaging", "last spring"),
        ("fibrosis_stage", "F9"),
    ],
)
def test_an_answer_that_cannot_be_used_changes_nothing(book: Book, name: str, text: str) -> None:
    conversation = talk(book)
    before = conversation.record
    with pytest.raises(EngineError) as caught:
        conversation.reply(question(book, name), text)
    assert conversation.record == before
    assert caught.value.accepted


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("hbeag", "1", "positive"),
        ("hbeag", "POSITIVE", "positive"),
        ("hbeag", "阳性", "positive"),
        ("hbeag", "neg", "negative"),
        ("sex", "女", "female"),
        ("hbv_dna", "a", "not_detected"),
        ("hbv_dna", "target not detected", "not_detected"),
        ("recent_events", "1, 3", ["nuc_stopped_recently", "new_hepatotoxic_drug"]),
        ("recent_events", "1、3", ["nuc_stopped_recently", "new_hepatotoxic_drug"]),
        ("recent_events", "1 3", ["nuc_stopped_recently", "new_hepatotoxic_drug"]),
        ("recent_events", "no", "none"),
        ("family_history_hcc_or_cirrhosis", "yes", True),
        ("family_history_hcc_or_cirrhosis", "没有", False),
        ("last_liver_imaging", "2026年5月", "2026-05-01"),
    ],
)
def test_options_by_number_letter_or_word(book: Book, name: str, text: str, value: Any) -> None:
    found = read_answer(question(book, name), book.questions[name], text, language="en")
    assert found.value == value


def test_a_bare_no_is_not_taken_for_all_causes_excluded(book: Book) -> None:
    """ "No" could also mean that nobody looked: the question wants the full words."""
    asked = question(book, "alt_cause")
    for text in ("no", "none", "没有", "0"):
        with pytest.raises(RecordError):
            read_answer(asked, book.questions["alt_cause"], text, language="en")


def test_part_of_an_option_is_not_taken_for_it(book: Book) -> None:
    with pytest.raises(RecordError):
        read_answer(question(book, "pregnant"), {}, "not pregnant", language="en")


@pytest.mark.parametrize("text", ["why?", "为什么？", "WHY", " ？ "])
def test_commands_are_understood_in_both_scripts(text: str) -> None:
    assert read_command(text) == "why"


def test_no_option_of_any_question_is_also_a_command(book: Book) -> None:
    words = frozenset().union(*COMMANDS.values())
    for name, spec in book.questions.items():
        if isinstance(spec, dict) and "text" in spec:
            found = choices(question(book, name))
            labels = {label[to].lower() for _, _, label in found for to in ("en", "zh")}
            assert not words & ({mark for mark, _, _ in found} | labels), name


def test_a_red_flag_is_shown_at_once(book: Book, tmp_path: Path) -> None:
    conversation = talk(book)
    conversation.goals = ("urgency",)
    lines = []
    while (asked := conversation.question()) is not None:
        ids = [name for name, _ in asked.options]
        if "vomiting_blood" in ids:
            lines += [str(ids.index("vomiting_blood") + 1), "quit"]
            break
        lines.append("skip")
        conversation.reply(asked, "skip")
    typed = "\n".join(lines) + "\n"
    shown = hbv("ask", tmp_path / "me.json", "--goal", "urgency", stdin=typed).out
    assert "EMERGENCY, NOW" in shown


@pytest.mark.parametrize("text", ["{", '{"sex": 3}', "[]"])
def test_a_file_that_is_no_record_is_refused_and_left_alone(tmp_path: Path, text: str) -> None:
    file = tmp_path / "me.json"
    file.write_text(text, encoding="utf-8")
    done = hbv("ask", file, "--json", stdin="1\n")
    assert done.code == 2
    assert file.read_text(encoding="utf-8") == text


def test_a_folder_that_does_not_exist_is_told_before_the_first_question(tmp_path: Path) -> None:
    done = hbv("ask", tmp_path / "nowhere" / "me.json", "--json", stdin="1\n")
    assert done.code == 2
    assert done.error["code"] == "file_error"
    assert done.out == ""


def test_the_record_cannot_come_from_standard_input() -> None:
    assert hbv("ask", "-", "--json").error["code"] == "usage"


def test_with_json_only_the_answer_is_on_standard_output(book: Book, tmp_path: Path) -> None:
    typed = "\n".join(answers(book, CLEARANCE)) + "\n"
    done = hbv("ask", tmp_path / "me.json", "--json", stdin=typed)
    assert done.data["decisions"]["phase"]["outcome"] == "immune_clearance"
    assert "Question 1" in done.err


def test_again_asks_what_was_left_open(tmp_path: Path) -> None:
    file = tmp_path / "me.json"
    typed = "don't know\n" * 40
    first = hbv("ask", file, stdin=typed).out
    assert "--again" in first
    assert "Question 1" not in hbv("ask", file, stdin="quit\n").out
    assert "Question 1" in hbv("ask", file, "--again", stdin="quit\n").out


def test_broken_bytes_are_a_bad_answer_not_a_fault(tmp_path: Path) -> None:
    done = hbv("ask", tmp_path / "me.json", stdin=b"\xff\xfe\n1\n")
    assert done.code == 0
    assert "Accepted" in done.out


def test_the_record_stays_a_valid_record(book: Book) -> None:
    conversation = talk(book)
    for name, text in CLEARANCE.items():
        conversation.reply(question(book, name), text)
    data = conversation.record.model_dump(mode="json")
    assert isinstance(read_record(json.dumps(data)), Record)

"""One fact is forgotten: its values, its words, and the answers that may repeat them."""

from __future__ import annotations

from pathlib import Path

from records import Observation, Store
from tests.records.telling import AT, alt, answer, bytes_of, tell

AGE = Observation(kind="person", name="age", value=34, raw="I am 34")


def drink(words: str, **more: object) -> Observation:
    base = {"kind": "history", "name": "alcohol_g_per_day", "value": 77, "raw": words}
    return Observation(**base | more)


def assess(store: Store, message: str) -> None:
    store.keep_assessment(
        person="ann",
        message_id=message,
        at=AT,
        rulebook={"version": "1", "sha256": "abc"},
        record={"history": {"alcohol_g_per_day": 77}},
        decisions={},
    )


def test_the_words_of_one_fact_are_blanked_and_the_others_keep_their_place(store: Store) -> None:
    tell(store, "m1", "I am 34, wine 77 g, ALT 86", AGE, drink("wine 77 g"), alt(86))

    store.forget("ann", ["alcohol_g_per_day"])

    text = store.messages("ann")[0]["text"]
    assert text == "I am 34, ████ ██ █, ALT 86"
    assert [(o.name, text[o.start : o.end]) for o in store.facts("ann")] == [
        ("age", "I am 34"),
        ("alt", "ALT 86"),
    ]


def test_no_byte_of_a_forgotten_fact_is_left(tmp_path: Path) -> None:
    store = Store(tmp_path / "hbv.sqlite")
    tell(store, "m1", "slivovitz 77 g, ALT 86", drink("slivovitz 77 g"), alt(86))
    tell(store, "m2", "no, slivovitz 7 g a day", drink("slivovitz 7 g", value=7))
    tell(store, "m3", "is slivovitz 77 g much?")
    answer(store, "a3", "I noted slivovitz", card={"because": ["slivovitz"]})
    assess(store, "m3")

    forgotten = store.forget("ann", ["alcohol_g_per_day"])

    assert forgotten.scrubbed
    assert b"slivovitz" not in bytes_of(tmp_path)
    assert b"alcohol_g_per_day" not in bytes_of(tmp_path)
    assert store.search("slivovitz") == []
    assert [m["id"] for m in store.search("ALT 86")] == ["m1"]
    assert store.assessments("ann") == []
    assert [o.value for o in store.facts("ann")] == [86]


def test_answers_from_before_the_fact_was_told_stay(store: Store) -> None:
    tell(store, "m1", "ALT 86", alt(86))
    answer(store, "a1", "I noted ALT 86")
    assess(store, "m1")
    tell(store, "m2", "wine 77 g", drink("wine 77 g"))
    answer(store, "a2", "I noted wine", card={"rules": []})

    store.forget("ann", ["alcohol_g_per_day"])

    kept = {m["id"]: (m["text"], m["card"]) for m in store.messages("ann")}
    assert kept["a1"] == ("I noted ALT 86", None)
    assert kept["a2"] == ("█", None)
    assert len(store.assessments("ann")) == 1


def test_what_it_superseded_does_not_come_back(store: Store) -> None:
    (old,) = tell(store, "m1", "ALT 86", alt(86))
    store.keep_message(person="ann", message_id="m2", text="AST 58", at=AT)
    ast = alt(58, name="ast", raw="AST 58", end=6)
    store.correct(old.id or 0, ast, person="ann", message_id="m2", at=AT)

    store.forget("ann", ["ast"])

    assert store.observations("ann", history=True) == []


def test_facts_told_by_the_same_words_lose_the_words_only(store: Store) -> None:
    text = "我是大三阳"
    pair = [alt(1, name=name, raw="大三阳") for name in ("hbsag", "hbeag")]
    tell(store, "m1", text, *pair)

    store.forget("ann", ["hbeag"])

    (left,) = store.facts("ann")
    assert (left.name, left.value, left.raw) == ("hbsag", 1, "█")
    assert store.messages("ann")[0]["text"] == "我是███"


def test_an_answer_such_as_no_is_blanked_only_where_it_was_given(store: Store) -> None:
    for message, name in (("m1", "pregnant"), ("m2", "cirrhosis")):
        said = Observation(kind="answer", name=name, value=False, raw="没有", end=2)
        tell(store, message, "没有", said)

    store.forget("ann", ["pregnant"])

    assert [m["text"] for m in store.messages("ann")] == ["██", "没有"]
    assert store.facts("ann")[0].raw == "没有"


def test_other_people_are_not_touched(store: Store) -> None:
    tell(store, "m1", "wine 77 g", drink("wine 77 g"))
    tell(store, "m2", "wine 77 g", drink("wine 77 g"), person="bob")

    store.forget("ann", ["alcohol_g_per_day"])

    assert store.messages("bob")[0]["text"] == "wine 77 g"
    assert len(store.facts("bob")) == 1


def test_forgetting_what_is_not_known_is_nothing(store: Store) -> None:
    tell(store, "m1", "ALT 86", alt(86))

    assert store.forget("ann", ["afp"]).rows == 0
    assert store.forget("ann", []).rows == 0
    assert store.audit() == []

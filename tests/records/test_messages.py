"""Messages: written once, before they are worked on, and read as conversations."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from records import Store, new_person
from records.errors import MessageConflictError, MomentError, PersonIdError
from tests.records.telling import AT, answer, at, tell


def test_a_message_is_written_once(store: Store) -> None:
    first = store.keep_message(person="ann", message_id="m1", text="ALT 86", at=AT)
    again = store.keep_message(person="ann", message_id="m1", text="ALT 86", at=AT)

    assert (first, again) == (True, False)
    assert [m["text"] for m in store.messages("ann")] == ["ALT 86"]


def test_a_message_is_unread_until_its_facts_are_noted(store: Store) -> None:
    store.keep_message(person="ann", message_id="m1", text="hello", at=AT)

    assert store.state_of("m1") == "unread"
    store.note([], person="ann", message_id="m1", at=AT)
    assert store.state_of("m1") == "read"
    assert store.state_of("m2") == "absent"


def test_a_message_keeps_its_letters_exactly(store: Store) -> None:
    text = "  /大三阳 \u2028 ‘HBsAg’ <b>1.5×10⁴</b> 🙂\n"

    tell(store, "m1", text)

    assert store.messages("ann")[0]["text"] == text


def test_one_id_for_two_people_is_refused_and_not_swallowed(store: Store) -> None:
    tell(store, "m1", "mine")

    with pytest.raises(MessageConflictError):
        store.keep_message(person="bob", message_id="m1", text="mine too", at=AT)

    assert not store.knows("bob")


def test_an_answer_to_somebody_who_was_erased_is_not_kept(store: Store) -> None:
    assert answer(store, "a1", "Hello!", person="nobody") is False
    assert not store.knows("nobody")


def test_a_card_is_kept_with_its_message(store: Store) -> None:
    tell(store, "m1", "which phase?")
    answer(store, "a1", "It is …", card={"rules": ["PHASE-2"]})

    assert store.messages("ann")[1]["card"] == '{"rules": ["PHASE-2"]}'


def test_an_hour_of_silence_ends_a_visit(store: Store) -> None:
    for number, when in enumerate(("10:00", "10:59", "11:58", "12:59")):
        tell(store, f"m{number}", "hello", when=at("2026-11-20", when))

    first, second = store.visits("ann")
    assert (first.began_at, first.last_at) == (at("2026-11-20"), at("2026-11-20", "11:58"))
    assert second.began_at == at("2026-11-20", "12:59")


def test_the_last_visit_is_the_one_before_the_present(store: Store) -> None:
    tell(store, "m1", "hello", when=at("2026-05-01"))
    assert store.last_visit("ann") is None

    tell(store, "m2", "I am back", when=at("2026-11-20"))
    visit = store.last_visit("ann")
    assert visit is not None
    assert visit.last_at == at("2026-05-01")


def test_the_language_of_a_person_is_remembered(store: Store) -> None:
    tell(store, "m1", "你好")
    assert store.language("ann") is None
    store.set_language("ann", "zh")
    assert store.language("ann") == "zh"


@pytest.mark.parametrize(
    "person", ["", " ", "+49 170 1234567", "whatsapp:+8613800138000", "ann@example.org", "x" * 129]
)
def test_an_id_that_could_name_somebody_is_refused(store: Store, person: str) -> None:
    with pytest.raises(PersonIdError) as refused:
        store.keep_message(person=person, message_id="m1", text="hello", at=AT)
    assert not person.strip() or person not in str(refused.value)


def test_a_new_id_is_random_and_accepted(store: Store) -> None:
    ids = {new_person() for _ in range(100)}
    assert len(ids) == 100
    for number, person in enumerate(ids):
        assert store.keep_message(person=person, message_id=str(number), text="hello", at=AT)


def test_a_time_that_is_none_is_refused(store: Store) -> None:
    with pytest.raises(MomentError):
        store.keep_message(person="ann", message_id="m1", text="hello", at="yesterday")


def test_a_new_file_is_private_and_durable(tmp_path: Path) -> None:
    store = Store(tmp_path / "new" / "hbv.sqlite")
    tell(store, "m1", "hello")

    for file in (tmp_path / "new").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name
    pragmas = ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
    values = [store.db.conn.execute(f"pragma {name}").fetchone()[0] for name in pragmas]
    assert values == ["wal", 2, 1, 1]


@pytest.mark.parametrize("words", ["jaundice", "JAUNDICE yesterday", "黄疸", "眼睛 黄疸", "昨天"])
def test_messages_are_found_by_words_in_both_languages(store: Store, words: str) -> None:
    tell(store, "m1", "Jaundice since yesterday. 昨天眼睛有黄疸")
    tell(store, "m2", "nothing of the kind", person="bob")

    assert [m["id"] for m in store.search(words)] == ["m1"]
    assert store.search(words, person="bob") == []


@pytest.mark.parametrize("words", ["", '"', "疸黄", 'NEAR("', "words:", "*", "' or 1=1"])
def test_a_search_is_only_ever_words(store: Store, words: str) -> None:
    tell(store, "m1", "Jaundice 黄疸")
    assert store.search(words) == []

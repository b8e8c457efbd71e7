"""The tables, as migrations: each is applied once, in order, and never edited afterwards.

Every table that something refers to has an integer key of its own, because ``VACUUM``, which
erasing needs, may renumber rows that have none; and a key is never given twice.
"""

from __future__ import annotations

from typing import Final

from sqlite_utils import Database, Migrations

migrations = Migrations("hbv")

_FIRST: Final = (
    """create table people (
        id text primary key,
        since text not null,
        language text
    ) strict""",
    """create table conversations (
        id integer primary key autoincrement,
        person text not null references people(id),
        began_at text not null,
        last_at text not null
    ) strict""",
    """create table messages (
        key integer primary key autoincrement,
        id text not null unique,
        person text not null references people(id),
        conversation integer not null references conversations(id),
        direction text not null check (direction in ('in', 'out')),
        text text not null,
        card text check (card is null or json_valid(card)),
        at text not null,
        read_at text
    ) strict""",
    """create table observations (
        id integer primary key autoincrement,
        person text not null references people(id),
        message text not null references messages(id),
        start integer not null,
        "end" integer not null,
        raw text not null,
        kind text not null,
        name text not null,
        value text not null check (json_valid(value)),
        comparator text,
        unit text,
        date text,
        interferon_week real,
        reference_high real,
        details text check (details is null or json_valid(details)),
        subject text,
        status text not null,
        note text,
        at text not null,
        confirmed_at text,
        superseded_by integer references observations(id)
    ) strict""",
    """create table assessments (
        id integer primary key autoincrement,
        person text not null references people(id),
        message text references messages(id),
        at text not null,
        rulebook_version text not null,
        rulebook_sha256 text not null,
        record text not null check (json_valid(record)),
        decisions text not null check (json_valid(decisions))
    ) strict""",
    """create table consents (
        id integer primary key autoincrement,
        person text not null references people(id),
        what text not null,
        version text not null,
        given_at text not null,
        withdrawn_at text
    ) strict""",
    # Who did what and when, never to what: a digest stands for the person, so that a line about
    # an erasure can outlive the erased.
    """create table audit (
        id integer primary key autoincrement,
        at text not null,
        actor text not null,
        action text not null,
        subject text
    ) strict""",
    """create trigger audit_keeps_its_lines before update on audit
        begin select raise(abort, 'the audit only grows'); end""",
    """create trigger audit_loses_no_line before delete on audit
        begin select raise(abort, 'the audit only grows'); end""",
    # Words only, without a second copy of the text.
    """create virtual table message_words using fts5(
        words, content='', tokenize='unicode61 remove_diacritics 2'
    )""",
    "create index conversations_of on conversations(person)",
    "create index messages_of on messages(person, at)",
    "create index observations_of on observations(person, name)",
    "create index observations_from on observations(superseded_by)",
    "create index assessments_of on assessments(person, at)",
    "create index assessments_on on assessments(message)",
    "create index consents_of on consents(person, what)",
    # What one message stated is written once, however often the turn is repeated.
    """create unique index observations_once
        on observations(message, kind, name, start, value)""",
)


@migrations()
def people_messages_facts_and_answers(db: Database) -> None:
    """People, what they wrote, what was understood, what was answered, who did what."""
    for statement in _FIRST:
        db.execute(statement)


@migrations()
def where_a_conversation_stands(db: Database) -> None:
    """Where the conversation with a person stands, for when Rasa's own memory is gone."""
    db.execute(
        "alter table people add column place text check (place is null or json_valid(place))"
    )


@migrations()
def what_the_website_needs(db: Database) -> None:
    """Tokens of conversations, and which messages still wait for their answer."""
    db.execute(
        """create table tokens (
            digest text primary key,
            person text not null references people(id),
            since text not null
        ) strict"""
    )
    db.execute("create index tokens_of on tokens(person)")
    db.execute("alter table messages add column waits integer check (waits is null or waits = 1)")
    db.execute("create index messages_waiting on messages(waits) where waits = 1")

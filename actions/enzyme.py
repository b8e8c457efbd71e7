"""An enzyme named by its kind only: "transaminase 86", 转氨酶86. Which one it is, is asked."""

from __future__ import annotations

from rasa_sdk.executor import CollectingDispatcher

from actions.evidence import checked
from actions.judging import ENZYMES, named, unnamed
from actions.phrases import say, utter
from actions.turn import Turn, store, today
from hbv_engine.facts import catalogue
from records.store import now


def take_name(turn: Turn) -> None:
    """Give the last such value its name, if the turn says nothing but which enzyme it was."""
    said = [enzyme for enzyme in ENZYMES if enzyme in turn.topics]
    waiting = unnamed(store().observations(turn.person))
    if len(said) != 1 or turn.facts or not waiting:
        return
    words = {"raw": turn.text, "start": 0, "end": len(turn.text)}
    fresh = {"id": None, "message": None, "told_at": None, "confirmed_at": None, **words}
    new = checked(named(waiting[-1].model_copy(update=fresh), said[0]), today())
    key = int(waiting[-1].id or 0)
    store().correct(key, new, person=turn.person, message_id=turn.message_id, at=now())


def ask_which(dispatcher: CollectingDispatcher, turn: Turn) -> None:
    """Ask which enzyme a value of this turn is of, unless the turn tells one by its name too."""
    told = [o for o in store().observations(turn.person) if o.message == turn.message_id]
    waiting = unnamed(told)
    if waiting and not any(o.name in ENZYMES for o in told):
        words = say("joint", turn.language).join(o.raw for o in waiting)
        buttons = [catalogue().label(enzyme)[turn.language] for enzyme in ENZYMES]
        utter(dispatcher, "which_enzyme", turn.language, buttons=buttons, facts=words)

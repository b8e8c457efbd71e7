"""The scores of the understanding on labelled messages."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from evaluation.facts import Match, match
from evaluation.understood import Pair

FEWEST = 3  # an intent that fewer messages have says nothing by its F1
HISTORY = "give_history"
REFUSAL = "out_of_scope"


@dataclass
class Count:
    """How often something was found rightly, was missed, and was found where it is not."""

    hit: int = 0
    missed: int = 0
    extra: int = 0

    @property
    def precision(self) -> float:
        """The share of what was found that is right."""
        return self.hit / (self.hit + self.extra) if self.hit + self.extra else 0.0

    @property
    def recall(self) -> float:
        """The share of what there is that was found."""
        return self.hit / self.labelled if self.labelled else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        either = 2 * self.hit + self.missed + self.extra
        return 2 * self.hit / either if either else 0.0

    @property
    def labelled(self) -> int:
        """How often there is something to find."""
        return self.hit + self.missed


@dataclass
class Score:
    """The scores of some messages with what was understood of them."""

    name: str
    pairs: list[Pair] = field(default_factory=list)

    @cached_property
    def matches(self) -> list[Match]:
        """The facts of each message beside their labels."""
        return [match(pair.message.facts, pair.got["facts"]) for pair in self.pairs]

    @cached_property
    def by_fact(self) -> dict[str, Count]:
        """The counts of each fact name."""
        counts: dict[str, Count] = {}
        for each in self.matches:
            for label, _ in each.right:
                counts.setdefault(label["name"], Count()).hit += 1
            for label in (*(label for label, _ in each.mistaken), *each.missing):
                counts.setdefault(label["name"], Count()).missed += 1
            for fact in (*(fact for _, fact in each.mistaken), *each.extra):
                counts.setdefault(fact["name"], Count()).extra += 1
        return counts

    @property
    def facts(self) -> Count:
        """The counts of all facts together."""
        return total(self.by_fact.values())

    @property
    def invented_units(self) -> int:
        """How many facts have a unit that nobody wrote."""
        return sum(len(each.invented_units) for each in self.matches)

    def agreement(self, mark: str) -> Count:
        """Return how the mark (``ambiguous``, ``unit_missing`` …) stands on facts that are right."""
        count = Count()
        for label, fact in (pair for each in self.matches for pair in each.right):
            if label.get(mark):
                same = label[mark] == fact.get(mark)
                count.hit += same
                count.missed += not same
            elif fact.get(mark):
                count.extra += 1
        return count

    @cached_property
    def by_intent(self) -> dict[str, Count]:
        """The counts of each intent, all that a message has counted."""
        counts: dict[str, Count] = {}
        for pair in self.pairs:
            right, got = set(pair.message.intents), set(pair.got["intents"])
            for name in right | got:
                count = counts.setdefault(name, Count())
                count.hit += name in right and name in got
                count.missed += name not in got
                count.extra += name not in right
        return counts

    @property
    def macro_f1(self) -> float:
        """The mean F1 of the intents that at least ``FEWEST`` messages have."""
        return statistics.fmean(c.f1 for c in self.by_intent.values() if c.labelled >= FEWEST)

    @property
    def first_intent(self) -> float:
        """The share of the messages whose first question, or telling, was understood."""
        return statistics.fmean(
            first(pair.message.intents) == first(pair.got["intents"]) for pair in self.pairs
        )

    def danger(self, whose: str) -> Count:
        """Return on how many messages there is an alarm, rightly or not.

        Args:
            whose: ``own``, ``other`` (somebody else's danger now) or ``any``.
        """
        count = Count()
        for pair in self.pairs:
            right = bool(alarms(pair.message.red_flags, whose))
            got = bool(alarms(pair.got["red_flags"], whose))
            count.hit += right and got
            count.missed += right and not got
            count.extra += got and not right
        return count

    @property
    def signs(self) -> Count:
        """The counts of the signs of danger themselves, each with whose it is."""
        count = Count()
        for pair in self.pairs:
            right, got = (
                Counter((f["id"], bool(f.get("subject"))) for f in alarms(flags, "any"))
                for flags in (pair.message.red_flags, pair.got["red_flags"])
            )
            count.hit += (right & got).total()
            count.missed += (right - got).total()
            count.extra += (got - right).total()
        return count

    @property
    def rejected(self) -> float:
        """The share of the messages out of scope that were taken for such, or not understood."""
        return statistics.fmean(
            refused(pair.got) for pair in self.pairs if REFUSAL in pair.message.intents
        )

    @property
    def wrongly_refused(self) -> float:
        """The share of the messages in scope that were taken for out of scope, or not understood."""
        return statistics.fmean(
            refused(pair.got) for pair in self.pairs if REFUSAL not in pair.message.intents
        )

    @property
    def milliseconds(self) -> tuple[float, float]:
        """The median and the 95th percentile of the time a message took."""
        times = [pair.milliseconds for pair in self.pairs]
        return statistics.median(times), statistics.quantiles(times, n=20)[-1]


def total(counts: Iterable[Count]) -> Count:
    """Return the sum of counts."""
    result = Count()
    for count in counts:
        result.hit += count.hit
        result.missed += count.missed
        result.extra += count.extra
    return result


def first(intents: list[str]) -> str:
    """Return what a message asks first; the telling of a history counts if it asks nothing."""
    asked = [name for name in intents if name != HISTORY]
    return (asked or intents or [""])[0]


def refused(got: dict[str, Any]) -> bool:
    """Tell whether a message got "that is not my subject", or was not understood."""
    return first(got["intents"]) in {REFUSAL, ""}


def alarms(flags: list[dict[str, Any]], whose: str) -> list[dict[str, Any]]:
    """Return the signs of danger that are there now: neither denied nor over."""
    now = [flag for flag in flags if not (flag.get("negated") or flag.get("past"))]
    if whose == "any":
        return now
    return [flag for flag in now if bool(flag.get("subject")) == (whose == "other")]

"""What is counted, for Prometheus on loopback. No label holds a person or a word of one."""

from __future__ import annotations

import logging

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server

logger = logging.getLogger(__name__)

REGISTRY = CollectorRegistry()
MESSAGES_IN = Counter("hbv_messages_in", "Messages acknowledged, each once.", registry=REGISTRY)
ANSWERS_OUT = Counter("hbv_answers_out", "Answers written down.", registry=REGISTRY)
TURN_SECONDS = Histogram(
    "hbv_turn_seconds",
    "Seconds from taking a message up to its answers on the disk.",
    buckets=(0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60),
    registry=REGISTRY,
)
HELD_BACK = Counter(
    "hbv_held_back", "Answers without grounds that were not shown.", registry=REGISTRY
)
EMERGENCIES = Counter(
    "hbv_emergency_replies", "First aid said before Rasa answered.", registry=REGISTRY
)
FALLBACKS = Counter(
    "hbv_fallbacks", "Safe replies because Rasa could not answer.", registry=REGISTRY
)
WAITING = Gauge("hbv_messages_waiting", "Messages that wait for an answer.", registry=REGISTRY)
LISTENERS = Gauge("hbv_listeners", "Browsers that follow a conversation.", registry=REGISTRY)
FEEDBACK = Counter(
    "hbv_card_feedback",
    "What was done with cards of decision support.",
    ("outcome",),
    registry=REGISTRY,
)


def serve(port: int) -> bool:
    """Let Prometheus read on loopback; False if switched off, or if the port is taken.

    The chat is more important than its numbers: it starts in any case.
    """
    if not port:
        return False
    try:
        start_http_server(port, addr="127.0.0.1", registry=REGISTRY)
    except OSError as error:
        logger.warning("No metrics: port %d cannot be used (errno %s).", port, error.errno)
        return False
    return True

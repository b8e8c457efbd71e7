"""What whoever runs the gateway can set, from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are and what is allowed.

    Attributes:
        database: the file of the store.
        host: the address that is listened on.
        port: its port.
        rasa: the webhook of Rasa, on loopback.
        metrics_port: where Prometheus reads, on loopback; 0 for nowhere.
        origins: other websites that may embed the chat, such as ``https://clinic.example``.
        per_minute: how many messages one conversation may send in a minute.
        new_per_minute: how many conversations one address may begin in a minute.
        api_per_minute: how many requests one address may make of the rules core in a minute.
        public: the address that others know the website by, such as ``https://clinic.example``.
    """

    database: str = "var/hbv.sqlite"
    host: str = "127.0.0.1"
    port: int = 8080
    rasa: str = "http://127.0.0.1:5005/webhooks/rest/webhook"
    metrics_port: int = 0
    origins: frozenset[str] = field(default_factory=frozenset)
    per_minute: int = 30
    new_per_minute: int = 30
    api_per_minute: int = 300
    public: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Return the settings that the ``HBV_…`` variables name.

        Raises:
            ValueError: a number is none.
        """
        usual = cls()
        rasa_port = int(environment.get("HBV_RASA_PORT", "5005"))
        return cls(
            database=environment.get("HBV_DATABASE", usual.database),
            host=environment.get("HBV_GATEWAY_HOST", usual.host),
            port=int(environment.get("HBV_GATEWAY_PORT", "8080")),
            rasa=f"http://127.0.0.1:{rasa_port}/webhooks/rest/webhook",
            metrics_port=int(environment.get("HBV_METRICS_PORT", "9100")),
            origins=frozenset(environment.get("HBV_ORIGINS", "").split()),
            per_minute=int(environment.get("HBV_MESSAGES_PER_MINUTE", "30")),
            new_per_minute=int(environment.get("HBV_CONVERSATIONS_PER_MINUTE", "30")),
            api_per_minute=int(environment.get("HBV_API_PER_MINUTE", "300")),
            public=environment.get("HBV_PUBLIC", "").rstrip("/"),
        )

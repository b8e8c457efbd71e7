"""``python -m gateway``: serve the website; the only process that listens to the network."""

from __future__ import annotations

import logging.config

import uvicorn

from gateway import log, metrics
from gateway.app import create_app
from gateway.settings import Settings


def main() -> None:
    """Serve until a signal ends it."""
    settings = Settings.from_environment()
    logging.config.dictConfig(log.config())
    metrics.serve(settings.metrics_port)
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        access_log=False,
        log_config=None,
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=5,
    )


if __name__ == "__main__":
    main()

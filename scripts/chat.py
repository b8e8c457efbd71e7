"""``make chat``: a conversation in the terminal. Starts what is not running and stops it again."""

from __future__ import annotations

import os
import sys
import textwrap
import uuid
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from scripts.progress import Progress
from scripts.stack import Addresses, Stack, StackError, post

_OPENING = "hello"
_UNREACHABLE = (
    "The assistant does not answer. Your message may not have been saved; please send it again.\n"
    "If you are vomiting blood, have black stools, are confused or hard to wake, or are turning\n"
    "yellow, do not wait: call your emergency number now.\n"
    "助手没有回应，消息可能没有保存，请重发。如果您正在吐血、排黑便、神志不清、嗜睡叫不醒，\n"
    "或者皮肤眼睛发黄，请不要等待：立即拨打急救电话（120）。"
)


class Conversation:
    """One person's conversation over the REST channel; ``choices`` are the buttons shown last."""

    def __init__(self, url: str, sender: str) -> None:
        self._url = url
        self._sender = sender
        self.choices: list[str] = []

    def send(self, text: str) -> list[dict[str, Any]]:
        """Send what was typed and return the answers. A number stands for the button shown with it.

        Raises:
            OSError: nobody answers.
        """
        answers = post(self._url, {"sender": self._sender, "message": self._meant(text)})
        if isinstance(answers, dict):
            return [{"text": answers.get("remedy") or answers.get("error") or str(answers)}]
        self.choices = [b["payload"] for a in answers for b in a.get("buttons") or ()]
        return list(answers)

    def _meant(self, text: str) -> str:
        numbered = text.strip().isdigit() and 0 < int(text) <= len(self.choices)
        return self.choices[int(text) - 1] if numbered else text


def show(answers: list[dict[str, Any]]) -> None:
    """Print answers with their buttons as numbered choices; the cards' data stays unseen."""
    console = Console(highlight=False)
    for answer in answers:
        for line in (answer.get("text") or "").splitlines():
            console.print(Padding(Text(line), (0, 2)))
        for number, button in enumerate(answer.get("buttons") or (), 1):
            console.print(Padding(Text(f"{number}  {button['title']}"), (0, 4)))
        if answer.get("text"):
            console.print()


def talk(conversation: Conversation) -> None:
    """Read lines and answer them until the end of the input."""
    show(conversation.send(_OPENING))
    while True:
        try:
            text = input("> ")
        except EOFError:
            print()
            return
        if not text.strip():
            print(
                "  Please write something, or press Ctrl-D to leave. 请输入内容，按 Ctrl-D 退出。\n"
            )
            continue
        try:
            show(conversation.send(text))
        except OSError:
            print(textwrap.indent(_UNREACHABLE, "  ") + "\n")


def main() -> int:
    """Talk."""
    addresses = Addresses.from_environment()
    stack = Stack(addresses, Path(os.environ.get("HBV_FOLDER", "var")).resolve())
    try:
        if addresses.problems:
            with Progress("Starting Rasa and the action server") as progress:
                stack.start(progress.at)
        print("Write in English or Chinese; Ctrl-D leaves. 可用中文或英文，按 Ctrl-D 退出。\n")
        talk(Conversation(addresses.chat, os.environ.get("HBV_SENDER") or uuid.uuid4().hex))
    except StackError as error:
        print(f"Could not start: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print()
    finally:
        stack.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Numbers as people write them, each language by its own signs: `12,345.6` and `12.345,6`, `1 error` and `2 errors`."""

from typing import NamedTuple

from tk.errors import Message, say


class Number(NamedTuple):
    """A number in a sentence, with as many decimals as it has; it is written in the language spoken when it is read."""

    value: int | float

    def __str__(self) -> str:
        """Return the number with its thousands apart, where the language parts them in a number of that size."""
        sample, least = str(say("12,345.6")), str(say("1,234"))
        text = f"{self.value:,}"
        whole, _, part = text.partition(".")
        if len(whole.lstrip("-")) < len("12,345") and least.isdecimal():
            whole = whole.replace(",", "")
        return whole.replace(",", sample[2]) + (f"{sample[-2]}{part}" if part else "")


def counted(count: int, one: str, many: str) -> Message:
    """Return the message that the template `one` or `many` makes with `count`."""
    return say(one if count == 1 else many, count=Number(count))

"""What stands before the command on a command line, known before click is imported."""

from collections.abc import Sequence


def opening(argv: Sequence[str]) -> tuple[list[str], str, str]:
    """Return the folders that `-C` names before the command, the command's name, and the language; "" where none is."""
    steps: list[str] = []
    lang = ""
    words = iter(argv)
    for word in words:
        if word == "-C":
            steps.append(next(words, ""))
        elif word.startswith("-C"):
            steps.append(word[2:])
        elif word == "--lang":
            lang = next(words, "")
        elif word.startswith("--lang="):
            lang = word.removeprefix("--lang=")
        elif not word.startswith("--no-"):
            return steps, word, lang
    return steps, "", lang

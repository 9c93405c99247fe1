"""Names as people type them: any case, accents optional, spaces and hyphens alike, and the nearest right spelling."""

import unicodedata
from collections.abc import Iterable


def fold(text: str) -> str:
    """Return `text` without case, accents and outer space, its inner runs of space, `-` and `_` as one `-`.

    "Sin documentación  completa" and "sin-documentacion-completa" fold to the same string.
    """
    if text.isascii():
        bare = text.lower()
    else:
        decomposed = unicodedata.normalize("NFKD", text.casefold())
        bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return "-".join(bare.replace("_", " ").replace("-", " ").split())


def nearest(text: str, names: Iterable[str]) -> str | None:
    """Return the one of `names` that `text` most likely meant, or None where nothing is near."""
    from difflib import get_close_matches  # only a mistake pays for it

    by_fold: dict[str, str] = {}
    for name in names:
        by_fold.setdefault(fold(name), name)
    wanted = fold(text)
    found = get_close_matches(wanted, by_fold, n=1, cutoff=0.6)
    if found:
        return by_fold[found[0]]
    begun = sorted(key for key in by_fold if wanted and key.startswith(wanted))
    return by_fold[begun[0]] if begun else None

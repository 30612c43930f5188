"""One spelling for one text: "  Node.JS  Developer!" and "node.js developer" are the same term."""

import re
import unicodedata
from functools import lru_cache

# They are part of names: c++, c#, .net, node.js.
KEPT = "+#."
# "men's" is one word, not "men" and "s".
DROPPED = "'\u2019\u02bc"


class _Spelling(dict[int, str]):
    """Per code point: letters, marks and digits stay, controls go, all else becomes a space."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        kind = unicodedata.category(character)
        if kind[0] in "LMN" or character in KEPT:
            spelled = character
        elif character in DROPPED or kind == "Cf":
            spelled = ""
        else:
            spelled = " "
        self[code] = spelled
        return spelled


_SPELLING = _Spelling()
# Dots and hashes hold a name together or start it; what trails or stands alone is punctuation.
_LOOSE = re.compile(r"^[+#]+|\.+$|^\.+(?=\.)|^[+#.]+$")


@lru_cache(maxsize=1 << 16)
def normalise(text: str) -> str:
    """Fold `text` by NFKC and case, tokens joined by one space; "" where nothing is left.

    Inside a token + # and . are kept; every other sign separates. Idempotent.
    """
    spelled = unicodedata.normalize("NFKC", text).casefold().translate(_SPELLING)
    # Folding can undo the composition (ẞ, İ), so compose once more.
    tokens = unicodedata.normalize("NFKC", spelled).split()
    return " ".join(kept for token in tokens if (kept := _strip(token)))


def _strip(token: str) -> str:
    while (stripped := _LOOSE.sub("", token)) != token:
        token = stripped
    return token

"""One way to compare words that people type: without case, accents or punctuation."""

import re
import unicodedata

# Letters that Unicode does not take apart, as people without them on their keyboard write them.
_PLAIN = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ð": "d", "þ": "th", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "ə": "e"}
)
_GAPS = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """The text in lower case, without accents, each run of other characters as one space.

    "Saint-Étienne" and "saint etienne" fold to the same. Scripts without case stay as they are. Nothing but
    punctuation folds to "".
    """
    # Taken apart before and after: "𝕬" is a letter with case only once it is "A".
    lowered = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).translate(_PLAIN)
    letters = "".join(letter for letter in lowered if not unicodedata.combining(letter))
    return _GAPS.sub(" ", letters).strip()

"""Which cards say the same. Pure: texts in, keys and likeness out."""

from __future__ import annotations

import re

from hallway.kit.text import fold

LIKE = 0.5
LONGEST = 200
# Words that say nothing about what a card is about, in both languages, folded.
_EMPTY = frozenset({
    "a", "about", "all", "am", "an", "and", "any", "are", "as", "at", "be", "because", "been", "but", "by", "can",
    "could", "d", "do", "does", "doesn", "doesnt", "don", "dont", "every", "for", "from", "get", "had", "has", "have",
    "how", "i", "if", "in", "into", "is", "isn", "it", "its", "just", "like", "ll", "lot", "m", "make", "me", "more",
    "my", "no", "not", "of", "on", "or", "our", "out", "please", "re", "really", "s", "should", "so", "some", "t",
    "that", "the", "their", "them", "then", "there", "these", "they", "this", "to", "too", "up", "us", "use", "used",
    "using", "very", "want", "was", "we", "were", "what", "when", "where", "which", "while", "who", "will", "wish",
    "with", "work", "working", "would", "you", "your", "ai", "ais", "alors", "apres", "au", "aucun", "aussi", "autre",
    "aux", "avait", "avec", "avez", "avoir", "bien", "c", "ca", "ce", "cela", "ces", "cet", "cette", "chaque",
    "comme", "comment", "dans", "de", "des", "deux", "dire", "donc", "du", "elle", "elles", "en", "encore", "entre",
    "est", "et", "etait", "ete", "etre", "fait", "faut", "il", "ils", "j", "je", "l", "la", "le", "les", "leur",
    "leurs", "lui", "mais", "meme", "mes", "moi", "mon", "n", "ne", "nos", "notre", "nous", "ont", "ou", "par", "pas",
    "peu", "peut", "plus", "pour", "quand", "que", "quel", "quelle", "qui", "quoi", "sa", "sans", "se", "ses", "si",
    "son", "sont", "sur", "te", "toujours", "tout", "tous", "tres", "trop", "un", "une", "vos", "votre", "vous", "y",
})  # fmt: skip
_WORD = re.compile(r"\w+")


def words_of(text: str) -> frozenset[str]:
    """The words of a text that say something, without accents and plural endings."""
    found = (word.rstrip("s") or word for word in _WORD.findall(fold(text)) if word not in _EMPTY)
    return frozenset(found)


def key_of(text: str) -> str:
    """One key for texts that say the same with the same words in any order; empty when no word says anything."""
    return " ".join(sorted(words_of(text)))[:LONGEST]


def likeness(one: str, other: str) -> float:
    """How much two texts have in common, 0 to 1: the share of their words that both have."""
    mine, theirs = words_of(one), words_of(other)
    return len(mine & theirs) / len(mine | theirs) if mine and theirs else 0.0

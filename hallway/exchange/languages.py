"""Languages as people write them in programmes, by table."""

from __future__ import annotations

import re
import unicodedata

# ISO 639-1 (639-3 where there is no two-letter code): other codes, names in English, French, German, itself.
_NAMES = {
    "ar": "ara arabic arabe arabisch العربية عربي",
    "bg": "bul bulgarian bulgare bulgarisch български",
    "br": "bre breton bretonisch brezhoneg",
    "ca": "cat catalan katalanisch català valencian valencien",
    "cs": "ces cze czech tcheque tschechisch čeština cesky",
    "cy": "cym wel welsh gallois walisisch cymraeg",
    "da": "dan danish danois danisch dansk",
    "de": "deu ger german allemand deutsch germany deutschsprachig",
    "el": "ell gre greek grec griechisch ελληνικά",
    "en": "eng english anglais englisch inglés ingles inglese 英語 английский",
    "eo": "epo esperanto",
    "es": "spa spanish espagnol spanisch español castellano castilian",
    "et": "est estonian estonien estnisch eesti",
    "eu": "eus baq basque baskisch euskara",
    "fa": "fas per persian farsi persan persisch فارسی",
    "fi": "fin finnish finnois finnisch suomi",
    "fr": "fra fre french francais franzosisch frances francese francophone フランス語",
    "ga": "gle irish irlandais irisch gaeilge",
    "gl": "glg galician galicien galicisch galego",
    "he": "heb hebrew hebreu hebraisch עברית",
    "hi": "hin hindi हिन्दी",
    "hr": "hrv croatian croate kroatisch hrvatski",
    "hu": "hun hungarian hongrois ungarisch magyar",
    "hy": "hye arm armenian armenien armenisch հայերեն",
    "id": "ind indonesian indonesien indonesisch bahasa",
    "is": "isl ice icelandic islandais islandisch íslenska",
    "it": "ita italian italien italienisch italiano",
    "ja": "jpn japanese japonais japanisch 日本語 nihongo",
    "ka": "kat geo georgian georgien georgisch ქართული",
    "ko": "kor korean coreen koreanisch 한국어",
    "lb": "ltz luxembourgish luxembourgeois luxemburgisch lëtzebuergesch",
    "lt": "lit lithuanian lituanien litauisch lietuvių",
    "lv": "lav latvian letton lettisch latviešu",
    "nl": "nld dut dutch neerlandais niederlandisch nederlands flemish flamand vlaams",
    "no": "nor nob norwegian norvegien norwegisch norsk bokmål",
    "oc": "oci occitan okzitanisch",
    "pl": "pol polish polonais polnisch polski",
    "pt": "por portuguese portugais portugiesisch português",
    "ro": "ron rum romanian roumain rumanisch română",
    "ru": "rus russian russe russisch русский",
    "sk": "slk slo slovak slovaque slowakisch slovenčina",
    "sl": "slv slovenian slovene slowenisch slovenščina",
    "sq": "sqi alb albanian albanais albanisch shqip",
    "sr": "srp serbian serbe serbisch српски srpski",
    "sv": "swe swedish suedois schwedisch svenska",
    "sw": "swa swahili kiswahili suaheli",
    "ta": "tam tamil tamoul தமிழ்",
    "th": "tha thai thailandais thailandisch ไทย",
    "tr": "tur turkish turc turkisch türkçe",
    "uk": "ukr ukrainian ukrainien ukrainisch українська",
    "ur": "urd urdu ourdou اردو",
    "vi": "vie vietnamese vietnamien vietnamesisch tiếng",
    "zh": "zho chi cmn yue chinese chinois chinesisch mandarin cantonese 中文 汉语 漢語 普通话 國語",
    "ase": "american-sign-language",
    "fsl": "lsf langue-des-signes-francaise",
    "gsg": "dgs gebardensprache",
}
_MANY = {
    "mul",
    "multi",
    "multiple",
    "multilingual",
    "mixed",
    "und",
    "zxx",
    "none",
    "any",
    "other",
    "-",
    "n/a",
    "na",
}
_SEPARATORS = re.compile(r"[,;/|&+\n]| and | et | und | y | or | ou | oder ", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+", re.UNICODE)


def _folded(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


_CODES = {_folded(name): code for code, names in _NAMES.items() for name in (code, *names.split())}


def read_languages(raw: object) -> tuple[tuple[str, ...], bool]:
    """The codes a source's language field names, in its order, and whether all of it was understood.

    An empty field and words for "several" or "none" are understood and give no code.
    """
    text = raw.strip() if isinstance(raw, str) else ""
    codes: dict[str, None] = {}
    understood = True
    for piece in _SEPARATORS.split(text[:200]):
        piece = piece.strip(" .()[]")
        if not piece or _folded(piece) in _MANY:
            continue
        code = _code_of(piece)
        if code:
            codes[code] = None
        else:
            understood = False
    return tuple(codes), understood


def _code_of(piece: str) -> str:
    """The code of one written language: whole, then as a tag like pt-BR, then by the first word we know."""
    if code := _CODES.get(_folded(piece)):
        return code
    if tag := re.fullmatch(r"([A-Za-z]{2,3})[-_][A-Za-z]{2,4}(?:[-_].*)?", piece):
        return _CODES.get(tag.group(1).lower(), "")
    words = (_folded(word) for word in _WORD.findall(piece))
    return next((_CODES[word] for word in words if len(word) > 3 and word in _CODES), "")

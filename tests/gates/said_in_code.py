"""Sentences that code says to people go through a translation, as those of templates do.

Django hands them over in a few ways only: refusals, errors of forms, messages, and the words on a form.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from .tree import name_of, parsed, python_files

# Which argument of a call is a sentence.
SENTENCES = {"Refusal": 1, "NotAllowed": 1, "ValidationError": 0}
MESSAGES = {"success", "error", "warning", "info"}
WORDS_OF_A_FORM = {"label", "help_text", "verbose_name", "verbose_name_plural", "empty_label"}
# Speaks to whoever runs the program, at a console, before there is a language to choose.
CONSOLE = {"hallway/site/starting.py", "hallway/site/backup.py", "hallway/site/settings.py"}
CONSOLE |= {"hallway/site/demo/prepare.py"}


def violations(root: Path) -> list[str]:
    found = []
    for path in python_files(root, "hallway"):
        if name_of(path, root) in CONSOLE or path.parent.name == "commands":
            continue
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call):
                where = f"{name_of(path, root)}:{node.lineno}"
                found += [f"{where}: “{ast.unparse(text)}” is not translated" for text in _said(node) if _is_bare(text)]
    return found


def _said(call: ast.Call) -> Iterator[ast.expr]:
    function = call.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    of = getattr(function.value, "id", "") if isinstance(function, ast.Attribute) else ""
    if name in SENTENCES and len(call.args) > SENTENCES[name]:
        yield call.args[SENTENCES[name]]
    if of == "messages" and name in MESSAGES and len(call.args) > 1:
        yield call.args[1]
    yield from (keyword.value for keyword in call.keywords if keyword.arg in WORDS_OF_A_FORM)


def _is_bare(text: ast.expr) -> bool:
    """A text of letters, put together or not, that no translation was asked for."""
    if isinstance(text, ast.BinOp):
        return _is_bare(text.left)
    if isinstance(text, ast.JoinedStr):
        return any(_is_bare(part) for part in text.values)
    return isinstance(text, ast.Constant) and isinstance(text.value, str) and any(map(str.isalpha, text.value))

"""Query sets whose SQL is written once: composing it anew costs Django more than the database needs to run it.

_session = Prepared(lambda event, pk: Session.objects.filter(event=event, pk=pk).select_related("talk"))
rows = _session(event.pk, pk)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet

Row = TypeVar("Row")
# What stands for a value while the SQL is written; nothing else in a query looks like it.
_FIRST_NUMBER = 9_007_199_254_000_000
_LARGEST = 2**63 - 1


def _stand_in(index: int, kind: type) -> int | str:
    return f"\ue000{index}\ue001" if kind is str else _FIRST_NUMBER + index


@dataclass(frozen=True)
class _Written:
    """A query set with its compiler, the SQL, and each parameter or the index of the value it stands for."""

    queryset: Any
    compiler: Any
    sql: str
    parameters: list[Any]
    places: list[tuple[int, int]]

    def filled(self, values: tuple[int | str, ...]) -> tuple[Any, ...]:
        parameters = list(self.parameters)
        for place, index in self.places:
            parameters[place] = values[index]
        return tuple(parameters)

    @cached_property
    def converters(self) -> Any:
        fields = [column[0] for column in self.compiler.select[: self.compiler.col_count]]
        return type(self.compiler).get_converters(self.compiler, fields)


def _like(original: Any, **others: Any) -> Any:
    """The same object with other attributes; Django's own copies would compose the SQL again."""
    made = object.__new__(type(original))
    made.__dict__.update(original.__dict__, **others)
    return made


class Prepared(Generic[Row]):
    """Calls ``compose`` once for each kind of database; later calls only fill in the values, whole numbers or strings.

    ``compose`` must use each value as it is: in comparisons, not in Python. Prefetches are not followed.
    """

    def __init__(self, compose: Callable[..., QuerySet[Any, Row]]) -> None:
        self._compose = compose
        self._written: dict[tuple[object, ...], _Written] = {}

    def __call__(self, *values: int | str) -> list[Row]:
        """The rows; none when a number is larger than any column holds."""
        if any(isinstance(value, int) and abs(value) > _LARGEST for value in values):
            return []
        connection = connections[DEFAULT_DB_ALIAS]
        key = (connection.vendor, *map(type, values))
        written = self._written.get(key) or self._written.setdefault(key, self._write(values))
        parameters = written.filled(values)
        compiler = _like(
            written.compiler,
            connection=connection,
            as_sql=lambda *_args, **_kwargs: (written.sql, parameters),
            get_converters=lambda _fields: written.converters,
        )
        query = _like(written.queryset.query, get_compiler=lambda *_args, **_kwargs: compiler)
        queryset = _like(written.queryset, _query=query)
        return list(queryset._iterable_class(queryset))

    def _write(self, values: tuple[int | str, ...]) -> _Written:
        stand_ins = [_stand_in(index, type(value)) for index, value in enumerate(values)]
        queryset = self._compose(*stand_ins)
        compiler = queryset.query.get_compiler(using=DEFAULT_DB_ALIAS)
        sql, parameters = compiler.as_sql()
        places = [
            (place, stand_ins.index(parameter))
            for place, parameter in enumerate(parameters)
            if isinstance(parameter, int | str) and parameter in stand_ins
        ]
        if {index for _place, index in places} != set(range(len(values))):
            raise ValueError("each value of a prepared query has to reach the database as it is")
        return _Written(queryset, compiler, sql, list(parameters), places)

"""How many queries each address takes when it is built: python benchmarks/queries.py COOKIE ADDRESS… prints JSON.

It opens the instance's data folder in a process of its own and asks Django directly, without the front. An address
that begins with "@" is asked for as the person the cookie belongs to. What the process remembers is warm.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def main(cookie: str, addresses: list[str]) -> None:
    """Ask for every address twice and count the second time."""
    from django.db import connection
    from django.test import Client

    from hallway.site import wsgi  # loads Django

    assert wsgi.application is not None
    name, _equals, value = cookie.partition("=")
    counts: dict[str, int] = {}

    def count(execute, sql, parameters, many, context):
        counts[address] += 1
        return execute(sql, parameters, many, context)

    for address in addresses:
        client = Client(SERVER_NAME="localhost")
        if address.startswith("@"):
            client.cookies[name] = value
        for _ in range(2):
            counts[address] = 0
            with connection.execute_wrapper(count):
                status = client.get(address.removeprefix("@")).status_code
            if status != 200:
                raise SystemExit(f"{address} answered {status}")
    print(json.dumps(counts))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])

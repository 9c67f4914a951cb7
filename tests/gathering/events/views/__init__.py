"""What the tests of these pages do again and again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.test import Client

SOON = datetime(2026, 10, 20, 16, 30, tzinfo=UTC)


def messages_of(client: Client, address: str, data: dict[str, Any]) -> list[str]:
    response = client.post(address, data, follow=True, headers={"Sec-Fetch-Site": "same-origin"})
    assert response.status_code == 200
    return [str(message) for message in response.context["messages"]]


def post(client: Client, address: str, data: dict[str, Any] | None = None) -> Any:
    return client.post(address, data or {}, headers={"Sec-Fetch-Site": "same-origin"})

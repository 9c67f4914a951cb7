"""A door whose book is written, and who listens to it: messages of a known kind for the faults of live streams."""

from __future__ import annotations

import http.client
import json
import threading
import time
from dataclasses import dataclass, field
from uuid import uuid4

from django.db import transaction

from hallway.gathering.attendance.facts import DoorBookWritten
from hallway.gathering.attendance.models import Admission, Registration
from hallway.kit import clock
from hallway.kit.actors import SystemPerson
from hallway.kit.facts import announce
from hallway.kit.links import new_nonce
from hallway.kit.models import FactRow
from hallway.people.models import Person
from tests.factories import PersonFactory, RegistrationFactory
from tests.gathering.attendance.doorway import evening, helper_of

PEOPLE = 400


@dataclass
class Stage:
    """An evening with people on its list; ``say`` checks one in, which is one message."""

    admission: Admission
    address: str
    registrations: list[int]
    said: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def channel(self) -> str:
        return f"door:{self.admission.event_id}"

    def say(self, port: int, *, patience: float = 20) -> None:
        """Check the next person in, as a phone does that tries again until it is told so."""
        with self.lock:
            registration = self.registrations[self.said]
            self.said += 1
        line = {
            "uid": str(uuid4()), "kind": "came", "how": "list", "done_at": int(time.time() * 1000), "seats": 1,
            "registration": registration,
        }  # fmt: skip
        body = json.dumps({"lines": [line], "after": 0})
        until = time.monotonic() + patience
        while not self._sent(port, body):
            assert time.monotonic() < until, "the server takes no message"
            time.sleep(0.05)

    def _sent(self, port: int, body: str) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        headers = {"Host": "localhost", "Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"}
        try:
            connection.request("POST", f"{self.address}book/?rev=0", body, headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
        return answer.status == 200

    def write(self) -> None:
        """The same message, written in this process: nobody tells the one that serves of it."""
        with self.lock:
            self.said += 1
        event, admission = self.admission.event_id, self.admission.pk
        with transaction.atomic():
            said = DoorBookWritten(event_id=event, admission_id=admission, last_id=0, came=self.said, going=PEOPLE)
            announce(said, by=SystemPerson("tests"), at=clock.now())

    def messages(self) -> list[int]:
        """The ids of all that was said, oldest first."""
        rows = FactRow.objects.filter(kind=DoorBookWritten.kind, scopes__key=self.channel)
        return list(rows.order_by("pk").values_list("pk", flat=True))


def set_stage() -> Stage:
    """Make the rows; before the house is opened."""
    now = clock.now()
    admission = evening(now)
    people = Person.objects.bulk_create(PersonFactory.build_batch(PEOPLE, email=None))
    rows = Registration.objects.bulk_create(
        RegistrationFactory.build(admission=admission, person=one, position=n, code=f"{n:06}", nonce=new_nonce())
        for n, one in enumerate(people, 1)
    )
    return Stage(admission, f"/door/{helper_of(admission, now)[1]}/", [row.pk for row in rows])

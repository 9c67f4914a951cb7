"""An organiser on a phone, with the keyboard alone: yes, no with a reason, one seat more, a question, a list."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import APIResponse, Page, expect

from .conftest import EVERY, Server, Visit, in_every_way, press, tab_to

WORDS = {
    "en": {
        "yes": "Yes", "no": "No", "why": "Why", "decline": "Decline", "reason": "This one is for tram drivers",
        "seated": "they have a seat", "in_line": "they stand in line", "declined": "Declined.", "number": "Seats",
        "change": "Change the number of seats", "see": "See what that does", "do": "Change it",
        "offered": "1 person in line is offered a seat.", "questions": "Questions", "add": "Add",
        "added": "The question is added.", "lists": "Lists", "download": "Download", "taken": "Names, 1 person",
    },
    "fr": {
        "yes": "Oui", "no": "Non", "why": "Pourquoi", "decline": "Refuser", "reason": "Pour qui conduit des trams",
        "seated": "a une place", "in_line": "rejoint la file", "declined": "Inscription refusée.", "number": "Places",
        "change": "Modifier le nombre de places", "see": "Voir ce que cela change", "do": "Modifier",
        "offered": "Une place est proposée à 1 personne de la file.", "questions": "Questions", "add": "Ajouter",
        "added": "La question est ajoutée.", "lists": "Listes", "download": "Télécharger", "taken": "Noms, 1 personne",
    },
}  # fmt: skip
# Each way has an evening of its own.
TURN = dict(zip(EVERY, range(4), strict=True))


def send(page: Page, hallway: Server, address: str, **data: str) -> APIResponse:
    """A form, sent as the browser of this page would."""
    form = {name.replace("__", "."): value for name, value in data.items()}
    answer = page.request.post(hallway.url + address, form=form, headers={"Origin": hallway.url})
    assert answer.ok, f"{answer.status} on {address}"
    return answer


def evening(page: Page, hallway: Server, turn: int) -> str:
    """The address of an evening with one seat, for people the team says yes to."""
    new = send(
        page, hallway, "/c/jacaranda-developers/events/new/", title__en=f"Tram evening {turn}", starts_on="2031-03-05",
        starts_time="18:30", zone="Africa/Johannesburg", attendance="on_site",
    )  # fmt: skip
    found = re.search(r"/e/[a-z0-9-]+/", new.url)
    assert found is not None, new.url
    address = found.group()
    send(page, hallway, f"{address}publish/")
    send(page, hallway, f"{address}registrations/seats/", seats="1")
    send(
        page, hallway, f"{address}registrations/settings/", how="approval", reason__en="For tram drivers", extra="0",
        rule="in_order", guests_most="1", ask_days="7, 1", offer_hours="24", first_come_hours="3",
    )  # fmt: skip
    return address


def decide(page: Page, said: dict[str, str], *, reason: str = "") -> None:
    """Yes to whoever is first, or no with a reason."""
    if not reason:
        press(page, said["yes"])
        return
    press(page, said["no"])
    tab_to(page, said["why"])
    page.keyboard.type(reason)
    press(page, said["decline"])


@in_every_way(("en", "phone"), ("fr", "phone"))
def test_organiser_says_yes_and_no_and_takes_a_list(
    visit: Visit, hallway: Server, look: Callable[[Page], None], language: str, size: str
) -> None:
    said = WORDS[language]
    page = visit(language, size, as_="organiser")
    address = evening(page, hallway, TURN[language, size])
    for who in ("attendee", "admin", "speaker"):
        send(visit(language, size, as_=who), hallway, f"{address}register/", name=who.title(), guests="0")

    page.goto(f"{address}registrations/")
    look(page)
    decide(page, said)
    expect(page.locator(".messages")).to_contain_text(said["seated"])
    decide(page, said)
    expect(page.locator(".messages")).to_contain_text(said["in_line"])
    decide(page, said, reason=said["reason"])
    expect(page.locator(".messages")).to_contain_text(said["declined"])

    press(page, said["change"])
    tab_to(page, said["number"])
    page.keyboard.press("Control+A")
    page.keyboard.type("2")
    press(page, said["see"])
    page.wait_for_url("**/seats/?*")
    expect(page.locator(".card")).to_contain_text(said["offered"])
    look(page)
    press(page, said["do"])
    page.wait_for_url(f"**{address}registrations/")

    press(page, said["questions"])
    page.wait_for_url("**/questions/")
    look(page)
    press(page, said["add"])
    expect(page.locator(".messages")).to_contain_text(said["added"])

    press(page, said["lists"])
    page.wait_for_url("**/lists/")
    look(page)
    with page.expect_download() as download:
        press(page, said["download"])
    assert download.value.suggested_filename.endswith("-going.csv")
    assert "Attendee,0," in download.value.path().read_text(encoding="utf-8-sig")
    page.reload()
    expect(page.locator("main")).to_contain_text(said["taken"])
    for part in ("settings/", "invitations/", "after/"):
        page.goto(f"{address}registrations/{part}")
        look(page)

import asyncio
import threading
import time

import pytest

from hallway.front import hub as hub_module
from hallway.front import watch
from hallway.front.hub import Hub
from hallway.front.room import Seat
from hallway.front.told import Told
from hallway.front.watch import Watch
from tests.front.test_hub import Sink


class Application:
    """Answers what a hub's watch asks; `rights` and `said` are what it knows."""

    def __init__(self):
        self.hidden = {}
        self.refused = set()
        self.said = {}
        self.away = False
        self.asked = []
        self.known = []
        self.most = 100

    def admit(self, asked):
        self.asked.append(list(asked))
        if self.away:
            raise ConnectionError("planted")
        return [None if one in self.refused else frozenset(self.hidden.get(one[1], ())) for one in asked]

    def missed(self, asked):
        if self.away:
            raise ConnectionError("planted")
        newest = max((told[0] for events in self.said.values() for told in events), default=0)
        self.known.append([known for _name, _last, known in asked])
        return newest, [self.after(*one) for one in asked]

    def after(self, name, last, known):
        found = [one for one in self.said.get(name, []) if one[0] > last and one[0] not in known]
        return found[: self.most], found[self.most - 1][0] if len(found) > self.most else None


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(watch, "LOOK", 0.05)
    monkeypatch.setattr(watch, "SILENCE", 0.2)


def play(scene):
    async def run():
        hub, application = Hub(), Application()
        hub.start()
        watching = Watch(hub, application.admit, application.missed)
        watching.start()
        try:
            await asyncio.wait_for(scene(hub, application, watching), 8)
        finally:
            watching.close()
            await hub.close()

    asyncio.run(run())


async def until(condition):
    while not condition():
        await asyncio.sleep(0.01)


async def opened(hub, *seats, channel="a"):
    """Listeners on a channel, once it is known from where on nothing may be missing."""
    sinks = [Sink() for _ in seats]
    for sink, seat in zip(sinks, seats, strict=True):
        hub.join(channel, sink, seat)
    await until(lambda: hub.lacking(channel) is not None)
    return sinks


def test_right_that_ends_ends_the_stream_without_a_word_from_anybody(quick):
    async def scene(hub, application, _watching):
        one, other, anybody = await opened(hub, Seat(viewer=1), Seat(viewer=2), Seat())
        application.refused.add(("a", 1))
        await until(lambda: one.closed)
        assert not other.closed
        assert not anybody.closed
        application.refused.add(("a", None))
        await until(lambda: anybody.closed)
        assert "event: bye" in anybody.text

    play(scene)


def test_words_that_wait_unsent_for_one_who_is_sent_away_are_given_up(quick, monkeypatch):
    monkeypatch.setattr(hub_module, "FLUSH", 0.05)

    async def scene(hub, application, _watching):
        slow, quick_reader = await opened(hub, Seat(viewer=1), Seat(viewer=2))
        slow.unsent = 10
        application.refused |= {("a", 1), ("a", 2)}
        await until(lambda: slow.aborted)
        assert (quick_reader.closed, quick_reader.aborted) == (True, False)

    play(scene)


def test_block_takes_effect_in_an_open_stream_and_ends_there(quick):
    async def scene(hub, application, _watching):
        (one,) = await opened(hub, Seat(viewer=1))
        application.hidden[1] = {9}
        asked = len(application.asked)
        await until(lambda: len(application.asked) > asked + 1)
        hub.publish("a", Told(1, "n", "hidden", author=9))
        application.hidden.clear()
        asked = len(application.asked)
        await until(lambda: len(application.asked) > asked + 1)
        hub.publish("a", Told(2, "n", "shown", author=9))
        assert "hidden" not in one.text
        assert "shown" in one.text

    play(scene)


def test_look_again_asks_at_once_and_only_about_these(monkeypatch):
    monkeypatch.setattr(watch, "LOOK", 3600)

    async def scene(hub, application, _watching):
        one, _other, elsewhere = (
            *await opened(hub, Seat(viewer=1), Seat(viewer=2)),
            *await opened(hub, Seat(viewer=3), channel="b"),
        )
        application.refused |= {("a", 1), ("b", 3)}
        hub.look_again([1], [])
        await until(lambda: one.closed)
        assert application.asked[-1] == [("a", 1)]
        assert not elsewhere.closed
        await asyncio.to_thread(hub.look_again_threadsafe, [], ["b"])
        await until(lambda: elsewhere.closed)

    play(scene)


def test_nobody_who_said_who_they_are_listens_on_when_rights_cannot_be_asked(quick):
    async def scene(hub, application, _watching):
        guest, anybody = await opened(hub, Seat(viewer=1), Seat())
        application.away = True
        await until(lambda: guest.closed)
        assert not anybody.closed

    play(scene)


def test_event_that_was_never_published_reaches_listeners_once(quick):
    async def scene(hub, application, _watching):
        application.said["a"] = [(1, "n", "before anybody listened")]
        (one,) = await opened(hub, Seat())
        application.said["a"].append((2, "n", "lost"))
        await until(lambda: "lost" in one.text)
        hub.publish("a", Told(2, "n", "lost"))
        await asyncio.sleep(0.15)
        assert one.text.count("data: lost") == 1
        assert [{2}] in application.known  # what was told is not asked for again
        assert "before" not in one.text

    play(scene)


def test_event_ahead_of_its_predecessor_waits_until_that_was_fetched(monkeypatch):
    monkeypatch.setattr(watch, "LOOK", 3600)

    async def scene(hub, application, _watching):
        application.said["a"] = [(1, "n", "one")]
        (one,) = await opened(hub, Seat())
        application.said["a"] += [(2, "n", "two"), (3, "n", "three")]
        hub.publish("a", Told(3, "n", "three", previous=2))
        assert one.text == ""
        await until(lambda: "three" in one.text)
        assert one.text.index("two") < one.text.index("three")
        application.away = True
        hub.publish("a", Told(5, "n", "five", previous=4))
        await until(lambda: "five" in one.text)

    play(scene)


def test_questions_that_wait_are_answered_together(monkeypatch):
    monkeypatch.setattr(watch, "LOOK", 3600)

    async def scene(hub, application, watching):
        gate = threading.Event()
        usual = application.admit
        watching._admit._work = lambda asked: (gate.wait(5), usual(asked))[1]
        application.hidden[7] = {1}
        tasks = [asyncio.create_task(watching.admit("a", number)) for number in range(50)]
        await asyncio.sleep(0.05)
        tasks[3].cancel()
        gate.set()
        answers = await asyncio.gather(*tasks, return_exceptions=True)
        assert answers[7] == {1}
        assert isinstance(answers[3], asyncio.CancelledError)
        assert len(application.asked) <= 2

    play(scene)


def test_answer_that_does_not_come_is_an_error_for_whoever_asked(monkeypatch):
    monkeypatch.setattr(watch, "LOOK", 3600)
    monkeypatch.setattr(watch, "SILENCE", 0.05)

    async def scene(hub, application, watching):
        watching._admit._work = lambda asked: time.sleep(0.3)
        with pytest.raises(TimeoutError):
            await watching.admit("a", 1)

    play(scene)


def test_interruption_makes_the_watch_look_instead_of_sending_everybody_away(monkeypatch):
    monkeypatch.setattr(watch, "LOOK", 3600)

    async def scene(hub, application, _watching):
        (one,) = await opened(hub, Seat())
        application.said["a"] = [(2, "n", "lost")]
        await hub.interrupted()
        await until(lambda: "lost" in one.text)
        assert not one.closed

    play(scene)


def test_what_a_look_did_not_fetch_is_fetched_by_the_next(quick):
    async def scene(hub, application, _watching):
        application.said["a"], application.most = [(1, "n", "1")], 2
        (one,) = await opened(hub, Seat())
        application.said["a"] += [(number, "n", str(number)) for number in range(2, 10)]
        await until(lambda: "data: 9" in one.text)
        assert one.text.count("data: ") == 8

    play(scene)


def test_rights_are_looked_at_while_very_much_is_caught_up_with(quick):
    async def scene(hub, application, watching):
        one, other = await opened(hub, Seat(viewer=1), Seat(viewer=2))
        gate, usual = threading.Event(), watching._missed._work
        watching._missed._work = lambda asked: (gate.wait(5), usual(asked))[1]
        reader = asyncio.create_task(watching.missed("a", 0))
        await asyncio.sleep(0.6)  # three times SILENCE
        application.refused.add(("a", 1))
        await until(lambda: one.closed)
        assert not other.closed
        assert not reader.done()
        gate.set()
        await asyncio.gather(reader, return_exceptions=True)

    play(scene)


def test_one_look_that_fails_sends_nobody_away(quick, monkeypatch, caplog):
    monkeypatch.setattr(watch, "PATIENCE", 0.3)

    async def scene(hub, application, watching):
        (guest,) = await opened(hub, Seat(viewer=1))
        usual, stalls = watching._admit._work, [0.4]
        watching._admit._work = lambda asked: (stalls and time.sleep(stalls.pop()), usual(asked))[1]
        await until(lambda: "cannot be asked now" in caplog.text)
        asked = len(application.asked)
        await until(lambda: len(application.asked) > asked + 2)
        assert not guest.closed

    play(scene)


def test_questions_that_were_given_up_do_not_pile_up(monkeypatch):
    monkeypatch.setattr(watch, "LOOK", 3600)
    monkeypatch.setattr(watch, "SILENCE", 0.05)

    async def scene(hub, application, watching):
        gate, usual = threading.Event(), watching._admit._work
        watching._admit._work = lambda asked: (gate.wait(5), usual(asked))[1]
        first = asyncio.create_task(watching._admit.ask(("a", 0)))
        await asyncio.sleep(0.05)
        for number in range(1, 4):
            with pytest.raises(TimeoutError):
                await watching.admit("a", number)
        assert watching._admit._waiting == {}
        gate.set()
        await first
        await watching._admit.ask(("a", 9))
        assert application.asked == [[("a", 0)], [("a", 9)]]

    play(scene)

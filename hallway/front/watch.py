"""Asks the application on the hub's behalf, in threads of its own that no slow page holds up: who may listen and whose
words are left out for them in one, what was said in the other, since a reader who comes back may ask for much of it.

It asks when a stream opens and for everybody again every two seconds, so that nothing depends on a message that may get
lost: a right that was taken away ends streams, and an event whose publisher was killed reaches listeners all the same.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any, Generic, NamedTuple, TypeVar

from hallway.front.hub import Hub
from hallway.front.told import Told

log = logging.getLogger("hallway.front")

LOOK = 2.0  # seconds between two looks
PATIENCE = 2.0  # seconds a look may take
SILENCE = 4.0  # seconds without an answer after which rights are taken to have ended
IN_VAIN = 2  # looks that must have failed before
AT_ONCE = 500  # questions the thread takes at a time
NEVER = 2**62  # an id that no event has
NOTHING: frozenset[int] = frozenset()

Question = TypeVar("Question")
Answer = TypeVar("Answer")
Listening = tuple[str, int | None]
After = tuple[str, int, frozenset[int]]
Admit = Callable[[Sequence[Listening]], Sequence[frozenset[int] | None]]
Missed = Callable[[Sequence[After]], tuple[int, Sequence[tuple[Sequence[tuple[Any, ...]], int | None]]]]


class Found(NamedTuple):
    """What a channel said after an id: the newest id there is, and the events.

    `ends_at` is None when they are all, otherwise the id up to which they were looked for.
    """

    newest: int
    events: list[Told]
    ends_at: int | None


class Together(Generic[Question, Answer]):
    """Questions of many, answered in one go: whatever came while the thread was at work goes to it together."""

    def __init__(self, work: Callable[[Sequence[Question]], Sequence[Answer]], thread: ThreadPoolExecutor) -> None:
        self._work = work
        self._thread = thread
        self._waiting: dict[asyncio.Future[Answer], Question] = {}
        self._task: asyncio.Task[None] | None = None

    async def ask(self, question: Question) -> Answer:
        """The answer to one. Raises what the work raised."""
        return (await self.ask_all([question]))[0]

    async def ask_all(self, questions: Sequence[Question]) -> list[Answer]:
        """The answers to several, in their order."""
        loop = asyncio.get_running_loop()
        asked: dict[asyncio.Future[Answer], Question] = {loop.create_future(): question for question in questions}
        self._waiting.update(asked)
        if self._task is None or self._task.done():
            self._task = loop.create_task(self._answer(loop))
        try:
            return list(await asyncio.gather(*asked))
        finally:
            for answer in asked:  # what nobody waits for any more is not asked, and does not pile up
                self._waiting.pop(answer, None)

    async def _answer(self, loop: asyncio.AbstractEventLoop) -> None:
        while self._waiting:
            asked = dict(islice(self._waiting.items(), AT_ONCE))
            for answer in asked:
                del self._waiting[answer]
            try:
                answers = await loop.run_in_executor(self._thread, self._work, list(asked.values()))
            except Exception as error:
                for answer in asked:
                    if not answer.done():
                        answer.set_exception(error)
            else:
                for answer, found in zip(asked, answers, strict=True):
                    if not answer.done():
                        answer.set_result(found)


class Watch:
    """The hub's watcher. `admit` and `missed` are the application's, each asked in a thread, many questions at once."""

    def __init__(self, hub: Hub, admit: Admit, missed: Missed) -> None:
        def found(asked: Sequence[After]) -> list[Found]:
            newest, answers = missed(asked)
            return [Found(newest, [Told(*event) for event in events], ends_at) for events, ends_at in answers]

        self._hub = hub
        self._threads = ThreadPoolExecutor(1, "hallway-rights"), ThreadPoolExecutor(1, "hallway-live")
        self._admit: Together[Listening, frozenset[int] | None] = Together(admit, self._threads[0])
        self._missed: Together[After, Found] = Together(found, self._threads[1])
        self._tides = (0, 0)  # the newest ids at the last two looks
        self._tasks: set[asyncio.Task[None]] = set()
        self._soon = asyncio.Event()
        self._again: tuple[set[int], set[str]] = (set(), set())
        self._heard = 0.0
        self._in_vain = 0  # looks since
        self._fetching: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look; on the loop."""
        self._hub.watcher = self
        self._heard = asyncio.get_running_loop().time()
        self._begin(self._keep_looking())

    def close(self) -> None:
        """Look no more; a look under way ends by itself."""
        for task in self._tasks:
            task.cancel()
        for thread in self._threads:
            thread.shutdown(wait=False, cancel_futures=True)

    async def admit(self, channel: str, viewer: int | None) -> frozenset[int] | None:
        """Whose words are left out for a viewer; None when they may not listen. Raises TimeoutError and others."""
        async with asyncio.timeout(SILENCE):
            return await self._admit.ask((channel, viewer))

    async def missed(self, channel: str, last_id: int) -> Found:
        """What a channel said after an id."""
        return await self._missed.ask((channel, last_id, NOTHING))

    def on_open(self, channel: str) -> None:
        """Learn from which id on nothing of this channel may be missing."""
        self._begin(self._fill((channel, NEVER, NOTHING)))

    def on_gap(self, channel: str) -> None:
        """Fetch what is missing in between."""
        self._begin(self._fill(self._hub.lacking(channel) or (channel, NEVER, NOTHING)))

    def look_again(self, persons: Sequence[int], channels: Sequence[str]) -> None:
        """Ask anew about these, without waiting for the next look."""
        self._again[0].update(persons)
        self._again[1].update(channels)
        self._soon.set()

    def look_soon(self) -> None:
        """Look at everything now."""
        self._begin(self._look())

    def _begin(self, work: Any) -> asyncio.Task[None]:
        task: asyncio.Task[None] = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _fill(self, question: After) -> None:
        channel, last_id, _known = question
        try:
            found = await self._missed.ask(question)
        except Exception:
            log.exception("What was said on %s cannot be read now", channel)
            self._hub.fill(channel, (), None)  # whatever waits goes out; the next look finds the rest
            return
        self._hub.fill(channel, found.events, found.newest if last_id == NEVER else None)

    async def _keep_looking(self) -> None:
        loop = asyncio.get_running_loop()
        next_look = loop.time() + LOOK
        while True:
            try:
                async with asyncio.timeout_at(next_look):
                    await self._soon.wait()
            except TimeoutError:
                began = loop.time()
                await self._look()
                # One that failed took its time already.
                next_look = max(loop.time(), (began if self._in_vain else loop.time()) + LOOK)
                continue
            self._soon.clear()
            (persons, channels), self._again = self._again, (set(), set())
            await self._judge([one for one in self._hub.viewers() if one[0] in channels or one[1] in persons])

    async def _look(self) -> None:
        """Ask for everybody who may listen, and for every channel what it said."""
        self._hub.expire()
        loop = asyncio.get_running_loop()
        if not await self._judge(self._hub.viewers()):
            self._in_vain += 1
            if self._in_vain >= IN_VAIN and loop.time() - self._heard > SILENCE:
                self._hub.expel_guests()
            return
        self._heard, self._in_vain = loop.time(), 0
        if self._fetching is None or self._fetching.done():
            self._fetching = self._begin(self._fetch())

    async def _fetch(self) -> None:
        questions = self._hub.all_lacking()
        try:
            async with asyncio.timeout(PATIENCE):
                answers = await self._missed.ask_all(questions)
        except Exception as error:
            log.warning("What was said lately cannot be read now: %r", error)
            return
        for (channel, _floor, _known), found in zip(questions, answers, strict=True):
            # Up to where the look before the last saw: a row of a lower id may have been committed since. Is there more
            # than was found, the next look goes on where this one ended.
            floor = self._tides[0] if found.ends_at is None else min(self._tides[0], found.ends_at)
            self._hub.fill(channel, found.events, floor)
        if answers:
            self._tides = (self._tides[1], answers[0].newest)

    async def _judge(self, viewers: list[Listening]) -> bool:
        """Ask who of these may listen and see to it; whether there was an answer."""
        try:
            async with asyncio.timeout(PATIENCE):
                answers = await self._admit.ask_all(viewers)
        except Exception as error:
            log.warning("Who may listen cannot be asked now: %r", error)
            return False
        for (channel, viewer), hidden in zip(viewers, answers, strict=True):
            self._hub.judge(channel, viewer, hidden)
        return True

# SPDX-License-Identifier: MIT
"""Where items come from and where they go; the queue between is the exercise."""
from witness import Connection, answer, task

CAPACITY, PRODUCERS, CONSUMERS = (task()[name] for name in ("limit", "producers", "consumers"))


async def items(producer):
    async with Connection() as wire:
        while (told := await wire.ask(f"TAKE {producer}")) != "END":
            yield producer, int(told.split()[1])


class Hand:
    """A connection for one consumer; where the witness ends it, another one takes its place."""

    async def __aenter__(self):
        self.wire = await Connection().__aenter__()
        return self

    async def __aexit__(self, *_):
        await self.wire.__aexit__()

    async def put(self, item):
        while (told := await self.wire.ask(f"PUT {item[0]} {item[1]}")) == "QUIT":
            await self.__aexit__()
            await self.__aenter__()
        return told.split()[1] if told.startswith("OK") else None


def answer_all(results):
    answer([[results.get((producer, i)) for i in range(task()["n"])]
            for producer in range(PRODUCERS)])

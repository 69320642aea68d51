# SPDX-License-Identifier: MIT
import asyncio

from kernels import mandelbrot_chunks, mandelbrot_row
from lane import Outcome


async def task(run, index):
    outcome = Outcome()
    for pixels in mandelbrot_chunks(run):
        outcome.digest = mandelbrot_row(run, index, pixels, outcome.digest)
        outcome.operations += len(pixels)
        await asyncio.sleep(0)
    return outcome

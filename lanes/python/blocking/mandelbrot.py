# SPDX-License-Identifier: MIT
from kernels import mandelbrot_chunks, mandelbrot_row
from lane import Outcome


def task(run, index):
    outcome = Outcome()
    for pixels in mandelbrot_chunks(run):
        outcome.digest = mandelbrot_row(run, index, pixels, outcome.digest)
        outcome.operations += len(pixels)
        run.sync.give_way()
    return outcome

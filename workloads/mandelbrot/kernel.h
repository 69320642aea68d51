// SPDX-License-Identifier: MIT
//
// kernel.h - the arithmetic of `mandelbrot`: how soon does z -> z*z + c escape?
//
// A task is one row of a picture of the Mandelbrot set. Rows through the middle of the
// set take up to --iterations for most of their pixels, rows at the edge a handful:
// the work is irregular, and who hands it out beforehand in equal parts loses.
//
// All models, compilers and processors must get the same bits. Each operation is one
// IEEE 754 operation on doubles in a fixed order, and the Makefile forbids to fuse a
// multiplication with an addition (-ffp-contract=off), which would round once less.
//
// Read next: kernel.c, then direct.c and events.c.
#ifndef QUARTET_WORKLOADS_MANDELBROT_KERNEL_H
#define QUARTET_WORKLOADS_MANDELBROT_KERNEL_H

#include "workloads/workload.h"

#include <stdbool.h>
#include <stdint.h>

// Pixels between two points at which others may go on: some tens of microseconds
// where the set is thickest, by default.
#define MANDELBROT_CHUNK 40

// The part of the plane that is shown: real -2 ... 1, imaginary -1.2 ... 1.2. A pixel
// stands for the point in its middle.
#define MANDELBROT_LEFT   (-2.0)
#define MANDELBROT_WIDTH  3.0
#define MANDELBROT_HEIGHT 2.4

struct mandelbrot_parameters {
    uint64_t width;      // pixels in a row; the height is the number of tasks
    uint64_t iterations; // give up after so many: the point belongs to the set
};

// Computes the pixels of the task's chunk number `chunk` (0, 1, 2, ...; they must be
// asked for in this order) and adds to the outcome: folds each pixel's number of
// iterations into `digest` (lib/mix.h), counts the pixels in `operations`. Returns
// false, having done nothing, when the row has no such chunk. Thread-safe for
// different tasks.
bool mandelbrot_chunk(struct task *task, uint64_t chunk);

#endif

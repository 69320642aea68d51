// SPDX-License-Identifier: MIT
//
// kernel.c - the escape-time algorithm. It stays in registers, like `primes`, but how
// long a pixel takes cannot be known before it is done.
//
// Read next: direct.c.
#include "workloads/mandelbrot/kernel.h"

#include "lib/mix.h"

// How often z -> z*z + c, from z = 0, can be done before |z| exceeds 2; at most `limit`.
static uint64_t point_escape(double c_real, double c_imaginary, uint64_t limit)
{
    double real = 0, imaginary = 0;
    for (uint64_t n = 0; n < limit; n++) {
        double real_squared = real * real;
        double imaginary_squared = imaginary * imaginary;
        if (real_squared + imaginary_squared > 4)
            return n;
        imaginary = 2 * real * imaginary + c_imaginary;
        real = real_squared - imaginary_squared + c_real;
    }
    return limit;
}

bool mandelbrot_chunk(struct task *task, uint64_t chunk)
{
    const struct mandelbrot_parameters *parameters = task->work->parameters;
    uint64_t from = chunk * MANDELBROT_CHUNK;
    uint64_t to = from + MANDELBROT_CHUNK;
    if (from >= parameters->width)
        return false;
    if (to > parameters->width)
        to = parameters->width;

    // (2y+1-height) / (2*height) is exactly the negative of the row that mirrors it.
    double width = (double)parameters->width, height = (double)task->work->tasks;
    double c_imaginary =
        (2.0 * task->index + 1 - height) / (2 * height) * MANDELBROT_HEIGHT;
    for (uint64_t x = from; x < to; x++) {
        double c_real = ((double)x + 0.5) / width * MANDELBROT_WIDTH + MANDELBROT_LEFT;
        uint64_t n = point_escape(c_real, c_imaginary, parameters->iterations);
        task->outcome->digest = mix_into(task->outcome->digest, n);
    }
    task->outcome->operations += to - from;
    return true;
}

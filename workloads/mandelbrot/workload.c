// SPDX-License-Identifier: MIT
//
// workload.c - `mandelbrot` as the runners see it. Nobody knows in advance what the
// picture contains, so the answer is checked in three ways, none of which asks a runner
// or the kernel:
//   - for the default picture, a checksum over all rows which a Python script found;
//   - the set is its own mirror image, so row y and row height-1-y must agree exactly;
//   - for any other picture some rows, spread over it, are computed once more by the
//     code below, which was written separately. As IEEE 754 defines each operation to
//     the last bit, both must agree in each pixel.
//
// Read next: kernel.h.
#include "lib/check.h"
#include "lib/mix.h"
#include "workloads/mandelbrot/kernel.h"

#include <errno.h>
#include <inttypes.h>

#define DEFAULT_WIDTH      1000
#define DEFAULT_HEIGHT     800
#define DEFAULT_ITERATIONS 1000
#define TEXT(number)       TEXT_AGAIN(number) // the number behind a name, as a string
#define TEXT_AGAIN(number) #number

// Printed by tests/workloads/mandelbrot_oracle.py for the default picture.
#define DEFAULT_CHECKSUM UINT64_C(0xd20e0e20422b2524)

enum {
    SAMPLED_ROWS = 8,
};

static const struct option_spec mandelbrot_options[] = {
    {
        .name = "width",
        .kind = OPTION_COUNT,
        .offset = offsetof(struct mandelbrot_parameters, width),
        .fallback = TEXT(DEFAULT_WIDTH),
        .minimum = 1,
        .maximum = 1000000,
        .help = "pixels in a row (rows: --tasks)",
    },
    {
        .name = "iterations",
        .kind = OPTION_COUNT,
        .offset = offsetof(struct mandelbrot_parameters, iterations),
        .fallback = TEXT(DEFAULT_ITERATIONS),
        // With fewer, a pixel would cost next to nothing, and floor_cpu_ns be wrong.
        .minimum = 100,
        .maximum = 1000000000,
        .help = "after so many a point is taken to be in the set",
    },
    {0},
};

// The digest of one row, computed from the definition z*z + c on complex numbers.
struct complex {
    double re, im;
};

static struct complex complex_square_plus(struct complex z, struct complex c)
{
    double product = z.re * z.im;
    return (struct complex){.re = z.re * z.re - z.im * z.im + c.re,
                            .im = product + product + c.im};
}

static uint64_t row_digest(const struct work *work, uint32_t row)
{
    const struct mandelbrot_parameters *parameters = work->parameters;
    int64_t twice_offset = 2 * (int64_t)row + 1 - (int64_t)work->tasks;
    struct complex c;
    c.im = (double)twice_offset / (2.0 * work->tasks) * MANDELBROT_HEIGHT;
    uint64_t digest = 0;
    for (uint64_t column = 0; column < parameters->width; column++) {
        c.re = ((double)column + 0.5) / (double)parameters->width * MANDELBROT_WIDTH +
               MANDELBROT_LEFT;
        struct complex z = {0, 0};
        uint64_t steps = 0;
        while (steps < parameters->iterations && z.re * z.re + z.im * z.im <= 4.0) {
            z = complex_square_plus(z, c);
            steps++;
        }
        digest = mix_into(digest, steps);
    }
    return digest;
}

static void mandelbrot_expect(const struct work *work, struct ledger *expected)
{
    const struct mandelbrot_parameters *parameters = work->parameters;
    *expected = (struct ledger){.tasks = work->tasks,
                                .operations = work->tasks * parameters->width};
}

static int default_picture_verify(const struct work *work, struct reason *reason)
{
    uint64_t checksum = 0;
    for (uint32_t row = 0; row < work->tasks; row++)
        checksum = mix_into(checksum, outcome_at(work, row)->digest);
    if (checksum == DEFAULT_CHECKSUM)
        return 0;
    return reason_set(reason, -EBADMSG,
                      "the checksum of the picture is %016" PRIx64
                      ", but that of the default picture is %016" PRIx64,
                      checksum, DEFAULT_CHECKSUM);
}

static int mirror_verify(const struct work *work, struct reason *reason)
{
    for (uint32_t row = 0; row < work->tasks / 2; row++) {
        uint32_t mirror = work->tasks - 1 - row;
        if (outcome_at(work, row)->digest != outcome_at(work, mirror)->digest)
            return reason_set(reason, -EBADMSG,
                              "rows %" PRIu32 " and %" PRIu32
                              " differ, but they mirror each other",
                              row, mirror);
    }
    return 0;
}

// Steps unevenly through the picture, from a place that the seed decides.
static int sample_verify(const struct work *work, struct reason *reason)
{
    uint32_t rows = work->tasks < SAMPLED_ROWS ? work->tasks : SAMPLED_ROWS;
    for (uint32_t i = 0; i < rows; i++) {
        uint64_t first = (uint64_t)work->tasks * i / rows;
        uint64_t beyond = (uint64_t)work->tasks * (i + 1) / rows;
        uint32_t row = (uint32_t)(first + mix(work->seed + i) % (beyond - first));
        uint64_t expected = row_digest(work, row);
        if (outcome_at(work, row)->digest != expected)
            return reason_set(reason, -EBADMSG,
                              "row %" PRIu32 " has the digest %016" PRIx64
                              ", but computed again it is %016" PRIx64,
                              row, outcome_at(work, row)->digest, expected);
    }
    return 0;
}

static int mandelbrot_verify(const struct work *work, struct reason *reason)
{
    const struct mandelbrot_parameters *parameters = work->parameters;
    if (parameters->width == DEFAULT_WIDTH && work->tasks == DEFAULT_HEIGHT &&
        parameters->iterations == DEFAULT_ITERATIONS)
        return default_picture_verify(work, reason);
    int error = mirror_verify(work, reason);
    return error != 0 ? error : sample_verify(work, reason);
}

static uint64_t mandelbrot_digest(const struct work *work, uint32_t index)
{
    struct outcome outcome = {0};
    struct task task = {.work = work, .index = index, .outcome = &outcome};
    for (uint64_t chunk = 0; mandelbrot_chunk(&task, chunk);)
        chunk++;
    return outcome.digest;
}

const struct workload mandelbrot_workload = {
    .name = "mandelbrot",
    .kind = WORKLOAD_CPU,
    .summary = "rows of the Mandelbrot set: irregular work, some tasks far dearer",
    .operation = "pixels",
    // A fifth of the pixels take all of the at least 100 iterations, and one iteration
    // is a chain of four operations that no processor does in half a nanosecond.
    .floor_cpu_ns = 10,
    .default_tasks = DEFAULT_HEIGHT,
    .default_concurrency = 8,
    .options = mandelbrot_options,
    .parameters_size = sizeof(struct mandelbrot_parameters),
    .expect = mandelbrot_expect,
    .digest = mandelbrot_digest,
    .verify = mandelbrot_verify,
};

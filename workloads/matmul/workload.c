// SPDX-License-Identifier: MIT
//
// workload.c - `matmul` as the runners see it. The answer is checked by Freivalds' method:
// for any vector r, C r must be A (B r), which takes 3 n^2 steps instead of n^3 and no
// matrix product at all. All is reckoned modulo 2^64. An entry of C that is wrong by less
// than 2^45 passes one random vector of odd and even numbers below 2^32 with a probability
// of at most 2^-19; three of them are tried.
// Source: R. Freivalds, "Probabilistic machines can use less running time", IFIP 1977.
//
// Read next: kernel.h.
#include "workloads/matmul/kernel.h"

#include "lib/mix.h"
#include "runners/sync_objects.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

enum {
    VECTORS = 3,
};

extern const struct workload matmul_workload;

static const struct option_spec matmul_options[] = {
    {
        .name = "size",
        .kind = OPTION_COUNT,
        .offset = offsetof(struct matmul_parameters, size),
        .fallback = "768",
        .minimum = 1,
        .maximum = MATMUL_SIZE_MAX,
        .help = "rows and columns of the matrices",
    },
    {0},
};

static int matmul_setup(struct work *work, struct reason *reason)
{
    struct matmul_parameters *parameters = work->parameters;
    struct matmul_matrices *matrices = &parameters->matrices;
    uint64_t size = parameters->size;
    matrices->a = sync_alloc(size * size * sizeof *matrices->a);
    matrices->b = sync_alloc(size * size * sizeof *matrices->b);
    matrices->c = sync_alloc(size * size * sizeof *matrices->c);
    if (matrices->a == NULL || matrices->b == NULL || matrices->c == NULL) {
        return reason_set(reason, -ENOMEM,
                          "no memory for three matrices of %" PRIu64 " rows, %" PRIu64
                          " MiB; lower --size",
                          size, size * size * 16 >> 20);
    }
    for (uint64_t row = 0; row < size; row++) {
        for (uint64_t column = 0; column < size; column++) {
            matrices->a[row * size + column] = matmul_entry(work->seed, 0, row, column);
            matrices->b[row * size + column] = matmul_entry(work->seed, 1, row, column);
        }
    }
    return 0;
}

static void matmul_expect(const struct work *work, struct ledger *expected)
{
    const struct matmul_parameters *parameters = work->parameters;
    uint64_t size = parameters->size;
    *expected = (struct ledger){.tasks = work->tasks, .operations = size * size * size};
}

// Rows are dealt out in turn.
static void matmul_expect_task(const struct work *work, uint32_t index,
                               struct ledger *share)
{
    const struct matmul_parameters *parameters = work->parameters;
    uint64_t size = parameters->size;
    uint64_t rows = size / work->tasks + (index < size % work->tasks);
    share->operations = rows * size * size;
}

// product = matrix vector, for entries of 32 bits.
static void multiply_narrow(uint64_t *product, const uint32_t *matrix,
                            const uint64_t *vector, uint64_t size)
{
    for (uint64_t row = 0; row < size; row++) {
        product[row] = 0;
        for (uint64_t column = 0; column < size; column++)
            product[row] += matrix[row * size + column] * vector[column];
    }
}

static uint64_t multiply_row(const uint64_t *entries, const uint64_t *vector,
                             uint64_t size)
{
    uint64_t sum = 0;
    for (uint64_t column = 0; column < size; column++)
        sum += entries[column] * vector[column];
    return sum;
}

// Is C r = A (B r)? The number of the first row in which it is not, or `size`.
static uint64_t freivalds(const struct matmul_parameters *parameters, uint64_t seed,
                          uint64_t *scratch)
{
    uint64_t size = parameters->size;
    uint64_t *r = scratch, *br = scratch + size, *abr = scratch + 2 * size;
    for (uint64_t i = 0; i < size; i++)
        r[i] = mix(seed ^ mix(i)) >> 32;
    multiply_narrow(br, parameters->matrices.b, r, size);
    multiply_narrow(abr, parameters->matrices.a, br, size);
    uint64_t row = 0;
    while (row < size &&
           multiply_row(parameters->matrices.c + row * size, r, size) == abr[row])
        row++;
    return row;
}

// Does each task's digest belong to the rows that lie in memory?
static int verify_digests(const struct work *work, struct reason *reason)
{
    const struct matmul_parameters *parameters = work->parameters;
    for (uint32_t i = 0; i < work->tasks; i++) {
        uint64_t digest = 0;
        for (uint64_t row = i; row < parameters->size; row += work->tasks)
            digest += matmul_row_digest(parameters, row);
        if (digest != outcome_at(work, i)->digest)
            return reason_set(reason, -EBADMSG,
                              "task %" PRIu32 " has digest %016" PRIx64
                              ", but its rows have %016" PRIx64,
                              i, outcome_at(work, i)->digest, digest);
    }
    return 0;
}

static int matmul_verify(const struct work *work, struct reason *reason)
{
    const struct matmul_parameters *parameters = work->parameters;
    uint64_t *scratch = calloc(parameters->size, 3 * sizeof *scratch);
    if (scratch == NULL)
        return reason_set(reason, -ENOMEM, "no memory for the check of matmul");
    uint64_t row = parameters->size;
    for (uint64_t i = 0; i < VECTORS && row == parameters->size; i++)
        row = freivalds(parameters, mix(work->seed + i), scratch);
    free(scratch);
    if (row < parameters->size)
        return reason_set(reason, -EBADMSG,
                          "row %" PRIu64 " of the product is wrong: C r is not A (B r)",
                          row);
    return verify_digests(work, reason);
}

const struct workload matmul_workload = {
    .name = "matmul",
    .kind = WORKLOAD_CPU,
    .summary = "multiply matrices of whole numbers: shared data that all read",
    .operation = "multiply-additions",
    // Vector units of 512 bits make 16 of them in a cycle, at 5 GHz 80 in a nanosecond.
    .floor_cpu_ns = 0.01,
    .default_tasks = 96,
    .default_concurrency = 8,
    .options = matmul_options,
    .parameters_size = sizeof(struct matmul_parameters),
    .setup = matmul_setup,
    .expect = matmul_expect,
    .expect_task = matmul_expect_task,
    .verify = matmul_verify,
};

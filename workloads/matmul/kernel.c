// SPDX-License-Identifier: MIT
//
// kernel.c - a row of C is a sum of rows of B, each times an entry of A. In this order the
// innermost loop runs along rows in memory, which caches and vector units like; the
// schoolbook's order (a column of B for each entry) jumps a row at every step.
//
// Read next: direct.c.
#include "workloads/matmul/kernel.h"

#include "lib/mix.h"

#include <string.h>

uint32_t matmul_entry(uint64_t seed, uint32_t matrix, uint64_t row, uint64_t column)
{
    uint64_t place = (uint64_t)matrix << 32 | row << 16 | column;
    return (uint32_t)(mix(mix(seed) ^ place) & 0xffff);
}

uint64_t matmul_row_digest(const struct matmul_parameters *parameters, uint64_t row)
{
    const uint64_t *entries = parameters->matrices.c + row * parameters->size;
    uint64_t digest = mix(row);
    for (uint64_t column = 0; column < parameters->size; column++)
        digest = (digest ^ entries[column]) * UINT64_C(0x100000001b3);
    return mix(digest);
}

// sum[] += factor * row[]
static void row_add(uint64_t *restrict sum, const uint32_t *restrict row, uint32_t factor,
                    uint64_t size)
{
    for (uint64_t column = 0; column < size; column++)
        sum[column] += (uint64_t)factor * row[column];
}

//DOC: matmul-row
bool matmul_row(struct task *task, uint64_t chunk)
{
    const struct matmul_parameters *parameters = task->work->parameters;
    uint64_t size = parameters->size;
    uint64_t row = chunk * task->work->tasks + task->index;
    if (row >= size)
        return false;

    uint64_t *sum = parameters->matrices.c + row * size;
    memset(sum, 0, size * sizeof *sum);
    for (uint64_t k = 0; k < size; k++)
        row_add(sum, parameters->matrices.b + k * size,
                parameters->matrices.a[row * size + k], size);
    task->outcome->digest += matmul_row_digest(parameters, row);
    task->outcome->operations += size * size;
    return true;
}

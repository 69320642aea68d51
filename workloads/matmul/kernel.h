// SPDX-License-Identifier: MIT
//
// kernel.h - the arithmetic of `matmul`: C = A B for square matrices of whole numbers.
//
// A and B lie in memory that all workers share and nobody writes to while tasks run. Of N
// tasks, task i makes the rows i, N+i, 2N+i, ... of C, one row a chunk. Entries are below
// 2^16, so that a sum of 4096 products is exact in 64 bits: every order of adding gives the
// same bits.
//
// Read next: kernel.c, then direct.c and events.c.
#ifndef QUARTET_WORKLOADS_MATMUL_KERNEL_H
#define QUARTET_WORKLOADS_MATMUL_KERNEL_H

#include "workloads/workload.h"

#include <stdbool.h>
#include <stdint.h>

#define MATMUL_SIZE_MAX 4096

// Row after row, size * size entries each.
struct matmul_matrices {
    uint32_t *a;
    uint32_t *b;
    uint64_t *c;
};

struct matmul_parameters {
    uint64_t size; // rows and columns
    struct matmul_matrices matrices;
};

// The entry of a matrix (0: A, 1: B) for this seed, below 2^16.
uint32_t matmul_entry(uint64_t seed, uint32_t matrix, uint64_t row, uint64_t column);

// Makes the task's row number `chunk` (0, 1, 2, ...) and adds to the outcome: to `digest`
// that of the row, to `operations` its multiply-additions. Returns false, having done
// nothing, when the task has no such row. Thread-safe for different tasks.
bool matmul_row(struct task *task, uint64_t chunk);

// The digest of row `row` of C as it lies in memory.
uint64_t matmul_row_digest(const struct matmul_parameters *parameters, uint64_t row);

#endif

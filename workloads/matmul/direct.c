// SPDX-License-Identifier: MIT
//
// direct.c - a task of `matmul` in straight-line code: its rows, one after another.
//
// Read next: events.c.
#include "runners/direct.h"
#include "workloads/matmul/kernel.h"

direct_code matmul_direct; // the generated list looks for this name

int matmul_direct(struct task *task)
{
    for (uint64_t chunk = 0; matmul_row(task, chunk); chunk++)
        direct_yield();
    return 0;
}

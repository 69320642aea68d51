// SPDX-License-Identifier: MIT
//
// direct.c - a task of `compress` in straight-line code.
//
// Read next: events.c.
#include "runners/direct.h"
#include "workloads/compress/compress.h"

direct_code compress_direct; // the generated list looks for this name

int compress_direct(struct task *task)
{
    struct compress_tools tools;
    int more = compress_begin(task, &tools);
    if (more == 0) {
        while ((more = compress_block(task, &tools)) > 0)
            direct_yield();
    }
    compress_end(&tools);
    return more;
}

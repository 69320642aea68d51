// SPDX-License-Identifier: MIT
//
// Off-loading for processes and threads: the worker is where long work belongs. See
// offload.h.
#include "runners/offload.h"

#include <errno.h>

int offload(executor_code *code, const void *argument, size_t size, uint64_t *result)
{
    if (size > EXECUTOR_ARGUMENT_BYTES)
        return -E2BIG;
    *result = code(argument);
    return 0;
}

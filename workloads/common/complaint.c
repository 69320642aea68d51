// SPDX-License-Identifier: MIT
//
// The first fault in words: see complaint.h.
#include "workloads/common/complaint.h"

#include <stdarg.h>
#include <stdio.h>

void complaint_make(struct complaint *complaint, const char *format, ...)
{
    unsigned none = 0;
    if (!atomic_compare_exchange_strong(&complaint->state, &none, 1))
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(complaint->text, sizeof complaint->text, format, arguments);
    va_end(arguments);
    // Release: whoever sees the 2 sees the text as well.
    atomic_store_explicit(&complaint->state, 2, memory_order_release);
}

bool complaint_made(const struct complaint *complaint)
{
    return atomic_load_explicit(&complaint->state, memory_order_acquire) == 2;
}

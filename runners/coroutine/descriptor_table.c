// SPDX-License-Identifier: MIT
//
// The table of descriptors: see descriptor_table.h.
#define _GNU_SOURCE // MAP_ANONYMOUS and MAP_NORESERVE are not POSIX
#include "runners/coroutine/descriptor_table.h"

#include "lib/check.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

int descriptors_open(struct descriptor_table *table, struct reason *reason)
{
    struct rlimit limit;
    CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    // No kernel gives numbers beyond an int, whatever the limit says.
    size_t count = limit.rlim_cur < INT32_MAX ? (size_t)limit.rlim_cur : INT32_MAX;
    size_t bytes = count * sizeof(struct descriptor);
    void *entries = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (entries == MAP_FAILED) {
        return reason_set(
            reason, -ENOMEM,
            "cannot reserve addresses for a table of %zu descriptors: %s; lower "
            "RLIMIT_NOFILE (ulimit -n)",
            count, strerror(errno));
    }
    *table = (struct descriptor_table){.entries = entries, .count = count};
    return 0;
}

void descriptors_close(struct descriptor_table *table)
{
    munmap(table->entries, table->count * sizeof(struct descriptor));
}

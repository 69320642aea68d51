// SPDX-License-Identifier: MIT
//
// hung.c - see hung.h.
#include "driver/system/hung.h"

#include <stdio.h>
#include <sys/stat.h>

#define PATH_SIZE 4200

size_t hung_find(const char *folder, size_t count, time_t limit_s)
{
    char path[PATH_SIZE];
    struct stat status;
    for (size_t position = count; position > 0; position--) {
        snprintf(path, sizeof path, HUNG_RECORD, folder, position - 1);
        if (stat(path, &status) != 0)
            continue;
        // When this one had left its record, the next one began.
        return time(NULL) - status.st_mtime >= limit_s ? position : count;
    }
    return 0; // the block has taken longer than any run may
}

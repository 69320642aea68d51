// SPDX-License-Identifier: MIT
//
// trace_file.c - see trace_file.h.
#include "driver/report/trace_file.h"

#include <stdio.h>
#include <string.h>

bool trace_file_path(const char *folder, const char *table, size_t number,
                     char path[TRACE_FILE_PATH])
{
    char name[256];
    int length = snprintf(name, sizeof name, "%s.%zu.json", table, number);
    if (length < 0 || (size_t)length >= sizeof name || name[0] == '.')
        return false;
    for (char *at = strchr(name, '/'); at != NULL; at = strchr(at, '/'))
        *at = '-';
    length = snprintf(path, TRACE_FILE_PATH, "%s/" TRACE_FILE_FOLDER "/%s", folder, name);
    return length > 0 && length < TRACE_FILE_PATH;
}

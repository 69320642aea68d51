// SPDX-License-Identifier: MIT
//
// notes.c - see notes.h.
#include "driver/show/notes.h"

#include "driver/report/tree.h"
#include "lib/plain.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void notes_add(json_t *lines, const char *format, ...)
{
    char line[NOTES_LINE];
    char plain[NOTES_LINE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    plain_copy(plain, sizeof plain, line);
    json_array_append_new(lines, tree_string(plain));
}

void notes_extend(char *line, const char *format, ...)
{
    size_t used = strlen(line);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line + used, NOTES_LINE - used, format, arguments);
    va_end(arguments);
}

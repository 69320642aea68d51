// SPDX-License-Identifier: MIT
//
// Reading /proc and /sys: see proc.h.
#include "driver/system/proc.h"

#include <stdio.h>
#include <stdlib.h>

bool proc_file_read(const char *path, char *text, size_t size)
{
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return false;
    size_t length = fread(text, 1, size - 1, file);
    fclose(file);
    text[length] = '\0';
    return length > 0;
}

size_t proc_file_numbers(const char *text, double *numbers, size_t room)
{
    size_t count = 0;
    char *end;
    while (count < room) {
        double number = strtod(text, &end);
        if (end == text)
            break;
        numbers[count++] = number;
        text = end;
    }
    return count;
}

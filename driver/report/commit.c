// SPDX-License-Identifier: MIT
//
// commit.c - see commit.h.
#include "driver/report/commit.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

bool commit_digits(const char *name, bool clean, char digits[COMMIT_SIZE])
{
    const char *described = name == NULL ? NULL : strstr(name, "-g");
    const char *from = described != NULL ? described + 2 : name == NULL ? "" : name;
    size_t n = strspn(from, "0123456789abcdef");
    n = n < COMMIT_SIZE - 1 ? n : COMMIT_SIZE - 1;
    snprintf(digits, COMMIT_SIZE, "%.*s", (int)n, from);
    bool changed = strcmp(from + n, "-dirty") == 0;
    return n >= COMMIT_DIGITS && (from[n] == '\0' || (changed && !clean));
}

bool commit_same(const char *one, const char *other)
{
    char a[COMMIT_SIZE];
    char b[COMMIT_SIZE];
    if (!commit_digits(one, false, a) || !commit_digits(other, false, b))
        return false;
    size_t shorter = strlen(a) < strlen(b) ? strlen(a) : strlen(b);
    return strncmp(a, b, shorter) == 0;
}

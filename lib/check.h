// SPDX-License-Identifier: MIT
//
// check.h - a claim about this program that can only be false if the program
// itself is wrong. It is never compiled out and its argument must have no side
// effects. Conditions that the world can cause (a full disk, a refused fork) are
// errors, not checks: see error.h.
#ifndef QUARTET_LIB_CHECK_H
#define QUARTET_LIB_CHECK_H

#include <stdio.h>
#include <stdlib.h>

#define CHECK(condition)                                                                 \
    ((condition) ? (void)0 : check_failed(#condition, __FILE__, __LINE__))

#define ARRAY_LEN(array) (sizeof(array) / sizeof((array)[0]))

_Noreturn static inline void check_failed(const char *condition, const char *file,
                                          int line)
{
    fprintf(stderr, "%s:%d: internal error: '%s' does not hold; please report this\n",
            file, line, condition);
    abort();
}

#endif

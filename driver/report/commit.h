// SPDX-License-Identifier: MIT
//
// commit.h - names of commits, as reports have them: all digits, some of them, or what
// `git describe` makes of them: "1af0267", "v1.2-3-g1af0267-dirty".
#ifndef QUARTET_DRIVER_REPORT_COMMIT_H
#define QUARTET_DRIVER_REPORT_COMMIT_H

#include <stdbool.h>

#define COMMIT_SIZE   72 // of the digits, SHA-1 or SHA-256
#define COMMIT_DIGITS 7  // fewer name no commit

// Writes the digits. false: it names no commit, or one with changes ("-dirty") if `clean`.
bool commit_digits(const char *name, bool clean, char digits[COMMIT_SIZE]);

// Do both name one commit, as far as the shorter one says?
bool commit_same(const char *one, const char *other);

#endif

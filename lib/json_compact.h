// SPDX-License-Identifier: MIT
//
// json_compact.h - JSON on one line, without a blank that it does not need: for files that
// programs read and that may be large. (Two thirds of an indented report are blanks.)
#ifndef QUARTET_LIB_JSON_COMPACT_H
#define QUARTET_LIB_JSON_COMPACT_H

#include "lib/sha256.h"

#include <jansson.h>
#include <stdio.h>

// Prints it, and the end of the line; ferror() tells whether that failed.
void json_compact_print(FILE *file, const json_t *content);

// The SHA-256 of what json_compact_print() prints.
void json_compact_hash(const json_t *content, char text[SHA256_TEXT_SIZE]);

#endif

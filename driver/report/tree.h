// SPDX-License-Identifier: MIT
//
// tree.h - reading a JSON tree without fear. A report may come from another version
// or from an interrupted run, so every member may be missing, null or of another type:
// these functions then give the fallback. NAN stands for "unknown", as null does in
// the file.
#ifndef QUARTET_DRIVER_REPORT_TREE_H
#define QUARTET_DRIVER_REPORT_TREE_H

#include <jansson.h>
#include <stdbool.h>

// The member at `path`, names separated by dots ("cpu_ns.user"), or NULL. Borrowed.
json_t *tree_at(const json_t *object, const char *path);

// The text at `path`, or `fallback` (may be NULL). Borrowed.
const char *tree_text(const json_t *object, const char *path, const char *fallback);

// The number at `path`, integer or real, or NAN.
double tree_number(const json_t *object, const char *path);

// Is `path` the truth value true?
bool tree_true(const json_t *object, const char *path);

// The array at `path`, or NULL, over which json_array_foreach walks zero times.
// Borrowed.
json_t *tree_array(const json_t *object, const char *path);

// The first object of `array` (may be NULL) whose `key` is this text, or NULL. Borrowed.
json_t *tree_find(const json_t *array, const char *key, const char *text);

// A new JSON number, or null where `number` is NAN or infinite.
json_t *tree_real(double number);

// The same without a fraction, as an integer.
json_t *tree_whole(double number);

// A new JSON string of any bytes: what is not UTF-8 (a text cut in the middle of a
// letter, say) is replaced by '?'.
json_t *tree_string(const char *text);

#endif

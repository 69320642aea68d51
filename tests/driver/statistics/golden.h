// SPDX-License-Identifier: MIT
//
// golden.h - values that another program has computed, numpy or scipy, from a file of
// JSON that a script beside it has made. The file is the state of all tests of a group:
// golden_open() in its setup, golden_close as its teardown.
#ifndef QUARTET_TESTS_DRIVER_STATISTICS_GOLDEN_H
#define QUARTET_TESTS_DRIVER_STATISTICS_GOLDEN_H

#include "lib/check.h"

#include <jansson.h>
#include <stddef.h>

#define GOLDEN_VALUES 512 // at most, in one array

// Reads the file, whose path starts at the root of the source tree. 0, or -1.
static inline int golden_open(void **state, const char *path)
{
    *state = json_load_file(path, 0, NULL);
    return *state == NULL ? -1 : 0;
}

static inline int golden_close(void **state)
{
    json_decref(*state);
    return 0;
}

// The samples of that name. Without any, a test would prove nothing.
static inline const json_t *golden_samples(void **state, const char *name)
{
    const json_t *samples = json_object_get(*state, name);
    CHECK(json_array_size(samples) > 0);
    return samples;
}

// Copies the array object[key] to values[0..GOLDEN_VALUES); returns its length.
static inline size_t golden_values(const json_t *object, const char *key, double *values)
{
    const json_t *array = json_object_get(object, key);
    size_t n = json_array_size(array);
    CHECK(n <= GOLDEN_VALUES);
    for (size_t i = 0; i < n; i++)
        values[i] = json_number_value(json_array_get(array, i));
    return n;
}

#endif

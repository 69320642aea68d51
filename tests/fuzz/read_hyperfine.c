// SPDX-License-Identifier: MIT
//
// read_hyperfine.c - what the stop-watch exports: driver/measure/hyperfine.c. The seeds have two
// commands of these names.
#include "driver/measure/hyperfine.h"
#include "lib/json_file.h"
#include "tests/fuzz/readers.h"

void read_hyperfine(const char *text, size_t size)
{
    static const char *const names[] = {"coroutine", "eventloop"};
    struct hyperfine_time times[2];
    struct reason reason;
    json_t *exported;
    if (json_text_load(text, size, "input", &exported, &reason) != 0)
        return;
    hyperfine_times(exported, names, 2, times, &reason);
    json_decref(exported);
}

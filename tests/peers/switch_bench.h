// SPDX-License-Identifier: MIT
//
// switch_bench.h - what the benchmark of switches asks of a subject: this project's
// coroutines (switch_ours.c) and Boost.Context (switch_boost.c). Both do the same thing
// by the same steps, so that only their switches and their stacks differ.
#ifndef QUARTET_TESTS_PEERS_SWITCH_BENCH_H
#define QUARTET_TESTS_PEERS_SWITCH_BENCH_H

#include <stdint.h>

struct subject {
    const char *name;
    // Makes room for `live` coroutines with stacks of 64 KiB. Ends the program on failure.
    void (*open)(uint32_t live);
    // Starts `live` coroutines, each of which gives control back whenever it gets it.
    void (*start)(uint32_t live);
    // Goes round: to coroutine 0 and back, to coroutine 1 and back, ... `switches` in all.
    void (*pass)(uint32_t live, uint64_t switches);
    // Lets all of them end.
    void (*finish)(uint32_t live);
    // Creates a coroutine, lets it run to its end, again, `times` in all.
    void (*spawn)(uint64_t times);
    void (*close)(void);
};

extern const struct subject subject_ours;
extern const struct subject subject_boost;
extern const struct subject subject_boost_coloured; // with the shifted stack tops of ours

#endif

// SPDX-License-Identifier: MIT
//
// The sizes of all comparisons: see profile.h. They are chosen per workload and never
// per model. In `default` the fastest model should need 100 ms at the least, so that
// starting a program does not count; `quick` has two minutes for everything on two CPUs.
#include "driver/plan/profile.h"

#include "lib/check.h"

const struct profile_table profile_tables[] = {
    {"primes", NULL, "primes", false, {{0, 0, "--limit 2m"}, {0, 0, ""}}},
    {"mandelbrot", NULL, "mandelbrot", false, {{0, 0, ""}, {0, 0, ""}}},
    {"sleep",
     NULL,
     "sleep",
     false,
     {{1000, 1000, "--delay 100ms"},
      {10000, 10000, "--delay 500ms"},
      {1000, 1000, "--delay 4ms"}}},
    {"fetch",
     "tcp",
     "fetch over TCP",
     true,
     {{1000, 1000, "--transport tcp --delay 50ms --exchanges 4"},
      {10000, 10000, "--transport tcp --delay 250ms --exchanges 4"},
      {1000, 1000, "--transport tcp --delay 1ms --exchanges 4"}}},
    {"fetch",
     "unix",
     "fetch over AF_UNIX sockets",
     true,
     {{1000, 1000, "--transport unix --delay 50ms --exchanges 4"},
      {10000, 10000, "--transport unix --delay 250ms --exchanges 4"},
      {1000, 1000, "--transport unix --delay 1ms --exchanges 4"}}},
    {"spawn", NULL, "spawn", false, {{0, 0, ""}, {0, 0, ""}}},
    {"schedule",
     NULL,
     "schedule",
     false,
     {{500, 500, "--span 100ms --lead 50ms"}, {0, 0, ""}}},
    {"stall",
     NULL,
     "stall",
     false,
     {{200, 200, "--compute 100ms --period 10ms --beats 15"}, {0, 0, ""}}},
};

const size_t profile_table_count = ARRAY_LEN(profile_tables);

const char *profile_text(enum profile_name profile)
{
    static const char *const names[PROFILE_COUNT] = {
        [PROFILE_QUICK] = "quick",
        [PROFILE_DEFAULT] = "default",
        [PROFILE_RIGOROUS] = "rigorous",
    };
    return names[profile];
}

const struct profile_size *profile_size(const struct profile_table *row,
                                        enum profile_name profile, bool sweep)
{
    if (sweep && row->sizes[PROFILE_SIZES - 1].arguments != NULL)
        return &row->sizes[PROFILE_SIZES - 1];
    return &row->sizes[profile == PROFILE_QUICK ? 0 : 1];
}

unsigned profile_rounds(enum profile_name profile)
{
    static const unsigned rounds[PROFILE_COUNT] = {
        [PROFILE_QUICK] = 4,
        [PROFILE_DEFAULT] = PROFILE_DECISIVE_ROUNDS,
        [PROFILE_RIGOROUS] = 40,
    };
    return rounds[profile];
}

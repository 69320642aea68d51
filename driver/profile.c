// SPDX-License-Identifier: MIT
//
// The sizes of all comparisons: see profile.h. They are chosen per workload and never
// per model. In `default` the fastest model should need 100 ms at the least, so that
// starting a program does not count; `quick` has two minutes for everything on two CPUs.
#include "driver/profile.h"

#include "lib/check.h"

const struct profile_table profile_tables[] = {
    {"primes", NULL, "primes", false, {{0, 0, "--limit 2m"}, {0, 0, ""}}},
    {"mandelbrot", NULL, "mandelbrot", false, {{0, 0, ""}, {0, 0, ""}}},
    {"sleep",
     NULL,
     "sleep",
     false,
     {{1000, 1000, "--delay 100ms"}, {10000, 10000, "--delay 500ms"}}},
    {"fetch",
     "tcp",
     "fetch over TCP",
     true,
     {{1000, 1000, "--transport tcp --delay 50ms --exchanges 4"},
      {10000, 10000, "--transport tcp --delay 250ms --exchanges 4"}}},
    {"fetch",
     "unix",
     "fetch over AF_UNIX sockets",
     true,
     {{1000, 1000, "--transport unix --delay 50ms --exchanges 4"},
      {10000, 10000, "--transport unix --delay 250ms --exchanges 4"}}},
    {"spawn", NULL, "spawn", false, {{0, 0, ""}, {0, 0, ""}}},
};

const size_t profile_table_count = ARRAY_LEN(profile_tables);

unsigned profile_rounds(enum profile_name profile)
{
    static const unsigned rounds[PROFILE_COUNT] = {
        [PROFILE_QUICK] = 4,
        [PROFILE_DEFAULT] = PROFILE_DECISIVE_ROUNDS,
    };
    return rounds[profile];
}

// SPDX-License-Identifier: MIT
//
// random.h - numbers that look random and can be replayed: the same seed gives the
// same sequence on every machine. SplitMix64 (see lib/mix.h for the source): a counter
// goes up by a constant and its hash is the output. Good for shuffling rounds and for
// drawing bootstrap samples; not for secrets.
#ifndef QUARTET_DRIVER_STATISTICS_RANDOM_H
#define QUARTET_DRIVER_STATISTICS_RANDOM_H

#include "lib/mix.h"

#include <stdint.h>

struct random {
    uint64_t state;
};

static inline void random_init(struct random *random, uint64_t seed)
{
    random->state = mix(seed);
}

static inline uint64_t random_next(struct random *random)
{
    random->state += UINT64_C(0x9e3779b97f4a7c15);
    return mix(random->state);
}

// A number from 0 to bound-1 (bound > 0), each equally likely: draws from the uneven
// rest at the top of the 64-bit range are thrown away.
static inline uint64_t random_below(struct random *random, uint64_t bound)
{
    uint64_t uneven = (UINT64_MAX % bound + 1) % bound;
    uint64_t drawn = random_next(random);
    while (drawn > UINT64_MAX - uneven)
        drawn = random_next(random);
    return drawn % bound;
}

#endif

// SPDX-License-Identifier: MIT
//
// looks.c - see looks.h.
#include "driver/looks.h"

#define ONE_LOOK_MOST 12 // with so few rounds there is nothing to be saved by looking

struct looks looks_make(unsigned rounds)
{
    if (rounds <= ONE_LOOK_MOST)
        return (struct looks){.count = 1, .rounds = {rounds}};
    return (struct looks){.count = LOOKS_MAXIMUM,
                          .rounds = {rounds / 2, rounds * 3 / 4, rounds}};
}

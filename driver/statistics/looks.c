// SPDX-License-Identifier: MIT
//
// looks.c - see looks.h.
#include "driver/statistics/looks.h"

#define ONE_LOOK_MOST 12 // with so few rounds there is nothing to be saved by looking

// A first look after fewer rounds finds 5 % too seldom on a virtual machine
// (tests/driver/statistics/test_simulation.c), and no p can then be small enough for the number of
// rows that a whole profile has: of n pairs the smallest one is 2^(1-n).
struct looks looks_make(unsigned rounds)
{
    if (rounds <= ONE_LOOK_MOST)
        return (struct looks){.count = 1, .rounds = {rounds}};
    unsigned first = rounds * 3 / 8;
    unsigned second = rounds * 5 / 8;
    if (first < ONE_LOOK_MOST)
        first = ONE_LOOK_MOST;
    if (second < first)
        second = first;
    return (struct looks){.count = LOOKS_MAXIMUM, .rounds = {first, second, rounds}};
}

unsigned looks_next(unsigned rounds)
{
    return rounds + (rounds < 16 ? 1 : rounds / 8);
}

// SPDX-License-Identifier: MIT
//
// mix.h - the hash of the project: the finalizer of SplitMix64. One bit changed in
// the input changes each bit of the output with probability near one half.
// Source: G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number
// generators", OOPSLA 2014, with the constants of D. Stafford's variant 13.
#ifndef QUARTET_LIB_MIX_H
#define QUARTET_LIB_MIX_H

#include <stdint.h>

static inline uint64_t mix(uint64_t value)
{
    value += UINT64_C(0x9e3779b97f4a7c15);
    value = (value ^ (value >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    value = (value ^ (value >> 27)) * UINT64_C(0x94d049bb133111eb);
    return value ^ (value >> 31);
}

// Folds `value` into a running digest; the order of the values matters.
static inline uint64_t mix_into(uint64_t digest, uint64_t value)
{
    return mix(digest ^ mix(value));
}

#endif

// SPDX-License-Identifier: MIT
//
// looks.h - after how many rounds one looks whether all is decided. Few looks: each one
// is another chance to be fooled.
#ifndef QUARTET_DRIVER_STATISTICS_LOOKS_H
#define QUARTET_DRIVER_STATISTICS_LOOKS_H

#include <stddef.h>

#define LOOKS_MAXIMUM 3

struct looks {
    size_t count;
    unsigned rounds[LOOKS_MAXIMUM]; // how many there are at each look
};

// The look that follows one after `rounds` rounds of a stream (anytime.h), where looks cost
// nothing but the time to look: after an eighth more.
unsigned looks_next(unsigned rounds);

// The looks at `rounds` rounds: after three eighths, five eighths and all of them, but none
// before the twelfth; of a dozen or fewer at the end alone.
struct looks looks_make(unsigned rounds);

#endif

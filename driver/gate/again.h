// SPDX-License-Identifier: MIT
//
// again.h - the verdict of a stored gate, found again. What a file says of itself proves
// nothing: where both builds are in it, every comparison is made anew from the samples and
// the counts; answers, missing rows and the verdict are so in any case. What stays as it
// stands there is what only the session has seen: the second count of a counter, and, with
// a stored report as the base, comparisons with that.
//
// Read next: judge.h, conclude.h.
#ifndef QUARTET_DRIVER_GATE_AGAIN_H
#define QUARTET_DRIVER_GATE_AGAIN_H

#include "driver/report/model.h"
#include "lib/error.h"

// Replaces what `gate` of an analysed report concludes; nothing to do where it has none. 0
// or -ENOMEM with the reason. A verdict that was another one is told on stderr.
int gate_again(struct report *report, struct reason *reason);

#endif

// SPDX-License-Identifier: MIT
//
// interrupt.h - the user's wish to stop: SIGINT, SIGTERM and SIGHUP. The driver has no
// signal handlers. It blocks these signals and asks for them where it can act on the
// answer, so nothing ever happens "at any time".
#ifndef QUARTET_DRIVER_SYSTEM_INTERRUPT_H
#define QUARTET_DRIVER_SYSTEM_INTERRUPT_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

// The signals that mean the wish: those of the three that were not ignored when the
// driver was started (nohup, or a background job of a script, ignores some).
void interrupt_signals(sigset_t *set);

// From here on they stay pending until somebody asks.
void interrupt_hold(void);

// Waits at most this long (0: only looks) for one of `set`, which is blocked. Returns
// its number, or 0. A signal of interrupt_signals() is remembered as the wish.
int interrupt_await(const sigset_t *set, uint64_t timeout_ns);

// Is there the wish to stop? Waits at most this long (0: only looks) for it. Once true,
// it is true for ever.
bool interrupt_wanted(uint64_t timeout_ns);

#endif

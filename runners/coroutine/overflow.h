// SPDX-License-Identifier: MIT
//
// overflow.h - a stack that grows into its guard page ends the program with one clear
// message, exit code 1 and a record of the run, where the kernel alone would say
// "Segmentation fault".
//
// The signal handler cannot run on the stack that is full, so each thread has another
// one for it (sigaltstack). A fault anywhere else keeps its ordinary end: the handler
// puts the former action back and returns, and the instruction faults once more.
#ifndef QUARTET_RUNNERS_COROUTINE_OVERFLOW_H
#define QUARTET_RUNNERS_COROUTINE_OVERFLOW_H

#include "runners/coroutine/stack.h"

#include <signal.h>

// A thread's watch over one arena, in the caller's storage.
struct overflow_watch {
    void *memory;     // the handler's stack
    stack_t previous; // what the thread had before
};

// Receives the message in a signal handler, before the program ends. It
// may end it itself.
typedef void overflow_last_words(const char *message);

// From now on an overflow of this arena in the calling thread is recognised. `last_words`
// may be NULL. 0, or -ENOMEM with the reason.
int overflow_watch(struct overflow_watch *watch, const struct stack_arena *arena,
                   overflow_last_words *last_words, struct reason *reason);

// In the same thread, before the arena is closed.
void overflow_unwatch(struct overflow_watch *watch);

#endif

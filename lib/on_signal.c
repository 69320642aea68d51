// SPDX-License-Identifier: MIT
//
// Handlers with an argument: see on_signal.h.
#include "lib/on_signal.h"

#include "lib/check.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>

enum { SIGNALS = 32 };

// Written before the handler is installed, read by it.
static struct {
    void (*function)(void *argument);
    void *argument;
} calls[SIGNALS];

static void handle(int number)
{
    int saved = errno;
    calls[number].function(calls[number].argument);
    errno = saved;
}

void on_signal(int number, void (*function)(void *argument), void *argument)
{
    CHECK(number > 0 && number < SIGNALS);
    signal(number, SIG_IGN); // nobody calls half of an entry
    calls[number].function = function;
    calls[number].argument = argument;
    struct sigaction action = {.sa_handler = handle, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

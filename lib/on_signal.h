// SPDX-License-Identifier: MIT
//
// on_signal.h - a function for a signal, with an argument, which signal(2) does not have.
// For programs that end in order when they are told to.
#ifndef QUARTET_LIB_ON_SIGNAL_H
#define QUARTET_LIB_ON_SIGNAL_H

// Calls function(argument) in the handler of this signal, from now on and in all children
// that are forked. It may use only what signal-safety(7) allows. System calls that the
// signal has interrupted go on. A later call for the same signal replaces it.
void on_signal(int number, void (*function)(void *argument), void *argument);

#endif

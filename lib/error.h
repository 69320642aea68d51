// SPDX-License-Identifier: MIT
//
// error.h - how a program of this project ends when it cannot go on, and how a
// function explains a failure to a caller that can.
//
// A library function returns -errno and, where a number says too little, fills a
// `struct reason` with one sentence. Only main-level code calls die().
#ifndef QUARTET_LIB_ERROR_H
#define QUARTET_LIB_ERROR_H

// The exit codes of every program of the project.
enum exit_code {
    EXIT_FINE = 0,
    EXIT_WRONG = 1,         // a wrong answer, or a tool that failed
    EXIT_USAGE = 2,         // the command line cannot be understood
    EXIT_REGRESSION = 3,    // a confirmed slow-down
    EXIT_INCONCLUSIVE = 4,  // not enough evidence either way
    EXIT_BASELINE = 5,      // no baseline, or one that does not fit
    EXIT_CANNOT = 77,       // this machine cannot do it (a limit, a missing service)
    EXIT_INTERRUPTED = 130, // stopped by the user
};

// One sentence for a person: what failed, on what, why, and what to try.
struct reason {
    char text[512];
};

// Names the program in front of every message; `name` is borrowed for ever.
void error_set_program(const char *name);

// Prints "program: message" on stderr. Thread-safe.
void warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

// warn(), then exit(code).
_Noreturn void die(enum exit_code code, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// Fills `reason` (may be NULL) and returns `error` unchanged, so that a function
// can end with `return reason_set(reason, -ENOMEM, "...")`. Cuts what is too long.
int reason_set(struct reason *reason, int error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif

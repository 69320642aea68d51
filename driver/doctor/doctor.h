// SPDX-License-Identifier: MIT
//
// doctor.h - what `quartet doctor` looks at. Each check prints one line: what it found
// and, where that is not good, what to do. A check never changes anything.
//
// Read next: limits.c for how a check looks.
#ifndef QUARTET_DRIVER_DOCTOR_DOCTOR_H
#define QUARTET_DRIVER_DOCTOR_DOCTOR_H

#include "lib/error.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

enum finding {
    FINDING_OK,      // as it should be
    FINDING_NOTE,    // works, but know it when you read figures
    FINDING_PROBLEM, // some runs will be refused or meaningless until this is changed
    FINDING_FATAL,   // quartet cannot work at all
    FINDING_COUNT,
};

struct doctor {
    FILE *file; // NULL: problems alone, each as a warning on stderr
    bool colour;
    unsigned counts[FINDING_COUNT];
    json_t *environment; // hardware and limits, as in a report (measure/environment.h)
};

// Prints a finding about `subject`; `remedy` says what to do, or is NULL.
void doctor_say(struct doctor *doctor, enum finding finding, const char *subject,
                const char *remedy, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

// The text of this member of the environment, or `missing`.
const char *doctor_text(const struct doctor *doctor, const char *name,
                        const char *missing);

// Prints the title of a group of checks.
void doctor_title(struct doctor *doctor, const char *title);

// hyperfine, the runners, room on the disk.
void doctor_parts(struct doctor *doctor);

// How many processes, threads, files, connections and mappings there may be.
void doctor_limits(struct doctor *doctor);

// CPUs: how many, whose, how fast, and what clock.
void doctor_cpus(struct doctor *doctor);

// The system calls that runners need, tried once.
void doctor_trials(struct doctor *doctor);

// Times a command that does nothing with hyperfine, and reads the result. 0, or -errno with the
// reason.
int doctor_try_hyperfine(struct reason *reason);

// Other activity on this machine just now.
void doctor_noise(struct doctor *doctor);

// Warns in a line for each problem that a session would meet now, before it begins: what does
// not work here, and, unless noise is accepted, other activity.
void doctor_warn(bool noise_accepted);

#endif

// SPDX-License-Identifier: MIT
//
// program.h - a student's program and all its processes, from the start to the sweep. It is
// looked at through /proc: whether any of its threads could run, what CPU time and memory it
// has used. A thread that waits for its turn on a busy machine is runnable there, so "all of
// it sleeps" means the same under any load, and no verdict hangs on a clock.
//
// Read next: world.h.
#ifndef QUARTET_DRIVER_GRADE_PROGRAM_H
#define QUARTET_DRIVER_GRADE_PROGRAM_H

#include "driver/system/janitor.h"
#include "lib/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROGRAM_PRINTED_MOST   65536                 // bytes of its answer
#define PROGRAM_MEMORY_MOST    (UINT64_C(256) << 20) // bytes, resident, all processes
#define PROGRAM_PROCESSES_MOST 100
#define PROGRAM_COULD_MOST     6

// Why it was ended before its time.
enum program_excess { EXCESS_NOTHING, EXCESS_PRINTED, EXCESS_MEMORY, EXCESS_PROCESSES };

// The findings of one look.
struct program_look {
    bool asleep;                     // no thread of it could run
    unsigned runnable;               // threads that could
    pid_t could[PROGRAM_COULD_MOST]; // the first of these
    unsigned processes;              // that have not ended
    uint64_t cpu_ns;   // used so far; that of children that have ended in ticks
    uint64_t memory;   // bytes
    uint64_t switches; // times that its threads gave up the CPU; only if asked for
};

struct program {
    pid_t pid;
    pid_t spared; // another child of ours
    bool ended;
    int status; // as from waitpid(), once it has ended
    int output; // what it prints comes here; -1: closed
    int error;
    char *printed; // PROGRAM_PRINTED_MOST + 1 bytes, owned
    size_t length;
    char said[256];     // its last line on standard error
    size_t said_length; // of the line that is being read
    enum program_excess excess;
    pid_t known[32]; // processes that were ever seen
    size_t known_count;
};

// Starts the program at `path` with `task` and an end of line as its standard input. The caller
// has called tool_adopt_orphans(). 0, or -errno with the reason.
int program_start(struct program *program, const char *path, char *const *argv,
                  const char *task, const struct janitor *janitor, struct reason *reason);

// Takes what it has printed, and whether it has ended. True: there was something new.
bool program_hear(struct program *program);

// Looks at all its processes; too much memory or too many of them is an excess.
void program_look(struct program *program, bool with_switches, struct program_look *look);

// Kills what is left of it, in any process group, and waits for it. How many were left after
// the program itself had ended.
unsigned program_end(struct program *program);

#endif

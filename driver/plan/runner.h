// SPDX-License-Identifier: MIT
//
// runner.h - which runners there are and what they can do. Nothing about models or
// workloads is written down here: a runner is asked (`--describe`), so that a new
// model or a new workload shows up without an edit of the driver.
//
// Read next: plan.h, which makes tables of the answers.
#ifndef QUARTET_DRIVER_PLAN_RUNNER_H
#define QUARTET_DRIVER_PLAN_RUNNER_H

#include "driver/plan/describe.h"
#include "lib/error.h"

#include <stdbool.h>
#include <stddef.h>

#define RUNNERS_MAXIMUM 32

// How much of a row's work is proved, and by whom.
enum row_kind {
    ROW_LINKED,    // one of our runners, from this build's object files
    ROW_WITNESSED, // of anybody: its exchanges were counted by a back end of ours
    ROW_ANSWERED, // of anybody: all its answers are right, for a seed drawn for the session
    ROW_COMMAND   // any command: the same exit code and the same output each time
};

struct runner {
    char name[32];   // the model, which is also the name of the executable
    char path[4096]; // of the executable
    json_t *prefix;  // words before the path: an interpreter; NULL: none. Owned
    struct description describe; // its answer
    json_t *words;    // given to it in every run, behind all else; NULL: none. Owned
    unsigned links;   // that are taken in turn instead of it (links.h); 0: none
    bool links_apart; // it is compared with itself: the two never take the same link
    bool foreign;     // of somebody else: whatever it says is held against what is known
};

// A program beside the runners that is none, or cannot run here.
struct ignored_program {
    char name[256];
    struct reason reason;
};

struct runner_set {
    char directory[4000];
    size_t count;
    struct runner list[RUNNERS_MAXIMUM]; // sequential first, then the models' own order
    size_t ignored_count;
    size_t ignored_room;
    struct ignored_program *ignored; // owned
};

// Looks in $QUARTET_RUNNERS, else in the folder of this program, else in
// ../libexec/quartet, and asks every runner there. 0; -ENOENT when there is no runner
// in any of these places; -EBADMSG when one gives no sensible answer; with the reason.
int runner_set_find(struct runner_set *set, struct reason *reason);

// The same in a folder that the user names: in it, or in bin, release/bin or
// build/release/bin below it.
int runner_set_find_in(struct runner_set *set, const char *folder, struct reason *reason);

// A program of anybody that keeps to the contract of a runner (docs/own-runner.md).
struct runner_choice {
    const char *path;
    const json_t *prefix; // words before it: ["python3.13"], ["podman", "run", "image"]
    const char *name;     // that it must give itself, or NULL
};

// Adds it under the name that it gives itself. 0; -EINVAL; or 77: it cannot run here; with the
// reason.
int runner_set_add(struct runner_set *set, const struct runner_choice *choice,
                   struct reason *reason);

// Fills in what the program at runner->path says of itself, and whether it is foreign. -EBADMSG:
// it is no runner, since it gives no answer, or another kind of answer; 77: it cannot run here;
// or another -errno; with the reason.
int runner_ask(struct runner *runner, struct reason *reason);

// Notes a program that is left out, with the reason.
void runner_set_ignore(struct runner_set *set, const char *name,
                       const struct reason *why);

void runner_set_free(struct runner_set *set);

// The path of a program that lies beside this one, or where `make install` puts it: in
// ../libexec/quartet. False: in neither.
bool runner_find_beside(const char *name, char *path, size_t size);

// How much is proved of what it does in this workload.
enum row_kind runner_row_kind(const struct runner *runner,
                              const struct described_workload *workload);

// "linked", "witnessed", "answered", "command"
const char *row_kind_name(enum row_kind kind);

// Is the back end of this workload a program that the driver starts (quartet-backend)?
bool workload_has_witness(const char *name);

// The folder of this program, however it was called. False: it is not known.
bool runner_own_folder(char *folder, size_t size);

// The runner of this model, or NULL.
const struct runner *runner_find(const struct runner_set *set, const char *name);

// The workload of this name of a runner, or NULL.
const struct described_workload *runner_workload(const struct runner *runner,
                                                 const char *name);

#endif

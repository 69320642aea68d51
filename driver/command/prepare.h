// SPDX-License-Identifier: MIT
//
// prepare.h - what `quartet run` and `quartet check` do alike before and after they
// measure: find the tools, refuse builds whose times mean nothing, take the lock, begin
// the report; analyse and save it. Main-level code: what cannot go on says why and
// ends the program with the right exit code.
//
// Read next: measure/session.h for what happens in between.
#ifndef QUARTET_DRIVER_COMMAND_PREPARE_H
#define QUARTET_DRIVER_COMMAND_PREPARE_H

#include "driver/command/measure_options.h"
#include "driver/measure/session.h"
#include "lib/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// EXIT_INTERRUPTED for -EINTR, else EXIT_WRONG.
enum exit_code prepare_exit_code(int error);

// Signals and orphans: to be called before any program is started.
void prepare_process(void);

// Fills in hyperfine's version, or ends the program: exit 77.
void prepare_hyperfine(char *version, size_t size);

// Finds the runners of this program.
void prepare_runners(struct runner_set *set);

// Are all runners optimised? Ends the program if not, unless `allow`.
bool prepare_builds(const struct runner_set *set, bool allow);

// The list of models that a gate measures if the user names none: all but the one that
// runs one task after the other. Nobody waits for that.
void prepare_usual_models(const struct runner_set *set, char *list, size_t size);

// Makes the plan (plan.h) of `command`, and names on stderr each workload that was asked for
// and that this build lacks: "SKIP ...". 0, or an exit code after a message.
enum exit_code prepare_plan(const char *command, struct session *session,
                            const struct runner_set *set,
                            const struct plan_choice *choice);

// Copies rounds, seed and noise from the options into the session.
void prepare_session(struct session *session, const struct measure_options *options);

// Takes the lock, which is returned, and starts the janitor.
int prepare_machine(struct session *session, bool wait);

// The end of all that: stops the janitor, gives the lock back, frees plan, report and
// runners.
void prepare_end(struct session *session, struct runner_set *set, int lock);

// Fills in the plan of the session's report. `command` is static, NULL: "run". Takes
// `words` (prepare_argv()) over.
void prepare_report_plan(struct session *session, const char *command,
                         const char *profile, bool optimised, json_t *words);

// ["quartet", command, words...]
json_t *prepare_argv(const char *command, int argc, char **argv);

// Begins the report with nothing measured yet, opens its folder (`output`, may be NULL)
// and saves it: a user who cannot write should know before an hour of measuring. 0 or
// -errno; -EINTR: the user wants to stop, and nothing was written.
int prepare_report(struct session *session, const struct runner_set *set,
                   const char *hyperfine, const char *output, struct reason *reason);

// Analyses and saves the report. 0 or an exit code, after a message; but none when `error`
// has ended the session and was told already: the disk that did not take a block does not
// take the rest either. (-EINTR is no such error; 0: none.)
int prepare_publish(struct session *session, int error);

#endif

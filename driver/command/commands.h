// SPDX-License-Identifier: MIT
//
// commands.h - the sub-commands of `quartet`. Each gets the arguments after its own
// name and returns an exit code (lib/error.h); data goes to stdout, all else to stderr.
//
// All that they have in common stands in one table, commands.c: from it come the
// choice in main.c, `quartet help`, and the completion for shells. The options of a
// command are a table, too, in the command's own file.
//
// Read next: run.c for the main one.
#ifndef QUARTET_DRIVER_COMMAND_COMMANDS_H
#define QUARTET_DRIVER_COMMAND_COMMANDS_H

#include "lib/manual.h"
#include "lib/options.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The words that a command takes beside options; for completion.
enum operand {
    OPERAND_NONE,
    OPERAND_REPORT,       // report.json, or its folder
    OPERAND_REPORTS,      // two of them
    OPERAND_MANY_REPORTS, // as many as there are
    OPERAND_WORKLOAD,     // the name of a workload or model
    OPERAND_TRACED,       // the name of a workload, first
    OPERAND_ROWS,         // two models
    OPERAND_COMMAND,      // the name of a command
    OPERAND_SHELL,        // bash, zsh or fish
    OPERAND_CLAIM,        // the number or name of a claim
    OPERAND_PAGE,         // of the course
    OPERAND_PROGRAM,      // a file
    OPERAND_HISTORY,      // a folder of reports, a branch, or a file
    OPERAND_BASELINE,     // save, list or show; a name of a baseline; a report
};

struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const struct option_spec *specs; // ended by a NULL name
    enum operand operand;
    const struct manual *manual; // what --help prints, and `quartet help --man`
};

// In the order in which they are listed.
extern const struct command commands[];
extern const size_t command_count;

// The command of this name, or NULL.
const struct command *command_find(const char *name);

// Ends the program with EXIT_USAGE: there is no such command; names those that there are.
// `before` begins the message: "help: ", or "".
_Noreturn void command_unknown(const char *before, const char *name);

// The words that follow the name of a command.
struct command_line {
    int argc;
    char **argv;
    const char **operands; // room for what is no option; NULL: there may be none
    int room;
};

// Reads the options of a command into `values`, which its specs describe, and at most
// line->room operands; returns how many there were. "-o", the only short option, is "--output".
// Ends the program with EXIT_USAGE if they cannot be understood, and after the help if *help is
// set by them.
int command_parse(const char *name, void *values, const bool *help,
                  const struct command_line *line);

// "run, report, ... or help": for messages. Cut to size.
void command_names(char *text, size_t size);

// Values of --rank, and the name that a report has for one; NULL for the first of them.
#define RANK_CHOICES "auto|wall|run"
const char *command_rank(uint64_t choice);

// Runs the models against each other and writes a report.
int command_run(int argc, char **argv);
extern const struct option_spec run_specs[];

// Times commands of anybody against each other.
int command_time(int argc, char **argv);
extern const struct option_spec time_specs[];

// Prints a stored report again, in another form.
int command_report(int argc, char **argv);
extern const struct option_spec report_specs[];

// Compares two stored reports.
int command_compare(int argc, char **argv);
extern const struct option_spec compare_specs[];

// Puts reports of several machines side by side.
int command_merge(int argc, char **argv);
extern const struct option_spec merge_specs[];

// Shows stored reports over commits, and where a level changed.
int command_history(int argc, char **argv);
extern const struct option_spec history_specs[];

// Tells whether this build is slower than another one: the gate for CI.
int command_check(int argc, char **argv);
extern const struct option_spec check_specs[];

// Keeps reports for later checks.
int command_baseline(int argc, char **argv);
extern const struct option_spec baseline_specs[];

// Finds out how small an effect this machine can show.
int command_calibrate(int argc, char **argv);
extern const struct option_spec calibrate_specs[];

// Counts what each model asks of the machine: system calls, instructions, memory.
int command_counters(int argc, char **argv);
extern const struct option_spec counters_specs[];

// Tells why one row takes more CPU time than another one, part by part.
int command_explain(int argc, char **argv);
extern const struct option_spec explain_specs[];

// Draws who ran when, in a traced run of each model.
int command_trace(int argc, char **argv);
extern const struct option_spec trace_specs[];

// Prints what a run of any program must leave for these parameters.
int command_expect(int argc, char **argv);
extern const struct option_spec expect_specs[];

// Tells whether a program of somebody else keeps to the contract and does the work.
int command_validate(int argc, char **argv);
extern const struct option_spec validate_specs[];

// Puts statements of textbooks to the test on this machine.
int command_claims(int argc, char **argv);
extern const struct option_spec claims_specs[];

// Says what a run will take in each model, from prices measured on this machine.
int command_predict(int argc, char **argv);
extern const struct option_spec predict_specs[];

// Asks for a prediction, measures, and says how far it was off.
int command_lesson(int argc, char **argv);
extern const struct option_spec lesson_specs[];

// Judges a student's program by what a witness sees of it.
int command_grade(int argc, char **argv);
extern const struct option_spec grade_specs[];

// Prints a stored report in the format of another tool.
int command_export(int argc, char **argv);
extern const struct option_spec export_specs[];

// Shows that the gate can fail: feeds it builds with known faults.
int command_selftest(int argc, char **argv);
extern const struct option_spec selftest_specs[];

// Lists workloads, models and their options.
int command_list(int argc, char **argv);
extern const struct option_spec list_specs[];

// Says what of this machine limits or disturbs a measurement, and what to do.
int command_doctor(int argc, char **argv);

// Prints what makes a shell complete the words of a command line.
int command_completion(int argc, char **argv);
extern const struct option_spec completion_specs[];

// Prints what may stand at the cursor of a command line; for shells alone, as __complete.
int command_complete(int argc, char **argv);

// Explains a command, or all of them.
int command_help(int argc, char **argv);
extern const struct option_spec help_specs[];

// The texts in which commands describe themselves: manuals.c.
extern const struct manual quartet_manual, run_manual, time_manual, report_manual,
    compare_manual, merge_manual, history_manual, check_manual, baseline_manual,
    calibrate_manual, selftest_manual, counters_manual, claims_manual, predict_manual,
    lesson_manual, grade_manual, trace_manual, explain_manual, export_manual, list_manual,
    expect_manual, validate_manual, doctor_manual, completion_manual, help_manual;

#endif

// SPDX-License-Identifier: MIT
//
// commands.h - the sub-commands of `quartet`. Each gets the arguments after its own
// name and returns an exit code (lib/error.h); data goes to stdout, all else to stderr.
//
// Read next: main.c for the table of them, command_run.c for the main one.
#ifndef QUARTET_DRIVER_COMMANDS_H
#define QUARTET_DRIVER_COMMANDS_H

// Runs the models against each other and writes a report.
int command_run(int argc, char **argv);

// Prints a stored report again, in another form.
int command_report(int argc, char **argv);

// Compares two stored reports.
int command_compare(int argc, char **argv);

// Tells whether this build is slower than another one: the gate for CI.
int command_check(int argc, char **argv);

// Counts what each model asks of the machine: system calls, instructions, memory.
int command_count(int argc, char **argv);

// Prints a stored report in the format of another tool.
int command_export(int argc, char **argv);

// Shows that the gate can fail: feeds it builds with known faults.
int command_selftest(int argc, char **argv);

// Lists workloads, models and their options.
int command_list(int argc, char **argv);

// Says what of this machine limits or disturbs a measurement, and what to do.
int command_doctor(int argc, char **argv);

// Explains a command, or all of them.
int command_help(int argc, char **argv);

#endif

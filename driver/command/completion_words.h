// SPDX-License-Identifier: MIT
//
// completion_words.h - completion of command lines for three shells, written from the table of
// commands (commands.h) and the tables of their options: what --help knows, completion
// knows, and nothing is typed twice. What only this machine knows (workloads, models,
// baselines) the scripts ask for when it is needed: `quartet completion --words models`.
//
// Read next: completion_bash.c, the plainest of the three.
#ifndef QUARTET_DRIVER_COMMAND_COMPLETION_WORDS_H
#define QUARTET_DRIVER_COMMAND_COMPLETION_WORDS_H

#include "lib/options.h"

#include <stdbool.h>
#include <stdio.h>

// What the value of an option may be.
enum completion_kind {
    COMPLETION_FLAG,    // there is none
    COMPLETION_CHOICE,  // one of the words of the option
    COMPLETION_WORDS,   // words that are to be asked for, separated by commas
    COMPLETION_BASE,    // a file, or the name of a baseline
    COMPLETION_FILE,    // a file or folder
    COMPLETION_NOTHING, // a number, or something that nobody can guess
};

enum completion_kind completion_kind_of(const struct option_spec *spec);

// Is -o short for this one? (measure_options.h)
bool completion_is_output(const struct option_spec *spec);

// Prints the choices of an option with blanks between them.
void completion_print_choices(FILE *file, const struct option_spec *spec);

// Prints a text, with a backslash before each character that is in `special`.
void completion_print_escaped(FILE *file, const char *text, const char *special);

// Prints the script of a shell.
void completion_bash(FILE *file);
void completion_zsh(FILE *file);
void completion_fish(FILE *file);

#endif

// SPDX-License-Identifier: MIT
//
// manual.h - what a program says of itself: one text, printed for `--help` and as a man
// page (roff with the man macros; groff_man(7)). The options come from the same tables that
// the parser reads, so that none is missing in either.
#ifndef QUARTET_LIB_MANUAL_H
#define QUARTET_LIB_MANUAL_H

#include "lib/options.h"

#include <stdio.h>

struct manual_exit {
    int code;
    const char *meaning; // NULL ends a list
};

struct manual_example {
    const char *command; // NULL ends a list
    const char *meaning;
};

// Options of one group under headings of their own. A title that stands already is not
// repeated, so that commands with some of the rows can share a list.
struct manual_section {
    const char *first; // name of the option that stands first in it; NULL ends a list
    const char *title;
};

struct manual {
    const char *name;    // "quartet check"
    const char *summary; // a line without a full stop: "tell whether ..."
    const char *usage;   // one call a line, without the word "usage"
    // Paragraphs, a blank line between them, at most 88 columns. A line that begins with two
    // blanks stays as it is.
    const char *text;
    const struct manual_section *sections; // NULL: a group has its own title alone
    const struct manual_exit *exits;
    const struct manual_example *examples;
    const char *environment; // as `text`; NULL: none of its own
};

// Prints the help: usage, text, options, exit codes, examples. `groups` end with NULL specs.
void manual_print(FILE *file, const struct manual *manual,
                  const struct option_group *groups);

// Prints the man page of section 1; `version` stands at its foot.
void manual_print_page(FILE *file, const struct manual *manual,
                       const struct option_group *groups, const char *version);

#endif

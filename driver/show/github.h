// SPDX-License-Identifier: MIT
//
// github.h - what GitHub Actions tells the programs of a step, and the files that it takes
// words of theirs from: $GITHUB_OUTPUT, $GITHUB_STEP_SUMMARY.
#ifndef QUARTET_DRIVER_SHOW_GITHUB_H
#define QUARTET_DRIVER_SHOW_GITHUB_H

#include <stdbool.h>
#include <stdio.h>

// Is this a step of GitHub Actions?
bool github_is_here(void);

// Prints "::error title=TITLE::TEXT", escaped as GitHub wants it: one line, whatever the
// text holds. Level: "error" or "warning".
void github_annotate(const char *level, const char *title, const char *text);

// Appends what `write` prints to the file that this variable names; without one, nothing.
// A file that cannot be written gets a warning.
void github_append(const char *variable, void (*write)(FILE *file, const void *content),
                   const void *content);

#endif

// SPDX-License-Identifier: MIT
//
// telling.h - of all that a program has printed before it failed, the line that says why. That
// is hardly ever the last one ("For more information try --help", "the remote end hung up
// unexpectedly"): the first line that speaks of a failure is the cause, those behind it are its
// consequences.
#ifndef QUARTET_DRIVER_SYSTEM_TELLING_H
#define QUARTET_DRIVER_SYSTEM_TELLING_H

#include <stddef.h>
#include <stdio.h>

// Reads the file to its end: the first line that speaks of a failure, else the last one that
// says something. Where there is none, "it said nothing".
void telling_line(FILE *file, char *line, size_t size);

// The same for text that is there already.
void telling_line_in(const char *text, char *line, size_t size);

// The same for the file at this path; and where that is empty since its disk is full, so.
void telling_line_of(const char *path, char *line, size_t size);

#endif

// SPDX-License-Identifier: MIT
//
// notes.h - lines of text in the making, for the files that write the sentences around a table.
#ifndef QUARTET_DRIVER_SHOW_NOTES_H
#define QUARTET_DRIVER_SHOW_NOTES_H

#include <jansson.h>

#define NOTES_LINE 1000 // bytes of a line in the making

// Appends a formatted line; what is out of memory or out of UTF-8 never ends a report.
__attribute__((format(printf, 2, 3))) void notes_add(json_t *lines, const char *format,
                                                     ...);

// Appends to a line in the making, char[NOTES_LINE], cut to its size.
__attribute__((format(printf, 2, 3))) void notes_extend(char *line, const char *format,
                                                        ...);

#endif

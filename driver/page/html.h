// SPDX-License-Identifier: MIT
//
// html.h - text and numbers as HTML and SVG take them. Whatever stands in a report (a name,
// an error of a program) is text here and never markup: what could open a tag is escaped,
// and what could play tricks (control characters, letters that turn the direction of
// writing, half letters) becomes U+FFFD.
//
// Read next: svg.h.
#ifndef QUARTET_DRIVER_PAGE_HTML_H
#define QUARTET_DRIVER_PAGE_HTML_H

#include <stdio.h>

// Prints foreign text, as content of an element or within the quotes of an attribute.
void html_text(FILE *file, const char *text);

// The same of a formatted text, of which 1,999 bytes are printed at most.
__attribute__((format(printf, 2, 3))) void html_format(FILE *file, const char *format,
                                                       ...);

// A cell of a table whose number is read by people and, in full, by programs:
// <td><data value="1.2345678">1.235</data></td>. NAN: an empty mark.
void html_number(FILE *file, double value, const char *shown);

// A cell with text, and one with a text in the first column, which names the row.
void html_cell(FILE *file, const char *text);
void html_row_head(FILE *file, const char *text);

// Opens a table that can be scrolled sideways by pointer and keyboard: caption, heads ended
// by NULL. Rows: "<tr>", cells, "</tr>".
void html_table_open(FILE *file, const char *caption, const char *const heads[]);
void html_table_close(FILE *file);

#endif

// SPDX-License-Identifier: MIT
//
// cite.h - what is put beside a figure that is quoted elsewhere: a line that says where it
// comes from, and a badge for a page. Both are made of the report and of nothing else, so whoever
// has the report can make them again and compare.
#ifndef QUARTET_DRIVER_PAGE_CITE_H
#define QUARTET_DRIVER_PAGE_CITE_H

#include "driver/report/model.h"

#include <stdio.h>

// A line for each table: version, commit, testbed, seed, table, rounds, noise floor, date, and the
// sha256 of report.json.
void cite_provenance(FILE *file, const struct report *report);

// An SVG of one line for the first table: its name, and the best row with how far ahead it is of
// the next one, or that no difference can be told. A table that is not for decisions says so.
void cite_badge(FILE *file, const struct report *report);

#endif

// SPDX-License-Identifier: MIT
//
// journal.h - the blocks that have ended since report.json was saved, one line of JSON
// for each, in a file beside it. To save a report takes the longer the more is in it, to
// add a line does not: so the last block of a long session costs no more than the first.
//
// Both files together are the report of a session that was killed; a reader
// (analysis/report_file.h) sees it as a whole. When the report is saved again, all of the
// journal is in it, and the journal is removed. A session that is killed between the two leaves
// blocks in both: they have a number, and count once.
//
// Read next: results/README.md for what stands in a line; measure/session.c, which decides when
// something is saved.
#ifndef QUARTET_DRIVER_REPORT_JOURNAL_H
#define QUARTET_DRIVER_REPORT_JOURNAL_H

#include "driver/report/model.h"
#include "lib/error.h"

#include <stdint.h>
#include <stdio.h>

#define JOURNAL_SCHEMA "quartet.journal/1"
#define JOURNAL_SUFFIX ".journal" // behind the path of the report

// Adds the last block of `table`, with all its runs. *size is that of the journal, 0: the
// report has just been saved, and there is none. 0, or -errno as json_line_append() says:
// the block is not kept, nor can any other be before the report is saved.
int journal_append(const char *report_path, uint64_t *size, const struct report *report,
                   const struct report_table *table);

// All of it stands in the report now.
void journal_remove(const char *report_path);

// Opens the journal of a report that is to be read; *journal is NULL where there is none.
// To be called before the report is read: a session that still runs may save the report
// in between, whose journal is then only out of date, and has no gap. 0 or -errno.
int journal_open(const char *report_path, FILE **journal, struct reason *reason);

// Adds what is in the journal to the report that was read. Text behind the last end of a
// line was being written when the session was killed, and is left out. 0; or -EBADMSG and
// other -errno: it is no journal of this report, which is then of no use.
int journal_replay(FILE *journal, struct report *report, struct reason *reason);

#endif

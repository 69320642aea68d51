// SPDX-License-Identifier: MIT
//
// results.h - the folder into which a session writes: report.json, report.md,
// report.csv and report.html, each whole or not there at all.
#ifndef QUARTET_DRIVER_REPORT_RESULTS_H
#define QUARTET_DRIVER_REPORT_RESULTS_H

#include "driver/report/model.h"
#include "lib/error.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct results {
    char parent[2048]; // the folder of all results; "" when the user named a folder
    char name[128];    // "20260131T120000Z-1a2b3c4"
    char folder[2200]; // where this session writes
};

// Makes the folder: `named` (may be NULL), else PARENT/<UTC time>-<commit>, where PARENT
// is results/ of the source tree that this program was built in, else ./results. -errno
// with the reason when it cannot be made or not be written to.
int results_open(struct results *results, const char *named, const char *commit,
                 struct reason *reason);

// -EEXIST with the reason where the folder holds a file of this name: a report is hours of
// somebody's machine, and is not written over.
int results_refuse_older(const char *folder, const char *name, struct reason *reason);

// Makes ready the folder of an earlier session that goes on. Removes what a killed one
// has left half written there. Its report is not looked at.
int results_open_again(struct results *results, const char *folder,
                       struct reason *reason);

// The link that results_save() sets to the newest report, whether or not it is there.
void results_latest(char *path, size_t size);

// Saves report.json alone, and removes its journal. When the folder has vanished, makes it
// again and says so.
int results_save_json(const struct results *results, const struct report *report,
                      struct reason *reason);

// Adds the last block of a table to the journal of report.json (journal.h), so that nothing
// that was measured is lost. *size is that of the journal, 0 after report.json was saved.
// 0; or -errno: then all must be saved before any block can be added.
int results_add_block(const struct results *results, uint64_t *size,
                      const struct report *report, const struct report_table *table);

// A report in another form, for people or spreadsheets: a file beside report.json.
struct results_form {
    const char *name; // "report.md"
    void (*write)(FILE *file, const struct report *report);
};

// Saves the report in these forms, ended by {0}, and report.json last: where that is
// complete, the others are there. Lets results/latest point to this folder unless the user
// named it.
int results_save(const struct results *results, const struct report *report,
                 const struct results_form *forms, struct reason *reason);

#endif

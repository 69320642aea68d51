// SPDX-License-Identifier: MIT
//
// merge.h - reports of one plan from several machines, side by side. Times of different machines
// are never put together: each host keeps its rows. What adds up is added up: latencies of a row,
// as histograms, exactly. What is asked of the hosts together is whether the ranking holds on
// each of them.
//
//   merge > host                 a report, analysed; or why it was left out
//         > merge_table > row    for each host the cell, and all its latencies
//                       > pair   who is faster, on each host
//
// The first report that can be read says what the plan is. Another one of another plan, version
// or commit is left out with the reason, and so is one that cannot be read; the others
// stay what they are.
//
// Read next: ranking.c.
#ifndef QUARTET_DRIVER_MERGE_MERGE_H
#define QUARTET_DRIVER_MERGE_MERGE_H

#include "driver/report/model.h"
#include "lib/error.h"
#include "lib/histogram.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define MERGE_HOSTS_MAX 256

struct merge_host {
    const char *file;  // as it was named; borrowed
    char name[64];     // how its column is called
    bool used;         // its report is loaded
    bool whole;        // and complete
    struct reason why; // it was left out, or is incomplete; ""
    struct report report;
};

// One row of one table on all hosts.
struct merge_row {
    const char *label; // borrowed from a report
    const struct report_cell *
        *cells;                // of each host, NULL: the table or row is not there; owned
    struct histogram *latency; // of all hosts; NULL: none; owned
};

// Does one row come before the other?
enum merge_order {
    MERGE_UNKNOWN, // one of them has no figure there
    MERGE_EQUAL,   // no difference can be told
    MERGE_BEFORE,
    MERGE_AFTER,
};

// How that goes over all hosts.
enum merge_holds {
    HOLDS_NOWHERE,    // no host tells a difference
    HOLDS_EVERYWHERE, // all hosts tell the same one
    HOLDS_WHERE_TOLD, // some tell it, and none the opposite
    HOLDS_NOT,        // hosts contradict each other
};

struct merge_pair {
    size_t a; // indexes of rows
    size_t b;
    enum merge_order *order; // of a and b on each host; owned
    enum merge_holds holds;
};

struct merge_table {
    const char *id; // borrowed
    size_t row_count;
    struct merge_row *rows; // owned
    size_t pair_count;
    struct merge_pair *pairs; // owned
};

struct merge {
    size_t host_count;
    struct merge_host *hosts; // owned
    size_t table_count;
    struct merge_table *tables; // owned
};

// Reads the reports; `names` (NULL: made of the files) are as many. Check merge_used() then.
// merge_free() in any case.
void merge_load(struct merge *merge, size_t count, const char *const *files,
                const char *const *names);
void merge_free(struct merge *merge);

// How many hosts are used, and how many of them are whole.
size_t merge_used(const struct merge *merge);
size_t merge_whole(const struct merge *merge);

// Fills in the tables. 0 or -ENOMEM.
int merge_tables(struct merge *merge);

// "everywhere", "where it can be told", "NO", "nowhere told"
const char *merge_holds_name(enum merge_holds holds);

// The answer for a table: the worst of its pairs that is told anywhere.
enum merge_holds merge_table_holds(const struct merge_table *table);

// For people, as text or Markdown, and for programs (schema quartet.merge/1).
void merge_text(FILE *file, const struct merge *merge);
void merge_markdown(FILE *file, const struct merge *merge);
void merge_json(FILE *file, const struct merge *merge);

#endif

// SPDX-License-Identifier: MIT
//
// history.h - what stored reports say over time: a series of values for each row, the places
// where its level changed, and what else changed there.
//
//   history > entry      one stored report: commit, date, machine
//           > series     one row of one table: a value for each entry that has it
//             > change   a place where its level moved
//
// Only values of the same work on machines that are alike (the testbed of a report) are put in
// one series: reports of another machine, or of a table that was made larger, begin another.
//
// Reports of different days are not measured side by side. So a change here is a suspicion
// with a date, and `quartet check` of the two commits gives the answer.
//
// Read next: load.h for where entries come from, statistics/change.h for changes.
#ifndef QUARTET_DRIVER_HISTORY_HISTORY_H
#define QUARTET_DRIVER_HISTORY_HISTORY_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// One stored report, or one entry of another tool's data.
struct history_entry {
    char *file;    // where it was found; owned, as all texts here
    char *commit;  // "": not known
    char *testbed; // fingerprint of the machine; "": not known
    char *utc;     // "2026-01-31T12:00:00Z"; ""
    double time;   // the same in seconds since 1970; NAN
    json_t *environment;
};

struct history_point {
    size_t entry; // index of it
    double value;
};

// Facts that changed together with the level.
struct history_change {
    size_t point; // of the first value behind it
    double p;
    double before; // median of the values since the change before
    double behind; // median of those until the next one
    size_t count_before;
    size_t count_behind;
    json_t
        *environment; // [name, before, behind], as compare_environments() has them; owned
};

struct history_series {
    char *name;    // "primes/one-cpu coroutine"
    char *testbed; // or ""
    char *work;    // what makes its values comparable; not shown
    char *unit;    // "ns", or that of another tool
    size_t count;
    size_t room;
    struct history_point *points; // in the order of entries; owned
    size_t change_count;
    struct history_change *changes; // owned
};

struct history {
    size_t entry_count;
    size_t entry_room;
    struct history_entry *entries; // by date; owned
    size_t series_count;
    size_t series_room;
    struct history_series *series; // owned
    json_t *notes; // what was left out, gaps, commits that are gone; owned
};

// Makes an empty one; and frees it.
void history_init(struct history *history);
void history_free(struct history *history);

// The parts of an entry; texts may be NULL.
struct history_source {
    const char *file;
    const char *commit;
    const char *testbed;
    const char *utc;
    json_t *environment;
};

// Appends an entry, of which all texts are copied; returns its index.
size_t history_add_entry(struct history *history, const struct history_source *source);

// Which series a value belongs to.
struct history_key {
    const char *name;
    const char *testbed;
    const char *work;
    const char *unit;
};

// Appends the value of the last entry to the series of this key, which is made if there is none.
void history_add_value(struct history *history, const struct history_key *key,
                       double value);

// Appends a note.
__attribute__((format(printf, 2, 3))) void history_note(struct history *history,
                                                        const char *format, ...);

// Sorts entries by date, those without one first, and keeps the last `last` of them (0: all).
void history_sort(struct history *history, size_t last);

// Finds the changes of all series, once: those where medians differ by more than `least` (0.02 for
// 2 %), with 5 % of risk that a history without any change shows one, all series together.
// Longer series are cut to their last CHANGE_LONGEST values, with a note.
void history_find_changes(struct history *history, double least, uint64_t seed);

// behind / before of a change, and last / first median of a series; NAN: not known.
double history_change_ratio(const struct history_change *change);
double history_total_ratio(const struct history_series *series);

// "2026-01-31T12:00:00Z" as seconds since 1970; NAN.
double history_seconds(const char *utc);

#endif

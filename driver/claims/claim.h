// SPDX-License-Identifier: MIT
//
// claim.h - a statement of a textbook, and the experiment that puts it to the test: a
// document of schema quartet.claim/1 (results/README.md). One file is one claim; who puts
// a file into the folder has added a claim.
//
//   statement > experiment (a plan, Python, or both) > conditions > verdict > meaning
//
// A condition is a figure with bounds; `confirmed` and `refuted` are lists of them. Texts
// stand in English and in Russian. A claim whose experiment needs work that no runner has
// says so (`missing`), and is never judged.
//
// Read next: rule.h for the verdict, figure.h for where figures come from.
#ifndef QUARTET_DRIVER_CLAIMS_CLAIM_H
#define QUARTET_DRIVER_CLAIMS_CLAIM_H

#include "lib/error.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#define CLAIM_SCHEMA     "quartet.claim/1"
#define CLAIM_CONDITIONS 12 // of one rule
#define CLAIM_LANES      5

enum language { LANGUAGE_ENGLISH, LANGUAGE_RUSSIAN, LANGUAGE_COUNT };

// The same in each language; borrowed from the document.
struct claim_text {
    const char *in[LANGUAGE_COUNT];
};

// A number of each round: of a row of a table, or one that Python has printed.
struct claim_value {
    const char *table;  // id of a table; NULL: see `output`
    const char *row;    // label of its row: "coroutine loops=2"
    const char *metric; // "wall", "cpu", "record.results.lost", ...: see value.h
    bool per_operation; // divided by the operations of the run
    double unit;        // and by this: 1e6 makes ms of ns
    const char *output; // name of a number that the Python program prints, or NULL
};

// A figure and its bounds.
struct claim_condition {
    struct claim_text name;
    struct claim_value of;
    struct claim_value to; // the figure is of / to, round by round; unless `alone`
    bool alone;
    bool exact;   // a count: every round must keep the bounds
    double least; // NAN: no bound
    double most;  // NAN: no bound
};

struct claim_rule {
    bool any;     // one condition suffices; else all must hold
    size_t count; // 0: there is no such rule
    struct claim_condition list[CLAIM_CONDITIONS];
};

struct claim {
    json_t *document; // owned
    char *id;         // the file's name without ".json"; owned
    unsigned number;
    struct claim_text statement;
    struct claim_text meaning;
    struct claim_text missing; // why it cannot be put to the test here; NULLs: it can
    const char *lesson;        // a page of the course
    json_t *plan;              // of the experiment, or NULL; borrowed
    const char *python;        // a program beside the claim, or NULL
    unsigned repeat;           // how often that is run
    bool counters;
    unsigned cpus; // so many are needed
    size_t lane_count;
    const char *lanes[CLAIM_LANES]; // of lanes/python, beside the models
    struct claim_rule confirmed;
    struct claim_rule refuted; // empty: the contrary of `confirmed`
};

struct claims {
    size_t count;
    size_t room;
    struct claim *list; // in the order of their numbers
};

// Reads one file. 0, or -errno with one line that names file and place; claim_free() after
// success.
int claim_load(struct claim *claim, const char *path, struct reason *reason);

// The same of a document in memory, which it takes over, also after an error; `path` is its
// name.
int claim_parse(struct claim *claim, json_t *document, const char *path,
                struct reason *reason);
void claim_free(struct claim *claim);

// Reads each FOLDER/*.json. 0, or -errno with the reason, also where two claims have one
// number or there is none. claims_free() in both cases.
int claims_load(struct claims *claims, const char *folder, struct reason *reason);
void claims_free(struct claims *claims);

// The claim of this number ("5", "05") or id, or NULL.
const struct claim *claims_find(const struct claims *claims, const char *name);

#endif

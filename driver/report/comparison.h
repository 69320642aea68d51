// SPDX-License-Identifier: MIT
//
// comparison.h - one figure of one row in two builds: base, the old one, and head, the
// new one. However the figures came about (side by side in one session, in two stored
// reports, or counted), a comparison looks like this, has this JSON, and an array of them
// is corrected and judged by comparison_judge_all().
//
// Unknown figures are NAN: of a count the interval and p, of a comparison that has not
// been judged p_holm.
//
// Read next: statistics/verdict.h for the rules.
#ifndef QUARTET_DRIVER_REPORT_COMPARISON_H
#define QUARTET_DRIVER_REPORT_COMPARISON_H

#include "driver/report/metric.h"
#include "driver/statistics/statistics.h"
#include "driver/statistics/verdict.h"
#include "lib/error.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

// The origin of the threshold.
enum threshold_source {
    THRESHOLD_USER,
    THRESHOLD_SESSION,
    THRESHOLD_CALIBRATION,
    THRESHOLD_LAYOUT, // nobody knows what the order of linking makes of it
};

struct comparison {
    const char *table; // its id; borrowed, as all texts here, from report or plan
    const char *row;   // label of the row
    const char *model; // of the row; NULL: not known
    enum metric metric;
    size_t n;      // pairs; the runs of the smaller side where they are not paired
    size_t n_base; // runs of each side
    size_t n_head;
    double base;              // median of the figure
    double head;              //
    double ratio;             // head / base
    struct interval interval; // of the ratio
    double p;
    double p_holm; // p, corrected for all comparisons that were judged with it
    double floor;  // how far the figure moves in this session if nothing differs
    double calibrated_floor; // the same of a stored calibration
    double wanted;    // the slow-down that the user wants to be found, 0.05 for 5 %
    double least;     // what nobody can ask to fall below, or 0
    double threshold; // what can be asked for, given the floors and `least`
    enum threshold_source threshold_from;
    double detectable; // the smallest slow-down that would nearly always be found
    bool noisy;        // disturbed so often that nothing may be concluded
    bool decides;      // or does it only explain?
    bool warning;      // slower, though it does not decide
    bool futile;       // the rounds that there may be will hardly decide it
    enum verdict verdict;
    struct reason reason;            // why it is INCONCLUSIVE, or does not decide
    bool looked_twice;               // a second count was asked for
    struct comparison *confirmation; // what it said; owned; NULL: nothing
};

// An array of them that grows; {0} is an empty one.
struct comparisons {
    size_t count;
    size_t room;
    struct comparison *list; // owned
};

// A comparison of which nothing is known yet but what it is of. It decides.
struct comparison comparison_make(const char *table, const char *row, const char *model,
                                  enum metric metric);

// Appends a copy, which takes over what the comparison owns.
void comparisons_add(struct comparisons *all, const struct comparison *comparison);

// The same for all of `others`, which is empty afterwards.
void comparisons_move(struct comparisons *all, struct comparisons *others);
void comparisons_free(struct comparisons *all);

// The comparison of the same table, row and metric as `wanted`, or NULL. Borrowed.
const struct comparison *comparisons_find(const struct comparisons *all,
                                          const struct comparison *wanted);

// Does any of them pass the test? With `table`, the id of one, only its own are looked at.
bool comparisons_any(const struct comparisons *all, const char *table,
                     bool (*test)(const struct comparison *comparison));

// Is it a REGRESSION, or INCONCLUSIVE, and decides? Does it decide? Is it SUSPECT?
bool comparison_is_regression(const struct comparison *comparison);
bool comparison_is_open(const struct comparison *comparison);
bool comparison_decides(const struct comparison *comparison);
bool comparison_is_suspect(const struct comparison *comparison);

// Says of a REGRESSION that does not decide that it only explains.
void comparison_explain(struct comparison *comparison);

// Sets the threshold from what is wanted, both floors and `least`, what made it so, and from
// the interval what it detects. `detectable` stays NAN where there is no interval.
void comparison_set_threshold(struct comparison *comparison);

// Corrects the p of those that decide for being so many (Holm), and so those that do not, and
// sets p_holm, verdict and reason of each. Counts (metric_is_counter) have neither p nor
// interval and must not be among them. `futile`: `most` pairs (0: there is no limit) will
// hardly decide it. 0 or -ENOMEM.
int comparison_judge_all(struct comparisons *all, size_t most);

// Joins two counts: a REGRESSION that decides but was not found in `second` (empty: nobody
// has counted twice) becomes INCONCLUSIVE.
void comparison_confirm_all(struct comparisons *all, const struct comparisons *second);

// The JSON of one, as results/README.md describes it; a new object.
json_t *comparison_json(const struct comparison *comparison);

// A new array.
json_t *comparisons_json(const struct comparisons *all);

// Reads such an array (NULL: none) of a stored report, which may have been edited: what it
// lacks is unknown, an unknown verdict INCONCLUSIVE. Texts are borrowed from `array`;
// comparisons_free() it.
void comparisons_read(struct comparisons *all, const json_t *array);

#endif

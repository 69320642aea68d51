// SPDX-License-Identifier: MIT
//
// calibration.h - a calibration as a type (quartet.calibration/1, results/README.md): what
// `quartet calibrate` has found of the noise of a machine, row by row. The reader and the
// writer are the only ones that know its members.
//
// A calibration owns its JSON: that which was read, and what calibration_keep() was given.
// Structs borrow texts of it, or of the report that they were made from. Numbers that are
// not known are NAN, texts NULL.
//
// Read next: gate/calibrate.h for how it comes to be, gate/calibration.h for where it lies.
#ifndef QUARTET_DRIVER_REPORT_CALIBRATION_H
#define QUARTET_DRIVER_REPORT_CALIBRATION_H

#include "driver/report/metric.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#define CALIBRATION_SCHEMA "quartet.calibration/1"

// One metric or counter of one row, which was measured beside itself.
struct calibration_metric {
    double n;      // pairs; of a counter, counts; NAN: the metric is not known here
    double median; // nanoseconds, or so many
    double ratio;  // of the two sides, with its interval
    double low, high;
    double floor;     // the noise floor, 0.01 for 1 %
    double sessions;  // drawn gates
    double suspected; // of them: SUSPECT or REGRESSION
    double confirmed; // of them: REGRESSION
};

// How far the links of one build (plan/links.h) lie apart in the metric that decides.
struct calibration_layout {
    double links; // that took turns
    double
        floor; // of 100 pairs of links, 95 differ by less; NAN: no more than noise does
    double limit; // a floor below this does not show
};

// The slow-down that a gate finds in 95 of 100 cases, and after how many pairs.
struct calibration_finds {
    double slowdown; // 0.05 for 5 %
    double pairs;
    double duration_ns; // of a gate that measures this row alone
};

struct calibration_cell {
    const char *id; // of table and row: "fetch/unix/coroutine"
    const char *table, *row, *model;
    const char *started_utc;
    const char *reason;  // why it has no metrics
    json_t *command;     // words
    bool measured;       // it ran: it has metrics
    enum metric primary; // that decides; METRIC_UNKNOWN: an older version did not say
    struct calibration_metric metrics[METRIC_UNKNOWN];
    struct calibration_layout layout;
    struct calibration_finds finds;
};

struct calibration {
    json_t *json; // as it was read; NULL: it is new
    json_t *kept; // array of values that live as long as it does
    const char *schema, *testbed, *started_utc;
    double duration_ns;
    double threshold; // of the gates that were drawn
    double rows;      // for which their p were corrected
    json_t *tool, *plan, *environment;
    size_t count, room;
    struct calibration_cell *cells; // owned
};

// A calibration of the JSON, which it takes over; one that is damaged has fewer cells.
struct calibration calibration_read(json_t *json);

// The JSON of all of it; the caller's.
json_t *calibration_write(const struct calibration *calibration);

// Appends a cell of which nothing is known yet; earlier ones may move.
struct calibration_cell *calibration_add(struct calibration *calibration, const char *id);

// The cell of that id, or NULL.
struct calibration_cell *calibration_find(const struct calibration *calibration,
                                          const char *id);

// Takes the value over, which then lives as long as the calibration.
json_t *calibration_keep(struct calibration *calibration, json_t *value);

// Frees what it owns; {0} is allowed.
void calibration_free(struct calibration *calibration);

#endif

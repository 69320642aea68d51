// SPDX-License-Identifier: MIT
//
// calibration.h - the calibration of this machine: where it lies, and what it says of the rows
// of a report. For each cell and metric it has the *noise floor*, the smallest effect that can
// be told from nothing. `quartet calibrate` finds it by measuring each runner beside itself,
// and stores it per testbed (results/README.md describes the file, quartet.calibration/1).
//
// The noise floor. Each round holds every cell twice, in an order drawn by chance, so the two
// runs of a pair could as well have been called the other way round: the logarithm of
// their ratio, d[i], has the same distribution as -d[i]. Many sessions of n pairs are
// therefore drawn from the one that was measured (n pairs with replacement, each with a
// coin for its sign), each gives the estimate e that a comparison would print
// (Hodges-Lehmann, statistics/statistics.h), and the noise floor is the 95th percentile of |e - 1|.
// So of comparisons of a build with itself, one in twenty shows an effect as large as
// the noise floor.
// Sources: the sign-flip null of R. Fisher, "The Design of Experiments", 1935, section
// 21, on resampled pairs: C. Wu, "Jackknife, bootstrap and other resampling methods",
// Annals of Statistics 14 (1986).
//
// Read next: report/calibration.h for the type, calibrate.h for how it comes to be.
#ifndef QUARTET_DRIVER_GATE_CALIBRATION_H
#define QUARTET_DRIVER_GATE_CALIBRATION_H

#include "driver/report/calibration.h"
#include "driver/report/model.h"
#include "driver/system/state.h"
#include "lib/error.h"

#include <stdbool.h>

#define CALIBRATION_DAYS_MOST 90 // older ones are outdated: machines change

// Finds and reads the calibration that is stored for this testbed. 0; -ENOENT: none;
// -ESTALE: there is one, but of another testbed or too old; another -errno: it cannot be
// read, or is damaged. After an error, `calibration` is empty, all floors are unknown,
// and the reason says in one sentence what is the matter. calibration_free() in all
// cases.
int calibration_open(struct calibration *calibration, const char *testbed,
                     struct reason *reason);

// The same for the file at `path`.
int calibration_load(struct calibration *calibration, const char *path,
                     const char *testbed, struct reason *reason);

// The noise floor of one figure of one cell, named by its `id` in the report: 0.01 for 1 %, 0
// where the figure never differed; NAN: unknown, or outdated.
double calibration_floor(const struct calibration *calibration, const char *cell_id,
                         enum metric metric);

// Writes what is known into the cells of these tables (of a report) as `floors`:
// {"wall_ns": 0.004, ...}; cells of which nothing is known, or that were calibrated with
// another command, get none. Returns how many have got it.
size_t calibration_apply(const struct calibration *calibration, struct report *report);

// The noise floor that a cell has got from that, or NAN.
double calibration_applied(const struct report_cell *cell, enum metric metric);

// Writes it to this file. 0, or -errno with the reason.
int calibration_save(const struct calibration *calibration, const char *path,
                     struct reason *reason);

// Stores it for its testbed. Cells that are stored already, are not outdated and have not
// been measured this time stay. Writes the path of the file. 0, or -errno with the reason.
int calibration_store(struct calibration *calibration, char *path, size_t size,
                      struct reason *reason);

#endif

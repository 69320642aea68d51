// SPDX-License-Identifier: MIT
//
// table_figures.h - the figures of a row, one for each column of a table; NAN where there is
// none.
#ifndef QUARTET_DRIVER_SHOW_TABLE_FIGURES_H
#define QUARTET_DRIVER_SHOW_TABLE_FIGURES_H

#include "driver/report/model.h"

double figure_wall(const struct report_cell *cell);
double figure_run(const struct report_cell *cell);
double figure_operation(const struct report_cell *cell);
double figure_cpu(const struct report_cell *cell);
double figure_peer_cpu(const struct report_cell *cell);
double figure_caused_cpu(const struct report_cell *cell);
double figure_memory(const struct report_cell *cell);
double figure_p50(const struct report_cell *cell);
double figure_p99(const struct report_cell *cell);
double figure_none(const struct report_cell *cell);

// All that is not the model: from the start of the program until its workers are made, and
// after their end. An interpreter begins with it.
double figure_start(const struct report_cell *cell);

#endif

// SPDX-License-Identifier: MIT
//
// table_order.h - which rows of a table may be called faster than others. The interval of a
// pair that was chosen because it looked different proves nothing; so p_order of each pair
// is corrected for all pairs of the table and all tables of the report, and what the twins
// of the table show without any difference is no order either.
//
// Read next: statistics/tukey.h.
#ifndef QUARTET_DRIVER_ANALYSIS_TABLE_ORDER_H
#define QUARTET_DRIVER_ANALYSIS_TABLE_ORDER_H

#include "driver/analysis/samples.h"
#include "driver/report/model.h"

// Sets p_order and floor of all pairs of the table, one of `tables`, from the samples of
// each of its cells. Its noise must be known. 0 or -ENOMEM.
int table_order_find(struct report_table *table, const struct samples *samples,
                     size_t tables);

#endif

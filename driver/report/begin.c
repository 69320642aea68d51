// SPDX-License-Identifier: MIT
//
// begin.c - see begin.h.
#include "driver/report/begin.h"

#include "driver/report/read.h"
#include "lib/allocate.h"
#include "lib/check.h"

#include <math.h>

void report_begin(struct report *report, size_t tables)
{
    *report = (struct report){.json = json_object(),
                              .kept = json_array(),
                              .plan = read_plan(NULL),
                              .table_room = tables,
                              .tables = allocate(tables, sizeof *report->tables)};
}

struct report_table *report_add_table(struct report *report, size_t cells)
{
    CHECK(report->table_count < report->table_room);
    struct report_table *table = &report->tables[report->table_count++];
    *table = (struct report_table){.json = report_keep_json(report, json_object()),
                                   .id = "",
                                   .workload = "",
                                   .tasks = (double)NAN,
                                   .concurrency = (double)NAN,
                                   .decided_after = (double)NAN,
                                   .cell_room = cells,
                                   .cells = allocate(cells, sizeof *table->cells)};
    return table;
}

struct report_cell *report_add_cell(struct report *report, struct report_table *table)
{
    CHECK(table->cell_count < table->cell_room);
    struct report_cell *cell = &table->cells[table->cell_count++];
    *cell = (struct report_cell){.json = report_keep_json(report, json_object()),
                                 .id = "",
                                 .label = "",
                                 .model = "",
                                 .status = CELL_SKIPPED,
                                 .warmup = read_sample(NULL)};
    return cell;
}

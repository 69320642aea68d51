// SPDX-License-Identifier: MIT
//
// write_sweeps.c - see write_sweeps.h.
#include "driver/report/write_sweeps.h"

#include "driver/report/model_members.h"
#include "driver/report/tree.h"

// ---- summaries ---------------------------------------------------------------------

static json_t *write_class(const struct report *report, const struct class_summary *own)
{
    json_t *ids = json_array();
    json_t *rows = json_array();
    for (size_t i = 0; i < report->table_count; i++)
        if (report_same_class(&report->tables[i], own->first))
            json_array_append_new(ids, json_string(report->tables[i].id));
    for (size_t i = 0; i < own->row_count; i++)
        json_array_append_new(rows, json_pack("{s:s, s:f}", "label", own->rows[i].label,
                                              "ratio", own->rows[i].ratio));
    return json_pack("{s:s?, s:s?, s:o, s:o}", "kind", own->first->kind, "setting",
                     own->first->setting, "tables", ids, "rows", rows);
}

json_t *write_summaries(const struct report *report)
{
    json_t *summaries = json_array();
    for (size_t i = 0; i < report->class_count; i++)
        json_array_append_new(summaries, write_class(report, &report->classes[i]));
    return summaries;
}

// ---- sweeps ------------------------------------------------------------------------

static json_t *write_point(const struct sweep_point *own)
{
    json_t *json = json_pack("{s:s, s:s?, s:o, s:o}", "table", own->table->id, "cell",
                             own->cell == NULL ? NULL : own->cell->id, "concurrency",
                             tree_whole(own->table->concurrency), "tasks",
                             tree_whole(own->table->tasks));
    members_write(json, &sweep_point_members, own);
    return json;
}

static json_t *write_series(const struct sweep *sweep, const struct sweep_series *own)
{
    json_t *points = json_array();
    for (size_t i = 0; i < sweep->table_count; i++)
        json_array_append_new(points, write_point(&own->points[i]));
    return json_pack("{s:s, s:o}", "label", own->label, "points", points);
}

static json_t *write_sweep(const struct sweep *own)
{
    json_t *ids = json_array();
    json_t *series = json_array();
    for (size_t i = 0; i < own->table_count; i++)
        json_array_append_new(ids, json_string(own->tables[i]->id));
    for (size_t i = 0; i < own->series_count; i++)
        json_array_append_new(series, write_series(own, &own->series[i]));
    return json_pack("{s:s, s:s, s:s?, s:s?, s:o, s:o}", "id", own->id, "workload",
                     own->tables[0]->workload, "setting", own->tables[0]->setting,
                     "operation", own->tables[0]->operation, "tables", ids, "series",
                     series);
}

json_t *write_sweeps(const struct report *report)
{
    json_t *sweeps = json_array();
    for (size_t i = 0; i < report->sweep_count; i++)
        json_array_append_new(sweeps, write_sweep(&report->sweeps[i]));
    return sweeps;
}

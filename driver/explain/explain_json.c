// SPDX-License-Identifier: MIT
//
// An explanation for programs: see results/schemas/explain.schema.json.
#include "driver/explain/view.h"

#include "driver/report/tree.h"
#include "lib/json_file.h"

static json_t *value_json(double ns, const struct interval *interval)
{
    return json_pack("{s:o, s:o, s:o, s:o}", "ns", tree_real(ns), "low",
                     tree_real(interval->low), "high", tree_real(interval->high),
                     "confidence", tree_real(interval->confidence));
}

static json_t *row_json(const struct explained_row *row)
{
    json_t *rounds = json_array();
    for (unsigned i = 0; i < row->rounds; i++)
        json_array_append_new(rounds, tree_real(row->cpu_ns[i]));
    return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "label", row->label,
                     "model", row->model, "operations", tree_real(row->operations),
                     "operations_counted", tree_real(row->counted_operations),
                     "cpu_ns_per_operation", tree_real(explain_cpu_of(row)),
                     "context_switches_per_operation", tree_real(row->switches),
                     "page_faults_per_operation", tree_real(row->faults), "rounds",
                     rounds);
}

static json_t *part_json(const struct part *part)
{
    const struct interval interval = {part->ns - part->half, part->ns + part->half,
                                      part->price.interval.confidence};
    json_t *json = value_json(part->ns, &interval);
    json_object_update_new(json,
                           json_pack("{s:s, s:s, s:o, s:o, s:s, s:o, s:b}", "kind",
                                     part_kind_name(part->kind), "name", part->name, "a",
                                     tree_real(part->a), "b", tree_real(part->b), "price",
                                     part->price_name, "price_ns",
                                     value_json(part->price.ns, &part->price.interval),
                                     "assumed", part->assumed));
    return json;
}

void explain_json(FILE *file, const void *content)
{
    const struct explanation *explanation = content;
    json_t *parts = json_array();
    for (size_t i = 0; i < explanation->count; i++)
        json_array_append_new(parts, part_json(&explanation->parts[i]));
    json_t *json = json_pack(
        "{s:s, s:s, s:s, s:s, s:[o, o], s:o, s:b, s:o, s:o, s:o}", "schema",
        EXPLAIN_SCHEMA, "table", explanation->table, "workload", explanation->workload,
        "operation", explanation->operation, "rows", row_json(&explanation->rows[0]),
        row_json(&explanation->rows[1]), "difference",
        value_json(explanation->difference, &explanation->interval), "told",
        explanation->told, "parts", parts, "unexplained",
        value_json(explanation->unexplained, &explanation->unexplained_interval),
        "prices", prices_json(&explanation->prices));
    json_file_print(file, json);
    json_decref(json);
}

// SPDX-License-Identifier: MIT
//
// export_charts.c - ratios and times for programs that draw or keep them: gnuplot,
// Vega-Lite, github-action-benchmark. See exports.h.
#include "driver/show/exports.h"

#include "driver/report/members.h"
#include "driver/report/tree.h"
#include "lib/json_file.h"
#include "lib/plain.h"

#include <math.h>
#include <string.h>

static const char *title_of(const struct report_table *table)
{
    return table->title != NULL ? table->title : table->id;
}

static const struct report_cell *ranked(const struct report_table *table, size_t place)
{
    return &table->cells[table->ranking[place]];
}

// The best row is 1 by definition.
static struct ratio ratio_of(const struct report_table *table,
                             const struct report_cell *cell)
{
    const struct pair *pair = report_pair_with_best(table, cell);
    return pair != NULL ? pair->ratio
                        : (struct ratio){.estimate = 1, .interval = {1, 1, 0}};
}

// ---- gnuplot -----------------------------------------------------------------------

// Foreign text in quotes that gnuplot does not look into; only the quotes are doubled.
static void print_quoted(FILE *file, const char *text)
{
    char plain[200];
    plain_copy(plain, sizeof plain, text);
    fputc('\'', file);
    for (const char *letter = plain; *letter != '\0'; letter++)
        fputs(*letter == '\'' ? "''" : (char[]){*letter, '\0'}, file);
    fputc('\'', file);
}

// A line: place, ratio, from, to, label. A label has no quotes and no line ends.
static void print_data(FILE *file, const struct report_table *table, size_t number)
{
    fprintf(file, "$table%zu << EOD\n", number);
    for (size_t i = 0; i < table->ranked; i++) {
        struct ratio ratio = ratio_of(table, ranked(table, i));
        bool bounded = !isnan(ratio.interval.low);
        char label[120];
        plain_copy(label, sizeof label, ranked(table, i)->label);
        for (char *letter = label; *letter != '\0'; letter++)
            *letter = strchr("\"\\", *letter) != NULL ? '?' : *letter;
        fprintf(file, "%zu %.9g %.9g %.9g \"%s\"\n", i, ratio.estimate,
                bounded ? ratio.interval.low : ratio.estimate,
                bounded ? ratio.interval.high : ratio.estimate, label);
    }
    fputs("EOD\n", file);
}

void export_gnuplot(FILE *file, const struct report *report)
{
    size_t count = 0;
    for (size_t i = 0; i < report->table_count; i++)
        if (report->tables[i].ranked > 0)
            print_data(file, &report->tables[i], count++);
    fprintf(file,
            "set terminal svg size 800,%zu noenhanced\n"
            "set multiplot layout %zu,1\nset style fill solid\nset grid x\nunset key\n"
            "set xlabel 'times as long as the best row'\n",
            60 + 220 * count, count > 0 ? count : 1);
    count = 0;
    for (size_t i = 0; i < report->table_count; i++) {
        if (report->tables[i].ranked == 0)
            continue;
        fputs("set title ", file);
        print_quoted(file, title_of(&report->tables[i]));
        fprintf(file,
                "\nset yrange [%zu.5:-0.5]\nplot $table%zu using 2:1:3:4:ytic(5) with "
                "xerrorbars pt 7\n",
                report->tables[i].ranked - 1, count++);
    }
    fputs("unset multiplot\n", file);
}

// ---- JSON --------------------------------------------------------------------------

static void print_json(FILE *file, json_t *json)
{
    json_file_print(file, json);
    json_decref(json);
}

// Calls `make` for each ranked row; an array of what it gives.
static json_t *each_row(const struct report *report,
                        json_t *(*make)(const struct report_table *table,
                                        const struct report_cell *cell))
{
    json_t *array = json_array();
    for (size_t i = 0; i < report->table_count; i++)
        for (size_t j = 0; j < report->tables[i].ranked; j++)
            json_array_append_new(array, make(&report->tables[i],
                                              ranked(&report->tables[i], j)));
    return array;
}

struct value {
    const char *table, *row;
    double ratio, low, high, wall_ns, cpu_ns, memory_bytes;
};

#define OF(field) MEMBER(struct value, field, MEMBER_PLAIN)
static const struct member value_list[] = {
    OF(table), OF(row),     OF(ratio),  OF(low),
    OF(high),  OF(wall_ns), OF(cpu_ns), OF(memory_bytes),
};
MEMBERS_OF(value);
#undef OF

static json_t *make_value(const struct report_table *table,
                          const struct report_cell *cell)
{
    struct ratio ratio = ratio_of(table, cell);
    const struct value value = {.table = title_of(table),
                                .row = cell->label,
                                .ratio = ratio.estimate,
                                .low = ratio.interval.low,
                                .high = ratio.interval.high,
                                .wall_ns = cell->statistics.wall_ns.median,
                                .cpu_ns = cell->statistics.cpu_ns,
                                .memory_bytes = cell->statistics.memory_bytes};
    return members_json(&value_members, &value);
}

void export_vega_lite(FILE *file, const struct report *report)
{
    json_t *row = json_pack("{s:s, s:s, s:n, s:n}", "field", "row", "type", "nominal",
                            "sort", "title");
    json_t *rule =
        json_pack("{s:s, s:{s:{s:s, s:s, s:s}, s:{s:s}}}", "mark", "rule", "encoding",
                  "x", "field", "low", "type", "quantitative", "title",
                  "times as long as the best row", "x2", "field", "high");
    json_t *point =
        json_pack("{s:{s:s, s:b}, s:{s:{s:s, s:s}}}", "mark", "type", "point", "filled",
                  1, "encoding", "x", "field", "ratio", "type", "quantitative");
    json_t *inner =
        json_pack("{s:{s:o}, s:[o, o]}", "encoding", "y", row, "layer", rule, point);
    print_json(file,
               json_pack("{s:s, s:{s:o}, s:{s:{s:s, s:s, s:n}}, s:o, s:{s:{s:s, s:s}}}",
                         "$schema", "https://vega.github.io/schema/vega-lite/v5.json",
                         "data", "values", each_row(report, make_value), "facet", "row",
                         "field", "table", "type", "nominal", "title", "spec", inner,
                         "resolve", "scale", "x", "independent", "y", "independent"));
}

static json_t *make_entry(const struct report_table *table,
                          const struct report_cell *cell)
{
    const struct summary *wall = &cell->statistics.wall_ns;
    char range[80] = "";
    if (wall->interval.confidence > 0)
        snprintf(range, sizeof range, "%.0f-%.0f", wall->interval.low,
                 wall->interval.high);
    (void)table;
    return json_pack("{s:o, s:s, s:o, s:s}", "name", tree_string(cell->id), "unit", "ns",
                     "value", tree_real(wall->median), "range", range);
}

void export_github_action(FILE *file, const struct report *report)
{
    print_json(file, each_row(report, make_entry));
}

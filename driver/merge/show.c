// SPDX-License-Identifier: MIT
//
// show.c - hosts side by side, as text, Markdown and JSON: see merge.h.
#include "driver/merge/merge.h"

#include "driver/report/members.h"
#include "driver/report/read.h"
#include "driver/report/tree.h"
#include "driver/show/grid.h"
#include "lib/format.h"
#include "lib/histogram.h"
#include "lib/json_file.h"
#include "lib/plain.h"

#include <math.h>
#include <string.h>

// ---- cells -----------------------------------------------------------------------------

#define CELL 120

static double median_of(const struct report_table *table, const struct report_cell *cell)
{
    const struct cell_statistics *own = &cell->statistics;
    return table->by_run ? own->run_ns.median : own->wall_ns.median;
}

static const struct report_table *table_on(const struct merge_host *host, const char *id)
{
    return host->used ? report_find_table(&host->report, id) : NULL;
}

// "212 ms, 1.034"; "212 ms, ~1.003" where no difference to the best can be told.
static void write_cell(char text[CELL], const struct merge_host *host, const char *id,
                       const struct report_cell *cell)
{
    const struct report_table *table = table_on(host, id);
    char time[40];
    char ratio[40] = "best";
    snprintf(text, CELL, "-");
    if (table == NULL || cell == NULL)
        return;
    if (!cell->ranked) {
        snprintf(text, CELL, "%s", cell_status_name(cell->status));
        return;
    }
    const struct pair *pair = report_pair_with_best(table, cell);
    format_duration(time, sizeof time, median_of(table, cell));
    if (pair != NULL) {
        format_ratio(ratio + 1, sizeof ratio - 1, pair->ratio.estimate);
        ratio[0] = pair_is_equal(pair) == TRUTH_NO ? ' ' : '~';
    }
    snprintf(text, CELL, "%s, %s", time, ratio[0] == ' ' ? ratio + 1 : ratio);
}

// The columns of one table: row, a cell for each host that is used, latencies of all.
struct line {
    char cells[GRID_COLUMNS][CELL];
    size_t count;
};

static void add(struct line *line, const char *text)
{
    if (line->count < GRID_COLUMNS)
        plain_copy(line->cells[line->count++], CELL, text);
}

static bool has_latencies(const struct merge_table *table)
{
    for (size_t i = 0; i < table->row_count; i++)
        if (table->rows[i].latency != NULL)
            return true;
    return false;
}

// Columns of a table of hosts at most: the others are in further tables.
#define HOSTS_BESIDE 8

static struct line make_head(const struct merge *merge, const struct merge_table *table,
                             size_t from, size_t to)
{
    struct line line = {.count = 0};
    add(&line, "row");
    for (size_t i = from; i < to; i++)
        if (merge->hosts[i].used)
            add(&line, merge->hosts[i].name);
    if (has_latencies(table)) {
        add(&line, "operations");
        add(&line, "p50 of all");
        add(&line, "p99 of all");
    }
    return line;
}

static void add_percentile(struct line *line, const struct histogram *latency, double p,
                           uint64_t needed)
{
    char text[40] = "-";
    if (latency != NULL && latency->count >= needed)
        format_duration(text, sizeof text, (double)histogram_percentile(latency, p));
    add(line, text);
}

static struct line make_line(const struct merge *merge, const struct merge_table *table,
                             const struct merge_row *row, size_t from, size_t to)
{
    struct line line = {.count = 0};
    char text[CELL];
    add(&line, row->label);
    for (size_t i = from; i < to; i++)
        if (merge->hosts[i].used) {
            write_cell(text, &merge->hosts[i], table->id, row->cells[i]);
            add(&line, text);
        }
    if (has_latencies(table)) {
        snprintf(text, sizeof text, "%llu",
                 row->latency == NULL ? 0ULL : (unsigned long long)row->latency->count);
        add(&line, text);
        add_percentile(&line, row->latency, 0.5, 1);
        add_percentile(&line, row->latency, 0.99, 1000);
    }
    return line;
}

static void widen(struct grid *grid, const struct line *line)
{
    for (size_t i = 0; i < line->count; i++)
        grid_widen(grid, i, line->cells[i]);
}

static void print_line(const struct grid *grid, const struct line *line)
{
    for (size_t i = 0; i < line->count; i++)
        grid_cell(grid, i, line->cells[i]);
    grid_end(grid);
}

static void print_hosts_of(FILE *file, bool markdown, const struct merge *merge,
                           const struct merge_table *table, size_t from, size_t to)
{
    struct grid grid = {.file = file, .markdown = markdown, .gap = 2};
    struct line head = make_head(merge, table, from, to);
    widen(&grid, &head);
    for (size_t i = 0; i < table->row_count; i++) {
        struct line line = make_line(merge, table, &table->rows[i], from, to);
        widen(&grid, &line);
    }
    print_line(&grid, &head);
    grid_rule(&grid, head.count);
    for (size_t i = 0; i < table->row_count; i++) {
        struct line line = make_line(merge, table, &table->rows[i], from, to);
        print_line(&grid, &line);
    }
}

static void print_table(FILE *file, bool markdown, const struct merge *merge,
                        const struct merge_table *table)
{
    char id[CELL];
    plain_copy(id, sizeof id, table->id);
    fprintf(file, markdown ? "\n## %s\n\n" : "\n%s\n", id);
    for (size_t from = 0; from < merge->host_count; from += HOSTS_BESIDE) {
        size_t to = from + HOSTS_BESIDE < merge->host_count ? from + HOSTS_BESIDE
                                                            : merge->host_count;
        fputs(from > 0 ? "\n" : "", file);
        print_hosts_of(file, markdown, merge, table, from, to);
    }
}

// ---- does it hold? ---------------------------------------------------------------------

static struct line make_answer(const struct merge_table *table)
{
    struct line line = {.count = 0};
    size_t counts[HOLDS_NOT + 1] = {0};
    char text[CELL];
    for (size_t i = 0; i < table->pair_count; i++)
        counts[table->pairs[i].holds]++;
    add(&line, table->id);
    for (enum merge_holds holds = HOLDS_EVERYWHERE; holds <= HOLDS_NOT; holds++) {
        snprintf(text, sizeof text, "%zu", counts[holds]);
        add(&line, text);
    }
    snprintf(text, sizeof text, "%zu", counts[HOLDS_NOWHERE]);
    add(&line, text);
    add(&line, merge_holds_name(merge_table_holds(table)));
    return line;
}

// Which hosts say so.
static void print_hosts(FILE *file, const struct merge *merge,
                        const struct merge_pair *pair, enum merge_order order)
{
    const char *comma = "";
    for (size_t i = 0; i < merge->host_count; i++)
        if (pair->order[i] == order) {
            char name[64];
            plain_copy(name, sizeof name, merge->hosts[i].name);
            fprintf(file, "%s%s", comma, name);
            comma = ", ";
        }
}

static void print_contradictions(FILE *file, bool markdown, const struct merge *merge,
                                 const struct merge_table *table)
{
    for (size_t i = 0; i < table->pair_count; i++) {
        const struct merge_pair *pair = &table->pairs[i];
        char a[CELL];
        char b[CELL];
        char id[CELL];
        if (pair->holds != HOLDS_NOT)
            continue;
        plain_copy(id, sizeof id, table->id);
        plain_copy(a, sizeof a, table->rows[pair->a].label);
        plain_copy(b, sizeof b, table->rows[pair->b].label);
        fprintf(file, "%s%s: %s is faster than %s on ", markdown ? "- " : "", id, a, b);
        print_hosts(file, merge, pair, MERGE_BEFORE);
        fputs(", slower on ", file);
        print_hosts(file, merge, pair, MERGE_AFTER);
        fputc('\n', file);
    }
}

static void print_answers(FILE *file, bool markdown, const struct merge *merge)
{
    struct grid grid = {.file = file, .markdown = markdown, .gap = 2};
    struct line head = {.count = 0};
    static const char *const names[] = {"pairs of rows", "told by all",
                                        "by some",       "contradicted",
                                        "by none",       "the ranking holds"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        add(&head, names[i]);
    widen(&grid, &head);
    for (size_t i = 0; i < merge->table_count; i++) {
        struct line line = make_answer(&merge->tables[i]);
        widen(&grid, &line);
    }
    fprintf(file, markdown ? "\n## %s\n\n" : "\n%s\n",
            "Does the ranking hold on every machine?");
    print_line(&grid, &head);
    grid_rule(&grid, head.count);
    for (size_t i = 0; i < merge->table_count; i++) {
        struct line line = make_answer(&merge->tables[i]);
        print_line(&grid, &line);
    }
    fputc('\n', file);
    for (size_t i = 0; i < merge->table_count; i++)
        print_contradictions(file, markdown, merge, &merge->tables[i]);
}

// ---- all of it -------------------------------------------------------------------------

static void print_host(FILE *file, bool markdown, const struct merge_host *host)
{
    char name[64];
    char why[512];
    char testbed[40];
    const char *own = environment_text(host->report.environment, "testbed");
    plain_copy(name, sizeof name, host->name);
    plain_copy(why, sizeof why, host->why.text);
    plain_copy(testbed, sizeof testbed, own == NULL ? "unknown" : own);
    fputs(markdown ? "- " : "", file);
    if (host->used)
        fprintf(file, "%s: testbed %s, %.20s%s%s\n", name, testbed,
                host->report.started_utc == NULL ? "no date" : host->report.started_utc,
                host->whole ? "" : "; ", host->whole ? "" : why);
    else
        fprintf(file, "left out: %s: %s\n", name, why);
}

static void print(FILE *file, const struct merge *merge, bool markdown)
{
    fprintf(file, markdown ? "# %zu of %zu hosts\n\n" : "%zu of %zu hosts\n",
            merge_used(merge), merge->host_count);
    for (size_t i = 0; i < merge->host_count; i++)
        print_host(file, markdown, &merge->hosts[i]);
    for (size_t i = 0; i < merge->table_count; i++)
        print_table(file, markdown, merge, &merge->tables[i]);
    print_answers(file, markdown, merge);
}

void merge_text(FILE *file, const struct merge *merge)
{
    print(file, merge, false);
}

void merge_markdown(FILE *file, const struct merge *merge)
{
    print(file, merge, true);
}

// ---- JSON ------------------------------------------------------------------------------

static json_t *figure_json(const struct merge_host *host, const char *id,
                           const struct report_cell *cell)
{
    const struct report_table *table = table_on(host, id);
    if (table == NULL || cell == NULL)
        return json_null();
    const struct pair *pair = cell->ranked ? report_pair_with_best(table, cell) : NULL;
    double median = cell->ranked ? median_of(table, cell) : (double)NAN;
    double ratio = !cell->ranked ? (double)NAN : pair != NULL ? pair->ratio.estimate : 1;
    return json_pack("{s:s, s:o, s:o, s:I}", "status", cell_status_name(cell->status),
                     "median_ns", tree_real(median), "ratio_to_best", tree_real(ratio),
                     "operations_timed", (json_int_t)cell->statistics.latency_count);
}

static json_t *rows_json(const struct merge *merge, const struct merge_table *table)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < table->row_count; i++) {
        const struct merge_row *row = &table->rows[i];
        json_t *figures = json_array();
        for (size_t host = 0; host < merge->host_count; host++)
            json_array_append_new(figures, figure_json(&merge->hosts[host], table->id,
                                                       row->cells[host]));
        json_array_append_new(
            rows, json_pack("{s:o, s:o, s:o}", "row", tree_string(row->label), "hosts",
                            figures, "latency_ns", histogram_summary_json(row->latency)));
    }
    return rows;
}

static json_t *pairs_json(const struct merge *merge, const struct merge_table *table)
{
    static const char *const orders[] = {[MERGE_UNKNOWN] = "unknown",
                                         [MERGE_EQUAL] = "equal",
                                         [MERGE_BEFORE] = "faster",
                                         [MERGE_AFTER] = "slower"};
    json_t *pairs = json_array();
    for (size_t i = 0; i < table->pair_count; i++) {
        const struct merge_pair *pair = &table->pairs[i];
        json_t *hosts = json_array();
        for (size_t host = 0; host < merge->host_count; host++)
            json_array_append_new(hosts, json_string(orders[pair->order[host]]));
        json_array_append_new(pairs,
                              json_pack("{s:o, s:o, s:o, s:s}", "row",
                                        tree_string(table->rows[pair->a].label), "other",
                                        tree_string(table->rows[pair->b].label), "hosts",
                                        hosts, "holds", merge_holds_name(pair->holds)));
    }
    return pairs;
}

#define OF(name, field, rules) MEMBER_AS(name, struct merge_host, field, rules)
static const struct member host_list[] = {
    OF("name", name, MEMBER_PLAIN),        OF("file", file, MEMBER_PLAIN),
    OF("used", used, MEMBER_PLAIN),        OF("complete", whole, MEMBER_PLAIN),
    OF("reason", why.text, MEMBER_FILLED),
};
MEMBERS_OF(host);
#undef OF

static json_t *host_json(const struct merge_host *host)
{
    json_t *json = members_json(&host_members, host);
    json_t *more = json_pack("{s:s?, s:s?, s:s?}", "testbed",
                             environment_text(host->report.environment, "testbed"),
                             "started_utc", host->report.started_utc, "sha256",
                             host->used ? host->report.file_sha256 : NULL);
    json_object_update(json, more);
    json_decref(more);
    return json;
}

void merge_json(FILE *file, const struct merge *merge)
{
    json_t *hosts = json_array();
    json_t *tables = json_array();
    for (size_t i = 0; i < merge->host_count; i++)
        json_array_append_new(hosts, host_json(&merge->hosts[i]));
    for (size_t i = 0; i < merge->table_count; i++) {
        const struct merge_table *table = &merge->tables[i];
        json_array_append_new(
            tables,
            json_pack("{s:o, s:o, s:o, s:s}", "id", tree_string(table->id), "rows",
                      rows_json(merge, table), "pairs", pairs_json(merge, table), "holds",
                      merge_holds_name(merge_table_holds(table))));
    }
    json_t *all = json_pack("{s:s, s:o, s:o}", "schema", "quartet.merge/1", "hosts",
                            hosts, "tables", tables);
    json_file_print(file, all);
    json_decref(all);
}

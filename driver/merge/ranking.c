// SPDX-License-Identifier: MIT
//
// ranking.c - rows of all hosts side by side, and whether they come in the same order on each:
// see merge.h. Which of two rows is faster was found on each host by itself, from blocks in
// which both ran (analysis.h); here directions are counted, and no time.
#include "driver/analysis/cell_statistics.h"
#include "driver/merge/merge.h"
#include "lib/allocate.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

// ---- rows ------------------------------------------------------------------------------

static const struct report_table *table_on(const struct merge *merge, size_t host,
                                           const char *id)
{
    return merge->hosts[host].used ? report_find_table(&merge->hosts[host].report, id)
                                   : NULL;
}

static bool has_row(const struct merge_table *table, const char *label)
{
    for (size_t i = 0; i < table->row_count; i++)
        if (strcmp(table->rows[i].label, label) == 0)
            return true;
    return false;
}

static void add_rows(struct merge_table *table, size_t *room,
                     const struct report_table *own)
{
    for (size_t i = 0; i < own->cell_count; i++) {
        if (has_row(table, own->cells[i].label))
            continue;
        table->rows =
            allocate_more(table->rows, table->row_count, room, sizeof *table->rows);
        table->rows[table->row_count++] =
            (struct merge_row){.label = own->cells[i].label};
    }
}

static int add_latencies(struct merge_row *row, const struct report_table *table,
                         const struct report_cell *cell)
{
    struct samples samples;
    if (cell == NULL || !cell->ranked || cell->statistics.latency_count == 0)
        return 0;
    if (row->latency == NULL && (row->latency = histogram_new()) == NULL)
        return -ENOMEM;
    int error = samples_collect(table, &cell->samples, &samples);
    if (error == 0)
        cell_statistics_latencies(&samples, row->latency);
    samples_free(&samples);
    return error;
}

static int fill_row(const struct merge *merge, const struct merge_table *table,
                    struct merge_row *row)
{
    int error = 0;
    row->cells = allocate(merge->host_count, sizeof *row->cells);
    for (size_t host = 0; error == 0 && host < merge->host_count; host++) {
        const struct report_table *own = table_on(merge, host, table->id);
        if (own == NULL)
            continue;
        row->cells[host] = report_find_row(own, row->label);
        error = add_latencies(row, own, row->cells[host]);
    }
    return error;
}

// ---- pairs -----------------------------------------------------------------------------

static enum merge_order order_on(const struct report_table *table, const char *a,
                                 const char *b)
{
    for (size_t i = 0; table != NULL && i < table->pair_count; i++) {
        const struct pair *pair = &table->pairs[i];
        const char *one = table->cells[pair->a].label;
        const char *other = table->cells[pair->b].label;
        bool forward = strcmp(one, a) == 0 && strcmp(other, b) == 0;
        bool backward = strcmp(one, b) == 0 && strcmp(other, a) == 0;
        if (!forward && !backward)
            continue;
        enum truth equal = pair_is_equal(pair);
        if (equal != TRUTH_NO)
            return equal == TRUTH_YES ? MERGE_EQUAL : MERGE_UNKNOWN;
        return (pair->ratio.estimate < 1) == forward ? MERGE_BEFORE : MERGE_AFTER;
    }
    return MERGE_UNKNOWN;
}

// A host that tells nothing contradicts nobody.
static enum merge_holds holds_of(const enum merge_order *order, size_t hosts)
{
    size_t before = 0;
    size_t after = 0;
    size_t equal = 0;
    for (size_t i = 0; i < hosts; i++) {
        before += order[i] == MERGE_BEFORE ? 1 : 0;
        after += order[i] == MERGE_AFTER ? 1 : 0;
        equal += order[i] == MERGE_EQUAL ? 1 : 0;
    }
    if (before > 0 && after > 0)
        return HOLDS_NOT;
    if (before + after == 0)
        return HOLDS_NOWHERE;
    return equal == 0 ? HOLDS_EVERYWHERE : HOLDS_WHERE_TOLD;
}

static void make_pairs(const struct merge *merge, struct merge_table *table)
{
    size_t n = table->row_count;
    table->pairs = allocate(n * n / 2 + 1, sizeof *table->pairs);
    for (size_t a = 0; a < n; a++)
        for (size_t b = a + 1; b < n; b++) {
            struct merge_pair *pair = &table->pairs[table->pair_count++];
            *pair = (struct merge_pair){.a = a,
                                        .b = b,
                                        .order = allocate(merge->host_count,
                                                          sizeof *pair->order)};
            for (size_t host = 0; host < merge->host_count; host++)
                pair->order[host] = order_on(table_on(merge, host, table->id),
                                             table->rows[a].label, table->rows[b].label);
            pair->holds = holds_of(pair->order, merge->host_count);
        }
}

const char *merge_holds_name(enum merge_holds holds)
{
    static const char *const names[] = {[HOLDS_NOWHERE] = "nowhere told",
                                        [HOLDS_EVERYWHERE] = "everywhere",
                                        [HOLDS_WHERE_TOLD] = "where it can be told",
                                        [HOLDS_NOT] = "NO"};
    return names[holds];
}

enum merge_holds merge_table_holds(const struct merge_table *table)
{
    enum merge_holds worst = HOLDS_NOWHERE;
    for (size_t i = 0; i < table->pair_count; i++)
        if (table->pairs[i].holds > worst)
            worst = table->pairs[i].holds;
    return worst;
}

// ---- tables ----------------------------------------------------------------------------

static bool has_table(const struct merge *merge, const char *id)
{
    for (size_t i = 0; i < merge->table_count; i++)
        if (strcmp(merge->tables[i].id, id) == 0)
            return true;
    return false;
}

static int fill_table(const struct merge *merge, struct merge_table *table)
{
    size_t room = 0;
    for (size_t host = 0; host < merge->host_count; host++) {
        const struct report_table *own = table_on(merge, host, table->id);
        if (own != NULL)
            add_rows(table, &room, own);
    }
    int error = 0;
    for (size_t i = 0; error == 0 && i < table->row_count; i++)
        error = fill_row(merge, table, &table->rows[i]);
    make_pairs(merge, table);
    return error;
}

int merge_tables(struct merge *merge)
{
    size_t room = 0;
    for (size_t host = 0; host < merge->host_count; host++) {
        const struct report *report = &merge->hosts[host].report;
        for (size_t i = 0; merge->hosts[host].used && i < report->table_count; i++) {
            if (has_table(merge, report->tables[i].id))
                continue;
            merge->tables = allocate_more(merge->tables, merge->table_count, &room,
                                          sizeof *merge->tables);
            merge->tables[merge->table_count] =
                (struct merge_table){.id = report->tables[i].id};
            merge->table_count++;
        }
    }
    int error = 0;
    for (size_t i = 0; error == 0 && i < merge->table_count; i++)
        error = fill_table(merge, &merge->tables[i]);
    return error;
}

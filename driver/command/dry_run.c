// SPDX-License-Identifier: MIT
//
// dry_run.c - see dry_run.h.
#include "driver/command/dry_run.h"

#include "driver/measure/block.h"
#include "driver/measure/environment.h"
#include "driver/report/read.h"
#include "driver/statistics/looks.h"
#include "lib/format.h"
#include "lib/plain.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

// ---- tables ------------------------------------------------------------------------

// A plan file may hold anything: nothing of it may command the terminal.
static void print_plain(FILE *file, const char *before, const char *text)
{
    char plain[1024];
    plain_copy(plain, sizeof plain, text);
    fprintf(file, "%s%s", before, plain);
}

static void print_cell(FILE *file, const struct report_cell *cell, bool live)
{
    size_t index;
    json_t *word;
    fprintf(file, "  %s:", cell->label);
    if (!live) {
        print_plain(file, " skipped: ", cell->reason);
        fputc('\n', file);
        return;
    }
    json_array_foreach(cell->command, index, word)
        print_plain(file, " ", json_string_value(word));
    fputc('\n', file);
}

static void print_tables(FILE *file, const struct plan *plan)
{
    for (size_t i = 0; i < plan->count; i++) {
        const struct table *table = &plan->list[i];
        print_plain(file, "\ntable ", table->result->id);
        print_plain(file, ": ", table->result->title);
        fputc('\n', file);
        for (size_t j = 0; j < table->count; j++)
            print_cell(file, table->cells[j].result, table->cells[j].live);
    }
}

// ---- the order ---------------------------------------------------------------------

static void print_block(FILE *file, const struct table *table, const uint8_t *order,
                        size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct cell *cell = &table->cells[order[i] & ~BLOCK_TWIN];
        fprintf(file, "%s%s%s", i == 0 ? " " : ", ", cell->result->label,
                (order[i] & BLOCK_TWIN) != 0 ? " (twin)" : "");
    }
    fputc('\n', file);
}

static void print_order(FILE *file, const struct session *session)
{
    const struct plan *plan = &session->plan;
    uint8_t *orders[PLAN_TABLES_MAXIMUM] = {0};
    size_t counts[PLAN_TABLES_MAXIMUM] = {0};
    for (size_t i = 0; i < plan->count; i++)
        orders[i] = session_order(session, &plan->list[i], &counts[i]);
    for (unsigned round = 1; round <= session->rounds; round++)
        for (size_t i = 0; i < plan->count; i++) {
            fprintf(file, "round %u of %u, %s:", round, session->rounds,
                    plan->list[i].result->id);
            print_block(file, &plan->list[i], orders[i] + (round - 1) * counts[i],
                        counts[i]);
        }
    for (size_t i = 0; i < plan->count; i++)
        free(orders[i]);
}

// ---- how long ----------------------------------------------------------------------

static bool is_same_testbed(const struct forecast *forecast, const struct runner_set *set)
{
    if (forecast->report.json == NULL)
        return false;
    json_t *environment = environment_describe(set, "", ".");
    bool same = forecast_same_testbed(forecast, environment_text(environment, "testbed"));
    json_decref(environment);
    return same;
}

static void print_estimate(FILE *file, const struct session *session,
                           const struct forecast *forecast, bool same_testbed)
{
    double sum = 0;
    size_t known = 0;
    const char *started = forecast->report.started_utc;
    const struct plan *plan = &session->plan;
    for (size_t i = 0; i < plan->count; i++) {
        double length = forecast_table_ns(forecast, &plan->list[i], session->rounds);
        sum += isnan(length) ? 0 : length;
        known += isnan(length) ? 0 : 1;
    }
    if (forecast->report.json == NULL || known == 0) {
        fprintf(file,
                "expected duration: unknown: there is no earlier report of these tables "
                "(%s); --time-budget bounds it\n",
                forecast->source);
        return;
    }
    char text[32];
    format_duration(text, sizeof text, sum);
    fprintf(file, "expected duration: about %s for %zu of %zu tables, with the warm-up\n",
            text, known, plan->count);
    fprintf(file,
            "  by what they took in %s (%s%s); blocks that are disturbed are run "
            "again on top\n",
            forecast->source, started == NULL ? "no date" : started,
            same_testbed ? "" : ", ANOTHER MACHINE");
    for (size_t i = 0; known < plan->count && i < plan->count; i++)
        if (isnan(forecast_table_ns(forecast, &plan->list[i], session->rounds)))
            fprintf(file, "  not known of: %s\n", plan->list[i].result->id);
}

static void print_setting(FILE *file, const struct session *session,
                          const struct rounds_setting *setting)
{
    char text[32];
    if (setting->budget_ns > 0) {
        format_duration(text, sizeof text, (double)setting->budget_ns);
        fprintf(file,
                "time budget: %s; how many of the rounds fit is known after the "
                "warm-up\n",
                text);
    }
    struct looks looks = looks_make(session->rounds);
    if (!setting->until_decided || looks.count == 1)
        return;
    fputs("looks: after", file);
    for (size_t i = 0; i < looks.count; i++)
        fprintf(file, "%s %u", i == 0 ? "" : ",", looks.rounds[i]);
    fputs(" rounds; a table in which all is decided is measured no further\n", file);
}

void dry_run_print(FILE *file, const struct session *session,
                   const struct rounds_setting *setting, const struct runner_set *set)
{
    struct forecast forecast;
    fprintf(file,
            "dry run: nothing is measured and nothing is written\n"
            "seed %" PRIu64 ", %u rounds, %zu tables\n",
            session->seed, session->rounds, session->plan.count);
    print_tables(file, &session->plan);
    fputs("\norder (a row that fails in the warm-up leaves it, which moves the others)\n",
          file);
    print_order(file, session);
    fputc('\n', file);
    print_setting(file, session, setting);
    forecast_open(&forecast);
    print_estimate(file, session, &forecast, is_same_testbed(&forecast, set));
    forecast_close(&forecast);
}

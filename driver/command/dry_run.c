// SPDX-License-Identifier: MIT
//
// dry_run.c - see dry_run.h.
#include "driver/command/dry_run.h"

#include "driver/measure/block.h"
#include "driver/measure/environment.h"
#include "driver/report/read.h"
#include "driver/statistics/looks.h"
#include "lib/clock.h"
#include "lib/format.h"
#include "lib/plain.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

// A figure of an old report that makes a session longer than a month makes no sense.
#define LONGEST_NS (30 * 86400.0 * NS_PER_SECOND)

// ---- tables ------------------------------------------------------------------------

// A plan file may hold anything: nothing of it may command the terminal.
static void print_plain(FILE *file, const char *before, const char *text)
{
    char plain[1024];
    plain_copy(plain, sizeof plain, text);
    fprintf(file, "%s%s", before, plain);
}

static void print_plain_line(FILE *file, const char *before, const char *text)
{
    print_plain(file, before, text);
    fputc('\n', file);
}

static void print_cell(FILE *file, const struct report_cell *cell, bool live)
{
    size_t index;
    json_t *word;
    fprintf(file, "  %s:", cell->label);
    if (!live) {
        print_plain_line(file, " skipped: ", cell->reason);
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

// How long the tables take that something is known of, and by what.
struct estimate {
    double sum_ns;
    size_t by_report; // tables
    size_t by_plan;
    bool unknown[PLAN_TABLES_MAXIMUM];
};

static void estimate_find(const struct session *session, const struct forecast *forecast,
                          struct estimate *estimate)
{
    *estimate = (struct estimate){0};
    for (size_t i = 0; i < session->plan.count; i++) {
        const struct table *table = &session->plan.list[i];
        double earlier = forecast_table_ns(forecast, table, session->rounds);
        double usual = forecast_usual_ns(table, session->rounds);
        bool seen = earlier >= 0 && earlier <= LONGEST_NS;
        estimate->unknown[i] = !seen && isnan(usual);
        estimate->by_report += seen ? 1 : 0;
        estimate->by_plan += !seen && !isnan(usual) ? 1 : 0;
        estimate->sum_ns += seen ? earlier : isnan(usual) ? 0 : usual;
    }
}

static void print_estimate(FILE *file, const struct session *session,
                           const struct forecast *forecast, bool same_testbed)
{
    struct estimate own;
    char text[32];
    const char *started = forecast->report.started_utc;
    const struct plan *plan = &session->plan;
    estimate_find(session, forecast, &own);
    if (own.by_report + own.by_plan == 0) {
        fprintf(file,
                "expected duration: unknown: there is no earlier report of these tables "
                "(%s), and their plan has no run_time; --time-budget bounds it\n",
                forecast->source);
        return;
    }
    format_duration(text, sizeof text, own.sum_ns);
    fprintf(file, "expected duration: about %s for %zu of %zu tables, with the warm-up\n",
            text, own.by_report + own.by_plan, plan->count);
    if (own.by_report > 0)
        fprintf(file,
                "  by what they took in %s (%s%s); blocks that are disturbed are run "
                "again on top\n",
                forecast->source, started == NULL ? "no date" : started,
                same_testbed ? "" : ", ANOTHER MACHINE");
    if (own.by_plan > 0)
        fprintf(file,
                "  %s: by the run_time that the plan gives, of its author's machine; a "
                "report of this one would tell more\n",
                own.by_report > 0 ? "the others" : "all of them");
    for (size_t i = 0; i < plan->count; i++)
        if (own.unknown[i])
            print_plain_line(file, "  not known of: ", plan->list[i].result->id);
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

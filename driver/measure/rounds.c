// SPDX-License-Identifier: MIT
//
// rounds.c - see rounds.h.
#include "driver/measure/rounds.h"

#include "driver/analysis/analysis.h"
#include "driver/measure/counters.h"
#include "driver/plan/profile.h"
#include "driver/report/read.h"
#include "driver/statistics/looks.h"
#include "driver/statistics/verdict.h"
#include "lib/clock.h"
#include "lib/format.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define BUDGET_MAXIMUM 1e15 // ns: more than a week

// ---- the time budget ---------------------------------------------------------------

static uint64_t round_ns(const struct session *session)
{
    uint64_t length = 0;
    for (size_t i = 0; i < session->plan.count; i++)
        length += session_block_ns(session, &session->plan.list[i]);
    return length;
}

// The time that each block of the warm-up took beside its runs.
static uint64_t find_overhead(const struct session *session, uint64_t elapsed_ns)
{
    uint64_t runs = 0;
    uint64_t blocks = session->plan.count == 0 ? 1 : session->plan.count;
    for (size_t i = 0; i < session->plan.count; i++)
        for (size_t j = 0; j < session->plan.list[i].count; j++)
            runs += session->plan.list[i].cells[j].length_ns;
    return elapsed_ns > runs ? (elapsed_ns - runs) / blocks : 0;
}

static int refuse_budget(const struct rounds_setting *setting, uint64_t warm_up_ns,
                         uint64_t length_ns, struct reason *reason)
{
    char budget[32];
    char warm_up[32];
    char length[32];
    char needed[32];
    format_duration(budget, sizeof budget, (double)setting->budget_ns);
    format_duration(warm_up, sizeof warm_up, (double)warm_up_ns);
    format_duration(length, sizeof length, (double)length_ns);
    format_duration(needed, sizeof needed, 1.2 * (double)(warm_up_ns + length_ns));
    return reason_set(reason, -ETIME,
                      "--time-budget: not even one round fits into %s: the warm-up took "
                      "%s, and a round takes about %s; give at least %s, or choose fewer "
                      "tables or models",
                      budget, warm_up, length, needed);
}

// Says on stderr, and in `plan.time_budget` of the report, what fits.
static void say_what_fits(struct session *session, const struct rounds_setting *setting,
                          unsigned wanted, double detectable, const char *source)
{
    char budget[32];
    char could[160];
    format_duration(budget, sizeof budget, (double)setting->budget_ns);
    if (detectable >= 0)
        snprintf(could, sizeof could,
                 "differences of about %.1f %% could then be told (as noisy as %.80s)",
                 100 * detectable, source);
    else if (session->rounds < VERDICT_ROUNDS_LEAST)
        snprintf(could, sizeof could,
                 "fewer than %d rounds have no interval of 95 %%: conclude nothing",
                 VERDICT_ROUNDS_LEAST);
    else
        snprintf(could, sizeof could,
                 "which differences could then be told is not known before (no earlier "
                 "report of these tables)");
    progress_remark(&session->progress, "time budget %s: %u of %u rounds fit; %s", budget,
                    session->rounds, wanted, could);
    session->report.plan.budget = (struct report_budget){
        .ns = (double)setting->budget_ns,
        .rounds_wanted = wanted,
        .rounds_fit = session->rounds,
        .detectable = detectable,
        .detectable_from =
            detectable >= 0 ? report_keep_text(&session->report, source) : NULL};
}

static double forecast_here(const struct session *session, char *source, size_t size)
{
    struct forecast forecast;
    double detectable = (double)NAN;
    forecast_open(&forecast);
    const char *started = forecast.report.started_utc;
    snprintf(source, size, "the session of %.40s",
             started == NULL ? "an unknown date" : started);
    if (forecast_same_testbed(&forecast,
                              environment_text(session->report.environment, "testbed")))
        detectable = forecast_detectable(&forecast, &session->plan, session->rounds);
    forecast_close(&forecast);
    return detectable;
}

// Before anything is known of it: what a session needs that is resumed so early.
static void note_budget(struct session *session, const struct rounds_setting *setting)
{
    session->report.plan.budget = (struct report_budget){.ns = (double)setting->budget_ns,
                                                         .rounds_wanted = session->rounds,
                                                         .rounds_fit = (double)NAN,
                                                         .detectable = (double)NAN};
}

struct rounds_setting rounds_setting_of_report(const struct report *report)
{
    struct rounds_setting setting = {0};
    const struct report_plan *plan = &report->plan;
    double budget = plan->budget.ns;
    // Older reports only name the profile that measured so.
    setting.until_decided =
        plan->until_decided == TRUTH_YES ||
        (plan->profile != NULL && strcmp(plan->profile, "rigorous") == 0);
    if (budget > 0 && budget < BUDGET_MAXIMUM && isnan(plan->budget.rounds_fit))
        setting.budget_ns = (uint64_t)budget;
    return setting;
}

// How many rounds are measured, now that one knows how long they take.
static int fit_rounds(struct session *session, const struct rounds_setting *setting,
                      uint64_t warm_up_ns, struct reason *reason)
{
    char source[80];
    unsigned wanted = session->rounds;
    session->overhead_ns = find_overhead(session, warm_up_ns);
    uint64_t length = round_ns(session);
    uint64_t now = clock_now_ns();
    uint64_t left = now < session->deadline_ns ? session->deadline_ns - now : 0;
    if (length > 0 && left / length < wanted)
        session->rounds = (unsigned)(left / length);
    if (session->rounds == 0)
        return refuse_budget(setting, warm_up_ns, length, reason);
    session->report.plan.rounds = session->rounds;
    if (session->rounds < PROFILE_DECISIVE_ROUNDS)
        session->report.plan.for_decisions = false;
    double detectable = forecast_here(session, source, sizeof source);
    say_what_fits(session, setting, wanted, detectable, source);
    return 0;
}

// ---- interim analyses --------------------------------------------------------------

static bool is_decided(const struct pair *pair, size_t analyses)
{
    const struct interval *interval = &pair->ratio.interval;
    if (interval->low >= 1 / (1 + VERDICT_THRESHOLD) &&
        interval->high <= 1 + VERDICT_THRESHOLD)
        return true;
    return pair_is_equal(pair) == TRUTH_NO && pair->p_holm * (double)analyses < VERDICT_P;
}

bool rounds_are_decided(const struct report_table *table, size_t analyses)
{
    if (table->noise.noisy)
        return false; // nothing can be concluded yet
    for (size_t i = 0; i < table->pair_count; i++)
        if (!is_decided(&table->pairs[i], analyses))
            return false;
    return true;
}

// Settles the tables that need no more. False: none is left. A table of which an earlier
// part of this session has measured more was looked at then, and went on.
static bool settle(struct session *session, unsigned rounds, size_t looks)
{
    bool open = false;
    for (size_t i = 0; i < session->plan.count; i++) {
        struct table *table = &session->plan.list[i];
        if (!table->settled && table->before <= rounds &&
            rounds_are_decided(table->result, looks)) {
            table->settled = true;
            table->result->decided_after = rounds;
        }
        open = open || !table->settled;
    }
    return open;
}

// Tables that were settled before the session was interrupted stay so.
static void read_settled(struct session *session)
{
    for (size_t i = 0; i < session->plan.count; i++) {
        struct table *table = &session->plan.list[i];
        table->settled = table->result->decided_after > 0;
    }
}

static int measure_looks(struct session *session, struct reason *reason)
{
    struct looks looks = looks_make(session->rounds);
    struct batch batch = {.number = 1, .seed = session->seed};
    json_t *list = json_array();
    for (size_t i = 0; i < looks.count; i++)
        json_array_append_new(list, json_integer(looks.rounds[i]));
    session->report.plan.looks = report_keep_json(&session->report, list);
    read_settled(session);
    for (size_t i = 0; i < looks.count; i++) {
        batch.first = batch.last + 1;
        batch.last = looks.rounds[i];
        int error = session_rounds(session, &batch, reason);
        if (error == 0)
            error = report_analyse(&session->report, reason);
        if (error != 0)
            return error;
        if (!settle(session, batch.last, looks.count) || session->late > 0)
            break;
    }
    return 0;
}

// ---- the whole ---------------------------------------------------------------------

static int measure_rounds(struct session *session, const struct rounds_setting *setting,
                          struct reason *reason)
{
    struct batch batch = {
        .number = 1, .seed = session->seed, .first = 1, .last = session->rounds};
    return setting->until_decided ? measure_looks(session, reason)
                                  : session_rounds(session, &batch, reason);
}

int rounds_measure(struct session *session, const struct rounds_setting *setting,
                   struct reason *reason)
{
    uint64_t begin = clock_now_ns();
    if (setting->budget_ns > 0) {
        session->deadline_ns = begin + setting->budget_ns;
        note_budget(session, setting);
    }
    int error = session_warm_up(session, reason);
    if (error == 0 && setting->budget_ns > 0)
        error = fit_rounds(session, setting, clock_now_ns() - begin, reason);
    if (error == 0)
        error = measure_rounds(session, setting, reason);
    unsigned left_out;
    if (error == 0 && session->counters)
        error = counters_add(session, false, 0, &left_out, reason);
    session->report.plan.budget.blocks_left_out = session->late;
    session_close(session, error, reason);
    return error;
}

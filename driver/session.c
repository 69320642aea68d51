// SPDX-License-Identifier: MIT
//
// The course of a session: see session.h.
#include "driver/session.h"

#include "driver/block.h"
#include "driver/interrupt.h"
#include "driver/order.h"
#include "driver/tree.h"
#include "lib/clock.h"
#include "lib/mix.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The order of all rounds of one table, as numbers of its cells.
struct schedule {
    size_t count; // cells in a round
    uint8_t *order;
};

static const char *table_id(const struct table *table)
{
    return tree_text(table->json, "id", "");
}

static void set_state(struct session *session, bool complete, const char *why)
{
    json_object_set_new(session->report, "complete", json_boolean(complete));
    json_object_set_new(session->report, "incomplete_reason",
                        why == NULL ? json_null() : json_string(why));
    json_object_set_new(session->report, "duration_ns",
                        json_integer((json_int_t)(clock_now_ns() - session->begin_ns)));
}

static struct block_setting block_setting(struct session *session)
{
    return (struct block_setting){.janitor = &session->janitor,
                                  .begin_ns = session->begin_ns,
                                  .tick = progress_tick,
                                  .context = &session->progress};
}

// ---- warming up --------------------------------------------------------------------

// What the blocks of warm-up still need is not known; of one it is.
static int warm_up(struct session *session, struct reason *reason)
{
    struct block_setting setting = block_setting(session);
    for (size_t i = 0; i < session->plan.count; i++) {
        struct table *table = &session->plan.list[i];
        char what[160];
        snprintf(what, sizeof what, "warm-up of %s", table_id(table));
        progress_begin(&session->progress, what, 0, 0);
        struct reason why;
        int error = interrupt_wanted(0) ? reason_set(&why, -EINTR, "interrupted")
                                        : block_warm_up(&setting, table, &why);
        if (error != 0)
            return reason_set(reason, error, "%s: %s", what, why.text);
        progress_end(&session->progress);
    }
    return 0;
}

// ---- measuring ---------------------------------------------------------------------

// Each table has a sequence of its own, drawn from the seed and its name: it does not
// matter for its order which other tables are measured.
static int make_schedule(const struct session *session, const struct table *table,
                         struct schedule *schedule, struct reason *reason)
{
    uint8_t live[TABLE_CELLS_MAXIMUM];
    schedule->count = 0;
    for (size_t i = 0; i < table->count; i++)
        if (table->cells[i].live)
            live[schedule->count++] = (uint8_t)i;
    size_t places = schedule->count * session->rounds;
    schedule->order = malloc(places + 1);
    if (schedule->order == NULL)
        return reason_set(reason, -ENOMEM, "no memory for the order of the rounds");
    uint64_t seed = session->seed;
    for (const char *text = table_id(table); *text != '\0'; text++)
        seed = mix_into(seed, (unsigned char)*text);
    order_make(seed, schedule->count, session->rounds, schedule->order);
    for (size_t i = 0; i < places; i++)
        schedule->order[i] = live[schedule->order[i]];
    return 0;
}

// What comes after block `round` of table `number`.
static uint64_t left_ns(const struct session *session, unsigned round, size_t number)
{
    uint64_t whole = 0;
    uint64_t rest = 0;
    for (size_t i = 0; i < session->plan.count; i++) {
        uint64_t length = block_length_ns(&session->plan.list[i]);
        whole += length;
        if (i > number)
            rest += length;
    }
    return rest + whole * (session->rounds - round);
}

static int measure_block(struct session *session, unsigned round, size_t number,
                         const struct schedule *schedule, struct reason *reason)
{
    struct table *table = &session->plan.list[number];
    char what[160];
    struct reason why;
    snprintf(what, sizeof what, "round %u of %u, %s", round, session->rounds,
             table_id(table));
    progress_begin(&session->progress, what, block_length_ns(table),
                   left_ns(session, round, number));
    struct block_setting setting = block_setting(session);
    int error = interrupt_wanted(0) ? reason_set(&why, -EINTR, "interrupted") : 0;
    if (error == 0)
        error = block_measure(&setting, table, round,
                              schedule->order + (round - 1) * schedule->count,
                              schedule->count, &why);
    if (error != 0)
        return reason_set(reason, error, "%s: %s", what, why.text);
    set_state(session, false, "the session is still running, or was killed");
    progress_end(&session->progress);
    return results_save_json(&session->results, session->report, reason);
}

static int measure_rounds(struct session *session, struct reason *reason)
{
    struct schedule schedules[PLAN_TABLES_MAXIMUM] = {{0}};
    size_t made = 0;
    int error = 0;
    while (error == 0 && made < session->plan.count) {
        error =
            make_schedule(session, &session->plan.list[made], &schedules[made], reason);
        if (error == 0)
            made++;
    }
    for (unsigned round = 1; error == 0 && round <= session->rounds; round++)
        for (size_t i = 0; error == 0 && i < session->plan.count; i++)
            error = measure_block(session, round, i, &schedules[i], reason);
    for (size_t i = 0; i < made; i++)
        free(schedules[i].order);
    return error;
}

int session_measure(struct session *session, struct reason *reason)
{
    unsigned blocks = (unsigned)session->plan.count * (session->rounds + 1);
    progress_init(&session->progress, blocks);
    int error = warm_up(session, reason);
    if (error == 0)
        error = measure_rounds(session, reason);
    progress_clear(&session->progress);
    set_state(session, error == 0, error == 0 ? NULL : reason->text);
    return error;
}

// ---- the verdict -------------------------------------------------------------------

static bool cell_is_bad(const json_t *cell)
{
    const char *status = tree_text(cell, "status", "");
    bool bad = strcmp(status, "failed") == 0 || strcmp(status, "wrong") == 0;
    if (bad)
        warn("%s: %s: %s", tree_text(cell, "id", ""), status,
             tree_text(cell, "reason", ""));
    return bad;
}

int session_verdict(const struct session *session)
{
    int code = EXIT_FINE;
    for (size_t i = 0; i < session->plan.count; i++) {
        const struct table *table = &session->plan.list[i];
        for (size_t j = 0; j < table->count; j++)
            if (cell_is_bad(table->cells[j].json))
                code = EXIT_WRONG;
        if (json_is_false(tree_at(table->json, "verification.equal_work"))) {
            warn("%s: the models did not do equal work; the report says who differs",
                 table_id(table));
            code = EXIT_WRONG;
        }
    }
    return code;
}

// SPDX-License-Identifier: MIT
//
// gate.c - see gate.h.
#include "driver/gate/gate.h"

#include "driver/gate/conclude.h"
#include "driver/gate/counters.h"
#include "driver/gate/details.h"
#include "driver/gate/judge.h"
#include "driver/gate/primary.h"
#include "driver/measure/block.h"
#include "driver/report/tree.h"
#include "driver/statistics/anytime.h"
#include "driver/statistics/looks.h"
#include "driver/statistics/verdict.h"
#include "lib/clock.h"
#include "lib/format.h"

#include <errno.h>
#include <string.h>

#define FUTILE_FROM 32 // rounds; before, an interval says little of what it will be

// ---- rounds and looks --------------------------------------------------------------

// More rounds may still make something else of it: what is open, and what lacks nothing
// but rounds.
static bool may_change(const struct comparison *own)
{
    return own->decides &&
           (own->verdict == VERDICT_INCONCLUSIVE || own->verdict == VERDICT_SUSPECT);
}

static bool may_soon_change(const struct comparison *own)
{
    return may_change(own) && !own->futile;
}

// Ends tables of which nothing more is to be learnt. false: all have ended.
static bool settle(struct session *session, const struct comparisons *found,
                   unsigned rounds)
{
    bool (*goes_on)(const struct comparison *) =
        rounds < FUTILE_FROM ? may_change : may_soon_change;
    bool any = false;
    for (size_t i = 0; i < session->plan.count; i++) {
        struct table *table = &session->plan.list[i];
        bool open = comparisons_any(found, table->result->id, goes_on);
        table->settled = table->settled || !open;
        any = any || !table->settled;
    }
    return any;
}

static unsigned next_look(const struct session *session, unsigned done)
{
    unsigned next = done < ANYTIME_PAIRS_LEAST ? ANYTIME_PAIRS_LEAST : looks_next(done);
    return next < session->rounds ? next : session->rounds;
}

// Measures look by look. *found (owned by the caller) is what the last one said, of cells that
// are ranked anew.
static int measure_stream(struct session *session, const struct gate *gate,
                          struct comparisons *found, struct reason *reason)
{
    struct batch batch = {.number = 1, .seed = session->seed};
    bool goes_on = true;
    while (goes_on && batch.last < session->rounds && session->late == 0) {
        batch.first = batch.last + 1;
        batch.last = next_look(session, batch.last);
        int error = session_rounds(session, &batch, reason);
        comparisons_free(found);
        int failed =
            gate_judge(&session->report, gate->threshold, session->rounds, found);
        if (error != 0)
            return error;
        if (failed != 0)
            return reason_set(reason, failed, "no memory for the verdicts");
        goes_on = settle(session, found, batch.last);
    }
    return 0;
}

// ---- the whole ---------------------------------------------------------------------

int gate_measure(struct session *session, const struct gate *gate, struct reason *reason)
{
    struct comparisons times = {0};
    struct comparisons counted = {0};
    struct reason refused = {""};
    int error = session_warm_up(session, reason);
    gate_set_deadline(session, gate->budget_ns);
    gate_primary_choose(&session->plan);
    json_t *answers = gate_judge_answers(&session->report);
    bool equal = error == 0 && json_array_size(answers) == 0;
    if (equal && gate_check_budget(session, gate, &refused) == 0) {
        error = gate_counters_measure(session, gate, NULL, &counted, reason);
        if (error == 0)
            error = measure_stream(session, gate, &times, reason);
    }
    if (gate_judge_details(&session->report, gate->threshold, &times) != 0)
        reason_set(reason, error = -ENOMEM, "no memory for tails and phases");
    json_decref(answers);
    const struct findings findings = {.missing = gate_judge_missing(&session->report),
                                      .times = &times,
                                      .counted = &counted,
                                      .refused =
                                          refused.text[0] == '\0' ? NULL : refused.text,
                                      .error = error};
    gate_conclude(&session->report, gate, &findings);
    comparisons_free(&times);
    comparisons_free(&counted);
    session_close(session, error, reason);
    return error;
}

int gate_exit_code(const json_t *report)
{
    return (int)json_integer_value(tree_at(report, "gate.exit_code"));
}

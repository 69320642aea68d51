// SPDX-License-Identifier: MIT
//
// gate.c - see gate.h.
#include "driver/gate/gate.h"

#include "driver/gate/conclude.h"
#include "driver/gate/counters.h"
#include "driver/gate/judge.h"
#include "driver/gate/primary.h"
#include "driver/measure/block.h"
#include "driver/report/gate_entry.h"
#include "driver/report/json.h"
#include "driver/statistics/looks.h"
#include "driver/statistics/stream.h"
#include "driver/statistics/verdict.h"
#include "lib/clock.h"
#include "lib/format.h"

#include <errno.h>
#include <string.h>

#define FUTILE_FROM 32 // rounds; before, an interval says little of what it will be

// ---- rounds and looks --------------------------------------------------------------

// Ranks the cells anew, then judges all rounds so far. NULL: out of memory.
static json_t *judge(struct session *session, const struct gate *gate)
{
    return gate_judge(&session->report, gate->threshold, session->rounds);
}

// More rounds may still make something else of it: what is open, and what lacks nothing
// but rounds.
static bool may_change(const json_t *entry)
{
    return gate_entry_decides(entry) &&
           (gate_entry_is(entry, "INCONCLUSIVE") || gate_entry_is(entry, "SUSPECT"));
}

static bool may_soon_change(const json_t *entry)
{
    return may_change(entry) && !gate_entry_is_futile(entry);
}

// Ends tables of which nothing more is to be learnt. false: all have ended.
static bool settle(struct session *session, const json_t *entries, unsigned rounds)
{
    bool (*goes_on)(const json_t *) = rounds < FUTILE_FROM ? may_change : may_soon_change;
    bool any = false;
    for (size_t i = 0; i < session->plan.count; i++) {
        struct table *table = &session->plan.list[i];
        bool open = gate_entry_any(entries, table->result->id, goes_on);
        table->settled = table->settled || !open;
        any = any || !table->settled;
    }
    return any;
}

static unsigned next_look(const struct session *session, unsigned done)
{
    unsigned next = done < STREAM_PAIRS_LEAST ? STREAM_PAIRS_LEAST : looks_next(done);
    return next < session->rounds ? next : session->rounds;
}

// Measures look by look. *entries (owned by the caller) is what the last one said.
static int measure_stream(struct session *session, const struct gate *gate,
                          json_t **entries, struct reason *reason)
{
    struct batch batch = {.number = 1, .seed = session->seed};
    bool goes_on = true;
    while (goes_on && batch.last < session->rounds && session->late == 0) {
        batch.first = batch.last + 1;
        batch.last = next_look(session, batch.last);
        int error = session_rounds(session, &batch, reason);
        json_decref(*entries);
        *entries = judge(session, gate);
        if (error != 0)
            return error;
        if (*entries == NULL)
            return reason_set(reason, -ENOMEM, "no memory for the verdicts");
        goes_on = settle(session, *entries, batch.last);
    }
    return 0;
}

// ---- the whole ---------------------------------------------------------------------

int gate_measure(struct session *session, const struct gate *gate, struct reason *reason)
{
    json_t *entries = NULL;
    json_t *counted = NULL;
    struct reason refused = {""};
    int error = session_warm_up(session, reason);
    gate_set_deadline(session, gate->budget_ns);
    gate_primary_choose(&session->plan);
    json_t *answers = gate_judge_answers(&session->report);
    bool equal = error == 0 && json_array_size(answers) == 0;
    if (equal && gate_check_budget(session, gate, &refused) == 0) {
        error = gate_counters_measure(session, gate, NULL, &counted, reason);
        if (error == 0)
            error = measure_stream(session, gate, &entries, reason);
    }
    json_decref(answers);
    const struct findings findings = {.missing = gate_judge_missing(&session->report),
                                      .entries = entries,
                                      .counted = counted,
                                      .refused =
                                          refused.text[0] == '\0' ? NULL : refused.text,
                                      .error = error};
    gate_conclude(&session->report, gate, &findings);
    json_decref(counted);
    session_close(session, error, reason);
    return error;
}

int gate_exit_code(const json_t *report)
{
    return (int)json_integer_value(tree_at(report, "gate.exit_code"));
}

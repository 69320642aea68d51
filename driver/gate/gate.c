// SPDX-License-Identifier: MIT
//
// gate.c - see gate.h.
#include "driver/gate/gate.h"

#include "driver/gate/conclude.h"
#include "driver/gate/counters.h"
#include "driver/gate/judge.h"
#include "driver/measure/block.h"
#include "driver/report/json.h"
#include "driver/report/verification.h"
#include "driver/statistics/looks.h"
#include "lib/clock.h"
#include "lib/mix.h"

#include <errno.h>
#include <string.h>

// ---- time --------------------------------------------------------------------------

static uint64_t round_ns(const struct session *session)
{
    uint64_t length = 0;
    for (size_t i = 0; i < session->plan.count; i++)
        if (!session->plan.list[i].settled)
            length += block_length_ns(&session->plan.list[i]);
    return length;
}

unsigned gate_affordable(const struct session *session, uint64_t budget_ns)
{
    uint64_t elapsed = clock_now_ns() - session->begin_ns;
    uint64_t length = round_ns(session);
    if (budget_ns == 0 || length == 0)
        return UINT32_MAX;
    if (elapsed >= budget_ns)
        return 0;
    uint64_t count = (budget_ns - elapsed) / length;
    return count > UINT32_MAX ? UINT32_MAX : (unsigned)count;
}

void gate_set_deadline(struct session *session, uint64_t budget_ns)
{
    session->deadline_ns = budget_ns == 0 ? 0 : session->begin_ns + budget_ns;
}

// ---- verdicts ----------------------------------------------------------------------

// Ranks the cells anew, then judges this batch. NULL: out of memory.
static json_t *judge(struct session *session, const struct gate *gate, unsigned batch,
                     const json_t *suspects)
{
    for (size_t i = 0; i < session->plan.count; i++)
        if (verification_add(session->plan.list[i].json) != 0)
            return NULL;
    return gate_judge(session->report, batch, gate->threshold, suspects);
}

// Is a comparison by wall time still open? CPU time is looked at, not waited for.
static bool is_open(const json_t *entry)
{
    return gate_judge_is(entry, "INCONCLUSIVE") &&
           strcmp(tree_text(entry, "metric", ""), "wall_ns") == 0;
}

static void settle(struct session *session, const json_t *entries,
                   bool (*goes_on)(const json_t *entry))
{
    for (size_t i = 0; i < session->plan.count; i++) {
        struct table *table = &session->plan.list[i];
        table->settled =
            !gate_judge_any(entries, tree_text(table->json, "id", ""), goes_on);
    }
}

// In the second batch: what is not regression yet may still become one.
static bool not_confirmed_yet(const json_t *entry)
{
    return gate_judge_is(entry, "INCONCLUSIVE");
}

// Measures a batch look by look. *entries (owned by the caller) is what the last one said.
static int measure_batch(struct session *session, const struct gate *gate,
                         struct batch batch, const json_t *suspects, json_t **entries,
                         struct reason *reason)
{
    struct looks looks = looks_make(session->rounds);
    bool (*goes_on)(const json_t *) = suspects == NULL ? is_open : not_confirmed_yet;
    unsigned done = 0;
    for (size_t i = 0; i < looks.count; i++) {
        unsigned more = gate_affordable(session, gate->budget_ns);
        batch.first = done + 1;
        batch.last = looks.rounds[i];
        if (more < batch.last - done)
            batch.last = done + more;
        int error = batch.last > done ? session_rounds(session, &batch, reason) : 0;
        done = batch.last;
        json_decref(*entries);
        *entries = judge(session, gate, batch.number, suspects);
        if (error != 0)
            return error;
        if (*entries == NULL)
            return reason_set(reason, -ENOMEM, "no memory for the verdicts");
        settle(session, *entries, goes_on);
        if (done < looks.rounds[i] || session->late > 0 ||
            !gate_judge_any(*entries, NULL, goes_on))
            break;
    }
    return 0;
}

static int confirm_suspects(struct session *session, const struct gate *gate,
                            json_t *entries, struct reason *reason)
{
    json_t *second = NULL;
    settle(session, entries, gate_conclude_is_regression);
    struct batch batch = {.number = 2, .seed = mix_into(session->seed, 2)};
    int error = measure_batch(session, gate, batch, entries, &second, reason);
    gate_conclude_confirm(entries, second);
    json_decref(second);
    return error;
}

// ---- the whole ---------------------------------------------------------------------

int gate_measure(struct session *session, const struct gate *gate, struct reason *reason)
{
    json_t *entries = NULL;
    json_t *counted = NULL;
    struct batch batch = {.number = 1, .seed = session->seed};
    int error = session_warm_up(session, reason);
    gate_set_deadline(session, gate->budget_ns);
    json_t *answers = gate_judge_answers(session->report);
    bool equal = error == 0 && json_array_size(answers) == 0;
    if (equal)
        error = gate_counters_measure(session, gate, NULL, &counted, reason);
    if (equal && error == 0) {
        error = measure_batch(session, gate, batch, NULL, &entries, reason);
        if (error == 0 && gate_judge_any(entries, NULL, gate_conclude_is_regression))
            error = confirm_suspects(session, gate, entries, reason);
        else if (error != 0)
            gate_conclude_confirm(entries, NULL); // nobody has looked twice
    }
    json_decref(answers);
    const struct findings findings = {.missing = gate_judge_missing(session->report),
                                      .entries = entries,
                                      .counted = counted,
                                      .is_open = is_open,
                                      .error = error};
    gate_conclude(session->report, gate, &findings);
    json_decref(counted);
    session_close(session, error, reason);
    return error;
}

int gate_exit_code(const json_t *report)
{
    return (int)json_integer_value(tree_at(report, "gate.exit_code"));
}

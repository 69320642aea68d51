// SPDX-License-Identifier: MIT
//
// budget.c - see budget.h.
#include "driver/gate/budget.h"

#include "driver/gate/primary.h"
#include "driver/measure/block.h"
#include "driver/statistics/anytime.h"
#include "driver/statistics/verdict.h"
#include "lib/clock.h"
#include "lib/format.h"

#include <errno.h>

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

// ---- what a plan can decide --------------------------------------------------------

static unsigned rounds_needed(const struct session *session)
{
    return anytime_pairs_needed(gate_primary_count(&session->plan), VERDICT_P);
}

int gate_check_rounds(const struct session *session, struct reason *reason)
{
    unsigned needed = rounds_needed(session);
    if (session->rounds >= needed)
        return 0;
    return reason_set(
        reason, -ERANGE,
        "--rounds %u: with %zu rows no slow-down could be told from chance; "
        "give at least %u, or choose fewer rows",
        session->rounds, gate_primary_count(&session->plan), needed);
}

uint64_t gate_needed_ns(const struct session *session)
{
    return rounds_needed(session) * round_ns(session);
}

int gate_check_budget(const struct session *session, const struct gate *gate,
                      struct reason *reason)
{
    char budget[32];
    char wanted[32];
    unsigned needed = rounds_needed(session);
    unsigned fit = gate_affordable(session, gate->budget_ns);
    if (fit >= needed)
        return 0;
    uint64_t elapsed = clock_now_ns() - session->begin_ns;
    format_duration(budget, sizeof budget, (double)gate->budget_ns);
    format_duration(wanted, sizeof wanted,
                    1.2 * (double)(elapsed + gate_needed_ns(session)));
    return reason_set(
        reason, -ERANGE,
        "--time-budget %s: with %zu rows a slow-down takes %u rounds and as "
        "many to confirm it, and there is time for %u; give at least %s, or "
        "choose fewer rows",
        budget, gate_primary_count(&session->plan), needed, fit, wanted);
}

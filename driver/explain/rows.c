// SPDX-License-Identifier: MIT
//
// Measuring two rows: see explain.h. A round is one run of each, so that what slows the
// machine down meets both; a coin says which is first. Nobody times these runs: their records
// say how much CPU time they took, starting the program included, which cancels out.
#include "driver/explain/explain.h"

#include "driver/measure/counters.h"
#include "driver/report/read.h"
#include "lib/check.h"
#include "lib/mix.h"

#include <errno.h>
#include <string.h>

// Figures of the runs of a row, by round.
struct seen {
    double switches[EXPLAIN_ROUNDS_MAX];
    double faults[EXPLAIN_ROUNDS_MAX];
};

static int run_row(struct explained_row *row, const struct extra_setting *setting,
                   const struct explain_size *size, struct seen *seen, unsigned round,
                   struct reason *reason)
{
    const struct extra_run run = {.setting = setting,
                                  .cell = row->cell,
                                  .tasks = size->tasks,
                                  .concurrency = size->concurrency};
    json_t *json = NULL;
    int error = extra_run(&run, &json, reason);
    if (error != 0)
        return error;
    const struct record record = read_run_record(json);
    json_decref(json);
    if (!(record.operations > 0))
        return reason_set(reason, -EBADMSG, "%s did no operation", row->label);
    row->operations = record.operations;
    row->in_flight = record.peak_in_flight / record.operations;
    row->cpu_ns[round] = (record.user_ns + record.system_ns) / record.operations;
    seen->switches[round] = (record.voluntary + record.involuntary) / record.operations;
    seen->faults[round] = record.minor_faults / record.operations;
    return 0;
}

static int run_rounds(struct explanation *explanation,
                      const struct extra_setting *setting,
                      const struct explain_size *size, struct reason *reason)
{
    static struct seen seen[2]; // large, and there is one
    int error = 0;
    CHECK(size->rounds <= EXPLAIN_ROUNDS_MAX);
    for (unsigned round = 0; round <= size->rounds && error == 0; round++) {
        unsigned place = round == 0 ? 0 : round - 1; // the first is thrown away
        unsigned first = mix_into(size->seed, round) & 1;
        for (unsigned i = 0; i < 2 && error == 0; i++) {
            unsigned which = i ^ first;
            error = run_row(&explanation->rows[which], setting, size, &seen[which], place,
                            reason);
        }
    }
    for (unsigned which = 0; which < 2 && error == 0; which++) {
        struct explained_row *row = &explanation->rows[which];
        row->rounds = size->rounds;
        row->switches = statistics_median(seen[which].switches, size->rounds);
        row->faults = statistics_median(seen[which].faults, size->rounds);
    }
    return error;
}

int explain_rows(struct explanation *explanation, const struct extra_setting *setting,
                 const struct explain_size *size, struct reason *reason)
{
    int error = run_rounds(explanation, setting, size, reason);
    const struct counters_size counted = {size->tasks, size->concurrency};
    for (unsigned which = 0; which < 2 && error == 0; which++) {
        struct explained_row *row = &explanation->rows[which];
        error = counters_count_calls(setting, row->cell, counted, &row->counts,
                                     &row->counted_operations, reason);
    }
    return error;
}

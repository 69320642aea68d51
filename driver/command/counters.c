// SPDX-License-Identifier: MIT
//
// counters.c - `quartet counters`: what each model asks of the machine per operation, in
// things that can be counted. Nothing is timed. With --repeat everything is counted several
// times, and shown is how far the counts lie apart: where the tolerances of the gate come
// from.
//
// Read next: measure/counters.h.
#include "driver/measure/counters.h"
#include "driver/command/commands.h"
#include "driver/command/measure_options.h"
#include "driver/command/prepare.h"
#include "driver/report/counter_verdict.h"
#include "driver/show/counters_table.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct counters_options {
    struct measure_options common; // first: see measure_options.h
    uint64_t repeat;
};

const struct option_spec counters_specs[] = {
    MEASURE_ROWS_WORKLOADS,
    MEASURE_ROW("models", OPTION_TEXT, models, 0, 0, "only these: multithread,coroutine"),
    MEASURE_ROW_PLAN,
    MEASURE_ROWS_FOREIGN,
    MEASURE_ROW_PROFILE("gate", "how much work a run is"),
    MEASURE_ROWS_SIZE,
    {"repeat", OPTION_COUNT, offsetof(struct counters_options, repeat), "1", 1,
     COUNTER_REPEAT_MAXIMUM, NULL, "count so often, and show the spread"},
    MEASURE_ROW("cpus", OPTION_TEXT, cpus, 0, 0, "use only these: 0,2-3"),
    MEASURE_ROWS_END,
    {0}};

// Counts one table and prints it. The repetitions go round and not cell by cell, so that
// what drifts shows. 0 or -EINTR.
static int count_table(struct session *session, const struct table *table,
                       unsigned repeat, struct count_spreads *spreads,
                       struct reason *reason)
{
    static json_t *all[TABLE_CELLS_MAXIMUM][COUNTER_REPEAT_MAXIMUM];
    const struct extra_setting setting = {.janitor = &session->janitor};
    int error = 0;
    unsigned done = 0;
    for (size_t i = 0; i < table->count; i++)
        memset(all[i], 0, sizeof all[i]);
    while (error == 0 && done < repeat) {
        for (size_t i = 0; error == 0 && i < table->count; i++)
            if (table->cells[i].live)
                error = counters_take(&setting, table, &table->cells[i], &all[i][done],
                                      reason);
        done += error == 0;
    }
    if (error == 0)
        counters_table_heading(stdout, table->result, repeat);
    for (size_t i = 0; i < table->count; i++) {
        if (error == 0 && table->cells[i].live)
            counters_table_row(stdout, table->cells[i].result, all[i], repeat, spreads);
        for (unsigned n = 0; n < repeat; n++)
            json_decref(all[i][n]);
    }
    fflush(stdout); // a table may take minutes
    return error;
}

static int count_all(struct session *session, unsigned repeat)
{
    struct count_spreads spreads = {0};
    struct reason reason;
    int error = 0;
    for (size_t i = 0; error == 0 && i < session->plan.count; i++)
        error = count_table(session, &session->plan.list[i], repeat, &spreads, &reason);
    if (error == 0 && repeat > 1)
        counters_table_summary(stdout, &spreads);
    if (error != 0)
        warn("%s", reason.text);
    if (error == 0 && (fflush(stdout) != 0 || ferror(stdout)))
        die(EXIT_WRONG, "cannot print the table: %s", strerror(errno));
    return error == 0 ? EXIT_FINE : (int)prepare_exit_code(error);
}

static int plan_and_count(const struct counters_options *options, struct runner_set *set)
{
    static struct session session; // large, and there is one
    char models[1024];
    struct plan_choice choice = measure_options_choice(&options->common);
    measure_options_choose(&options->common, set, &choice, models, sizeof models);
    int code = (int)prepare_plan("counters", &session, set, &choice);
    if (code == EXIT_FINE) {
        int lock = prepare_machine(&session, options->common.wait);
        code = count_all(&session, (unsigned)options->repeat);
        janitor_stop(&session.janitor);
        close(lock);
    }
    report_free(&session.report);
    return code;
}

int command_counters(int argc, char **argv)
{
    static struct runner_set set;
    struct counters_options options = {0};
    measure_options_parse("counters", &options, argc, argv);
    measure_options_apply("counters", &options.common);
    prepare_process();
    prepare_runners(&set);
    measure_options_add_rows("counters", &options.common, &set);
    int code = plan_and_count(&options, &set);
    measure_options_free(&options.common);
    runner_set_free(&set);
    return code;
}

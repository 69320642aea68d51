// SPDX-License-Identifier: MIT
//
// The price of starting a thread, a process or a coroutine: see explain.h. A start consists
// of system calls, switches and page faults, which have prices, and of what the kernel does
// besides: that is what remains of the whole. A thread beside many others is dearer than one
// that takes the place of the one before: its stacks are new, in the kernel as well. So the
// price is that of threads that are alive together (`sleep`), or one after another (`spawn`),
// as the rows have them.
#include "driver/explain/parts.h"

#include "driver/measure/counters.h"
#include "driver/report/read.h"
#include "driver/system/words.h"
#include "lib/check.h"

#include <errno.h>
#include <string.h>

#define ROUNDS 9

// The new price.
struct start {
    const char *name;
    const char *model;
    const char *number; // of the large run; the small one starts 1
    const char *fault;  // the price of its page faults
    const char *what;
};

static const struct start starts[] = {
    {PRICE_START_THREAD, "multithread", "1000", PRICE_FAULT,
     "a thread, beyond its calls, switches and page faults"},
    {PRICE_START_PROCESS, "multiprocess", "20", PRICE_FAULT_COPY,
     "a process, beyond its calls, switches and page faults"},
    {PRICE_START_COROUTINE, "coroutine", "1000", PRICE_FAULT,
     "a coroutine and its stack, beyond calls and page faults"},
    {PRICE_START_MACHINE, "eventloop", "1000", PRICE_FAULT,
     "a task as a state machine, beyond calls and page faults"},
};

struct starting {
    const struct extra_setting *setting;
    const struct runner *runner;
    const char *cpus; // those of the rows: elsewhere a start wakes another CPU; NULL: all
    bool together;    // alive at the same time
};

// ---- one run ---------------------------------------------------------------------------

// One run, under strace if `counts` is not NULL: that changes how often it is switched. 0;
// -EINTR; another -errno with the reason.
static int run_once(const struct starting *starting, const char *number,
                    struct record *record, struct strace_counts *counts,
                    struct reason *reason)
{
    struct words words = {.count = 0};
    bool together = starting->together;
    words_add(&words, starting->runner->path);
    words_add(&words, together ? "sleep" : "spawn");
    words_add_pair(&words, "--tasks", together ? number : "1");
    words_add_pair(&words, "--concurrency", together ? number : "1");
    words_add_pair(&words, together ? "--delay" : "--children",
                   together ? "5ms" : number);
    words_add_pair(&words, "--cpus", starting->cpus);
    return part_run(starting->setting, &words, record, counts, reason);
}

// ---- what remains ----------------------------------------------------------------------

// CPU time of a run that no other price explains.
static double rest_of(const struct prices *prices, const struct record *record,
                      const struct start *start)
{
    double switches = record->voluntary + record->involuntary;
    return record->user_ns + record->system_ns -
           part_worth(prices, PRICE_SWITCH, switches) -
           part_worth(prices, start->fault, record->minor_faults);
}

static int measure_start(const struct starting *starting, const struct start *start,
                         const struct prices *prices, struct price_time *time,
                         struct reason *reason)
{
    static struct strace_counts small, large; // big, and there is one of each
    struct record one = {0}, many = {0};
    double values[ROUNDS];
    int error = run_once(starting, "1", &one, &small, reason);
    if (error == 0)
        error = run_once(starting, start->number, &many, &large, reason);
    double calls = part_calls_worth(prices, &large) - part_calls_worth(prices, &small);
    for (unsigned round = 0; round < ROUNDS && error == 0; round++) {
        error = run_once(starting, "1", &one, NULL, reason);
        if (error == 0)
            error = run_once(starting, start->number, &many, NULL, reason);
        if (error == 0)
            values[round] =
                (rest_of(prices, &many, start) - rest_of(prices, &one, start) - calls) /
                (many.operations - one.operations);
    }
    if (error == 0)
        *time = price_time_of(values, ROUNDS);
    return error;
}

static bool starts_any(const struct explanation *explanation, const char *model)
{
    uint64_t most = 0;
    bool alive = false;
    for (unsigned which = 0; which < 2; which++) {
        const struct explained_row *row = &explanation->rows[which];
        if (part_alive(row, "coroutine") > 0 || part_alive(row, "eventloop") > 0)
            alive |= strcmp(row->model, model) == 0;
        uint64_t number = strcmp(model, "multiprocess") == 0  ? row->counts.processes
                          : strcmp(model, "multithread") == 0 ? row->counts.threads
                                                              : 0;
        most = number > most ? number : most;
    }
    return alive || most > 2; // a back end and an observer are in every row
}

int explain_starts(struct explanation *explanation, const struct extra_setting *setting,
                   const struct runner_set *set, const struct report_table *table,
                   struct reason *reason)
{
    struct prices *prices = &explanation->prices;
    int error = 0;
    for (size_t i = 0; i < ARRAY_LEN(starts) && error == 0; i++) {
        const struct start *start = &starts[i];
        struct starting starting = {.setting = setting,
                                    .runner = runner_find(set, start->model),
                                    .cpus = table->cpus,
                                    .together = table->concurrency > 1};
        if (starting.runner == NULL || !starts_any(explanation, start->model))
            continue; // without a price they stay unexplained
        struct price *price = prices_add(prices, start->name, start->what);
        error = measure_start(&starting, start, prices, &price->cpu, reason);
    }
    return error;
}

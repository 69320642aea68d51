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
#include "driver/system/tool.h"
#include "lib/check.h"
#include "lib/clock.h"
#include "lib/json_file.h"

#include <errno.h>
#include <string.h>

#define RUN_LIMIT_NS (60 * NS_PER_SECOND)
#define PATH_SIZE    4096
#define ROUNDS       3
#define STRACE_WORDS 9 // in front of the runner's own

// The new price.
struct start {
    const char *name;
    const char *model;
    const char *number; // of the large run; the small one starts 1
    const char *fault;  // the price of its page faults
    const char *what;
};

static const struct start starts[] = {
    {PRICE_START_THREAD, "multithread", "200", PRICE_FAULT,
     "a thread, beyond its calls, switches and page faults"},
    {PRICE_START_PROCESS, "multiprocess", "20", PRICE_FAULT_COPY,
     "a process, beyond its calls, switches and page faults"},
    {PRICE_START_COROUTINE, "coroutine", "1000", PRICE_FAULT,
     "a coroutine and its stack, beyond calls and page faults"},
};

struct starting {
    const struct extra_setting *setting;
    const struct runner *runner;
    bool together; // alive at the same time
};

// ---- one run ---------------------------------------------------------------------------

// One run, under strace if `counts` is not NULL: that changes how often it is switched. 0;
// -EINTR; another -errno with the reason.
static int run_once(const struct starting *starting, const char *number,
                    struct record *record, struct strace_counts *counts,
                    struct reason *reason)
{
    char path[PATH_SIZE], log[PATH_SIZE];
    json_t *json = NULL;
    bool together = starting->together;
    extra_path(starting->setting, "start.json", path, sizeof path);
    extra_path(starting->setting, "start.log", log, sizeof log);
    const char *const argv[] = {
        "strace",
        "-f",
        "-qq",
        "-s",
        "32",
        "-e",
        "signal=none",
        "-o",
        log,
        starting->runner->path,
        together ? "sleep" : "spawn",
        "--tasks",
        together ? number : "1",
        "--concurrency",
        together ? number : "1",
        together ? "--delay" : "--children",
        together ? "5ms" : number,
        "--timeout",
        "50s",
        "--record",
        path,
        NULL,
    };
    int code = tool_run_logged(counts != NULL ? argv : argv + STRACE_WORDS, "/dev/null",
                               RUN_LIMIT_NS, starting->setting->janitor, reason);
    if (code > 0)
        return reason_set(reason, -EIO, "%s ended with exit code %d",
                          starting->runner->name, code);
    int error = code < 0 || counts == NULL ? code : strace_count_log(log, counts, reason);
    if (error == 0)
        error = json_file_load(path, &json, reason);
    *record = read_run_record(json);
    json_decref(json);
    return error;
}

// ---- what remains ----------------------------------------------------------------------

static double worth(const struct prices *prices, const char *name, double number)
{
    const struct price *price = prices_find(prices, name);
    return price == NULL ? 0 : number * price->cpu.ns;
}

// The priced calls of a run, but for those that start.
static double calls_worth(const struct prices *prices, const struct strace_counts *counts)
{
    double sum = worth(prices, PRICE_WAKEUP, (double)counts->wakeups);
    for (size_t i = 0; i < counts->names; i++) {
        const char *name = counts->list[i].name;
        const struct price *price = part_price_of_call(prices, name, false);
        if (price == NULL)
            price = prices_find(prices, PRICE_CALL);
        if (price != NULL && !part_is_start(name))
            sum += (double)counts->list[i].calls * price->cpu.ns;
    }
    return sum;
}

// CPU time of a run that no other price explains.
static double rest_of(const struct prices *prices, const struct record *record,
                      const struct start *start)
{
    double switches = record->voluntary + record->involuntary;
    return record->user_ns + record->system_ns - worth(prices, PRICE_SWITCH, switches) -
           worth(prices, start->fault, record->minor_faults);
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
    double calls = calls_worth(prices, &large) - calls_worth(prices, &small);
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
    for (unsigned which = 0; which < 2; which++) {
        const struct explained_row *row = &explanation->rows[which];
        if (strcmp(model, "coroutine") == 0 && part_coroutines(row) > 0)
            return true;
        uint64_t number = strcmp(model, "multiprocess") == 0  ? row->counts.processes
                          : strcmp(model, "multithread") == 0 ? row->counts.threads
                                                              : 0;
        most = number > most ? number : most;
    }
    return most > 2; // a back end and an observer are in every row
}

int explain_starts(struct explanation *explanation, const struct extra_setting *setting,
                   const struct runner_set *set, bool together, struct reason *reason)
{
    struct prices *prices = &explanation->prices;
    int error = 0;
    for (size_t i = 0; i < ARRAY_LEN(starts) && error == 0; i++) {
        const struct start *start = &starts[i];
        struct starting starting = {.setting = setting,
                                    .runner = runner_find(set, start->model),
                                    .together = together};
        if (starting.runner == NULL || !starts_any(explanation, start->model))
            continue; // without a price they stay unexplained
        struct price *price = prices_add(prices, start->name, start->what);
        error = measure_start(&starting, start, prices, &price->cpu, reason);
    }
    return error;
}

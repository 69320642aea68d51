// SPDX-License-Identifier: MIT
//
// The price of resuming a coroutine after a wait, beyond that of a callback: see explain.h. The
// hand-over of `switch` is the least that it costs: stack, code and branches lie in the nearest
// caches. After a wait the kernel and the other tasks have had those. So `fetch` over AF_UNIX is
// run with few and with many exchanges, by both models in turn; what a further exchange costs
// more by coroutines, its system calls apart, is the price.
#include "driver/explain/parts.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#define ROUNDS         15
#define IN_FLIGHT_MOST 1000
#define FEW            2     // exchanges of a session
#define COUNTED        4     // exchanges of one whose calls are counted
#define MORE           20000 // exchanges of all sessions together, beyond those
#define MORE_MOST      400   // of a session
#define MORE_LEAST     8

struct resuming {
    const struct extra_setting *setting;
    const struct report_table *table;
    const struct runner *runners[2]; // coroutine, eventloop
    char tasks[24];
    char exchanges[3][24];
};

enum { SIZE_FEW, SIZE_MANY, SIZE_COUNTED };

// ---- one run ---------------------------------------------------------------------------

// 0; -EINTR; another -errno with the reason.
static int run_once(const struct resuming *resuming, unsigned model, unsigned size,
                    struct record *record, struct strace_counts *counts,
                    struct reason *reason)
{
    struct words words = {.count = 0};
    words_add(&words, resuming->runners[model]->path);
    words_add(&words, "fetch");
    words_add_pair(&words, "--transport", "unix");
    words_add_pair(&words, "--tasks", resuming->tasks);
    words_add_pair(&words, "--concurrency", resuming->tasks);
    words_add_pair(&words, "--exchanges", resuming->exchanges[size]);
    words_add_pair(&words, "--delay", "1ms");
    words_add_pair(&words, "--cpus", resuming->table->cpus);
    words_add_pair(&words, "--peer-cpus", resuming->table->peer_cpus);
    return part_run(resuming->setting, &words, record, counts, reason);
}

// The CPU time of a further exchange.
static int measure_exchange(const struct resuming *resuming, unsigned model,
                            double *cpu_ns, struct reason *reason)
{
    struct record few = {0}, many = {0};
    int error = run_once(resuming, model, SIZE_FEW, &few, NULL, reason);
    if (error == 0)
        error = run_once(resuming, model, SIZE_MANY, &many, NULL, reason);
    double operations = many.operations - few.operations;
    if (error == 0 && !(operations > 0))
        error = reason_set(reason, -EBADMSG, "both sizes did the same");
    *cpu_ns = (many.user_ns + many.system_ns - few.user_ns - few.system_ns) / operations;
    return error;
}

static double calls_of(const struct strace_counts *counts, const char *name)
{
    for (size_t i = 0; i < counts->names; i++)
        if (strcmp(counts->list[i].name, name) == 0)
            return (double)counts->list[i].calls;
    return 0;
}

// The system calls of a further exchange at their prices: those have parts of their own. What
// each exchange calls is a whole number of times. All else belongs to the loop: how often it waits
// depends on its speed, which strace changes.
static int count_exchange(const struct resuming *resuming, unsigned model,
                          const struct prices *prices, double *calls_ns,
                          struct reason *reason)
{
    static struct strace_counts few, more; // big, and there is one of each
    struct record records[2] = {{0}, {0}};
    int error = run_once(resuming, model, SIZE_FEW, &records[0], &few, reason);
    if (error == 0)
        error = run_once(resuming, model, SIZE_COUNTED, &records[1], &more, reason);
    double operations = records[1].operations - records[0].operations;
    *calls_ns = 0;
    for (size_t i = 0; error == 0 && i < more.names; i++) {
        const char *name = more.list[i].name;
        double each =
            round(((double)more.list[i].calls - calls_of(&few, name)) / operations);
        *calls_ns += part_call_worth(prices, name, each);
    }
    return error;
}

// ---- the price -------------------------------------------------------------------------

static int measure_resume(const struct resuming *resuming, const struct prices *prices,
                          struct price_time *time, struct reason *reason)
{
    double values[ROUNDS] = {0}, calls_ns[2] = {0};
    int error = 0;
    for (unsigned model = 0; model < 2 && error == 0; model++)
        error = count_exchange(resuming, model, prices, &calls_ns[model], reason);
    for (unsigned round = 0; round < ROUNDS && error == 0; round++) {
        double cpu_ns[2] = {0};
        for (unsigned i = 0; i < 2 && error == 0; i++) {
            unsigned model = (i + round) % 2; // in turn, so that a trend meets both
            error = measure_exchange(resuming, model, &cpu_ns[model], reason);
        }
        values[round] = cpu_ns[0] - cpu_ns[1] - (calls_ns[0] - calls_ns[1]);
    }
    if (error == 0)
        *time = price_time_of(values, ROUNDS);
    return error;
}

// Do they wait for sockets, and not in the workload that tells the price?
static bool applies(const struct explanation *explanation)
{
    const struct explained_row *rows = explanation->rows;
    bool itself = strcmp(explanation->workload, "fetch") == 0 && !rows[0].counts.inet;
    return part_both_loops(explanation) && !itself && rows[0].counts.events > 0 &&
           rows[1].counts.events > 0;
}

static void set_size(struct resuming *resuming, double in_flight)
{
    uint64_t tasks = in_flight < 1                ? 1
                     : in_flight > IN_FLIGHT_MOST ? IN_FLIGHT_MOST
                                                  : (uint64_t)in_flight;
    uint64_t more = MORE / tasks;
    more = more < MORE_LEAST ? MORE_LEAST : more > MORE_MOST ? MORE_MOST : more;
    snprintf(resuming->tasks, sizeof resuming->tasks, "%" PRIu64, tasks);
    snprintf(resuming->exchanges[SIZE_FEW], sizeof resuming->exchanges[0], "%d", FEW);
    snprintf(resuming->exchanges[SIZE_MANY], sizeof resuming->exchanges[0], "%" PRIu64,
             FEW + more);
    snprintf(resuming->exchanges[SIZE_COUNTED], sizeof resuming->exchanges[0], "%d",
             COUNTED);
}

int explain_resumes(struct explanation *explanation, const struct extra_setting *setting,
                    const struct runner_set *set, const struct report_table *table,
                    struct reason *reason)
{
    struct resuming resuming = {.setting = setting,
                                .table = table,
                                .runners = {runner_find(set, "coroutine"),
                                            runner_find(set, "eventloop")}};
    struct reason why = {""};
    if (!applies(explanation) || resuming.runners[0] == NULL ||
        resuming.runners[1] == NULL)
        return 0; // a hand-over has its price all the same
    set_size(&resuming, table->concurrency);
    struct price *price = prices_add(&explanation->prices, PRICE_RESUME,
                                     "a coroutine resumed after a wait for a socket, "
                                     "beyond a callback");
    int error = measure_resume(&resuming, &explanation->prices, &price->cpu, &why);
    if (error != 0)
        snprintf(price->missing, sizeof price->missing, "%.150s", why.text);
    return error == -EINTR ? reason_set(reason, error, "%s", why.text) : 0;
}

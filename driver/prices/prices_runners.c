// SPDX-License-Identifier: MIT
//
// Prices that the project's own cost workloads tell: see prices.h. A run has a start as well,
// so two sizes are run in turn, and a price is the difference between them.
#define _GNU_SOURCE // mkdtemp()
#include "driver/prices/prices.h"

#include "driver/report/read.h"
#include "driver/system/tool.h"
#include "lib/check.h"
#include "lib/clock.h"
#include "lib/cpus.h"
#include "lib/folder.h"
#include "lib/json_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define RUNNER_ROUNDS 5 // two runs each
#define RUN_LIMIT_NS  (30 * NS_PER_SECOND)
#define PATH_SIZE     4200

// Sizes such that a run takes some 20 ms where starting is cheap.
struct cost_run {
    const char *name;
    const char *model;
    const char *workload;
    const char *option; // how many operations there are
    const char *small, *large;
    const char *what;
};

static const struct cost_run cost_runs[] = {
    {PRICE_RUNNER_THREAD, "multithread", "spawn", "--children", "1", "600",
     "create and join a thread, as the runner does"},
    {PRICE_RUNNER_PROCESS, "multiprocess", "spawn", "--children", "1", "30",
     "fork and wait for a process, as the runner does"},
    {PRICE_RUNNER_COROUTINE, "coroutine", "spawn", "--children", "1", "200k",
     "create and join a coroutine"},
    {PRICE_RUNNER_CALLBACK, "eventloop", "spawn", "--children", "1", "200k",
     "create a state machine and hear of its end"},
    {PRICE_RUNNER_SWITCH, "coroutine", "switch", "--switches", "2", "500k",
     "a hand-over between two coroutines"},
    {PRICE_RUNNER_SWITCH_LOOP, "eventloop", "switch", "--switches", "2", "500k",
     "a hand-over between two callbacks"},
};

struct times {
    double operations, cpu_ns, wall_ns;
};

// One run. 0; -EINTR; another -errno with the reason.
static int run_once(const struct runner *runner, const struct cost_run *cost,
                    const char *size, const char *folder, struct times *times,
                    struct reason *reason)
{
    char path[PATH_SIZE], cpus[1024];
    json_t *json = NULL;
    snprintf(path, sizeof path, "%s/record.json", folder);
    cpus_allowed(cpus, sizeof cpus);
    cpus[strcspn(cpus, ",-")] = '\0'; // the first of them
    bool spawn = strcmp(cost->workload, "spawn") == 0;
    const char *const argv[] = {runner->path, cost->workload, cost->option,
                                size,         "--tasks",      spawn ? "1" : "2",
                                "--cpus",     cpus,           "--timeout",
                                "20s",        "--record",     path,
                                NULL};
    char said[8]; // nobody reads it
    int code = tool_capture(argv, RUN_LIMIT_NS, said, sizeof said, reason);
    if (code < 0)
        return code;
    if (code > 0)
        return reason_set(reason, -EIO, "%s %s ended with exit code %d", cost->model,
                          cost->workload, code);
    int error = json_file_load(path, &json, reason);
    const struct record record = read_run_record(json);
    *times = (struct times){.operations = record.operations,
                            .cpu_ns = record.user_ns + record.system_ns,
                            .wall_ns = record.phases_ns[PHASE_RUN]};
    json_decref(json);
    return error;
}

// One round: the large run less the small one.
static int run_pair(const struct runner *runner, const struct cost_run *cost,
                    const char *folder, double *cpu_ns, double *wall_ns,
                    struct reason *reason)
{
    struct times small = {0}, large = {0};
    int error = run_once(runner, cost, cost->small, folder, &small, reason);
    if (error == 0)
        error = run_once(runner, cost, cost->large, folder, &large, reason);
    double operations = large.operations - small.operations;
    if (error == 0 && !(operations > 0))
        error = reason_set(reason, -EBADMSG, "both sizes did the same");
    *cpu_ns = (large.cpu_ns - small.cpu_ns) / operations;
    *wall_ns = (large.wall_ns - small.wall_ns) / operations;
    return error;
}

static int add_cost(struct prices *prices, const struct cost_run *cost,
                    const struct runner_set *set, const char *folder)
{
    double cpu[RUNNER_ROUNDS] = {0}, wall[RUNNER_ROUNDS] = {0};
    struct reason why = {""};
    struct price *price = prices_add(prices, cost->name, cost->what);
    const struct runner *runner = runner_find(set, cost->model);
    int error = runner == NULL ? reason_set(&why, -ENOENT, "there is no such runner") : 0;
    for (unsigned i = 0; error == 0 && i < RUNNER_ROUNDS; i++)
        error = run_pair(runner, cost, folder, &cpu[i], &wall[i], &why);
    if (error != 0) {
        snprintf(price->missing, sizeof price->missing, "%.150s", why.text);
        return error == -EINTR ? error : 0;
    }
    price->cpu = price_time_of(cpu, RUNNER_ROUNDS);
    price->wall = price_time_of(wall, RUNNER_ROUNDS);
    return 0;
}

// Adds the price of this name; of all if it is NULL.
static int add_costs(struct prices *prices, const struct runner_set *set,
                     const char *name, struct reason *reason)
{
    char folder[PATH_SIZE / 2];
    uint64_t began_ns = clock_now_ns();
    int error = 0;
    snprintf(folder, sizeof folder, "%.2000s/quartet-prices-XXXXXX", folder_temporary());
    if (mkdtemp(folder) == NULL)
        return reason_set(reason, -errno, "cannot make a folder in %s: %s",
                          folder_temporary(), strerror(errno));
    for (size_t i = 0; i < ARRAY_LEN(cost_runs) && error == 0; i++)
        if (name == NULL || strcmp(name, cost_runs[i].name) == 0)
            error = add_cost(prices, &cost_runs[i], set, folder);
    folder_remove(folder);
    prices->took_ns += (double)(clock_now_ns() - began_ns);
    return error == 0 ? 0
                      : reason_set(reason, error, "stopped while prices were measured");
}

int prices_add_runner(struct prices *prices, const struct runner_set *set,
                      const char *name, struct reason *reason)
{
    return add_costs(prices, set, name, reason);
}

int prices_add_runners(struct prices *prices, const struct runner_set *set,
                       struct reason *reason)
{
    return add_costs(prices, set, NULL, reason);
}

// SPDX-License-Identifier: MIT
//
// openmp_peer.c - the same kernels under OpenMP, the usual way to use all processors
// from C, to see what our runners could reach at best. It links the same object files
// of kernel.c, direct.c and workload.c, and tasks are handed out one by one
// (schedule(dynamic)), as ours are. Tasks wait for one another by our verbs for threads. The pool of threads is started before the clock,
// which is what our gate is for.
//
//   openmp_peer WORKLOAD [--tasks N] [--record FILE] [workload's options]
//
// How many threads and where, say OMP_NUM_THREADS and OMP_PROC_BIND. The record holds
// {"run": nanoseconds}, as the run record of a runner does.
//
// Read next: tests/peers/cpu_bench.
#include "lib/clock.h"
#include "runners/blocking/worker_lock.h"
#include "runners/direct.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    OUTCOME_STRIDE = 64, // a cache line each
};

struct settings {
    uint64_t tasks;
    const char *record;
};

static const struct option_spec settings_options[] = {
    {"tasks", OPTION_COUNT, offsetof(struct settings, tasks), "0", 0, 100000000, NULL,
     "tasks; 0: the workload's default"},
    {"record", OPTION_TEXT, offsetof(struct settings, record), NULL, 0, 0, NULL,
     "where to leave the time of the run phase"},
    {0},
};

// Answers for direct code and the verbs of threads: the kernel of the system
// preempts, and there is no global lock.
void direct_yield(void)
{
}

const struct worker_lock *worker_lock = NULL;

static const struct workload *workload_find(const char *name, direct_code **code)
{
    for (size_t i = 0; workload_list[i] != NULL; i++) {
        if (strcmp(workload_list[i]->name, name) == 0) {
            *code = direct_list[i].code;
            return workload_list[i];
        }
    }
    die(EXIT_USAGE, "this peer has no workload '%s'", name);
}

static void set_up(struct work *work, const struct settings *settings)
{
    struct reason reason;
    const struct workload *workload = work->workload;
    work->tasks =
        settings->tasks != 0 ? (uint32_t)settings->tasks : workload->default_tasks;
    work->concurrency = work->tasks;
    work->seed = 1;
    if (workload->setup != NULL && workload->setup(work, &reason) != 0)
        die(EXIT_CANNOT, "%s", reason.text);
    work->outcome_stride = OUTCOME_STRIDE;
    work->outcomes = aligned_alloc(OUTCOME_STRIDE, (size_t)work->tasks * OUTCOME_STRIDE);
    if (work->outcomes == NULL)
        die(EXIT_CANNOT, "no memory for %" PRIu32 " outcomes", work->tasks);
    memset(work->outcomes, 0, (size_t)work->tasks * OUTCOME_STRIDE);
}

static uint64_t run(struct work *work, direct_code *code)
{
#pragma omp parallel
    {
        // Empty: starts the pool.
    }
    uint64_t began_ns = clock_now_ns();
#pragma omp parallel for schedule(dynamic)
    for (uint32_t index = 0; index < work->tasks; index++) {
        struct task task = {.work = work,
                            .index = index,
                            .outcome = outcome_at(work, index)};
        task.outcome->error = code(&task);
    }
    return clock_now_ns() - began_ns;
}

static void record_write(const char *path, uint64_t run_ns)
{
    FILE *file = fopen(path, "w");
    if (file == NULL || fprintf(file, "{\"run\": %" PRIu64 "}\n", run_ns) < 0 ||
        fclose(file) != 0)
        die(EXIT_WRONG, "cannot write %s: %s", path, strerror(errno));
}

int main(int argc, char **argv)
{
    struct settings settings;
    struct reason reason;
    direct_code *code;
    error_set_program("openmp_peer");
    if (argc < 2)
        die(EXIT_USAGE, "which workload?");
    const struct workload *workload = workload_find(argv[1], &code);
    struct work work = {.workload = workload,
                        .parameters = calloc(1, workload->parameters_size)};
    const struct option_group groups[] = {
        {"Peer", settings_options, &settings},
        {"Workload", workload->options, work.parameters},
        {0},
    };
    options_defaults(&groups[0]);
    options_defaults(&groups[1]);
    if (options_parse(groups, argc - 2, argv + 2, NULL, 0, &reason) < 0)
        die(EXIT_USAGE, "%s", reason.text);

    set_up(&work, &settings);
    uint64_t run_ns = run(&work, code);
    if (workload->verify(&work, &reason) != 0)
        die(EXIT_WRONG, "%s", reason.text);
    if (settings.record != NULL)
        record_write(settings.record, run_ns);
    printf("%s: %.3f ms\n", workload->name, (double)run_ns / 1e6);
    return EXIT_FINE;
}

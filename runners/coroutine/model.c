// SPDX-License-Identifier: MIT
//
// The coroutine model: C coroutines on one scheduler in the main thread, or shared out
// among --loops N schedulers in a thread each. All take tasks from the same counter.
//
// Read next: verbs.c for what a task may ask, scheduler.h for who runs when.
#include "runners/model.h"

#include "lib/check.h"
#include "lib/limits.h"
#include "runners/common/placement.h"
#include "runners/common/watchdog.h"
#include "runners/coroutine/dump.h"
#include "runners/coroutine/overflow.h"
#include "runners/coroutine/scheduler.h"
#include "runners/direct/worker.h"
#include "runners/loop/executor.h"
#include "runners/loop/loops.h"
#include "runners/loop/sync_waiter.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static struct settings {
    uint64_t loops;       // --loops
    uint64_t kind;        // --switch, an enum context_kind
    uint64_t stack_bytes; // --stack
    uint64_t offload;     // --offload: 0 none, else 1 + an enum executor_kind
    uint64_t pool;        // --pool
} settings;

static const struct option_spec options[] = {
    {"loops", OPTION_COUNT, offsetof(struct settings, loops), "1", 1, 256, NULL,
     "schedulers, each in a thread of its own"},
    {"switch", OPTION_CHOICE, offsetof(struct settings, kind),
     CONTEXT_HAS_ASM ? "asm" : "ucontext", 0, 0, "asm|ucontext",
     "how one coroutine passes control to another"},
    {"stack", OPTION_SIZE, offsetof(struct settings, stack_bytes), "64k", 16 << 10,
     UINT64_C(1) << 30, NULL, "stack of each; a full one ends the run"},
    {"offload", OPTION_CHOICE, offsetof(struct settings, offload), "none", 0, 0,
     "none|threads|processes", "where long computations are done"},
    {"pool", OPTION_COUNT, offsetof(struct settings, pool), "1", 1, 1024, NULL,
     "threads or processes that --offload has for each loop"},
    {0}};

// One scheduler and what it carries; owned by the thread that runs it.
struct carrier {
    struct run *run;
    direct_code *code;
    struct stack_plan plan;
    uint32_t coroutines; // its share of the tasks in flight
    struct scheduler scheduler;
    struct overflow_watch watch;
    struct executor executor; // with --offload
    int error;                // why it could not be opened, with the reason
    struct reason reason;
};

// ---- before the run -------------------------------------------------------------------

// The arena of a loop: each task may have children alive besides itself.
static int plan_stacks(const struct run *run, uint32_t coroutines,
                       struct stack_plan *plan, struct reason *reason)
{
    uint64_t capacity = (uint64_t)coroutines * (1 + run->work.workload->children);
    if (capacity > UINT32_MAX) {
        return reason_set(reason, -ENOMEM,
                          "needs %" PRIu64 " coroutines, at most %" PRIu32
                          " are possible: lower --concurrency",
                          capacity, UINT32_MAX);
    }
    *plan = (struct stack_plan){.stack_bytes = settings.stack_bytes,
                                .capacity = (uint32_t)capacity,
                                .arenas = run->workers,
                                .guard = STACK_GUARD_MARKER};
    return 0;
}

// Any guard but the best makes creation dearer, or is dangerous.
static void note_guard(struct run *run, enum stack_guard guard)
{
    if (guard == STACK_GUARD_PROTECT)
        run_note(run,
                 "stacks are guarded by %s: this kernel lacks %s, so each is two more "
                 "mappings, which cost time and page tables",
                 stack_guard_name(guard), stack_guard_name(STACK_GUARD_MARKER));
    if (guard == STACK_GUARD_NONE) {
        run_note(run,
                 "stacks have no guard pages: this kernel lacks %s and vm.max_map_count "
                 "is too low for %s; an overflow would go unnoticed",
                 stack_guard_name(STACK_GUARD_MARKER),
                 stack_guard_name(STACK_GUARD_PROTECT));
        warn("%s", run->notes[run->note_count - 1]);
    }
}

// Reserves the addresses of all arenas at once, to see whether they can be had, and
// which guard pages.
static int try_stacks(struct run *run, struct reason *reason)
{
    struct stack_plan plan;
    struct stack_arena trial;
    int error = plan_stacks(run, run->work.concurrency, &plan, reason);
    plan.arenas = 1;
    if (error == 0)
        error = stack_arena_open(&trial, &plan, reason);
    if (error != 0)
        return error;
    note_guard(run, trial.guard);
    stack_arena_close(&trial);
    unsigned limit = announce_limit();
    if (limit != 0 && plan.capacity > limit) {
        return reason_set(reason, -EAGAIN,
                          "needs %u coroutines, ThreadSanitizer can hold %u: lower "
                          "--concurrency or take a build without it",
                          plan.capacity, limit);
    }
    return 0;
}

static int coroutine_prepare(struct run *run, struct reason *reason)
{
    int error = loops_choose(run, &settings.loops, reason);
    if (error != 0)
        return error;
    if (context_choose((enum context_kind)settings.kind) != 0) {
        return reason_set(reason, -EINVAL,
                          "--switch asm: there is none for this processor; "
                          "choose --switch ucontext");
    }
    error = limits_check_descriptors(
        (uint64_t)run->work.concurrency * run->work.workload->descriptors, reason);
    return error != 0 ? error : try_stacks(run, reason);
}

// ---- the run --------------------------------------------------------------------------

// The life of each coroutine. It notes its task, for a message about its end.
static void worker_life(void *argument)
{
    struct carrier *carrier = argument;
    struct coroutine *self = scheduler_here->running;
    struct task task;
    while (run_take(carrier->run, &task)) {
        self->task = task.index;
        run_finish(carrier->run, &task, carrier->code(&task));
    }
}

// Creates the coroutines; they begin when the scheduler runs.
static int create_workers(struct carrier *carrier)
{
    for (uint32_t i = 0; i < carrier->coroutines; i++) {
        if (scheduler_create(&carrier->scheduler, worker_life, carrier) == NULL) {
            return reason_set(&carrier->reason, -ENOMEM,
                              "cannot create coroutine %" PRIu32 " of %" PRIu32
                              ": %s; lower --concurrency",
                              i + 1, carrier->coroutines, strerror(errno));
        }
    }
    return 0;
}

static int open_executor(struct carrier *carrier)
{
    if (settings.offload == 0)
        return 0;
    int error = executor_open(&carrier->executor, carrier->scheduler.loop,
                              (enum executor_kind)(settings.offload - 1),
                              (uint32_t)settings.pool, &carrier->reason);
    if (error == 0)
        carrier->scheduler.executor = &carrier->executor;
    return error;
}

static void close_executor(struct carrier *carrier)
{
    if (carrier->scheduler.executor != NULL)
        executor_close(carrier->scheduler.executor);
}

// Ends the run with a record of it.
static void on_deadlock(const char *message)
{
    dump_coroutines(stderr, 10);
    warn("%s", message);
    watchdog_end(message);
}

static int carrier_open(struct carrier *carrier)
{
    struct scheduler *scheduler = &carrier->scheduler;
    int error =
        scheduler_open(scheduler, EVBACKEND_EPOLL, &carrier->plan, &carrier->reason);
    if (error != 0)
        return error;
    scheduler->on_deadlock = on_deadlock;
    const struct work *work = &carrier->run->work;
    if (work->workload->descriptors > 0)
        descriptors_expect(&scheduler->descriptors,
                           (uint64_t)work->concurrency * work->workload->descriptors);
    error = overflow_watch(&carrier->watch, &scheduler->stacks, watchdog_end,
                           &carrier->reason);
    if (error != 0)
        goto close_scheduler;
    error = open_executor(carrier);
    if (error != 0)
        goto unwatch;
    error = create_workers(carrier);
    if (error != 0)
        goto close_executor;
    return 0;

close_executor:
    close_executor(carrier);
unwatch:
    overflow_unwatch(&carrier->watch);
close_scheduler:
    scheduler_close(scheduler);
    return error;
}

// The scheduler stays open when it is done: others may still be about to wake it.
static void *carrier_main(void *argument)
{
    struct carrier *carrier = argument;
    carrier->error = carrier_open(carrier);
    if (carrier->error == 0)
        scheduler_share(&carrier->scheduler);
    placement_pin(carrier->run);
    run_wait_at_gate(carrier->run);
    if (carrier->error != 0)
        return NULL;
    scheduler_run_until_complete(&carrier->scheduler);
    run_leave(carrier->run);
    close_executor(carrier);
    overflow_unwatch(&carrier->watch);
    return NULL;
}

// One scheduler needs no other thread, and no gate but the stamp.
static int run_here(struct carrier *carrier, struct reason *reason)
{
    int error = carrier_open(carrier);
    if (error != 0) {
        *reason = carrier->reason;
        return error;
    }
    placement_pin(carrier->run);
    run_open_gate(carrier->run);
    scheduler_run_until_complete(&carrier->scheduler);
    run_leave(carrier->run);
    close_executor(carrier);
    overflow_unwatch(&carrier->watch);
    scheduler_close(&carrier->scheduler);
    return 0;
}

static int run_in_threads(struct run *run, struct carrier *carriers, pthread_t *threads,
                          struct reason *reason)
{
    uint32_t created = 0;
    int error = 0;
    while (error == 0 && created < run->workers) {
        error = pthread_create(&threads[created], NULL, carrier_main, &carriers[created]);
        if (error == 0)
            created++;
    }
    if (error != 0) {
        limits_refuse(-error, reason, "cannot create the thread of loop %" PRIu32,
                      created + 1);
    }
    run_gather(run, created, NULL, NULL);
    for (uint32_t i = 0; i < created && error == 0; i++) {
        error = -carriers[i].error;
        if (error != 0)
            *reason = carriers[i].reason;
    }
    if (error != 0) // those that could be opened must find nothing to do
        run_abandon(run);
    run_open_gate(run);
    for (uint32_t i = 0; i < created; i++)
        pthread_join(threads[i], NULL);
    for (uint32_t i = 0; i < created; i++) {
        if (carriers[i].error == 0)
            scheduler_close(&carriers[i].scheduler);
    }
    return -error;
}

static int carriers_plan(struct run *run, struct carrier *carriers, struct reason *reason)
{
    int error = 0;
    sync_many_loops = run->workers > 1;
    for (uint32_t i = 0; i < run->workers && error == 0; i++) {
        carriers[i].run = run;
        carriers[i].code = worker_code(run);
        carriers[i].coroutines = loops_share(run, i);
        error = plan_stacks(run, carriers[i].coroutines, &carriers[i].plan, reason);
    }
    return error;
}

static int coroutine_run(struct run *run, struct reason *reason)
{
    int error = -ENOMEM;
    struct carrier *carriers = calloc(run->workers, sizeof *carriers);
    pthread_t *threads = calloc(run->workers, sizeof *threads);
    if (carriers == NULL || threads == NULL) {
        reason_set(reason, error, "no memory for %" PRIu32 " loops", run->workers);
        goto release;
    }
    error = carriers_plan(run, carriers, reason);
    if (error == 0) {
        error = run->workers == 1 ? run_here(&carriers[0], reason)
                                  : run_in_threads(run, carriers, threads, reason);
    }
release:
    free(threads);
    free(carriers);
    return error;
}

const struct model model = {
    .name = "coroutine",
    .summary = "stackful coroutines on one scheduler, or one scheduler per thread",
    .options = options,
    .values = &settings,
    .prepare = coroutine_prepare,
    .run = coroutine_run,
};

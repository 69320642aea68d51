// SPDX-License-Identifier: MIT
//
// One run: shared memory, hand-out of tasks, the gate. See run.h.
#define _GNU_SOURCE // MAP_ANONYMOUS, MAP_POPULATE, RUSAGE_THREAD and syscall() in futex.h are Linux
#include "runners/common/run.h"

#include "lib/clock.h"
#include "lib/futex.h"
#include "lib/limits.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

// Less than this is not worth a question.
#define LARGE_BYTES (64U << 20)

// As much as one page of page table entries maps.
#define POPULATE_BYTES ((size_t)2 << 20)

// Where the linker has put the program's code.
extern const char __executable_start[], etext[];

#ifndef MADV_POPULATE_WRITE // not in older C libraries
#define MADV_POPULATE_READ  22
#define MADV_POPULATE_WRITE 23
#endif

// How often a parent that gathers its workers asks whether there is still hope.
#define GATHER_STEP_NS (10 * NS_PER_SECOND / 1000)

// For a last look of the memory observer, which takes about a second at 10,000 processes.
#define OBSERVER_PATIENCE_NS (10 * NS_PER_SECOND)
#define OBSERVER_LOOK_NS     (NS_PER_SECOND / 10) // is it still there?

static size_t round_up(size_t size, size_t unit)
{
    return (size + unit - 1) / unit * unit;
}

// Shared, so that processes see it and can sleep on its words (lib/futex.h); populated,
// so that nobody pays for first touches while the clock runs.
static void *map_shared(size_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

int run_map(struct run *run, struct reason *reason)
{
    struct work *work = &run->work;
    uint32_t samples =
        work->workload->samples != NULL ? work->workload->samples(work) : 0;
    // Tasks that run on different CPUs must not write to the same cache line.
    work->outcome_stride =
        round_up(sizeof(struct outcome) + samples * sizeof(uint64_t), CACHE_LINE);
    // One mapping for both, because a fork copies each one that there is.
    size_t size = sizeof *run->board + work->outcome_stride * work->tasks;
    int error = size < LARGE_BYTES ? 0 : limits_check_memory(size, reason);
    if (error != 0)
        return error;
    run->board = map_shared(size);
    if (run->board == NULL) {
        return reason_set(
            reason, -ENOMEM,
            "cannot map %zu MiB for the outcomes of %u tasks: %s; lower --tasks",
            size >> 20, work->tasks, strerror(errno));
    }
    work->outcomes = (unsigned char *)(run->board + 1);
    run->shared_bytes = size;
    return 0;
}

// A kernel before 5.14 does not know how; then the worker faults as it goes.
void run_populate(const struct run *run)
{
    size_t size =
        run->shared_bytes <= POPULATE_BYTES ? run->shared_bytes : sizeof *run->board;
    madvise(run->board, size, MADV_POPULATE_WRITE);
    run_populate_shared(POPULATE_BYTES);
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    uintptr_t code = (uintptr_t)__executable_start / page * page;
    madvise((void *)code, (uintptr_t)etext - code, MADV_POPULATE_READ);
    clock_now_ns(); // the kernel's page with the time
}

void run_note(struct run *run, const char *format, ...)
{
    if (run->note_count == RUN_NOTES)
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(run->notes[run->note_count], sizeof run->notes[0], format, arguments);
    va_end(arguments);
    run->note_count++;
}

// ---- tasks ---------------------------------------------------------------------------

// Relaxed order is enough for the counters: each stands for itself, and outcomes are
// read only after all workers have been joined.
static void raise_peak(struct board *board, uint32_t in_flight)
{
    uint32_t peak = atomic_load_explicit(&board->peak_in_flight, memory_order_relaxed);
    while (in_flight > peak &&
           !atomic_compare_exchange_weak_explicit(&board->peak_in_flight, &peak,
                                                  in_flight, memory_order_relaxed,
                                                  memory_order_relaxed)) {
    }
}

// Workers are numbered as they take their first tasks: processes, threads and loops alike.
static uint32_t worker_number(struct board *board)
{
    static _Thread_local uint32_t number; // from 1; 0: this worker has none yet
    if (number == 0)
        number = 1 + atomic_fetch_add_explicit(&board->numbered, 1, memory_order_relaxed);
    return number - 1;
}

//DOC: run-take
bool run_take(struct run *run, struct task *task)
{
    struct board *board = run->board;
    uint32_t index = atomic_fetch_add_explicit(&board->next, 1, memory_order_relaxed);
    if (index >= run->work.tasks)
        return false;
    raise_peak(board,
               1 + atomic_fetch_add_explicit(&board->in_flight, 1, memory_order_relaxed));
    task->work = &run->work;
    task->index = index;
    task->worker = worker_number(board);
    task->outcome = outcome_at(&run->work, index);
    return true;
}

void run_finish(struct run *run, struct task *task, int error)
{
    struct board *board = run->board;
    task->outcome->error = error;
    task->outcome->runs++;
    atomic_fetch_sub_explicit(&board->in_flight, 1, memory_order_relaxed);
    uint32_t finished =
        1 + atomic_fetch_add_explicit(&board->finished, 1, memory_order_relaxed);
    if (finished < run->work.tasks)
        return;
    atomic_store_explicit(&board->finished_ns, clock_now_ns(), memory_order_relaxed);
    futex_wake(&board->finished, 1, FUTEX_PROCESSES);
}

void run_lose(struct run *run)
{
    atomic_fetch_sub_explicit(&run->board->in_flight, 1, memory_order_relaxed);
}

bool run_await_finish(struct run *run, uint64_t timeout_ns)
{
    uint64_t deadline_ns = clock_now_ns() + timeout_ns;
    uint32_t finished;
    while ((finished = atomic_load(&run->board->finished)) < run->work.tasks) {
        if (clock_now_ns() >= deadline_ns)
            return false;
        futex_wait(&run->board->finished, finished, deadline_ns, FUTEX_PROCESSES);
    }
    return true;
}

// ---- the gate ------------------------------------------------------------------------

// Page faults of the calling thread when it passed the gate.
static _Thread_local uint64_t faults_at_gate;

static uint64_t faults_so_far(void)
{
    struct rusage usage;
    return getrusage(RUSAGE_THREAD, &usage) == 0 ? (uint64_t)usage.ru_minflt : 0;
}

// Only where looking disturbs no measurement.
static bool is_observed(const struct board *board)
{
    return atomic_load_explicit(&board->staying, memory_order_relaxed) != 0;
}

//DOC: run-gate
// Only the last arrival has something to tell: waking the parent for each of 10,000
// workers would cost 10,000 context switches. `gathering` and `waiting` are both
// sequentially consistent, so either the parent sees the last arrival or the last
// arrival sees that the parent waits for it.
void run_wait_at_gate(struct run *run)
{
    struct board *board = run->board;
    if (is_observed(board))
        faults_at_gate = faults_so_far();
    uint32_t waiting = 1 + atomic_fetch_add(&board->waiting, 1);
    if (waiting == atomic_load(&board->gathering))
        futex_wake(&board->waiting, 1, FUTEX_PROCESSES);
    while (atomic_load_explicit(&board->open, memory_order_acquire) == 0)
        futex_wait(&board->open, 0, FUTEX_FOREVER, FUTEX_PROCESSES);
}

bool run_gather(struct run *run, uint32_t workers, bool (*gave_up)(void *context),
                void *context)
{
    struct board *board = run->board;
    atomic_store(&board->gathering, workers);
    for (;;) {
        uint32_t waiting = atomic_load(&board->waiting);
        if (waiting >= workers)
            return true;
        if (gave_up != NULL && gave_up(context))
            return false;
        futex_wait(&board->waiting, waiting, clock_now_ns() + GATHER_STEP_NS,
                   FUTEX_PROCESSES);
    }
}

void run_open_gate(struct run *run)
{
    if (is_observed(run->board))
        faults_at_gate = faults_so_far();
    run->milestones.spawned_ns = clock_now_ns();
    atomic_store(&run->board->opened_ns, run->milestones.spawned_ns);
    atomic_store_explicit(&run->board->open, 1, memory_order_release);
    futex_wake(&run->board->open, INT_MAX, FUTEX_PROCESSES);
}

void run_notice(struct run *run, uint64_t now_ns)
{
    uint64_t unknown = 0;
    atomic_compare_exchange_strong(&run->board->noticed_ns, &unknown, now_ns);
}

// Has somebody killed it? Nobody else holds the other end.
static bool observer_has_ended(struct board *board)
{
    struct pollfd watched = {.fd = atomic_load(&board->observer)};
    return watched.fd > 0 && poll(&watched, 1, 0) == 1 &&
           (watched.revents & POLLHUP) != 0;
}

void run_leave(struct run *run)
{
    struct board *board = run->board;
    if (!is_observed(board))
        return;
    atomic_fetch_add(&board->late_faults, faults_so_far() - faults_at_gate);
    atomic_fetch_add(&board->leaving, 1);
    while (!run_await_leave(run, OBSERVER_LOOK_NS)) {
        uint64_t finished_ns = atomic_load(&board->finished_ns);
        bool late =
            finished_ns != 0 && clock_now_ns() > finished_ns + OBSERVER_PATIENCE_NS;
        if (late || observer_has_ended(board))
            run_let_leave(run);
    }
}

bool run_await_leave(const struct run *run, uint64_t timeout_ns)
{
    uint64_t deadline_ns = clock_now_ns() + timeout_ns;
    while (atomic_load(&run->board->staying) != 0) {
        if (clock_now_ns() >= deadline_ns)
            return false;
        futex_wait(&run->board->staying, 1, deadline_ns, FUTEX_PROCESSES);
    }
    return true;
}

void run_abandon(struct run *run)
{
    atomic_store(&run->board->next, run->work.tasks);
    run_let_leave(run);
}

void run_let_leave(const struct run *run)
{
    atomic_store(&run->board->staying, 0);
    futex_wake(&run->board->staying, INT_MAX, FUTEX_PROCESSES);
}

// SPDX-License-Identifier: MIT
//
// The memory observer: see memory.h.
#define _GNU_SOURCE // pipe2() is Linux; MAP_ANONYMOUS is Linux and BSD, not POSIX
#include "runners/common/memory.h"

#include "lib/clock.h"
#include "lib/cpus.h"
#include "lib/limits.h"
#include "lib/process.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// ---- the observer ----------------------------------------------------------------------

// Looks while tasks run, without spending more than a fifth of the time on it, and once
// more when all workers wait to leave; then lets them.
_Noreturn static void observer_main(const struct run *run, struct memory_report *report)
{
    static const struct timespec millisecond = {.tv_nsec = 1000 * 1000};
    struct process_tree tree = {0};
    pid_t root = getppid();
    bool last = false;
    bool known = process_tree_known(); // else sums mean nothing
    cpus_unpin();                      // not to stand in the way of the workers
    while (!last && atomic_load(&report->stop) == 0) {
        uint64_t began_ns = clock_now_ns();
        last = atomic_load(&run->board->leaving) >= run->workers;
        uint64_t bytes = process_tree_bytes(&tree, root, run->work.peer);
        if (bytes > atomic_load(&report->peak))
            atomic_store(&report->peak, bytes);
        uint64_t looked_ns = clock_now_ns() - began_ns;
        while (!last && clock_now_ns() < began_ns + 5 * looked_ns &&
               atomic_load(&run->board->leaving) < run->workers &&
               atomic_load(&report->stop) == 0)
            nanosleep(&millisecond, NULL);
    }
    if ((last || run->work.workload->deaths != NULL) && known)
        atomic_store(&report->complete, 1);
    run_let_leave(run);
    _exit(EXIT_FINE);
}

int memory_observe(struct memory_observer *observer, const struct run *run,
                   struct reason *reason)
{
    observer->report = mmap(NULL, sizeof *observer->report, PROT_READ | PROT_WRITE,
                            MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (observer->report == MAP_FAILED)
        return reason_set(reason, -errno, "cannot map memory for --memory: %s",
                          strerror(errno));
    // A worker that has died would be waited for in vain.
    bool fatal = run->work.workload->deaths != NULL;
    atomic_store(&run->board->staying, !fatal);
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return limits_refuse(-errno, reason,
                             "cannot make a pipe for the memory observer");
    pid_t pid = process_fork_apart();
    if (pid == 0)
        observer_main(run, observer->report);
    close(ends[1]); // the end of the observer is that of the pipe, whoever ends it
    atomic_store(&run->board->observer, ends[0]);
    if (pid < 0)
        return limits_refuse((int)pid, reason, "cannot fork the memory observer");
    observer->pid = pid;
    return 0;
}

uint64_t memory_finish(struct memory_observer *observer)
{
    int status;
    if (observer->pid == 0)
        return 0;
    struct memory_report *report = observer->report;
    atomic_store(&report->stop, 1);
    process_wait_or_kill(observer->pid, &status, NS_PER_SECOND);
    uint64_t peak = atomic_load(&report->complete) ? atomic_load(&report->peak) : 0;
    munmap(observer->report, sizeof *observer->report);
    return peak;
}

// SPDX-License-Identifier: MIT
//
// A model in a process of its own: see apart.h.
//
// It is the leader of a process group, to which all its workers belong, so that they can
// be killed together; and this process is made the one that inherits them (a "subreaper"),
// so that it can wait until the last one is gone.
#define _GNU_SOURCE // MAP_ANONYMOUS, and syscall(SYS_pidfd_open)
#include "runners/common/apart.h"

#include "lib/clock.h"
#include "lib/process.h"
#include "runners/model.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// Results of the other process, if it ends of its own accord.
struct legacy {
    int error;
    struct reason reason;
    char notes[RUN_NOTES][200];
    unsigned note_count;
};

_Noreturn static void live_apart(struct run *run, struct legacy *legacy)
{
    static const struct rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    legacy->error = model.run(run, &legacy->reason);
    memcpy(legacy->notes, run->notes, sizeof legacy->notes);
    legacy->note_count = run->note_count;
    _exit(EXIT_FINE);
}

// Waits until the process has ended, or the time is over; says whether it has.
static bool await_end(pid_t pid, uint64_t patience_ns)
{
    uint64_t deadline_ns = clock_now_ns() + patience_ns;
    struct pollfd end = {.fd = (int)syscall(SYS_pidfd_open, pid, 0), .events = POLLIN};
    bool ended = false;
    for (uint64_t now_ns = clock_now_ns(); !ended && now_ns < deadline_ns;
         now_ns = clock_now_ns())
        ended = poll(&end, 1, (int)((deadline_ns - now_ns) / 1000000) + 1) == 1;
    close(end.fd);
    return ended;
}

// Ends what is left of the group, and waits for all of it.
static void end_group(pid_t leader, int *status)
{
    int ignored;
    kill(-leader, SIGKILL);
    process_wait(leader, status, 0);
    while (process_wait(-leader, &ignored, 0) > 0) {
    }
}

// Judges its end as seen from outside. A death is noted, and is no error.
static int judge(struct run *run, const struct legacy *legacy, bool in_time, int status,
                 struct reason *reason)
{
    char end[80];
    if (in_time && WIFEXITED(status) && WEXITSTATUS(status) == EXIT_FINE) {
        *reason = legacy->reason;
        memcpy(run->notes, legacy->notes, sizeof run->notes);
        run->note_count = legacy->note_count;
        return legacy->error;
    }
    process_describe_status(status, end, sizeof end);
    run_note(run,
             in_time ? "the process of all workers %s"
                     : "patience was over: the process of all workers %s",
             end);
    return 0;
}

static int watch(struct run *run, pid_t pid, const struct legacy *legacy,
                 struct reason *reason)
{
    int status = 0;
    uint64_t unknown = 0;
    bool in_time = await_end(pid, run->work.workload->deaths->patience_ns(&run->work));
    uint64_t seen_ns = clock_now_ns();
    end_group(pid, &status);
    int error = judge(run, legacy, in_time, status, reason);
    struct board *board = run->board;
    if (!in_time || !WIFEXITED(status) || WEXITSTATUS(status) != EXIT_FINE)
        run_notice(run, seen_ns);
    // There may be tasks that never finished: then the run was over when its process was.
    atomic_compare_exchange_strong(&board->finished_ns, &unknown, seen_ns);
    run->milestones.spawned_ns = atomic_load(&board->opened_ns);
    return error;
}

int apart_run(struct run *run, struct reason *reason)
{
    struct legacy *legacy = mmap(NULL, sizeof *legacy, PROT_READ | PROT_WRITE,
                                 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (legacy == MAP_FAILED)
        return reason_set(reason, -errno, "cannot map memory: %s", strerror(errno));
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    pid_t pid = process_fork_apart();
    if (pid == 0)
        live_apart(run, legacy);
    int error = pid > 0 ? watch(run, pid, legacy, reason)
                        : reason_set(reason, (int)pid, "cannot fork the model: %s",
                                     strerror((int)-pid));
    munmap(legacy, sizeof *legacy);
    return error;
}

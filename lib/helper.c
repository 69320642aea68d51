// SPDX-License-Identifier: MIT
//
// Starting and ending a helper process: see helper.h.
#define _GNU_SOURCE // SOCK_CLOEXEC, sched_setaffinity(): Linux, not POSIX
#include "lib/helper.h"

#include "lib/cpus.h"
#include "lib/limits.h"
#include "lib/process.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

// ---- start ---------------------------------------------------------------------------

// A child inherits what its parent has arranged for itself, which is not meant for it.
static void signals_reset(void)
{
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    signal(SIGCHLD, SIG_DFL);
    signal(SIGIO, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

// Goes to its CPUs. The parent may have been pinned to its own ones already, and a child
// inherits that: so first everywhere (the kernel leaves out what is forbidden), then there.
static int cpus_choose(const char *cpus, struct reason *reason)
{
    if (cpus == NULL)
        return 0;
    cpu_set_t all;
    memset(&all, 0xff, sizeof all);
    (void)sched_setaffinity(0, sizeof all, &all);
    return cpus_pin(cpus, reason);
}

_Noreturn static void live(const struct helper_job *job, int control)
{
    struct reason reason;
    prctl(PR_SET_NAME, job->name);
    signals_reset();
    limits_raise();
    int error = cpus_choose(job->cpus, &reason);
    if (error != 0)
        warn("%s: %s", job->what, reason.text);
    else
        error = job->live(job->argument, control);
    atomic_store_explicit(job->failure, error, memory_order_relaxed);
    _exit(error == 0 ? EXIT_SUCCESS : EXIT_FAILURE);
}

int helper_start(struct helper *helper, const struct helper_job *job,
                 struct reason *reason)
{
    int control[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, control) != 0)
        return reason_set(reason, -errno, "cannot start %s: %s", job->what,
                          strerror(errno));
    pid_t pid = process_fork_apart();
    if (pid == 0) {
        close(control[0]); // or the end of the parent would not be seen on control[1]
        live(job, control[1]);
    }
    close(control[1]);
    if (pid < 0) {
        close(control[0]);
        return limits_refuse((int)pid, reason, "cannot start %s", job->what);
    }
    *helper = (struct helper){
        .pid = pid, .control = control[0], .what = job->what, .failure = job->failure};
    return 0;
}

// ---- stop ----------------------------------------------------------------------------

// The helper holds the other end of the control socket until it ends, so its end is ours to
// see. Returns false when it has not come in time.
static bool end_await(const struct helper *helper)
{
    struct pollfd watched = {.fd = helper->control, .events = POLLIN};
    int ready;
    do {
        ready = poll(&watched, 1, HELPER_STOP_LIMIT_MS);
    } while (ready < 0 && errno == EINTR);
    return ready > 0;
}

// How it ended when it should still have been running.
static int early_end(const struct helper *helper, int status, struct reason *reason)
{
    char end[80];
    process_describe_status(status, end, sizeof end);
    int failure = atomic_load(helper->failure);
    if (limits_is_refusal(failure))
        return limits_refuse(failure, reason, "%s (process %d) %s", helper->what,
                             (int)helper->pid, end);
    return reason_set(reason, -EIO, "%s (process %d) %s during the run%s%s", helper->what,
                      (int)helper->pid, end, failure != 0 ? ": " : "",
                      failure != 0 ? strerror(-failure) : "");
}

static bool ended_well(int status)
{
    return WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS;
}

static int process_stop(const struct helper *helper, bool may_have_ended,
                        struct reason *reason)
{
    int status = 0;
    pid_t ended = process_wait(helper->pid, &status, WNOHANG);
    if (ended < 0)
        return reason_set(reason, -EIO,
                          "%s (process %d) ended during the run, and its status was "
                          "taken by somebody else",
                          helper->what, (int)helper->pid);
    if (ended > 0)
        return may_have_ended && ended_well(status) ? 0
                                                    : early_end(helper, status, reason);
    shutdown(helper->control, SHUT_WR);
    bool in_time = end_await(helper);
    if (!in_time)
        kill(helper->pid, SIGKILL);
    process_wait(helper->pid, &status, 0);
    if (!in_time)
        return reason_set(reason, -ETIMEDOUT, "%s (process %d) did not end within %d ms",
                          helper->what, (int)helper->pid, HELPER_STOP_LIMIT_MS);
    return ended_well(status) ? 0 : early_end(helper, status, reason);
}

int helper_stop(struct helper *helper, bool may_have_ended, struct reason *reason)
{
    if (helper->pid == 0)
        return 0;
    int error = process_stop(helper, may_have_ended, reason);
    close(helper->control);
    helper->pid = 0;
    return error;
}

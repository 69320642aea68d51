// SPDX-License-Identifier: MIT
//
// Child processes: see process.h.
#include "lib/process.h"

#include "lib/clock.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

void process_reset_signals(void)
{
    sigset_t needed;
    sigemptyset(&needed);
    sigaddset(&needed, SIGCHLD);
    sigaddset(&needed, SIGALRM);
    signal(SIGCHLD, SIG_DFL);
    signal(SIGALRM, SIG_DFL);
    sigprocmask(SIG_UNBLOCK, &needed, NULL);
}

// Hot, so that the linker puts it beside its callers at the front of the program. The
// kernel does not copy a table of file pages at a fork: a child faults in the 64 KiB of
// code around each place that it comes to, and lib/ is far behind what calls it.
__attribute__((hot)) pid_t process_fork(void)
{
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid < 0)
        return -errno;
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) // the parent died before the line above
            _exit(1);
    }
    return pid;
}

// Both sides set the group: whoever comes first wins, and neither has to wait.
pid_t process_fork_apart(void)
{
    pid_t pid = process_fork();
    if (pid == 0)
        setpgid(0, 0);
    else if (pid > 0)
        setpgid(pid, pid);
    return pid;
}

pid_t process_wait(pid_t pid, int *status, int options)
{
    pid_t ended;
    do {
        ended = waitpid(pid, status, options);
    } while (ended < 0 && errno == EINTR);
    return ended < 0 ? -errno : ended;
}

// Polls every millisecond: this is for ends of runs, where nothing is timed any more.
pid_t process_wait_or_kill(pid_t pid, int *status, uint64_t timeout_ns)
{
    static const struct timespec millisecond = {.tv_nsec = 1000000};
    uint64_t deadline_ns = clock_now_ns() + timeout_ns;
    while (clock_now_ns() < deadline_ns) {
        pid_t ended = process_wait(pid, status, WNOHANG);
        if (ended != 0)
            return ended;
        nanosleep(&millisecond, NULL);
    }
    kill(pid, SIGKILL);
    return process_wait(pid, status, 0);
}

void process_describe_status(int status, char *text, size_t size)
{
    if (WIFSIGNALED(status)) {
        int number = WTERMSIG(status);
        snprintf(text, size, "was killed by signal %d (%s)", number, strsignal(number));
    } else {
        snprintf(text, size, "exited with code %d", WEXITSTATUS(status));
    }
}

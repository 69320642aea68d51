// SPDX-License-Identifier: MIT
//
// command_child.c - see command_child.h. The command leads a process group; this program is
// the subreaper of all that it starts, so that what it leaves behind becomes a child of
// ours: it is seen, counted and killed.
#define _GNU_SOURCE // pipe2()
#include "tools/command_child.h"

#include "lib/clock.h"
#include "lib/options.h"
#include "lib/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define COMPLAINT_KEPT 8192                // bytes of standard error, from its end
#define GRACE_NS       UINT64_C(20000000)  // for what ends just behind the command
#define LEFT_MOST_NS   (5 * NS_PER_SECOND) // until what was left behind has gone
#define NS_PER_MS      UINT64_C(1000000)

enum { OUT, ERR, SIGNALS, WATCHED };

// A run in the making.
struct run {
    const struct command_child *child;
    struct command_outcome *outcome;
    struct reason *reason;
    struct pollfd watched[WATCHED];
    pid_t pid;
    bool ended;
    size_t kept;
    char said[COMPLAINT_KEPT];
};

// ---- the child -----------------------------------------------------------------------

// Failures go to the parent through `status` as an errno.
static _Noreturn void give_up(int status)
{
    int error = errno;
    ssize_t ignored = write(status, &error, sizeof error);
    (void)ignored;
    _exit(127);
}

static _Noreturn void become(const struct command_child *child, int out, int err,
                             int status)
{
    sigset_t none;
    sigemptyset(&none);
    setpgid(0, 0);
    int in = open(child->input == NULL ? "/dev/null" : child->input, O_RDONLY);
    if (in < 0 || dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 ||
        dup2(err, STDERR_FILENO) < 0)
        give_up(status);
    if (in > STDERR_FILENO)
        close(in);
    if (child->directory != NULL && chdir(child->directory) != 0)
        give_up(status);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execvp(child->argv[0], child->argv);
    give_up(status);
}

// Waits until the child has become the command. 0 or -errno.
static int has_started(int status)
{
    int error = 0;
    ssize_t length;
    do
        length = read(status, &error, sizeof error);
    while (length < 0 && errno == EINTR);
    close(status);
    return length == (ssize_t)sizeof error ? -error : 0;
}

static int start(struct run *run)
{
    int out[2];
    int err[2];
    int status[2];
    if (pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0 ||
        pipe2(status, O_CLOEXEC) != 0)
        return -errno;
    run->outcome->started_ns = clock_now_ns();
    run->pid = process_fork();
    if (run->pid < 0)
        return (int)run->pid;
    if (run->pid == 0)
        become(run->child, out[1], err[1], status[1]);
    close(out[1]);
    close(err[1]);
    close(status[1]);
    run->watched[OUT] = (struct pollfd){.fd = out[0], .events = POLLIN};
    run->watched[ERR] = (struct pollfd){.fd = err[0], .events = POLLIN};
    for (int i = OUT; i <= ERR; i++)
        fcntl(run->watched[i].fd, F_SETFL, O_NONBLOCK);
    return has_started(status[0]);
}

// ---- what it prints --------------------------------------------------------------------

// FNV-1a, 64 bits: byte by byte, so that it does not matter how the pipe has cut them.
static void digest(struct command_outcome *outcome, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        outcome->output_digest =
            (outcome->output_digest ^ (unsigned char)bytes[i]) * UINT64_C(0x100000001b3);
        outcome->output_bytes++;
    }
}

static void keep_said(struct run *run, const char *bytes, size_t size)
{
    if (size > COMPLAINT_KEPT) {
        bytes += size - COMPLAINT_KEPT;
        size = COMPLAINT_KEPT;
    }
    if (run->kept + size > COMPLAINT_KEPT) {
        size_t drop = run->kept + size - COMPLAINT_KEPT;
        memmove(run->said, run->said + drop, run->kept - drop);
        run->kept -= drop;
    }
    memcpy(run->said + run->kept, bytes, size);
    run->kept += size;
}

// Takes what there is. False at the end of the stream.
static bool take(struct run *run, int which)
{
    static char buffer[1 << 16];
    ssize_t length;
    while ((length = read(run->watched[which].fd, buffer, sizeof buffer)) > 0) {
        if (which == OUT)
            digest(run->outcome, buffer, (size_t)length);
        else
            keep_said(run, buffer, (size_t)length);
        if (run->outcome->output_bytes > run->child->output_most)
            return true;
    }
    return length < 0 && (errno == EAGAIN || errno == EINTR);
}

static bool says_error(const char *line)
{
    static const char *const words[] = {"rror", "ERROR", "atal", "annot", "ailed"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strstr(line, words[i]) != NULL)
            return true;
    return false;
}

// The first line that speaks of an error, else the last one.
static void find_complaint(struct run *run)
{
    char *rest = NULL;
    char text[COMPLAINT_KEPT + 1];
    char *best = NULL;
    memcpy(text, run->said, run->kept);
    text[run->kept] = '\0';
    for (char *line = strtok_r(text, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        best = line;
        if (says_error(line))
            break;
    }
    snprintf(run->outcome->complaint, sizeof run->outcome->complaint, "%s",
             best == NULL ? "" : best);
}

// ---- how it ends -----------------------------------------------------------------------

// Takes leave of all children that have ended. True while others live.
static bool reap(struct run *run)
{
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        if (pid != run->pid)
            continue;
        run->ended = true;
        run->outcome->ended_ns = clock_now_ns();
        run->outcome->exit_code =
            WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    return pid == 0;
}

// Kills our children, and counts them.
static unsigned kill_children(void)
{
    char path[64];
    unsigned count = 0;
    long pid;
    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    FILE *list = fopen(path, "re");
    while (list != NULL && fscanf(list, "%ld", &pid) == 1) {
        kill((pid_t)pid, SIGKILL);
        count++;
    }
    if (list != NULL)
        fclose(list);
    return count;
}

// Ends all that still runs: the children of a process that ends become ours, and are
// found in the next turn. Returns how many were met at once.
static unsigned end_all(struct run *run)
{
    unsigned left = 0;
    uint64_t begin = clock_now_ns();
    while (reap(run) && clock_now_ns() < begin + LEFT_MOST_NS) {
        if (!run->ended || clock_now_ns() > begin + GRACE_NS) {
            unsigned met = kill_children();
            left = met > left ? met : left; // many turns may see the same one
            kill(-run->pid, SIGKILL);
        }
        poll(NULL, 0, 1);
    }
    return left;
}

// 0, or the signal that wants us to stop.
static int take_signals(struct run *run)
{
    struct signalfd_siginfo info;
    int stop = 0;
    while (read(run->watched[SIGNALS].fd, &info, sizeof info) == (ssize_t)sizeof info)
        if (info.ssi_signo != SIGCHLD)
            stop = (int)info.ssi_signo;
    reap(run);
    return stop;
}

static int watch_signals(struct run *run)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigprocmask(SIG_BLOCK, &set, NULL);
    run->watched[SIGNALS] =
        (struct pollfd){.fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK),
                        .events = POLLIN};
    return run->watched[SIGNALS].fd < 0 ? -errno : 0;
}

static int refuse_time(const struct run *run)
{
    char limit[32];
    quantity_format(OPTION_DURATION, run->child->limit_ns, limit, sizeof limit);
    return reason_set(run->reason, -ETIMEDOUT, "it had not ended after %s", limit);
}

// One wait. 0, or why the command has to be ended.
static int turn(struct run *run, uint64_t deadline)
{
    uint64_t now = clock_now_ns();
    if (now >= deadline)
        return refuse_time(run);
    int patience = (int)((deadline - now) / NS_PER_MS) + 1;
    if (poll(run->watched, WATCHED, patience) < 0 && errno != EINTR)
        return reason_set(run->reason, -errno, "poll: %s", strerror(errno));
    for (int i = OUT; i <= ERR; i++)
        if (run->watched[i].revents != 0 && !take(run, i))
            run->watched[i].fd = -1; // poll() passes over it
    if (run->outcome->output_bytes > run->child->output_most)
        return reason_set(run->reason, -EFBIG,
                          "it prints more than %llu bytes on standard output; send them "
                          "to a file or to /dev/null",
                          (unsigned long long)run->child->output_most);
    if (run->watched[SIGNALS].revents != 0 && take_signals(run) != 0)
        return reason_set(run->reason, -EINTR, "told to stop");
    return 0;
}

int command_child_run(const struct command_child *child, struct command_outcome *outcome,
                      struct reason *reason)
{
    static struct run run; // its buffer is large
    run = (struct run){.child = child, .outcome = outcome, .reason = reason};
    *outcome = (struct command_outcome){.output_digest = UINT64_C(0xcbf29ce484222325)};
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    int error = watch_signals(&run);
    if (error == 0)
        error = start(&run);
    if (error != 0)
        return reason_set(reason, error, "cannot start '%.100s': %s", child->argv[0],
                          strerror(-error));
    uint64_t deadline = outcome->started_ns + child->limit_ns;
    while (error == 0 && !run.ended)
        error = turn(&run, deadline);
    for (int i = OUT; i <= ERR; i++)
        if (run.watched[i].fd >= 0)
            take(&run, i);
    unsigned met = end_all(&run);
    outcome->left = error == 0 ? met : 0;
    find_complaint(&run);
    return error;
}

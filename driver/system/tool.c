// SPDX-License-Identifier: MIT
//
// Starting a program, waiting for its end, ending it. See tool.h.
#define _GNU_SOURCE // pipe2(), SIGXFSZ, memfd_create()
#include "driver/system/tool.h"

#include "driver/system/interrupt.h"
#include "lib/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define TICK_NS  NS_PER_SECOND
#define GRACE_NS (NS_PER_SECOND / 5) // between asking a group to end and killing it
#define REAP_NS  (NS_PER_SECOND * 2) // for the kernel to take killed processes apart
#define PAUSE_NS (NS_PER_SECOND / 200)

// ---- the end of a process group ----------------------------------------------------

void tool_adopt_orphans(void)
{
    prctl(PR_SET_CHILD_SUBREAPER, 1);
}

// Collects what has ended, orphans included; true while some of the group is alive.
static bool group_alive(pid_t group)
{
    while (waitpid(-1, NULL, WNOHANG) > 0)
        ;
    return kill(-group, 0) == 0;
}

static void group_await(pid_t group, uint64_t timeout_ns)
{
    uint64_t deadline = clock_now_ns() + timeout_ns;
    struct timespec pause = clock_timespec(PAUSE_NS);
    while (group_alive(group) && clock_now_ns() < deadline)
        nanosleep(&pause, NULL);
}

// ---- one program -------------------------------------------------------------------

// In the child, between fork and exec. Returns only when exec failed.
static void become(const struct tool *tool, const sigset_t *mask)
{
    setpgid(0, 0);
    if (tool->janitor != NULL)
        janitor_guard(tool->janitor, getpid());
    signal(SIGPIPE, SIG_DFL);
    signal(SIGXFSZ, SIG_DFL);
    sigprocmask(SIG_SETMASK, mask, NULL);
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (dup2(null, STDIN_FILENO) < 0 || dup2(tool->output_fd, STDOUT_FILENO) < 0 ||
        dup2(tool->error_fd, STDERR_FILENO) < 0)
        return;
    // execvp() does not write to the strings; its type is older than const.
    execvp(tool->argv[0], (char *const *)(uintptr_t)tool->argv);
}

// Forks and execs. The pid, or -errno of whatever failed, exec included: the child
// sends errno through a pipe that a successful exec closes.
static pid_t tool_start(const struct tool *tool, const sigset_t *mask)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return -errno;
    pid_t pid = fork();
    if (pid == 0) {
        become(tool, mask);
        int error = errno;
        ssize_t ignored = write(ends[1], &error, sizeof error);
        (void)ignored;
        _exit(127);
    }
    int error = pid < 0 ? errno : 0;
    close(ends[1]);
    if (pid > 0) {
        setpgid(pid, pid); // whoever is first; fails harmlessly after the exec
        ssize_t length;
        do
            length = read(ends[0], &error, sizeof error);
        while (length < 0 && errno == EINTR);
        if (length == (ssize_t)sizeof error)
            waitpid(pid, NULL, 0);
    }
    close(ends[0]);
    return error != 0 ? -error : pid;
}

// Waits until the tool.has ended, without reaping it: 0, -ETIMEDOUT or -EINTR.
static int tool_await(const struct tool *tool, pid_t pid, const sigset_t *set)
{
    uint64_t deadline = clock_now_ns() + tool->timeout_ns;
    for (;;) {
        siginfo_t info = {0};
        if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0)
            return -errno;
        if (info.si_pid == pid)
            return 0;
        if (interrupt_wanted(0))
            return -EINTR;
        uint64_t now = clock_now_ns();
        if (now >= deadline)
            return -ETIMEDOUT;
        uint64_t left = deadline - now;
        if (interrupt_await(set, left < TICK_NS ? left : TICK_NS) == 0 &&
            tool->tick != NULL)
            tool->tick(tool->context);
    }
}

static int exit_code_of(int status)
{
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

// Ends what is left of the group and reaps it. All is killed before the leader is
// reaped: until then its number, which names the group, cannot come to stand for
// anything else.
static int tool_finish(const struct tool *tool, pid_t pid, int error)
{
    if (error != 0) {
        struct timespec grace = clock_timespec(GRACE_NS);
        kill(-pid, SIGTERM);
        nanosleep(&grace, NULL);
    }
    kill(-pid, SIGKILL);
    if (tool->janitor != NULL)
        janitor_guard(tool->janitor, 0);
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    group_await(pid, REAP_NS);
    return error != 0 ? error : exit_code_of(status);
}

// Blocks what is waited for; the old mask goes to the child and comes back at the end.
static void signals_hold(sigset_t *waited, sigset_t *mask)
{
    interrupt_signals(waited);
    sigaddset(waited, SIGCHLD);
    sigprocmask(SIG_BLOCK, waited, mask);
}

// The child starts with the signals of a fresh program, whatever the driver holds back.
static sigset_t child_mask(const sigset_t *mask)
{
    sigset_t child = *mask;
    sigdelset(&child, SIGINT);
    sigdelset(&child, SIGTERM);
    sigdelset(&child, SIGHUP);
    sigdelset(&child, SIGCHLD);
    return child;
}

int tool_run(const struct tool *tool, struct reason *reason)
{
    sigset_t waited;
    sigset_t mask;
    signals_hold(&waited, &mask);
    sigset_t child = child_mask(&mask);
    pid_t pid = tool_start(tool, &child);
    int end = pid;
    if (pid > 0)
        end = tool_finish(tool, pid, tool_await(tool, pid, &waited));
    sigprocmask(SIG_SETMASK, &mask, NULL);

    if (end == -ETIMEDOUT)
        return reason_set(reason, end, "'%s' did not end within %llu s and was killed",
                          tool->argv[0],
                          (unsigned long long)(tool->timeout_ns / NS_PER_SECOND));
    if (end == -EINTR)
        return reason_set(reason, end, "interrupted");
    if (end < 0)
        return reason_set(reason, end, "cannot run '%s': %s", tool->argv[0],
                          strerror(-end));
    return end;
}

int tool_run_logged(const char *const *argv, const char *log_path, uint64_t timeout_ns,
                    const struct janitor *janitor, struct reason *reason)
{
    int log = open(log_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (log < 0)
        return reason_set(reason, -errno, "cannot write '%.300s': %s", log_path,
                          strerror(errno));
    struct janitor guard = *janitor;
    struct tool tool = {.argv = argv,
                        .output_fd = log,
                        .error_fd = log,
                        .timeout_ns = timeout_ns,
                        .janitor = &guard};
    int end = tool_run(&tool, reason);
    close(log);
    return end;
}

static void read_back(FILE *file, const struct tool_text *to)
{
    rewind(file);
    to->text[fread(to->text, 1, to->size - 1, file)] = '\0';
}

// A file without a name: where a file system has none (O_TMPFILE), tmpfile() makes one with a
// name first, which stays if the driver is killed in between.
static FILE *nameless_file(void)
{
    int fd = memfd_create("quartet-tool", MFD_CLOEXEC);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w+e");
    if (file == NULL && fd >= 0)
        close(fd);
    return file;
}

int tool_capture_both(const char *const *argv, uint64_t timeout_ns,
                      const struct tool_text *printed, const struct tool_text *said,
                      struct reason *reason)
{
    FILE *output = nameless_file();
    FILE *errors = said == NULL ? fopen("/dev/null", "we") : nameless_file();
    int end;
    if (output == NULL || errors == NULL) {
        end = reason_set(reason, -errno, "cannot make a temporary file: %s",
                         strerror(errno));
        goto close_files;
    }
    struct tool tool = {.argv = argv,
                        .output_fd = fileno(output),
                        .error_fd = fileno(errors),
                        .timeout_ns = timeout_ns};
    end = tool_run(&tool, reason);
    if (end >= 0)
        read_back(output, printed);
    if (end >= 0 && said != NULL)
        read_back(errors, said);

close_files:
    if (output != NULL)
        fclose(output);
    if (errors != NULL)
        fclose(errors);
    return end;
}

int tool_capture(const char *const *argv, uint64_t timeout_ns, char *text, size_t size,
                 struct reason *reason)
{
    const struct tool_text printed = {text, size};
    return tool_capture_both(argv, timeout_ns, &printed, NULL, reason);
}

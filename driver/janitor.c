// SPDX-License-Identifier: MIT
//
// The janitor: a process that waits for the end of a pipe. See janitor.h.
#define _GNU_SOURCE // pipe2(): the pipe must never leak into a program that we start; nftw()
#include "driver/janitor.h"

#include "lib/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define GRACE_NS     (NS_PER_SECOND / 5) // between asking a group to end and killing it
#define PAUSE_NS     (NS_PER_SECOND / 100)
#define ATTEMPTS     20
#define FOLDERS_OPEN 16

static void pause_for(uint64_t duration_ns)
{
    struct timespec duration = clock_timespec(duration_ns);
    nanosleep(&duration, NULL);
}

// SIGTERM first: a runner may have something of its own to put away.
static void end_group(pid_t group)
{
    if (kill(-group, SIGTERM) != 0)
        return;
    uint64_t deadline = clock_now_ns() + GRACE_NS;
    while (clock_now_ns() < deadline) {
        if (kill(-group, 0) != 0)
            return;
        pause_for(PAUSE_NS);
    }
    kill(-group, SIGKILL);
}

static int remove_one(const char *path, const struct stat *status, int kind,
                      struct FTW *walk)
{
    (void)status;
    (void)kind;
    (void)walk;
    remove(path);
    return 0;
}

// Removes all that lies in the folder, and the folder; links are not followed. A program
// that is just dying may add one more file, so this is tried a few times.
static void remove_folder(const char *path)
{
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        nftw(path, remove_one, FOLDERS_OPEN, FTW_DEPTH | FTW_PHYS);
        if (access(path, F_OK) != 0)
            return;
        pause_for(PAUSE_NS);
    }
}

// A session of its own: neither Ctrl-C at the terminal nor its closing reaches it.
static _Noreturn void janitor_main(int lifeline, const char *folder)
{
    setsid();
    signal(SIGHUP, SIG_IGN);
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int fd = 0; null >= 0 && fd <= 2; fd++)
        dup2(null, fd);

    pid_t group = 0;
    for (;;) {
        pid_t news;
        ssize_t length = read(lifeline, &news, sizeof news);
        if (length == (ssize_t)sizeof news)
            group = news;
        else if (length == 0 || errno != EINTR)
            break;
    }
    if (group > 1)
        end_group(group);
    remove_folder(folder);
    _exit(0);
}

static int make_folder(struct janitor *janitor, struct reason *reason)
{
    const char *parent = getenv("TMPDIR");
    if (parent == NULL || parent[0] == '\0')
        parent = "/tmp";
    int length =
        snprintf(janitor->folder, sizeof janitor->folder, "%s/quartet-XXXXXX", parent);
    if (length < 0 || (size_t)length >= sizeof janitor->folder)
        return reason_set(reason, -ENAMETOOLONG, "TMPDIR is too long a name");
    if (mkdtemp(janitor->folder) == NULL) {
        int error = errno;
        return reason_set(reason, -error,
                          "cannot make a work folder in '%s': %s (set TMPDIR to a folder "
                          "that can be written)",
                          parent, strerror(error));
    }
    return 0;
}

int janitor_start(struct janitor *janitor, struct reason *reason)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        int error = errno;
        return reason_set(reason, -error, "cannot make a pipe: %s", strerror(error));
    }
    int error = make_folder(janitor, reason);
    if (error != 0)
        goto close_pipe;
    janitor->pid = fork();
    if (janitor->pid < 0) {
        error = reason_set(reason, -errno, "cannot start a process: %s", strerror(errno));
        goto remove_folder;
    }
    if (janitor->pid == 0) {
        close(ends[1]);
        janitor_main(ends[0], janitor->folder);
    }
    close(ends[0]);
    janitor->lifeline = ends[1];
    return 0;

remove_folder:
    rmdir(janitor->folder);
close_pipe:
    close(ends[0]);
    close(ends[1]);
    return error;
}

void janitor_guard(const struct janitor *janitor, pid_t group)
{
    // Less than PIPE_BUF: one write is one message. If the janitor has been killed,
    // SIGPIPE is ignored by the driver and there is nobody left to tell.
    ssize_t ignored = write(janitor->lifeline, &group, sizeof group);
    (void)ignored;
}

void janitor_stop(struct janitor *janitor)
{
    close(janitor->lifeline);
    while (waitpid(janitor->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    remove_folder(janitor->folder); // in case that somebody has killed the janitor
}

// SPDX-License-Identifier: MIT
//
// The janitor: a process that waits for the end of a pipe. See janitor.h.
#define _GNU_SOURCE // pipe2(): the pipe must never leak into a program that we start
#include "driver/system/janitor.h"

#include "lib/clock.h"
#include "lib/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define GRACE_NS (NS_PER_SECOND / 5) // between asking a group to end and killing it
#define DEATH_NS                                                                         \
    (2 * NS_PER_SECOND) // what is killed may take on a machine with much to do
#define PAUSE_NS (NS_PER_SECOND / 100)

static void pause_for(uint64_t duration_ns)
{
    struct timespec duration = clock_timespec(duration_ns);
    nanosleep(&duration, NULL);
}

// True once there is nobody in the group, which may take so long.
static bool is_gone_within(pid_t group, uint64_t duration_ns)
{
    uint64_t deadline = clock_now_ns() + duration_ns;
    while (kill(-group, 0) == 0) {
        if (clock_now_ns() >= deadline)
            return false;
        pause_for(PAUSE_NS);
    }
    return true;
}

// SIGTERM first: a runner may have something of its own to put away. Whoever is killed still
// finishes the call that it is in, and must not leave a file in a folder that is being removed.
static void end_group(pid_t group)
{
    if (kill(-group, SIGTERM) != 0 || is_gone_within(group, GRACE_NS))
        return;
    kill(-group, SIGKILL);
    (void)is_gone_within(group, DEATH_NS);
}

// The janitor's one message to the driver: the folder that it has made, or why it could not.
struct greeting {
    int error; // errno, or 0
    char folder[sizeof((struct janitor *)NULL)->folder];
};

_Static_assert(sizeof(struct greeting) <= 4096, "one write must be one message");

// A session of its own: neither Ctrl-C at the terminal nor its closing reaches it.
static void janitor_detach(void)
{
    setsid();
    signal(SIGHUP, SIG_IGN);
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGPIPE, SIG_IGN); // the driver may be dead before it was greeted
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int fd = 0; null >= 0 && fd <= 2; fd++)
        dup2(null, fd);
}

// It makes the folder itself: so there is no moment at which the folder is there and
// nobody who would remove it.
static _Noreturn void janitor_main(int lifeline, int answer, struct greeting *greeting)
{
    janitor_detach();
    if (mkdtemp(greeting->folder) == NULL)
        greeting->error = errno;
    ssize_t ignored = write(answer, greeting, sizeof *greeting);
    (void)ignored;
    close(answer);
    if (greeting->error != 0)
        _exit(1);

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
    folder_remove(greeting->folder);
    _exit(0);
}

// Takes the answer in and says what it means. 0 or -errno.
static int janitor_hear(struct janitor *janitor, int answer, struct reason *reason)
{
    struct greeting greeting;
    ssize_t length;
    do
        length = read(answer, &greeting, sizeof greeting);
    while (length < 0 && errno == EINTR);
    if (length != (ssize_t)sizeof greeting)
        return reason_set(reason, -EPROTO, "the janitor process has died");
    if (greeting.error != 0)
        return reason_set(reason, -greeting.error,
                          "cannot make a work folder in '%s': %s (set TMPDIR to a folder "
                          "that can be written)",
                          folder_temporary(), strerror(greeting.error));
    memcpy(janitor->folder, greeting.folder, sizeof janitor->folder);
    return 0;
}

// Forks the janitor, which answers on `answer`. 0 or -errno.
static int janitor_fork(struct janitor *janitor, int answer, struct reason *reason)
{
    struct greeting greeting = {0};
    int ends[2];
    int length = snprintf(greeting.folder, sizeof greeting.folder, "%s/quartet-XXXXXX",
                          folder_temporary());
    if (length < 0 || (size_t)length >= sizeof greeting.folder)
        return reason_set(reason, -ENAMETOOLONG, "TMPDIR is too long a name");
    if (pipe2(ends, O_CLOEXEC) != 0)
        return reason_set(reason, -errno, "cannot make a pipe: %s", strerror(errno));
    janitor->pid = fork();
    if (janitor->pid == 0) {
        close(ends[1]);
        janitor_main(ends[0], answer, &greeting);
    }
    int error = janitor->pid < 0 ? errno : 0;
    close(ends[0]);
    janitor->lifeline = ends[1];
    if (error == 0)
        return 0;
    close(ends[1]);
    return reason_set(reason, -error, "cannot start a process: %s", strerror(error));
}

// Lets go of the lifeline, and waits until the janitor has done its work.
static void janitor_end(const struct janitor *janitor)
{
    close(janitor->lifeline);
    while (waitpid(janitor->pid, NULL, 0) < 0 && errno == EINTR)
        ;
}

int janitor_start(struct janitor *janitor, struct reason *reason)
{
    int answer[2];
    if (pipe2(answer, O_CLOEXEC) != 0)
        return reason_set(reason, -errno, "cannot make a pipe: %s", strerror(errno));
    int error = janitor_fork(janitor, answer[1], reason);
    close(answer[1]);
    if (error == 0) {
        error = janitor_hear(janitor, answer[0], reason);
        if (error != 0)
            janitor_end(janitor);
    }
    close(answer[0]);
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
    janitor_end(janitor);
    folder_remove(janitor->folder); // in case that somebody has killed the janitor
}

// SPDX-License-Identifier: MIT
//
// The life of a keeper, from both ends of its socket: see keeper.h.
//
// Read next: keeper_site.c, what it starts.
#define _GNU_SOURCE // SOCK_CLOEXEC, realpath(), fgetpwent(): not POSIX alone
#include "lib/keeper/keeper.h"

#include "lib/clock.h"
#include "lib/cpus.h"
#include "lib/folder.h"
#include "lib/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PREPARE_LIMIT_MS 120000 // all waits of a prepare() are shorter
#define STOP_LIMIT_MS    15000
#define SERVER_LIMIT_NS  (5 * NS_PER_SECOND)

// A message of the keeper: one when all is prepared, and one at the end.
struct message {
    int error; // 0, or -errno with the reason
    struct reason reason;
    char folder[KEEPER_PATH];
    pid_t server;
};

// ---- the keeper's process --------------------------------------------------------------

// A session of its own: neither Ctrl-C at the terminal nor its closing reaches it, and no
// reader of the owner's output waits for the end of this process.
static void detach(void)
{
    setsid();
    prctl(PR_SET_NAME, "quartet-keeper");
    prctl(PR_SET_CHILD_SUBREAPER, 1); // a server's own children are ours when it dies
    signal(SIGHUP, SIG_IGN);
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int fd = 0; null >= 0 && fd <= 2; fd++)
        dup2(null, fd);
}

// Of a user in /etc/passwd; a static program cannot ask the other places.
static bool find_user(struct keeper_site *site, const char *name)
{
    FILE *file = fopen("/etc/passwd", "re");
    const struct passwd *entry = NULL;
    while (file != NULL && (entry = fgetpwent(file)) != NULL &&
           strcmp(entry->pw_name, name) != 0) {
    }
    if (entry != NULL) {
        site->user = entry->pw_uid;
        site->group = entry->pw_gid;
    }
    if (file != NULL)
        fclose(file);
    return entry != NULL;
}

// The first user of the list that exists; ourselves, if we are not root.
static int choose_user(struct keeper_site *site, struct reason *reason)
{
    char names[128];
    char *rest = NULL;
    site->user = geteuid();
    site->group = getegid();
    if (site->user != 0 || site->plan->users == NULL)
        return 0;
    snprintf(names, sizeof names, "%s", site->plan->users);
    for (char *name = strtok_r(names, " ", &rest); name != NULL;
         name = strtok_r(NULL, " ", &rest)) {
        if (find_user(site, name))
            return 0;
    }
    return reason_set(reason, -ENOENT,
                      "%s must not run as root, and none of the users %s is there; run "
                      "it as another user",
                      site->plan->name, site->plan->users);
}

static int make_folder(const struct keeper_site *site, char *folder,
                       struct reason *reason)
{
    const char *parent = site->plan->parent;
    if (parent == NULL)
        parent = folder_temporary();
    char *absolute = realpath(parent, NULL);
    int length = snprintf(folder, KEEPER_PATH, "%s/quartet-%s-XXXXXX",
                          absolute != NULL ? absolute : parent, site->plan->name);
    free(absolute);
    if (length >= KEEPER_PATH)
        return reason_set(reason, -ENAMETOOLONG, "the name of '%s' is too long", parent);
    if (mkdtemp(folder) == NULL) {
        int error = -errno;
        folder[0] = '\0';
        return reason_set(reason, error, "cannot make a folder in '%s': %s", parent,
                          strerror(-error));
    }
    if (chown(folder, site->user, site->group) != 0)
        return reason_set(reason, -errno, "cannot give '%s' to another user: %s", folder,
                          strerror(errno));
    return 0;
}

// The owner may have been pinned to CPUs of its own; a child inherits that.
static int choose_cpus(const struct keeper_plan *plan, struct reason *reason)
{
    if (plan->cpus == NULL)
        return 0;
    cpus_unpin();
    return cpus_pin(plan->cpus, reason);
}

static int prepare(struct keeper_site *site, char *folder, struct reason *reason)
{
    int error = choose_user(site, reason);
    if (error == 0)
        error = make_folder(site, folder, reason);
    if (error == 0)
        error = choose_cpus(site->plan, reason);
    if (error == 0 && site->plan->prepare != NULL)
        error = site->plan->prepare(site, reason);
    return error;
}

// Reaps the processes that the server has left behind: orphans come to us (detach()).
static void reap_orphans(void)
{
    static const struct timespec pause = {.tv_nsec = 1000000};
    uint64_t deadline_ns = clock_now_ns() + SERVER_LIMIT_NS;
    int status;
    pid_t ended;
    while ((ended = process_wait(-1, &status, WNOHANG)) >= 0 &&
           clock_now_ns() < deadline_ns) {
        if (ended == 0)
            nanosleep(&pause, NULL);
    }
}

static int stop_server(struct keeper_site *site, struct reason *reason)
{
    if (site->server == 0)
        return 0;
    int error = keeper_check(site, reason);
    if (error == 0) {
        int status = 0;
        uint64_t begin_ns = clock_now_ns();
        kill(site->server, site->stop_signal);
        process_wait_or_kill(site->server, &status, SERVER_LIMIT_NS);
        bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
        if (killed && clock_now_ns() - begin_ns < SERVER_LIMIT_NS) // not by us
            error = reason_set(reason, -EIO,
                               "the server of %s (process %d) was killed by signal 9",
                               site->plan->name, (int)site->server);
        else if (killed)
            error = reason_set(reason, -ETIMEDOUT,
                               "the server of %s (process %d) did not end within 5 s",
                               site->plan->name, (int)site->server);
    }
    reap_orphans();
    return error;
}

static void say(int control, const struct message *message)
{
    ssize_t ignored = send(control, message, sizeof *message, MSG_NOSIGNAL);
    (void)ignored; // the owner is gone: nobody wants to know
}

// There is nothing to be read but the end.
static void await_end(int control)
{
    char byte;
    while (read(control, &byte, 1) < 0 && errno == EINTR) {
    }
}

_Noreturn static void keeper_live(const struct keeper_plan *plan, int control)
{
    struct message message = {0};
    struct keeper_site site = {.plan = plan, .folder = message.folder};
    detach();
    message.error = prepare(&site, message.folder, &message.reason);
    message.server = site.server;
    say(control, &message);
    bool well = message.error == 0;
    if (well)
        await_end(control);
    message.error = stop_server(&site, &message.reason);
    if (plan->conclude != NULL)
        plan->conclude(&site);
    if (message.folder[0] != '\0' && !(plan->keep && well))
        folder_remove(message.folder);
    if (well)
        say(control, &message);
    _exit(EXIT_FINE);
}

// ---- the owner's process ---------------------------------------------------------------

// 0; -ETIMEDOUT; or -EIO: there will be none, the keeper has died.
static int hear(int control, struct message *message, int limit_ms)
{
    struct pollfd watched = {.fd = control, .events = POLLIN};
    int ready;
    do {
        ready = poll(&watched, 1, limit_ms);
    } while (ready < 0 && errno == EINTR);
    if (ready == 0)
        return -ETIMEDOUT;
    ssize_t length = recv(control, message, sizeof *message, 0);
    return length == (ssize_t)sizeof *message ? 0 : -EIO;
}

static void keeper_bury(struct keeper *keeper)
{
    int status;
    close(keeper->control);
    process_wait_or_kill(keeper->pid, &status, SERVER_LIMIT_NS);
    keeper->pid = 0;
}

// Not by process_fork(): a keeper outlives its owner for as long as it takes to tidy up.
static int keeper_fork(struct keeper *keeper, const struct keeper_plan *plan)
{
    int control[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, control) != 0)
        return -errno;
    pid_t pid = fork();
    if (pid == 0) {
        close(control[0]); // or the owner's end would not be seen on control[1]
        keeper_live(plan, control[1]);
    }
    int error = pid < 0 ? -errno : 0;
    close(control[1]);
    keeper->pid = pid;
    keeper->control = control[0];
    if (error != 0)
        close(control[0]);
    return error;
}

int keeper_start(struct keeper *keeper, const struct keeper_plan *plan,
                 struct reason *reason)
{
    struct message message;
    *keeper = (struct keeper){.keep = plan->keep};
    int error = keeper_fork(keeper, plan);
    if (error != 0) {
        keeper->pid = 0;
        return reason_set(reason, error, "cannot start a process: %s", strerror(-error));
    }
    error = hear(keeper->control, &message, PREPARE_LIMIT_MS);
    if (error == 0 && message.error == 0) {
        memcpy(keeper->folder, message.folder, sizeof keeper->folder);
        keeper->server = message.server;
        return 0;
    }
    if (error != 0)
        reason_set(reason, error, "the keeper of %s, process %d, %s", plan->name,
                   (int)keeper->pid, error == -EIO ? "has died" : "takes too long");
    else
        reason_set(reason, message.error, "%s", message.reason.text);
    keeper_bury(keeper);
    return error != 0 ? error : message.error;
}

int keeper_stop(struct keeper *keeper, struct reason *reason)
{
    struct message message = {0};
    if (keeper->pid == 0)
        return 0;
    shutdown(keeper->control, SHUT_WR);
    int error = hear(keeper->control, &message, STOP_LIMIT_MS);
    if (error == 0 && message.error != 0)
        error = reason_set(reason, message.error, "%s", message.reason.text);
    else if (error != 0)
        reason_set(reason, error, "the keeper, process %d, %s", (int)keeper->pid,
                   error == -EIO ? "has died during the run" : "did not end within 15 s");
    bool left = error == -EIO && message.error == 0; // nobody has tidied up
    keeper_bury(keeper);
    if (left && !keeper->keep)
        folder_remove(keeper->folder);
    return error;
}

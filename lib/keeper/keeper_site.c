// SPDX-License-Identifier: MIT
//
// The site of a keeper: the server that it starts in its folder. See keeper.h.
#define _GNU_SOURCE // setgroups(), versionsort(): not POSIX
#include "lib/keeper/keeper.h"

#include "lib/process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static const char log_name[] = "log";

// ---- a program in the folder -----------------------------------------------------------

static void signals_reset(void)
{
    static const int changed[] = {SIGHUP, SIGINT, SIGTERM, SIGPIPE};
    for (size_t i = 0; i < sizeof changed / sizeof changed[0]; i++)
        signal(changed[i], SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

// False when the program would run as somebody else than it should, or elsewhere.
static bool take_place(const struct keeper_site *site)
{
    if (geteuid() != site->user && (setgroups(1, &site->group) != 0 ||
                                    setgid(site->group) != 0 || setuid(site->user) != 0))
        return false;
    if (chdir(site->folder) != 0)
        return false;
    int output = open(log_name, O_WRONLY | O_CREAT | O_APPEND, 0600);
    return output >= 0 && dup2(output, 1) == 1 && dup2(output, 2) == 2;
}

// A change of user undoes what process_fork() has asked for, so `at_death` is asked for
// again, last.
_Noreturn static void become(const struct keeper_site *site, const char *const *argv,
                             int at_death)
{
    char *words[32];
    size_t count = 0;
    for (; count < 31 && argv[count] != NULL; count++)
        words[count] = strdup(argv[count]); // execv() wants them writable
    words[count] = NULL;
    signals_reset();
    if (words[0] == NULL || !take_place(site))
        _exit(126);
    prctl(PR_SET_PDEATHSIG, at_death);
    execv(words[0], words);
    dprintf(2, "%s: %s\n", argv[0], strerror(errno));
    _exit(127);
}

static pid_t start(const struct keeper_site *site, const char *const *argv, int at_death)
{
    pid_t pid = process_fork();
    if (pid == 0)
        become(site, argv, at_death);
    return pid;
}

// The last line of the log, or "".
static void last_words(const struct keeper_site *site, char *line, size_t size)
{
    char path[KEEPER_PATH + sizeof log_name];
    char next[256];
    line[0] = '\0';
    snprintf(path, sizeof path, "%s/%s", site->folder, log_name);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return;
    while (fgets(next, sizeof next, file) != NULL) {
        next[strcspn(next, "\n")] = '\0';
        if (next[0] != '\0')
            snprintf(line, size, "%s", next);
    }
    fclose(file);
}

static int ended_badly(const struct keeper_site *site, const char *what, pid_t pid,
                       int status, struct reason *reason)
{
    char end[80];
    char words[256];
    process_describe_status(status, end, sizeof end);
    last_words(site, words, sizeof words);
    return reason_set(reason, -EIO, "%s (process %d) %s%s%.150s", what, (int)pid, end,
                      words[0] != '\0' ? "; its last words: " : "", words);
}

int keeper_run(const struct keeper_site *site, const char *const *argv,
               uint64_t timeout_ns, struct reason *reason)
{
    int status = 0;
    pid_t pid = start(site, argv, SIGKILL);
    if (pid < 0)
        return reason_set(reason, (int)pid, "cannot start %s: %s", argv[0],
                          strerror((int)-pid));
    process_wait_or_kill(pid, &status, timeout_ns);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return 0;
    return ended_badly(site, argv[0], pid, status, reason);
}

int keeper_serve(struct keeper_site *site, const char *const *argv, int stop_signal,
                 struct reason *reason)
{
    pid_t pid = start(site, argv, stop_signal);
    if (pid < 0)
        return reason_set(reason, (int)pid, "cannot start %s: %s", argv[0],
                          strerror((int)-pid));
    site->server = pid;
    site->stop_signal = stop_signal;
    return 0;
}

int keeper_check(const struct keeper_site *site, struct reason *reason)
{
    char what[64];
    int status = 0;
    if (process_wait(site->server, &status, WNOHANG) == 0)
        return 0;
    snprintf(what, sizeof what, "the server of %s", site->plan->name);
    return ended_badly(site, what, site->server, status, reason);
}

// ---- where programs are ----------------------------------------------------------------

static bool is_program(const char *folder, const char *program, char *path, size_t size)
{
    int used = snprintf(path, size, "%s/%s", folder, program);
    return used > 0 && (size_t)used < size && access(path, X_OK) == 0;
}

// The last of the versions below `folder` that has the program in its "bin".
static bool find_version(const char *folder, const char *program, char *path, size_t size)
{
    struct dirent **versions;
    char place[KEEPER_PATH];
    bool there = false;
    int count = scandir(folder, &versions, NULL, versionsort);
    if (count < 0)
        return false;
    while (count-- > 0) {
        int used =
            snprintf(place, sizeof place, "%s/%s/bin", folder, versions[count]->d_name);
        if (!there && used > 0 && (size_t)used < sizeof place)
            there = is_program(place, program, path, size);
        free(versions[count]);
    }
    free(versions);
    return there;
}

int keeper_find(const char *program, const char *folder, char *path, size_t size)
{
    if (process_find(program, path, size) == 0)
        return 0;
    return folder != NULL && find_version(folder, program, path, size) ? 0 : -ENOENT;
}

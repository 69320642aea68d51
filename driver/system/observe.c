// SPDX-License-Identifier: MIT
//
// A program watched from outside: see observe.h.
#define _GNU_SOURCE // CPU_SET() and sched_getaffinity() are Linux, not POSIX
#include "driver/system/observe.h"

#include "lib/clock.h"
#include "lib/cpus.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LOOKS_PER_CHECK = 8, LOOK_NS = 1000000, GRACE_NS = 200000000, PATH_SIZE = 4096 };

static uint64_t children_cpu_ns(void)
{
    struct rusage usage;
    getrusage(RUSAGE_CHILDREN, &usage);
    uint64_t seconds = (uint64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec);
    uint64_t micros = (uint64_t)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
    return seconds * NS_PER_SECOND + micros * 1000;
}

static void output_path(const struct observed_program *program, const char *name,
                        char *path)
{
    snprintf(path, PATH_SIZE, "%.3000s/observed.%s", program->folder, name);
}

static void redirect(const struct observed_program *program, int fd, const char *name)
{
    char path[PATH_SIZE];
    output_path(program, name, path);
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (file < 0 || dup2(file, fd) < 0)
        _exit(126);
    close(file);
}

// The child: a group of its own, its CPUs, its output, and nothing to read.
_Noreturn static void become(const struct observed_program *program)
{
    struct reason reason;
    setpgid(0, 0);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    int nothing = open("/dev/null", O_RDONLY);
    if (nothing < 0 || dup2(nothing, 0) < 0)
        _exit(126);
    redirect(program, 1, "out");
    redirect(program, 2, "err");
    if (program->cpu != NULL && cpus_pin(program->cpu, &reason) != 0)
        _exit(126);
    execvp(program->argv[0], program->argv);
    fprintf(stderr, "cannot be started: %s\n", strerror(errno));
    _exit(127);
}

static int code_of(int status)
{
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void pause_ns(uint64_t ns)
{
    struct timespec pause = clock_timespec(ns);
    nanosleep(&pause, NULL);
}

// May this process run on a CPU that its parent may not choose for it any more?
static bool has_strayed(pid_t pid, const cpu_set_t *given)
{
    cpu_set_t own, outside;
    if (sched_getaffinity(pid, sizeof own, &own) != 0)
        return false;
    CPU_OR(&outside, &own, given);
    return !CPU_EQUAL(&outside, given);
}

// The program and its children.
static bool any_strayed(pid_t pid, const cpu_set_t *given)
{
    char path[64];
    long child;
    bool strayed = has_strayed(pid, given);
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)pid, (int)pid);
    FILE *file = fopen(path, "re");
    while (file != NULL && !strayed && fscanf(file, "%ld", &child) == 1)
        strayed = has_strayed((pid_t)child, given);
    if (file != NULL)
        fclose(file);
    return strayed;
}

// The one CPU, as a set; all that we have where none is named.
static void given_cpus(const char *cpu, cpu_set_t *given)
{
    sched_getaffinity(0, sizeof *given, given);
    if (cpu == NULL)
        return;
    CPU_ZERO(given);
    CPU_SET((size_t)strtoul(cpu, NULL, 10), given);
}

// Waits until the program has ended, and counts whoever is reaped beside it: a process
// that was handed to us because its own parent has not waited for it.
static void await(const struct observed_program *program, pid_t pid,
                  struct observation *seen)
{
    uint64_t began_ns = clock_now_ns();
    bool told = false;
    cpu_set_t given;
    given_cpus(program->cpu, &given);
    for (unsigned look = 0;; look++) {
        int status;
        if (look % LOOKS_PER_CHECK == LOOKS_PER_CHECK - 1 && any_strayed(pid, &given))
            seen->strayed = true;
        pid_t ended = waitpid(-1, &status, WNOHANG);
        uint64_t now_ns = clock_now_ns() - began_ns;
        if (ended == pid) {
            seen->exit_code = code_of(status);
            seen->wall_ns = now_ns;
            return;
        }
        seen->orphans += ended > 0;
        if (program->term_ns != 0 && now_ns >= program->term_ns && !told)
            told = kill(pid, SIGTERM) == 0;
        if (now_ns >= program->timeout_ns) {
            seen->exit_code = -1;
            kill(pid, SIGKILL);
            waitpid(pid, &status, 0);
            return;
        }
        if (ended <= 0)
            pause_ns(LOOK_NS);
    }
}

// A child of ours that is not the one to be left alone; 0: there is none (or this kernel
// does not list children).
static pid_t other_child(pid_t spared)
{
    FILE *file = fopen("/proc/thread-self/children", "re");
    long found = 0, pid;
    while (file != NULL && found == 0 && fscanf(file, "%ld", &pid) == 1)
        found = pid == spared ? 0 : pid;
    if (file != NULL)
        fclose(file);
    return (pid_t)found;
}

// Processes that the program has left: whoever is still there a moment later is ended.
static void sweep(const struct observed_program *program, struct observation *seen)
{
    uint64_t until_ns = clock_now_ns() + GRACE_NS;
    pid_t pid;
    while ((pid = other_child(program->spared)) != 0) {
        if (clock_now_ns() > until_ns)
            kill(pid, SIGKILL);
        if (waitpid(pid, NULL, clock_now_ns() > until_ns ? 0 : WNOHANG) > 0)
            seen->orphans++;
        else
            pause_ns(LOOK_NS);
    }
}

static void read_output(const struct observed_program *program, struct observation *seen)
{
    char path[PATH_SIZE], line[sizeof seen->said];
    struct stat status;
    output_path(program, "out", path);
    seen->printed = stat(path, &status) == 0 ? (uint64_t)status.st_size : 0;
    unlink(path);
    output_path(program, "err", path);
    FILE *file = fopen(path, "re");
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        snprintf(seen->said, sizeof seen->said, "%.*s", (int)strcspn(line, "\n"), line);
    if (file != NULL)
        fclose(file);
    unlink(path);
}

int observe_run(const struct observed_program *program, struct observation *seen,
                struct reason *reason)
{
    *seen = (struct observation){.exit_code = -1};
    uint64_t before_ns = children_cpu_ns();
    int started[2]; // ends when the child has become the program, on its CPU
    if (pipe2(started, O_CLOEXEC) != 0)
        return reason_set(reason, -errno, "cannot make a pipe: %s", strerror(errno));
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0)
        become(program);
    close(started[1]);
    if (pid > 0)
        (void)!read(started[0], started, 1);
    close(started[0]);
    if (pid < 0)
        return reason_set(reason, -errno, "cannot fork: %s", strerror(errno));
    await(program, pid, seen);
    sweep(program, seen);
    seen->cpu_ns = children_cpu_ns() - before_ns;
    read_output(program, seen);
    return 0;
}

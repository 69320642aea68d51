// SPDX-License-Identifier: MIT
//
// A program watched from outside: see observe.h.
#define _GNU_SOURCE // CPU_SET() and sched_getaffinity() are Linux, not POSIX
#include "driver/system/observe.h"

#include "lib/clock.h"
#include "lib/cpus.h"
#include "lib/process.h"

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

enum { LOOKS_PER_CHECK = 8, LOOK_NS = 1000000, GRACE_NS = 1000000000, PATH_SIZE = 4096 };
#define FILE_MOST (UINT64_C(256) << 20) // bytes of any file that a program writes

static uint64_t cpu_ns_of(const struct rusage *usage)
{
    uint64_t seconds = (uint64_t)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec);
    uint64_t micros = (uint64_t)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec);
    return seconds * NS_PER_SECOND + micros * 1000;
}

// Takes the costs that the kernel charged to all children that have ended since `before`.
static void charge(const struct rusage *before, struct observation *seen)
{
    struct rusage after;
    getrusage(RUSAGE_CHILDREN, &after);
    seen->cpu_ns = cpu_ns_of(&after) - cpu_ns_of(before);
    seen->voluntary = (uint64_t)(after.ru_nvcsw - before->ru_nvcsw);
    seen->involuntary = (uint64_t)(after.ru_nivcsw - before->ru_nivcsw);
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
    const struct rlimit most = {FILE_MOST, FILE_MOST};
    setrlimit(RLIMIT_FSIZE, &most); // whoever writes more gets SIGXFSZ
    if (program->cpus != NULL && cpus_pin(program->cpus, &reason) != 0)
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

// The memory of the program and its children, without spending more than a fifth of the time
// on it.
struct memory_look {
    struct process_tree tree;
    uint64_t next_ns; // when to look again
};

static void look_at_memory(struct memory_look *look, pid_t pid, uint64_t now_ns,
                           struct observation *seen)
{
    if (now_ns < look->next_ns)
        return;
    uint64_t began_ns = clock_now_ns();
    uint64_t bytes = process_tree_bytes(&look->tree, pid, 0);
    if (bytes > seen->memory_bytes)
        seen->memory_bytes = bytes;
    look->next_ns = now_ns + 5 * (clock_now_ns() - began_ns);
}

static void given_cpus(const char *cpus, cpu_set_t *given)
{
    CPU_ZERO(given);
    if (cpus == NULL || !cpus_members(cpus, given, sizeof *given))
        sched_getaffinity(0, sizeof *given, given);
}

// Waits until the program has ended, and counts whoever is reaped beside it: a process
// that was handed to us because its own parent has not waited for it. Its wall time is that
// since the fork: on a busy machine a short program may have ended before we run again.
static void await(const struct observed_program *program, pid_t pid, uint64_t forked_ns,
                  struct observation *seen)
{
    uint64_t began_ns = clock_now_ns();
    bool told = false;
    cpu_set_t given;
    struct memory_look memory = {.next_ns = program->memory ? 0 : UINT64_MAX};
    given_cpus(program->cpus, &given);
    for (unsigned look = 0;; look++) {
        int status;
        if (look % LOOKS_PER_CHECK == LOOKS_PER_CHECK - 1 && any_strayed(pid, &given))
            seen->strayed = true;
        pid_t ended = waitpid(-1, &status, WNOHANG);
        uint64_t now_ns = clock_now_ns() - began_ns;
        if (ended == pid) {
            seen->exit_code = code_of(status);
            seen->wall_ns = began_ns + now_ns - forked_ns;
            break;
        }
        look_at_memory(&memory, pid, now_ns, seen);
        seen->orphans += ended > 0;
        if (program->term_ns != 0 && now_ns >= program->term_ns && !told)
            told = kill(pid, SIGTERM) == 0;
        if (now_ns >= program->timeout_ns) {
            seen->exit_code = -1;
            kill(pid, SIGKILL);
            waitpid(pid, &status, 0);
            break;
        }
        if (ended <= 0)
            pause_ns(LOOK_NS);
    }
    free(memory.tree.entries);
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

// Processes that the program has left: one that is still there a second later is ended.
static void sweep(const struct observed_program *program, struct observation *seen)
{
    uint64_t until_ns = clock_now_ns() + GRACE_NS;
    pid_t pid;
    while ((pid = other_child(program->spared)) != 0) {
        bool late = clock_now_ns() > until_ns;
        if (waitpid(pid, NULL, WNOHANG) > 0) {
            seen->orphans++;
        } else if (late) {
            kill(pid, SIGKILL);
            seen->orphans += waitpid(pid, NULL, 0) > 0;
            seen->left++;
        } else {
            pause_ns(LOOK_NS);
        }
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
    struct rusage before;
    getrusage(RUSAGE_CHILDREN, &before);
    int started[2]; // ends when the child has become the program, on its CPU
    if (pipe2(started, O_CLOEXEC) != 0)
        return reason_set(reason, -errno, "cannot make a pipe: %s", strerror(errno));
    fflush(NULL);
    uint64_t forked_ns = clock_now_ns();
    pid_t pid = fork();
    if (pid == 0)
        become(program);
    close(started[1]);
    if (pid > 0)
        (void)!read(started[0], started, 1);
    close(started[0]);
    if (pid < 0)
        return reason_set(reason, -errno, "cannot fork: %s", strerror(errno));
    await(program, pid, forked_ns, seen);
    sweep(program, seen);
    charge(&before, seen);
    read_output(program, seen);
    return 0;
}

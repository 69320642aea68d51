// SPDX-License-Identifier: MIT
//
// A program and its processes: see program.h. Whose parent has died is handed to us
// (tool_adopt_orphans()), so that all of them are our descendants, whatever group or session
// they have moved to.
#define _GNU_SOURCE // pipe2()
#include "driver/grade/program.h"

#include "lib/allocate.h"
#include "lib/check.h"
#include "lib/clock.h"
#include "lib/process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define FILE_MOST (UINT64_C(256) << 20)

// ---- its start -------------------------------------------------------------------------

struct ends {
    int input[2], output[2], error[2];
};

_Noreturn static void become(const struct ends *ends, const char *path, char *const *argv,
                             const struct janitor *janitor)
{
    const struct rlimit none = {0, 0}, file = {FILE_MOST, FILE_MOST};
    sigset_t nothing;
    janitor_guard(janitor, getpid());
    setrlimit(RLIMIT_CORE, &none);
    setrlimit(RLIMIT_FSIZE, &file);
    process_reset_signals();
    signal(SIGPIPE, SIG_DFL);
    signal(SIGXFSZ, SIG_DFL);
    sigemptyset(&nothing);
    sigprocmask(SIG_SETMASK, &nothing, NULL);
    if (dup2(ends->input[0], 0) < 0 || dup2(ends->output[1], 1) < 0 ||
        dup2(ends->error[1], 2) < 0)
        _exit(126);
    execv(path, argv);
    fprintf(stderr, "cannot be started: %s\n", strerror(errno));
    _exit(127);
}

static int make_pipes(struct ends *ends, struct reason *reason)
{
    if (pipe2(ends->input, O_CLOEXEC) == 0 && pipe2(ends->output, O_CLOEXEC) == 0 &&
        pipe2(ends->error, O_CLOEXEC) == 0)
        return 0;
    return reason_set(reason, -errno, "cannot make a pipe: %s", strerror(errno));
}

int program_start(struct program *program, const char *path, char *const *argv,
                  const char *task, const struct janitor *janitor, struct reason *reason)
{
    struct ends ends;
    *program = (struct program){.spared = janitor->pid, .output = -1, .error = -1};
    int error = make_pipes(&ends, reason);
    if (error != 0)
        return error;
    fflush(NULL);
    program->pid = process_fork_apart();
    if (program->pid == 0)
        become(&ends, path, argv, janitor);
    close(ends.input[0]);
    close(ends.output[1]);
    close(ends.error[1]);
    program->output = ends.output[0];
    program->error = ends.error[0];
    fcntl(program->output, F_SETFL, O_NONBLOCK);
    fcntl(program->error, F_SETFL, O_NONBLOCK);
    program->printed = allocate(PROGRAM_PRINTED_MOST + 1, 1);
    // A line of less than a page fits the pipe, whether the program reads or not.
    ssize_t written = write(ends.input[1], task, strlen(task));
    (void)written;
    close(ends.input[1]);
    if (program->pid > 0)
        return 0;
    program->ended = true;
    return reason_set(reason, (int)program->pid, "cannot start a process: %s",
                      strerror((int)-program->pid));
}

// ---- what it says ----------------------------------------------------------------------

// Reads once. The number of bytes; 0: there is nothing now; and *fd is -1 after its end.
static size_t take(int *fd, char *bytes, size_t size)
{
    ssize_t length = *fd < 0 ? 0 : read(*fd, bytes, size);
    if (*fd >= 0 && (length == 0 || (length < 0 && errno != EAGAIN && errno != EINTR))) {
        close(*fd);
        *fd = -1;
    }
    return length > 0 ? (size_t)length : 0;
}

static bool hear_output(struct program *program)
{
    char bytes[4096];
    size_t length = take(&program->output, bytes, sizeof bytes);
    if (program->length + length > PROGRAM_PRINTED_MOST) {
        program->excess = EXCESS_PRINTED;
        return true;
    }
    memcpy(program->printed + program->length, bytes, length);
    program->length += length;
    return length > 0;
}

// Keeps the last line that is not empty.
static bool hear_error(struct program *program)
{
    char bytes[4096];
    size_t length = take(&program->error, bytes, sizeof bytes);
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] == '\n') {
            program->said_length = 0;
            continue;
        }
        if (program->said_length + 1 < sizeof program->said)
            program->said[program->said_length++] = bytes[i];
        program->said[program->said_length] = '\0';
    }
    return length > 0;
}

bool program_hear(struct program *program)
{
    bool fresh = hear_output(program);
    fresh |= hear_error(program);
    if (program->ended ||
        waitpid(program->pid, &program->status, WNOHANG) != program->pid)
        return fresh;
    program->ended = true;
    while (hear_output(program) && program->excess == EXCESS_NOTHING)
        ;
    while (hear_error(program))
        ;
    return true;
}

// ---- a look ----------------------------------------------------------------------------

// The fields of /proc/PID/stat behind the name, which may hold anything.
struct stat_line {
    char state;
    unsigned long user, system; // ticks, of children that it has waited for
    long pages;
};

static bool read_stat(const char *path, struct stat_line *line)
{
    char text[1024];
    FILE *file = fopen(path, "re");
    size_t length = file == NULL ? 0 : fread(text, 1, sizeof text - 1, file);
    if (file != NULL)
        fclose(file);
    text[length] = '\0';
    const char *end = strrchr(text, ')');
    return end != NULL &&
           sscanf(end + 1,
                  " %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %lu %lu %*d %*d "
                  "%*d %*d %*u %*u %ld",
                  &line->state, &line->user, &line->system, &line->pages) == 4;
}

static uint64_t switches_of(pid_t pid, const char *thread)
{
    char file[300];
    snprintf(file, sizeof file, "task/%s/status", thread);
    return process_field(pid, file, "voluntary_ctxt_switches:");
}

static void look_at_threads(pid_t pid, bool with_switches, struct program_look *look)
{
    char folder[64], path[400];
    struct stat_line line;
    snprintf(folder, sizeof folder, "/proc/%d/task", (int)pid);
    DIR *threads = opendir(folder);
    struct dirent *entry;
    while (threads != NULL && (entry = readdir(threads)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s/stat", folder, entry->d_name);
        if (!read_stat(path, &line))
            continue;
        if (line.state == 'R' && look->runnable++ < PROGRAM_COULD_MOST)
            look->could[look->runnable - 1] = (pid_t)strtol(entry->d_name, NULL, 10);
        if (strchr("SZXI", line.state) == NULL)
            look->asleep = false;
        if (with_switches)
            look->switches += switches_of(pid, entry->d_name);
    }
    if (threads != NULL)
        closedir(threads);
}

static void remember(struct program *program, pid_t pid)
{
    for (size_t i = 0; i < program->known_count; i++)
        if (program->known[i] == pid)
            return;
    if (program->known_count < ARRAY_LEN(program->known))
        program->known[program->known_count++] = pid;
}

static uint64_t cpu_of(pid_t pid)
{
    clockid_t clock;
    struct timespec used;
    if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &used) != 0)
        return 0;
    return (uint64_t)used.tv_sec * NS_PER_SECOND + (uint64_t)used.tv_nsec;
}

static void look_at_process(struct program *program, pid_t pid, bool with_switches,
                            struct program_look *look)
{
    char path[64];
    struct stat_line line;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    if (!read_stat(path, &line) || strchr("ZX", line.state) != NULL)
        return;
    look->processes++;
    look->cpu_ns += cpu_of(pid) + (line.user + line.system) * NS_PER_SECOND /
                                      (uint64_t)sysconf(_SC_CLK_TCK);
    look->memory += (uint64_t)line.pages * (uint64_t)sysconf(_SC_PAGESIZE);
    remember(program, pid);
    look_at_threads(pid, with_switches, look);
}

// The children of a process, of any of its threads, added to the list.
static size_t add_children(pid_t pid, pid_t spared, pid_t *list, size_t count,
                           size_t room)
{
    char path[400];
    long child;
    snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    DIR *threads = opendir(path);
    struct dirent *entry;
    while (threads != NULL && (entry = readdir(threads)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "/proc/%d/task/%s/children", (int)pid, entry->d_name);
        FILE *file = fopen(path, "re");
        while (file != NULL && count < room && fscanf(file, "%ld", &child) == 1)
            if (child != spared)
                list[count++] = (pid_t)child;
        if (file != NULL)
            fclose(file);
    }
    if (threads != NULL)
        closedir(threads);
    return count;
}

// All our descendants but the spared one, parents first.
static size_t find_all(const struct program *program, pid_t *list, size_t room)
{
    size_t count = add_children(getpid(), program->spared, list, 0, room);
    for (size_t i = 0; i < count; i++)
        count = add_children(list[i], program->spared, list, count, room);
    return count;
}

void program_look(struct program *program, bool with_switches, struct program_look *look)
{
    pid_t list[PROGRAM_PROCESSES_MOST + 1];
    size_t count = find_all(program, list, ARRAY_LEN(list));
    *look = (struct program_look){.asleep = true};
    for (size_t i = 0; i < count; i++)
        look_at_process(program, list[i], with_switches, look);
    if (look->memory > PROGRAM_MEMORY_MOST)
        program->excess = EXCESS_MEMORY;
    if (count > PROGRAM_PROCESSES_MOST)
        program->excess = EXCESS_PROCESSES;
}

// ---- its end ---------------------------------------------------------------------------

static void reap(struct program *program)
{
    pid_t list[PROGRAM_PROCESSES_MOST + 1];
    size_t count = add_children(getpid(), program->spared, list, 0, ARRAY_LEN(list));
    int status;
    for (size_t i = 0; i < count; i++) {
        if (waitpid(list[i], &status, WNOHANG) != program->pid)
            continue;
        program->ended = true;
        program->status = status;
    }
}

unsigned program_end(struct program *program)
{
    pid_t list[PROGRAM_PROCESSES_MOST + 1];
    unsigned left = 0;
    size_t count;
    const struct timespec pause = {0, 2000000};
    reap(program);
    for (int i = 0; (count = find_all(program, list, ARRAY_LEN(list))) > 0; i++) {
        if (i == 0 && program->ended)
            left = (unsigned)count;
        for (size_t k = 0; k < count; k++)
            kill(list[k], SIGKILL);
        nanosleep(&pause, NULL);
        reap(program);
    }
    if (program->output >= 0)
        close(program->output);
    if (program->error >= 0)
        close(program->error);
    program->output = program->error = -1;
    return left;
}

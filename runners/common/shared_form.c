// SPDX-License-Identifier: MIT
//
// shared_form.c - see shared_form.h.
#include "runners/common/shared_form.h"

#include "lib/process.h"
#include "runners/model.h"
#include "workloads/workload.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER "shared"

// The path of the other runner. false: there is none.
static bool find_other(char *path, size_t size)
{
    char own[3000];
    ssize_t length = readlink("/proc/self/exe", own, sizeof own - 1);
    if (length <= 0 || shared_list[0] == NULL)
        return false;
    own[length] = '\0';
    char *slash = strrchr(own, '/');
    if (slash == NULL)
        return false;
    *slash = '\0';
    snprintf(path, size, "%s/" FOLDER "/%s", own, model.name);
    return access(path, X_OK) == 0;
}

bool shared_form_has(const char *workload)
{
    char path[4096];
    for (const char *const *name = shared_list; *name != NULL; name++)
        if (strcmp(*name, workload) == 0)
            return find_other(path, sizeof path);
    return false;
}

int shared_form_become(char **argv)
{
    char path[4096];
    if (!find_other(path, sizeof path))
        return -ENOENT;
    execv(path, argv);
    return -errno;
}

// In a child: answers into the pipe.
_Noreturn static void answer(const char *path, const int *pipe_ends)
{
    char *argv[] = {(char *)(uintptr_t)path, (char *)(uintptr_t) "--describe", NULL};
    dup2(pipe_ends[1], STDOUT_FILENO);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
    execv(path, argv);
    _exit(127);
}

// The answer that was kept when the other runner was linked (scripts/shared.mk), or NULL: a library
// that loads thirty others makes a program start for ten times as long as this one. An answer
// that is older than the runner is of another build.
static json_t *kept_answer(const char *path)
{
    char kept[4200];
    struct stat program;
    struct stat file;
    snprintf(kept, sizeof kept, "%s.json", path);
    if (stat(path, &program) != 0 || stat(kept, &file) != 0 ||
        file.st_mtim.tv_sec < program.st_mtim.tv_sec ||
        (file.st_mtim.tv_sec == program.st_mtim.tv_sec &&
         file.st_mtim.tv_nsec < program.st_mtim.tv_nsec))
        return NULL;
    return json_load_file(kept, 0, NULL);
}

static json_t *ask(const char *path)
{
    int pipe_ends[2];
    if (pipe(pipe_ends) != 0)
        return NULL;
    pid_t pid = process_fork();
    if (pid == 0)
        answer(path, pipe_ends);
    close(pipe_ends[1]);
    FILE *file = fdopen(pipe_ends[0], "r"); // json_loadfd() would read byte by byte
    json_t *other = file == NULL ? NULL : json_loadf(file, 0, NULL);
    if (file == NULL)
        close(pipe_ends[0]);
    else
        fclose(file);
    if (pid > 0)
        process_wait(pid, NULL, 0);
    return other;
}

void shared_form_describe(json_t *workloads)
{
    char path[4096];
    if (!find_other(path, sizeof path))
        return;
    json_t *other = kept_answer(path);
    if (other == NULL)
        other = ask(path);
    json_array_extend(workloads, json_object_get(other, "workloads"));
    json_decref(other);
}

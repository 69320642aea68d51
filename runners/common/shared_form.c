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

void shared_form_describe(json_t *workloads)
{
    char path[4096];
    int pipe_ends[2];
    if (!find_other(path, sizeof path) || pipe(pipe_ends) != 0)
        return;
    pid_t pid = process_fork();
    if (pid == 0)
        answer(path, pipe_ends);
    close(pipe_ends[1]);
    json_t *other = json_loadfd(pipe_ends[0], 0, NULL);
    close(pipe_ends[0]);
    if (pid > 0)
        process_wait(pid, NULL, 0);
    json_array_extend(workloads, json_object_get(other, "workloads"));
    json_decref(other);
}

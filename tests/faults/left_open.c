// SPDX-License-Identifier: MIT
//
// left_open.c - a library to be preloaded: a program that ends tells which descriptors it has
// opened and not closed, a line "PROGRAM DESCRIPTOR TARGET" each in the file $LEFT_OPEN. The
// kernel would close them, too; but what is forgotten once per run, task or round is one day
// one too many. See left_open.bats.
#define _GNU_SOURCE // program_invocation_short_name
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define DESCRIPTORS 1024 // more are not looked at

static bool inherited[DESCRIPTORS];

static bool is_open(int fd)
{
    return fcntl(fd, F_GETFD) >= 0;
}

static __attribute__((constructor)) void look_before(void)
{
    for (int fd = 0; fd < DESCRIPTORS; fd++)
        inherited[fd] = is_open(fd);
}

static __attribute__((destructor)) void look_behind(void)
{
    const char *path = getenv("LEFT_OPEN");
    int out = path == NULL ? -1 : open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
    for (int fd = 0; out >= 0 && fd < DESCRIPTORS; fd++) {
        char link[64];
        char target[512] = "";
        if (inherited[fd] || fd == out || !is_open(fd))
            continue;
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        if (readlink(link, target, sizeof target - 1) >= 0)
            dprintf(out, "%s %d %s\n", program_invocation_short_name, fd, target);
    }
}

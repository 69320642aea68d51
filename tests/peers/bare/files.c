// SPDX-License-Identifier: MIT
//
// Files, one after the other, by the system calls alone: see bare.c.
#define _GNU_SOURCE // O_DIRECT
#include "runners/direct.h"

#include "lib/clock.h"
#include "workloads/files/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

direct_code files_direct;

// Whole, or -errno; a disk that takes a part of it is full.
static int moved(ssize_t count, size_t size)
{
    return count < 0 ? -errno : count == (ssize_t)size ? 0 : -ENOSPC;
}

static int store(const struct files_walk *walk, const struct files_parameters *parameters)
{
    int direct = parameters->cache == FILES_DIRECT ? O_DIRECT : 0;
    int fd = open(walk->before, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | direct, 0600);
    if (fd < 0)
        return -errno;
    int error = moved(write(fd, walk->page, parameters->size), parameters->size);
    if (error == 0 && parameters->sync != FILES_SYNC_NONE &&
        (parameters->sync == FILES_SYNC_DATA ? fdatasync(fd) : fsync(fd)) != 0)
        error = -errno;
    if (error == 0 && parameters->cache == FILES_COLD)
        error = -posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    close(fd);
    if (error == 0 && rename(walk->before, walk->after) != 0)
        error = -errno;
    return error;
}

static int load(const struct files_walk *walk, const struct files_parameters *parameters)
{
    int direct = parameters->cache == FILES_DIRECT ? O_DIRECT : 0;
    int fd = open(walk->after, O_RDONLY | O_CLOEXEC | direct);
    if (fd < 0)
        return -errno;
    int error = moved(read(fd, walk->page, parameters->size), parameters->size);
    close(fd);
    return error;
}

int files_direct(struct task *task)
{
    const struct files_parameters *parameters = task->work->parameters;
    struct files_walk walk;
    unsigned char *page = files_page(task->work);
    int error = page == NULL ? -ENOMEM : 0;
    if (parameters->engine != FILES_BLOCKING)
        error = -EOPNOTSUPP;
    for (uint32_t number = 0; number < parameters->files && error == 0; number++) {
        uint64_t began_ns = clock_now_ns();
        files_begin(&walk, task->work, task->index, number, page);
        error = store(&walk, parameters);
        memset(page, 0, parameters->size);
        if (error == 0)
            error = load(&walk, parameters);
        if (error == 0)
            files_book(task, files_page_digest(page, parameters->size), began_ns);
    }
    free(page);
    return error;
}

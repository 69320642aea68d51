// SPDX-License-Identifier: MIT
//
// Temporary folders: see folder.h.
#define _GNU_SOURCE // nftw() is of XSI, not of POSIX alone
#include "lib/folder.h"

#include "lib/clock.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAUSE_NS     (NS_PER_SECOND / 100)
#define ATTEMPTS     20
#define FOLDERS_OPEN 16

const char *folder_temporary(void)
{
    const char *parent = getenv("TMPDIR");
    return parent == NULL || parent[0] == '\0' ? "/tmp" : parent;
}

int folder_check(const char *path, struct reason *reason)
{
    struct stat status;
    int error = 0;
    if (stat(path, &status) != 0 || access(path, W_OK | X_OK) != 0)
        error = errno;
    else if (!S_ISDIR(status.st_mode))
        error = ENOTDIR;
    if (error == 0)
        return 0;
    return reason_set(reason, -error, "--dir %s: %s; give a folder that can be written",
                      path, strerror(error));
}

static int remove_one(const char *path, const struct stat *status, int kind,
                      struct FTW *walk)
{
    (void)status;
    (void)kind;
    (void)walk;
    remove(path);
    return 0;
}

int folder_remove(const char *path)
{
    static const struct timespec pause = {.tv_nsec = (long)PAUSE_NS};
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        nftw(path, remove_one, FOLDERS_OPEN, FTW_DEPTH | FTW_PHYS);
        if (access(path, F_OK) != 0)
            return errno == ENOENT ? 0 : -errno;
        nanosleep(&pause, NULL);
    }
    return -EBUSY;
}

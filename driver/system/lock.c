// SPDX-License-Identifier: MIT
//
// The lock of a machine: see lock.h.
#define _GNU_SOURCE // flock() is not in POSIX
#include "driver/system/lock.h"

#include "driver/system/interrupt.h"
#include "lib/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define RETRY_NS (NS_PER_SECOND / 5)

// Decided by what everybody sees alike, so that all users choose the same file.
static const char *lock_path(void)
{
    const char *named = getenv("QUARTET_LOCK");
    if (named != NULL && named[0] != '\0')
        return named;
    struct stat status;
    if (stat("/run/lock", &status) == 0 && (status.st_mode & S_IWOTH) != 0)
        return "/run/lock/quartet.lock";
    return "/tmp/quartet.lock";
}

// Opens the file without O_CREAT first: in folders like /tmp the kernel may refuse
// O_CREAT on a file of another user, even to root (fs.protected_regular).
static int lock_open(const char *path)
{
    int fd = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0 || errno != ENOENT)
        return fd;
    fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (fd < 0)
        return errno == EEXIST ? open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC) : fd;
    if (fchmod(fd, 0666) != 0) { // whatever the umask: it is for everybody
        close(fd);
        return -1;
    }
    return fd;
}

// The number in the file, which is a hint for a person and nothing else.
static long lock_holder(int fd)
{
    char text[32] = "";
    ssize_t length = pread(fd, text, sizeof text - 1, 0);
    return length > 0 ? strtol(text, NULL, 10) : 0;
}

static void lock_sign(int fd)
{
    char text[32];
    int length = snprintf(text, sizeof text, "%ld\n", (long)getpid());
    if (ftruncate(fd, 0) != 0 || pwrite(fd, text, (size_t)length, 0) != length)
        warn("cannot write this process's number into the lock file");
}

static int lock_try(int fd, uint64_t wait_ns)
{
    uint64_t deadline = clock_now_ns() + wait_ns;
    for (;;) {
        if (flock(fd, LOCK_EX | LOCK_NB) == 0)
            return 0;
        if (errno != EWOULDBLOCK && errno != EINTR)
            return -errno;
        if (clock_now_ns() >= deadline)
            return -EBUSY;
        if (interrupt_wanted(RETRY_NS))
            return -EINTR;
    }
}

int lock_take(uint64_t wait_ns, struct reason *reason)
{
    const char *path = lock_path();
    int fd = lock_open(path);
    if (fd < 0)
        return reason_set(reason, -errno, "cannot open the lock file '%s': %s", path,
                          strerror(errno));
    int error = lock_try(fd, 0);
    if (error == -EBUSY && wait_ns > 0) {
        warn("process %ld is measuring on this machine; waiting for it to end",
             lock_holder(fd));
        error = lock_try(fd, wait_ns);
    }
    if (error == 0) {
        lock_sign(fd);
        return fd;
    }
    long holder = lock_holder(fd);
    close(fd);
    if (error == -EBUSY)
        return reason_set(
            reason, error,
            "another session (process %ld) is measuring on this machine, and "
            "two would disturb each other: wait for it, or say --wait "
            "(lock file %s)",
            holder, path);
    if (error == -EINTR)
        return reason_set(reason, error, "interrupted");
    return reason_set(reason, error, "cannot lock '%s': %s", path, strerror(-error));
}

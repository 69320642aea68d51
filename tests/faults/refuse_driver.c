// SPDX-License-Identifier: MIT
//
// refuse_driver.c - a library to be preloaded: the system says no to the driver, once.
// REFUSE=rename:7 makes the seventh call of rename() fail, counted over all processes of
// the driver together; all others work. What the driver starts (runners, hyperfine, git)
// is left alone, and so is memory, which AddressSanitizer replaces. With COUNTS=FILE and no
// REFUSE it writes how often each function was called. See driver_calls.py.
#define _GNU_SOURCE // RTLD_NEXT is a GNU extension
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timerfd.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FUNCTIONS = 100 };

struct counts {
    atomic_int calls[FUNCTIONS];
    const char *names[FUNCTIONS];
};

// Shared by the driver and what it forks; NULL in every other program.
static struct counts *counts;
static const char *wanted;
static pid_t first;

__attribute__((constructor)) static void begin(void)
{
    if (strcmp(program_invocation_short_name, "quartet") != 0)
        return;
    wanted = getenv("REFUSE");
    first = getpid();
    void *memory = mmap(NULL, sizeof *counts, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    counts = memory == MAP_FAILED ? NULL : memory;
}

__attribute__((destructor)) static void end(void)
{
    const char *path = getenv("COUNTS");
    if (counts == NULL || path == NULL || wanted != NULL || getpid() != first)
        return;
    struct counts *own = counts;
    counts = NULL; // what follows does not count
    FILE *file = fopen(path, "we");
    for (size_t i = 0; file != NULL && i < FUNCTIONS; i++)
        if (own->names[i] != NULL)
            fprintf(file, "%s %d\n", own->names[i], atomic_load(&own->calls[i]));
    if (file != NULL)
        fclose(file);
}

static bool refused(const char *name, int number, int error)
{
    if (counts == NULL)
        return false;
    counts->names[number] = name;
    int call = atomic_fetch_add(&counts->calls[number], 1) + 1;
    size_t length = strlen(name);
    if (wanted == NULL || strncmp(wanted, name, length) != 0 || wanted[length] != ':' ||
        call != atoi(wanted + length + 1))
        return false;
    errno = error;
    return true;
}

// Defines a function that once returns `failure` and else calls the real one.
// NOLINTBEGIN(bugprone-macro-parentheses): a type cannot stand in parentheses
#define REFUSABLE(result, name, parameters, arguments, failure, error)                   \
    result name parameters                                                               \
    {                                                                                    \
        static result(*real) parameters;                                                 \
        if (real == NULL)                                                                \
            *(void **)&real = dlsym(RTLD_NEXT, #name);                                   \
        return refused(#name, __COUNTER__, error) ? (failure) : real arguments;          \
    }

// NOLINTEND(bugprone-macro-parentheses)

// ---- processes and threads ---------------------------------------------------------

REFUSABLE(pid_t, fork, (void), (), -1, EAGAIN)
REFUSABLE(int, execv, (const char *path, char *const *argv), (path, argv), -1, ENOEXEC)
REFUSABLE(int, execvp, (const char *path, char *const *argv), (path, argv), -1, ENOENT)
REFUSABLE(int, kill, (pid_t pid, int number), (pid, number), -1, EPERM)
REFUSABLE(int, setpgid, (pid_t pid, pid_t group), (pid, group), -1, EPERM)
REFUSABLE(pid_t, setsid, (void), (), -1, EPERM)
REFUSABLE(int, sched_getaffinity, (pid_t pid, size_t size, cpu_set_t *set),
          (pid, size, set), -1, EPERM)
REFUSABLE(int, sched_setaffinity, (pid_t pid, size_t size, const cpu_set_t *set),
          (pid, size, set), -1, EPERM)
REFUSABLE(int, pthread_create,
          (pthread_t *restrict thread, const pthread_attr_t *restrict attributes,
           void *(*start)(void *), void *restrict argument),
          (thread, attributes, start, argument), EAGAIN, EAGAIN)
REFUSABLE(int, sigaction,
          (int number, const struct sigaction *restrict new,
           struct sigaction *restrict old),
          (number, new, old), -1, EINVAL)
REFUSABLE(int, sigprocmask,
          (int how, const sigset_t *restrict new, sigset_t *restrict old),
          (how, new, old), -1, EINVAL)

// ---- pipes, files ------------------------------------------------------------------

REFUSABLE(int, pipe2, (int ends[2], int flags), (ends, flags), -1, EMFILE)
REFUSABLE(int, dup2, (int from, int to), (from, to), -1, EBADF)
REFUSABLE(int, poll, (struct pollfd * list, nfds_t count, int ms), (list, count, ms), -1,
          ENOMEM)
REFUSABLE(ssize_t, read, (int fd, void *bytes, size_t length), (fd, bytes, length), -1,
          EIO)
REFUSABLE(ssize_t, write, (int fd, const void *bytes, size_t length), (fd, bytes, length),
          -1, ENOSPC)
REFUSABLE(ssize_t, pread, (int fd, void *bytes, size_t length, off_t at),
          (fd, bytes, length, at), -1, EIO)
REFUSABLE(int, fsync, (int fd), (fd), -1, EIO)
REFUSABLE(int, fdatasync, (int fd), (fd), -1, EIO)
REFUSABLE(int, ftruncate, (int fd, off_t length), (fd, length), -1, EIO)
REFUSABLE(int, flock, (int fd, int operation), (fd, operation), -1, ENOLCK)
REFUSABLE(int, memfd_create, (const char *name, unsigned flags), (name, flags), -1,
          EMFILE)
REFUSABLE(FILE *, fopen, (const char *restrict path, const char *restrict mode),
          (path, mode), NULL, EMFILE)
REFUSABLE(FILE *, fdopen, (int fd, const char *mode), (fd, mode), NULL, ENOMEM)
REFUSABLE(int, fflush, (FILE * file), (file), EOF, ENOSPC)
REFUSABLE(int, stat, (const char *restrict path, struct stat *restrict found),
          (path, found), -1, EACCES)
REFUSABLE(int, lstat, (const char *restrict path, struct stat *restrict found),
          (path, found), -1, EACCES)
REFUSABLE(int, fstat, (int fd, struct stat *found), (fd, found), -1, EIO)
REFUSABLE(int, statfs, (const char *path, struct statfs *found), (path, found), -1,
          ENOSYS)
REFUSABLE(int, statvfs, (const char *restrict path, struct statvfs *restrict found),
          (path, found), -1, ENOSYS)
REFUSABLE(int, access, (const char *path, int mode), (path, mode), -1, EACCES)
REFUSABLE(int, mkdir, (const char *path, mode_t mode), (path, mode), -1, EACCES)
REFUSABLE(char *, mkdtemp, (char *path), (path), NULL, EACCES)
REFUSABLE(int, mkstemps, (char *path, int end), (path, end), -1, EACCES)
REFUSABLE(int, rename, (const char *from, const char *to), (from, to), -1, EACCES)
REFUSABLE(int, link, (const char *from, const char *to), (from, to), -1, EPERM)
REFUSABLE(int, symlink, (const char *from, const char *to), (from, to), -1, EPERM)
REFUSABLE(int, chdir, (const char *path), (path), -1, EACCES)
REFUSABLE(ssize_t, readlink,
          (const char *restrict path, char *restrict text, size_t size),
          (path, text, size), -1, EACCES)
REFUSABLE(char *, realpath, (const char *restrict path, char *restrict text),
          (path, text), NULL, EACCES)
REFUSABLE(DIR *, opendir, (const char *path), (path), NULL, EMFILE)

int open(const char *path, int flags, ...)
{
    static int (*real)(const char *, int, ...);
    mode_t mode = 0;
    if (real == NULL)
        *(void **)&real = dlsym(RTLD_NEXT, "open");
    if ((flags & (O_CREAT | O_TMPFILE)) != 0) {
        va_list rest;
        va_start(rest, flags);
        mode = va_arg(rest, mode_t);
        va_end(rest);
    }
    return refused("open", __COUNTER__, EMFILE) ? -1 : real(path, flags, mode);
}

int fcntl(int fd, int command, ...)
{
    static int (*real)(int, int, ...);
    va_list rest;
    va_start(rest, command);
    void *argument = va_arg(rest, void *);
    va_end(rest);
    if (real == NULL)
        *(void **)&real = dlsym(RTLD_NEXT, "fcntl");
    return refused("fcntl", __COUNTER__, EINVAL) ? -1 : real(fd, command, argument);
}

// ---- sockets, timers, the machine --------------------------------------------------

REFUSABLE(int, socket, (int domain, int type, int protocol), (domain, type, protocol), -1,
          EMFILE)
REFUSABLE(int, socketpair, (int domain, int type, int protocol, int ends[2]),
          (domain, type, protocol, ends), -1, EMFILE)
REFUSABLE(int, listen, (int fd, int backlog), (fd, backlog), -1, EADDRINUSE)
REFUSABLE(int, epoll_create1, (int flags), (flags), -1, EMFILE)
REFUSABLE(int, epoll_ctl, (int epoll, int operation, int fd, struct epoll_event *event),
          (epoll, operation, fd, event), -1, ENOSPC)
REFUSABLE(int, timerfd_create, (int clock, int flags), (clock, flags), -1, EMFILE)
REFUSABLE(int, uname, (struct utsname * found), (found), -1, EFAULT)
REFUSABLE(int, gethostname, (char *name, size_t size), (name, size), -1, ENAMETOOLONG)
REFUSABLE(int, getentropy, (void *bytes, size_t length), (bytes, length), -1, ENOSYS)

// SPDX-License-Identifier: MIT
//
// System calls that need no partner: see probe.h. Each is called as a program of the project
// calls it, with arguments that let it succeed and wait for nothing.
#define _GNU_SOURCE // syscall(), memory advice
#include "driver/prices/probe.h"

#include "lib/futex.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/timerfd.h>

enum { CALLS = 500, MAPS = 40, MAP_BYTES = 1 << 16 };

static int64_t run_call(struct probe *probe, const struct probe_kind *kind)
{
    bool failed = false;
    int file = kind->open == NULL ? -1 : kind->open();
    if (kind->open != NULL && file < 0)
        return file;
    probe_start(probe);
    for (int i = 0; i < CALLS; i++)
        failed |= kind->call(file) < 0;
    probe_stop(probe);
    if (file >= 0)
        close(file);
    return failed ? -EIO : CALLS;
}

// ---- descriptors -----------------------------------------------------------------------

static int open_nothing(void)
{
    int file = open("/dev/null", O_RDWR | O_CLOEXEC);
    return file < 0 ? -errno : file;
}

static int open_epoll(void)
{
    int file = epoll_create1(EPOLL_CLOEXEC);
    return file < 0 ? -errno : file;
}

static int open_timer(void)
{
    int file = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    return file < 0 ? -errno : file;
}

static int open_counter(void)
{
    int file = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
    return file < 0 ? -errno : file;
}

// ---- calls -----------------------------------------------------------------------------

static long call_getppid(int file)
{
    (void)file;
    return syscall(SYS_getppid);
}

static long call_gettid(int file)
{
    (void)file;
    return syscall(SYS_gettid);
}

static long call_yield(int file)
{
    (void)file;
    return sched_yield();
}

static long call_sigmask(int file)
{
    sigset_t mask;
    (void)file;
    return pthread_sigmask(SIG_SETMASK, NULL, &mask);
}

static long call_sigaction(int file)
{
    struct sigaction action;
    (void)file;
    return sigaction(SIGUSR1, NULL, &action);
}

static long call_prctl(int file)
{
    (void)file;
    return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0);
}

static long call_futex(int file)
{
    static _Atomic uint32_t word; // nobody sleeps on it
    (void)file;
    futex_wake(&word, 1, FUTEX_THREADS);
    return 0;
}

static long call_affinity(int file)
{
    cpu_set_t set;
    (void)file;
    return sched_getaffinity(0, sizeof set, &set);
}

static long call_sleep(int file)
{
    const struct timespec past = {0};
    (void)file;
    return -clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &past, NULL);
}

static long call_epoll_wait(int file)
{
    struct epoll_event event;
    return epoll_wait(file, &event, 1, 0);
}

static long call_timer(int file)
{
    const struct itimerspec later = {.it_value = {.tv_sec = 100}};
    return timerfd_settime(file, 0, &later, NULL);
}

static long call_poll(int file)
{
    struct pollfd wanted = {.fd = file, .events = POLLIN};
    return poll(&wanted, 1, 0);
}

static long call_select(int file)
{
    struct timeval now = {0};
    fd_set set;
    FD_ZERO(&set);
    FD_SET(file, &set);
    return select(file + 1, &set, NULL, NULL, &now);
}

static long call_fstat(int file)
{
    struct stat status;
    return fstat(file, &status);
}

static long call_fcntl(int file)
{
    return fcntl(file, F_GETFL);
}

static long call_seek(int file)
{
    return lseek(file, 0, SEEK_CUR) < 0 ? -1 : 0;
}

// ---- pairs of calls, halves of which are not told apart ----------------------------------

static long call_open_close(int file)
{
    (void)file;
    int opened = open("/dev/null", O_RDONLY | O_CLOEXEC);
    return opened < 0 ? -1 : close(opened);
}

// Adds a descriptor and takes it out again: two calls.
static long call_epoll_ctl(int file)
{
    static int counter = -1; // one for the life of the child process
    struct epoll_event event = {.events = EPOLLIN};
    if (counter < 0)
        counter = eventfd(0, EFD_CLOEXEC);
    return epoll_ctl(file, EPOLL_CTL_ADD, counter, &event) +
           epoll_ctl(file, EPOLL_CTL_DEL, counter, &event);
}

// ---- memory ----------------------------------------------------------------------------

static int64_t run_mmap(struct probe *probe, const struct probe_kind *kind)
{
    static void *maps[MAPS];
    (void)kind;
    probe_start(probe);
    for (int i = 0; i < MAPS; i++)
        maps[i] = mmap(NULL, MAP_BYTES, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    probe_stop(probe);
    bool failed = false;
    for (int i = 0; i < MAPS; i++)
        failed |= maps[i] == MAP_FAILED || munmap(maps[i], MAP_BYTES) != 0;
    return failed ? -ENOMEM : MAPS;
}

// Maps of which one page is in use, as of a small stack; or none, of one that is made.
static int64_t run_on_maps(struct probe *probe, bool used, int (*call)(void *map))
{
    static void *maps[MAPS];
    bool failed = false;
    for (int i = 0; i < MAPS; i++) {
        maps[i] = mmap(NULL, MAP_BYTES, used ? PROT_READ | PROT_WRITE : PROT_NONE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (maps[i] == MAP_FAILED)
            return -ENOMEM; // the child ends soon, and its memory with it
        if (used)
            *(volatile char *)maps[i] = 1;
    }
    probe_start(probe);
    for (int i = 0; i < MAPS; i++)
        failed |= call(maps[i]) != 0;
    probe_stop(probe);
    for (int i = 0; i < MAPS; i++)
        munmap(maps[i], MAP_BYTES);
    return failed ? -EIO : MAPS;
}

static int unmap(void *map)
{
    return munmap(map, MAP_BYTES);
}

static int protect(void *map)
{
    return mprotect(map, MAP_BYTES, PROT_READ | PROT_WRITE);
}

static int advise(void *map)
{
    return madvise(map, MAP_BYTES, MADV_DONTNEED);
}

static int64_t run_munmap(struct probe *probe, const struct probe_kind *kind)
{
    (void)kind;
    return run_on_maps(probe, true, unmap);
}

static int64_t run_mprotect(struct probe *probe, const struct probe_kind *kind)
{
    (void)kind;
    return run_on_maps(probe, false, protect);
}

static int64_t run_madvise(struct probe *probe, const struct probe_kind *kind)
{
    (void)kind;
    return run_on_maps(probe, false, advise);
}

const struct probe_kind probe_calls[] = {
    {"getppid", run_call, NULL, call_getppid},
    {"gettid", run_call, NULL, call_gettid},
    {"sched_yield", run_call, NULL, call_yield},
    {"rt_sigprocmask", run_call, NULL, call_sigmask},
    {"rt_sigaction", run_call, NULL, call_sigaction},
    {"prctl", run_call, NULL, call_prctl},
    {"futex", run_call, NULL, call_futex},
    {"sched_getaffinity", run_call, NULL, call_affinity},
    {"clock_nanosleep", run_call, NULL, call_sleep},
    {"epoll_wait", run_call, open_epoll, call_epoll_wait},
    {"timerfd_settime", run_call, open_timer, call_timer},
    {"poll", run_call, open_counter, call_poll},
    {"select", run_call, open_counter, call_select},
    {"fstat", run_call, open_nothing, call_fstat},
    {"fcntl", run_call, open_nothing, call_fcntl},
    {"lseek", run_call, open_nothing, call_seek},
    {"open+close", run_call, NULL, call_open_close},
    {"epoll_ctl*2", run_call, open_epoll, call_epoll_ctl},
    {"mmap", run_mmap, NULL, NULL},
    {"munmap", run_munmap, NULL, NULL},
    {"mprotect", run_mprotect, NULL, NULL},
    {"madvise", run_madvise, NULL, NULL},
    {0}};

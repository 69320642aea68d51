// SPDX-License-Identifier: MIT
//
// Limits of the machine: see limits.h.
#define _GNU_SOURCE // RLIMIT_NPROC is Linux and BSD, not POSIX
#include "lib/limits.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

// Descriptors that a process has besides those of its tasks: the standard three, the
// loop's own, a peer's pipe, the record.
#define DESCRIPTOR_MARGIN 32
// Processes that a machine runs besides ours when the kernel does not tell.
#define TASK_MARGIN 64
#define MAP_MARGIN  256

uint64_t limits_read_number(const char *path)
{
    uint64_t value = LIMIT_UNKNOWN;
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return LIMIT_UNKNOWN;
    if (fscanf(file, "%" SCNu64, &value) != 1)
        value = LIMIT_UNKNOWN;
    fclose(file);
    return value;
}

// A limit that cannot be raised stays as it is; the checks below will see it.
void limits_raise(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
    if (getrlimit(RLIMIT_NPROC, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NPROC, &limit);
    }
}

int limits_check_descriptors(uint64_t wanted, struct reason *reason)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return 0;
    if (wanted + DESCRIPTOR_MARGIN <= limit.rlim_cur)
        return 0;
    return reason_set(reason, -EMFILE,
                      "needs %" PRIu64
                      " open files, RLIMIT_NOFILE allows %ju: raise it with "
                      "'ulimit -Hn %" PRIu64
                      "' as root or in /etc/security/limits.conf, or "
                      "lower --concurrency",
                      wanted + DESCRIPTOR_MARGIN, (uintmax_t)limit.rlim_cur,
                      wanted + DESCRIPTOR_MARGIN);
}

// How many processes and threads the machine runs now: the fourth field of
// /proc/loadavg is "running/all".
static uint64_t tasks_now(void)
{
    uint64_t all = TASK_MARGIN;
    FILE *file = fopen("/proc/loadavg", "re");
    if (file == NULL)
        return all;
    if (fscanf(file, "%*f %*f %*f %*u/%" SCNu64, &all) != 1)
        all = TASK_MARGIN;
    fclose(file);
    return all;
}

static int refuse_tasks(uint64_t wanted, const char *what, const char *limit,
                        uint64_t value, const char *remedy, struct reason *reason)
{
    return reason_set(reason, -EAGAIN,
                      "needs %" PRIu64 " %s, %s is %" PRIu64
                      ": %s, or lower --concurrency",
                      wanted, what, limit, value, remedy);
}

int limits_check_tasks(uint64_t wanted, const char *what, struct reason *reason)
{
    uint64_t need = wanted + tasks_now();
    uint64_t pid_max = limits_read_number("/proc/sys/kernel/pid_max");
    // Linux never hands out the first 300 numbers again after a wrap-around.
    if (pid_max != LIMIT_UNKNOWN && need + 300 > pid_max)
        return refuse_tasks(wanted, what, "kernel.pid_max", pid_max,
                            "raise it with 'sysctl kernel.pid_max=4194304'", reason);
    uint64_t threads_max = limits_read_number("/proc/sys/kernel/threads-max");
    if (threads_max != LIMIT_UNKNOWN && need > threads_max)
        return refuse_tasks(wanted, what, "kernel.threads-max", threads_max,
                            "raise it with sysctl", reason);
    struct rlimit limit;
    // RLIMIT_NPROC counts all tasks of the user and does not bind root.
    if (getuid() != 0 && getrlimit(RLIMIT_NPROC, &limit) == 0 &&
        limit.rlim_cur != RLIM_INFINITY && wanted > limit.rlim_cur)
        return refuse_tasks(wanted, what, "RLIMIT_NPROC", (uint64_t)limit.rlim_cur,
                            "raise it with 'ulimit -Hu' as root or in "
                            "/etc/security/limits.conf",
                            reason);
    uint64_t pids_max = limits_read_number("/sys/fs/cgroup/pids.max");
    if (pids_max != LIMIT_UNKNOWN && need > pids_max)
        return refuse_tasks(wanted, what, "the cgroup's pids.max", pids_max,
                            "raise it in the container's settings", reason);
    return 0;
}

int limits_check_maps(uint64_t wanted, struct reason *reason)
{
    uint64_t maximum = limits_read_number("/proc/sys/vm/max_map_count");
    if (maximum == LIMIT_UNKNOWN || wanted + MAP_MARGIN <= maximum)
        return 0;
    return reason_set(reason, -ENOMEM,
                      "needs %" PRIu64 " memory mappings, vm.max_map_count is %" PRIu64
                      ": raise it with 'sysctl vm.max_map_count=%" PRIu64
                      "', or lower --concurrency",
                      wanted + MAP_MARGIN, maximum, 2 * wanted);
}

// Memory that the machine can give without killing anybody, in bytes.
static uint64_t memory_available(void)
{
    uint64_t kib;
    char line[128];
    uint64_t available = LIMIT_UNKNOWN;
    FILE *file = fopen("/proc/meminfo", "re");
    if (file == NULL)
        return LIMIT_UNKNOWN;
    while (fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, "MemAvailable: %" SCNu64, &kib) == 1)
            available = kib << 10;
    }
    fclose(file);
    return available;
}

// In a container the limit of its control group stands at the root of what can be seen,
// version 2 first, then version 1.
int limits_check_memory(uint64_t wanted, struct reason *reason)
{
    static const char *const groups[] = {"/sys/fs/cgroup/memory.max",
                                         "/sys/fs/cgroup/memory/memory.limit_in_bytes"};
    const char *what = "MemAvailable of this machine";
    uint64_t least = memory_available();
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        uint64_t limit = limits_read_number(groups[i]);
        if (limit < least) {
            least = limit;
            what = groups[i];
        }
    }
    if (wanted <= least)
        return 0;
    return reason_set(reason, -ENOMEM,
                      "needs %" PRIu64 " MiB, %s is %" PRIu64 " MiB: lower --tasks",
                      wanted >> 20, what, least >> 20);
}

// SPDX-License-Identifier: MIT
//
// Limits of the machine: see limits.h.
#define _GNU_SOURCE // RLIMIT_NPROC is Linux and BSD, not POSIX
#include "lib/limits.h"

#include "lib/check.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
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

static uint64_t soft_limit(__rlimit_resource_t resource)
{
    struct rlimit limit;
    if (getrlimit(resource, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return LIMIT_UNKNOWN;
    return limit.rlim_cur;
}

// RLIMIT_NPROC counts all tasks of the user and does not bind root.
static uint64_t process_limit(void)
{
    return getuid() == 0 ? LIMIT_UNKNOWN : soft_limit(RLIMIT_NPROC);
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
    uint64_t limit = soft_limit(RLIMIT_NOFILE);
    if (limit == LIMIT_UNKNOWN || wanted + DESCRIPTOR_MARGIN <= limit)
        return 0;
    return reason_set(reason, -EMFILE,
                      "needs %" PRIu64 " open files, RLIMIT_NOFILE allows %" PRIu64
                      ": raise it with "
                      "'ulimit -Hn %" PRIu64
                      "' as root or in /etc/security/limits.conf, or "
                      "lower --concurrency",
                      wanted + DESCRIPTOR_MARGIN, limit, wanted + DESCRIPTOR_MARGIN);
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

// ---- control groups ------------------------------------------------------------------

// Is the word one of those between commas?
static bool has_name(const char *names, const char *word)
{
    size_t length = strlen(word);
    for (const char *name = names; *name != '\0'; name += *name == ',') {
        size_t own = strcspn(name, ",");
        if (own == length && strncmp(name, word, length) == 0)
            return true;
        name += own;
    }
    return false;
}

// From our group to the root of what can be seen, which in a container may be our group.
static bool visit_upwards(const char *mount, char *group, const char *file,
                          limits_group_visit *visit, void *context)
{
    char path[2400];
    if (strcmp(group, "/") == 0)
        *group = '\0';
    for (char *end = group + strlen(group); end != NULL; end = strrchr(group, '/')) {
        *end = '\0';
        snprintf(path, sizeof path, "%s%s/%s", mount, group, file);
        if (visit(context, path))
            return true;
    }
    return false;
}

bool limits_each_group_of(const struct limits_groups *groups, const char *controller,
                          const char *file, limits_group_visit *visit, void *context)
{
    char line[1024];
    bool wanted = false;
    FILE *list = fopen(groups->list, "re");
    while (!wanted && list != NULL && fgets(line, sizeof line, list) != NULL) {
        char mount[1200];
        line[strcspn(line, "\n")] = '\0';
        char *names = strchr(line, ':');
        char *group = names == NULL ? NULL : strchr(names + 1, ':');
        if (group == NULL)
            continue;
        *names++ = *group++ = '\0';
        bool second = strcmp(line, "0") == 0 && *names == '\0';
        if (!second && !has_name(names, controller))
            continue;
        snprintf(mount, sizeof mount, "%s%s%s", groups->root, second ? "" : "/",
                 second ? "" : controller);
        wanted = visit_upwards(mount, group, file, visit, context);
    }
    if (list != NULL)
        fclose(list);
    return wanted;
}

bool limits_each_group(const char *controller, const char *file,
                       limits_group_visit *visit, void *context)
{
    static const struct limits_groups ours = {"/proc/self/cgroup", "/sys/fs/cgroup"};
    return limits_each_group_of(&ours, controller, file, visit, context);
}

static bool take_least(void *context, const char *path)
{
    uint64_t *least = context;
    uint64_t own = limits_read_number(path);
    *least = own < *least ? own : *least;
    return false;
}

uint64_t limits_least_of_groups(const char *controller, const char *file)
{
    uint64_t least = LIMIT_UNKNOWN;
    limits_each_group(controller, file, take_least, &least);
    return least;
}

static uint64_t pids_allowed(void)
{
    return limits_least_of_groups("pids", "pids.max");
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
    uint64_t processes = process_limit();
    if (processes != LIMIT_UNKNOWN && wanted > processes)
        return refuse_tasks(wanted, what, "RLIMIT_NPROC", processes,
                            "raise it with 'ulimit -Hu' as root or in "
                            "/etc/security/limits.conf",
                            reason);
    uint64_t pids_max = pids_allowed();
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

int limits_check_memory(uint64_t wanted, struct reason *reason)
{
    static const char *const files[] = {"memory.max", "memory.limit_in_bytes"};
    const char *what = "MemAvailable of this machine";
    uint64_t least = memory_available();
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        uint64_t limit = limits_least_of_groups("memory", files[i]);
        if (limit < least) {
            least = limit;
            what = i == 0 ? "the cgroup's memory.max" : "the cgroup's memory limit";
        }
    }
    if (wanted <= least)
        return 0;
    return reason_set(reason, -ENOMEM,
                      "needs %" PRIu64 " MiB, %s is %" PRIu64 " MiB: lower --tasks",
                      wanted >> 20, what, least >> 20);
}

// Addresses that this process has in use, in bytes.
static uint64_t addresses_now(void)
{
    uint64_t pages = limits_read_number("/proc/self/statm");
    return pages == LIMIT_UNKNOWN ? 0 : pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

int limits_check_addresses(uint64_t wanted, struct reason *reason)
{
    uint64_t limit = soft_limit(RLIMIT_AS);
    uint64_t needed = addresses_now() + wanted;
    if (limit == LIMIT_UNKNOWN || needed <= limit)
        return 0;
    return reason_set(reason, -ENOMEM,
                      "needs %" PRIu64 " MiB of addresses, RLIMIT_AS is %" PRIu64
                      " MiB: raise it with 'ulimit -v', or lower --concurrency",
                      (needed >> 20) + 1, limit >> 20);
}

int limits_check_file_size(uint64_t wanted, struct reason *reason)
{
    uint64_t limit = soft_limit(RLIMIT_FSIZE);
    if (limit == LIMIT_UNKNOWN || wanted <= limit)
        return 0;
    return reason_set(reason, -EFBIG,
                      "needs files of %" PRIu64 " bytes, RLIMIT_FSIZE is %" PRIu64
                      ": raise it with 'ulimit -f', or lower --size",
                      wanted, limit);
}

// ---- what the system has refused -----------------------------------------------------

static void tightest(const char *name, uint64_t value, const char **least_name,
                     uint64_t *least)
{
    if (value >= *least)
        return;
    *least = value;
    *least_name = name;
}

static void explain_tasks(char *text, size_t size)
{
    const char *name = "a limit of processes";
    uint64_t least = LIMIT_UNKNOWN;
    tightest("RLIMIT_NPROC", process_limit(), &name, &least);
    tightest("the cgroup's pids.max", pids_allowed(), &name, &least);
    tightest("kernel.threads-max", limits_read_number("/proc/sys/kernel/threads-max"),
             &name, &least);
    tightest("kernel.pid_max", limits_read_number("/proc/sys/kernel/pid_max"), &name,
             &least);
    snprintf(text, size,
             "%s is %" PRIu64 ", for all that runs: raise it, or lower --concurrency",
             name, least);
}

static void explain_memory(char *text, size_t size)
{
    uint64_t addresses = soft_limit(RLIMIT_AS);
    uint64_t maps = limits_read_number("/proc/sys/vm/max_map_count");
    if (addresses != LIMIT_UNKNOWN)
        snprintf(text, size,
                 "RLIMIT_AS is %" PRIu64
                 " MiB: raise it with 'ulimit -v', or lower --concurrency",
                 addresses >> 20);
    else
        snprintf(text, size,
                 "%" PRIu64 " MiB of memory are available, vm.max_map_count is %" PRIu64
                 ": lower --concurrency",
                 memory_available() >> 20, maps);
}

static void explain(int error, char *text, size_t size)
{
    switch (-error) {
    case EPERM:
    case EACCES:
    case ENOSYS:
        snprintf(
            text, size,
            "a filter of system calls (seccomp) or the kernel forbids it: allow it in "
            "the settings of this container or service");
        break;
    case EMFILE:
        snprintf(text, size,
                 "RLIMIT_NOFILE is %" PRIu64
                 ": raise it with 'ulimit -Hn' as root, or lower --concurrency",
                 soft_limit(RLIMIT_NOFILE));
        break;
    case ENFILE:
        snprintf(text, size, "fs.file-max is %" PRIu64 ": raise it with sysctl",
                 limits_read_number("/proc/sys/fs/file-max"));
        break;
    case EFBIG:
        snprintf(text, size,
                 "RLIMIT_FSIZE is %" PRIu64 " bytes: raise it with 'ulimit -f'",
                 soft_limit(RLIMIT_FSIZE));
        break;
    case EAGAIN: // also of a thread whose stack has no room
        if (soft_limit(RLIMIT_AS) == LIMIT_UNKNOWN)
            explain_tasks(text, size);
        else
            explain_memory(text, size);
        break;
    default:
        explain_memory(text, size);
        break;
    }
}

bool limits_is_refusal(int error)
{
    static const int refusals[] = {EPERM,  EACCES, ENOSYS, EMFILE,
                                   ENFILE, EFBIG,  EAGAIN, ENOMEM};
    for (size_t i = 0; i < ARRAY_LEN(refusals); i++)
        if (error == -refusals[i])
            return true;
    return false;
}

int limits_refuse(int error, struct reason *reason, const char *format, ...)
{
    char what[200];
    char why[200] = "";
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    if (limits_is_refusal(error))
        explain(error, why, sizeof why);
    return reason_set(reason, error, "%s: %s%s%s", what, strerror(-error),
                      why[0] == '\0' ? "" : "; ", why);
}

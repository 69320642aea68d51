// SPDX-License-Identifier: MIT
//
// The memory observer: see memory.h.
#define _GNU_SOURCE // MAP_ANONYMOUS is Linux and BSD, not POSIX
#include "runners/common/memory.h"

#include "lib/clock.h"
#include "lib/cpus.h"
#include "lib/process.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define KERNEL_STACK_BYTES (UINT64_C(16) << 10) // THREAD_SIZE on x86-64 and arm64
#define PID_LIMIT          (1 << 22) // the kernel's own upper bound, PID_MAX_LIMIT

struct entry {
    pid_t pid;
    pid_t parent;
    bool inside; // of the tree that is observed
};

struct table {
    struct entry *entries;
    size_t count;
    size_t room;
};

// ---- the process tree ------------------------------------------------------------------

static bool read_parent(pid_t pid, pid_t *parent)
{
    char path[64];
    char line[512];
    snprintf(path, sizeof path, "/proc/%jd/stat", (intmax_t)pid);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return false; // it has ended meanwhile
    bool read = fgets(line, sizeof line, file) != NULL;
    fclose(file);
    // "pid (name) state ppid ...": the name may hold anything, so look from its end.
    char *name_end = read ? strrchr(line, ')') : NULL;
    intmax_t value;
    if (name_end == NULL || sscanf(name_end, ") %*c %jd", &value) != 1)
        return false;
    *parent = (pid_t)value;
    return true;
}

static void table_add(struct table *table, pid_t pid, pid_t parent)
{
    if (table->count == table->room) {
        size_t room = table->room == 0 ? 1024 : 2 * table->room;
        struct entry *entries = realloc(table->entries, room * sizeof *entries);
        if (entries == NULL)
            return;
        table->entries = entries;
        table->room = room;
    }
    table->entries[table->count++] = (struct entry){.pid = pid, .parent = parent};
}

static void table_read(struct table *table)
{
    table->count = 0;
    DIR *folder = opendir("/proc");
    if (folder == NULL)
        return;
    struct dirent *item;
    while ((item = readdir(folder)) != NULL) {
        char *end;
        long pid = strtol(item->d_name, &end, 10);
        pid_t parent;
        if (*end == '\0' && pid > 0 && pid < PID_LIMIT &&
            read_parent((pid_t)pid, &parent))
            table_add(table, (pid_t)pid, parent);
    }
    closedir(folder);
}

static bool table_contains(const struct table *table, pid_t pid)
{
    for (size_t i = 0; i < table->count; i++) {
        if (table->entries[i].pid == pid)
            return table->entries[i].inside;
    }
    return false;
}

// Marks `root` and its descendants but not `left_out`, one generation or more in each
// pass. Nearly all processes of a tree are children of the root itself and are marked
// without a search.
static void table_mark(struct table *table, pid_t root, pid_t left_out)
{
    bool changed = true;
    while (changed) {
        changed = false;
        for (size_t i = 0; i < table->count; i++) {
            struct entry *entry = &table->entries[i];
            if (entry->inside || entry->pid == left_out)
                continue;
            entry->inside = entry->pid == root || entry->parent == root ||
                            (entry->parent > 1 && table_contains(table, entry->parent));
            changed = changed || entry->inside;
        }
    }
}

// ---- one sample ------------------------------------------------------------------------

// The number behind "Key:" in a file of /proc, 0 if there is none.
static uint64_t read_field(pid_t pid, const char *name, const char *key)
{
    char path[64];
    char line[256];
    uint64_t value = 0;
    snprintf(path, sizeof path, "/proc/%jd/%s", (intmax_t)pid, name);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return 0;
    while (fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, key, strlen(key)) == 0) {
            if (sscanf(line + strlen(key), "%" SCNu64, &value) != 1)
                value = 0;
            break;
        }
    }
    fclose(file);
    return value;
}

static uint64_t process_bytes(pid_t pid)
{
    return read_field(pid, "smaps_rollup", "Pss:") * 1024 +
           read_field(pid, "status", "VmPTE:") * 1024 +
           read_field(pid, "status", "Threads:") * KERNEL_STACK_BYTES;
}

static uint64_t sample(struct table *table, const struct run *run, pid_t root)
{
    uint64_t bytes = 0;
    table_read(table);
    table_mark(table, root, run->work.peer);
    for (size_t i = 0; i < table->count; i++) {
        if (table->entries[i].inside)
            bytes += process_bytes(table->entries[i].pid);
    }
    return bytes;
}

// ---- the observer ----------------------------------------------------------------------

// Looks while tasks run, without spending more than a fifth of the time on it, and once
// more when all workers wait to leave; then lets them.
_Noreturn static void observer_main(const struct run *run, struct memory_report *report)
{
    static const struct timespec millisecond = {.tv_nsec = 1000 * 1000};
    struct table table = {0};
    pid_t root = getppid();
    bool last = false;
    // Without this file, which Linux before 4.14 and some sandboxes lack, sums mean nothing.
    bool known = access("/proc/self/smaps_rollup", R_OK) == 0;
    cpus_unpin(); // not to stand in the way of the workers
    while (!last && atomic_load(&report->stop) == 0) {
        uint64_t began_ns = clock_now_ns();
        last = atomic_load(&run->board->leaving) >= run->workers;
        uint64_t bytes = sample(&table, run, root);
        if (bytes > atomic_load(&report->peak))
            atomic_store(&report->peak, bytes);
        uint64_t looked_ns = clock_now_ns() - began_ns;
        while (!last && clock_now_ns() < began_ns + 5 * looked_ns &&
               atomic_load(&run->board->leaving) < run->workers &&
               atomic_load(&report->stop) == 0)
            nanosleep(&millisecond, NULL);
    }
    if ((last || run->work.workload->deaths != NULL) && known)
        atomic_store(&report->complete, 1);
    run_let_leave(run);
    _exit(EXIT_FINE);
}

int memory_observe(struct memory_observer *observer, const struct run *run,
                   struct reason *reason)
{
    observer->report = mmap(NULL, sizeof *observer->report, PROT_READ | PROT_WRITE,
                            MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (observer->report == MAP_FAILED)
        return reason_set(reason, -errno, "cannot map memory for --memory: %s",
                          strerror(errno));
    // A worker that has died would be waited for in vain.
    bool fatal = run->work.workload->deaths != NULL;
    atomic_store(&run->board->staying, !fatal);
    pid_t pid = process_fork_apart();
    if (pid == 0)
        observer_main(run, observer->report);
    if (pid < 0)
        return reason_set(reason, (int)pid, "cannot fork the memory observer: %s",
                          strerror((int)-pid));
    observer->pid = pid;
    return 0;
}

uint64_t memory_finish(struct memory_observer *observer)
{
    int status;
    if (observer->pid == 0)
        return 0;
    struct memory_report *report = observer->report;
    atomic_store(&report->stop, 1);
    process_wait_or_kill(observer->pid, &status, NS_PER_SECOND);
    uint64_t peak = atomic_load(&report->complete) ? atomic_load(&report->peak) : 0;
    munmap(observer->report, sizeof *observer->report);
    return peak;
}

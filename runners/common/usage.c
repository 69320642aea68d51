// SPDX-License-Identifier: MIT
//
// Cost counters of the kernel: see usage.h.
#include "runners/common/usage.h"

#include "lib/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static uint64_t timeval_ns(struct timeval time)
{
    return (uint64_t)time.tv_sec * NS_PER_SECOND + (uint64_t)time.tv_usec * 1000;
}

static void add(struct usage *usage, int who)
{
    struct rusage part;
    if (getrusage(who, &part) != 0)
        return;
    usage->user_ns += timeval_ns(part.ru_utime);
    usage->system_ns += timeval_ns(part.ru_stime);
    usage->voluntary += (uint64_t)part.ru_nvcsw;
    usage->involuntary += (uint64_t)part.ru_nivcsw;
    usage->minor_faults += (uint64_t)part.ru_minflt;
    usage->major_faults += (uint64_t)part.ru_majflt;
}

void usage_read(struct usage *usage)
{
    *usage = (struct usage){0};
    add(usage, RUSAGE_SELF);
    add(usage, RUSAGE_CHILDREN);
}

// ---- a peer ----------------------------------------------------------------------------

static bool process_ns(pid_t pid, uint64_t *cpu_ns)
{
    clockid_t clock;
    struct timespec time;
    if (pid <= 0 || clock_getcpuclockid(pid, &clock) != 0 ||
        clock_gettime(clock, &time) != 0)
        return false;
    *cpu_ns = (uint64_t)time.tv_sec * NS_PER_SECOND + (uint64_t)time.tv_nsec;
    return true;
}

// CPU time of the children that a process has waited for: fields 16 and 17 of
// its line in proc_pid_stat(5), the 14th and 15th behind the name.
static uint64_t waited_for_ns(pid_t pid)
{
    char path[64];
    char line[1024];
    uint64_t user = 0, system = 0;
    snprintf(path, sizeof path, "/proc/%jd/stat", (intmax_t)pid);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return 0;
    // The name may hold anything, so look from its end.
    char *name_end = fgets(line, sizeof line, file) != NULL ? strrchr(line, ')') : NULL;
    if (name_end == NULL ||
        sscanf(name_end,
               ") %*c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %" SCNu64
               " %" SCNu64,
               &user, &system) != 2)
        user = system = 0;
    fclose(file);
    return (user + system) * (NS_PER_SECOND / (uint64_t)sysconf(_SC_CLK_TCK));
}

// Server and keeper, and perhaps one more: a peer is no deep tree.
#define PEER_DEPTH 4

static uint64_t descendants_ns(pid_t pid, int depth)
{
    char path[64];
    intmax_t child;
    uint64_t sum_ns = waited_for_ns(pid);
    snprintf(path, sizeof path, "/proc/%jd/task/%jd/children", (intmax_t)pid,
             (intmax_t)pid);
    FILE *file = depth > 0 ? fopen(path, "re") : NULL;
    while (file != NULL && fscanf(file, "%jd", &child) == 1) {
        uint64_t own_ns;
        if (process_ns((pid_t)child, &own_ns))
            sum_ns += own_ns + descendants_ns((pid_t)child, depth - 1);
    }
    if (file != NULL)
        fclose(file);
    return sum_ns;
}

bool usage_of_peer(pid_t pid, uint64_t *cpu_ns)
{
    if (!process_ns(pid, cpu_ns))
        return false;
    *cpu_ns += descendants_ns(pid, PEER_DEPTH);
    return true;
}

// ---- the network -----------------------------------------------------------------------

// /proc/net/netstat and /proc/net/snmp come in pairs of lines, "TcpExt: name name ..."
// above "TcpExt: number number ...".
static bool read_counter(const char *path, const char *group, const char *name,
                         uint64_t *value)
{
    char names[8192];
    char numbers[8192];
    bool found = false;
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return false;
    while (!found && fgets(names, sizeof names, file) != NULL &&
           fgets(numbers, sizeof numbers, file) != NULL) {
        if (strncmp(names, group, strlen(group)) != 0)
            continue;
        char *name_rest;
        char *number_rest;
        char *column = strtok_r(names, " \n", &name_rest);
        char *number = strtok_r(numbers, " \n", &number_rest);
        while (column != NULL && number != NULL && strcmp(column, name) != 0) {
            column = strtok_r(NULL, " \n", &name_rest);
            number = strtok_r(NULL, " \n", &number_rest);
        }
        found =
            column != NULL && number != NULL && sscanf(number, "%" SCNu64, value) == 1;
    }
    fclose(file);
    return found;
}

void network_read(struct network *network)
{
    static const char netstat[] = "/proc/net/netstat";
    network->known =
        read_counter(netstat, "TcpExt:", "ListenOverflows", &network->listen_overflows) &&
        read_counter(netstat, "TcpExt:", "ListenDrops", &network->listen_drops) &&
        read_counter("/proc/net/snmp", "Tcp:", "RetransSegs",
                     &network->retransmitted_segments);
}

// SPDX-License-Identifier: MIT
//
// Cost counters of the kernel: see usage.h.
#include "runners/common/usage.h"

#include "lib/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

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

bool usage_of_process(pid_t pid, uint64_t *cpu_ns)
{
    clockid_t clock;
    struct timespec time;
    if (pid <= 0 || clock_getcpuclockid(pid, &clock) != 0 ||
        clock_gettime(clock, &time) != 0)
        return false;
    *cpu_ns = (uint64_t)time.tv_sec * NS_PER_SECOND + (uint64_t)time.tv_nsec;
    return true;
}

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

// SPDX-License-Identifier: MIT
//
// limits.c - does this machine allow 10,000 tasks in flight in every model? Below
// that, runs with fewer tasks still work; what does not fit is refused by the runner
// (exit code 77) and shown as DNF, never clamped.
#include "lib/limits.h"
#include "driver/doctor/doctor.h"
#include "driver/report/read.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define IN_FLIGHT     10000.0 // tasks of the largest usual comparison
#define MARGIN        1000.0  // what a machine runs and holds besides
#define PORTS_WANTED  20000.0 // a closed connection keeps its port for a minute
#define MEMORY_WANTED (2.0 * 1073741824.0) // 10,000 processes take some 1.1 GiB

// Says whether a limit is large enough. NAN: unknown or unlimited.
static void check_at_least(struct doctor *doctor, const char *subject, double value,
                           double wanted, const char *what, const char *remedy)
{
    if (isnan(value))
        doctor_say(doctor, FINDING_OK, subject, NULL, "no limit that this system tells");
    else if (value < wanted)
        doctor_say(doctor, FINDING_PROBLEM, subject, remedy,
                   "%.0f, and %s in flight need about %.0f", value, what, wanted);
    else
        doctor_say(doctor, FINDING_OK, subject, NULL, "%.0f", value);
}

static void check_processes(struct doctor *doctor)
{
    // RLIMIT_NPROC does not bind the superuser.
    double processes = geteuid() == 0
                           ? (double)NAN
                           : environment_number(doctor->environment, "rlimit_nproc.hard");
    check_at_least(doctor, "RLIMIT_NPROC", processes, IN_FLIGHT + MARGIN,
                   "10000 processes",
                   "raise 'nproc' in /etc/security/limits.conf and log in again");
    check_at_least(doctor, "pid_max", environment_number(doctor->environment, "pid_max"),
                   IN_FLIGHT + MARGIN, "10000 processes",
                   "sysctl kernel.pid_max=32768 (as root)");
    check_at_least(doctor, "threads-max",
                   environment_number(doctor->environment, "threads_max"),
                   IN_FLIGHT + MARGIN, "10000 threads",
                   "sysctl kernel.threads-max=32768 (as root)");
    uint64_t pids = limits_least_of_groups("pids", "pids.max");
    check_at_least(
        doctor, "cgroup pids.max", pids == LIMIT_UNKNOWN ? (double)NAN : (double)pids,
        IN_FLIGHT + MARGIN, "10000 processes",
        "allow more tasks in this container or service (pids limit, TasksMax=)");
}

static void check_memory(struct doctor *doctor)
{
    check_at_least(doctor, "max_map_count",
                   environment_number(doctor->environment, "max_map_count"),
                   2 * IN_FLIGHT + MARGIN, "10000 threads",
                   "sysctl vm.max_map_count=65530 (as root)");
    double available = environment_number(doctor->environment, "memory_available_bytes");
    double limit = environment_number(doctor->environment, "memory_limit_bytes");
    double least = fmin(available, limit); // fmin() ignores a NAN
    if (isnan(least))
        return;
    if (least < MEMORY_WANTED)
        doctor_say(doctor, FINDING_NOTE, "memory",
                   "close programs, raise the limit, or keep --concurrency below 10000",
                   "%.1f GiB to be had; 10000 processes take more than one",
                   least / 1073741824);
    else
        doctor_say(doctor, FINDING_OK, "memory", NULL, "%.1f GiB to be had",
                   least / 1073741824);
}

static void check_ports(struct doctor *doctor)
{
    int low = 0;
    int high = 0;
    const char *range = doctor_text(doctor, "port_range", "");
    if (sscanf(range, "%d %d", &low, &high) != 2)
        return;
    if (high - low + 1 < PORTS_WANTED)
        doctor_say(doctor, FINDING_PROBLEM, "ephemeral ports",
                   "sysctl net.ipv4.ip_local_port_range='15000 60999' (as root)",
                   "%d to %d: %d connections at most", low, high, high - low + 1);
    else
        doctor_say(doctor, FINDING_OK, "ephemeral ports", NULL, "%d to %d", low, high);
}

// 1: for all, 2: for loopback, which is all that is used here.
static void check_reuse(struct doctor *doctor)
{
    uint64_t value = limits_read_number("/proc/sys/net/ipv4/tcp_tw_reuse");
    if (value == 0)
        doctor_say(doctor, FINDING_NOTE, "tcp_tw_reuse",
                   "sysctl net.ipv4.tcp_tw_reuse=2 (as root)",
                   "0: ports of closed connections rest for a minute");
    else if (value != LIMIT_UNKNOWN)
        doctor_say(doctor, FINDING_OK, "tcp_tw_reuse", NULL, "%" PRIu64, value);
}

void doctor_limits(struct doctor *doctor)
{
    doctor_title(doctor, "Limits, for 10000 tasks in flight");
    check_at_least(
        doctor, "RLIMIT_NOFILE",
        environment_number(doctor->environment, "rlimit_nofile.hard"), IN_FLIGHT + MARGIN,
        "10000 connections",
        "raise the hard 'nofile' in /etc/security/limits.conf and log in again");
    check_processes(doctor);
    check_memory(doctor);
    double backlog = environment_number(doctor->environment, "somaxconn");
    if (backlog < 4096)
        doctor_say(doctor, FINDING_NOTE, "somaxconn",
                   "sysctl net.core.somaxconn=4096 (as root)",
                   "%.0f: many connections at once may be refused for a moment", backlog);
    else if (!isnan(backlog))
        doctor_say(doctor, FINDING_OK, "somaxconn", NULL, "%.0f", backlog);
    check_ports(doctor);
    check_reuse(doctor);
}

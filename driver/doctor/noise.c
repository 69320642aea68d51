// SPDX-License-Identifier: MIT
//
// noise.c - what else happens on this machine: other programs, other guests of
// the same host, pages that come back from swap. A session measures this again around
// every block; here it is a first look.
#include "driver/doctor/doctor.h"
#include "lib/cpus.h"

#define STEAL_WORTH_NOTING    0.01 // of all CPU time since the machine started
#define LOAD_WORTH_NOTING     0.5  // per CPU
#define LOAD_TOO_MUCH         2.0
#define PRESSURE_WORTH_NOTING 5.0 // per cent of the last ten seconds

// The first line of /proc/stat: user nice system idle iowait irq softirq steal.
static void check_steal(struct doctor *doctor)
{
    double fields[8] = {0};
    FILE *file = fopen("/proc/stat", "re");
    if (file == NULL)
        return;
    int count =
        fscanf(file, "cpu %lf %lf %lf %lf %lf %lf %lf %lf", &fields[0], &fields[1],
               &fields[2], &fields[3], &fields[4], &fields[5], &fields[6], &fields[7]);
    fclose(file);
    if (count != 8)
        return;
    double busy = fields[0] + fields[1] + fields[2] + fields[5] + fields[6] + fields[7];
    double part = busy > 0 ? fields[7] / busy : 0;
    if (part > STEAL_WORTH_NOTING)
        doctor_say(doctor, FINDING_NOTE, "steal",
                   "blocks with much steal are run again; another machine may be calmer",
                   "%.1f %% of the busy CPU time since the start went to other guests",
                   100 * part);
    else
        doctor_say(doctor, FINDING_OK, "steal", NULL, "%.1f %% since the start",
                   100 * part);
}

static void check_load(struct doctor *doctor)
{
    double load = 0;
    FILE *file = fopen("/proc/loadavg", "re");
    if (file == NULL)
        return;
    int count = fscanf(file, "%lf", &load);
    fclose(file);
    if (count != 1)
        return;
    if (load > LOAD_TOO_MUCH * cpus_count())
        doctor_say(doctor, FINDING_PROBLEM, "load",
                   "wait, or see with 'top' who is at work: blocks that others disturb "
                   "are run again, and at last refused",
                   "%.2f on %u CPUs in the last minute", load, cpus_count());
    else if (load > LOAD_WORTH_NOTING * cpus_count())
        doctor_say(doctor, FINDING_NOTE, "load", "wait, or see with 'top' who is at work",
                   "%.2f on %u CPUs in the last minute", load, cpus_count());
    else
        doctor_say(doctor, FINDING_OK, "load", NULL, "%.2f", load);
}

// /proc/pressure/cpu: "some avg10=1.23 ...": how long somebody had to wait for a CPU.
static void check_pressure(struct doctor *doctor)
{
    double some = 0;
    FILE *file = fopen("/proc/pressure/cpu", "re");
    if (file == NULL) {
        doctor_say(doctor, FINDING_OK, "CPU pressure", NULL, "not told by this kernel");
        return;
    }
    int count = fscanf(file, "some avg10=%lf", &some);
    fclose(file);
    if (count == 1 && some > PRESSURE_WORTH_NOTING)
        doctor_say(doctor, FINDING_NOTE, "CPU pressure",
                   "wait, or see with 'top' who is at work",
                   "%.1f %% of the last 10 s somebody waited for a CPU", some);
    else if (count == 1)
        doctor_say(doctor, FINDING_OK, "CPU pressure", NULL, "%.1f %% in the last 10 s",
                   some);
}

static void check_swap(struct doctor *doctor)
{
    char line[256];
    double total = 0;
    double unused = 0;
    FILE *file = fopen("/proc/meminfo", "re");
    if (file == NULL)
        return;
    while (fgets(line, sizeof line, file) != NULL) {
        (void)sscanf(line, "SwapTotal: %lf", &total);
        (void)sscanf(line, "SwapFree: %lf", &unused);
    }
    fclose(file);
    if (total - unused > 0)
        doctor_say(doctor, FINDING_NOTE, "swap",
                   "swapoff -a, if memory is free (as root)", "%.0f MiB are swapped out",
                   (total - unused) / 1024);
    else
        doctor_say(doctor, FINDING_OK, "swap", NULL, total > 0 ? "not in use" : "none");
}

void doctor_noise(struct doctor *doctor)
{
    doctor_title(doctor, "Noise");
    check_steal(doctor);
    check_load(doctor);
    check_pressure(doctor);
    check_swap(doctor);
}

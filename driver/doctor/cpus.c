// SPDX-License-Identifier: MIT
//
// cpus.c - the CPUs: how many may be used, what shares them, and whether their
// speed and their clock stand still.
#include "lib/cpus.h"
#include "driver/doctor/doctor.h"
#include "driver/report/read.h"
#include "lib/check.h"

#include <math.h>
#include <string.h>

static void check_count(struct doctor *doctor)
{
    double online = environment_number(doctor->environment, "cpus_online");
    unsigned allowed = cpus_count();
    const char *list = doctor_text(doctor, "cpus_allowed", "?");
    if (allowed < 2)
        doctor_say(doctor, FINDING_NOTE, "CPUs",
                   "use a machine with two or more to compare the use of all CPUs",
                   "one (%s): back ends share it with the models", list);
    else if (allowed < online)
        doctor_say(doctor, FINDING_NOTE, "CPUs", NULL,
                   "%u of %.0f may be used by this process: %s", allowed, online, list);
    else
        doctor_say(doctor, FINDING_OK, "CPUs", NULL, "%u: %s, %s", allowed, list,
                   doctor_text(doctor, "cpu_model", "model unknown"));
}

static void check_quota(struct doctor *doctor)
{
    double quota = environment_number(doctor->environment, "cpu_quota");
    if (isnan(quota))
        doctor_say(doctor, FINDING_OK, "cgroup quota", NULL, "none");
    else if (quota < cpus_count())
        doctor_say(doctor, FINDING_PROBLEM, "cgroup quota",
                   "lift the CPU limit of this container, or give it whole CPUs (cpuset)",
                   "%.2f of %u CPUs: work is stopped when it is used up", quota,
                   cpus_count());
    else
        doctor_say(doctor, FINDING_OK, "cgroup quota", NULL, "%.2f CPUs", quota);
}

static void check_sharing(struct doctor *doctor)
{
    const char *virtual = environment_text(doctor->environment, "virtualisation");
    if (virtual != NULL && strcmp(virtual, "none") != 0)
        doctor_say(doctor, FINDING_NOTE, "virtualisation",
                   "compare within one run only; prefer the default profile to quick",
                   "%s: wake-ups across CPUs are dear, others may take CPU time",
                   virtual);
    else
        doctor_say(doctor, FINDING_OK, "virtualisation", NULL, "%s",
                   virtual == NULL ? "unknown" : virtual);
    const char *smt = environment_text(doctor->environment, "smt");
    if (smt != NULL && strcmp(smt, "on") == 0)
        doctor_say(doctor, FINDING_NOTE, "SMT",
                   "name one CPU per core: quartet run --cpus LIST (see lscpu -e)",
                   "on: two CPUs may be one core");
    else
        doctor_say(doctor, FINDING_OK, "SMT", NULL, "%s", smt == NULL ? "unknown" : smt);
}

static void check_speed(struct doctor *doctor)
{
    const char *governor = environment_text(doctor->environment, "governor");
    if (governor == NULL)
        doctor_say(doctor, FINDING_OK, "governor", NULL,
                   "not to be seen here, as usual in virtual machines");
    else if (strcmp(governor, "performance") != 0)
        doctor_say(doctor, FINDING_NOTE, "governor",
                   "cpupower frequency-set -g performance (as root)",
                   "%s: CPUs begin slowly after a pause", governor);
    else
        doctor_say(doctor, FINDING_OK, "governor", NULL, "%s", governor);
    enum truth turbo = environment_truth(doctor->environment, "turbo");
    if (turbo == TRUTH_YES)
        doctor_say(doctor, FINDING_NOTE, "turbo",
                   "echo 1 > /sys/devices/system/cpu/intel_pstate/no_turbo, or "
                   "echo 0 > /sys/devices/system/cpu/cpufreq/boost (as root)",
                   "on: speed depends on temperature and on how many CPUs work");
    else if (turbo == TRUTH_NO)
        doctor_say(doctor, FINDING_OK, "turbo", NULL, "off");
}

// All that a session starts inherits both.
static void check_priority(struct doctor *doctor)
{
    double nice = environment_number(doctor->environment, "nice");
    const char *policy = doctor_text(doctor, "scheduling_policy", "unknown");
    if ((isnan(nice) || nice == 0) && strcmp(policy, "other") == 0)
        doctor_say(doctor, FINDING_OK, "priority", NULL, "nice 0, policy other");
    else
        doctor_say(doctor, FINDING_NOTE, "priority",
                   "begin without nice, chrt or schedtool, as those do who compare",
                   "nice %.0f, policy %s: the kernel treats these runs otherwise", nice,
                   policy);
}

static void check_clock(struct doctor *doctor)
{
    static const char *const slow[] = {"hpet", "acpi_pm", "jiffies", "refined-jiffies"};
    const char *clock = doctor_text(doctor, "clocksource", "unknown");
    for (size_t i = 0; i < ARRAY_LEN(slow); i++) {
        if (strcmp(clock, slow[i]) == 0) {
            doctor_say(
                doctor, FINDING_PROBLEM, "clock source",
                "see /sys/devices/system/clocksource/clocksource0/available_clocksource",
                "%s: reading the time is slow or coarse", clock);
            return;
        }
    }
    doctor_say(doctor, FINDING_OK, "clock source", NULL, "%s", clock);
}

void doctor_cpus(struct doctor *doctor)
{
    doctor_title(doctor, "CPUs");
    check_count(doctor);
    check_quota(doctor);
    check_sharing(doctor);
    check_speed(doctor);
    check_priority(doctor);
    check_clock(doctor);
}

// SPDX-License-Identifier: MIT
//
// report_notes.c - the sentences around a whole report: which session, on what machine, what
// was left out, and how to read the tables. See table_notes.h.
#include "driver/show/table_notes.h"

#include "driver/report/read.h"
#include "driver/show/notes.h"
#include "lib/format.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *const words_legend[] = {
    ("wall: median time of a whole run, from starting the program to its exit, and the "
     "interval that holds the true median with the confidence that stands above it."),
    ("ratio to best: how many times as long as the best row took in the same rounds, and "
     "the interval of that ratio. ~ no difference can be told: p, corrected for all "
     "pairs "
     "of all tables, is 0.05 or more, or the twins differ as much. ? too few rounds to "
     "say. Fewer than 6 rounds cannot promise an interval of 95 %."),
    "run: from the first task to the end of the last; per op: run divided by operations.",
    ("CPU: user and system time of all processes of the runner. peer CPU: that of its "
     "back "
     "end, server or load generator during the run; CPU sum: both, all that the row "
     "causes. "
     "A model that blocks makes its peer pay for waking it."),
    "switches: voluntary (it waited) and involuntary (it was interrupted).",
    "calls, instr.: system calls and instructions of an operation, counted in more runs.",
    "memory: peak of all processes of the runner, from one more run that is not timed.",
    "p50, p99: half and 99 % of the operations took no longer; all runs put together.",
    "DNF: the limits of this machine do not allow it. Rows with a reason are not ranked.",
    "Compare rows of one table only; times of another day or machine say nothing.",
    NULL,
};

// ---- the whole report ------------------------------------------------------------

// Of "6.1.0-18-amd64" only "6.1": the rest changes with every update.
static int kernel_length(const char *release)
{
    size_t length = strcspn(release, ".");
    if (release[length] == '.')
        length += 1 + strspn(release + length + 1, "0123456789");
    return (int)(length < 31 ? length : 31);
}

static void describe_machine(char *line, const json_t *environment)
{
    const char *cpu = environment_text(environment, "cpu_model");
    const char *kernel = environment_text(environment, "kernel");
    const char *virtual = environment_text(environment, "virtualisation");
    double cpus = environment_number(environment, "cpus_online");
    if (cpu != NULL)
        notes_extend(line, "%.100s", cpu);
    if (!isnan(cpus))
        notes_extend(line, "%s%.0f CPUs", line[0] == '\0' ? "" : ", ", cpus);
    if (kernel != NULL && kernel_length(kernel) > 0)
        notes_extend(line, "%sLinux %.*s", line[0] == '\0' ? "" : ", ",
                     kernel_length(kernel), kernel);
    if (virtual != NULL)
        notes_extend(line, "%s%.40s", line[0] == '\0' ? "" : ", ", virtual);
}

// Describes what was cut, so that the session ended in time.
static void describe_budget(json_t *lines, const struct report_budget *budget)
{
    char text[32];
    char line[NOTES_LINE] = "";
    if (isnan(budget->rounds_fit))
        return; // none, or it was not known yet what fits
    format_duration(text, sizeof text, budget->ns);
    notes_extend(line, "time budget %s: %.0f of %.0f rounds fit", text,
                 budget->rounds_fit, budget->rounds_wanted);
    if (budget->blocks_left_out > 0)
        notes_extend(line, ", of which %.0f blocks were left out at the end",
                     budget->blocks_left_out);
    if (budget->detectable >= 0)
        notes_extend(line, "; expected to tell differences of about %.1f %% (by %.80s)",
                     100 * budget->detectable,
                     budget->detectable_from == NULL ? "?" : budget->detectable_from);
    notes_add(lines, "%s", line);
}

static void describe_session(char *line, const struct report *report)
{
    const char *version = report->version;
    const char *profile = report->plan.profile;
    const char *started = report->started_utc;
    char duration[80];
    notes_extend(line, "quartet %.40s", version == NULL ? "of unknown version" : version);
    if (report->commit != NULL)
        notes_extend(line, " (%.40s)", report->commit);
    notes_extend(line, ", profile %.40s", profile == NULL ? "unknown" : profile);
    if (!isnan(report->plan.seed_shown))
        notes_extend(line, ", seed %.0f", report->plan.seed_shown);
    notes_extend(line, ", %.40s", started == NULL ? "at an unknown time" : started);
    if (!isnan(report->duration_ns)) {
        format_duration(duration, sizeof duration, report->duration_ns);
        notes_extend(line, ", took %s", duration);
    }
    if (report->resumed != NULL)
        notes_extend(line, ", in %zu parts", json_array_size(report->resumed) + 1);
}

// Workloads that were asked for and could not be built.
static void describe_left_out(json_t *lines, const struct report_plan *plan)
{
    for (size_t i = 0; i < plan->left_out_count; i++) {
        const struct left_out *absent = &plan->left_out[i];
        notes_add(lines, "SKIP %.60s: left out of this build: %.300s%s%.100s",
                  absent->name, absent->reason,
                  absent->package != NULL ? "; install " : "",
                  absent->package != NULL ? absent->package : "");
    }
}

json_t *words_heading(const struct report *report)
{
    json_t *lines = json_array();
    char line[NOTES_LINE] = "";
    describe_session(line, report);
    notes_add(lines, "%s", line);
    line[0] = '\0';
    describe_machine(line, report->environment);
    if (line[0] != '\0')
        notes_add(lines, "%s", line);
    describe_budget(lines, &report->plan.budget);
    describe_left_out(lines, &report->plan);
    return lines;
}

json_t *words_warnings(const struct report *report)
{
    json_t *lines = json_array();
    if (!report->complete)
        notes_add(lines, "INCOMPLETE: %s",
                  report->incomplete_reason == NULL ? "the session did not end normally"
                                                    : report->incomplete_reason);
    if (report->plan.optimised == TRUTH_NO)
        notes_add(lines,
                  "NOT OPTIMISED: the runners are a debug or sanitizer build; times "
                  "mean nothing.");
    if (!report->plan.for_decisions)
        notes_add(lines, "Not for decisions: too few rounds. To decide, use "
                         "'quartet run --profile default'.");
    return lines;
}

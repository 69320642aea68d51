// SPDX-License-Identifier: MIT
//
// sample_check.c - see sample_check.h. Whether the record is that of its cell is asked in
// sample_identity.c.
#include "driver/analysis/sample_check.h"

#include "driver/analysis/sample_identity.h"
#include "driver/report/read.h"
#include "driver/report/tree.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

// CPU time is accounted for by two calls at two instants: the stop-watch's is the later one.
// Kernels that count ticks are right to within one (USER_HZ is 100).
#define CPU_SLACK_NS    10e6
#define CPU_SLACK_SHARE 0.02
// Two programs convert one clock to two units.
#define CLOCK_SLACK_NS 1e3
// A runner that is not ours may have timers of whole milliseconds, which may be early by one.
#define TIMER_SLACK_NS    1e6
#define TIMER_SLACK_SHARE 0.02
// So many phases must be finer than a microsecond for equal ones to be no chance.
#define FINE_PHASES 3

static int refuse(struct reason *reason, const char *what, double is, double should)
{
    return reason_set(reason, -EBADMSG, "%s: %.3f ms and %.3f ms", what, is / 1e6,
                      should / 1e6);
}

// ---- clocks ------------------------------------------------------------------------

static double phases_sum(const struct record *record)
{
    double sum_ns = 0;
    for (enum phase phase = 0; phase < PHASE_COUNT; phase++)
        sum_ns += record->phases_ns[phase];
    return sum_ns; // NAN, if any is not known
}

static double least_of(const struct record *stated, const struct record *record)
{
    bool same = stated->tasks == record->tasks &&
                stated->concurrency == record->concurrency &&
                json_equal(stated->parameters, record->parameters);
    return same && stated->least_run_ns > 0 ? stated->least_run_ns : 0;
}

// The least time of this run phase that any row of the table states: a runner that is not
// ours states none.
static double least_run_ns(const struct report_table *table, const struct record *record)
{
    double least_ns = least_of(record, record);
    for (size_t i = 0; i < table->cell_count; i++) {
        const struct report_cell *cell = &table->cells[i];
        least_ns = fmax(least_ns, least_of(&cell->warmup.record, record));
        if (cell->samples.count > 0)
            least_ns = fmax(least_ns, least_of(&cell->samples.list[0].record, record));
    }
    return least_ns;
}

static int check_phases(const struct report_table *table, const struct sample *sample,
                        struct reason *reason)
{
    const struct record *record = &sample->record;
    double run_ns = record->phases_ns[PHASE_RUN];
    for (enum phase phase = 0; phase < PHASE_COUNT; phase++)
        if (record->phases_ns[phase] < 0)
            return reason_set(reason, -EBADMSG, "its phase '%s' took less than no time",
                              phase_name(phase));
    if (sample->wall_ns + CLOCK_SLACK_NS < phases_sum(record))
        return refuse(reason, "its wall time is shorter than its phases together",
                      sample->wall_ns, phases_sum(record));
    double least_ns = least_run_ns(table, record);
    if (run_ns + TIMER_SLACK_NS < least_ns * (1 - TIMER_SLACK_SHARE))
        return refuse(reason, "its run phase is shorter than the workload can be", run_ns,
                      least_ns);
    return 0;
}

// Is all CPU time known that was used beside the tasks? That of a server which is no peer,
// of the observer of memory, or of the one that stands around a warm-up, is not.
static bool all_cpu_known(const struct report_table *table, const struct sample *sample)
{
    const struct record *record = &sample->record;
    if (!(sample->block >= 1))
        return false;
    bool waits = table->kind == NULL || strcmp(table->kind, "io") == 0;
    return record->memory == NULL && (!waits || !isnan(record->peer_cpu_ns));
}

// A runner may compute on all CPUs before its run phase and after: start and end processes,
// make its input.
static double cpus_of(const struct report *report)
{
    double online = environment_number(report->environment, "cpus_online");
    return online >= 1 ? online : 1;
}

static int check_cpu(const struct report *report, const struct report_table *table,
                     const struct sample *sample, struct reason *reason)
{
    const struct record *record = &sample->record;
    double seen_ns = sample->user_ns + sample->system_ns;
    double said_ns = record->user_ns + record->system_ns;
    double slack_ns = CPU_SLACK_NS + CPU_SLACK_SHARE * seen_ns;
    if (said_ns > seen_ns + slack_ns)
        return refuse(reason, "its record has more CPU time than the stop-watch has seen",
                      said_ns, seen_ns);
    if (!all_cpu_known(table, sample))
        return 0;
    double peer_ns = isnan(record->peer_cpu_ns) ? 0 : record->peer_cpu_ns;
    double outside_ns = sample->wall_ns - record->phases_ns[PHASE_RUN];
    if (seen_ns - said_ns - peer_ns > cpus_of(report) * outside_ns + slack_ns)
        return refuse(reason,
                      "the stop-watch has seen more CPU time than its record has, and "
                      "than fits into the rest of the run",
                      seen_ns, said_ns + peer_ns);
    return 0;
}

// ---- width -------------------------------------------------------------------------

double sample_in_flight(const struct sample *sample)
{
    const struct record *record = &sample->record;
    if (record->latency_kind == NULL || strcmp(record->latency_kind, "service") != 0 ||
        tree_true(record->json, "latency_ns.of_peer"))
        return (double)NAN;
    return record->latency_count * record->latency_mean_ns / record->phases_ns[PHASE_RUN];
}

static int check_width(const struct sample *sample, struct reason *reason)
{
    const struct record *record = &sample->record;
    double most = record->peak_in_flight;
    if (most < 1 || most > record->concurrency)
        return reason_set(reason, -EBADMSG,
                          "%.0f tasks were in flight at most, of a concurrency of %.0f",
                          most, record->concurrency);
    if (record->workers < 1 || record->workers > record->concurrency)
        return reason_set(reason, -EBADMSG, "%.0f workers for a concurrency of %.0f",
                          record->workers, record->concurrency);
    double in_flight = sample_in_flight(sample);
    if (in_flight > most * (1 + SAMPLE_LITTLE_SLACK))
        return reason_set(
            reason, -EBADMSG,
            "Little's law: its latencies need %.1f tasks in flight, and %.0f "
            "were at most",
            in_flight, most);
    return 0;
}

// ---- one run -----------------------------------------------------------------------

int sample_check(const struct report *report, const struct report_table *table,
                 const struct report_cell *cell, const struct sample *sample,
                 struct reason *reason)
{
    int error = sample_identity(report, table, cell, &sample->record, reason);
    if (error == 0)
        error = check_phases(table, sample, reason);
    if (error == 0)
        error = check_width(sample, reason);
    if (error == 0)
        error = check_cpu(report, table, sample, reason);
    return error;
}

// ---- all of them -------------------------------------------------------------------

static void set_refused(struct report *report, struct sample *sample, const char *why)
{
    if (sample->refused == NULL)
        sample->refused = report_keep_text(report, why);
}

static bool ended_well(const struct sample *sample)
{
    return sample->exit_code == 0 && sample->record.ok;
}

static void check_list(struct report *report, const struct report_table *table,
                       const struct report_cell *cell, struct sample_list *list)
{
    struct reason reason;
    for (size_t i = 0; i < list->count; i++) {
        struct sample *sample = &list->list[i];
        if (sample->refused == NULL && ended_well(sample) &&
            sample_check(report, table, cell, sample, &reason) != 0)
            set_refused(report, sample, reason.text);
    }
}

// Figures that no two runs have in common all at once.
static size_t figures_of(const struct sample *sample, double *figures)
{
    const struct record *record = &sample->record;
    size_t n = 0;
    for (enum phase phase = 0; phase < PHASE_COUNT; phase++)
        figures[n++] = record->phases_ns[phase];
    figures[n++] = record->user_ns;
    figures[n++] = record->system_ns;
    return n;
}

// Order by figures, so that copies are neighbours; what is unknown is equal.
static int compare_figures(const void *one, const void *other)
{
    double a[PHASE_COUNT + 2];
    double b[PHASE_COUNT + 2];
    size_t n = figures_of(*(struct sample *const *)one, a);
    figures_of(*(struct sample *const *)other, b);
    for (size_t i = 0; i < n; i++) {
        if (isnan(a[i]) != isnan(b[i]))
            return isnan(a[i]) ? -1 : 1;
        if (a[i] < b[i] || a[i] > b[i])
            return a[i] < b[i] ? -1 : 1;
    }
    return 0;
}

// Is its clock so fine that two of its runs cannot look alike?
static bool is_fine(const struct sample *sample)
{
    unsigned fine = 0;
    for (enum phase phase = 0; phase < PHASE_COUNT; phase++)
        fine += fmod(sample->record.phases_ns[phase], 1e3) > 0 ? 1 : 0; // NAN: it is not
    return fine >= FINE_PHASES && ended_well(sample);
}

static size_t gather(struct sample_list *list, struct sample **all, size_t n)
{
    for (size_t i = 0; i < list->count; i++)
        if (is_fine(&list->list[i]))
            all[n++] = &list->list[i];
    return n;
}

static int refuse_copies(struct report *report, struct report_table *table)
{
    size_t n = 0;
    for (size_t i = 0; i < table->cell_count; i++)
        n += table->cells[i].samples.count + table->cells[i].twins.count;
    struct sample **all = calloc(n + 1, sizeof *all);
    if (all == NULL)
        return -ENOMEM;
    n = 0;
    for (size_t i = 0; i < table->cell_count; i++) {
        n = gather(&table->cells[i].samples, all, n);
        n = gather(&table->cells[i].twins, all, n);
    }
    qsort(all, n, sizeof *all, compare_figures);
    for (size_t i = 1; i < n; i++)
        if (compare_figures(&all[i - 1], &all[i]) == 0) {
            set_refused(report, all[i - 1], "it is a copy of another run");
            set_refused(report, all[i], "it is a copy of another run");
        }
    free(all);
    return 0;
}

int sample_check_all(struct report *report)
{
    int error = 0;
    for (size_t i = 0; error == 0 && i < report->table_count; i++) {
        struct report_table *table = &report->tables[i];
        for (size_t j = 0; j < table->cell_count; j++) {
            struct report_cell *cell = &table->cells[j];
            check_list(report, table, cell, &cell->samples);
            check_list(report, table, cell, &cell->twins);
        }
        error = refuse_copies(report, table);
    }
    return error;
}

static const char *first_refused(const struct sample_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->list[i].refused != NULL)
            return list->list[i].refused;
    return NULL;
}

int sample_check_refused(const struct report *report, struct reason *reason)
{
    for (size_t i = 0; i < report->table_count; i++) {
        const struct report_table *table = &report->tables[i];
        for (size_t j = 0; j < table->cell_count; j++) {
            const struct report_cell *cell = &table->cells[j];
            const char *why = first_refused(&cell->samples);
            if (why == NULL)
                why = first_refused(&cell->twins);
            if (why != NULL)
                return reason_set(reason, -EBADMSG,
                                  "%.100s, %.100s: a run is not believed: %.200s",
                                  table->id, cell->label, why);
        }
    }
    return 0;
}

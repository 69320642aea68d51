// SPDX-License-Identifier: MIT
//
// The run record as JSON: see record.h. Each part of the record is a function here,
// in the order in which they stand in the file.
#include "runners/common/record.h"

#include "build_info.h"
#include "lib/histogram.h"
#include "lib/json_file.h"
#include "runners/common/latency.h"
#include "runners/common/memory.h"
#include "runners/common/shared_form.h"

#include <inttypes.h>
#include <string.h>
#include <sys/auxv.h>

static json_t *integer(uint64_t value)
{
    return json_integer((json_int_t)value);
}

static json_t *text_or_null(const char *text)
{
    return text != NULL && text[0] != '\0' ? json_string(text) : json_null();
}

const char *status_name(enum status status)
{
    static const char *const names[] = {[STATUS_OK] = "ok",
                                        [STATUS_WRONG] = "wrong",
                                        [STATUS_FAILED] = "failed",
                                        [STATUS_DNF] = "dnf"};
    return names[status];
}

int status_exit_code(enum status status)
{
    static const int codes[] = {[STATUS_OK] = EXIT_FINE,
                                [STATUS_WRONG] = EXIT_WRONG,
                                [STATUS_FAILED] = EXIT_WRONG,
                                [STATUS_DNF] = EXIT_CANNOT};
    return codes[status];
}

const char *record_kind_name(enum workload_kind kind)
{
    static const char *const names[] = {
        [WORKLOAD_IO] = "io", [WORKLOAD_CPU] = "cpu", [WORKLOAD_COST] = "cost"};
    return names[kind];
}

// ---- options ---------------------------------------------------------------------------

static json_t *option_value(const struct option_spec *spec, const void *values)
{
    const void *place = (const unsigned char *)values + spec->offset;
    char choice[64];
    switch (spec->kind) {
    case OPTION_FLAG:
        return json_boolean(*(const bool *)place);
    case OPTION_TEXT:
        return text_or_null(*(const char *const *)place);
    case OPTION_CHOICE:
        option_choice_text(spec, *(const uint64_t *)place, choice, sizeof choice);
        return json_string(choice);
    default:
        return integer(*(const uint64_t *)place);
    }
}

json_t *record_options(const struct option_spec *specs, const void *values)
{
    json_t *object = json_object();
    for (const struct option_spec *spec = specs; spec->name != NULL; spec++) {
        char key[64];
        option_json_key(spec, key, sizeof key);
        json_object_set_new(object, key, option_value(spec, values));
    }
    return object;
}

// ---- parts of the record ---------------------------------------------------------------

json_t *record_ledger(const struct ledger *ledger)
{
    return json_pack("{s:o, s:o, s:o, s:o}", "tasks", integer(ledger->tasks),
                     "operations", integer(ledger->operations), "bytes_in",
                     integer(ledger->bytes_in), "bytes_out", integer(ledger->bytes_out));
}

uint64_t record_least_run_ns(const struct work *work)
{
    return work->workload->least_run_ns == NULL ? 0 : work->workload->least_run_ns(work);
}

static void add_ledgers(json_t *record, const struct work *work,
                        const struct tally *tally)
{
    if (tally == NULL) {
        json_object_set_new(record, "ledger", json_null());
        json_object_set_new(record, "expected", json_null());
        return;
    }
    char checksum[20];
    snprintf(checksum, sizeof checksum, "%016" PRIx64, tally->checksum);
    json_t *ledger = record_ledger(&tally->done);
    json_object_set_new(ledger, "peak_in_flight", integer(tally->peak_in_flight));
    json_object_set_new(ledger, "errors", integer(tally->errors));
    json_object_set_new(ledger, "checksum", json_string(checksum));
    json_object_set_new(record, "ledger", ledger);
    json_t *expected = record_ledger(&tally->expected);
    json_object_set_new(expected, "least_run_ns", integer(record_least_run_ns(work)));
    json_object_set_new(record, "expected", expected);
}

// The time between two instants; null where one of them was never reached.
static json_t *phase(uint64_t from_ns, uint64_t to_ns)
{
    return from_ns == 0 || to_ns < from_ns ? json_null() : integer(to_ns - from_ns);
}

static json_t *phases_json(const struct milestones *at)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "setup",
                     phase(at->started_ns, at->set_up_ns), "spawn",
                     phase(at->set_up_ns, at->spawned_ns), "run",
                     phase(at->spawned_ns, at->finished_ns), "join",
                     phase(at->finished_ns, at->joined_ns), "teardown",
                     phase(at->joined_ns, at->torn_down_ns));
}

// A percentile is given only where enough samples stand behind it.
static json_t *percentile(const struct histogram *histogram, double p, uint64_t least)
{
    return histogram->count < least ? json_null()
                                    : integer(histogram_percentile(histogram, p));
}

static json_t *histogram_json(const char *kind, const struct histogram *histogram)
{
    return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "kind", kind,
                     "count", integer(histogram->count), "min",
                     integer(histogram->minimum), "p50", percentile(histogram, 0.5, 1),
                     "p90", percentile(histogram, 0.9, LATENCY_LEAST_P90), "p99",
                     percentile(histogram, 0.99, LATENCY_LEAST_P99), "p999",
                     percentile(histogram, 0.999, LATENCY_LEAST_P999), "max",
                     integer(histogram->maximum), "mean",
                     json_real(histogram->sum / (double)histogram->count), "buckets",
                     histogram_buckets_json(histogram));
}

static json_t *latency_json(const struct work *work, const struct histogram *latencies)
{
    if (latencies == NULL || latencies->count == 0)
        return json_null();
    json_t *latency = histogram_json(latency_kind(work), latencies);
    json_object_set_new(latency, "of_peer",
                        json_boolean(work->workload->latencies != NULL));
    return latency;
}

static void add_usage(json_t *record, const struct usage *usage)
{
    if (usage == NULL) {
        json_object_set_new(record, "cpu_ns", json_null());
        json_object_set_new(record, "context_switches", json_null());
        json_object_set_new(record, "page_faults", json_null());
        return;
    }
    json_object_set_new(record, "cpu_ns",
                        json_pack("{s:o, s:o}", "user", integer(usage->user_ns), "system",
                                  integer(usage->system_ns)));
    json_object_set_new(record, "context_switches",
                        json_pack("{s:o, s:o}", "voluntary", integer(usage->voluntary),
                                  "involuntary", integer(usage->involuntary)));
    json_object_set_new(record, "page_faults",
                        json_pack("{s:o, s:o}", "minor", integer(usage->minor_faults),
                                  "major", integer(usage->major_faults)));
}

static json_t *results_json(const struct result *result)
{
    if (result->number_count == 0)
        return json_null();
    json_t *results = json_object();
    for (int i = 0; i < result->number_count; i++) {
        const struct named_number *number = &result->numbers[i];
        json_object_set_new(results, number->name,
                            number->value == NUMBER_UNKNOWN ? json_null()
                                                            : integer(number->value));
    }
    return results;
}

static json_t *network_json(const struct network *before, const struct network *after)
{
    if (before == NULL || after == NULL || !before->known || !after->known)
        return json_null();
    return json_pack(
        "{s:o, s:o, s:o}", "listen_overflows",
        integer(after->listen_overflows - before->listen_overflows), "listen_drops",
        integer(after->listen_drops - before->listen_drops), "retransmitted_segments",
        integer(after->retransmitted_segments - before->retransmitted_segments));
}

static json_t *notes_json(const struct run *run)
{
    json_t *notes = json_array();
    for (unsigned i = 0; i < run->note_count; i++)
        json_array_append_new(notes, json_string(run->notes[i]));
    return notes;
}

// The placement as it came out: workers of --per-task settle nowhere, and the kernel
// may refuse. Nobody knows before the gate is open, as in the record that the watchdog has
// prepared.
static json_t *pinned_json(const struct run *run)
{
    struct board *board = run->board;
    if (board == NULL || (run->pin && atomic_load(&board->opened_ns) == 0))
        return json_null();
    return json_boolean(atomic_load(&board->pinned) > 0 &&
                        atomic_load(&board->refused) == 0);
}

static json_t *build_json(void)
{
#ifdef __OPTIMIZE__
    int optimised = 1;
#else
    int optimised = 0;
#endif
    // A program interpreter has been loaded: this program is linked dynamically.
    const char *linked = getauxval(AT_BASE) != 0 ? "dynamic" : "static";
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:s}", "version",
                     QUARTET_VERSION, "commit", QUARTET_COMMIT, "compiler",
                     QUARTET_COMPILER, "flags", QUARTET_FLAGS, "libev", QUARTET_LIBEV,
                     "mode", QUARTET_MODE, "optimised", optimised, "linked", linked);
}

// ---- the record ------------------------------------------------------------------------

static json_t *record_json(const struct run *run, const struct result *result)
{
    const struct work *work = &run->work;
    const struct workload *workload = work->workload;
    json_t *record =
        json_pack("{s:s, s:s, s:o, s:s, s:s, s:s, s:s, s:o, s:o}", "schema",
                  "quartet.run/1", "status", status_name(result->status), "reason",
                  text_or_null(result->reason.text), "workload", workload->name, "kind",
                  record_kind_name(workload->kind), "operation", workload->operation,
                  "model", model.name, "variant",
                  record_options(model.options, model.values), "parameters",
                  record_options(workload->options, work->parameters));
    json_object_set_new(record, "seed", integer(work->seed));
    json_object_set_new(record, "tasks", integer(work->tasks));
    json_object_set_new(record, "concurrency", integer(work->concurrency));
    json_object_set_new(record, "workers",
                        run->workers > 0 ? integer(run->workers) : json_null());
    json_object_set_new(record, "cpus", text_or_null(run->cpus));
    json_object_set_new(record, "pinned", pinned_json(run));
    json_object_set_new(record, "peer_cpus", text_or_null(work->peer_cpus));
    add_ledgers(record, work, result->tally);
    json_object_set_new(record, "phases_ns", phases_json(&run->milestones));
    json_object_set_new(record, "latency_ns", latency_json(work, result->latencies));
    json_object_set_new(record, "results", results_json(result));
    add_usage(record, result->usage);
    json_object_set_new(record, "late_faults",
                        result->memory_bytes != 0
                            ? integer(atomic_load(&run->board->late_faults))
                            : json_null());
    json_object_set_new(record, "peer_cpu_ns",
                        result->peer_cpu_ns != 0 ? integer(result->peer_cpu_ns)
                                                 : json_null());
    json_object_set_new(record, "memory",
                        result->memory_bytes == 0
                            ? json_null()
                            : json_pack("{s:o, s:s}", "bytes",
                                        integer(result->memory_bytes), "method",
                                        MEMORY_METHOD));
    json_object_set_new(record, "network", network_json(result->before, result->after));
    json_object_set_new(record, "notes", notes_json(run));
    json_object_set_new(record, "build", build_json());
    return record;
}

int record_write(const char *path, const struct run *run, const struct result *result,
                 struct reason *reason)
{
    json_t *record = record_json(run, result);
    // hyperfine's clock still runs: the time of a run must not contain that of a disk.
    int error = json_file_save_unsynced(path, record, reason);
    json_decref(record);
    return error;
}

char *record_text(const struct run *run, const struct result *result)
{
    json_t *record = record_json(run, result);
    char *text = json_dumps(record, JSON_INDENT(2));
    json_decref(record);
    return text;
}

// ---- --describe ------------------------------------------------------------------------

static json_t *choices_json(const struct option_spec *spec)
{
    if (spec->kind != OPTION_CHOICE)
        return json_null();
    json_t *choices = json_array();
    for (const char *start = spec->choices; start != NULL;) {
        size_t length = strcspn(start, "|");
        json_array_append_new(choices, json_stringn(start, length));
        start = start[length] == '|' ? start + length + 1 : NULL;
    }
    return choices;
}

static json_t *specs_json(const struct option_spec *specs)
{
    static const char *const kinds[] = {
        [OPTION_COUNT] = "count",       [OPTION_SIZE] = "size",
        [OPTION_DURATION] = "duration", [OPTION_CHOICE] = "choice",
        [OPTION_FLAG] = "flag",         [OPTION_TEXT] = "text"};
    json_t *array = json_array();
    for (const struct option_spec *spec = specs; spec->name != NULL; spec++) {
        json_array_append_new(
            array, json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:s}", "name", spec->name,
                             "kind", kinds[spec->kind], "default",
                             text_or_null(spec->fallback), "minimum",
                             integer(spec->minimum), "maximum", integer(spec->maximum),
                             "choices", choices_json(spec), "help", spec->help));
    }
    return array;
}

static json_t *left_out_json(void)
{
    json_t *array = json_array();
    for (const struct left_out *absent = left_out_list; absent->name != NULL; absent++) {
        const char *package = absent->package[0] != '\0' ? absent->package : NULL;
        json_array_append_new(array, json_pack("{s:s, s:s, s:o}", "name", absent->name,
                                               "reason", absent->reason, "package",
                                               text_or_null(package)));
    }
    return array;
}

void record_describe(FILE *file, const struct option_spec *common)
{
    json_t *workloads = json_array();
    for (size_t i = 0; workload_list[i] != NULL; i++) {
        const struct workload *workload = workload_list[i];
        json_array_append_new(
            workloads,
            json_pack("{s:s, s:s, s:s, s:s, s:b, s:b, s:o, s:o, s:o}", "name",
                      workload->name, "kind", record_kind_name(workload->kind), "summary",
                      workload->summary, "operation", workload->operation, "peer",
                      workload->peer, "together", workload->together, "default_tasks",
                      integer(workload->default_tasks), "default_concurrency",
                      integer(workload->default_concurrency), "options",
                      specs_json(workload->options)));
    }
    shared_form_describe(workloads);
    json_t *description =
        json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o}", "schema",
                  "quartet.describe/1", "model", model.name, "summary", model.summary,
                  "options", specs_json(model.options), "common_options",
                  specs_json(common), "build", build_json(), "workloads", workloads,
                  "left_out", left_out_json());
    json_dumpf(description, file, JSON_INDENT(2));
    fputc('\n', file);
    json_decref(description);
}

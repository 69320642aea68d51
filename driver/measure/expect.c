// SPDX-License-Identifier: MIT
//
// A record against what must be so: see expect.h.
#include "driver/measure/expect.h"

#include "driver/report/read.h"
#include "driver/system/tool.h"
#include "lib/check.h"
#include "lib/clock.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { ARGUMENTS_MAX = 40, ANSWER_SIZE = 1 << 16 };
#define ASK_TIMEOUT_NS (60 * NS_PER_SECOND)
// How much of what sequential needs a run may save: another algorithm saves far more.
#define LEAST_OF_ORACLE 0.4
// The CPU time of a record may differ from the one that was seen: the start of an
// interpreter and its end are in the one and not in the other.
#define CPU_SLACK_NS    150e6
#define CPU_SLACK_SHARE 0.25
#define LASTING_NS      1e6 // a delay in which others begin

static double number(const json_t *object, const char *group, const char *key)
{
    const json_t *place = group == NULL ? object : json_object_get(object, group);
    return json_number_value(json_object_get(place, key));
}

static int wrong(struct reason *reason, const char *what, const json_t *found,
                 const json_t *wanted)
{
    char *is = json_dumps(found, JSON_ENCODE_ANY | JSON_COMPACT);
    char *should = json_dumps(wanted, JSON_ENCODE_ANY | JSON_COMPACT);
    reason_set(reason, -EBADMSG, "%s is %.150s, not %.150s", what,
               is == NULL ? "missing" : is, should == NULL ? "?" : should);
    free(is);
    free(should);
    return -EBADMSG;
}

static int refuse_text(struct reason *reason, const char *text)
{
    return reason_set(reason, -EBADMSG, "%s", text);
}

// ---- is it the record of this run? ---------------------------------------------------

static int check_text(json_t *record, const char *key, const char *wanted,
                      struct reason *reason)
{
    const char *found = json_string_value(json_object_get(record, key));
    if (found != NULL && strcmp(found, wanted) == 0)
        return 0;
    return reason_set(reason, -EBADMSG, "the record's %s is '%.60s', not '%.60s'", key,
                      found == NULL ? "nothing" : found, wanted);
}

// Where the back end is, and the token of a run, are no properties of the work.
static json_t *without_peer(json_t *value)
{
    if (json_object_get(value, "connect") == NULL)
        return json_incref(value);
    json_t *copy = json_copy(value);
    json_object_del(copy, "connect");
    json_object_del(copy, "token");
    return copy;
}

static int check_identity(const struct expectation *expectation, json_t *record,
                          struct reason *reason)
{
    static const char *const keys[] = {"workload", "kind",  "operation",  "parameters",
                                       "seed",     "tasks", "concurrency"};
    int error = check_text(record, "schema", "quartet.run/1", reason);
    if (error == 0)
        error = check_text(record, "status", "ok", reason);
    if (error == 0)
        error = check_text(record, "model", expectation->name, reason);
    for (size_t i = 0; i < ARRAY_LEN(keys) && error == 0; i++) {
        json_t *found = without_peer(json_object_get(record, keys[i]));
        json_t *wanted = without_peer(json_object_get(expectation->expected, keys[i]));
        if (!json_equal(found, wanted))
            error = wrong(reason, keys[i], found, wanted);
        json_decref(found);
        json_decref(wanted);
    }
    return error;
}

// ---- was the work done? --------------------------------------------------------------

static int check_ledger(const struct expectation *expectation, json_t *record,
                        struct reason *reason)
{
    const struct record said = read_run_record(record);
    const char *key;
    json_t *wanted;
    json_object_foreach(json_object_get((json_t *)(uintptr_t)expectation->expected,
                                        "ledger"),
                        key, wanted)
    {
        const json_t *found = json_object_get(said.ledger, key);
        if (!json_equal(found, wanted))
            return wrong(reason, key, found, wanted);
    }
    wanted = json_object_get(expectation->expected, "checksum");
    const json_t *checksum = json_object_get(said.ledger, "checksum");
    if (json_is_string(wanted) && !json_equal(checksum, wanted))
        return wrong(reason, "checksum", checksum, wanted);
    if (!json_is_null(json_object_get(record, "memory")))
        return refuse_text(reason, "its memory is not for the program itself to say");
    if (number(record, "ledger", "errors") != 0)
        return refuse_text(reason, "the record counts errors");
    double most = number(record, "ledger", "peak_in_flight");
    if (most < 1 || most > number(record, NULL, "concurrency"))
        return reason_set(reason, -EBADMSG, "%.0f tasks were in flight, of at most %.0f",
                          most, number(record, NULL, "concurrency"));
    return 0;
}

// ---- in the time? --------------------------------------------------------------------

// Each sample of what waits is at least the wait; Little's law: all samples together fit
// into the run as often as tasks were in flight.
static int check_latency(json_t *record, double run_ns, struct reason *reason)
{
    const struct record said = read_run_record(record);
    if (said.latency_kind == NULL || strcmp(said.latency_kind, "service") != 0)
        return 0;
    double least = number(record, "parameters", "delay_ns");
    double shortest = number(record, "latency_ns", "min");
    if (shortest < least)
        return reason_set(reason, -EBADMSG,
                          "a latency of %.3f ms is shorter than the delay of %.3f ms",
                          shortest / 1e6, least / 1e6);
    double in_flight = said.latency_count * said.latency_mean_ns / run_ns;
    if (in_flight > 1.03 * said.peak_in_flight)
        return reason_set(reason, -EBADMSG,
                          "the latencies need %.1f tasks in flight, the record has %.0f",
                          in_flight, said.peak_in_flight);
    return 0;
}

static int check_phases(const struct expectation *expectation, json_t *record,
                        struct reason *reason)
{
    static const char *const phases[] = {"setup", "spawn", "run", "join", "teardown"};
    const struct record said = read_run_record(record);
    double sum_ns = 0;
    for (size_t i = 0; i < ARRAY_LEN(phases); i++) {
        if (!(said.phases_ns[i] >= 0))
            return reason_set(reason, -EBADMSG, "the record has no phase '%s'",
                              phases[i]);
        sum_ns += said.phases_ns[i];
    }
    double run_ns = said.phases_ns[PHASE_RUN];
    double least_ns = number(expectation->expected, NULL, "least_run_ns");
    if (run_ns < least_ns)
        return reason_set(reason, -EBADMSG,
                          "too early: it ran %.3f ms, and cannot take less than %.3f ms",
                          run_ns / 1e6, least_ns / 1e6);
    const struct observation *seen = expectation->seen;
    if (seen != NULL && sum_ns > (double)seen->wall_ns)
        return reason_set(reason, -EBADMSG,
                          "its phases add up to %.3f ms, but all of it took %.3f ms",
                          sum_ns / 1e6, (double)seen->wall_ns / 1e6);
    unsigned cpus = expectation->cpus == 0 ? 1 : expectation->cpus;
    double oracle_ns = LEAST_OF_ORACLE * (double)expectation->oracle_run_ns / cpus;
    if (run_ns < oracle_ns)
        return reason_set(
            reason, -EBADMSG,
            "another algorithm: it ran %.3f ms, and what takes less than %.3f "
            "ms here is not this one",
            run_ns / 1e6, oracle_ns / 1e6);
    return check_latency(record, run_ns, reason);
}

// ---- by what means? ------------------------------------------------------------------

static int check_cpu(const struct expectation *expectation, json_t *record,
                     struct reason *reason)
{
    const struct observation *seen = expectation->seen;
    double said_ns =
        number(record, "cpu_ns", "user") + number(record, "cpu_ns", "system");
    double least_ns = number(expectation->expected, NULL, "least_cpu_ns");
    double cpu_ns = seen == NULL ? said_ns : (double)seen->cpu_ns;
    if (cpu_ns < least_ns)
        return reason_set(reason, -EBADMSG,
                          "too little work: %.3f ms of CPU time, and this algorithm "
                          "cannot take less than %.3f ms",
                          cpu_ns / 1e6, least_ns / 1e6);
    if (seen == NULL)
        return 0;
    double slack_ns = CPU_SLACK_NS + CPU_SLACK_SHARE * (double)seen->cpu_ns;
    if (said_ns > (double)seen->cpu_ns + 2e7 || said_ns + slack_ns < (double)seen->cpu_ns)
        return reason_set(reason, -EBADMSG,
                          "its record says %.1f ms of CPU time, and it used %.1f ms",
                          said_ns / 1e6, (double)seen->cpu_ns / 1e6);
    double most_ns = (double)expectation->cpus * (double)seen->wall_ns * 1.05 + 2e7;
    if (expectation->cpus != 0 && cpu_ns > most_ns)
        return reason_set(reason, -EBADMSG,
                          "%.1f ms of CPU time in %.1f ms: more CPUs than the %u given",
                          cpu_ns / 1e6, (double)seen->wall_ns / 1e6, expectation->cpus);
    return 0;
}

static int check_outside(const struct observation *seen, struct reason *reason)
{
    if (seen->orphans > 0)
        return reason_set(reason, -EBADMSG,
                          "it left %u process%s that it had not waited "
                          "for",
                          seen->orphans, seen->orphans == 1 ? "" : "es");
    if (seen->strayed)
        return refuse_text(reason, "it ran on other CPUs than those that it was given");
    if (seen->printed > 0)
        return reason_set(reason, -EBADMSG,
                          "it printed %llu bytes on standard output beside --record",
                          (unsigned long long)seen->printed);
    return 0;
}

// ---- what the other end has seen -----------------------------------------------------

// Where each session lasts, those that are in flight are open at the same time; half of them must
// have been, whatever a busy machine makes of it.
static int check_at_once(const json_t *witness, json_t *record, struct reason *reason)
{
    double most = number(witness, NULL, "most_open");
    double said = number(record, "ledger", "peak_in_flight");
    if (most > number(record, NULL, "concurrency"))
        return reason_set(reason, -EBADMSG, "the back end has seen %.0f sessions at once",
                          most);
    if (number(record, "parameters", "delay_ns") < LASTING_NS || 2 * most >= said)
        return 0;
    return reason_set(
        reason, -EBADMSG,
        "the most sessions that the back end had open are %.0f, and its record has "
        "%.0f in flight",
        most, said);
}

static int check_witness(const struct expectation *expectation, json_t *record,
                         struct reason *reason)
{
    const json_t *witness = expectation->witness;
    const struct {
        const char *seen, *group, *said;
    } pairs[] = {
        {"sessions", "ledger", "tasks"},     {"requests", "ledger", "operations"},
        {"replies", "ledger", "operations"}, {"bytes_in", "ledger", "bytes_out"},
        {"bytes_out", "ledger", "bytes_in"}, {"left_early", "ledger", "errors"},
        {"refused", "ledger", "errors"}};
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
        double seen = number(witness, NULL, pairs[i].seen);
        double said = number(record, pairs[i].group, pairs[i].said);
        if (seen != said)
            return reason_set(reason, -EBADMSG,
                              "the back end has seen %.0f %s, the record makes it %.0f",
                              seen, pairs[i].seen, said);
    }
    int error = check_at_once(witness, record, reason);
    if (error != 0)
        return error;
    if (number(witness, NULL, "span_ns") > number(record, "phases_ns", "run"))
        return reason_set(reason, -EBADMSG,
                          "its clock is early: it ran %.3f ms, the back end was in use "
                          "for %.3f ms",
                          number(record, "phases_ns", "run") / 1e6,
                          number(witness, NULL, "span_ns") / 1e6);
    return 0;
}

// --------------------------------------------------------------------------------------

int expect_check(const struct expectation *expectation, json_t *record,
                 struct reason *reason)
{
    int error = check_identity(expectation, record, reason);
    if (error == 0)
        error = check_ledger(expectation, record, reason);
    if (error == 0 && expectation->witness != NULL)
        error = check_witness(expectation, record, reason);
    if (error == 0)
        error = check_phases(expectation, record, reason);
    if (error == 0 && expectation->seen != NULL)
        error = check_outside(expectation->seen, reason);
    if (error == 0)
        error = check_cpu(expectation, record, reason);
    return error;
}

json_t *expect_ask(const char *runner, const char *const *arguments,
                   struct reason *reason)
{
    const char *argv[ARGUMENTS_MAX] = {runner};
    size_t count = 1;
    while (*arguments != NULL && count < ARGUMENTS_MAX - 2)
        argv[count++] = *arguments++;
    argv[count] = "--expect";
    char *text = malloc(ANSWER_SIZE);
    int end = text == NULL
                  ? reason_set(reason, -ENOMEM, "no memory for an expectation")
                  : tool_capture(argv, ASK_TIMEOUT_NS, text, ANSWER_SIZE, reason);
    json_t *expected = end == 0 ? json_loads(text, 0, NULL) : NULL;
    if (end >= 0 && expected == NULL)
        reason_set(reason, -EBADMSG, "'%s %s --expect' ended with exit code %d", runner,
                   argv[1], end);
    free(text);
    return expected;
}

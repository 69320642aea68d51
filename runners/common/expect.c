// SPDX-License-Identifier: MIT
//
// The expected ledger of a run as JSON: see expect.h.
#include "runners/common/expect.h"

#include "lib/error.h"
#include "lib/mix.h"
#include "runners/common/record.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

// As verify_tally() adds it up over outcomes without an error; null where digests cannot
// be known.
static json_t *checksum_json(const struct work *work)
{
    if (work->workload->digest == NULL)
        return json_null();
    uint64_t checksum = 0;
    for (uint32_t i = 0; i < work->tasks; i++) {
        checksum = mix_into(checksum, i);
        checksum = mix_into(checksum, work->workload->digest(work, i));
        checksum = mix_into(checksum, 0);
    }
    char text[20];
    snprintf(text, sizeof text, "%016" PRIx64, checksum);
    return json_string(text);
}

static json_t *expect_json(const struct work *work)
{
    const struct workload *workload = work->workload;
    struct ledger ledger;
    workload->expect(work, &ledger);
    double least_cpu_ns = workload->floor_cpu_ns * (double)ledger.operations;
    return json_pack("{s:s, s:s, s:s, s:s, s:o, s:I, s:I, s:I, s:o, s:o, s:I, s:I}",
                     "schema", "quartet.expect/1", "workload", workload->name, "kind",
                     record_kind_name(workload->kind), "operation", workload->operation,
                     "parameters", record_options(workload->options, work->parameters),
                     "seed", (json_int_t)work->seed, "tasks", (json_int_t)work->tasks,
                     "concurrency", (json_int_t)work->concurrency, "ledger",
                     record_ledger(&ledger), "checksum", checksum_json(work),
                     "least_run_ns", (json_int_t)record_least_run_ns(work),
                     "least_cpu_ns", (json_int_t)least_cpu_ns);
}

_Noreturn void expect_print(const struct work *work)
{
    json_t *expectation = expect_json(work);
    if (expectation == NULL)
        die(EXIT_WRONG, "out of memory");
    json_dumpf(expectation, stdout, JSON_INDENT(1));
    json_decref(expectation);
    if (putchar('\n') == EOF || fflush(stdout) != 0)
        die(EXIT_WRONG, "cannot write to stdout: %s", strerror(errno));
    exit(EXIT_FINE);
}

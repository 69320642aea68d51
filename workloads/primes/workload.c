// SPDX-License-Identifier: MIT
//
// workload.c - `primes` as the runners see it: name, options, what is expected, and
// how the answer is checked. The digest of a task is the number of primes it found;
// the sum over all tasks is pi(limit), which mathematics knows. For limits that are
// not in the table the sieve of Eratosthenes finds it: no division, another idea, so
// both would have to be wrong in the same way.
//
// Read next: kernel.h.
#include "lib/check.h"
#include "workloads/primes/kernel.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct option_spec primes_options[] = {
    {
        .name = "limit",
        .kind = OPTION_COUNT,
        .offset = offsetof(struct primes_parameters, limit),
        .fallback = "5M",
        .minimum = 1,
        .maximum = UINT32_MAX,
        .help = "count the primes below this number",
    },
    {0},
};

// Numbers of primes below round limits. Those of the powers of ten are sequence
// A006880 of the OEIS; tests/workloads/primes_oracle.py computes all of them by the
// method of Meissel and Lucy, which tests no single number for being prime.
static const struct known {
    uint32_t limit;
    uint32_t primes;
} known_counts[] = {
    {10, 4},
    {20, 8},
    {50, 15},
    {100, 25},
    {200, 46},
    {500, 95},
    {1000, 168},
    {2000, 303},
    {5000, 669},
    {10000, 1229},
    {20000, 2262},
    {50000, 5133},
    {100000, 9592},
    {200000, 17984},
    {500000, 41538},
    {1000000, 78498},
    {2000000, 148933},
    {5000000, 348513},
    {10000000, 664579},
    {20000000, 1270607},
    {50000000, 3001134},
    {100000000, 5761455},
    {200000000, 11078937},
    {500000000, 26355867},
    {1000000000, 50847534},
    {2000000000, 98222287},
};

enum {
    ROOT_LIMIT = 65536,   // the square root of the largest limit
    SEGMENT = 128 * 1024, // numbers sieved at a time: a byte each, fits in any L2
};

// Strikes out the multiples of `prime` in composite[], which stands for the numbers
// from `from`. What is below the square was struck out by a smaller prime.
static void segment_strike(unsigned char *composite, uint64_t from, uint64_t prime)
{
    uint64_t multiple = (from + prime - 1) / prime * prime;
    if (multiple < prime * prime)
        multiple = prime * prime;
    for (uint64_t place = multiple - from; place < SEGMENT; place += prime)
        composite[place] = 1;
}

// How many primes are below `limit`, by the sieve of Eratosthenes, one segment after
// another. -ENOMEM when there is no room for the segment.
static int64_t primes_by_sieve(uint64_t limit)
{
    unsigned char *composite = malloc(SEGMENT);
    unsigned char *root_composite = calloc(1, ROOT_LIMIT);
    int64_t primes = -ENOMEM;
    if (composite == NULL || root_composite == NULL)
        goto out;

    for (uint32_t prime = 2; prime * prime < ROOT_LIMIT; prime++)
        for (uint32_t n = prime * prime; n < ROOT_LIMIT && !root_composite[prime];
             n += prime)
            root_composite[n] = 1;

    primes = 0;
    for (uint64_t from = 0; from < limit; from += SEGMENT) {
        memset(composite, 0, SEGMENT);
        for (uint64_t prime = 2; prime < ROOT_LIMIT; prime++)
            if (!root_composite[prime] && prime * prime < from + SEGMENT)
                segment_strike(composite, from, prime);
        for (uint64_t number = from; number < from + SEGMENT && number < limit; number++)
            primes += number >= 2 && !composite[number - from];
    }
out:
    free(root_composite);
    free(composite);
    return primes;
}

static void primes_expect(const struct work *work, struct ledger *expected)
{
    const struct primes_parameters *parameters = work->parameters;
    *expected = (struct ledger){.tasks = work->tasks, .operations = parameters->limit};
}

// Chunks are dealt out in turn, and the last one may be short.
static void primes_expect_task(const struct work *work, uint32_t index,
                               struct ledger *share)
{
    const struct primes_parameters *parameters = work->parameters;
    uint64_t round = (uint64_t)work->tasks * PRIMES_CHUNK;
    uint64_t rest = parameters->limit % round; // of the last round, chunk by chunk
    uint64_t first = (uint64_t)index * PRIMES_CHUNK;
    uint64_t last = rest > first ? rest - first : 0;
    share->operations = parameters->limit / round * PRIMES_CHUNK +
                        (last < PRIMES_CHUNK ? last : PRIMES_CHUNK);
}

static int primes_verify(const struct work *work, struct reason *reason)
{
    const struct primes_parameters *parameters = work->parameters;
    const char *source = "a table of known values";
    int64_t expected = -1;
    for (size_t i = 0; i < ARRAY_LEN(known_counts) && expected < 0; i++)
        if (known_counts[i].limit == parameters->limit)
            expected = known_counts[i].primes;
    if (expected < 0) {
        source = "the sieve of Eratosthenes";
        expected = primes_by_sieve(parameters->limit);
    }
    if (expected < 0)
        return reason_set(reason, (int)expected,
                          "no memory for the sieve that checks primes");

    uint64_t found = 0;
    for (uint32_t i = 0; i < work->tasks; i++)
        found += outcome_at(work, i)->digest;
    if (found == (uint64_t)expected)
        return 0;
    return reason_set(reason, -EBADMSG,
                      "the tasks found %" PRIu64 " primes below %" PRIu64
                      ", but there are %" PRId64 " by %s",
                      found, parameters->limit, expected, source);
}

static uint64_t primes_digest(const struct work *work, uint32_t index)
{
    struct outcome outcome = {0};
    struct task task = {.work = work, .index = index, .outcome = &outcome};
    for (uint64_t chunk = 0; primes_chunk(&task, chunk);)
        chunk++;
    return outcome.digest;
}

const struct workload primes_workload = {
    .name = "primes",
    .kind = WORKLOAD_CPU,
    .summary = "count primes by trial division: regular work, all tasks alike",
    .operation = "numbers tested",
    // Numbers below 100,000 take about ten divisions on average, and the fastest
    // dividers need half a nanosecond for one; more numbers take more divisions, and
    // with fewer the start of the process alone costs more than this.
    .floor_cpu_ns = 4,
    .default_tasks = 1000,
    .default_concurrency = 8,
    .options = primes_options,
    .parameters_size = sizeof(struct primes_parameters),
    .expect = primes_expect,
    .expect_task = primes_expect_task,
    .digest = primes_digest,
    .verify = primes_verify,
};

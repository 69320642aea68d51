// SPDX-License-Identifier: MIT
//
// test_primes.c - the kernel of `primes` against counts from elsewhere, and the check
// of its answers against wrong ones.
#include "lib/check.h"
#include "tests/workloads/harness.h"
#include "workloads/primes/kernel.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

extern const struct workload primes_workload;

static void primes_task(struct task *task)
{
    for (uint64_t chunk = 0; primes_chunk(task, chunk); chunk++) {
    }
}

static uint64_t found_in(const struct work *work)
{
    uint64_t found = 0;
    for (uint32_t index = 0; index < work->tasks; index++)
        found += outcome_at(work, index)->digest;
    return found;
}

// Counts below the limit, from tests/workloads/primes_oracle.py.
static const struct {
    uint64_t limit, primes;
} oracle[] = {
    {1, 0},           {2, 0},           {3, 1},          {4, 2},
    {5, 2},           {6, 3},           {10, 4},         {25, 9},
    {26, 9},          {49, 15},         {50, 15},        {121, 30},
    {122, 30},        {499, 94},        {500, 95},       {501, 95},
    {1000, 168},      {1001, 168},      {9973, 1228},    {9974, 1229},
    {65536, 6542},    {65537, 6542},    {65538, 6543},   {131071, 12250},
    {131072, 12251},  {131073, 12251},  {262145, 23000}, {1000000, 78498},
    {1000003, 78498}, {1000004, 78499},
};

// One task, some tasks, more tasks than chunks, more tasks than numbers.
static const uint32_t task_counts[] = {1, 2, 3, 7, 64, 1000, 5000};

static void counts_agree_with_the_oracle(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(oracle); i++)
        for (size_t j = 0; j < ARRAY_LEN(task_counts); j++) {
            struct primes_parameters parameters = {.limit = oracle[i].limit};
            struct reason reason = {0};
            struct work work = {0};
            harness_run(&work, &primes_workload, &parameters, task_counts[j],
                        primes_task);
            assert_int_equal(found_in(&work), oracle[i].primes);
            assert_int_equal(harness_operations(&work), oracle[i].limit);
            assert_int_equal(harness_expected(&work), oracle[i].limit);
            assert_int_equal(primes_workload.verify(&work, &reason), 0);
            harness_free(&work);
        }
}

// The last numbers of all, where squares of divisors do not fit in 32 bits: the
// oracle finds 203280221 primes below 4294967295 and 203280211 below 4294967000.
static void largest_numbers_are_right(void **state)
{
    (void)state;
    struct primes_parameters parameters = {.limit = UINT32_MAX};
    struct outcome outcome = {0};
    struct work work = {.parameters = &parameters, .tasks = 1};
    struct task task = {.work = &work, .outcome = &outcome};
    uint64_t last = UINT32_MAX / PRIMES_CHUNK;
    assert_int_equal(last * PRIMES_CHUNK, 4294967000);
    assert_true(primes_chunk(&task, last));
    assert_false(primes_chunk(&task, last + 1));
    assert_int_equal(outcome.digest, 203280221 - 203280211);
    assert_int_equal(outcome.operations, 295);
}

static void tasks_cost_about_the_same(void **state)
{
    (void)state;
    struct primes_parameters parameters = {.limit = 5000000};
    struct work work = {0};
    harness_run(&work, &primes_workload, &parameters, 1000, primes_task);
    for (uint32_t index = 0; index < work.tasks; index++) {
        // Primes are what costs; a task of ten chunks finds 349 of them on average.
        assert_int_equal(outcome_at(&work, index)->operations, 5000);
        assert_in_range(outcome_at(&work, index)->digest, 349 * 3 / 4, 349 * 5 / 4);
    }
    harness_free(&work);
}

static void wrong_answers_are_refused(void **state)
{
    (void)state;
    const uint64_t limits[] = {1000, 1001}; // by the table, by the sieve
    for (size_t i = 0; i < ARRAY_LEN(limits); i++) {
        struct primes_parameters parameters = {.limit = limits[i]};
        struct reason reason = {0};
        struct work work = {0};
        harness_run(&work, &primes_workload, &parameters, 3, primes_task);
        outcome_at(&work, 1)->digest++;
        assert_int_equal(primes_workload.verify(&work, &reason), -EBADMSG);
        assert_non_null(strstr(reason.text, "169"));
        assert_non_null(strstr(reason.text, "168"));
        harness_free(&work);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_agree_with_the_oracle),
        cmocka_unit_test(largest_numbers_are_right),
        cmocka_unit_test(tasks_cost_about_the_same),
        cmocka_unit_test(wrong_answers_are_refused),
    };
    return cmocka_run_group_tests_name("primes", tests, NULL, NULL);
}

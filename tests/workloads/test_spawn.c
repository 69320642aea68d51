// SPDX-License-Identifier: MIT
//
// test_spawn.c - what the children of `spawn` compute, against values from Python, and
// the check of the answers against wrong ones.
#include "lib/check.h"
#include "tests/workloads/harness.h"
#include "workloads/spawn/kernel.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

extern const struct workload spawn_workload;

static void spawn_task(struct task *task)
{
    const struct spawn_parameters *parameters = task->work->parameters;
    for (uint64_t number = 0; number < parameters->children; number++) {
        struct spawn_argument argument = spawn_argument(task, number);
        spawn_book(task->outcome, spawn_child(&argument));
    }
}

// Computed with mix_into() of tests/workloads/mandelbrot_oracle.py: the child is
// mix_into(mix_into(seed, task), number), and mix_into folds them from 0.
static const struct {
    uint64_t seed;
    uint32_t task;
    uint64_t children;
    uint64_t digest;
} oracle[] = {
    {0, 0, 1, UINT64_C(0x2b7d2abe51db8b60)},
    {1, 0, 1, UINT64_C(0x01e0f7726c0f8b9b)},
    {1, 0, 2, UINT64_C(0x00d3d7477c308d7a)},
    {1, 1, 2, UINT64_C(0xeca2012881487d0c)},
    {42, 7, 100, UINT64_C(0xac2eba61015bebcf)},
    {UINT64_MAX, UINT32_MAX, 1000, UINT64_C(0x9ec468143dd6f6df)},
};

static void digests_agree_with_the_oracle(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(oracle); i++) {
        struct spawn_parameters parameters = {.children = oracle[i].children};
        struct work work = {.parameters = &parameters, .seed = oracle[i].seed};
        struct outcome outcome = {0};
        struct task task = {.work = &work, .index = oracle[i].task, .outcome = &outcome};
        spawn_task(&task);
        assert_int_equal(outcome.digest, oracle[i].digest);
        assert_int_equal(outcome.operations, oracle[i].children);
    }
}

static void only_right_answers_pass(void **state)
{
    (void)state;
    struct spawn_parameters parameters = {.children = 11};
    struct reason reason = {0};
    struct work work = {.seed = 5};
    harness_run(&work, &spawn_workload, &parameters, 6, spawn_task);
    assert_int_equal(harness_expected(&work), 66);
    assert_int_equal(harness_operations(&work), 66);
    assert_int_equal(spawn_workload.verify(&work, &reason), 0);

    // Two tasks that took each other's children.
    uint64_t digest = outcome_at(&work, 2)->digest;
    outcome_at(&work, 2)->digest = outcome_at(&work, 3)->digest;
    outcome_at(&work, 3)->digest = digest;
    assert_int_equal(spawn_workload.verify(&work, &reason), -EBADMSG);
    assert_non_null(strstr(reason.text, "task 2"));
    harness_free(&work);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digests_agree_with_the_oracle),
        cmocka_unit_test(only_right_answers_pass),
    };
    return cmocka_run_group_tests_name("spawn", tests, NULL, NULL);
}

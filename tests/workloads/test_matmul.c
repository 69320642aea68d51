// SPDX-License-Identifier: MIT
//
// test_matmul.c - the kernel of `matmul` against products from elsewhere, and the check of
// its answers against wrong ones.
#include "tests/workloads/harness.h"
#include "workloads/matmul/kernel.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

extern const struct workload matmul_workload;

static void matmul_task(struct task *task)
{
    for (uint64_t chunk = 0; matmul_row(task, chunk); chunk++) {
    }
}

// Sets up and runs all tasks; harness_free() must follow.
static void multiply(struct work *work, struct matmul_parameters *parameters,
                     uint32_t tasks, uint64_t seed)
{
    struct reason reason = {0};
    *work = (struct work){.parameters = parameters, .tasks = tasks, .seed = seed};
    assert_int_equal(matmul_workload.setup(work, &reason), 0);
    harness_run(work, &matmul_workload, parameters, tasks, matmul_task);
}

static uint64_t digest_of(const struct work *work)
{
    uint64_t digest = 0;
    for (uint32_t index = 0; index < work->tasks; index++)
        digest += outcome_at(work, index)->digest;
    return digest;
}

// By tests/workloads/corpus_oracle.py matmul SIZE SEED.
static const struct {
    uint64_t size, seed, digest;
} oracle[] = {
    {1, 1, UINT64_C(0x24c86ad083d8bfa8)},
    {2, 1, UINT64_C(0x43a5bcffbf637759)},
    {3, 7, UINT64_C(0xc35f122821f5e63b)},
    {40, 1, UINT64_C(0xedc74b7ae4cdd1d6)},
    {63, 2, UINT64_C(0xc7eb7cfb9e82fe27)},
    {64, 9007199254740991, UINT64_C(0xf076a1833e9fa9b6)},
    {130, 5, UINT64_C(0xbbd9ecac68a2471f)},
};

static const uint32_t task_counts[] = {1, 2, 3, 7, 64};

static void products_agree_with_the_oracle(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(oracle); i++)
        for (size_t j = 0; j < ARRAY_LEN(task_counts); j++) {
            struct matmul_parameters parameters = {.size = oracle[i].size};
            struct reason reason = {0};
            struct work work;
            multiply(&work, &parameters, task_counts[j], oracle[i].seed);
            assert_true(digest_of(&work) == oracle[i].digest);
            assert_int_equal(harness_operations(&work), harness_expected(&work));
            assert_int_equal(matmul_workload.verify(&work, &reason), 0);
            harness_free(&work);
        }
}

// One entry of C is changed by as little as can be, and all that fits.
static void wrong_products_are_refused(void **state)
{
    (void)state;
    static const uint64_t changes[] = {1, 2, 1024, UINT64_C(1) << 40};
    for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
        struct matmul_parameters parameters = {.size = 40};
        struct reason reason = {0};
        struct work work;
        multiply(&work, &parameters, 3, 1);
        parameters.matrices.c[17 * 40 + 39] += changes[i];
        assert_int_equal(matmul_workload.verify(&work, &reason), -EBADMSG);
        assert_non_null(strstr(reason.text, "row 17 of the product is wrong"));
        harness_free(&work);
    }
}

static void wrong_digests_are_refused(void **state)
{
    (void)state;
    struct matmul_parameters parameters = {.size = 9};
    struct reason reason = {0};
    struct work work;
    multiply(&work, &parameters, 3, 1);
    outcome_at(&work, 2)->digest++;
    assert_int_equal(matmul_workload.verify(&work, &reason), -EBADMSG);
    assert_non_null(strstr(reason.text, "task 2 has digest"));
    harness_free(&work);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(products_agree_with_the_oracle),
        cmocka_unit_test(wrong_products_are_refused),
        cmocka_unit_test(wrong_digests_are_refused),
    };
    return cmocka_run_group_tests_name("matmul", tests, NULL, NULL);
}

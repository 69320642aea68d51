// SPDX-License-Identifier: MIT
//
// test_mandelbrot.c - the kernel of `mandelbrot` against pictures that Python computed,
// and the check of its answers against wrong ones.
#include "lib/check.h"
#include "lib/mix.h"
#include "tests/workloads/harness.h"
#include "workloads/mandelbrot/kernel.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

extern const struct workload mandelbrot_workload;

static void mandelbrot_task(struct task *task)
{
    for (uint64_t chunk = 0; mandelbrot_chunk(task, chunk); chunk++) {
    }
}

// From tests/workloads/mandelbrot_oracle.py; widths around the size of a chunk.
static const struct picture {
    uint64_t width;
    uint32_t height;
    uint64_t iterations;
    uint64_t checksum;
} pictures[] = {
    {1, 1, 100, UINT64_C(0x19a51bd9b7e91769)},
    {1, 2, 100, UINT64_C(0x16a00d2edc335f05)},
    {39, 3, 100, UINT64_C(0x56ea2047633fd3f0)},
    {40, 5, 333, UINT64_C(0x874a82fbfeeaef7c)},
    {41, 7, 1000, UINT64_C(0x89a41e901d0bf25b)},
    {80, 1, 2500, UINT64_C(0xba12ad7dfe26fb15)},
    {97, 64, 500, UINT64_C(0x976609f74c61411e)},
    {160, 100, 120, UINT64_C(0x78ba1d8a3ce49827)},
};

static void pictures_agree_with_the_oracle(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(pictures); i++) {
        const struct picture *picture = &pictures[i];
        struct mandelbrot_parameters parameters = {picture->width, picture->iterations};
        struct reason reason = {0};
        struct work work = {.seed = i};
        uint64_t checksum = 0;
        harness_run(&work, &mandelbrot_workload, &parameters, picture->height,
                    mandelbrot_task);
        for (uint32_t row = 0; row < picture->height; row++)
            checksum = mix_into(checksum, outcome_at(&work, row)->digest);
        assert_int_equal(checksum, picture->checksum);
        assert_int_equal(harness_operations(&work), picture->width * picture->height);
        assert_int_equal(harness_expected(&work), picture->width * picture->height);
        assert_int_equal(mandelbrot_workload.verify(&work, &reason), 0);
        harness_free(&work);
    }
}

// Any single wrong row is found: by its mirror image, or, if it has none, by the sample.
static void every_wrong_row_is_refused(void **state)
{
    (void)state;
    struct mandelbrot_parameters parameters = {.width = 20, .iterations = 100};
    for (uint32_t row = 0; row < 8; row++) {
        struct reason reason = {0};
        struct work work = {0};
        harness_run(&work, &mandelbrot_workload, &parameters, 8, mandelbrot_task);
        outcome_at(&work, row)->digest ^= 1;
        assert_int_equal(mandelbrot_workload.verify(&work, &reason), -EBADMSG);
        assert_non_null(strstr(reason.text, "row"));
        harness_free(&work);
    }
}

// A picture that is wrong in a symmetric way, as one with other iterations is.
static void symmetric_error_is_refused(void **state)
{
    (void)state;
    struct mandelbrot_parameters drawn = {.width = 64, .iterations = 200};
    struct mandelbrot_parameters asked = {.width = 64, .iterations = 201};
    struct reason reason = {0};
    struct work work = {0};
    harness_run(&work, &mandelbrot_workload, &drawn, 40, mandelbrot_task);
    work.parameters = &asked;
    assert_int_equal(mandelbrot_workload.verify(&work, &reason), -EBADMSG);
    assert_non_null(strstr(reason.text, "computed again"));
    harness_free(&work);
}

static void default_picture_is_known(void **state)
{
    (void)state;
    struct mandelbrot_parameters parameters = {.width = 1000, .iterations = 1000};
    struct reason reason = {0};
    struct work work = {0};
    harness_run(&work, &mandelbrot_workload, &parameters,
                mandelbrot_workload.default_tasks, mandelbrot_task);
    assert_int_equal(mandelbrot_workload.verify(&work, &reason), 0);
    // No symmetry and no sample would find this one.
    outcome_at(&work, 1)->digest ^= 1;
    outcome_at(&work, work.tasks - 2)->digest ^= 1;
    assert_int_equal(mandelbrot_workload.verify(&work, &reason), -EBADMSG);
    assert_non_null(strstr(reason.text, "default picture"));
    harness_free(&work);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pictures_agree_with_the_oracle),
        cmocka_unit_test(every_wrong_row_is_refused),
        cmocka_unit_test(symmetric_error_is_refused),
        cmocka_unit_test(default_picture_is_known),
    };
    return cmocka_run_group_tests_name("mandelbrot", tests, NULL, NULL);
}

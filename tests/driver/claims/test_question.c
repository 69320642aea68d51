// SPDX-License-Identifier: MIT
//
// test_question.c - driver/claims/question.c over invented figures: when a prediction is
// right, and when the machine is the odd one.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "driver/claims/question.h"

#include <math.h>

#define NONE ((double)NAN)

static struct question question;

static void make(double least, double most)
{
    question = (struct question){.claim = {.confirmed = {.count = 1}}};
    question.claim.confirmed.list[0] =
        (struct claim_condition){.alone = true, .least = least, .most = most};
}

static enum answer judge(double prediction, double low, double high)
{
    const struct figure figure = {.known = true,
                                  .n = 8,
                                  .estimate = (low + high) / 2,
                                  .interval = {low, high, 0.95}};
    return question_judge(&question, prediction, &figure);
}

static void a_range_is_right(void **state)
{
    (void)state;
    make(160, 200);
    assert_int_equal(judge(160, 162, 163), ANSWER_RIGHT);
    assert_int_equal(judge(200, 162, 163), ANSWER_RIGHT);
    assert_int_equal(judge(133, 162, 163), ANSWER_SMALL);
    assert_int_equal(judge(201, 162, 163), ANSWER_LARGE);
}

static void an_odd_machine_makes_nobody_wrong(void **state)
{
    (void)state;
    make(160, 200);
    assert_int_equal(judge(133, 190, 210), ANSWER_UNDECIDED);
    assert_int_equal(judge(133, 300, 310), ANSWER_UNDECIDED);
    const struct figure unknown = {.known = false};
    assert_int_equal(question_judge(&question, 170, &unknown), ANSWER_UNDECIDED);
}

static void a_range_with_one_end_goes_to_twice_the_figure(void **state)
{
    (void)state;
    make(20, NONE);
    assert_int_equal(judge(20, 90, 100), ANSWER_RIGHT);
    assert_int_equal(judge(200, 90, 100), ANSWER_RIGHT);
    assert_int_equal(judge(1, 90, 100), ANSWER_SMALL);
    assert_int_equal(judge(1000, 90, 100), ANSWER_LARGE);
}

static void of_choices_the_nearest_is_right(void **state)
{
    (void)state;
    make(25, 250);
    question.choice_count = 4;
    question.choices[0] = 3;
    question.choices[1] = 10;
    question.choices[2] = 100;
    question.choices[3] = 3000;
    assert_int_equal(judge(100, 58, 62), ANSWER_RIGHT);
    assert_int_equal(judge(10, 58, 62), ANSWER_SMALL);
    assert_int_equal(judge(3000, 58, 62), ANSWER_LARGE);
    assert_int_equal(judge(100, 28, 62), ANSWER_UNDECIDED);
}

static void predictions_are_numbers(void **state)
{
    (void)state;
    static const char *const nonsense[] = {"",    "many",  "5 ms", "nan",
                                           "inf", "1e999", "1,5"};
    double prediction;
    struct reason reason;
    make(1, 2);
    for (size_t i = 0; i < sizeof nonsense / sizeof nonsense[0]; i++)
        assert_true(question_parse(&question, nonsense[i], &prediction, &reason) < 0);
    assert_int_equal(question_parse(&question, " 1.5\n", &prediction, &reason), 0);
    assert_true(prediction == 1.5);
    question.choice_count = 1;
    question.choices[0] = 3;
    assert_true(question_parse(&question, "4", &prediction, &reason) < 0);
    assert_int_equal(question_parse(&question, "3", &prediction, &reason), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_range_is_right),
        cmocka_unit_test(an_odd_machine_makes_nobody_wrong),
        cmocka_unit_test(a_range_with_one_end_goes_to_twice_the_figure),
        cmocka_unit_test(of_choices_the_nearest_is_right),
        cmocka_unit_test(predictions_are_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: MIT
//
// test_suggestion.c - which known word is meant by one that is not known, and when none.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/check.h"
#include "lib/suggestion.h"

#include <string.h>

static const char *const known[] = {"workloads", "models", "model-file", "rounds",
                                    "tasks",     "cpus",   "as",         "seed"};

static const char *meant(const char *word, size_t length)
{
    struct suggestion suggestion = {.word = word, .length = length};
    for (size_t i = 0; i < ARRAY_LEN(known); i++)
        suggestion_consider(&suggestion, known[i]);
    return suggestion.best;
}

static void test_near(void **state)
{
    static const char *const pairs[][2] = {
        {"workload", "workloads"},
        {"workolads", "workloads"},
        {"worklaods", "workloads"},
        {"orkloads", "workloads"},
        {"wworkloads", "workloads"},
        {"work", "workloads"},
        {"model", "models"},
        {"raunds", "rounds"},
        {"taks", "tasks"},
        {"cpu", "cpus"},
        {"sede", "seed"},
        {"models", "models"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
        const char *found = meant(pairs[i][0], 0);
        if (found == NULL || strcmp(found, pairs[i][1]) != 0)
            fail_msg("'%s' means '%s', not '%s'", pairs[i][0], pairs[i][1],
                     found != NULL ? found : "nothing");
    }
}

static void test_far(void **state)
{
    static const char *const words[] = {
        "",      "x",
        "zz",    "colour",
        "loads", "wxyzloads",
        "t",     "a-word-that-is-much-longer-than-any-option-has-ever-been"};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        const char *found = meant(words[i], 0);
        if (found != NULL)
            fail_msg("'%s' means nothing, not '%s'", words[i], found);
    }
}

// "--workload=fetch": only the name counts.
static void test_length(void **state)
{
    (void)state;
    assert_string_equal(meant("workload=fetch", 8), "workloads");
}

static void test_text(void **state)
{
    char text[64];
    (void)state;
    struct suggestion near = {.word = "x", .best = "tasks"};
    suggestion_text(&near, "--", text, sizeof text);
    assert_string_equal(text, "; did you mean --tasks?");
    struct suggestion far = {.word = "x"};
    suggestion_text(&far, "--", text, sizeof text);
    assert_string_equal(text, "");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_near),
        cmocka_unit_test(test_far),
        cmocka_unit_test(test_length),
        cmocka_unit_test(test_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

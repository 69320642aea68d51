// SPDX-License-Identifier: MIT
//
// test_options.c - command lines against option tables, and what a person is told
// when one cannot be understood.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/check.h"
#include "lib/options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct values {
    uint64_t tasks;
    uint64_t stack;
    uint64_t delay;
    uint64_t transport;
    uint64_t plain;
    bool memory;
    const char *record;
    struct option_list runners;
};

static const struct option_spec specs[] = {
    {"tasks", OPTION_COUNT, offsetof(struct values, tasks), "1000", 1, 1000000, NULL,
     "how many tasks"},
    {"stack", OPTION_SIZE, offsetof(struct values, stack), "64k", 16384, 1 << 20, NULL,
     "stack of each"},
    {"delay", OPTION_DURATION, offsetof(struct values, delay), "250ms", 0,
     UINT64_C(60000000000), NULL, "how long"},
    {"transport", OPTION_CHOICE, offsetof(struct values, transport), "unix", 0, 0,
     "tcp|unix", "over what"},
    {"in-flight", OPTION_COUNT, offsetof(struct values, plain), NULL, 0, UINT64_MAX, NULL,
     "no default"},
    {"memory", OPTION_FLAG, offsetof(struct values, memory), NULL, 0, 0, NULL, "a flag"},
    {"record", OPTION_TEXT, offsetof(struct values, record), NULL, 0, 0, NULL, "a file"},
    {"runner", OPTION_LIST, offsetof(struct values, runners), NULL, 0, 0, NULL, "each"},
    {0},
};

// Parses a command line, given as words that end with NULL, after the defaults.
static int parse(struct values *values, const char *const *words, const char **operands,
                 struct reason *reason)
{
    const struct option_group groups[] = {{"Options", specs, values}, {NULL, NULL, NULL}};
    char *argv[16];
    int argc = 0;
    memset(values, 0xff, sizeof *values);
    options_defaults(&groups[0]);
    for (; words[argc] != NULL; argc++)
        argv[argc] = (char *)(uintptr_t)words[argc]; // argv is only read
    return options_parse(groups, argc, argv, operands, 2, reason);
}

static void test_defaults(void **state)
{
    struct values values;
    const char *operands[2];
    struct reason reason;
    (void)state;
    assert_int_equal(parse(&values, (const char *const[]){NULL}, operands, &reason), 0);
    assert_int_equal(values.tasks, 1000);
    assert_int_equal(values.stack, 65536);
    assert_int_equal(values.delay, 250000000);
    assert_int_equal(values.transport, 1);
    assert_int_equal(values.plain, 0);
    assert_false(values.memory);
    assert_null(values.record);
}

static void test_lists(void **state)
{
    struct values values;
    const char *operands[2];
    struct reason reason;
    (void)state;
    assert_int_equal(parse(&values, (const char *const[]){NULL}, operands, &reason), 0);
    assert_int_equal(values.runners.count, 0);
    assert_int_equal(parse(&values,
                           (const char *const[]){"--runner", "a", "--runner=b", NULL},
                           operands, &reason),
                     0);
    assert_int_equal(values.runners.count, 2);
    assert_string_equal(values.runners.texts[0], "a");
    assert_string_equal(values.runners.texts[1], "b");
}

static void test_lists_are_full(void **state)
{
    const struct option_group groups[] = {{"Options", specs, &(struct values){0}}, {0}};
    char word[] = "--runner=a";
    char *argv[OPTION_LIST_MAXIMUM + 1];
    const char *operands[2];
    struct reason reason;
    (void)state;
    for (size_t i = 0; i <= OPTION_LIST_MAXIMUM; i++)
        argv[i] = word;
    options_defaults(&groups[0]);
    assert_int_equal(
        options_parse(groups, OPTION_LIST_MAXIMUM, argv, operands, 2, &reason), 0);
    options_defaults(&groups[0]);
    assert_int_equal(options_parse(groups, OPTION_LIST_MAXIMUM + 1, argv, operands, 2,
                                   &reason),
                     -EINVAL);
    assert_non_null(strstr(reason.text, "--runner"));
}

static void test_all_kinds(void **state)
{
    static const char *const words[] = {"fetch",       "--tasks",  "10k",
                                        "--stack=16k", "--delay",  "0",
                                        "--memory",    "--record", "--transport=tcp",
                                        "x",           NULL};
    struct values values;
    const char *operands[2];
    struct reason reason;
    (void)state;
    assert_int_equal(parse(&values, words, operands, &reason), 2);
    assert_string_equal(operands[0], "fetch");
    assert_string_equal(operands[1], "x");
    assert_int_equal(values.tasks, 10000);
    assert_int_equal(values.stack, 16384);
    assert_int_equal(values.delay, 0);
    assert_true(values.memory);
    // A value is taken as it stands, even if it looks like an option.
    assert_string_equal(values.record, "--transport=tcp");
}

static void test_end_of_options(void **state)
{
    static const char *const words[] = {"--", "--tasks", "-", NULL};
    struct values values;
    const char *operands[2];
    struct reason reason;
    (void)state;
    assert_int_equal(parse(&values, words, operands, &reason), 2);
    assert_string_equal(operands[0], "--tasks");
    assert_string_equal(operands[1], "-");
    assert_int_equal(values.tasks, 1000);
}

static void test_limits_are_inside(void **state)
{
    static const char *const words[] = {"--tasks", "1",   "--tasks=1000000",
                                        "--delay", "60s", NULL};
    struct values values;
    const char *operands[2];
    struct reason reason;
    (void)state;
    assert_int_equal(parse(&values, words, operands, &reason), 0);
    assert_int_equal(values.tasks, 1000000); // the last one counts
    assert_int_equal(values.delay, UINT64_C(60000000000));
}

// Each message names the option, the value as typed, and what would be right.
static void test_messages(void **state)
{
    static const struct {
        const char *words[4];
        const char *parts[3];
    } examples[] = {
        {{"--tasks", "0", NULL}, {"--tasks", "'0'", "1 to 1M"}},
        {{"--tasks", "1000001", NULL}, {"--tasks", "'1000001'", "1 to 1M"}},
        {{"--tasks=", NULL}, {"--tasks", "''", "whole number"}},
        {{"--tasks", "-5", NULL}, {"--tasks", "'-5'", "1 to 1M"}},
        {{"--stack", "64q", NULL}, {"--stack", "'64q'", "16 KiB to 1 MiB"}},
        {{"--stack=1", NULL}, {"--stack", "'1'", "16 KiB to 1 MiB"}},
        {{"--delay", "10", NULL}, {"--delay", "'10'", "unit"}},
        {{"--delay", "2min", NULL}, {"--delay", "'2min'", "0 to 1 min"}},
        {{"--transport", "udp", NULL}, {"--transport", "'udp'", "tcp|unix"}},
        {{"--transport", "", NULL}, {"--transport", "''", "tcp|unix"}},
        {{"--memory=yes", NULL}, {"--memory", "no value", ""}},
        {{"--tasks", NULL}, {"--tasks", "needs a value", ""}},
        {{"--task", "5", NULL}, {"--task;", "unknown", "did you mean --tasks?"}},
        {{"--taskss=5", NULL}, {"--taskss;", "unknown", "did you mean --tasks?"}},
        {{"--colour=red", NULL}, {"--colour;", "unknown", "--help"}},
        {{"-t", NULL}, {"-t", "two dashes", "--help"}},
        {{"a", "b", "c", NULL}, {"'c'", "unexpected", "--help"}},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(examples); i++) {
        struct values values;
        const char *operands[2];
        struct reason reason = {""};
        assert_int_equal(parse(&values, examples[i].words, operands, &reason), -EINVAL);
        for (size_t part = 0; part < ARRAY_LEN(examples[i].parts); part++)
            if (strstr(reason.text, examples[i].parts[part]) == NULL)
                fail_msg("'%s' does not say '%s'", reason.text, examples[i].parts[part]);
    }
}

static void test_help(void **state)
{
    struct values values;
    const struct option_group group = {"Of this test", specs, &values};
    static const char *const parts[] = {
        "Of this test", "--tasks N", "how many tasks",  "1 to 1M",        "default 1k",
        "tcp|unix",     "--memory",  "16 KiB to 1 MiB", "default 250 ms",
    };
    char *text = NULL;
    size_t size = 0;
    (void)state;
    FILE *file = open_memstream(&text, &size);
    options_print(file, &group);
    fclose(file);
    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        if (strstr(text, parts[i]) == NULL)
            fail_msg("the help does not say '%s':\n%s", parts[i], text);
    free(text);
}

static void test_json_keys(void **state)
{
    static const char *const keys[] = {"tasks",     "stack_bytes", "delay_ns",
                                       "transport", "in_flight",   "memory",
                                       "record"};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        char key[64];
        option_json_key(&specs[i], key, sizeof key);
        assert_string_equal(key, keys[i]);
    }
    char choice[8];
    option_choice_text(&specs[3], 1, choice, sizeof choice);
    assert_string_equal(choice, "unix");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),       cmocka_unit_test(test_lists),
        cmocka_unit_test(test_lists_are_full), cmocka_unit_test(test_all_kinds),
        cmocka_unit_test(test_end_of_options), cmocka_unit_test(test_limits_are_inside),
        cmocka_unit_test(test_messages),       cmocka_unit_test(test_help),
        cmocka_unit_test(test_json_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: MIT
//
// test_plan.c - driver/plan/plan.c: which tables and cells come of which runners and
// choices, and with which commands. The runners are made up here, in memory.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "driver/measure/rounds.h"
#include "driver/plan/plan.h"
#include "driver/plan/profile.h"
#include "driver/plan/table.h"
#include "lib/cpus.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static struct runner_set set;
static struct plan plan;
static struct report report;
static struct plan_file quick;
static struct plan_file usual; // default

static void add_runner(const char *name, bool has_loops)
{
    struct runner *runner = &set.list[set.count++];
    snprintf(runner->name, sizeof runner->name, "%s", name);
    json_t *loops = has_loops ? json_pack("[{s:s}]", "name", "loops") : json_array();
    json_t *answer = json_pack(
        "{s:o, s:[{s:s, s:s, s:s, s:i, s:i, s:[]}, {s:s, s:s, s:s, s:i, s:i,"
        " s:[{s:s, s:s}]}, {s:s, s:s, s:s, s:i, s:i, s:[{s:s, s:s, s:s, s:i, s:I},"
        " {s:s, s:s, s:s, s:i, s:i}, {s:s, s:s, s:[s, s]}]}]}",
        "options", loops, "workloads", "name", "digging", "kind", "cpu", "operation",
        "holes", "default_tasks", 50, "default_concurrency", 4, "options", "name",
        "napping", "kind", "io", "operation", "naps", "default_tasks", 10,
        "default_concurrency", 10, "options", "name", "delay", "default", "1ms", "name",
        "fetch", "kind", "io", "operation", "exchanges", "default_tasks", 10,
        "default_concurrency", 10, "options", "name", "delay", "kind", "duration",
        "default", "10ms", "minimum", 0, "maximum", (json_int_t)60000000000, "name",
        "exchanges", "kind", "count", "default", "2", "minimum", 1, "maximum", 1000,
        "name", "transport", "kind", "choice", "choices", "tcp", "unix");
    assert_non_null(answer);
    description_read(&runner->describe, answer);
}

static int make_runners(void **state)
{
    (void)state;
    add_runner("sequential", false);
    add_runner("multithread", false);
    add_runner("eventloop", true);
    struct reason reason;
    if (profile_load(&quick, "quick", &reason) != 0 ||
        profile_load(&usual, "default", &reason) != 0)
        fail_msg("%s", reason.text);
    return 0;
}

static int free_runners(void **state)
{
    (void)state;
    runner_set_free(&set);
    plan_file_free(&quick);
    plan_file_free(&usual);
    return 0;
}

static void make(struct plan_choice choice)
{
    struct reason reason;
    report_free(&report);
    if (choice.document == NULL)
        choice.document = &usual;
    if (plan_make(&plan, &report, &set, &choice, &reason) != 0)
        fail_msg("%s", reason.text);
}

static const struct table *table_of(const char *id)
{
    for (size_t i = 0; i < plan.count; i++)
        if (strcmp(plan.list[i].result->id, id) == 0)
            return &plan.list[i];
    fail_msg("there is no table %s", id);
    return NULL;
}

static void assert_command(const struct cell *cell, const char *expected)
{
    char line[512] = "";
    size_t index;
    json_t *word;
    json_array_foreach(cell->result->command, index, word)
    {
        size_t used = strlen(line);
        snprintf(line + used, sizeof line - used, "%s%s", index == 0 ? "" : " ",
                 json_string_value(word));
    }
    assert_string_equal(line, expected);
}

static void a_known_workload_has_the_size_of_its_profile(void **state)
{
    (void)state;
    make((struct plan_choice){.document = &quick, .workloads = "fetch"});
    assert_int_equal(plan.count, 2);
    const struct report_table *table = table_of("fetch/unix")->result;
    assert_true(table->tasks > 10);
    assert_string_equal(json_string_value(json_array_get(table->arguments, 0)),
                        "--transport");
    assert_null(table->setting);
}

static void an_unknown_workload_has_its_own_size(void **state)
{
    (void)state;
    make((struct plan_choice){.workloads = "digging/one-cpu"});
    assert_int_equal(plan.count, 1);
    const struct table *table = table_of("digging/one-cpu");
    char first[64];
    char expected[128];
    cpus_allowed(first, sizeof first);
    first[strspn(first, "0123456789")] = '\0';
    snprintf(expected, sizeof expected,
             "multithread digging --tasks 50 --concurrency 4 --cpus %s", first);
    assert_command(&table->cells[1], expected);
    assert_string_equal(table->cells[1].result->id, "digging/one-cpu/multithread");
}

static void all_cpus_add_a_loop_for_each(void **state)
{
    (void)state;
    make((struct plan_choice){.workloads = "digging"});
    if (cpus_count() == 1) {
        assert_int_equal(plan.count, 1);
        return;
    }
    assert_int_equal(table_of("digging/one-cpu")->count, 3);
    const struct table *table = table_of("digging/all-cpus");
    char variant[32];
    snprintf(variant, sizeof variant, "loops=%u", cpus_count());
    assert_int_equal(table->count, 4);
    assert_string_equal(table->cells[2].result->variant, "");
    assert_string_equal(table->cells[3].result->variant, variant);
    const json_t *command = table->cells[3].result->command;
    assert_string_equal(json_string_value(
                            json_array_get(command, json_array_size(command) - 2)),
                        "--loops");
}

static void one_after_another_is_skipped_where_it_would_take_too_long(void **state)
{
    (void)state;
    make((struct plan_choice){.workloads = "napping"});
    assert_true(table_of("napping")->cells[0].live); // 10 x 1 ms
    make((struct plan_choice){.workloads = "napping", .tasks = 100000});
    const struct cell *cell = &table_of("napping")->cells[0];
    assert_false(cell->live);
    assert_int_equal(cell->result->status, CELL_SKIPPED);
    assert_string_equal(cell->result->reason,
                        "one task after another would wait for 100 s");
    assert_true(table_of("napping")->cells[1].live);
    make((struct plan_choice){
        .workloads = "napping", .tasks = 100000, .concurrency = {1, {2}}});
    cell = &table_of("napping")->cells[1];
    assert_false(cell->live);
    assert_string_equal(
        cell->result->reason,
        "2 at a time would wait for 50 s; more than 30 s are too long for "
        "one run");
}

static void the_user_may_choose(void **state)
{
    (void)state;
    make((struct plan_choice){.workloads = "napping",
                              .models = "eventloop,eventloop,sequential",
                              .tasks = 7,
                              .concurrency = {1, {20}}});
    const struct table *table = table_of("napping");
    assert_int_equal(table->count, 3);
    assert_string_equal(table->cells[1].result->label, "eventloop");
    assert_string_equal(table->cells[2].result->label, "eventloop copy=2");
    assert_true(table->result->tasks == 7);
    // There cannot be more in flight than there are.
    assert_true(table->result->concurrency == 7);
}

static void a_sweep_does_the_same_number_of_tasks_throughout(void **state)
{
    (void)state;
    make((struct plan_choice){
        .workloads = "napping", .models = "multithread", .concurrency = {3, {1, 5, 30}}});
    assert_int_equal(plan.count, 3);
    static const char *const ids[] = {"napping/c1", "napping/c5", "napping/c30"};
    static const double many[] = {1, 5, 30};
    for (size_t i = 0; i < 3; i++) {
        const struct report_table *table = table_of(ids[i])->result;
        assert_true(table->tasks == 30); // not the usual 10
        assert_true(table->concurrency == many[i]);
        assert_string_equal(table->sweep, "napping");
    }
    // Waits are short, or one at a time would take minutes.
    make((struct plan_choice){.workloads = "fetch/unix", .concurrency = {2, {1, 1000}}});
    assert_true(table_of("fetch/unix/c1")->cells[1].live);
    make((struct plan_choice){.workloads = "napping", .concurrency = {1, {5}}});
    assert_null(table_of("napping")->result->sweep);
}

// Where all must be in flight together, one number is both.
static void an_amount_is_made_to_fit(void **state)
{
    (void)state;
    const struct described_workload apart = {.together = false};
    const struct described_workload together = {.together = true};
    const struct plan_sweep none = {0};
    const struct plan_sweep sweep = {2, {10, 100}};
    const struct {
        const struct described_workload *workload;
        const struct plan_sweep *sweep;
        bool users_tasks;
        struct plan_amount wanted;
        struct plan_amount made;
    } cases[] = {
        {&apart, &none, false, {50, 8}, {50, 8}},
        {&apart, &none, false, {50, 80}, {50, 50}},
        {&apart, &sweep, false, {50, 10}, {100, 10}},
        {&apart, &sweep, true, {500, 10}, {500, 10}},
        {&together, &none, false, {50, 8}, {50, 50}},
        {&together, &sweep, false, {50, 10}, {10, 10}},
        {&together, &sweep, false, {50, 100}, {100, 100}},
        {&together, &sweep, true, {500, 10}, {500, 500}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct plan_amount amount = cases[i].wanted;
        plan_table_fit(cases[i].workload, cases[i].sweep, cases[i].users_tasks, &amount);
        assert_int_equal(amount.tasks, cases[i].made.tasks);
        assert_int_equal(amount.concurrency, cases[i].made.concurrency);
    }
}

static void too_many_tables_are_refused(void **state)
{
    (void)state;
    struct reason reason;
    static struct runner_set many;
    json_t *list = json_array();
    for (int i = 0; i < 30; i++) {
        char name[16];
        snprintf(name, sizeof name, "work%d", i);
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:i, s:i, s:[]}", "name",
                                              name, "kind", "io", "operation", "steps",
                                              "default_tasks", 1, "default_concurrency",
                                              1, "options"));
    }
    many.count = 1;
    snprintf(many.list[0].name, sizeof many.list[0].name, "sequential");
    description_read(&many.list[0].describe,
                     json_pack("{s:[], s:o}", "options", "workloads", list));
    struct plan_choice choice = {.document = &usual, .concurrency = {5, {1, 2, 3, 4, 5}}};
    report_free(&report);
    assert_int_equal(plan_make(&plan, &report, &many, &choice, &reason), -EINVAL);
    assert_non_null(strstr(reason.text, "more than 128 tables"));
    runner_set_free(&many);
}

#define UNKNOWN ((double)NAN)
#define PAIR(from, to, p)                                                                \
    {                                                                                    \
        .ratio.interval = {.low = (from), .high = (to)}, .p_holm = (p)                   \
    }

// Each case of an interim analysis: which tables are decided, and which stay open.
static void a_table_is_decided_when_each_comparison_is(void **state)
{
    (void)state;
    static const struct {
        size_t count;
        struct pair pairs[2];
        bool noisy;
        bool decided;
    } cases[] = {
        {.count = 0, .decided = true}, // a single row
        {1, {PAIR(1.1, 1.2, 0.01)}, false, true},
        {1, {PAIR(1.1, 1.2, 0.03)}, false, false}, // not after three looks
        {1, {PAIR(0.97, 1.04, 1)}, false, true},
        {1, {PAIR(0.97, 1.06, 1)}, false, false},
        {1, {PAIR(0.94, 1.01, 1)}, false, false},
        {1, {PAIR(UNKNOWN, UNKNOWN, UNKNOWN)}, false, false},
        {2, {PAIR(2, 3, 0), PAIR(0.5, 2, 0.5)}, false, false},
        {1, {PAIR(2, 3, 0)}, true, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pair pairs[2] = {cases[i].pairs[0], cases[i].pairs[1]};
        const struct report_table table = {.pair_count = cases[i].count,
                                           .pairs = pairs,
                                           .noise = {.noisy = cases[i].noisy}};
        assert_int_equal(rounds_are_decided(&table, 3), cases[i].decided);
    }
}

static void what_is_not_there_is_refused_with_what_is(void **state)
{
    (void)state;
    struct reason reason;
    report_free(&report);
    assert_int_equal(plan_make(&plan, &report, &set,
                               &(struct plan_choice){.document = &usual,
                                                     .models = "multithread,fibre"},
                               &reason),
                     -EINVAL);
    assert_non_null(strstr(reason.text, "'fibre'"));
    assert_non_null(strstr(reason.text, "sequential, multithread, eventloop"));
    static const char *const wrong[] = {"digging,", "dig", "fetch/ip", "napping/one", ""};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        report_free(&report);
        assert_int_equal(plan_make(&plan, &report, &set,
                                   &(struct plan_choice){.document = &usual,
                                                         .workloads = wrong[i]},
                                   &reason),
                         -EINVAL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_known_workload_has_the_size_of_its_profile),
        cmocka_unit_test(an_unknown_workload_has_its_own_size),
        cmocka_unit_test(all_cpus_add_a_loop_for_each),
        cmocka_unit_test(one_after_another_is_skipped_where_it_would_take_too_long),
        cmocka_unit_test(the_user_may_choose),
        cmocka_unit_test(a_sweep_does_the_same_number_of_tasks_throughout),
        cmocka_unit_test(an_amount_is_made_to_fit),
        cmocka_unit_test(too_many_tables_are_refused),
        cmocka_unit_test(a_table_is_decided_when_each_comparison_is),
        cmocka_unit_test(what_is_not_there_is_refused_with_what_is),
    };
    int failed = cmocka_run_group_tests_name("plan", tests, make_runners, free_runners);
    report_free(&report);
    return failed;
}

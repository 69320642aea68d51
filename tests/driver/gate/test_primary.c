// SPDX-License-Identifier: MIT
//
// driver/gate/primary.h: by which metric a row is decided, over a table of warm-ups. Half of the
// wall time is computed: wall time decides; anything less: CPU time.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "driver/gate/primary.h"

#include <math.h>

static struct plan plan; // too large for a stack

static const struct primary_case {
    const char *kind;
    double wall_ns;
    double user_ns;
    double system_ns;
    enum metric primary;
} cases[] = {
    {"cpu", 1e6, 9e5, 1e5, METRIC_WALL},
    {"cpu", 1e6, 4e5, 1e5, METRIC_WALL}, // half of it, to the nanosecond
    {"cpu", 1e6, 4e5, 1e5 - 1, METRIC_CPU},
    {"cpu", 1e6, 1e3, 0, METRIC_CPU},
    {"cpu", 1e6, 0, 4e6, METRIC_WALL}, // four CPUs
    {"io", 1e6, 9e5, 1e5, METRIC_CPU},
    {"io", 1e6, 1e3, 0, METRIC_CPU},
    {"cpu", (double)NAN, 1e3, 0, METRIC_WALL}, // no warm-up
    {"cpu", 1e6, (double)NAN, 0, METRIC_WALL},
};

static enum metric primary_of(const struct primary_case *one)
{
    struct report_table table = {.kind = one->kind};
    struct report_cell head = {.json = json_object()};
    struct report_cell base = {.json = json_object()};
    base.warmup.wall_ns = one->wall_ns;
    base.warmup.record.user_ns = one->user_ns;
    base.warmup.record.system_ns = one->system_ns;
    plan.count = 1;
    plan.list[0] = (struct table){.result = &table, .count = 2};
    plan.list[0].cells[0] =
        (struct cell){.result = &head, .live = true, .base = &plan.list[0].cells[1]};
    plan.list[0].cells[1] = (struct cell){.result = &base, .live = true};
    gate_primary_choose(&plan);
    enum metric primary = gate_primary(head.json);
    assert_null(json_object_get(base.json, "primary"));
    json_decref(head.json);
    json_decref(base.json);
    return primary;
}

static void the_warm_up_of_the_base_says_which(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (primary_of(&cases[i]) != cases[i].primary)
            fail_msg("case %zu of kind %s: not %s", i, cases[i].kind,
                     metric_name(cases[i].primary));
}

static void rows_that_live_on_both_sides_are_counted(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        plan.count = 1;
        plan.list[0] = (struct table){.count = 2};
        plan.list[0].cells[0] =
            (struct cell){.live = i % 2 == 1, .base = &plan.list[0].cells[1]};
        plan.list[0].cells[1] = (struct cell){.live = i / 2 == 1};
        assert_int_equal(gate_primary_count(&plan), i == 3 ? 1 : 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_warm_up_of_the_base_says_which),
        cmocka_unit_test(rows_that_live_on_both_sides_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

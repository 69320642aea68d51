// SPDX-License-Identifier: MIT
//
// test_calibration.c - driver/gate/calibration.c, state.c and the names of baseline.c: where
// files lie, and that nothing of a file is believed that is not sound.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "driver/gate/baseline.h"
#include "driver/gate/calibration.h"
#include "driver/report/begin.h"
#include "lib/json_file.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define TESTBED "0123456789abcdef"

static char folder[] = "/tmp/test_calibration.XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    return setenv("XDG_STATE_HOME", folder, 1);
}

static int remove_folder(void **state)
{
    (void)state;
    char path[STATE_PATH_SIZE];
    state_path(TESTBED, "calibration.json", path, sizeof path, NULL);
    while (strcmp(path, folder) != 0) {
        remove(path);
        *strrchr(path, '/') = '\0';
    }
    remove(folder);
    return 0;
}

// A calibration of one cell that began `days` ago.
static json_t *make(const char *testbed, int days, double floor)
{
    char started[32];
    time_t then = time(NULL) - (time_t)days * 86400;
    struct tm utc;
    strftime(started, sizeof started, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&then, &utc));
    return json_pack("{s:s, s:s, s:s, s:[{s:s, s:s, s:[s, s], s:{s:{s:f}, s:{s:n}}}]}",
                     "schema", CALIBRATION_SCHEMA, "testbed", testbed, "started_utc",
                     started, "cells", "id", "a/b", "started_utc", started, "command",
                     "b", "a", "metrics", "wall_ns", "floor", floor, "cpu_ns", "floor");
}

// Stores it (taking it over) and opens it.
static int store_and_open(json_t *json, struct calibration *calibration)
{
    char path[STATE_PATH_SIZE];
    struct reason reason;
    assert_int_equal(state_path(TESTBED, "calibration.json", path, sizeof path, NULL), 0);
    assert_int_equal(state_make_folders(path, NULL), 0);
    assert_int_equal(json_file_save(path, json, NULL), 0);
    json_decref(json);
    int error = calibration_open(calibration, TESTBED, &reason);
    assert_int_equal(error != 0, error != 0 && reason.text[0] != '\0');
    return error;
}

static void floors_are_found_by_cell_and_metric(void **state)
{
    (void)state;
    struct calibration known;
    assert_int_equal(calibration_open(&known, TESTBED, NULL), -ENOENT);
    assert_true(isnan(calibration_floor(&known, "a/b", METRIC_WALL)));
    calibration_free(&known);
    assert_int_equal(store_and_open(make(TESTBED, 1, 0.02), &known), 0);
    assert_true(calibration_floor(&known, "a/b", METRIC_WALL) == 0.02);
    assert_true(isnan(calibration_floor(&known, "a/b", METRIC_CPU)));
    assert_true(isnan(calibration_floor(&known, "a/b", METRIC_UNKNOWN)));
    assert_true(isnan(calibration_floor(&known, "a/c", METRIC_WALL)));
    calibration_free(&known);
}

static void nothing_foreign_old_or_absurd_is_believed(void **state)
{
    (void)state;
    struct calibration known;
    assert_int_equal(store_and_open(make("fedcba9876543210", 1, 0.02), &known), -ESTALE);
    assert_true(isnan(calibration_floor(&known, "a/b", METRIC_WALL)));
    calibration_free(&known);
    assert_int_equal(
        store_and_open(make(TESTBED, CALIBRATION_DAYS_MOST + 1, 0.02), &known), -ESTALE);
    calibration_free(&known);
    assert_int_equal(
        store_and_open(make(TESTBED, CALIBRATION_DAYS_MOST - 1, 0.02), &known), 0);
    calibration_free(&known);
    assert_int_equal(store_and_open(make(TESTBED, 1, -0.02), &known), 0);
    assert_true(isnan(calibration_floor(&known, "a/b", METRIC_WALL)));
    calibration_free(&known);
    assert_int_equal(store_and_open(json_object(), &known), -EBADMSG);
    calibration_free(&known);
    assert_int_equal(store_and_open(json_array(), &known), -EBADMSG);
    calibration_free(&known);
}

static void floors_go_to_cells_of_the_same_command(void **state)
{
    (void)state;
    struct calibration known;
    struct report report;
    report_begin(&report, 1);
    struct report_table *table = report_add_table(&report, 2);
    struct report_cell *known_cell = report_add_cell(&report, table);
    struct report_cell *other_cell = report_add_cell(&report, table);
    known_cell->id = "a/b";
    known_cell->command = report_keep_json(&report, json_pack("[s, s]", "b", "a"));
    other_cell->id = "a/c";
    other_cell->command = report_keep_json(&report, json_pack("[s]", "c"));
    assert_int_equal(store_and_open(make(TESTBED, 1, 0.02), &known), 0);
    assert_int_equal(calibration_apply(&known, &report), 1);
    json_t *floors = json_object_get(known_cell->json, "floors");
    assert_int_equal(json_object_size(floors), 1);
    assert_true(json_real_value(json_object_get(floors, "wall_ns")) == 0.02);
    assert_null(json_object_get(other_cell->json, "floors"));
    json_array_append_new(known_cell->command, json_string("--tasks"));
    assert_int_equal(calibration_apply(&known, &report), 0);
    calibration_free(&known);
    report_free(&report);
}

static void the_state_folder_is_that_of_xdg(void **state)
{
    (void)state;
    char path[STATE_PATH_SIZE];
    setenv("XDG_STATE_HOME", "relative", 1);
    setenv("HOME", "/nowhere", 1);
    assert_int_equal(state_path(TESTBED, "", path, sizeof path, NULL), 0);
    assert_string_equal(path, "/nowhere/.local/state/quartet/" TESTBED);
    assert_int_equal(state_path(TESTBED, "", path, 10, NULL), -ENAMETOOLONG);
    unsetenv("HOME");
    assert_int_equal(state_path(TESTBED, "", path, sizeof path, NULL), -ENOENT);
    setenv("XDG_STATE_HOME", folder, 1);
    assert_int_equal(state_path("../../etc", "", path, sizeof path, NULL), -EINVAL);
    assert_int_equal(state_path("", "", path, sizeof path, NULL), -EINVAL);
    assert_int_equal(state_path(NULL, "", path, sizeof path, NULL), -EINVAL);
}

static void names_of_baselines_lead_nowhere_else(void **state)
{
    (void)state;
    static const char *const good[] = {"main", "v1.2", "a-b_c", "0"};
    static const char *const bad[] = {"",    ".",   "..",  ".a",       "-a",  "_a",
                                      "a/b", "a b", "a\n", "\xc3\xa4", "a\\b"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_int_equal(baseline_check_name(good[i], NULL), 0);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(baseline_check_name(bad[i], NULL), -EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(floors_are_found_by_cell_and_metric),
        cmocka_unit_test(nothing_foreign_old_or_absurd_is_believed),
        cmocka_unit_test(floors_go_to_cells_of_the_same_command),
        cmocka_unit_test(the_state_folder_is_that_of_xdg),
        cmocka_unit_test(names_of_baselines_lead_nowhere_else),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

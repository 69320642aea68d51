// SPDX-License-Identifier: MIT
//
// calibration.c - see calibration.h.
#include "driver/gate/calibration.h"

#include "driver/report/json.h"
#include "lib/json_file.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <time.h>

#define DAY_S 86400

// ---- the file ----------------------------------------------------------------------

// Dates of this form can be compared as texts.
bool calibration_is_outdated(const json_t *object)
{
    const char *started = tree_text(object, "started_utc", "");
    char oldest[32];
    time_t then = time(NULL) - (time_t)CALIBRATION_DAYS_MOST * DAY_S;
    struct tm utc;
    strftime(oldest, sizeof oldest, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&then, &utc));
    return strcmp(started, oldest) < 0;
}

static int check(const json_t *json, const char *path, const char *testbed,
                 struct reason *reason)
{
    if (strcmp(tree_text(json, "schema", ""), CALIBRATION_SCHEMA) != 0)
        return reason_set(reason, -EBADMSG,
                          "'%.300s' is no calibration that this version can read (%s); "
                          "calibrate again",
                          path, CALIBRATION_SCHEMA);
    if (tree_array(json, "cells") == NULL)
        return reason_set(reason, -EBADMSG, "'%.300s' is damaged; calibrate again", path);
    if (strcmp(tree_text(json, "testbed", ""), testbed) != 0)
        return reason_set(reason, -ESTALE,
                          "the calibration '%.300s' is of another machine (%.40s; this "
                          "is %.40s)",
                          path, tree_text(json, "testbed", "unknown"), testbed);
    if (calibration_is_outdated(json))
        return reason_set(reason, -ESTALE,
                          "the calibration '%.300s' of %.10s is outdated (%d days are "
                          "the most); calibrate again",
                          path, tree_text(json, "started_utc", "unknown date"),
                          CALIBRATION_DAYS_MOST);
    return 0;
}

int calibration_load(struct calibration *calibration, const char *path,
                     const char *testbed, struct reason *reason)
{
    *calibration = (struct calibration){.json = NULL};
    snprintf(calibration->path, sizeof calibration->path, "%s", path);
    int error =
        json_file_load_schema(path, "quartet.calibration/", &calibration->json, reason);
    if (error == 0)
        error = check(calibration->json, path, testbed, reason);
    if (error != 0)
        calibration_close(calibration);
    return error;
}

int calibration_open(struct calibration *calibration, const char *testbed,
                     struct reason *reason)
{
    char path[STATE_PATH_SIZE];
    *calibration = (struct calibration){.json = NULL};
    int error = state_path(testbed, "calibration.json", path, sizeof path, reason);
    return error != 0 ? error : calibration_load(calibration, path, testbed, reason);
}

void calibration_close(struct calibration *calibration)
{
    json_decref(calibration->json);
    calibration->json = NULL;
}

// ---- its content -------------------------------------------------------------------

static const json_t *find_cell(const struct calibration *calibration, const char *id)
{
    const json_t *cell = tree_find(tree_array(calibration->json, "cells"), "id", id);
    return cell == NULL || calibration_is_outdated(cell) ? NULL : cell;
}

// A file may hold anything: a floor below zero, or without end, is none.
static double floor_in(const json_t *metrics, const char *name)
{
    double floor = tree_number(json_object_get(metrics, name), "floor");
    return isfinite(floor) && floor >= 0 ? floor : (double)NAN;
}

double calibration_floor(const struct calibration *calibration, const char *cell_id,
                         const char *metric_name)
{
    return floor_in(tree_at(find_cell(calibration, cell_id), "metrics"), metric_name);
}

static bool apply_to_cell(const struct calibration *calibration, struct report_cell *cell)
{
    const json_t *known = find_cell(calibration, cell->id);
    json_t *metrics = tree_at(known, "metrics");
    json_t *floors = json_object();
    const char *name;
    json_t *metric;
    if (json_equal(tree_at(known, "command"), cell->command))
        json_object_foreach(metrics, name, metric)
        {
            double floor = floor_in(metrics, name);
            if (!isnan(floor))
                json_object_set_new(floors, name, tree_real(floor));
        }
    bool any = json_object_size(floors) > 0;
    if (any)
        json_object_set(cell->json, "floors", floors);
    json_decref(floors);
    return any;
}

size_t calibration_apply(const struct calibration *calibration, struct report *report)
{
    size_t applied = 0;
    for (size_t i = 0; i < report->table_count; i++)
        for (size_t j = 0; j < report->tables[i].cell_count; j++)
            if (apply_to_cell(calibration, &report->tables[i].cells[j]))
                applied++;
    return applied;
}

// SPDX-License-Identifier: MIT
//
// calibration.c - see calibration.h.
#include "driver/gate/calibration.h"

#include "driver/report/tree.h"
#include "driver/system/utc.h"
#include "lib/json_file.h"

#include <errno.h>
#include <math.h>
#include <string.h>

// ---- the file ----------------------------------------------------------------------

static bool is_outdated(const char *started_utc)
{
    return utc_is_older(started_utc == NULL ? "" : started_utc, CALIBRATION_DAYS_MOST);
}

static int check(const struct calibration *calibration, const char *path,
                 const char *testbed, struct reason *reason)
{
    const char *own = calibration->testbed == NULL ? "unknown" : calibration->testbed;
    if (calibration->schema == NULL ||
        strcmp(calibration->schema, CALIBRATION_SCHEMA) != 0)
        return reason_set(reason, -EBADMSG,
                          "'%.300s' is no calibration that this version can read (%s); "
                          "calibrate again",
                          path, CALIBRATION_SCHEMA);
    if (tree_array(calibration->json, "cells") == NULL)
        return reason_set(reason, -EBADMSG, "'%.300s' is damaged; calibrate again", path);
    if (strcmp(own, testbed) != 0)
        return reason_set(reason, -ESTALE,
                          "the calibration '%.300s' is of another machine (%.40s; this "
                          "is %.40s)",
                          path, own, testbed);
    if (is_outdated(calibration->started_utc))
        return reason_set(reason, -ESTALE,
                          "the calibration '%.300s' of %.10s is outdated (%d days are "
                          "the most); calibrate again",
                          path,
                          calibration->started_utc == NULL ? "unknown date"
                                                           : calibration->started_utc,
                          CALIBRATION_DAYS_MOST);
    return 0;
}

int calibration_load(struct calibration *calibration, const char *path,
                     const char *testbed, struct reason *reason)
{
    json_t *json = NULL;
    *calibration = (struct calibration){.json = NULL};
    int error = json_file_load_schema(path, "quartet.calibration/", &json, reason);
    if (error != 0)
        return error;
    *calibration = calibration_read(json);
    error = check(calibration, path, testbed, reason);
    if (error != 0)
        calibration_free(calibration);
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

// ---- its content -------------------------------------------------------------------

static const struct calibration_cell *find(const struct calibration *calibration,
                                           const char *id)
{
    const struct calibration_cell *cell = calibration_find(calibration, id);
    return cell == NULL || is_outdated(cell->started_utc) ? NULL : cell;
}

double calibration_floor(const struct calibration *calibration, const char *cell_id,
                         enum metric metric)
{
    const struct calibration_cell *cell = find(calibration, cell_id);
    return cell == NULL || metric >= METRIC_UNKNOWN ? (double)NAN
                                                    : cell->metrics[metric].floor;
}

static bool apply_to_cell(const struct calibration *calibration, struct report_cell *cell)
{
    const struct calibration_cell *known = find(calibration, cell->id);
    if (known == NULL || !json_equal(known->command, cell->command))
        return false;
    json_t *floors = json_object();
    for (enum metric metric = 0; metric < METRIC_UNKNOWN; metric++)
        if (!isnan(known->metrics[metric].floor))
            json_object_set_new(floors, metric_name(metric),
                                tree_real(known->metrics[metric].floor));
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

double calibration_applied(const struct report_cell *cell, enum metric metric)
{
    char path[64];
    snprintf(path, sizeof path, "floors.%s", metric_name(metric));
    return tree_number(cell->json, path);
}

// ---- storing it --------------------------------------------------------------------

int calibration_save(const struct calibration *calibration, const char *path,
                     struct reason *reason)
{
    json_t *json = calibration_write(calibration);
    int error = json_file_save(path, json, reason);
    json_decref(json);
    return error;
}

// Adds what is known of cells that were not measured this time.
static void keep_others(struct calibration *calibration, const struct calibration *old)
{
    calibration_keep(calibration, json_incref(old->json)); // the texts of the cells
    for (size_t i = 0; i < old->count; i++)
        if (!is_outdated(old->cells[i].started_utc) &&
            calibration_find(calibration, old->cells[i].id) == NULL)
            *calibration_add(calibration, old->cells[i].id) = old->cells[i];
}

int calibration_store(struct calibration *calibration, char *path, size_t size,
                      struct reason *reason)
{
    struct calibration old;
    const char *testbed = calibration->testbed == NULL ? "" : calibration->testbed;
    int error = state_path(testbed, "calibration.json", path, size, reason);
    if (error == 0)
        error = state_make_folders(path, reason);
    if (error != 0)
        return error;
    json_file_clean(path); // only one session at a time is here
    if (calibration_open(&old, testbed, NULL) == 0)
        keep_others(calibration, &old);
    calibration_free(&old);
    return calibration_save(calibration, path, reason);
}

// SPDX-License-Identifier: MIT
//
// gate.c - see gate.h.
#include "driver/report/gate.h"

#include "driver/report/members.h"
#include "driver/report/tree.h"
#include "lib/allocate.h"
#include "lib/check.h"

#include <stdlib.h>

static const char *const verdicts[] = {"UNDECIDED",  "PASS",  "SUSPECT",
                                       "REGRESSION", "WRONG", "?"};
static const struct member_names gate_verdicts = {ARRAY_LEN(verdicts), GATE_UNKNOWN,
                                                  verdicts};

const char *gate_verdict_name(enum gate_verdict verdict)
{
    return verdicts[verdict];
}

#define OF(field)       MEMBER(struct report_gate, field, MEMBER_PLAIN)
#define AS(name, field) MEMBER_AS(name, struct report_gate, field, MEMBER_PLAIN)
static const struct member gate_list[] = {
    AS("base.kind", base_kind),
    AS("base.name", base_name),
    AS("base.commit", base_commit),
    OF(threshold),
    OF(links),
    MEMBER_NAMED(struct report_gate, verdict, MEMBER_PLAIN, &gate_verdicts),
    OF(exit_code),
    OF(refused),
    AS("calibration.started_utc", calibration_utc),
    AS("calibration.ignored", calibration_ignored),
    AS("calibration.rows", calibration_rows),
};
MEMBERS_OF(gate);

#define NOTE(field) MEMBER(struct gate_note, field, MEMBER_PLAIN)
static const struct member note_list[] = {NOTE(table), NOTE(row), NOTE(reason)};
MEMBERS_OF(note);

static const char *or_unknown(const char *text)
{
    return text == NULL ? "?" : text;
}

static struct gate_note read_note(const json_t *json)
{
    struct gate_note note = {.reason = json_string_value(json)};
    if (json_is_string(json))
        return note;
    members_read(json, &note_members, &note);
    return (struct gate_note){or_unknown(note.table), or_unknown(note.row),
                              or_unknown(note.reason)};
}

static struct gate_notes read_notes(const json_t *array)
{
    struct gate_notes notes = {
        .list = allocate(json_array_size(array) + 1, sizeof *notes.list)};
    for (size_t i = 0; i < json_array_size(array); i++)
        notes.list[notes.count++] = read_note(json_array_get(array, i));
    return notes;
}

static const char *text_at(const json_t *array, size_t index)
{
    return or_unknown(json_string_value(json_array_get(array, index)));
}

// Triples of texts.
static void read_differences(struct report_gate *gate, const json_t *array)
{
    gate->differences = allocate(json_array_size(array) + 1, sizeof *gate->differences);
    for (size_t i = 0; i < json_array_size(array); i++) {
        const json_t *triple = json_array_get(array, i);
        gate->differences[gate->difference_count++] =
            (struct gate_difference){text_at(triple, 0), text_at(triple, 1),
                                     text_at(triple, 2)};
    }
}

static void read_counted(struct report_gate *gate, json_t *object)
{
    const char *metric;
    json_t *rows;
    gate->counted = allocate(json_object_size(object) + 1, sizeof *gate->counted);
    json_object_foreach(object, metric, rows)
    {
        gate->counted[gate->counted_count++] =
            (struct gate_counted){metric_find(metric), json_number_value(rows)};
    }
}

bool report_gate_read(struct report_gate *gate, const json_t *report)
{
    const json_t *json = tree_at(report, "gate");
    *gate = (struct report_gate){.base_kind = NULL};
    if (json == NULL)
        return false;
    members_read(json, &gate_members, gate);
    gate->base_kind = or_unknown(gate->base_kind);
    gate->base_name = or_unknown(gate->base_name);
    gate->calibration_utc = or_unknown(gate->calibration_utc);
    gate->calibrated = json_is_object(tree_at(json, "calibration"));
    read_differences(gate, tree_array(json, "base.differences"));
    read_counted(gate, tree_at(json, "counters.compared"));
    gate->not_counted = read_notes(tree_array(json, "counters.not_counted"));
    gate->missing = read_notes(tree_array(json, "missing"));
    gate->answers = read_notes(tree_array(json, "answers"));
    comparisons_read(&gate->comparisons, tree_array(json, "comparisons"));
    return true;
}

void report_gate_free(struct report_gate *gate)
{
    comparisons_free(&gate->comparisons);
    free(gate->differences);
    free(gate->counted);
    free(gate->not_counted.list);
    free(gate->missing.list);
    free(gate->answers.list);
}

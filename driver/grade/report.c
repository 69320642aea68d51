// SPDX-License-Identifier: MIT
//
// report.c - see report.h.
#include "driver/grade/report.h"

#include "driver/report/tree.h"

#include "build_info.h"

#include <stdio.h>
#include <string.h>

static const char *const words[] = {
    [VERDICT_HOLDS] = "HOLDS", [VERDICT_FAILS] = "FAILS", [VERDICT_OPEN] = "NOT SEEN"};

static const char *property_name(enum property property)
{
    static const char *const names[] = {"safe", "live", "concurrent", "clean", "bounded"};
    return names[property];
}

// A failure outweighs what was not seen, and that what holds.
static int weight(enum verdict_state state)
{
    return state == VERDICT_FAILS ? 2 : state == VERDICT_OPEN;
}

const struct verdict *grade_verdict(const struct grade *grade, enum property property,
                                    const struct trial **trial)
{
    *trial = &grade->trials[0];
    for (size_t i = 1; i < grade->count; i++)
        if (weight(grade->trials[i].verdicts[property].state) >
            weight((*trial)->verdicts[property].state))
            *trial = &grade->trials[i];
    return &(*trial)->verdicts[property];
}

bool grade_accepted(const struct grade *grade)
{
    const struct trial *trial;
    for (int i = 0; i < PROPERTY_COUNT; i++)
        if (grade_verdict(grade, (enum property)i, &trial)->state != VERDICT_HOLDS)
            return false;
    return true;
}

// ---- for people ------------------------------------------------------------------------

static const struct trial *worst_trial(const struct grade *grade)
{
    const struct trial *trial;
    for (int i = 0; i < PROPERTY_COUNT; i++)
        if (grade_verdict(grade, (enum property)i, &trial)->state == VERDICT_FAILS)
            return trial;
    return &grade->trials[0];
}

static void print_end(FILE *file, const struct grade *grade)
{
    const struct trial *trial;
    const char *comma = " ";
    if (grade_accepted(grade)) {
        fprintf(file, "\nACCEPTED: all five hold in %zu run%s\n", grade->count,
                grade->count == 1 ? "" : "s");
        return;
    }
    fputs("\nREFUSED:", file);
    for (int i = 0; i < PROPERTY_COUNT; i++) {
        if (grade_verdict(grade, (enum property)i, &trial)->state != VERDICT_FAILS)
            continue;
        fprintf(file, "%s%s", comma, property_name((enum property)i));
        comma = ", ";
    }
    putc('\n', file);
}

static void print_strip(FILE *file, const struct grade *grade)
{
    const struct sighting *sighting = &worst_trial(grade)->sighting;
    if (sighting->strip.span_count == 0) {
        fputs("\nThe witness was asked for nothing.\n", file);
        return;
    }
    sighting_print(file, sighting);
    fputs("\n-: it has asked, and the witness holds the answer   A, B, ...: it has its "
          "answer\n",
          file);
    if (grade->exercise == &exercise_resource)
        fputs(":: it waits for its turn\n", file);
}

void grade_print(FILE *file, const struct grade *grade)
{
    const struct trial *trial;
    fprintf(file, "%s: %s\n\n", grade->exercise->name, grade->argv[0]);
    for (int i = 0; i < PROPERTY_COUNT; i++) {
        const struct verdict *verdict = grade_verdict(grade, (enum property)i, &trial);
        fprintf(file, "  %-11s %s%*s%s\n", property_name((enum property)i),
                words[verdict->state],
                verdict->why[0] == '\0' ? 0 : 10 - (int)strlen(words[verdict->state]), "",
                verdict->why);
    }
    print_strip(file, grade);
    print_end(file, grade);
}

// ---- for programs ----------------------------------------------------------------------

static json_t *verdict_json(const struct verdict *verdict, const struct trial *trial)
{
    return json_pack("{s:s, s:o, s:s, s:I}", "verdict", words[verdict->state], "reason",
                     verdict->why[0] == '\0' ? json_null() : tree_string(verdict->why),
                     "scenario", trial->exercise->scenarios[trial->scenario], "seed",
                     (json_int_t)trial->seed);
}

static json_t *trial_json(const struct trial *trial)
{
    json_t *verdicts = json_object();
    for (int i = 0; i < PROPERTY_COUNT; i++)
        json_object_set_new(verdicts, property_name((enum property)i),
                            json_string(words[trial->verdicts[i].state]));
    return json_pack("{s:s, s:I, s:o, s:O?, s:o}", "scenario",
                     trial->exercise->scenarios[trial->scenario], "seed",
                     (json_int_t)trial->seed, "verdicts", verdicts, "answer",
                     trial->answer, "spans", sighting_json(&trial->sighting));
}

json_t *grade_json(const struct grade *grade)
{
    const struct trial *trial;
    json_t *words_json = json_array();
    json_t *properties = json_object();
    json_t *trials = json_array();
    for (size_t i = 0; grade->argv[i] != NULL; i++)
        json_array_append_new(words_json, tree_string(grade->argv[i]));
    for (int i = 0; i < PROPERTY_COUNT; i++) {
        const struct verdict *verdict = grade_verdict(grade, (enum property)i, &trial);
        json_object_set_new(properties, property_name((enum property)i),
                            verdict_json(verdict, trial));
    }
    for (size_t i = 0; i < grade->count; i++)
        json_array_append_new(trials, trial_json(&grade->trials[i]));
    return json_pack("{s:s, s:{s:s, s:s, s:s}, s:s, s:o, s:b, s:o, s:o}", "schema",
                     "quartet.grade/1", "tool", "name", "quartet", "version",
                     QUARTET_VERSION, "commit", QUARTET_COMMIT, "exercise",
                     grade->exercise->name, "program", words_json, "accepted",
                     grade_accepted(grade), "properties", properties, "runs", trials);
}

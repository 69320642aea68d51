// SPDX-License-Identifier: MIT
//
// question.c - see question.h.
#include "driver/claims/question.h"

#include "driver/plan/member.h"
#include "lib/check.h"
#include "lib/json_file.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MEMBERS   "schema ask explain choices experiment figure"
#define PATH_SIZE 4400

// ---- reading -----------------------------------------------------------------------

static int read_choices(struct question *question, const json_t *list,
                        const struct plan_place *place, struct reason *reason)
{
    question->choice_count = json_array_size(list);
    bool fine = list == NULL || (question->choice_count >= 2 &&
                                 question->choice_count <= QUESTION_CHOICES);
    for (size_t i = 0; fine && i < question->choice_count; i++) {
        question->choices[i] = json_number_value(json_array_get(list, i));
        fine = question->choices[i] > (i == 0 ? 0 : question->choices[i - 1]);
    }
    return fine ? 0
                : plan_refuse_at(place, "choices", reason,
                                 "must be 2 to %d numbers above 0, each larger than the "
                                 "one before",
                                 QUESTION_CHOICES);
}

// A question is a claim whose only condition is the figure.
static int make_claim(struct question *question, const json_t *json,
                      const struct plan_place *place, struct reason *reason)
{
    static const char *const needed[] = {"ask", "explain", "experiment", "figure"};
    json_t *found[ARRAY_LEN(needed)];
    for (size_t i = 0; i < ARRAY_LEN(needed); i++) {
        found[i] = json_object_get(json, needed[i]);
        if (found[i] == NULL)
            return plan_refuse_at(place, needed[i], reason, "is missing");
    }
    json_t *claim =
        json_pack("{s:s, s:i, s:O, s:O, s:O, s:{s:[O]}}", "schema", CLAIM_SCHEMA,
                  "number", 1, "statement", found[0], "meaning", found[1], "experiment",
                  found[2], "confirmed", "all", found[3]);
    return claim_parse(&question->claim, claim, place->file, reason);
}

static int read_question(struct question *question, const json_t *json, const char *path,
                         struct reason *reason)
{
    const struct plan_place place = {.file = path};
    const char *schema = NULL;
    int error = plan_check_members(&place, json, MEMBERS, reason);
    if (error == 0)
        error = plan_text(&place, json, "schema", &schema, reason);
    if (error == 0 && (schema == NULL || strcmp(schema, QUESTION_SCHEMA) != 0))
        return plan_refuse_at(&place, "schema", reason,
                              "must be \"" QUESTION_SCHEMA "\"");
    if (error == 0)
        error = read_choices(question, json_object_get(json, "choices"), &place, reason);
    return error == 0 ? make_claim(question, json, &place, reason) : error;
}

int question_load(struct question *question, const char *folder, const char *name,
                  struct reason *reason)
{
    char path[PATH_SIZE];
    json_t *json = NULL;
    *question = (struct question){0};
    snprintf(path, sizeof path, "%s/%s.json", folder, name);
    int error = json_file_load(path, &json, reason);
    if (error == 0)
        error = read_question(question, json, path, reason);
    json_decref(json);
    return error;
}

void question_free(struct question *question)
{
    claim_free(&question->claim);
}

const struct claim_condition *question_figure(const struct question *question)
{
    return &question->claim.confirmed.list[0];
}

// ---- predictions -------------------------------------------------------------------

int question_parse(const struct question *question, const char *text, double *prediction,
                   struct reason *reason)
{
    char *end;
    char choices[160] = "";
    *prediction = strtod(text, &end);
    end += strspn(end, " \n");
    bool fine = end != text && *end == '\0' && isfinite(*prediction);
    bool chosen = question->choice_count == 0;
    for (size_t i = 0; i < question->choice_count; i++) {
        size_t used = strlen(choices);
        snprintf(choices + used, sizeof choices - used, "%s%g", i == 0 ? "" : ", ",
                 question->choices[i]);
        chosen = chosen || question->choices[i] == *prediction;
    }
    if (fine && chosen)
        return 0;
    if (question->choice_count > 0)
        return reason_set(reason, -EINVAL, "'%.60s': choose one of %s", text, choices);
    return reason_set(reason, -EINVAL, "'%.60s': must be a number, such as 1.5", text);
}

static double nearest_choice(const struct question *question, double number)
{
    double best = question->choices[0];
    for (size_t i = 1; i < question->choice_count; i++)
        if (fabs(log(question->choices[i] / number)) < fabs(log(best / number)))
            best = question->choices[i];
    return best;
}

static enum answer judge_range(double prediction, double low, double high)
{
    if (prediction < low)
        return ANSWER_SMALL;
    return prediction > high ? ANSWER_LARGE : ANSWER_RIGHT;
}

enum answer question_judge(const struct question *question, double prediction,
                           const struct figure *figure)
{
    const struct claim_condition *condition = question_figure(question);
    const struct interval *interval = &figure->interval;
    if (rule_condition(condition, figure) != TRUTH_YES)
        return ANSWER_UNDECIDED;
    if (question->choice_count > 0) {
        double low = nearest_choice(question, interval->low);
        double high = nearest_choice(question, interval->high);
        return low == high ? judge_range(prediction, low, high) : ANSWER_UNDECIDED;
    }
    double low = isnan(condition->least) ? interval->low / 2 : condition->least;
    double high = isnan(condition->most) ? interval->high * 2 : condition->most;
    return judge_range(prediction, low, high);
}

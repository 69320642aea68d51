// SPDX-License-Identifier: MIT
//
// claim.c - see claim.h.
#include "driver/claims/claim.h"

#include "driver/claims/value.h"
#include "driver/plan/file.h"
#include "driver/plan/member.h"
#include "lib/allocate.h"
#include "lib/check.h"
#include "lib/json_file.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_REPEATS 100
#define MOST_CPUS    64
#define MOST_NUMBER  9999

#define MEMBERS                                                                          \
    "schema number statement experiment missing confirmed refuted meaning lesson"
#define EXPERIMENT "plan counters cpus lanes python repeat"
#define CONDITION  "name of to exact at_least at_most equals"
#define VALUE      "table row metric per_operation unit output"

// ---- members -----------------------------------------------------------------------

// A text that must be there.
static int need_text(const struct plan_place *place, const json_t *object,
                     const char *name, const char **text, struct reason *reason)
{
    int error = plan_text(place, object, name, text, reason);
    if (error == 0 && *text == NULL)
        return plan_refuse_at(place, name, reason, "is missing");
    return error;
}

// {"en": "...", "ru": "..."}
static int read_texts(const struct plan_place *place, const json_t *object,
                      const char *name, struct claim_text *text, struct reason *reason)
{
    static const char *const keys[LANGUAGE_COUNT] = {"en", "ru"};
    const struct plan_place inner = plan_place_at(place, name, 0);
    const json_t *both = json_object_get(object, name);
    if (both == NULL)
        return plan_refuse_at(place, name, reason, "is missing");
    int error = plan_check_members(&inner, both, "en ru", reason);
    for (size_t i = 0; error == 0 && i < ARRAY_LEN(keys); i++)
        error = need_text(&inner, both, keys[i], &text->in[i], reason);
    return error;
}

// NAN where it is missing.
static int read_bound(const struct plan_place *place, const json_t *object,
                      const char *name, double *bound, struct reason *reason)
{
    const json_t *value = json_object_get(object, name);
    *bound = value == NULL ? (double)NAN : json_number_value(value);
    if (value != NULL && !json_is_number(value))
        return plan_refuse_at(place, name, reason, "must be a number");
    return 0;
}

// ---- conditions --------------------------------------------------------------------

static int read_value(const struct plan_place *outer, const json_t *object,
                      const char *name, struct claim_value *value, struct reason *reason)
{
    const struct plan_place place = plan_place_at(outer, name, 0);
    const json_t *json = json_object_get(object, name);
    if (json == NULL)
        return plan_refuse_at(outer, name, reason, "is missing");
    int error = plan_check_members(&place, json, VALUE, reason);
    if (error == 0)
        error = read_bound(&place, json, "unit", &value->unit, reason);
    if (error == 0 && !isnan(value->unit) && !(value->unit > 0))
        return plan_refuse_at(&place, "unit", reason, "must be above 0");
    if (error == 0)
        error = plan_text(&place, json, "output", &value->output, reason);
    if (error != 0 || value->output != NULL)
        return error;
    error = need_text(&place, json, "table", &value->table, reason);
    if (error == 0)
        error = need_text(&place, json, "row", &value->row, reason);
    if (error == 0)
        error = need_text(&place, json, "metric", &value->metric, reason);
    if (error == 0)
        error = plan_truth(&place, json, "per_operation", false, &value->per_operation,
                           reason);
    if (error == 0 && !value_knows(value->metric))
        return plan_refuse_at(&place, "metric", reason,
                              "must be " VALUE_METRICS ", not '%.60s'", value->metric);
    return error;
}

static int read_bounds(const struct plan_place *place, const json_t *json,
                       struct claim_condition *condition, struct reason *reason)
{
    double equals = (double)NAN;
    int error = read_bound(place, json, "at_least", &condition->least, reason);
    if (error == 0)
        error = read_bound(place, json, "at_most", &condition->most, reason);
    if (error == 0)
        error = read_bound(place, json, "equals", &equals, reason);
    if (error != 0)
        return error;
    if (!isnan(equals)) {
        if (!isnan(condition->least) || !isnan(condition->most))
            return plan_refuse_at(place, "equals", reason,
                                  "stands for at_least and at_most: not beside them");
        condition->least = condition->most = equals;
        condition->exact = true;
    }
    if (isnan(condition->least) && isnan(condition->most))
        return plan_refuse(place, reason, "needs a bound: at_least, at_most or equals");
    if (condition->least > condition->most)
        return plan_refuse_at(place, "at_least", reason, "is above at_most");
    return 0;
}

static bool is_counter(const struct claim_value *value)
{
    return value->metric != NULL && value_is_counter(value->metric);
}

static int read_condition(const struct plan_place *place, const json_t *json,
                          struct claim_condition *condition, struct reason *reason)
{
    int error = plan_check_members(place, json, CONDITION, reason);
    condition->alone = json_object_get(json, "to") == NULL;
    if (error == 0)
        error = read_texts(place, json, "name", &condition->name, reason);
    if (error == 0)
        error = read_value(place, json, "of", &condition->of, reason);
    if (error == 0 && !condition->alone)
        error = read_value(place, json, "to", &condition->to, reason);
    if (error == 0 && !condition->alone &&
        is_counter(&condition->of) != is_counter(&condition->to))
        return plan_refuse_at(place, "to", reason,
                              "counters. can only be divided by counters.");
    if (error == 0)
        error = plan_truth(place, json, "exact", false, &condition->exact, reason);
    if (error == 0)
        error = read_bounds(place, json, condition, reason);
    return error;
}

// {"all": [...]} or {"any": [...]}
static int read_rule(const struct plan_place *outer, const json_t *object,
                     const char *name, struct claim_rule *rule, struct reason *reason)
{
    const struct plan_place place = plan_place_at(outer, name, 0);
    const json_t *json = json_object_get(object, name);
    int error = plan_check_members(&place, json, "all any", reason);
    if (error != 0)
        return error;
    rule->any = json_object_get(json, "any") != NULL;
    const char *kind = rule->any ? "any" : "all";
    const json_t *list = json_object_get(json, kind);
    const struct plan_place inside = plan_place_at(&place, kind, 0);
    rule->count = json_array_size(list);
    if (json_object_size(json) != 1 || rule->count == 0 || rule->count > CLAIM_CONDITIONS)
        return plan_refuse(&place, reason,
                           "must be {\"all\": [...]} or {\"any\": [...]} with 1 to %d "
                           "conditions",
                           CLAIM_CONDITIONS);
    for (size_t i = 0; error == 0 && i < rule->count; i++) {
        const struct plan_place element = plan_place_at(&inside, NULL, i);
        error = read_condition(&element, json_array_get(list, i), &rule->list[i], reason);
    }
    return error;
}

// ---- the experiment ----------------------------------------------------------------

// By the same reader that `quartet run --plan` has.
static int read_plan(const struct plan_place *place, const json_t *json,
                     struct claim *claim, struct reason *reason)
{
    struct plan_file plan;
    char name[PLAN_PLACE_SIZE];
    claim->plan = json_object_get(json, "plan");
    if (claim->plan == NULL)
        return 0;
    char *text = json_dumps(claim->plan, JSON_ENCODE_ANY);
    snprintf(name, sizeof name, "%.100s: experiment.plan", place->file);
    int error = plan_file_parse(&plan, name, text, reason);
    free(text);
    if (error == 0)
        plan_file_free(&plan);
    return error;
}

static int read_lanes(const struct plan_place *place, const json_t *json,
                      struct claim *claim, struct reason *reason)
{
    const json_t *list = json_object_get(json, "lanes");
    claim->lane_count = json_array_size(list);
    if (list != NULL && (!json_is_array(list) || claim->lane_count > CLAIM_LANES))
        return plan_refuse_at(place, "lanes", reason,
                              "must be a list of at most %d names", CLAIM_LANES);
    for (size_t i = 0; i < claim->lane_count; i++) {
        claim->lanes[i] = json_string_value(json_array_get(list, i));
        if (claim->lanes[i] == NULL || strchr(claim->lanes[i], '/') != NULL)
            return plan_refuse_at(place, "lanes", reason,
                                  "must hold names such as \"asyncio\"");
    }
    return 0;
}

static int read_experiment(const struct plan_place *outer, struct claim *claim,
                           struct reason *reason)
{
    const struct plan_place place = plan_place_at(outer, "experiment", 0);
    const json_t *json = json_object_get(claim->document, "experiment");
    uint64_t cpus = 0;
    uint64_t repeat = 0;
    int error = plan_check_members(&place, json, EXPERIMENT, reason);
    if (error == 0)
        error = read_plan(&place, json, claim, reason);
    if (error == 0)
        error = plan_text(&place, json, "python", &claim->python, reason);
    if (error == 0)
        error = read_lanes(&place, json, claim, reason);
    if (error == 0)
        error = plan_truth(&place, json, "counters", false, &claim->counters, reason);
    if (error == 0)
        error = plan_number(&place, json, "cpus", MOST_CPUS, &cpus, reason);
    if (error == 0)
        error = plan_number(&place, json, "repeat", MOST_REPEATS, &repeat, reason);
    if (error == 0 && claim->plan == NULL && claim->python == NULL)
        return plan_refuse(&place, reason, "needs a plan, or a Python program");
    claim->cpus = cpus == 0 ? 1 : (unsigned)cpus;
    claim->repeat = repeat == 0 ? 1 : (unsigned)repeat;
    return error;
}

// ---- one claim ---------------------------------------------------------------------

// Experiment and rules, or why there are none.
static int read_test(const struct plan_place *place, struct claim *claim,
                     struct reason *reason)
{
    const json_t *document = claim->document;
    if (json_object_get(document, "missing") != NULL)
        return read_texts(place, document, "missing", &claim->missing, reason);
    static const char *const needed[] = {"experiment", "confirmed"};
    for (size_t i = 0; i < ARRAY_LEN(needed); i++)
        if (json_object_get(document, needed[i]) == NULL)
            return plan_refuse_at(place, needed[i], reason, "is missing");
    int error = read_experiment(place, claim, reason);
    if (error == 0)
        error = read_rule(place, document, "confirmed", &claim->confirmed, reason);
    if (error == 0 && json_object_get(document, "refuted") != NULL)
        error = read_rule(place, document, "refuted", &claim->refuted, reason);
    return error;
}

static int read_claim(struct claim *claim, const char *path, struct reason *reason)
{
    const struct plan_place place = {.file = path};
    const char *schema = NULL;
    uint64_t number = 0;
    int error = plan_check_members(&place, claim->document, MEMBERS, reason);
    if (error == 0)
        error = need_text(&place, claim->document, "schema", &schema, reason);
    if (error == 0 && strcmp(schema, CLAIM_SCHEMA) != 0)
        return plan_refuse_at(&place, "schema", reason, "must be \"" CLAIM_SCHEMA "\"");
    if (error == 0)
        error =
            plan_number(&place, claim->document, "number", MOST_NUMBER, &number, reason);
    if (error == 0 && number == 0)
        return plan_refuse_at(&place, "number", reason, "is missing");
    claim->number = (unsigned)number;
    if (error == 0)
        error =
            read_texts(&place, claim->document, "statement", &claim->statement, reason);
    if (error == 0)
        error = read_texts(&place, claim->document, "meaning", &claim->meaning, reason);
    if (error == 0)
        error = plan_text(&place, claim->document, "lesson", &claim->lesson, reason);
    return error == 0 ? read_test(&place, claim, reason) : error;
}

// "claims/05-faster.json" is the claim "05-faster".
static char *id_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    size_t length = strlen(name);
    if (length > 5 && strcmp(name + length - 5, ".json") == 0)
        length -= 5;
    char *id = allocate(length + 1, 1);
    snprintf(id, length + 1, "%s", name);
    return id;
}

int claim_parse(struct claim *claim, json_t *document, const char *path,
                struct reason *reason)
{
    *claim = (struct claim){.document = document, .id = id_of(path)};
    int error = read_claim(claim, path, reason);
    if (error != 0)
        claim_free(claim);
    return error;
}

int claim_load(struct claim *claim, const char *path, struct reason *reason)
{
    json_t *document = NULL;
    *claim = (struct claim){0};
    int error = json_file_load(path, &document, reason);
    return error == 0 ? claim_parse(claim, document, path, reason) : error;
}

void claim_free(struct claim *claim)
{
    json_decref(claim->document);
    free(claim->id);
    *claim = (struct claim){0};
}

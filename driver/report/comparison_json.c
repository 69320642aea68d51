// SPDX-License-Identifier: MIT
//
// comparison_json.c - a comparison as JSON and back: see comparison.h.
#include "driver/report/comparison.h"
#include "driver/report/members.h"
#include "driver/report/tree.h"
#include "lib/allocate.h"
#include "lib/check.h"

#include <math.h>

static const char *const source_list[] = {"user", "session", "calibration", "layout"};
static const struct member_names source_names = {ARRAY_LEN(source_list), THRESHOLD_USER,
                                                 source_list};
static const struct member_names comparison_metrics = {METRIC_UNKNOWN + 1, METRIC_UNKNOWN,
                                                       metric_names};
static const struct member_names comparison_verdicts = {VERDICT_COUNT,
                                                        VERDICT_INCONCLUSIVE,
                                                        verdict_names};

#define OF(field)           MEMBER(struct comparison, field, MEMBER_PLAIN)
#define AS(name, field)     MEMBER_AS(name, struct comparison, field, MEMBER_PLAIN)
#define NAMED(field, names) MEMBER_NAMED(struct comparison, field, MEMBER_PLAIN, &(names))
static const struct member comparison_list[] = {
    OF(table),
    OF(row),
    OF(model),
    NAMED(metric, comparison_metrics),
    OF(n),
    OF(n_base),
    OF(n_head),
    OF(base),
    OF(head),
    OF(ratio),
    AS("low", interval.low),
    AS("high", interval.high),
    AS("confidence", interval.confidence),
    OF(p),
    OF(p_holm),
    OF(floor),
    OF(calibrated_floor),
    OF(threshold),
    OF(detectable),
    NAMED(threshold_from, source_names),
    OF(decides),
    OF(warning),
    OF(futile),
    NAMED(verdict, comparison_verdicts),
};
MEMBERS_OF(comparison);

json_t *comparison_json(const struct comparison *own)
{
    json_t *json = members_json(&comparison_members, own);
    json_object_set_new(json, "reason", json_string(own->reason.text));
    if (own->looked_twice)
        json_object_set_new(json, "confirmation",
                            own->confirmation == NULL
                                ? json_null()
                                : comparison_json(own->confirmation));
    return json;
}

json_t *comparisons_json(const struct comparisons *all)
{
    json_t *array = json_array();
    for (size_t i = 0; i < all->count; i++)
        json_array_append_new(array, comparison_json(&all->list[i]));
    return array;
}

// ---- reading -----------------------------------------------------------------------

static struct comparison read(const json_t *json)
{
    struct comparison own = {.table = NULL};
    members_read(json, &comparison_members, &own);
    if (own.table == NULL)
        own.table = "?";
    if (own.row == NULL)
        own.row = "?";
    if (isnan(own.head))
        own.head = tree_number(json, "new"); // its name once
    own.wanted = (double)NAN;
    own.decides = !json_is_false(tree_at(json, "decides"));
    reason_set(&own.reason, 0, "%s", tree_text(json, "reason", ""));
    return own;
}

static void read_confirmation(struct comparison *own, const json_t *json)
{
    own->looked_twice = json != NULL;
    if (!json_is_object(json))
        return;
    own->confirmation = allocate(1, sizeof *own->confirmation);
    *own->confirmation = read(json);
}

void comparisons_read(struct comparisons *all, const json_t *array)
{
    *all = (struct comparisons){0};
    size_t index;
    json_t *entry;
    json_array_foreach(array, index, entry)
    {
        struct comparison comparison = read(entry);
        read_confirmation(&comparison, json_object_get(entry, "confirmation"));
        comparisons_add(all, &comparison);
    }
}

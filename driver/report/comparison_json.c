// SPDX-License-Identifier: MIT
//
// comparison_json.c - a comparison as JSON and back: see comparison.h.
#include "driver/report/comparison.h"
#include "driver/report/json.h"
#include "lib/check.h"

#include <errno.h>
#include <math.h>
#include <string.h>

static const char *const source_names[] = {"user", "session", "calibration"};

json_t *comparison_json(const struct comparison *own)
{
    json_t *json = json_pack(
        "{s:s, s:s, s:s?, s:s, s:I, s:I, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, "
        "s:o, s:o, s:o, s:o, s:s, s:b, s:b, s:s, s:s}",
        "table", own->table, "row", own->row, "model", own->model, "metric",
        metric_name(own->metric), "n", (json_int_t)own->n, "n_base",
        (json_int_t)own->n_base, "n_head", (json_int_t)own->n_head, "base",
        tree_real(own->base), "head", tree_real(own->head), "ratio",
        tree_real(own->ratio), "low", tree_real(own->interval.low), "high",
        tree_real(own->interval.high), "confidence", tree_real(own->interval.confidence),
        "p", tree_real(own->p), "p_holm", tree_real(own->p_holm), "floor",
        tree_real(own->floor), "calibrated_floor", tree_real(own->calibrated_floor),
        "threshold", tree_real(own->threshold), "detectable", tree_real(own->detectable),
        "threshold_from", source_names[own->threshold_from], "decides", own->decides,
        "warning", own->warning, "verdict", verdict_name(own->verdict), "reason",
        own->reason.text);
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

static size_t count_at(const json_t *json, const char *key)
{
    double number = tree_number(json, key);
    return number >= 0 && number < 1e15 ? (size_t)number : 0;
}

static enum threshold_source find_source(const char *name)
{
    enum threshold_source source = THRESHOLD_CALIBRATION;
    while (source > THRESHOLD_USER && strcmp(source_names[source], name) != 0)
        source--;
    return source;
}

static struct comparison read(const json_t *json)
{
    struct comparison own =
        comparison_make(tree_text(json, "table", "?"), tree_text(json, "row", "?"),
                        tree_text(json, "model", NULL),
                        metric_find(tree_text(json, "metric", "?")));
    own.n = count_at(json, "n");
    own.n_base = count_at(json, "n_base");
    own.n_head = count_at(json, "n_head");
    own.base = tree_number(json, "base");
    own.head = tree_number(json, "head");
    if (isnan(own.head))
        own.head = tree_number(json, "new"); // its name once
    own.ratio = tree_number(json, "ratio");
    own.interval = (struct interval){tree_number(json, "low"), tree_number(json, "high"),
                                     tree_number(json, "confidence")};
    own.p = tree_number(json, "p");
    own.p_holm = tree_number(json, "p_holm");
    own.floor = tree_number(json, "floor");
    own.calibrated_floor = tree_number(json, "calibrated_floor");
    own.threshold = tree_number(json, "threshold");
    own.detectable = tree_number(json, "detectable");
    own.threshold_from = find_source(tree_text(json, "threshold_from", "user"));
    own.decides = !json_is_false(tree_at(json, "decides"));
    own.warning = tree_true(json, "warning");
    own.verdict = verdict_find(tree_text(json, "verdict", ""));
    reason_set(&own.reason, 0, "%s", tree_text(json, "reason", ""));
    return own;
}

int comparisons_read(struct comparisons *all, const json_t *array)
{
    *all = (struct comparisons){0};
    size_t index;
    json_t *entry;
    json_array_foreach(array, index, entry)
    {
        const struct comparison comparison = read(entry);
        if (comparisons_add(all, &comparison) != 0)
            return -ENOMEM;
    }
    return 0;
}

// SPDX-License-Identifier: MIT
//
// comparison.c - see comparison.h. Its JSON is in comparison_json.c.
#include "driver/report/comparison.h"

#include "driver/statistics/significance.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define UNKNOWN ((double)NAN)

struct comparison comparison_make(const char *table, const char *row, const char *model,
                                  enum metric metric)
{
    return (struct comparison){.table = table,
                               .row = row,
                               .model = model,
                               .metric = metric,
                               .base = UNKNOWN,
                               .head = UNKNOWN,
                               .ratio = UNKNOWN,
                               .interval = {UNKNOWN, UNKNOWN, UNKNOWN},
                               .p = UNKNOWN,
                               .p_holm = UNKNOWN,
                               .floor = UNKNOWN,
                               .calibrated_floor = UNKNOWN,
                               .wanted = UNKNOWN,
                               .threshold = UNKNOWN,
                               .detectable = UNKNOWN,
                               .decides = true,
                               .verdict = VERDICT_INCONCLUSIVE};
}

// ---- arrays ------------------------------------------------------------------------

int comparisons_add(struct comparisons *all, const struct comparison *comparison)
{
    if (all->count == all->room) {
        size_t room = 2 * all->room + 16;
        struct comparison *list = realloc(all->list, room * sizeof *list);
        if (list == NULL)
            return -ENOMEM;
        all->list = list;
        all->room = room;
    }
    all->list[all->count++] = *comparison;
    return 0;
}

void comparisons_free(struct comparisons *all)
{
    free(all->list);
    *all = (struct comparisons){0};
}

const struct comparison *comparisons_find(const struct comparisons *all,
                                          const struct comparison *wanted)
{
    for (size_t i = 0; i < all->count; i++) {
        const struct comparison *own = &all->list[i];
        if (own->metric == wanted->metric && strcmp(own->table, wanted->table) == 0 &&
            strcmp(own->row, wanted->row) == 0)
            return own;
    }
    return NULL;
}

bool comparisons_any(const struct comparisons *all, const char *table,
                     bool (*test)(const struct comparison *comparison))
{
    for (size_t i = 0; i < all->count; i++)
        if ((table == NULL || strcmp(all->list[i].table, table) == 0) &&
            test(&all->list[i]))
            return true;
    return false;
}

bool comparison_decides(const struct comparison *comparison)
{
    return comparison->decides;
}

bool comparison_is_regression(const struct comparison *comparison)
{
    return comparison->verdict == VERDICT_REGRESSION && comparison->decides;
}

bool comparison_is_inconclusive(const struct comparison *comparison)
{
    return comparison->verdict == VERDICT_INCONCLUSIVE;
}

// ---- verdicts ----------------------------------------------------------------------

void comparison_set_threshold(struct comparison *comparison)
{
    double wanted = comparison->wanted;
    double of_session = verdict_threshold(wanted, comparison->floor);
    double highest = fmax(comparison->floor, comparison->calibrated_floor);
    comparison->threshold = verdict_threshold(wanted, highest);
    comparison->threshold_from = THRESHOLD_USER;
    if (comparison->threshold > of_session)
        comparison->threshold_from = THRESHOLD_CALIBRATION;
    else if (comparison->threshold > wanted)
        comparison->threshold_from = THRESHOLD_SESSION;
    double border = verdict_border(comparison->threshold);
    comparison->detectable = statistics_detectable(&comparison->interval, border) - 1;
}

static void judge(struct comparison *comparison)
{
    const struct evidence evidence = {.n = comparison->n,
                                      .interval = comparison->interval,
                                      .p = comparison->p_holm,
                                      .wanted = comparison->wanted,
                                      .threshold = comparison->threshold,
                                      .noisy = comparison->noisy};
    comparison->verdict = verdict_of(&evidence, &comparison->reason);
}

int comparison_judge_all(struct comparisons *all)
{
    double *p = malloc((all->count + 1) * sizeof *p);
    if (p == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < all->count; i++)
        p[i] = all->list[i].p;
    int error = significance_holm(p, all->count);
    for (size_t i = 0; error == 0 && i < all->count; i++) {
        if (metric_is_counter(all->list[i].metric))
            continue;
        all->list[i].p_holm = p[i];
        judge(&all->list[i]);
    }
    free(p);
    return error;
}

void comparison_confirm_all(struct comparisons *all, const struct comparisons *second)
{
    for (size_t i = 0; i < all->count; i++) {
        struct comparison *first = &all->list[i];
        if (!comparison_is_regression(first))
            continue;
        first->looked_twice = true;
        first->confirmation = second == NULL ? NULL : comparisons_find(second, first);
        enum verdict again = first->confirmation == NULL ? VERDICT_INCONCLUSIVE
                                                         : first->confirmation->verdict;
        if (again == VERDICT_REGRESSION)
            continue;
        first->verdict = VERDICT_INCONCLUSIVE;
        reason_set(&first->reason, 0, "not confirmed: a second count says %s",
                   verdict_name(again));
    }
}

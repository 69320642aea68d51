// SPDX-License-Identifier: MIT
//
// comparison.c - see comparison.h. Its JSON is in comparison_json.c.
#include "driver/report/comparison.h"

#include "driver/statistics/significance.h"
#include "lib/allocate.h"

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

void comparisons_add(struct comparisons *all, const struct comparison *comparison)
{
    all->list = allocate_more(all->list, all->count, &all->room, sizeof *all->list);
    all->list[all->count++] = *comparison;
}

void comparisons_move(struct comparisons *all, struct comparisons *others)
{
    for (size_t i = 0; i < others->count; i++)
        comparisons_add(all, &others->list[i]);
    free(others->list);
    *others = (struct comparisons){0};
}

void comparisons_free(struct comparisons *all)
{
    for (size_t i = 0; i < all->count; i++)
        free(all->list[i].confirmation);
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

bool comparison_is_open(const struct comparison *comparison)
{
    return comparison->verdict == VERDICT_INCONCLUSIVE && comparison->decides;
}

bool comparison_is_suspect(const struct comparison *comparison)
{
    return comparison->verdict == VERDICT_SUSPECT;
}

// ---- verdicts ----------------------------------------------------------------------

void comparison_explain(struct comparison *comparison)
{
    reason_set(&comparison->reason, 0, "only explains, and does not decide");
}

void comparison_set_threshold(struct comparison *comparison)
{
    double wanted = comparison->wanted;
    double least = comparison->least;
    double of_session = verdict_threshold(wanted, comparison->floor);
    double highest = fmax(comparison->floor, comparison->calibrated_floor);
    comparison->threshold = fmax(verdict_threshold(wanted, highest), least);
    comparison->threshold_from = THRESHOLD_USER;
    if (comparison->threshold > fmax(least, of_session))
        comparison->threshold_from = THRESHOLD_CALIBRATION;
    else if (comparison->threshold > fmax(least, wanted))
        comparison->threshold_from = THRESHOLD_SESSION;
    else if (comparison->threshold > wanted)
        comparison->threshold_from = THRESHOLD_LAYOUT;
    double border = verdict_border(comparison->threshold);
    comparison->detectable = statistics_detectable(&comparison->interval, border) - 1;
}

static void judge(struct comparison *comparison, size_t most)
{
    const struct evidence evidence = {.n = comparison->n,
                                      .interval = comparison->interval,
                                      .p = comparison->p_holm,
                                      .wanted = comparison->wanted,
                                      .threshold = comparison->threshold,
                                      .noisy = comparison->noisy};
    comparison->verdict = verdict_of(&evidence, &comparison->reason);
    comparison->futile = verdict_is_futile(&evidence, most);
}

// Corrects those that decide, or those that do not.
static int correct(struct comparisons *all, bool decides)
{
    double *p = allocate(all->count + 1, sizeof *p);
    size_t n = 0;
    for (size_t i = 0; i < all->count; i++)
        if (all->list[i].decides == decides)
            p[n++] = all->list[i].p;
    int error = significance_holm(p, n);
    n = 0;
    for (size_t i = 0; error == 0 && i < all->count; i++)
        if (all->list[i].decides == decides)
            all->list[i].p_holm = p[n++];
    free(p);
    return error;
}

int comparison_judge_all(struct comparisons *all, size_t most)
{
    int error = correct(all, true);
    if (error == 0)
        error = correct(all, false);
    for (size_t i = 0; error == 0 && i < all->count; i++)
        judge(&all->list[i], most);
    return error;
}

static struct comparison *copy(const struct comparison *comparison)
{
    struct comparison *own = allocate(1, sizeof *own);
    *own = *comparison;
    return own;
}

void comparison_confirm_all(struct comparisons *all, const struct comparisons *second)
{
    for (size_t i = 0; i < all->count; i++) {
        struct comparison *first = &all->list[i];
        if (!comparison_is_regression(first))
            continue;
        const struct comparison *again = comparisons_find(second, first);
        first->looked_twice = true;
        first->confirmation = again == NULL ? NULL : copy(again);
        if (again != NULL && again->verdict == VERDICT_REGRESSION)
            continue;
        first->verdict = VERDICT_INCONCLUSIVE;
        reason_set(&first->reason, 0, "not confirmed: a second count says %s",
                   again == NULL ? "nothing" : verdict_name(again->verdict));
    }
}

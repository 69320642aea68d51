// SPDX-License-Identifier: MIT
//
// time_verdict.c - see time_verdict.h.
#include "driver/gate/time_verdict.h"

#include "driver/plan/profile.h"
#include "driver/statistics/looks.h"
#include "driver/statistics/verdict.h"
#include "lib/plain.h"

#include <math.h>
#include <string.h>

// The ratio of two rows, the later one by the first of the table.
struct relation {
    bool known;
    double ratio;
    double low;
    double high;
    bool apart; // also after correction for all pairs and looks
};

static struct relation turned(struct relation given)
{
    return (struct relation){.known = given.known,
                             .ratio = 1 / given.ratio,
                             .low = 1 / given.high,
                             .high = 1 / given.low,
                             .apart = given.apart};
}

// Are they told apart as they are in the table, if one looks at it so many times whether all
// is decided?
static bool is_apart(const struct pair *pair)
{
    return pair_is_equal(pair) == TRUTH_NO && pair->p_order * LOOKS_MAXIMUM < VERDICT_P;
}

static struct relation relate(const struct report_table *table, size_t row)
{
    for (size_t i = 0; i < table->pair_count; i++) {
        const struct pair *pair = &table->pairs[i];
        bool straight = pair->a == row && pair->b == 0;
        if (!straight && !(pair->a == 0 && pair->b == row))
            continue;
        struct relation found = {.known = !isnan(pair->ratio.interval.low),
                                 .ratio = pair->ratio.estimate,
                                 .low = pair->ratio.interval.low,
                                 .high = pair->ratio.interval.high,
                                 .apart = pair->ratio.n >= PROFILE_DECISIVE_ROUNDS &&
                                          is_apart(pair)};
        return straight ? found : turned(found);
    }
    return (struct relation){.known = false};
}

static bool told_apart(const struct relation *relation)
{
    return relation->known && relation->apart &&
           (relation->low > 1 || relation->high < 1);
}

static bool same(const struct relation *relation, double threshold)
{
    return relation->known && relation->low > 1 / (1 + threshold) &&
           relation->high < 1 + threshold;
}

// Prints "SLOWER" and the like. False: neither apart nor the same.
static bool print_answer(FILE *file, const struct report_table *table,
                         const struct relation *relation, double threshold)
{
    bool apart = told_apart(relation);
    bool within = same(relation, threshold);
    if (table->noise.noisy || !(apart || within))
        fprintf(file, "INCONCLUSIVE");
    else if (apart && !within)
        fprintf(file, "%s", relation->ratio > 1 ? "SLOWER" : "FASTER");
    else
        fprintf(file, "SAME within %g %%", 100 * threshold);
    return !table->noise.noisy && (apart || within);
}

static bool print_row(FILE *file, const struct report_table *table, size_t row,
                      double threshold)
{
    char own[80];
    char first[80];
    plain_copy(own, sizeof own, table->cells[row].label);
    plain_copy(first, sizeof first, table->cells[0].label);
    fprintf(file, "%s: ", own);
    if (!table->cells[row].ranked || !table->cells[0].ranked) {
        bool own_fault = !table->cells[row].ranked;
        char why[400];
        plain_copy(why, sizeof why, table->cells[own_fault ? row : 0].unranked_reason);
        fprintf(file, "NOT COMPARED, %s%s%s\n", own_fault ? "" : first,
                own_fault ? "" : ": ", why);
        return false;
    }
    struct relation relation = relate(table, row);
    bool decided = print_answer(file, table, &relation, threshold);
    if (relation.known)
        fprintf(file, ", %.3f (%.3f-%.3f) times as long as %s", relation.ratio,
                relation.low, relation.high, first);
    if (!decided)
        fprintf(file, table->noise.noisy ? "; the machine was too noisy: repeat it"
                                         : "; give more --rounds");
    fputc('\n', file);
    return decided;
}

bool time_verdict_print(FILE *file, const struct report_table *table, double threshold)
{
    bool decided = true;
    fputc('\n', file);
    for (size_t i = 1; i < table->cell_count; i++)
        decided = print_row(file, table, i, threshold) && decided;
    return decided;
}

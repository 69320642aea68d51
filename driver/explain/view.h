// SPDX-License-Identifier: MIT
//
// view.h - what the forms of an explanation share: sentences, and which parts stand in a
// line of their own.
#ifndef QUARTET_DRIVER_EXPLAIN_VIEW_H
#define QUARTET_DRIVER_EXPLAIN_VIEW_H

#include "driver/explain/explain.h"

#include <stddef.h>

#define EXPLAIN_ASSUMED                                                                  \
    "* No loop measures this call: it has the price of an empty one, the least it can "  \
    "cost."

// Parts that are too small for a line of their own.
struct small_parts {
    size_t count;
    double ns;
};
bool explain_is_small(const struct explanation *explanation, const struct part *part);
void explain_sum_small(const struct explanation *explanation, struct small_parts *small);

// Has a part with its own line a price that is only the least?
bool explain_any_assumed(const struct explanation *explanation);

// In per cent of the difference.
double explain_share(const struct explanation *explanation, double ns);

// "-12,345"; "futex()"; what was measured; what is left.
void explain_digits(char *text, size_t size, double ns);
void explain_name(const struct part *part, char *text, size_t size);
void explain_sentence(const struct explanation *explanation, char *text, size_t size);
void explain_rest(const struct explanation *explanation, char *text, size_t size);

// CPU ns per operation: the median of the rounds.
double explain_cpu_of(const struct explained_row *row);

#endif

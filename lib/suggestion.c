// SPDX-License-Identifier: MIT
//
// suggestion.c - the distance of two words by dynamic programming over their beginnings:
// three rows of the table are enough, since a swap looks two rows back.
#include "lib/suggestion.h"

#include <stdio.h>
#include <string.h>

static size_t smallest(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;
    return least < c ? least : c;
}

// The distance of a[0..m) and b[0..n), both of at most SUGGESTION_LETTERS letters.
static size_t distance(const char *a, size_t m, const char *b, size_t n)
{
    size_t rows[3][SUGGESTION_LETTERS + 1] = {{0}};
    size_t *before = rows[0], *last = rows[1], *row = rows[2];
    for (size_t j = 0; j <= n; j++)
        last[j] = j;
    for (size_t i = 1; i <= m; i++) {
        row[0] = i;
        for (size_t j = 1; j <= n; j++) {
            row[j] = smallest(last[j] + 1, row[j - 1] + 1,
                              last[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                before[j - 2] + 1 < row[j])
                row[j] = before[j - 2] + 1;
        }
        size_t *oldest = before;
        before = last;
        last = row;
        row = oldest;
    }
    return last[n];
}

void suggestion_consider(struct suggestion *suggestion, const char *candidate)
{
    size_t length = suggestion->length;
    if (length == 0)
        length = strlen(suggestion->word);
    size_t other = strlen(candidate);
    if (length < 2 || length > SUGGESTION_LETTERS || other > SUGGESTION_LETTERS)
        return;
    size_t found = distance(suggestion->word, length, candidate, other);
    if (strncmp(suggestion->word, candidate, length) == 0)
        found = found < 2 ? found : 2; // the beginning of a longer word
    if (found > 2 || 2 * found >= length + 1)
        return;
    if (suggestion->best == NULL || found < suggestion->distance) {
        suggestion->best = candidate;
        suggestion->distance = found;
    }
}

void suggestion_text(const struct suggestion *suggestion, const char *prefix, char *text,
                     size_t size)
{
    text[0] = '\0';
    if (suggestion->best != NULL)
        snprintf(text, size, "; did you mean %s%s?", prefix, suggestion->best);
}

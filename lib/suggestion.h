// SPDX-License-Identifier: MIT
//
// suggestion.h - "did you mean --workloads?": the known word that is nearest to one that
// is not known. Nearness is the number of letters to insert, drop, change or swap with a
// neighbour (optimal string alignment; F. J. Damerau 1964, V. I. Levenshtein 1966).
//
//     struct suggestion suggestion = {.word = typed};
//     for (...)
//         suggestion_consider(&suggestion, known[i]);
//     if (suggestion.best != NULL) ...
#ifndef QUARTET_LIB_SUGGESTION_H
#define QUARTET_LIB_SUGGESTION_H

#include <stddef.h>

#define SUGGESTION_LETTERS 31 // longer words are like no other

struct suggestion {
    const char *word; // what was typed; borrowed
    size_t length;    // of it, in bytes; 0: all of it, up to its end
    const char *best; // the nearest candidate so far, borrowed; NULL: none is near
    size_t distance;  // of `best`
};

// Keeps `candidate` if it is nearer than all before, and near enough to be meant: two
// letters off at most, and less than half of the word; or if the word is its beginning.
void suggestion_consider(struct suggestion *suggestion, const char *candidate);

// Writes "; did you mean PREFIXbest?", or "" where nothing is near.
void suggestion_text(const struct suggestion *suggestion, const char *prefix, char *text,
                     size_t size);

#endif

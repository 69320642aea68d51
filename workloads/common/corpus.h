// SPDX-License-Identifier: MIT
//
// corpus.h - made-up text in which words are about as unevenly frequent as in a language
// (Zipf's law: the n-th most frequent word has a share that falls like 1/n). Position and
// seed alone say which word it is, so whoever wants the right answer can count without ever
// reading the text.
#ifndef QUARTET_WORKLOADS_COMMON_CORPUS_H
#define QUARTET_WORKLOADS_COMMON_CORPUS_H

#include <stddef.h>
#include <stdint.h>

#define CORPUS_VOCABULARY_MAX (UINT32_C(1) << 24)
#define CORPUS_WORD_MAX       7 // letters, at most

// The rank of the word at `position`: 0 (the most frequent) to vocabulary - 1. Octaves of
// ranks (0; 1, 2; 3 to 6; 7 to 14; ...) are equally likely, and so are the ranks in one.
// `vocabulary` is 1 to CORPUS_VOCABULARY_MAX.
uint32_t corpus_rank(uint64_t seed, uint64_t position, uint32_t vocabulary);

// Writes the letters of a word, without an end, and returns how many. Different ranks have
// different letters.
size_t corpus_spell(uint32_t rank, char letters[CORPUS_WORD_MAX]);

// Fills text[0 ... size-1] with the words at `first` and after, a blank behind each; blanks
// where the next word would not fit.
void corpus_fill(char *text, size_t size, uint64_t seed, uint64_t first,
                 uint32_t vocabulary);

#endif

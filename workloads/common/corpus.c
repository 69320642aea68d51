// SPDX-License-Identifier: MIT
//
// corpus.c - see corpus.h.
#include "workloads/common/corpus.h"

#include "lib/check.h"
#include "lib/mix.h"

#include <string.h>

uint32_t corpus_rank(uint64_t seed, uint64_t position, uint32_t vocabulary)
{
    CHECK(vocabulary > 0);
    uint64_t random = mix(mix(seed) + position);
    uint32_t octaves = 32 - (uint32_t)__builtin_clz(vocabulary);
    // Two independent halves: which octave, and where in it. A product's upper half is a
    // uniform choice without a division.
    uint32_t octave = (uint32_t)((random >> 32) * octaves >> 32);
    uint32_t offset = (uint32_t)((random & UINT32_MAX) >> (32 - octave));
    uint32_t rank = (UINT32_C(1) << octave) - 1 + (octave == 0 ? 0 : offset);
    return rank < vocabulary ? rank : rank % vocabulary;
}

size_t corpus_spell(uint32_t rank, char letters[CORPUS_WORD_MAX])
{
    size_t length = 0;
    do {
        letters[length++] = (char)('a' + rank % 26);
        rank /= 26;
    } while (rank > 0);
    return length;
}

void corpus_fill(char *text, size_t size, uint64_t seed, uint64_t first,
                 uint32_t vocabulary)
{
    char letters[CORPUS_WORD_MAX];
    size_t used = 0;
    for (uint64_t position = first;; position++) {
        size_t length = corpus_spell(corpus_rank(seed, position, vocabulary), letters);
        if (used + length + 1 > size)
            break;
        memcpy(text + used, letters, length);
        text[used + length] = ' ';
        used += length + 1;
    }
    memset(text + used, ' ', size - used);
}

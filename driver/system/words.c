// SPDX-License-Identifier: MIT
//
// words.c - see words.h.
#include "driver/system/words.h"

#include "lib/check.h"

void words_add(struct words *words, const char *word)
{
    CHECK(words->count < WORDS_MAX);
    words->list[words->count++] = word;
    words->list[words->count] = NULL;
}

void words_add_pair(struct words *words, const char *option, const char *value)
{
    if (value == NULL)
        return;
    words_add(words, option);
    words_add(words, value);
}

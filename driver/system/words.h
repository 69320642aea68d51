// SPDX-License-Identifier: MIT
//
// words.h - the words of a command, one after another, as exec() wants them. The words are
// borrowed; the list ends with NULL.
#ifndef QUARTET_DRIVER_SYSTEM_WORDS_H
#define QUARTET_DRIVER_SYSTEM_WORDS_H

#include <stddef.h>

#define WORDS_MAX 240

struct words {
    size_t count;
    const char *list[WORDS_MAX + 1];
};

// Adds a word. More than fit are a mistake of the caller, who knows how many there can be.
void words_add(struct words *words, const char *word);

// Adds an option and its value, unless that is NULL.
void words_add_pair(struct words *words, const char *option, const char *value);

#endif

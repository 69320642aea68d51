// SPDX-License-Identifier: MIT
//
// command_words.h - a command line cut into words as a shell cuts it: blanks between words,
// 'single' and "double" quotes, a backslash before a character. Nothing else of a shell: no
// variables, wildcards, pipes or redirections, which would need its start to be timed.
#ifndef QUARTET_TOOLS_COMMAND_WORDS_H
#define QUARTET_TOOLS_COMMAND_WORDS_H

#include "lib/error.h"

// Makes *words, ended by NULL; free() it, which frees the texts as well. 0; -EINVAL: there is
// no word, or a quote has no end, or a character outside of quotes asks for a shell.
int command_words(const char *text, char ***words, struct reason *reason);

#endif

// SPDX-License-Identifier: MIT
//
// command_words.c - see command_words.h.
#include "tools/command_words.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define BLANKS   " \t\n"
#define OF_SHELL "|&;<>()$`*?[" // where they stand outside of quotes

// `quote`: within which, or '\0'.
static bool asks_for_shell(char letter, char quote)
{
    return quote != '\'' && strchr(quote == '"' ? "$`" : OF_SHELL, letter) != NULL;
}

// One word from *text to *out, both moved on. 0, or the quote that has no end, or the
// character that asks for a shell.
static char take_word(const char **text, char **out)
{
    char quote = '\0';
    for (; **text != '\0' && (quote != '\0' || strchr(BLANKS, **text) == NULL); ++*text) {
        char letter = **text;
        if (quote == '\0' && (letter == '\'' || letter == '"')) {
            quote = letter;
        } else if (letter == quote) {
            quote = '\0';
        } else {
            if (letter == '\\' && quote != '\'' && (*text)[1] != '\0')
                letter = *++*text;
            else if (asks_for_shell(letter, quote))
                return letter;
            *(*out)++ = letter;
        }
    }
    *(*out)++ = '\0';
    return quote;
}

static int refuse(const char *text, char letter, struct reason *reason)
{
    if (letter == '\'' || letter == '"')
        return reason_set(reason, -EINVAL, "'%.200s': a quote %c has no end", text,
                          letter);
    return reason_set(
        reason, -EINVAL,
        "'%.200s': '%c' asks for a shell; give --shell, or put it in quotes", text,
        letter);
}

int command_words(const char *text, char ***words, struct reason *reason)
{
    // Every word takes a letter and an end; words and texts lie in one piece.
    size_t most = strlen(text) / 2 + 2;
    char **list = malloc(most * sizeof *list + strlen(text) + most);
    if (list == NULL)
        return reason_set(reason, -ENOMEM, "no memory for a command line");
    char *out = (char *)(list + most);
    size_t count = 0;
    const char *rest = text + strspn(text, BLANKS);
    while (*rest != '\0') {
        list[count++] = out;
        char letter = take_word(&rest, &out);
        if (letter != '\0') {
            free(list);
            return refuse(text, letter, reason);
        }
        rest += strspn(rest, BLANKS);
    }
    list[count] = NULL;
    *words = list;
    if (count > 0 && list[0][0] != '\0')
        return 0;
    free(list);
    *words = NULL;
    return reason_set(reason, -EINVAL, "the command is empty");
}

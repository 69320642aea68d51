// SPDX-License-Identifier: MIT
//
// tools/command_words.h: the words of a command line as a shell would take them, over a table;
// what asks for a shell is refused, and nothing stays allocated.
#define _GNU_SOURCE // RTLD_NEXT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/counted_memory.h"
#include "tools/command_words.h"

#include <string.h>

enum { WORDS = 5 };

static const struct words_case {
    const char *text;
    const char *words[WORDS]; // none: it is refused,
    const char *why;          // with this in the reason
} cases[] = {
    {"ls", {"ls"}, NULL},
    {"  ls\t-l \n a  ", {"ls", "-l", "a"}, NULL},
    {"a 'b  c' d", {"a", "b  c", "d"}, NULL},
    {"a \"b  c\"d", {"a", "b  cd"}, NULL},
    {"a \"it's\" 'a \"b\"'", {"a", "it's", "a \"b\""}, NULL},
    {"a b\\ c \\'", {"a", "b c", "'"}, NULL},
    {"a ''", {"a", ""}, NULL},
    {"a '$HOME|*'", {"a", "$HOME|*"}, NULL},
    {"a b c d", {"a", "b", "c", "d"}, NULL},
    {"", {NULL}, "the command is empty"},
    {" \t\n", {NULL}, "the command is empty"},
    {"''", {NULL}, "the command is empty"},
    {"'' a", {NULL}, "the command is empty"},
    {"a 'b", {NULL}, "'"},
    {"a \"b", {NULL}, "\""},
    {"a $HOME", {NULL}, "'$' asks for a shell"},
    {"a \"$HOME\"", {NULL}, "'$' asks for a shell"},
    {"a | b", {NULL}, "'|' asks for a shell"},
    {"a > b", {NULL}, "'>' asks for a shell"},
};

static void take(const struct words_case *one)
{
    struct reason reason = {""};
    char **words = NULL;
    long before = kept;
    int error = command_words(one->text, &words, &reason);
    if (one->why != NULL) {
        if (error == 0 || strstr(reason.text, one->why) == NULL)
            fail_msg("'%s': %d, %s", one->text, error, reason.text);
    } else {
        assert_int_equal(error, 0);
        for (size_t i = 0; i < WORDS; i++) {
            if (one->words[i] == NULL)
                assert_null(words[i]);
            else
                assert_string_equal(words[i], one->words[i]);
            if (one->words[i] == NULL)
                break;
        }
        free(words);
    }
    if (kept != before)
        fail_msg("'%s': %ld pieces of memory are kept", one->text, kept - before);
}

static void words_are_those_of_a_shell(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        take(&cases[i]);
}

static void without_memory_it_says_so(void **state)
{
    (void)state;
    struct reason reason = {""};
    char **words = NULL;
    requests = 0;
    refused = 1;
    int error = command_words("a b", &words, &reason);
    refused = 0;
    assert_int_equal(error, -ENOMEM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_those_of_a_shell),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

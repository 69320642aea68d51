// SPDX-License-Identifier: MIT
//
// test_manual.c - one text as help and as a man page: sections, and what roff would take
// for a request.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/manual.h"

#include <stdlib.h>
#include <string.h>

static const struct option_spec specs[] = {
    {.name = "first", .kind = OPTION_FLAG, .help = "a flag"},
    {.name = "delay",
     .kind = OPTION_DURATION,
     .fallback = "1s",
     .maximum = UINT64_C(60000000000),
     .help = "how long"},
    {.name = "again", .kind = OPTION_FLAG, .help = "another"},
    {.name = NULL},
};

static const struct manual manual = {
    .name = "tool one",
    .summary = "do one thing",
    .usage = "tool one FILE\ntool one --all",
    .text = "Two lines that\nbelong together.\n\n.hidden 'is' a\\b\n  kept   as it is\n",
    .sections = (const struct manual_section[]){{"delay", "How long"},
                                                {"again", "How long"},
                                                {NULL, NULL}},
    .exits = (const struct manual_exit[]){{0, "fine"}, {77, "cannot"}, {0, NULL}},
    .examples =
        (const struct manual_example[]){{"tool one -", "from stdin"}, {NULL, NULL}},
};

static const struct option_group groups[] = {{"Options", specs, NULL},
                                             {NULL, NULL, NULL}};

static void test_help(void **state)
{
    char *text = NULL;
    size_t size = 0;
    (void)state;
    FILE *file = open_memstream(&text, &size);
    manual_print(file, &manual, groups);
    fclose(file);
    assert_string_equal(
        text, "tool one - do one thing\n\n"
              "usage: tool one FILE\n       tool one --all\n\n"
              "Two lines that\nbelong together.\n\n.hidden 'is' a\\b\n"
              "  kept   as it is\n"
              "\nOptions:\n  --first              a flag\n"
              "\nHow long:\n  --delay TIME         how long (0 to 1 min; default 1 s)\n"
              "  --again              another\n"
              "\nExit codes:\n  0    fine\n  77   cannot\n"
              "\nExamples:\n  tool one -\n      from stdin\n");
    free(text);
}

static void test_page(void **state)
{
    static const char *const parts[] = {
        ".TH \"TOOL-ONE\" 1 \"\" \"quartet 1.2\"",
        ".SH NAME\ntool\\-one \\- do one thing\n",
        "\ntool one \\-\\-all\n",
        "\n.PP\n\\&.hidden 'is' a\\eb\n.nf\n",
        "\n  kept   as it is\n.fi\n",
        ".SS \"Options\"\n.TP\n.B \\-\\-first\n",
        ".SS \"How long\"\n.TP\n.B \\-\\-delay TIME\n",
        ".TP\n.B 77\ncannot\n",
        ".TP\n.B tool one \\-\nfrom stdin\n",
    };
    char *text = NULL;
    size_t size = 0;
    (void)state;
    FILE *file = open_memstream(&text, &size);
    manual_print_page(file, &manual, groups, "1.2");
    fclose(file);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (strstr(text, parts[i]) == NULL)
            fail_msg("the page lacks '%s':\n%s", parts[i], text);
    free(text);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_help),
        cmocka_unit_test(test_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: MIT
//
// test_telling.c - driver/system/telling.c: of what programs really print when they fail, the
// line that says why is found.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "driver/system/telling.h"
#include "lib/check.h"

#include <string.h>

static const struct {
    const char *text;
    const char *line;
} cases[] = {
    {"", "it said nothing"},
    {"\n  \n", "it said nothing"},
    {"it is broken\nmake: *** [Makefile:2: all] Error 1\n", "it is broken"},
    {"make: *** No rule to make target 'all'.  Stop.\n",
     "make: *** No rule to make target 'all'.  Stop."},
    // hyperfine 1.12, which has no -N
    {"error: Found argument '-N' which wasn't expected\n\nUSAGE:\n    hyperfine "
     "[OPTIONS]\n\nFor more information try --help\n",
     "error: Found argument '-N' which wasn't expected"},
    // git, where the program of a filter is missing
    {"git-lfs filter-process: 1: git-lfs: not found\nfatal: the remote end hung up "
     "unexpectedly\n",
     "git-lfs filter-process: 1: git-lfs: not found"},
    {"hint: you may want to\nfatal: detected dubious ownership in repository at '/x'\nTo "
     "add an exception\n",
     "fatal: detected dubious ownership in repository at '/x'"},
    // a compiler, whose flags and whose files are no errors
    {"gcc -Werror -c lib/error.c -o build/error.o\na.c:1:2: warning: cannot inline "
     "[-Wfatal]\nb.c:3:4: error: expected ';'\nb.c:9:1: error: another\nmake: *** Error "
     "1\n",
     "b.c:3:4: error: expected ';'"},
    {"ld: a.o: in function `main': undefined reference to `ev_run'\ncollect2: error: ld "
     "returned 1 exit status\n",
     "ld: a.o: in function `main': undefined reference to `ev_run'"},
    {"  cp: error writing 'x': No space left on device\r\nmore\n",
     "cp: error writing 'x': No space left on device"},
    {"\033]0;owned\007 fatal: no\n", "?]0;owned? fatal: no"},
};

static void the_first_line_that_tells_is_the_reason(void **state)
{
    (void)state;
    char line[200];
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        telling_line_in(cases[i].text, line, sizeof line);
        assert_string_equal(line, cases[i].line);
    }
}

static void a_file_that_is_not_there_said_nothing(void **state)
{
    (void)state;
    char line[200];
    telling_line_of("/nowhere/at/all", line, sizeof line);
    assert_string_equal(line, "it said nothing");
    telling_line_of("/dev/null", line, sizeof line);
    assert_string_equal(line, "it said nothing");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_line_that_tells_is_the_reason),
        cmocka_unit_test(a_file_that_is_not_there_said_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

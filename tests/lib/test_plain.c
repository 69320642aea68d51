// SPDX-License-Identifier: MIT
//
// test_plain.c - lib/plain.c: text of others is harmless, whole letters only, and otherwise as
// it was.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/check.h"
#include "lib/plain.h"

#include <string.h>

static const struct {
    const char *from;
    const char *to;
} cases[] = {
    {"", ""},
    {"12 µs, 3 – 4, 日本, 🙂", "12 µs, 3 – 4, 日本, 🙂"},
    {"a\033[31mb\177", "a?[31mb?"},
    {"two\r\nlines\tand", "two??lines?and"},
    {"C1 \302\233 31m", "C1 ? 31m"},                    // U+009B, as good as ESC [
    {"\342\200\256 turned \342\201\246", "? turned ?"}, // U+202E, U+2066
    {"\342\200\250\342\200\251\330\234", "???"},        // U+2028, U+2029, U+061C
    {"\357\277\276\357\277\277\357\273\277", "???"},    // U+FFFE, U+FFFF, U+FEFF
    {"\xff\xfe \xc0\xaf \xed\xa0\x80", "?? ? ?"},       // no UTF-8, too long, a surrogate
    {"cut \xe2\x80", "cut ??"},
    {"\xf4\x90\x80\x80", "?"}, // beyond U+10FFFF
};

// The same by both, and by a copy onto itself.
static void what_is_harmful_is_replaced(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char text[100];
        char printed[100] = "";
        plain_copy(text, sizeof text, cases[i].from);
        assert_int_equal(strlen(text) <= strlen(cases[i].from), 1);
        FILE *file = fmemopen(printed, sizeof printed, "w");
        plain_print(file, cases[i].from);
        fclose(file);
        assert_string_equal(text, printed);
        snprintf(printed, sizeof printed, "%s", cases[i].from);
        plain_copy(printed, sizeof printed, printed);
        assert_string_equal(text, printed);
        assert_string_equal(text, cases[i].to);
    }
}

static void a_cut_halves_no_letter(void **state)
{
    (void)state;
    char text[8];
    plain_copy(text, sizeof text, "1234567890");
    assert_string_equal(text, "1234567");
    plain_copy(text, sizeof text, "123456µs");
    assert_string_equal(text, "123456");
}

static void a_line_is_one_line(void **state)
{
    (void)state;
    char printed[100] = "";
    FILE *file = fmemopen(printed, sizeof printed, "w");
    plain_line(file, "%s: %d %%", "a\nb", 5);
    fclose(file);
    assert_string_equal(printed, "a?b: 5 %\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_harmful_is_replaced),
        cmocka_unit_test(a_cut_halves_no_letter),
        cmocka_unit_test(a_line_is_one_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

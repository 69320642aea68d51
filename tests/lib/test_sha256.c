// SPDX-License-Identifier: MIT
//
// SHA-256 against the examples of FIPS 180-4 and a million letters, in pieces of any size.
#include "lib/sha256.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void expect_hash(const char *text, size_t piece, const char *wanted)
{
    struct sha256 hash;
    char found[SHA256_TEXT_SIZE];
    size_t length = strlen(text);
    sha256_init(&hash);
    for (size_t at = 0; at < length; at += piece)
        sha256_add(&hash, text + at, length - at < piece ? length - at : piece);
    sha256_text(&hash, found);
    assert_string_equal(found, wanted);
}

static void test_examples(void **state)
{
    (void)state;
    for (size_t piece = 1; piece < 130; piece++) {
        expect_hash("", piece,
                    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        expect_hash("abc", piece,
                    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        expect_hash("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", piece,
                    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
        expect_hash("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmno"
                    "ijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
                    piece,
                    "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
    }
}

static void test_million(void **state)
{
    (void)state;
    struct sha256 hash;
    char found[SHA256_TEXT_SIZE];
    char piece[1000];
    memset(piece, 'a', sizeof piece);
    sha256_init(&hash);
    for (int i = 0; i < 1000; i++)
        sha256_add(&hash, piece, sizeof piece);
    sha256_text(&hash, found);
    assert_string_equal(
        found, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static void test_files(void **state)
{
    (void)state;
    char found[SHA256_TEXT_SIZE];
    assert_int_equal(sha256_file("/dev/null", found), -22); // no regular file
    assert_int_equal(sha256_file("/nonexistent", found), -2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_examples),
        cmocka_unit_test(test_million),
        cmocka_unit_test(test_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

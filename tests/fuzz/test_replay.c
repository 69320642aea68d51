// SPDX-License-Identifier: MIT
//
// test_replay.c - every input that has ever done harm, once more: each file of
// tests/fuzz/regressions/READER/ is given to its reader. That it comes back is the test;
// in the builds with sanitizers, also that nothing was read or written out of place and
// nothing was left behind. Run from the root of the source tree.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/check.h"
#include "tests/fuzz/readers.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static void replay_file(const char *path, void (*read)(const char *text, size_t size))
{
    struct stat status;
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    assert_int_equal(fstat(fileno(file), &status), 0);
    size_t size = (size_t)status.st_size;
    char *text = malloc(size + 1); // an end of its own, which a sanitizer watches
    assert_non_null(text);
    assert_int_equal(fread(text, 1, size, file), size);
    fclose(file);
    read(text, size);
    free(text);
}

static void replay(const char *name, void (*read)(const char *text, size_t size))
{
    char folder[128];
    char path[512];
    snprintf(folder, sizeof folder, "tests/fuzz/regressions/%s", name);
    DIR *directory = opendir(folder);
    size_t files = 0;
    assert_non_null(directory);
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%.200s", folder, entry->d_name);
        replay_file(path, read);
        files++;
    }
    closedir(directory);
    assert_true(files > 0); // a reader without any proves nothing
}

#define REPLAY_TEST(name)                                                                \
    static void replay_##name(void **state)                                              \
    {                                                                                    \
        (void)state;                                                                     \
        replay(#name, read_##name);                                                      \
    }
FUZZ_READERS(REPLAY_TEST)

int main(void)
{
    const struct CMUnitTest tests[] = {
#define REPLAY_ROW(name) cmocka_unit_test(replay_##name),
        FUZZ_READERS(REPLAY_ROW)};
    return cmocka_run_group_tests_name("replay", tests, NULL, NULL);
}

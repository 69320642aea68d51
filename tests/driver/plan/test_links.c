// SPDX-License-Identifier: MIT
//
// test_links.c - which links of two builds take part, and in which round: as many as all
// runners of both have, none that is older than its runner, each in turn.
#define _GNU_SOURCE // mkdtemp()
#include "driver/plan/links.h"
#include "lib/folder.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define HEAD 0
#define BASE 1

// Two builds in a folder of their own, each with a runner "coroutine".
struct builds {
    char folder[64];
    struct runner_set sets[2];
};

static void write_program(const char *path, time_t changed)
{
    const struct timespec times[] = {{.tv_sec = changed}, {.tv_sec = changed}};
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0700);
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void make_link(const struct builds *builds, int build, unsigned link,
                      time_t changed)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%d/links", builds->folder, build);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/%d/links/%u", builds->folder, build, link);
    mkdir(path, 0700);
    links_path(&builds->sets[build].list[0], link, path, sizeof path);
    write_program(path, changed);
}

// `count` links of each, all as old as their runner.
static void make_builds(struct builds *builds, unsigned heads, unsigned bases)
{
    const unsigned counts[] = {heads, bases};
    memset(builds, 0, sizeof *builds);
    strcpy(builds->folder, "/tmp/test_links.XXXXXX");
    assert_non_null(mkdtemp(builds->folder));
    for (int build = HEAD; build <= BASE; build++) {
        struct runner_set *set = &builds->sets[build];
        char path[128];
        snprintf(path, sizeof path, "%s/%d", builds->folder, build);
        mkdir(path, 0700);
        snprintf(path, sizeof path, "%s/%d/bin", builds->folder, build);
        mkdir(path, 0700);
        set->count = 1;
        snprintf(set->list[0].path, sizeof set->list[0].path, "%s/coroutine", path);
        snprintf(set->list[0].name, sizeof set->list[0].name, "coroutine");
        write_program(set->list[0].path, 1000);
        for (unsigned link = 1; link <= counts[build]; link++)
            make_link(builds, build, link, 1000);
    }
}

static struct builds builds; // large

static void remove_builds(void)
{
    assert_int_equal(folder_remove(builds.folder), 0);
}

// The answer of links_find(), which both sets must give, too.
static unsigned found(void)
{
    unsigned links = links_find(&builds.sets[HEAD], &builds.sets[BASE]);
    assert_int_equal(builds.sets[HEAD].list[0].links, links);
    assert_int_equal(builds.sets[BASE].list[0].links, links);
    return links;
}

static void as_many_count_as_both_have(void **state)
{
    (void)state;
    make_builds(&builds, 6, 5);
    assert_int_equal(found(), 5);
    remove_builds();
}

static void too_few_are_none(void **state)
{
    (void)state;
    make_builds(&builds, 6, LINKS_LEAST - 1);
    assert_int_equal(found(), 0);
    remove_builds();
}

static void links_of_an_earlier_build_do_not_count(void **state)
{
    (void)state;
    make_builds(&builds, 6, 6);
    make_link(&builds, BASE, 5, 999); // the runner is a second younger
    assert_int_equal(found(), 4);
    make_link(&builds, BASE, 3, 999);
    assert_int_equal(found(), 0);
    remove_builds();
}

static void a_program_of_anybody_has_none_and_takes_none_away(void **state)
{
    (void)state;
    struct runner_set *head = &builds.sets[HEAD];
    make_builds(&builds, 5, 5);
    head->list[1] = (struct runner){.name = "prog", .path = "/bin/sh", .foreign = true};
    head->count = 2;
    assert_int_equal(found(), 5);
    assert_int_equal(head->list[1].links, 0);
    remove_builds();
}

static void links_lie_beside_the_folder_of_the_runner(void **state)
{
    (void)state;
    struct runner runner = {.name = "coroutine", .path = "build/release/bin/coroutine"};
    char path[128];
    links_path(&runner, 3, path, sizeof path);
    assert_string_equal(path, "build/release/bin/../links/3/coroutine");
    links_path(&runner, 0, path, sizeof path);
    assert_string_equal(path, "build/release/bin/coroutine");
}

// In n turns through n links each of head meets each of base once.
static void each_link_meets_each_other(void **state)
{
    (void)state;
    enum { LINKS = 5 };
    struct runner runner = {.links = LINKS};
    bool met[LINKS + 1][LINKS + 1] = {{false}};
    for (unsigned round = 1; round <= LINKS * LINKS; round++) {
        unsigned head = links_of_round(&runner, round, true);
        unsigned base = links_of_round(&runner, round, false);
        assert_in_range(head, 1, LINKS);
        assert_in_range(base, 1, LINKS);
        assert_false(met[head][base]);
        met[head][base] = true;
    }
    runner.links = 0;
    assert_int_equal(links_of_round(&runner, 7, true), 0);
}

// The build beside itself: each link meets each other one, and never itself.
static void no_link_meets_itself(void **state)
{
    (void)state;
    make_builds(&builds, 9, 9);
    struct runner_set *set = &builds.sets[HEAD];
    const struct runner *runner = &set->list[0];
    bool met[10][10] = {{false}};
    assert_int_equal(links_find_own(set, 100), 9);
    for (unsigned round = 1; round <= 9 * 8; round++) {
        unsigned head = links_of_round(runner, round, true);
        unsigned base = links_of_round(runner, round, false);
        assert_true(head != base && !met[head][base]);
        met[head][base] = true;
    }
    assert_int_equal(links_find_own(set, 20), 8); // five runs of each
    assert_int_equal(links_find_own(set, 9), 0);  // three links are too few
    remove_builds();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_many_count_as_both_have),
        cmocka_unit_test(too_few_are_none),
        cmocka_unit_test(links_of_an_earlier_build_do_not_count),
        cmocka_unit_test(a_program_of_anybody_has_none_and_takes_none_away),
        cmocka_unit_test(links_lie_beside_the_folder_of_the_runner),
        cmocka_unit_test(each_link_meets_each_other),
        cmocka_unit_test(no_link_meets_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

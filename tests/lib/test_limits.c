// SPDX-License-Identifier: MIT
//
// test_limits.c - the control groups that bind us (limits.h): ours and all above it, in both
// versions, with an invented /proc/self/cgroup and /sys/fs/cgroup.
#define _GNU_SOURCE // mkdtemp()
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/limits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct seen {
    const char *root;
    const char *enough; // the path that ends it, or NULL
    char paths[600];
};

static bool note(void *context, const char *path)
{
    struct seen *seen = context;
    const char *below = path + strlen(seen->root);
    size_t used = strlen(seen->paths);
    snprintf(seen->paths + used, sizeof seen->paths - used, "%s%s", used > 0 ? " " : "",
             below);
    return seen->enough != NULL && strcmp(below, seen->enough) == 0;
}

// Visits with this list of groups; what was visited is in `seen`.
static bool visit(const char *list, const char *controller, const char *file,
                  struct seen *seen)
{
    char name[] = "/tmp/quartet-limits-XXXXXX";
    int fd = mkstemp(name);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, list, strlen(list)), strlen(list));
    close(fd);
    seen->root = "/root-of-groups";
    seen->paths[0] = '\0';
    const struct limits_groups groups = {name, seen->root};
    bool enough = limits_each_group_of(&groups, controller, file, note, seen);
    unlink(name);
    return enough;
}

static void test_second_version(void **state)
{
    (void)state;
    struct seen seen = {0};
    assert_false(visit("0::/system.slice/a.service/b\n", "cpu", "cpu.stat", &seen));
    assert_string_equal(seen.paths, "/system.slice/a.service/b/cpu.stat "
                                    "/system.slice/a.service/cpu.stat "
                                    "/system.slice/cpu.stat /cpu.stat");
    assert_false(visit("0::/\n", "cpu", "cpu.stat", &seen));
    assert_string_equal(seen.paths, "/cpu.stat");
}

static void test_first_version(void **state)
{
    (void)state;
    const char *list = "9:name=systemd:/x\n8:pids:/a/b\n2:cpuset:/c\n1:cpu,cpuacct:/d\n";
    struct seen seen = {0};
    assert_false(visit(list, "pids", "pids.max", &seen));
    assert_string_equal(seen.paths, "/pids/a/b/pids.max /pids/a/pids.max /pids/pids.max");
    assert_false(visit(list, "cpu", "cpu.stat", &seen)); // and not cpuset
    assert_string_equal(seen.paths, "/cpu/d/cpu.stat /cpu/cpu.stat");
    assert_false(visit(list, "memory", "memory.max", &seen));
    assert_string_equal(seen.paths, "");
}

static void test_both_and_enough(void **state)
{
    (void)state;
    struct seen seen = {0};
    assert_false(visit("4:memory:/m\n0::/u\n", "memory", "memory.max", &seen));
    assert_string_equal(seen.paths, "/memory/m/memory.max /memory/memory.max "
                                    "/u/memory.max /memory.max");
    seen.enough = "/memory/m/memory.max";
    assert_true(visit("4:memory:/m\n0::/u\n", "memory", "memory.max", &seen));
    assert_string_equal(seen.paths, "/memory/m/memory.max");
}

static void test_nonsense(void **state)
{
    (void)state;
    struct seen seen = {0};
    assert_false(visit("", "cpu", "cpu.stat", &seen));
    assert_false(visit("no colon\n:\n1:cpu\n", "cpu", "cpu.stat", &seen));
    assert_string_equal(seen.paths, "");
    const struct limits_groups nowhere = {"/nowhere/at/all", "/nowhere"};
    assert_false(limits_each_group_of(&nowhere, "cpu", "cpu.stat", note, &seen));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_second_version),
        cmocka_unit_test(test_first_version),
        cmocka_unit_test(test_both_and_enough),
        cmocka_unit_test(test_nonsense),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

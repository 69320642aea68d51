// SPDX-License-Identifier: MIT
//
// test_limits.c - limits.h: the control groups that bind us, ours and all above it, in both
// versions, with an invented /proc/self/cgroup and /sys/fs/cgroup; and what is refused, to the
// byte, because of a limit of this process.
#define _GNU_SOURCE // mkdtemp()
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/limits.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
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

// Sets the soft limit of this process, asks, and sets it back.
static int ask(int resource, rlim_t limit, int (*check)(uint64_t, struct reason *),
               uint64_t wanted, struct reason *reason)
{
    struct rlimit before;
    assert_int_equal(getrlimit((__rlimit_resource_t)resource, &before), 0);
    const struct rlimit own = {limit, before.rlim_max};
    assert_int_equal(setrlimit((__rlimit_resource_t)resource, &own), 0);
    reason->text[0] = '\0';
    int error = check(wanted, reason);
    assert_int_equal(setrlimit((__rlimit_resource_t)resource, &before), 0);
    return error;
}

static void test_file_size(void **state)
{
    (void)state;
    struct reason reason;
    assert_int_equal(ask(RLIMIT_FSIZE, 4096, limits_check_file_size, 4096, &reason), 0);
    assert_int_equal(ask(RLIMIT_FSIZE, 4096, limits_check_file_size, 4097, &reason),
                     -EFBIG);
    assert_non_null(strstr(reason.text, "needs files of 4097 bytes"));
    assert_int_equal(
        ask(RLIMIT_FSIZE, RLIM_INFINITY, limits_check_file_size, UINT64_MAX, &reason), 0);
}

// The addresses in use already count, too, and are not known to the byte.
static void test_addresses(void **state)
{
    (void)state;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    print_message("a sanitizer has more addresses than that in use\n");
    skip();
#endif
    const uint64_t tib = UINT64_C(1) << 40;
    struct reason reason;
    assert_int_equal(ask(RLIMIT_AS, 2 * tib, limits_check_addresses, tib, &reason), 0);
    assert_int_equal(ask(RLIMIT_AS, 2 * tib, limits_check_addresses, 2 * tib, &reason),
                     -ENOMEM);
    assert_non_null(strstr(reason.text, "RLIMIT_AS is 2097152 MiB"));
    assert_int_equal(
        ask(RLIMIT_AS, RLIM_INFINITY, limits_check_addresses, 2 * tib, &reason), 0);
}

static void test_memory(void **state)
{
    (void)state;
    struct reason reason;
    assert_int_equal(limits_check_memory(1, &reason), 0);
    assert_int_equal(limits_check_memory(UINT64_MAX / 2, &reason), -ENOMEM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_second_version),  cmocka_unit_test(test_first_version),
        cmocka_unit_test(test_both_and_enough), cmocka_unit_test(test_nonsense),
        cmocka_unit_test(test_file_size),       cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

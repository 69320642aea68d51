// SPDX-License-Identifier: MIT
//
// test_cpus.c - CPU lists. Pinning is tried in children, because it cannot be undone
// by those who may not know what was allowed before.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/check.h"
#include "lib/cpus.h"
#include "lib/process.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

// Is it true in a child that may do to its affinity what it likes?
static void assert_in_child(bool (*claim)(void))
{
    int status;
    pid_t pid = process_fork();
    if (pid == 0)
        _exit(claim() ? 0 : 1);
    assert_true(process_wait(pid, &status, 0) == pid);
    assert_int_equal(status, 0);
}

static void test_nonsense(void **state)
{
    static const char *const lists[] = {"",     ",",     "0,",   ",0",  "a",
                                        "0-",   "-1",    "1-0",  "0 1", "0;1",
                                        "0,,1", "99999", "0-1-", "0x0"};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        struct reason reason = {""};
        if (cpus_pin(lists[i], &reason) != -EINVAL)
            fail_msg("'%s' must be refused", lists[i]);
        assert_non_null(strstr(reason.text, "0,2-3"));
    }
}

static void test_absent_cpu(void **state)
{
    struct reason reason = {""};
    (void)state;
    assert_int_equal(cpus_pin("1023", &reason), -EINVAL);
    assert_non_null(strstr(reason.text, "CPU 1023"));
    assert_non_null(strstr(reason.text, "may use"));
}

static bool pin_to_first_works(void)
{
    char first[32];
    char now[64];
    char outside[32];
    struct reason reason;
    cpus_allowed(first, sizeof first);
    first[strcspn(first, ",-")] = '\0';
    if (cpus_pin(first, &reason) != 0 || cpus_count() != 1)
        return false;
    cpus_allowed(now, sizeof now);
    cpus_outside(first, outside, sizeof outside);
    return strcmp(now, first) == 0 && outside[0] == '\0';
}

static void test_pin(void **state)
{
    (void)state;
    assert_in_child(pin_to_first_works);
}

// The allowed set as printed can be asked for, and is the same set.
static bool allowed_can_be_pinned(void)
{
    char before[256];
    char after[256];
    struct reason reason;
    unsigned count = cpus_count();
    cpus_allowed(before, sizeof before);
    if (cpus_pin(before, &reason) != 0 || cpus_count() != count)
        return false;
    cpus_allowed(after, sizeof after);
    return strcmp(before, after) == 0;
}

static void test_round_trip(void **state)
{
    (void)state;
    assert_in_child(allowed_can_be_pinned);
}

static void test_outside(void **state)
{
    char all[256];
    char text[32];
    (void)state;
    cpus_allowed(all, sizeof all);
    snprintf(text, sizeof text, "7");
    cpus_outside(all, text, sizeof text);
    assert_string_equal(text, "");
    cpus_outside(NULL, text, sizeof text);
    assert_true(strlen(text) > 0);
}

static unsigned worker; // the next claim is about this one

// The CPU that cpus_keep() chooses is the one at this place of the list.
static bool worker_keeps_its_cpu(void)
{
    char rest[256];
    char last[256];
    char kept[256];
    unsigned count = cpus_count();
    for (unsigned left = count - worker % count - 1; left > 0; left--) {
        struct reason reason;
        if (!cpus_split(rest, last, sizeof rest) || cpus_pin(rest, &reason) != 0)
            return false;
    }
    if (!cpus_split(rest, last, sizeof rest)) // only one is left
        cpus_allowed(last, sizeof last);
    if (cpus_keep(worker % count) != 0 || cpus_count() != 1)
        return false;
    cpus_allowed(kept, sizeof kept);
    return strcmp(kept, last) == 0;
}

static bool workers_begin_again(void)
{
    char first[256];
    char kept[256];
    cpus_allowed(first, sizeof first);
    first[strcspn(first, ",-")] = '\0';
    if (cpus_keep(3 * cpus_count()) != 0)
        return false;
    cpus_allowed(kept, sizeof kept);
    return strcmp(kept, first) == 0;
}

static void test_keep(void **state)
{
    (void)state;
    for (worker = 0; worker < 4; worker++)
        assert_in_child(worker_keeps_its_cpu);
    assert_in_child(workers_begin_again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nonsense), cmocka_unit_test(test_absent_cpu),
        cmocka_unit_test(test_pin),      cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_outside),  cmocka_unit_test(test_keep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: MIT
//
// driver/measure/progress.c: the line that says how far a session is, and when it rather does
// not say how long the rest will take.
#define _GNU_SOURCE // memfd_create()
#include "driver/measure/progress.h"

#include "lib/clock.h"

// cmocka.h needs these before it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define SECONDS(count) ((count)*NS_PER_SECOND)

// A line is printed a little later than its block begins, on a busy machine half a second.
#define A_LITTLE (NS_PER_SECOND / 10 * 4)

// The listener keeps all of stderr between begin_listening() and heard().
static int listener;
static int stderr_kept;
static char said[1000];

static void begin_listening(void)
{
    fflush(stderr);
    stderr_kept = dup(STDERR_FILENO);
    listener = memfd_create("stderr", MFD_CLOEXEC);
    assert_true(stderr_kept >= 0 && listener >= 0);
    assert_true(dup2(listener, STDERR_FILENO) >= 0);
}

static const char *heard(void)
{
    fflush(stderr);
    assert_true(dup2(stderr_kept, STDERR_FILENO) >= 0);
    ssize_t length = pread(listener, said, sizeof said - 1, 0);
    assert_true(length >= 0);
    said[length] = '\0';
    close(listener);
    close(stderr_kept);
    return said;
}

static const char *begin(uint64_t needs_ns, uint64_t left_ns)
{
    struct progress progress = {.blocks = 4, .done = 1};
    begin_listening();
    progress_begin(&progress, "a table", needs_ns, left_ns);
    return heard();
}

static void test_estimates(void **state)
{
    (void)state;
    assert_string_equal(begin(0, 0), "[2/4] a table\n");
    assert_string_equal(begin(0, SECONDS(9)), "[2/4] a table\n");
    // The block itself, less the microseconds since it began, and what comes after it.
    assert_string_equal(begin(SECONDS(10) + A_LITTLE, SECONDS(20)),
                        "[2/4] a table, 30s left\n");
    assert_string_equal(begin(SECONDS(1) + A_LITTLE, SECONDS(59)),
                        "[2/4] a table, 1m00s left\n");
    assert_string_equal(begin(SECONDS(30), SECONDS(3600)), "[2/4] a table, 1h00m left\n");
    assert_string_equal(begin(SECONDS(90), SECONDS(7200 + 240)),
                        "[2/4] a table, 2h05m left\n");
}

static void test_nonsense(void **state)
{
    (void)state;
    const uint64_t month = SECONDS(30 * UINT64_C(86400));
    assert_string_equal(begin(SECONDS(30), month - SECONDS(60)),
                        "[2/4] a table, 719h59m left\n");
    assert_string_equal(begin(SECONDS(61), month), "[2/4] a table\n");
    assert_string_equal(begin(SECONDS(60), UINT64_MAX), "[2/4] a table\n");
    assert_string_equal(begin(UINT64_MAX, UINT64_MAX), "[2/4] a table\n");
}

// The line of a block that needs 20 s, and 40 s for those after it, so long after it began.
static const char *tick(uint64_t elapsed_ns)
{
    struct progress progress = {.live = true,
                                .blocks = 4,
                                .what = "a table",
                                .begin_ns = clock_now_ns() - elapsed_ns,
                                .needs_ns = SECONDS(20),
                                .left_ns = SECONDS(40)};
    begin_listening();
    progress_tick(&progress);
    return heard();
}

static void test_late(void **state)
{
    (void)state;
    assert_string_equal(tick(SECONDS(21)), "\r\033[K[1/4] a table, 40s left");
    assert_string_equal(tick(SECONDS(50)), "\r\033[K[1/4] a table, 40s left");
    // Three times as long as it should take: nothing is known any more.
    assert_string_equal(tick(SECONDS(61)), "\r\033[K[1/4] a table");
}

static void test_quiet(void **state)
{
    (void)state;
    struct progress progress = {.blocks = 4};
    begin_listening();
    progress_tick(&progress); // no terminal: no line is written over
    progress_clear(&progress);
    assert_string_equal(heard(), "");
    begin_listening();
    progress_begin(&progress, "a\033]0;b\a\ntable", 0, 0);
    progress_end(&progress);
    progress_begin(&progress, "the next", 0, 0);
    assert_string_equal(heard(), "[1/4] a?]0;b??table\n[2/4] the next\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_estimates),
        cmocka_unit_test(test_nonsense),
        cmocka_unit_test(test_late),
        cmocka_unit_test(test_quiet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

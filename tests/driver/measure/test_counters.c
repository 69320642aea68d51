// SPDX-License-Identifier: MIT
//
// test_counters.c - driver/measure/counters_strace.c, counter_verdict.c and line.c: what a log of
// strace says, where tolerances end, and a line through points that are known.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "driver/measure/counters_strace.h"
#include "driver/report/counter_verdict.h"
#include "driver/statistics/line.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// ---- logs of strace ----------------------------------------------------------------

static int count(const char *log, struct strace_counts *counts, struct reason *reason)
{
    char path[] = "/tmp/quartet-test-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, log, strlen(log)), strlen(log));
    close(fd);
    int error = strace_count_log(path, counts, reason);
    unlink(path);
    return error;
}

static uint64_t calls(const struct strace_counts *counts, const char *name)
{
    for (size_t i = 0; i < counts->names; i++)
        if (strcmp(counts->list[i].name, name) == 0)
            return counts->list[i].calls;
    return 0;
}

static void a_call_counts_where_it_begins(void **state)
{
    (void)state;
    static struct strace_counts counts;
    struct reason reason;
    static const char log[] = "10 execve(\"a\", [\"a\"], 0x7ff /* 1 vars */) = 0\n"
                              "10 clone3({flags=0} => {parent_tid=[11]}, 88) = 11\n"
                              "11 sendto(5, \"sendto(\"..., 64, 0, NULL, 0) = 64\n"
                              "11 futex(0x7f00, FUTEX_WAIT, 0, NULL <unfinished ...>\n"
                              "10 sendto(5, \"x\", 64, 0, NULL, 0 <unfinished ...>\n"
                              "11 <... futex resumed>)  = 0\n"
                              "10 <... sendto resumed>) = 64\n"
                              "11 --- SIGALRM {si_signo=SIGALRM} ---\n"
                              "11 +++ exited with 0 +++\n"
                              "10 exit_group(0) = ?\n";
    assert_int_equal(count(log, &counts, &reason), 0);
    assert_int_equal(counts.total, 6);
    assert_int_equal(counts.waits, 1);
    assert_int_equal(calls(&counts, "sendto"), 2);
    assert_int_equal(calls(&counts, "futex"), 1);
    assert_string_equal(counts.list[0].name, "sendto");
}

// All of it, also what it did before it had its name.
static void the_back_end_is_left_out(void **state)
{
    (void)state;
    static struct strace_counts counts;
    struct reason reason;
    static const char log[] = "10 read(3, \"\", 1) = 0\n"
                              "12 set_robust_list(0x3, 24) = 0\n"
                              "12 prctl(PR_SET_NAME, \"fetch-backend\") = 0\n"
                              "12 accept4(3, NULL, NULL, 0) = 4\n"
                              "13 prctl(PR_SET_NAME, \"backend-of-a-user\") = 0\n"
                              "10 read(3, \"PR_SET_NAME, \\\"x-backend\\\"\", 1) = 0\n";
    assert_int_equal(count(log, &counts, &reason), 0);
    assert_int_equal(counts.total, 3);
    assert_int_equal(calls(&counts, "accept4"), 0);
    assert_int_equal(calls(&counts, "set_robust_list"), 0);
    assert_int_equal(calls(&counts, "prctl"), 1);
}

static void a_long_line_is_one_call(void **state)
{
    (void)state;
    static struct strace_counts counts;
    static char log[2000];
    struct reason reason;
    snprintf(log, sizeof log, "10 write(1, \"%01000d\", 1000) = 1000\n10 close(1) = 0\n",
             0);
    assert_int_equal(count(log, &counts, &reason), 0);
    assert_int_equal(counts.total, 2);
}

// A call that ends in a later line tells its result there.
static void results_are_added_up(void **state)
{
    (void)state;
    static struct strace_counts counts;
    struct reason reason;
    static const char log[] =
        "10 clone3({flags=CLONE_VM|CLONE_THREAD} => {parent_tid=[11]}, 88) = 11\n"
        "10 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|SIGCHLD) = 14\n"
        "10 socket(AF_UNIX, SOCK_STREAM, 0) = 3\n"
        "11 futex(0x7f00, FUTEX_WAIT, 0, NULL <unfinished ...>\n"
        "10 futex(0x7f00, FUTEX_WAKE, 1) = 1\n"
        "11 <... futex resumed>)  = 0\n"
        "10 futex(0x7f00, FUTEX_WAKE, 9 <unfinished ...>\n"
        "10 <... futex resumed>) = 2\n"
        "10 epoll_wait(4, [{events=EPOLLIN}, {events=EPOLLIN}], 64, -1) = 2\n"
        "10 epoll_wait(4, [], 64, 0) = 0\n"
        "10 recvfrom(5,  <unfinished ...>\n"
        "10 <... recvfrom resumed>\" = 9\"..., 64, 0, NULL, NULL) = 64\n"
        "10 sendto(5, \" = 1000\"..., 64, 0, NULL, 0) = 60\n"
        "10 read(5, 0x7ffc, 8) = -1 EAGAIN (Resource temporarily unavailable)\n";
    assert_int_equal(count(log, &counts, &reason), 0);
    assert_int_equal(counts.threads, 1);
    assert_int_equal(counts.processes, 1);
    assert_int_equal(counts.wakeups, 3);
    assert_int_equal(counts.events, 2);
    assert_int_equal(counts.bytes, 124);
    assert_false(counts.inet);
    assert_int_equal(count("10 socket(AF_INET, SOCK_STREAM, 0) = 3\n", &counts, &reason),
                     0);
    assert_true(counts.inet);
}

static void an_empty_log_is_refused(void **state)
{
    (void)state;
    static struct strace_counts counts;
    struct reason reason;
    assert_int_equal(count("", &counts, &reason), -EBADMSG);
    assert_int_equal(count("strace: Process 10 attached\n", &counts, &reason), -EBADMSG);
    assert_int_equal(strace_count_log("/nowhere/at/all", &counts, &reason), -ENOENT);
}

// ---- verdicts ----------------------------------------------------------------------

static void a_verdict_needs_more_than_the_tolerance(void **state)
{
    (void)state;
    const enum counter calls_made = COUNTER_SYSCALLS;
    assert_int_equal(counter_verdict(calls_made, 10000, 10000, 0.01), VERDICT_SAME);
    assert_int_equal(counter_verdict(calls_made, 10000, 10100, 0.01), VERDICT_SAME);
    assert_int_equal(counter_verdict(calls_made, 10000, 10101, 0.01), VERDICT_REGRESSION);
    assert_int_equal(counter_verdict(calls_made, 10000, 9899, 0.01), VERDICT_IMPROVED);
    assert_int_equal(counter_verdict(calls_made, 10000, (double)NAN, 0.01),
                     VERDICT_INCONCLUSIVE);
}

static void a_call_more_at_the_start_is_no_regression(void **state)
{
    (void)state;
    double least = counter_least(COUNTER_SYSCALLS);
    assert_int_equal(counter_verdict(COUNTER_SYSCALLS, 50, 50 + least - 1, 0.01),
                     VERDICT_SAME);
    assert_int_equal(counter_verdict(COUNTER_SYSCALLS, 50, 50 + least, 0.01),
                     VERDICT_REGRESSION);
}

static void calibration_can_only_widen_a_tolerance(void **state)
{
    (void)state;
    struct counter_limits unknown = {(double)NAN, 0};
    struct counter_limits quiet = {0, 0};
    struct counter_limits noisy = {0.5, 0};
    for (enum counter counter = 0; counter < COUNTER_COUNT; counter++) {
        double builtin = counter_tolerance_builtin(counter);
        assert_true(builtin > 0 && builtin < 1);
        assert_true(counter_tolerance(counter, NULL, NULL, unknown) == builtin);
        assert_true(counter_tolerance(counter, NULL, NULL, quiet) == builtin);
        assert_true(fabs(counter_tolerance(counter, NULL, NULL, noisy) - 0.75) < 1e-12);
    }
    struct counter_limits users = {(double)NAN, 0.05};
    double tolerance = counter_tolerance(COUNTER_INSTRUCTIONS, NULL, NULL, users);
    assert_true(fabs(tolerance - 0.025) < 1e-12);
}

// 9.925 times the root of 30^2 + 40^2, of 1000.
static void a_slope_is_no_better_than_its_error(void **state)
{
    (void)state;
    struct counter_limits limits = {(double)NAN, 0.05};
    json_t *base =
        json_pack("{s:{s:f, s:f}}", "memory_per_task", "bytes", 1000.0, "error", 30.0);
    json_t *head =
        json_pack("{s:{s:f, s:f}}", "memory_per_task", "bytes", 1500.0, "error", 40.0);
    double tolerance = counter_tolerance(COUNTER_MEMORY_PER_TASK, base, head, limits);
    assert_true(fabs(tolerance - 0.49625) < 1e-12);
    json_decref(base);
    json_decref(head);
}

// How often a program waits or looks at the clock, the machine decides.
static void waits_and_looks_at_the_clock_are_set_apart(void **state)
{
    (void)state;
    assert_true(counter_is_wait("futex"));
    assert_true(counter_is_wait("clock_gettime"));
    assert_false(counter_is_wait("sendto"));
    assert_false(counter_is_wait("clock_settime"));
}

static json_t *counters(json_int_t total, json_int_t waits, const char *method)
{
    return json_pack("{s:{s:I, s:I, s:I, s:s}, s:n}", "syscalls", "total", total, "waits",
                     waits, "operations", (json_int_t)100, "method", method,
                     "instructions");
}

static void only_what_was_counted_alike_is_compared(void **state)
{
    (void)state;
    json_t *one = counters(1000, 100, "strace");
    json_t *same = counters(1200, 300, "strace");
    json_t *other = counters(1000, 100, "another way");
    assert_true(counter_value(one, COUNTER_SYSCALLS) == 900);
    assert_true(counter_value(one, COUNTER_SYSCALLS) ==
                counter_value(same, COUNTER_SYSCALLS));
    assert_true(counter_comparable(one, same, COUNTER_SYSCALLS));
    assert_false(counter_comparable(one, other, COUNTER_SYSCALLS));
    assert_false(counter_comparable(one, NULL, COUNTER_SYSCALLS));
    assert_true(isnan(counter_value(one, COUNTER_INSTRUCTIONS)));
    assert_true(isnan(counter_value(one, COUNTER_MEMORY_PER_TASK)));
    json_object_set_new(json_object_get(same, "syscalls"), "operations",
                        json_integer(101));
    assert_false(counter_comparable(one, same, COUNTER_SYSCALLS));
    json_decref(one);
    json_decref(same);
    json_decref(other);
}

static void counters_have_names(void **state)
{
    (void)state;
    for (enum counter counter = 0; counter < COUNTER_COUNT; counter++)
        assert_int_equal(counter_find(counter_name(counter)), counter);
    assert_int_equal(counter_find("wall_ns"), COUNTER_COUNT);
}

// ---- a line ------------------------------------------------------------------------

// By hand: y = 3 + 2 x with residuals 1, -1, -1, 1, which leave the slope alone;
// sqrt(4 / 2 / 5) is the error.
static void a_line_has_the_slope_of_its_points(void **state)
{
    (void)state;
    const double x[] = {1, 2, 3, 4};
    const double exact[] = {5, 7, 9, 11};
    const double off[] = {6, 6, 8, 12};
    struct line line = line_through(x, exact, 4);
    assert_true(fabs(line.slope - 2) < 1e-12 && line.error < 1e-12);
    line = line_through(x, off, 4);
    assert_true(fabs(line.slope - 2) < 1e-12);
    assert_true(fabs(line.error - sqrt(4.0 / 2 / 5)) < 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_counts_where_it_begins),
        cmocka_unit_test(the_back_end_is_left_out),
        cmocka_unit_test(a_long_line_is_one_call),
        cmocka_unit_test(results_are_added_up),
        cmocka_unit_test(an_empty_log_is_refused),
        cmocka_unit_test(a_verdict_needs_more_than_the_tolerance),
        cmocka_unit_test(a_call_more_at_the_start_is_no_regression),
        cmocka_unit_test(calibration_can_only_widen_a_tolerance),
        cmocka_unit_test(a_slope_is_no_better_than_its_error),
        cmocka_unit_test(only_what_was_counted_alike_is_compared),
        cmocka_unit_test(waits_and_looks_at_the_clock_are_set_apart),
        cmocka_unit_test(counters_have_names),
        cmocka_unit_test(a_line_has_the_slope_of_its_points),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: MIT
//
// test_process.c - children that cannot be left behind, limits, and small things:
// process.h, limits.h, error.h, mix.h.
#define _GNU_SOURCE // RLIMIT_NPROC is Linux and BSD, not POSIX
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/clock.h"
#include "lib/error.h"
#include "lib/limits.h"
#include "lib/mix.h"
#include "lib/process.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void test_describe(void **state)
{
    char text[64];
    int status;
    (void)state;
    pid_t pid = process_fork();
    if (pid == 0)
        _exit(3);
    assert_int_equal(process_wait(pid, &status, 0), pid);
    process_describe_status(status, text, sizeof text);
    assert_string_equal(text, "exited with code 3");
    pid = process_fork();
    if (pid == 0)
        raise(SIGKILL);
    assert_int_equal(process_wait(pid, &status, 0), pid);
    process_describe_status(status, text, sizeof text);
    assert_string_equal(text, "was killed by signal 9 (Killed)");
}

static void test_wait_or_kill(void **state)
{
    int status;
    (void)state;
    uint64_t began_ns = clock_now_ns();
    pid_t pid = process_fork();
    if (pid == 0)
        for (;;)
            pause();
    assert_int_equal(process_wait_or_kill(pid, &status, 50 * 1000 * 1000), pid);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    assert_true(clock_now_ns() - began_ns >= 50 * 1000 * 1000);
    assert_int_equal(process_wait(pid, &status, 0), -ECHILD);
}

static void (*handler_of(int number))(int)
{
    struct sigaction action;
    assert_int_equal(sigaction(number, NULL, &action), 0);
    return action.sa_handler;
}

// In a child of its own, because what is ignored and blocked here would stay so.
static void test_reset_signals(void **state)
{
    int status;
    (void)state;
    pid_t pid = process_fork();
    if (pid == 0) {
        sigset_t set;
        sigfillset(&set);
        sigprocmask(SIG_BLOCK, &set, NULL);
        signal(SIGCHLD, SIG_IGN);
        signal(SIGALRM, SIG_IGN);
        signal(SIGXFSZ, SIG_DFL);
        process_reset_signals();
        bool reset = handler_of(SIGCHLD) == SIG_DFL && handler_of(SIGALRM) == SIG_DFL &&
                     handler_of(SIGXFSZ) == SIG_IGN;
        pid_t child = process_fork();
        if (child == 0)
            _exit(3);
        bool seen = process_wait(child, &status, 0) == child && WEXITSTATUS(status) == 3;
        sigprocmask(SIG_BLOCK, NULL, &set);
        _exit(reset && seen && sigismember(&set, SIGALRM) == 0 ? 0 : 1);
    }
    assert_int_equal(process_wait(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

// A grandchild holds the writing end of a pipe: its end comes with the grandchild's.
static void test_death_of_the_parent(void **state)
{
    int ends[2];
    int status;
    char byte;
    (void)state;
    assert_int_equal(pipe(ends), 0);
    pid_t pid = process_fork();
    if (pid == 0) {
        if (process_fork_apart() == 0)
            for (;;)
                pause();
        raise(SIGKILL);
    }
    close(ends[1]);
    assert_int_equal(process_wait(pid, &status, 0), pid);
    alarm(10);
    assert_int_equal(read(ends[0], &byte, 1), 0);
    alarm(0);
    close(ends[0]);
}

static void test_descriptors(void **state)
{
    struct reason reason = {""};
    struct rlimit before;
    (void)state;
    assert_int_equal(limits_check_descriptors(10, &reason), 0);
    getrlimit(RLIMIT_NOFILE, &before);
    setrlimit(RLIMIT_NOFILE,
              &(const struct rlimit){.rlim_cur = 100, .rlim_max = before.rlim_max});
    assert_int_equal(limits_check_descriptors(100, &reason), -EMFILE);
    assert_non_null(strstr(reason.text, "RLIMIT_NOFILE"));
    assert_non_null(strstr(reason.text, "100"));
    assert_non_null(strstr(reason.text, "ulimit"));
    limits_raise();
    assert_int_equal(limits_check_descriptors(100, &reason), 0);
    setrlimit(RLIMIT_NOFILE, &before);
}

static void test_too_many(void **state)
{
    struct reason reason = {""};
    (void)state;
    assert_int_equal(limits_check_tasks(1, "threads", &reason), 0);
    assert_int_equal(limits_check_tasks(UINT64_C(1) << 40, "threads", &reason), -EAGAIN);
    assert_non_null(strstr(reason.text, "threads"));
    assert_non_null(strstr(reason.text, "pid_max"));
    assert_int_equal(limits_check_maps(1, &reason), 0);
    assert_int_equal(limits_check_maps(UINT64_C(1) << 40, &reason), -ENOMEM);
    assert_non_null(strstr(reason.text, "max_map_count"));
}

static void test_memory(void **state)
{
    struct reason reason;
    (void)state;
    assert_int_equal(limits_check_memory(1 << 20, &reason), 0);
    assert_int_equal(limits_check_memory(UINT64_C(1) << 60, &reason), -ENOMEM);
    assert_non_null(strstr(reason.text, "needs 1099511627776 MiB"));
    assert_non_null(strstr(reason.text, "lower --tasks"));
}

static void test_numbers_of_the_kernel(void **state)
{
    (void)state;
    assert_true(limits_read_number("/proc/sys/kernel/pid_max") > 300);
    assert_true(limits_read_number("/nowhere") == LIMIT_UNKNOWN);
    assert_true(limits_read_number("/proc/sys/kernel/ostype") == LIMIT_UNKNOWN);
}

static void test_reason(void **state)
{
    struct reason reason;
    char large[1000];
    (void)state;
    assert_int_equal(reason_set(NULL, -EIO, "nobody reads this"), -EIO);
    memset(large, 'x', sizeof large - 1);
    large[sizeof large - 1] = '\0';
    assert_int_equal(reason_set(&reason, -ENOMEM, "%s", large), -ENOMEM);
    assert_int_equal(strlen(reason.text), sizeof reason.text - 1);
}

// The first values of SplitMix64 from the seed 0, as its authors' program prints them.
static void test_mix(void **state)
{
    (void)state;
    assert_true(mix(0) == UINT64_C(0xe220a8397b1dcdaf));
    assert_true(mix(UINT64_C(0x9e3779b97f4a7c15)) == UINT64_C(0x6e789e6aa1b965f4));
    assert_true(mix_into(mix_into(0, 1), 2) != mix_into(mix_into(0, 2), 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_describe),
        cmocka_unit_test(test_wait_or_kill),
        cmocka_unit_test(test_reset_signals),
        cmocka_unit_test(test_death_of_the_parent),
        cmocka_unit_test(test_descriptors),
        cmocka_unit_test(test_too_many),
        cmocka_unit_test(test_memory),
        cmocka_unit_test(test_numbers_of_the_kernel),
        cmocka_unit_test(test_reason),
        cmocka_unit_test(test_mix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

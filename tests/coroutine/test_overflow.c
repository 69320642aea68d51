// SPDX-License-Identifier: MIT
//
// test_overflow.c - a coroutine that runs off the end of its stack ends the program with
// a message; any other fault ends it as ever. Each case is a child process, because it
// dies.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/error.h"
#include "runners/coroutine/overflow.h"
#include "runners/coroutine/scheduler.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile unsigned floor_level; // 0, but the compiler does not know
static int *volatile nowhere;

static unsigned recurse(unsigned level)
{
    volatile char frame[200];
    frame[level % sizeof frame] = (char)level;
    if (level == floor_level)
        return 1;
    return recurse(level + 1) + (unsigned char)frame[level % sizeof frame];
}

static void overflow(void *argument)
{
    (void)argument;
    scheduler_here->running->task = 42;
    recurse(1);
}

static void fault(void *argument)
{
    (void)argument;
    *nowhere = 1;
}

// Runs `function` in a coroutine, with these guards.
static void run_coroutine(void (*function)(void *), enum stack_guard guard)
{
    static struct scheduler scheduler;
    struct overflow_watch watch;
    struct reason reason;
    struct stack_plan plan = {
        .stack_bytes = 64 << 10, .capacity = 1, .arenas = 1, .guard = guard};
    if (scheduler_open(&scheduler, EVBACKEND_EPOLL, &plan, &reason) != 0 ||
        overflow_watch(&watch, &scheduler.stacks, NULL, &reason) != 0)
        die(EXIT_CANNOT, "%s", reason.text);
    scheduler_create(&scheduler, function, NULL);
    scheduler_run_until_complete(&scheduler);
    overflow_unwatch(&watch);
    scheduler_close(&scheduler);
}

// Runs a child; returns its stderr, and how it ended.
static int run_child(void (*function)(void *), enum stack_guard guard, char *text,
                     size_t size)
{
    int ends[2];
    int status;
    size_t length = 0;
    ssize_t count;
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        struct rlimit none = {0};
        setrlimit(RLIMIT_CORE, &none);
        alarm(30);
        signal(SIGSEGV, SIG_DFL); // cmocka has a handler of its own
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        close(ends[1]);
        run_coroutine(function, guard);
        _exit(0);
    }
    close(ends[1]);
    while (length < size - 1 &&
           (count = read(ends[0], text + length, size - 1 - length)) > 0)
        length += (size_t)count;
    text[length] = '\0';
    while (read(ends[0], (char[512]){0}, 512) > 0) {
    }
    close(ends[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

static void check_overflow(enum stack_guard guard)
{
    char text[4096];
    int status = run_child(overflow, guard, text, sizeof text);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), EXIT_WRONG);
    assert_non_null(strstr(text, "stack overflow in coroutine 0, task 42"));
    assert_non_null(strstr(text, "--stack 64k"));
    assert_non_null(strstr(text, "try --stack 256k"));
}

static void an_overflow_is_named(void **state)
{
    (void)state;
    check_overflow(STACK_GUARD_MARKER);
}

static void with_mprotect_as_well(void **state)
{
    (void)state;
    check_overflow(STACK_GUARD_PROTECT);
}

static void and_on_a_ucontext(void **state)
{
    (void)state;
    assert_int_equal(context_choose(CONTEXT_UCONTEXT), 0);
    check_overflow(STACK_GUARD_MARKER);
    assert_int_equal(context_choose(CONTEXT_HAS_ASM ? CONTEXT_ASM : CONTEXT_UCONTEXT), 0);
}

// Killed by the signal, as if we were not there.
static void other_faults_are_left_alone(void **state)
{
    (void)state;
    char text[4096];
    int status = run_child(fault, STACK_GUARD_MARKER, text, sizeof text);
    assert_null(strstr(text, "stack overflow in coroutine"));
    assert_true(WIFSIGNALED(status) ? WTERMSIG(status) == SIGSEGV
                                    : WEXITSTATUS(status) != 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_overflow_is_named),
        cmocka_unit_test(with_mprotect_as_well),
        cmocka_unit_test(and_on_a_ucontext),
        cmocka_unit_test(other_faults_are_left_alone),
    };
    alarm(120);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

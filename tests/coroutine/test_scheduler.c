// SPDX-License-Identifier: MIT
//
// test_scheduler.c - order, fairness, time and ends of coroutines, with both kinds of
// switch. Waiting for descriptors is in test_descriptor.c.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/check.h"
#include "lib/clock.h"
#include "lib/error.h"
#include "runners/coroutine/scheduler.h"
#include "runners/coroutine/wait.h"
#include "runners/direct.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MS UINT64_C(1000000)

static struct scheduler scheduler;
static char order[64]; // what coroutines have written, in the order in which they did

// Fewer where each coroutine is announced to a tool: there it takes 10 ms and not 10 us.
static uint32_t many(void)
{
    return announce_limit() != 0 ? 200 : 10000;
}

static int open_scheduler(enum context_kind kind)
{
    struct reason reason;
    struct stack_plan plan = {.stack_bytes = 64 << 10, .capacity = many(), .arenas = 1};
    memset(order, 0, sizeof order);
    int error = context_choose(kind);
    return error != 0 ? error
                      : scheduler_open(&scheduler, EVBACKEND_EPOLL, &plan, &reason);
}

static int open_asm(void **state)
{
    (void)state;
    return open_scheduler(CONTEXT_HAS_ASM ? CONTEXT_ASM : CONTEXT_UCONTEXT);
}

static int open_ucontext(void **state)
{
    (void)state;
    return open_scheduler(CONTEXT_UCONTEXT);
}

static int close_scheduler(void **state)
{
    (void)state;
    scheduler_close(&scheduler);
    return context_choose(CONTEXT_HAS_ASM ? CONTEXT_ASM : CONTEXT_UCONTEXT);
}

static void create(void (*function)(void *), const void *argument)
{
    assert_non_null(scheduler_create(&scheduler, function, (void *)(uintptr_t)argument));
}

static void note(char letter)
{
    CHECK(strlen(order) < sizeof order - 1);
    order[strlen(order)] = letter;
}

// ---- order ----------------------------------------------------------------------------

static void three_turns(void *argument)
{
    const char *letter = argument;
    for (int i = 0; i < 3; i++) {
        note(*letter);
        direct_yield();
    }
}

static void turns_are_first_in_first_out(void **state)
{
    (void)state;
    create(three_turns, "a");
    create(three_turns, "b");
    create(three_turns, "c");
    scheduler_run_until_complete(&scheduler);
    assert_string_equal(order, "abcabcabc");
}

static void sleep_letter(void *argument)
{
    const char *letter = argument;
    direct_sleep((uint64_t)(*letter - 'a' + 1) * 20 * MS);
    note(*letter);
}

static void sleepers_wake_in_the_order_of_their_instants(void **state)
{
    (void)state;
    create(sleep_letter, "c");
    create(sleep_letter, "a");
    create(sleep_letter, "d");
    create(sleep_letter, "b");
    scheduler_run_until_complete(&scheduler);
    assert_string_equal(order, "abcd");
}

static struct coroutine *target;

static void end_later(void *argument)
{
    (void)argument;
    direct_sleep(20 * MS);
    note('!');
}

static void join_target(void *argument)
{
    const char *letter = argument;
    wait_join(target);
    note(*letter);
}

static void joiners_wake_in_the_order_in_which_they_came(void **state)
{
    (void)state;
    target = scheduler_create(&scheduler, end_later, NULL);
    create(join_target, "a");
    create(join_target, "b");
    create(join_target, "c");
    scheduler_run_until_complete(&scheduler);
    assert_string_equal(order, "!abc");
}

// ---- time -----------------------------------------------------------------------------

static uint64_t too_short;
static uint64_t slept;
static uint64_t asleep;
static uint64_t asleep_peak;

static void nap(void *argument)
{
    (void)argument;
    uint64_t began_ns = clock_now_ns();
    if (++asleep > asleep_peak)
        asleep_peak = asleep;
    direct_sleep(200 * MS);
    asleep--;
    slept++;
    if (clock_now_ns() - began_ns < 200 * MS)
        too_short++;
}

static void ten_thousand_sleep_at_once(void **state)
{
    (void)state;
    too_short = slept = asleep = asleep_peak = 0;
    for (uint32_t i = 0; i < many(); i++)
        create(nap, NULL);
    scheduler_run_until_complete(&scheduler);
    assert_int_equal(slept, many());
    assert_int_equal(too_short, 0);
    // All that is ready runs before a timer is looked at, on however slow a machine.
    assert_int_equal(asleep_peak, many());
    assert_int_equal(scheduler.alive, 0);
    assert_int_equal(scheduler.outside, 0);
}

static void sleep_nothing(void *argument)
{
    (void)argument;
    for (int i = 0; i < 10; i++)
        assert_int_equal(direct_sleep(0), 0);
    note('.');
}

static void a_sleep_of_nothing_ends(void **state)
{
    (void)state;
    create(sleep_nothing, NULL);
    scheduler_run_until_complete(&scheduler);
    assert_string_equal(order, ".");
}

// ---- fairness -------------------------------------------------------------------------

static volatile bool enough;

static void pass_control_on(void *argument)
{
    (void)argument;
    while (!enough)
        direct_yield();
}

static void compute_and_yield(void *argument)
{
    (void)argument;
    while (!enough) {
        uint64_t until_ns = clock_now_ns() + MS;
        while (clock_now_ns() < until_ns) {
        }
        direct_yield();
    }
}

static uint64_t woke_after_ns;

static void sleep_then_stop(void *argument)
{
    (void)argument;
    uint64_t began_ns = clock_now_ns();
    direct_sleep(10 * MS);
    woke_after_ns = clock_now_ns() - began_ns;
    enough = true;
}

static void busy_ones_do_not_starve_sleepers(void **state)
{
    (void)state;
    enough = false;
    create(pass_control_on, NULL);
    create(pass_control_on, NULL);
    create(sleep_then_stop, NULL);
    scheduler_run_until_complete(&scheduler);
    assert_true(woke_after_ns >= 10 * MS);
}

// A round of turns that take 1 ms each must have become short by the time that the
// sleeper is due: after 256, 128, ... turns it would be late by hundreds of them.
static void long_turns_make_short_rounds(void **state)
{
    (void)state;
    enough = false;
    create(compute_and_yield, NULL);
    create(sleep_then_stop, NULL);
    scheduler_run_until_complete(&scheduler);
    assert_int_equal(scheduler.turns <= SCHEDULER_TURNS_MAX / 2, true);
}

static void compute_thrice(void *argument)
{
    (void)argument;
    for (int i = 0; i < 3; i++) {
        uint64_t until_ns = clock_now_ns() + 2 * SCHEDULER_ROUND_NS;
        while (clock_now_ns() < until_ns) {
        }
        direct_yield();
    }
}

// Half of one is one: of none there would be no way back to longer rounds.
static void a_round_has_one_turn_at_least(void **state)
{
    (void)state;
    create(compute_thrice, NULL);
    scheduler.turns = 1;
    scheduler_run_until_complete(&scheduler);
    assert_int_equal(scheduler.turns, 1);
}

// ---- children -------------------------------------------------------------------------

static uint64_t square(const void *argument)
{
    uint32_t number = *(const uint32_t *)argument;
    if (number % 3 == 0)
        direct_yield();
    if (number % 5 == 0)
        direct_sleep(MS);
    return (uint64_t)number * number;
}

static uint64_t sum;

static void parent(void *argument)
{
    (void)argument;
    enum { CHILDREN = 50 };
    struct child children[CHILDREN];
    uint32_t numbers[CHILDREN];
    for (uint32_t i = 0; i < CHILDREN; i++) {
        numbers[i] = i;
        assert_int_equal(direct_spawn(&children[i], square, &numbers[i]), 0);
    }
    direct_sleep(2 * MS); // some have ended by now
    for (uint32_t i = CHILDREN; i-- > 0;) {
        uint64_t result;
        assert_int_equal(direct_join(&children[i], &result), 0);
        assert_int_equal(result, (uint64_t)i * i);
        sum += result;
    }
}

static void joins_deliver_results(void **state)
{
    (void)state;
    sum = 0;
    create(parent, NULL);
    create(parent, NULL);
    scheduler_run_until_complete(&scheduler);
    assert_int_equal(sum, 2 * 40425); // 0 + 1 + 4 + ... + 49 * 49, twice
}

static void spawn_too_many(void *argument)
{
    (void)argument;
    static const uint32_t number = 1;
    static struct child children[10000];
    uint32_t created = 0;
    int error;
    while ((error = direct_spawn(&children[created], square, &number)) == 0)
        created++;
    assert_int_equal(error, -EAGAIN);
    assert_int_equal(created, many() - 1); // the caller has a stack, too
    uint64_t result;
    for (uint32_t i = 0; i < created; i++)
        direct_join(&children[i], &result);
    note('.');
}

static void a_full_arena_refuses_children(void **state)
{
    (void)state;
    create(spawn_too_many, NULL);
    scheduler_run_until_complete(&scheduler);
    assert_string_equal(order, ".");
}

// ---- the end --------------------------------------------------------------------------

static void join_each_other(void *argument)
{
    struct coroutine **other = argument;
    direct_yield();
    wait_join(*other);
}

static void a_deadlock_ends_the_program(void **state)
{
    (void)state;
    pid_t pid = fork();
    if (pid == 0) {
        static struct coroutine *first, *second;
        alarm(20);
        close(STDERR_FILENO);
        first = scheduler_create(&scheduler, join_each_other, &second);
        second = scheduler_create(&scheduler, join_each_other, &first);
        scheduler_run_until_complete(&scheduler);
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), EXIT_WRONG);
}

#define BOTH_KINDS(test)                                                                 \
    {"asm: " #test, test, open_asm, close_scheduler, NULL},                              \
    {                                                                                    \
        "ucontext: " #test, test, open_ucontext, close_scheduler, NULL                   \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH_KINDS(turns_are_first_in_first_out),
        BOTH_KINDS(sleepers_wake_in_the_order_of_their_instants),
        BOTH_KINDS(joiners_wake_in_the_order_in_which_they_came),
        BOTH_KINDS(ten_thousand_sleep_at_once),
        BOTH_KINDS(a_sleep_of_nothing_ends),
        BOTH_KINDS(busy_ones_do_not_starve_sleepers),
        BOTH_KINDS(long_turns_make_short_rounds),
        BOTH_KINDS(a_round_has_one_turn_at_least),
        BOTH_KINDS(joins_deliver_results),
        BOTH_KINDS(a_full_arena_refuses_children),
        cmocka_unit_test_setup_teardown(a_deadlock_ends_the_program, open_asm,
                                        close_scheduler),
    };
    alarm(120);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

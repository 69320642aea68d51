// SPDX-License-Identifier: MIT
//
// test_coroutine.c - stacks and coroutines without a scheduler, with both kinds of
// switch. What a switch preserves is in context_test.c.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/check.h"
#include "runners/coroutine/coroutine.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define ROOM 64

static struct {
    struct stack_arena arena;
    struct coroutine thread;
    unsigned runs;
    struct coroutine *chain[3];
    struct coroutine *seen[3];
} test;

static int open_arena(enum context_kind kind)
{
    struct reason reason;
    struct stack_plan plan = {.stack_bytes = 64 << 10, .capacity = ROOM, .arenas = 1};
    memset(&test, 0, sizeof test);
    int error = context_choose(kind);
    if (error == 0)
        error = stack_arena_open(&test.arena, &plan, &reason);
    coroutine_adopt_thread(&test.thread);
    return error;
}

static int open_asm(void **state)
{
    (void)state;
    return open_arena(CONTEXT_HAS_ASM ? CONTEXT_ASM : CONTEXT_UCONTEXT);
}

static int open_ucontext(void **state)
{
    (void)state;
    return open_arena(CONTEXT_UCONTEXT);
}

static int close_arena(void **state)
{
    (void)state;
    coroutine_arena_clear(&test.arena);
    stack_arena_close(&test.arena);
    return context_choose(CONTEXT_HAS_ASM ? CONTEXT_ASM : CONTEXT_UCONTEXT);
}

static struct coroutine *once(struct coroutine *self)
{
    (void)self;
    test.runs++;
    return &test.thread;
}

static struct coroutine *count_to_three(struct coroutine *self)
{
    for (int i = 0; i < 3; i++) {
        test.runs++;
        coroutine_switch(self, &test.thread);
    }
    return &test.thread;
}

static void control_goes_to_and_fro(void **state)
{
    (void)state;
    struct coroutine *coroutine = coroutine_new(&test.arena, count_to_three);
    assert_non_null(coroutine);
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(test.runs, i);
        coroutine_switch(&test.thread, coroutine);
    }
    coroutine_switch(&test.thread, coroutine); // lets it end
    assert_int_equal(test.runs, 3);
}

static struct coroutine *pass_on(struct coroutine *self)
{
    test.seen[test.runs++] = self;
    return test.runs == 3 ? &test.thread : test.chain[test.runs];
}

// A coroutine may name any other as the one to run after its end.
static void an_end_names_the_next(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++)
        test.chain[i] = coroutine_new(&test.arena, pass_on);
    coroutine_switch(&test.thread, test.chain[0]);
    for (int i = 0; i < 3; i++)
        assert_ptr_equal(test.seen[i], test.chain[i]);
}

static void many_lives_on_one_stack(void **state)
{
    (void)state;
    // Where a tool is told of each, it takes 10 ms and not 10 us.
    int lives = announce_limit() != 0 ? 200 : 2000;
    for (int i = 0; i < lives; i++)
        coroutine_switch(&test.thread, coroutine_new(&test.arena, once));
    assert_int_equal(test.runs, lives);
    assert_int_equal(test.arena.carved, 1);
}

static void the_last_stack_given_is_the_first_taken(void **state)
{
    (void)state;
    struct coroutine *first = coroutine_new(&test.arena, once);
    struct coroutine *second = coroutine_new(&test.arena, once);
    coroutine_switch(&test.thread, second);
    coroutine_switch(&test.thread, first);
    assert_ptr_equal(coroutine_new(&test.arena, once), first);
    assert_ptr_equal(coroutine_new(&test.arena, once), second);
}

static void a_full_arena_says_so(void **state)
{
    (void)state;
    for (int i = 0; i < ROOM; i++)
        assert_non_null(coroutine_new(&test.arena, once));
    assert_null(coroutine_new(&test.arena, once));
    assert_int_equal(errno, EAGAIN);
}

// Eleven neighbours have eleven places in the page, and room for frames below each.
static void tops_are_coloured(void **state)
{
    (void)state;
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    for (uint32_t i = 0; i < 11; i++) {
        uintptr_t place = (uintptr_t)stack_numbered(&test.arena, i) % page;
        assert_int_equal(place % 64, 0);
        assert_true(place >= page / 2 - STACK_CONTROL_BYTES);
        for (uint32_t j = 0; j < i; j++)
            assert_int_not_equal(place, (uintptr_t)stack_numbered(&test.arena, j) % page);
    }
}

static void a_guard_knows_its_stack(void **state)
{
    (void)state;
    assert_int_not_equal(test.arena.guard, STACK_GUARD_NONE);
    coroutine_new(&test.arena, once);
    struct stack *stack = &coroutine_new(&test.arena, once)->stack;
    assert_int_equal(stack->number, 1);
    assert_ptr_equal(stack_guarded_at(&test.arena, stack->low - 1), stack);
    assert_ptr_equal(stack_guarded_at(&test.arena, stack->low - test.arena.page_bytes),
                     stack);
    assert_null(stack_guarded_at(&test.arena, stack->low));
    assert_null(stack_guarded_at(&test.arena, test.arena.base - 1));
    assert_null(stack_guarded_at(&test.arena, &test));
}

// ---- plans ----------------------------------------------------------------------------

// Without MADV_GUARD_INSTALL: mprotect while the limit of mappings allows, else none.
static void guards_step_down(void **state)
{
    (void)state;
    struct reason reason;
    struct stack_arena arena;
    struct stack_plan plan = {.stack_bytes = 64 << 10,
                              .capacity = 100,
                              .arenas = 1,
                              .guard = STACK_GUARD_PROTECT};
    assert_int_equal(stack_arena_open(&arena, &plan, &reason), 0);
    assert_int_equal(arena.guard, STACK_GUARD_PROTECT);
    assert_string_equal(stack_guard_name(arena.guard), "mprotect");
    struct stack *stack = stack_take(&arena);
    assert_non_null(stack);
    assert_ptr_equal(stack_guarded_at(&arena, stack->low - 1), stack);
    stack_arena_close(&arena);

    plan.arenas = 1 << 30; // more mappings than any system allows
    assert_int_equal(stack_arena_open(&arena, &plan, &reason), 0);
    assert_int_equal(arena.guard, STACK_GUARD_NONE);
    assert_non_null(stack_take(&arena));
    stack_arena_close(&arena);
}

// May the kernel read a byte there for us? It says so without a signal.
static bool is_readable(const int *pipe_ends, const char *address)
{
    char byte;
    if (write(pipe_ends[1], address, 1) != 1) {
        assert_int_equal(errno, EFAULT);
        return false;
    }
    assert_int_equal(read(pipe_ends[0], &byte, 1), 1);
    return true;
}

// More stacks than are guarded at once, and the last batch not a whole one.
static void every_stack_has_its_guard(void **state)
{
    (void)state;
    struct reason reason;
    struct stack_arena arena;
    struct stack_plan plan = {.stack_bytes = 16 << 10,
                              .capacity = 1500,
                              .arenas = 1,
                              .guard = STACK_GUARD_MARKER};
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(stack_arena_open(&arena, &plan, &reason), 0);
    for (uint32_t i = 0; i < plan.capacity; i++) {
        struct stack *stack = stack_take(&arena);
        assert_non_null(stack);
        assert_true(is_readable(ends, stack->low));
        if (arena.guard != STACK_GUARD_NONE) {
            assert_false(is_readable(ends, stack->low - 1));
            assert_false(is_readable(ends, stack->low - arena.page_bytes));
        }
    }
    assert_null(stack_take(&arena));
    stack_arena_close(&arena);
    close(ends[0]);
    close(ends[1]);
}

static void impossible_plans_are_refused(void **state)
{
    (void)state;
    struct reason reason;
    struct stack_arena arena;
    struct stack_plan plan = {.stack_bytes = 65537, .capacity = 1, .arenas = 1};
    assert_int_equal(stack_arena_open(&arena, &plan, &reason), -EINVAL);
    assert_non_null(strstr(reason.text, "--stack 65537"));
    plan.stack_bytes = (size_t)sysconf(_SC_PAGESIZE);
    assert_int_equal(stack_arena_open(&arena, &plan, &reason), -EINVAL);
    plan.stack_bytes = (size_t)1 << 40;
    plan.capacity = 1 << 20;
    assert_int_equal(stack_arena_open(&arena, &plan, &reason), -ENOMEM);
    plan.capacity = UINT32_MAX; // the product does not fit in 64 bits
    plan.stack_bytes = (size_t)1 << 40;
    assert_int_equal(stack_arena_open(&arena, &plan, &reason), -ENOMEM);
    assert_non_null(strstr(reason.text, "lower --stack"));
}

#define BOTH_KINDS(test)                                                                 \
    {"asm: " #test, test, open_asm, close_arena, NULL},                                  \
    {                                                                                    \
        "ucontext: " #test, test, open_ucontext, close_arena, NULL                       \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH_KINDS(control_goes_to_and_fro),
        BOTH_KINDS(an_end_names_the_next),
        BOTH_KINDS(many_lives_on_one_stack),
        BOTH_KINDS(the_last_stack_given_is_the_first_taken),
        BOTH_KINDS(a_full_arena_says_so),
        cmocka_unit_test_setup_teardown(tops_are_coloured, open_asm, close_arena),
        cmocka_unit_test_setup_teardown(a_guard_knows_its_stack, open_asm, close_arena),
        cmocka_unit_test(guards_step_down),
        cmocka_unit_test(every_stack_has_its_guard),
        cmocka_unit_test(impossible_plans_are_refused),
    };
    alarm(120);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: MIT
//
// context_test.c - contexts, stacks and coroutines alone: no scheduler, no libev, no
// test library, so that it can be built statically for another processor and run by an
// emulator. context.bats does that; test_coroutine.c looks deeper where it is native.
#include "lib/error.h"
#include "runners/coroutine/coroutine.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define ROUNDS 1000

static struct {
    struct stack_arena arena;
    struct coroutine thread;
    unsigned checks;
} test;

static void check(int holds, const char *what)
{
    if (!holds)
        die(EXIT_WRONG, "context_test: '%s' does not hold", what);
    test.checks++;
}

// More values than there are callee-saved registers, all alive across every switch:
// integers in those of the one kind, doubles in those of the other.
static uint64_t churn(struct coroutine *self, struct coroutine *other, uint64_t seed)
{
    uint64_t a = seed, b = seed * 3, c = seed * 5, d = seed * 7, e = seed * 11,
             f = seed * 13;
    uint64_t g = seed * 17, h = seed * 19, i = seed * 23, j = seed * 29, k = seed * 31;
    double p = (double)seed, q = p * 3, r = p * 5, s = p * 7, t = p * 11, u = p * 13;
    double v = p * 17, w = p * 19, x = p * 23;
    for (int round = 0; round < ROUNDS; round++) {
        coroutine_switch(self, other);
        a += b, b += c, c += d, d += e, e += f, f += g, g += h, h += i, i += j, j += k,
            k += a;
        p = q * 0.5, q = r * 0.5, r = s * 0.5, s = t * 0.5, t = u * 0.5, u = v * 0.5;
        v = w * 0.5, w = x * 0.5, x = p + (double)round;
    }
    uint64_t bits;
    double sum = p + q + r + s + t + u + v + w + x;
    memcpy(&bits, &sum, sizeof bits);
    return a ^ b ^ c ^ d ^ e ^ f ^ g ^ h ^ i ^ j ^ k ^ bits;
}

// The same without a switch in between: what churn() must come to.
static uint64_t churn_alone(uint64_t seed)
{
    uint64_t n[11] = {1, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31};
    double y[9] = {1, 3, 5, 7, 11, 13, 17, 19, 23};
    for (int i = 0; i < 11; i++)
        n[i] *= seed;
    for (int i = 0; i < 9; i++)
        y[i] *= (double)seed;
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < 11; i++)
            n[i] += n[(i + 1) % 11];
        for (int i = 0; i < 8; i++)
            y[i] = y[i + 1] * 0.5;
        y[8] = y[0] + (double)round;
    }
    uint64_t bits, all = 0;
    double sum = 0;
    for (int i = 0; i < 9; i++)
        sum += y[i];
    memcpy(&bits, &sum, sizeof bits);
    for (int i = 0; i < 11; i++)
        all ^= n[i];
    return all ^ bits;
}

static uint64_t found;

static struct coroutine *churner(struct coroutine *self)
{
    found = churn(self, &test.thread, 1234567);
    return &test.thread;
}

static void test_registers(void)
{
    struct coroutine *coroutine = coroutine_new(&test.arena, churner);
    check(coroutine != NULL, "a coroutine was created");
    check(churn(&test.thread, coroutine, 7654321) == churn_alone(7654321),
          "the thread's registers survive");
    coroutine_switch(&test.thread, coroutine);
    check(found == churn_alone(1234567), "the coroutine's registers survive");
}

// Switches away at every level of a recursion, on the way down and on the way up.
static unsigned descend(struct coroutine *self, unsigned level)
{
    char mark[32];
    memset(mark, (int)level, sizeof mark);
    coroutine_switch(self, &test.thread);
    unsigned below = level == 0 ? 0 : descend(self, level - 1);
    coroutine_switch(self, &test.thread);
    for (size_t i = 0; i < sizeof mark; i++)
        check(mark[i] == (char)level, "a frame survives");
    return below + 1;
}

static struct coroutine *descender(struct coroutine *self)
{
    found = descend(self, 99);
    return &test.thread;
}

static void test_frames(void)
{
    struct coroutine *coroutine = coroutine_new(&test.arena, descender);
    for (int i = 0; i < 201; i++)
        coroutine_switch(&test.thread, coroutine);
    check(found == 100, "a recursion goes on where it stopped");
}

static struct coroutine *once(struct coroutine *self)
{
    (void)self;
    found++;
    return &test.thread;
}

static void test_reuse(void)
{
    found = 0;
    uint32_t carved = test.arena.carved;
    for (int i = 0; i < 10000; i++)
        coroutine_switch(&test.thread, coroutine_new(&test.arena, once));
    check(found == 10000, "each coroutine ran once");
    check(test.arena.carved == carved, "stacks are used again");
}

int main(void)
{
    static const char *const names[] = {"asm", "ucontext"};
    error_set_program("context_test");
    for (int kind = CONTEXT_HAS_ASM ? CONTEXT_ASM : CONTEXT_UCONTEXT;
         kind <= CONTEXT_UCONTEXT; kind++) {
        struct reason reason;
        struct stack_plan plan = {.stack_bytes = 256 << 10, .capacity = 4, .arenas = 1};
        test.checks = 0;
        check(context_choose((enum context_kind)kind) == 0, "this kind exists here");
        if (stack_arena_open(&test.arena, &plan, &reason) != 0)
            die(EXIT_WRONG, "%s", reason.text);
        coroutine_adopt_thread(&test.thread);
        test_registers();
        test_frames();
        test_reuse();
        coroutine_arena_clear(&test.arena);
        stack_arena_close(&test.arena);
        printf("%s: %u checks hold\n", names[kind], test.checks);
    }
    return EXIT_FINE;
}

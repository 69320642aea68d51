// SPDX-License-Identifier: MIT
//
// generator.c - values out (`yield`), values in (`send`), one generator that feeds on
// another, and an end from outside (`close`).
//
// Read next: runners/coroutine/generator.c, which is short.
#include "runners/coroutine/generator.h"
#include "docs/lessons/lesson.h"

// def fibonacci(): a, b = 0, 1; while True: yield a; a, b = b, a + b
static void fibonacci(struct generator *self, void *argument)
{
    uint64_t a = 0;
    uint64_t b = 1;
    (void)argument;
    while (generator_yield(self, a, NULL) == 0) {
        uint64_t next = a + b;
        a = b;
        b = next;
    }
    printf("fibonacci: closed, cleaning up\n"); // finally:
}

// def even(source): for x in source: if x % 2 == 0: yield x
static void even(struct generator *self, void *argument)
{
    uint64_t number;
    while (generator_next(argument, &number)) {
        if (number % 2 == 0 && generator_yield(self, number, NULL) != 0)
            return;
    }
}

// Yields the mean of what has been sent so far.
static void mean(struct generator *self, void *argument)
{
    uint64_t sum = 0;
    uint64_t count = 0;
    uint64_t number;
    (void)argument;
    while (generator_yield(self, count == 0 ? 0 : sum / count, &number) == 0) {
        sum += number;
        count++;
    }
}

//DOC: lesson-generator
static int generators(void *argument, uint64_t *value)
{
    struct generator numbers;
    struct generator evens;
    struct generator means;
    (void)argument;
    generator_init(&numbers, "numbers", fibonacci, NULL);
    generator_init(&evens, "evens", even, &numbers);
    generator_init(&means, "means", mean, NULL);
    generator_next(&means, value); // runs to its first yield, where it can be sent to
    for (int i = 0; i < 5; i++) {
        uint64_t number;
        generator_next(&evens, &number);
        generator_send(&means, number, value);
        printf("even %3" PRIu64 ", mean so far %2" PRIu64 "\n", number, *value);
    }
    generator_close(&evens); // does not close the one that it reads from
    generator_close(&numbers);
    generator_close(&means);
    printf("numbers: %s\n", generator_next(&numbers, value) ? "goes on" : "has ended");
    return 0;
}

int main(void)
{
    return lesson_run(generators);
}

// SPDX-License-Identifier: MIT
//
// schedule.c - scheduled calls: they come in the order of their instants, not in that in
// which they were asked for, and can be taken back until they have been made.
//
// Read next: runners/coroutine/call_later.c; workloads/schedule for how late they are.
#include "docs/lessons/lesson.h"

#include "lib/clock.h"
#include "runners/coroutine/call_later.h"

static uint64_t zero_ns; // of the lesson's own clock

// A call with what it has to say. The call comes first: a pointer to it is one to this.
struct announcement {
    struct later_call call;
    const char *text;
};

static void say(struct later_call *call)
{
    printf("%s\n", ((struct announcement *)call)->text);
}

static void say_when(struct later_call *call)
{
    bool early = clock_now_ns() < zero_ns + 90 * MILLISECOND;
    say(call);
    printf("  and %s\n", early ? "too early" : "not before its time");
}

//DOC: lesson-schedule
static int schedule(void *argument, uint64_t *value)
{
    struct announcement late = {.text = "call_at 90 ms"};
    struct announcement soon = {.text = "call_later 30 ms"};
    struct announcement between = {.text = "call_later 60 ms"};
    struct announcement never = {.text = "this is not printed"};
    (void)argument;
    (void)value;
    zero_ns = clock_now_ns();
    call_at(&late.call, zero_ns + 90 * MILLISECOND, say_when);
    call_later(&between.call, 60 * MILLISECOND, say);
    call_later(&never.call, 45 * MILLISECOND, say);
    call_later(&soon.call, 30 * MILLISECOND, say);
    printf("taken back: %s\n", call_cancel(&never.call) ? "yes" : "no");
    wait_sleep(120 * MILLISECOND);
    printf("taken back, now that it has been made: %s\n",
           call_cancel(&soon.call) ? "yes" : "no");
    return 0;
}

int main(void)
{
    return lesson_run(schedule);
}

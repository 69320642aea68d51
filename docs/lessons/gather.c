// SPDX-License-Identifier: MIT
//
// gather.c - four tasks at the same time, one of which fails, under each of the three
// policies: failures are results, return at the first one, call the others off.
//
// Read next: runners/coroutine/gather.c.
#include "runners/coroutine/gather.h"
#include "docs/lessons/lesson.h"

#include <errno.h>

#define COUNT 4

// Page 0 takes longest, page 2 fails.
static int fetch_page(void *argument, uint64_t *value)
{
    uint64_t number = *(uint64_t *)argument;
    int error = wait_sleep((COUNT - number) * 40 * MILLISECOND);
    if (error == 0 && number == 2)
        error = -ENOENT;
    *value = 100 + number;
    printf("  page %" PRIu64 " ends: %s\n", number, lesson_result(error));
    return error;
}

static void show(const struct gather_member *members)
{
    printf("  results in the order given:");
    for (size_t i = 0; i < COUNT; i++) {
        if (members[i].error == 0)
            printf(" %" PRIu64, members[i].value);
        else
            printf(" %s", members[i].error == -EINPROGRESS ? "(not yet)"
                          : members[i].error == -ECANCELED ? "(cancelled)"
                                                           : "(failed)");
    }
    printf("\n");
}

//DOC: lesson-gather
static void gather_pages(enum gather_policy policy, const char *name)
{
    struct async_task tasks[COUNT];
    struct gather_member members[COUNT];
    uint64_t numbers[COUNT];
    printf("%s\n", name);
    for (size_t i = 0; i < COUNT; i++) {
        numbers[i] = i;
        lesson_task(&tasks[i], "page", fetch_page, &numbers[i]);
        members[i].task = &tasks[i];
    }
    int error = gather(members, COUNT, policy);
    printf("  gather: %s\n", lesson_result(error));
    show(members);
    for (size_t i = 0; i < COUNT; i++)
        task_await(&tasks[i], NULL);
}

static int all_policies(void *argument, uint64_t *value)
{
    (void)argument;
    (void)value;
    gather_pages(GATHER_RETURN_FAILURES, "gather(return_exceptions=True)");
    gather_pages(GATHER_FIRST_FAILURE, "gather()");
    gather_pages(GATHER_CANCEL_OTHERS, "TaskGroup");
    return 0;
}

int main(void)
{
    return lesson_run(all_policies);
}

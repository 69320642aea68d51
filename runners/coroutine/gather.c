// SPDX-License-Identifier: MIT
//
// Waiting for several tasks at once: see gather.h. Each task gets a callback that books
// its result; the last one, or a failure, wakes the one who waits for all.
#include "runners/coroutine/gather.h"

#include <errno.h>

struct gathering {
    struct gather_member *members;
    size_t count;
    size_t left; // how many have not ended
    enum gather_policy policy;
    int failure;            // the first one that matters
    struct future finished; // set when there is nothing more to wait for
};

static void cancel_all(struct gathering *gathering)
{
    for (size_t i = 0; i < gathering->count; i++)
        task_cancel(gathering->members[i].task);
}

static void book(struct gathering *gathering, struct gather_member *member)
{
    const struct future *future = &member->task->future;
    member->error = future->error;
    member->value = future->value;
    gathering->left--;
    if (member->error != 0 && gathering->failure == 0 &&
        gathering->policy != GATHER_RETURN_FAILURES) {
        gathering->failure = member->error;
        if (gathering->policy == GATHER_CANCEL_OTHERS)
            cancel_all(gathering);
    }
    bool enough = gathering->left == 0 ||
                  (gathering->failure != 0 && gathering->policy == GATHER_FIRST_FAILURE);
    if (enough && !gathering->finished.done)
        future_set_result(&gathering->finished, 0);
}

static void on_member_done(struct future *future, struct future_callback *callback)
{
    (void)future;
    struct gathering *gathering = callback->data;
    struct gather_member *members = gathering->members;
    size_t offset = (size_t)((char *)callback - (char *)members);
    book(gathering, &members[offset / sizeof *members]);
}

// Those that go on without us must not call us back.
static void detach(struct gathering *gathering)
{
    for (size_t i = 0; gathering->left > 0 && i < gathering->count; i++) {
        struct gather_member *member = &gathering->members[i];
        if (member->error == -EINPROGRESS && !member->task->future.done) {
            future_forget(&member->task->future, &member->on_done);
            gathering->left--;
        }
    }
}

// The caller has been cancelled: so are all, and this time nothing but the end of the
// last one counts.
static int cancelled(struct gathering *gathering)
{
    gathering->policy = GATHER_RETURN_FAILURES;
    cancel_all(gathering);
    if (gathering->left > 0) {
        future_init(&gathering->finished, "gather, cancelled");
        future_await(&gathering->finished, WAIT_FOREVER, NULL);
    }
    return -ECANCELED;
}

//DOC: gather
int gather(struct gather_member *members, size_t count, enum gather_policy policy)
{
    struct gathering gathering = {
        .members = members, .count = count, .left = count, .policy = policy};
    future_init(&gathering.finished, "gather");
    for (size_t i = 0; i < count; i++)
        members[i].error = -EINPROGRESS;
    for (size_t i = 0; i < count; i++) {
        members[i].on_done =
            (struct future_callback){.function = on_member_done, .data = &gathering};
        if (future_on_done(&members[i].task->future, &members[i].on_done) != 0)
            book(&gathering, &members[i]);
    }
    if (count == 0)
        return 0;
    if (future_await(&gathering.finished, WAIT_FOREVER, NULL) == -ECANCELED)
        return cancelled(&gathering);
    detach(&gathering);
    return gathering.failure;
}

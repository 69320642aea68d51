// SPDX-License-Identifier: MIT
//
// pipeline.c - exercise "pipeline": producers take items, a queue of `limit` holds them, and
// consumers hand them in.
//
//     TAKE 1       -> ITEM 4: the fourth item of producer 1; or END
//     PUT 1 4      -> OK 5f3a90c1; ERROR; or QUIT: this connection ends, and whoever takes its
//                     place hands the item in
//
// The witness gives out items at once and takes them slowly: first none, then the newest
// first.
#include "driver/grade/trial.h"

#include "lib/check.h"

#include <stdio.h>
#include <string.h>

enum {
    PRODUCERS = 2,
    CONSUMERS = 3,
    ITEMS = 6,
    CAPACITY = 2,
    HELD_BACK = 3,
    TOTAL = PRODUCERS * ITEMS
};
enum { ALIVE_MOST = CAPACITY + PRODUCERS + CONSUMERS };

enum stage { STAGE_NEW, STAGE_TAKEN, STAGE_OPEN, STAGE_DONE, STAGE_ERROR };

struct state {
    enum stage items[PRODUCERS][ITEMS];
    unsigned taken[PRODUCERS];
    bool ended[PRODUCERS]; // was told END
    unsigned done, answered;
    unsigned most_alive;
    bool idle; // a consumer was, when `at_work` of them were not
    unsigned at_work;
};

static const char *const scenarios[] = {"slow consumers", NULL};

static void give(struct trial *trial, struct request *request)
{
    struct state *state = trial->state;
    unsigned producer = (unsigned)request->actor;
    state->ended[producer] = state->taken[producer] == ITEMS;
    if (state->ended[producer]) {
        trial_answer(trial, request, "END");
        return;
    }
    state->items[producer][state->taken[producer]] = STAGE_TAKEN;
    trial_answer(trial, request, "ITEM %u", state->taken[producer]++);
    unsigned alive = state->taken[0] + state->taken[1] - state->done;
    state->most_alive = alive > state->most_alive ? alive : state->most_alive;
}

// The second producer gets its last items only when the first one has come to its end.
static bool is_held_back(const struct state *state, unsigned producer)
{
    return producer == 1 && state->taken[1] >= ITEMS - HELD_BACK && !state->ended[0];
}

static void take(struct trial *trial, struct request *request)
{
    const struct state *state = trial->state;
    request->actor = (long)trial_index(trial, request, PRODUCERS);
    if (!is_held_back(state, (unsigned)request->actor))
        give(trial, request);
}

static void hand_in(struct trial *trial, struct request *request)
{
    struct state *state = trial->state;
    unsigned producer = trial_index(trial, request, PRODUCERS);
    long item = request->numbers[1];
    if (item < 0 || item >= (long)state->taken[producer]) {
        trial_fail(trial, SAFE, "it handed in item %u/%ld, which it has not taken",
                   producer, item);
        trial_answer(trial, request, "UNKNOWN");
        return;
    }
    if (state->items[producer][item] != STAGE_TAKEN)
        trial_fail(trial, SAFE, "item %u/%ld was handed in twice", producer, item);
    state->items[producer][item] = STAGE_OPEN;
    request->actor = PRODUCERS + (long)(request->client % (2 * CONSUMERS));
}

static void asked(struct trial *trial, struct request *request)
{
    if (strcmp(request->verb, "TAKE") == 0)
        take(trial, request);
    else if (strcmp(request->verb, "PUT") == 0)
        hand_in(trial, request);
    else
        trial_refuse(trial, request);
}

// ---- the witness's part ----------------------------------------------------------------

static bool any(struct trial *trial)
{
    return trial->world.request_count > 0;
}

static bool full(struct trial *trial)
{
    const struct state *state = trial->state;
    unsigned left = TOTAL - state->done;
    if (trial_count_open(trial, "TAKE") > 0)
        left -= ITEMS - state->taken[1];
    return trial_count_open(trial, "PUT") >= (left < CONSUMERS ? left : CONSUMERS);
}

static void await_full(struct trial *trial)
{
    struct state *state = trial->state;
    if (trial_until(trial, full, state->idle ? LOOKS_SHORT : LOOKS_LONG) ||
        !trial_goes_on(trial))
        return;
    state->idle = true;
    state->at_work = trial_count_open(trial, "PUT");
}

static void answer(struct trial *trial, struct request *request)
{
    struct state *state = trial->state;
    unsigned producer = (unsigned)request->numbers[0];
    unsigned item = (unsigned)request->numbers[1];
    enum stage *stage = &state->items[producer][item];
    unsigned turn = state->answered++;
    if (turn == 1) {
        *stage = STAGE_TAKEN;
        trial_answer(trial, request, "QUIT");
        world_drop(&trial->world, request->client);
        return;
    }
    *stage = turn == 3 || turn == 5 || turn == 7 ? STAGE_ERROR : STAGE_DONE;
    state->done++;
    if (*stage == STAGE_ERROR)
        trial_answer(trial, request, "ERROR");
    else
        trial_answer(trial, request, "OK %08x",
                     trial_random(trial, producer * ITEMS + item));
}

// When the first producer has acted upon its end, or nothing else would go on.
static void release_takes(struct trial *trial)
{
    const struct state *state = trial->state;
    struct request *request = trial_open(trial, "TAKE", 0);
    if (request == NULL)
        return;
    trial_settle(trial, LOOKS_SHORT);
    if (request->open && (state->ended[0] || trial_count_open(trial, "PUT") == 0)) {
        give(trial, request);
        await_full(trial);
    }
}

static void play(struct trial *trial)
{
    struct request *request;
    if (!trial_until(trial, any, LOOKS_HANG))
        return;
    await_full(trial);
    trial_rest(trial);
    while (trial_goes_on(trial)) {
        release_takes(trial);
        request = trial_open(trial, "PUT", -1);
        if (request == NULL)
            return;
        answer(trial, request);
        await_full(trial);
    }
}

static void judge_item(struct trial *trial, const json_t *result, unsigned producer,
                       unsigned item)
{
    const struct state *state = trial->state;
    char text[16];
    enum stage stage = state->items[producer][item];
    const json_t *found = json_array_get(json_array_get(result, producer), item);
    const char *value = json_string_value(found);
    snprintf(text, sizeof text, "%08x", trial_random(trial, producer * ITEMS + item));
    if (stage == STAGE_NEW)
        trial_fail(trial, SAFE, "item %u/%u was never taken", producer, item);
    else if (stage == STAGE_TAKEN || stage == STAGE_OPEN)
        trial_fail(trial, SAFE, "item %u/%u was lost: taken, and not handed in", producer,
                   item);
    else if (stage == STAGE_ERROR ? !json_is_null(found)
                                  : value == NULL || strcmp(value, text) != 0)
        trial_fail(trial, SAFE, "the result of item %u/%u is not that of its place",
                   producer, item);
}

// An item that was lost is alive for ever, and leaves a consumer idle: it counts as lost.
static void judge_crowd(struct trial *trial)
{
    const struct state *state = trial->state;
    unsigned lost = TOTAL - state->done;
    if (state->most_alive > ALIVE_MOST + lost)
        trial_fail(trial, BOUNDED,
                   "%u items were alive at once: %u in the queue and one for each of %u "
                   "workers are allowed",
                   state->most_alive, CAPACITY, PRODUCERS + CONSUMERS);
    if (state->idle && lost == 0)
        trial_fail(trial, CONCURRENT,
                   "%u of %u consumers were at work, and items were left", state->at_work,
                   CONSUMERS);
}

static void judge(struct trial *trial, const json_t *result)
{
    for (unsigned producer = 0; producer < PRODUCERS; producer++)
        for (unsigned item = 0; item < ITEMS; item++)
            judge_item(trial, result, producer, item);
    judge_crowd(trial);
}

const struct exercise exercise_pipeline = {
    .name = "pipeline",
    .summary = "producers, a queue of `limit`, consumers: each item once",
    .noun = "worker",
    .actors = PRODUCERS + 2 * CONSUMERS,
    .n = ITEMS,
    .limit = CAPACITY,
    .more = "\"producers\": 2, \"consumers\": 3, ",
    .scenarios = scenarios,
    .play = play,
    .asked = asked,
    .judge = judge,
    .state_size = sizeof(struct state),
};

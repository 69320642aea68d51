// SPDX-License-Identifier: MIT
//
// resource.c - exercise "bounded-resource": visitors of a room in which at most `limit` are
// at a time, in the order in which they came.
//
//     ARRIVE 5     -> GO 0, or GO 100: wait for a place for at most so many ms
//     ENTER 5      -> OK or ERROR: the visit is over, the place is free
//     GONE 5       -> OK: it has waited in vain
//
// The witness lets visitors come one by one, each when the whole program sleeps, so that their
// order is known. It fails some visits, and lets some wait for too long.
#include "driver/grade/trial.h"

#include "lib/check.h"

#include <stdio.h>
#include <string.h>

enum { VISITORS = 12, PLACES = 3, PATIENCE_MS = 100, IMPATIENT = 3 };

enum fate { FATE_NONE, FATE_SERVED, FATE_FAILED, FATE_GONE };

struct state {
    enum fate fates[VISITORS];
    bool has_gone[VISITORS]; // was told GO
    unsigned queue[VISITORS];
    unsigned queued, gone, answered;
    bool idle;
    bool overtook; // visitor `overtaker`, one who came first
    unsigned overtaker, overtaken;
};

static const char *const scenarios[] = {"one by one", NULL};

static void leave_queue(struct state *state, unsigned visitor)
{
    for (unsigned i = 0; i < state->queued; i++) {
        if (state->queue[i] != visitor)
            continue;
        state->queued--;
        memmove(&state->queue[i], &state->queue[i + 1],
                (state->queued - i) * sizeof state->queue[0]);
        return;
    }
}

static void enter(struct trial *trial, unsigned visitor)
{
    struct state *state = trial->state;
    unsigned inside = trial_count_open(trial, "ENTER");
    if (!state->has_gone[visitor])
        trial_fail(trial, SAFE, "visitor %u went in without having been told to",
                   visitor);
    else if (inside > PLACES)
        trial_fail(trial, BOUNDED, "%u were inside at once; %u are allowed", inside,
                   PLACES);
    else if (state->queued > 0 && state->queue[0] != visitor && !state->overtook) {
        state->overtook = true;
        state->overtaker = visitor;
        state->overtaken = state->queue[0];
    }
    leave_queue(state, visitor);
}

static void asked(struct trial *trial, struct request *request)
{
    struct state *state = trial->state;
    unsigned visitor = trial_index(trial, request, VISITORS);
    request->actor = (long)visitor;
    if (strcmp(request->verb, "ENTER") == 0) {
        enter(trial, visitor);
    } else if (strcmp(request->verb, "GONE") == 0) {
        leave_queue(state, visitor);
        state->gone++;
        state->fates[visitor] = FATE_GONE;
        trial_answer(trial, request, "OK");
    } else if (strcmp(request->verb, "ARRIVE") != 0) {
        trial_refuse(trial, request);
    }
}

// ---- the witness's part ----------------------------------------------------------------

static bool all_here(struct trial *trial)
{
    return trial_count_open(trial, "ARRIVE") == VISITORS;
}

static bool impatient_gone(struct trial *trial)
{
    return ((struct state *)trial->state)->gone >= IMPATIENT;
}

static bool full(struct trial *trial)
{
    const struct state *state = trial->state;
    unsigned inside = trial_count_open(trial, "ENTER");
    return inside >= PLACES || state->queued == 0;
}

static void await_full(struct trial *trial)
{
    struct state *state = trial->state;
    if (trial_until(trial, full, state->idle ? LOOKS_SHORT : LOOKS_LONG) ||
        !trial_goes_on(trial))
        return;
    state->idle = true;
    trial_fail(trial, CONCURRENT, "%u were inside and %u waited; %u may be inside",
               trial_count_open(trial, "ENTER"), state->queued, PLACES);
}

// Lets a visitor come, and waits until it stands where it stands.
static void admit(struct trial *trial, struct request *request, bool impatient)
{
    struct state *state = trial->state;
    unsigned visitor = (unsigned)request->actor;
    state->has_gone[visitor] = true;
    state->queue[state->queued++] = visitor;
    trial_answer(trial, request, "GO %u", impatient ? (unsigned)PATIENCE_MS : 0);
    sighting_change(&trial->sighting, (long)visitor, SIGHTING_QUEUES);
    trial_settle(trial, LOOKS_SHORT);
}

static void admit_all(struct trial *trial)
{
    unsigned first = trial_random(trial, 0);
    for (unsigned i = 0; trial_goes_on(trial) && i < VISITORS; i++) {
        unsigned visitor = (first + 5 * i) % VISITORS;
        struct request *request = trial_open_of(trial, "ARRIVE", (long)visitor);
        if (request != NULL)
            admit(trial, request, i == 3 || i == 5 || i == 7);
    }
}

static void serve(struct trial *trial, struct request *request)
{
    struct state *state = trial->state;
    bool fails = state->answered < 6 && state->answered % 2 == 0;
    state->answered++;
    state->fates[request->actor] = fails ? FATE_FAILED : FATE_SERVED;
    trial_answer(trial, request, fails ? "ERROR" : "OK");
}

// One that lets its visitors come one after the other is only served.
static void serve_one_by_one(struct trial *trial)
{
    struct request *request;
    trial_fail(trial, CONCURRENT, "it slept when %u of %u visitors had come",
               trial_count_open(trial, "ARRIVE"), VISITORS);
    while (trial_until(trial, trial_any_open, LOOKS_HANG) && trial_goes_on(trial)) {
        request = trial_open(trial, NULL, 0);
        if (strcmp(request->verb, "ARRIVE") == 0)
            admit(trial, request, false);
        else
            serve(trial, request);
    }
}

static void play(struct trial *trial)
{
    struct state *state = trial->state;
    if (!trial_until(trial, trial_any_open, LOOKS_HANG))
        return;
    if (!trial_until(trial, all_here, LOOKS_LONG)) {
        if (trial_goes_on(trial))
            serve_one_by_one(trial);
        return;
    }
    admit_all(trial);
    if (!trial_until(trial, impatient_gone, LOOKS_LONG) && trial_goes_on(trial))
        trial_fail(trial, BOUNDED,
                   "%u visitors should wait for %u ms at most, %u gave up", IMPATIENT,
                   PATIENCE_MS, state->gone);
    trial_rest(trial);
    await_full(trial);
    struct request *request;
    while (trial_goes_on(trial) && (request = trial_open(trial, "ENTER", 0)) != NULL) {
        serve(trial, request);
        await_full(trial);
        trial_settle(trial, LOOKS_SHORT); // one too many may come later
    }
}

static void judge(struct trial *trial, const json_t *result)
{
    static const char *const names[] = {"", "served", "failed", "gone"};
    const struct state *state = trial->state;
    // Where too many go in at once there is no order.
    if (state->overtook && trial->verdicts[BOUNDED].state == VERDICT_HOLDS)
        trial_fail(trial, SAFE, "visitor %u went in before visitor %u, who came first",
                   state->overtaker, state->overtaken);
    for (unsigned i = 0; i < VISITORS; i++) {
        const char *found = json_string_value(json_array_get(result, i));
        if (state->fates[i] == FATE_NONE)
            trial_fail(trial, LIVE, "visitor %u was never inside", i);
        else if (found == NULL || strcmp(found, names[state->fates[i]]) != 0)
            trial_fail(trial, SAFE, "number %u of the result is not \"%s\"", i,
                       names[state->fates[i]]);
    }
}

const struct exercise exercise_resource = {
    .name = "bounded-resource",
    .summary = "let at most `limit` in at once, first come, first served",
    .noun = "visitor",
    .actors = VISITORS,
    .n = VISITORS,
    .limit = PLACES,
    .more = "",
    .scenarios = scenarios,
    .play = play,
    .asked = asked,
    .judge = judge,
    .state_size = sizeof(struct state),
};

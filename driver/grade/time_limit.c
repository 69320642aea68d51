// SPDX-License-Identifier: MIT
//
// time_limit.c - exercise "time-limit": n transactions at once, and a time limit for all of
// them together. What is not done by then is rolled back, and waited for.
//
//     BEGIN 2      -> OK
//     WORK 2       -> MORE: say WORK again; DONE: commit now
//     COMMIT 2     -> OK
//     ROLLBACK 2   -> ROLLED BACK; what was under way may come before it
//
// Two transactions are done at once, one is told MORE again and again, three are never
// answered. ROLLBACK is answered late.
#include "driver/grade/trial.h"

#include "lib/check.h"
#include "lib/clock.h"

#include <stdio.h>
#include <string.h>

enum { TRANSACTIONS = 6, LIMIT_MS = 800, QUICK = 2, SLOW = 2, STEPS = 6 };

struct transaction {
    bool begun, done, commit, rollback, left;
    unsigned steps;
};

struct state {
    struct transaction list[TRANSACTIONS];
    uint64_t drip_ns; // when the slow one is told MORE next
    bool asleep;      // the program, at the last look
};

static const char *const scenarios[] = {"too slow", NULL};

static void begin(struct trial *trial, struct transaction *one, unsigned number)
{
    if (one->begun)
        trial_fail(trial, SAFE, "transaction %u was begun twice", number);
    one->begun = true;
}

static void work(struct trial *trial, struct transaction *one, struct request *request)
{
    if (one->done || one->rollback)
        trial_fail(trial, SAFE, "transaction %ld went on after its end", request->actor);
    one->steps++;
    if (request->actor < QUICK) {
        one->done = true;
        trial_answer(trial, request, "DONE");
    }
}

static void commit(struct trial *trial, struct transaction *one, struct request *request)
{
    if (!one->done || one->rollback)
        trial_fail(trial, SAFE, "transaction %ld was committed and not done",
                   request->actor);
    one->commit = true;
    trial_answer(trial, request, "OK");
}

static void asked(struct trial *trial, struct request *request)
{
    struct state *state = trial->state;
    unsigned number = trial_index(trial, request, TRANSACTIONS);
    struct transaction *one = &state->list[number];
    request->actor = (long)number;
    if (strcmp(request->verb, "BEGIN") == 0)
        begin(trial, one, number);
    else if (strcmp(request->verb, "WORK") == 0)
        work(trial, one, request);
    else if (strcmp(request->verb, "COMMIT") == 0)
        commit(trial, one, request);
    else if (strcmp(request->verb, "ROLLBACK") == 0)
        one->rollback = true;
    else
        trial_refuse(trial, request);
}

// A connection is closed: what it has begun must have an end, which it has been told.
static void left(struct trial *trial, unsigned client)
{
    struct state *state = trial->state;
    for (size_t i = 0; i < trial->world.request_count; i++) {
        const struct request *request = &trial->world.requests[i];
        if (request->client != client || request->actor < 0)
            continue;
        struct transaction *one = &state->list[request->actor];
        one->left = true;
        if (request->open && strcmp(request->verb, "ROLLBACK") == 0)
            trial_fail(trial, CLEAN,
                       "it did not wait for the answer to ROLLBACK of transaction %ld",
                       request->actor);
        else if (!one->commit && !one->rollback)
            trial_fail(trial, CLEAN, "transaction %ld has neither COMMIT nor ROLLBACK",
                       request->actor);
    }
}

// ---- the witness's part ----------------------------------------------------------------

// Something of an end, or of a second beginning.
static bool any_end(struct trial *trial)
{
    return trial_count_open(trial, "ROLLBACK") + trial_count_open(trial, "BEGIN") > 0;
}

static bool all_begun(struct trial *trial)
{
    return trial_count_open(trial, "BEGIN") == TRANSACTIONS;
}

static void answer_all(struct trial *trial, const char *verb, const char *answer)
{
    struct request *request;
    while ((request = trial_open(trial, verb, 0)) != NULL)
        trial_answer(trial, request, "%s", answer);
}

// Tells the slow one MORE twice within the limit, as long as the program sleeps: one that
// only lacks a CPU must not lose by that.
static void drip(struct trial *trial)
{
    struct state *state = trial->state;
    struct transaction *slow = &state->list[SLOW];
    if (clock_now_ns() < state->drip_ns || !state->asleep)
        return;
    struct request *request = trial_open_of(trial, "WORK", SLOW);
    if (request == NULL)
        return;
    state->drip_ns = clock_now_ns() + LIMIT_MS * UINT64_C(1000000) / 2;
    slow->done = slow->steps >= STEPS;
    if (slow->done)
        trial_fail(trial, BOUNDED, "transaction %u went on for %u times the limit", SLOW,
                   slow->steps / 2);
    trial_answer(trial, request, slow->done ? "DONE" : "MORE");
}

static bool all_ended(struct trial *trial)
{
    const struct state *state = trial->state;
    answer_all(trial, "BEGIN", "OK");
    drip(trial);
    for (unsigned i = 0; i < TRANSACTIONS; i++)
        if (!state->list[i].commit && !state->list[i].rollback && !state->list[i].left)
            return false;
    return true;
}

static void looked(struct trial *trial, const struct program_look *look)
{
    ((struct state *)trial->state)->asleep = look->asleep;
}

static void play(struct trial *trial)
{
    struct state *state = trial->state;
    if (!trial_until(trial, trial_any_open, LOOKS_HANG))
        return;
    if (!trial_until(trial, all_begun, LOOKS_LONG) && trial_goes_on(trial))
        trial_fail(trial, CONCURRENT, "it slept when %u of %u transactions were begun",
                   trial_count_open(trial, "BEGIN"), TRANSACTIONS);
    trial->looked = looked;
    state->drip_ns = clock_now_ns() + LIMIT_MS * UINT64_C(1000000) / 3;
    trial_until(trial, all_ended, LOOKS_HANG + LIMIT_MS / TURN_MS);
    trial->looked = NULL;
    do {
        trial_settle(trial, LOOKS_LONG); // does it wait for the answer?
        answer_all(trial, "BEGIN", "OK");
        answer_all(trial, "ROLLBACK", "ROLLED BACK");
    } while (trial_until(trial, any_end, LOOKS_HANG + LIMIT_MS / TURN_MS));
}

static void judge(struct trial *trial, const json_t *result)
{
    const struct state *state = trial->state;
    for (unsigned i = 0; i < TRANSACTIONS; i++) {
        const struct transaction *one = &state->list[i];
        const char *found = json_string_value(json_array_get(result, i));
        bool both = one->commit && one->rollback; // the limit struck between the two
        const char *wanted = one->commit ? "committed" : "rolled back";
        if (!one->begun)
            trial_fail(trial, LIVE, "transaction %u was never begun", i);
        else if (found == NULL || (!both && strcmp(found, wanted) != 0))
            trial_fail(trial, SAFE, "number %u of the result is not \"%s\"", i, wanted);
    }
}

const struct exercise exercise_time_limit = {
    .name = "time-limit",
    .summary = "call n transactions off after `limit_ms`, and roll them back",
    .noun = "trans.",
    .actors = TRANSACTIONS,
    .n = TRANSACTIONS,
    .limit = TRANSACTIONS,
    .more = "\"limit_ms\": 800, ",
    .scenarios = scenarios,
    .play = play,
    .asked = asked,
    .left = left,
    .judge = judge,
    .state_size = sizeof(struct state),
};

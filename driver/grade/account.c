// SPDX-License-Identifier: MIT
//
// account.c - exercise "shared-account": n clients move money between accounts that the
// witness keeps. The sum must stay, and no account may fall below 0.
//
//     NEXT 1       -> MOVE 0 4 30: from account 0 to 4; or END
//     GET 0        -> 70
//     PUT 0 40     -> OK
//
// A client refuses a move that the account cannot pay: it says NEXT without any PUT. GET is
// always answered before PUT, and nobody before the whole program sleeps: what can come
// between, does.
#include "driver/grade/trial.h"

#include "lib/check.h"

#include <stdio.h>
#include <string.h>

enum { CLIENTS = 4, ACCOUNTS = 8, MONEY = 100, ROUNDS = 4, READS_MOST = 60 };

struct move {
    unsigned from, to;
    long amount;
};

// All at once in a round: apart, in two orders, too much, all on the same.
static const struct move moves[ROUNDS][CLIENTS] = {
    {{0, 1, 10}, {2, 3, 10}, {4, 5, 10}, {6, 7, 10}},
    {{0, 1, 5}, {1, 0, 5}, {2, 3, 5}, {3, 2, 5}},
    {{0, 1, 1000}, {1, 0, 7}, {0, 1, 3}, {1, 0, 1000}},
    {{4, 5, 2}, {5, 4, 3}, {4, 5, 4}, {5, 4, 1000}},
};

struct mover {
    const struct move *move; // NULL: between two
    long told[ACCOUNTS];     // what GET has said
    bool has_read[ACCOUNTS];
    unsigned version[ACCOUNTS]; // of what it has read
    bool has_put[ACCOUNTS];
};

struct state {
    long money[ACCOUNTS];
    unsigned version[ACCOUNTS];
    struct mover movers[CLIENTS];
    int mover_of[WORLD_CLIENTS]; // 0: nobody; else the client and 1
    unsigned refused, round;
    unsigned reads; // since the last write
};

static const char *const scenarios[] = {"reads before writes", NULL};

// ---- what clients do -------------------------------------------------------------------

// A move is over: was it done, or refused with reason?
static void settle_move(struct trial *trial, unsigned number)
{
    struct state *state = trial->state;
    struct mover *mover = &state->movers[number];
    const struct move *move = mover->move;
    if (move == NULL)
        return;
    bool from = mover->has_put[move->from], to = mover->has_put[move->to];
    if (from != to)
        trial_fail(trial, SAFE,
                   "client %u wrote one account of a move, and not the other", number);
    if (!from && !to && mover->has_read[move->from] &&
        mover->told[move->from] >= move->amount)
        trial_fail(trial, SAFE, "client %u refused to move %ld of %ld", number,
                   move->amount, mover->told[move->from]);
    state->refused += !from && !to;
    *mover = (struct mover){0};
}

static void next(struct trial *trial, struct request *request)
{
    struct state *state = trial->state;
    unsigned number = trial_index(trial, request, CLIENTS);
    request->actor = (long)number;
    state->mover_of[request->client] = (int)number + 1;
    settle_move(trial, number);
}

static void asked(struct trial *trial, struct request *request)
{
    struct state *state = trial->state;
    request->actor = state->mover_of[request->client] - 1;
    if (strcmp(request->verb, "NEXT") == 0)
        next(trial, request);
    else if ((strcmp(request->verb, "GET") != 0 && strcmp(request->verb, "PUT") != 0) ||
             request->actor < 0)
        trial_refuse(trial, request);
    else
        trial_index(trial, request, ACCOUNTS);
}

static void get(struct trial *trial, struct request *request)
{
    struct state *state = trial->state;
    struct mover *mover = &state->movers[request->actor];
    unsigned account = trial_index(trial, request, ACCOUNTS);
    mover->told[account] = state->money[account];
    mover->has_read[account] = true;
    mover->version[account] = state->version[account];
    if (++state->reads > READS_MOST) {
        trial_fail(trial, LIVE,
                   "it reads again and again, and writes nothing: %u times so far",
                   state->reads);
        trial->stopped = true;
    }
    trial_answer(trial, request, "%ld", state->money[account]);
}

static void put(struct trial *trial, struct request *request)
{
    struct state *state = trial->state;
    struct mover *mover = &state->movers[request->actor];
    unsigned account = trial_index(trial, request, ACCOUNTS);
    if (!mover->has_read[account])
        trial_fail(trial, SAFE, "client %ld wrote account %u without having read it",
                   request->actor, account);
    else if (mover->version[account] != state->version[account])
        trial_fail(
            trial, SAFE,
            "client %ld wrote account %u, which another one had written since it was "
            "read: a lost update",
            request->actor, account);
    if (request->numbers[1] < 0)
        trial_fail(trial, SAFE, "account %u fell to %ld", account, request->numbers[1]);
    state->money[account] = request->numbers[1];
    state->version[account]++;
    state->reads = 0;
    mover->has_put[account] = true;
    trial_answer(trial, request, "OK");
}

// ---- the witness's part ----------------------------------------------------------------

static bool all_next(struct trial *trial)
{
    return trial_count_open(trial, "NEXT") == CLIENTS;
}

static bool all_get(struct trial *trial)
{
    return trial_count_open(trial, "GET") == CLIENTS;
}

// Something to answer, or the end of the round.
static bool to_do(struct trial *trial)
{
    return trial_count_open(trial, "GET") + trial_count_open(trial, "PUT") > 0 ||
           all_next(trial);
}

static void begin_round(struct trial *trial)
{
    struct state *state = trial->state;
    struct request *request;
    while ((request = trial_open(trial, "NEXT", 0)) != NULL) {
        const struct move *move = &moves[state->round][request->actor];
        state->movers[request->actor].move = move;
        trial_answer(trial, request, "MOVE %u %u %ld", move->from, move->to,
                     move->amount);
    }
}

static void play_round(struct trial *trial, unsigned in_it)
{
    struct state *state = trial->state;
    begin_round(trial);
    if (state->round == 0 && !trial_until(trial, all_get, LOOKS_LONG) &&
        trial_goes_on(trial) && in_it == CLIENTS)
        trial_fail(trial, CONCURRENT,
                   "%u of %u moves between different accounts were at work at once",
                   trial_count_open(trial, "GET"), CLIENTS);
    while (trial_until(trial, to_do, LOOKS_LONG) && trial_goes_on(trial)) {
        trial_settle(trial, LOOKS_SHORT);
        struct request *request = trial_open(trial, "GET", 0);
        if (request != NULL)
            get(trial, request);
        else if ((request = trial_open(trial, "PUT", 0)) != NULL)
            put(trial, request);
        else
            return;
    }
}

static void play(struct trial *trial)
{
    struct state *state = trial->state;
    for (unsigned i = 0; i < ACCOUNTS; i++)
        state->money[i] = MONEY;
    if (!trial_until(trial, trial_any_open, LOOKS_HANG))
        return;
    for (; trial_goes_on(trial) && state->round < ROUNDS; state->round++) {
        bool all = trial_until(trial, all_next, LOOKS_LONG);
        unsigned ready = trial_count_open(trial, "NEXT");
        if (ready == 0)
            return;
        if (!all && trial_goes_on(trial))
            trial_fail(trial, CONCURRENT, "it slept when %u of %u clients had come",
                       ready, CLIENTS);
        play_round(trial, ready);
    }
    struct request *request;
    trial_until(trial, all_next, LOOKS_LONG);
    while (trial_until(trial, trial_any_open, LOOKS_SHORT) && trial_goes_on(trial) &&
           (request = trial_open(trial, NULL, 0)) != NULL)
        trial_answer(trial, request, "END");
}

static void judge(struct trial *trial, const json_t *result)
{
    const struct state *state = trial->state;
    long sum = 0;
    for (unsigned i = 0; i < ACCOUNTS; i++)
        sum += state->money[i];
    if (sum != ACCOUNTS * MONEY)
        trial_fail(trial, SAFE, "the sum is %ld, and was %d", sum, ACCOUNTS * MONEY);
    if (json_integer_value(result) != (json_int_t)state->refused)
        trial_fail(trial, SAFE, "the result is not the number of refused moves, %u",
                   state->refused);
}

const struct exercise exercise_account = {
    .name = "shared-account",
    .summary = "move money between accounts: the sum stays, none below 0",
    .noun = "client",
    .actors = CLIENTS,
    .n = CLIENTS,
    .limit = CLIENTS,
    .more = "",
    .scenarios = scenarios,
    .play = play,
    .asked = asked,
    .judge = judge,
    .state_size = sizeof(struct state),
};

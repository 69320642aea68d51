// SPDX-License-Identifier: MIT
//
// fetch_all.c - exercise "fetch-all": fetch n pages, as many at once as `limit`, and print
// them in the order asked.
//
//     GET 3        -> 200 5f3a90c1, or 500 error
//
// The witness answers nobody until as many have asked as may, and then the newest first; it
// waits each time for the place that has become free to be used.
#include "driver/grade/trial.h"

#include "lib/check.h"

#include <stdio.h>
#include <string.h>

enum { PAGES = 12, AT_ONCE = 4, SCENARIO_FAILURE = 1 };

struct state {
    unsigned asked[PAGES];
    bool failed[PAGES];
    unsigned answered;
    unsigned most; // that were asked for at the same time
    bool idle;     // a place stayed free
};

static const char *const scenarios[] = {"the newest first", "one page fails", NULL};

static void asked(struct trial *trial, struct request *request)
{
    struct state *state = trial->state;
    if (strcmp(request->verb, "GET") != 0) {
        trial_refuse(trial, request);
        return;
    }
    unsigned page = trial_index(trial, request, PAGES);
    unsigned open = trial_count_open(trial, "GET");
    request->actor = (long)page;
    if (state->asked[page]++ > 0)
        trial_fail(trial, SAFE, "it asked for page %u twice", page);
    if (open > AT_ONCE)
        trial_fail(trial, BOUNDED, "it asked for %u pages at once; %u are allowed", open,
                   AT_ONCE);
    state->most = open > state->most ? open : state->most;
}

// Are as many asked for as may be?
static bool full(struct trial *trial)
{
    const struct state *state = trial->state;
    unsigned left = PAGES - state->answered;
    return trial_count_open(trial, "GET") >= (left < AT_ONCE ? left : AT_ONCE);
}

static void await_full(struct trial *trial)
{
    struct state *state = trial->state;
    if (trial_until(trial, full, state->idle ? LOOKS_SHORT : LOOKS_LONG) ||
        !trial_goes_on(trial) || !trial_any_open(trial))
        return;
    state->idle = true;
    if (state->most < AT_ONCE)
        trial_fail(trial, CONCURRENT,
                   "it slept with %u page%s asked for; %u may be at once", state->most,
                   state->most == 1 ? "" : "s", AT_ONCE);
    else
        trial_fail(
            trial, CONCURRENT,
            "a page was done, and the next one was not asked for until others were, "
            "too");
}

static void answer(struct trial *trial, struct request *request)
{
    struct state *state = trial->state;
    unsigned page = (unsigned)request->actor;
    state->failed[page] = trial->scenario == SCENARIO_FAILURE && state->answered == 1;
    state->answered++;
    if (state->failed[page])
        trial_answer(trial, request, "500 error");
    else
        trial_answer(trial, request, "200 %08x", trial_random(trial, page));
}

// All but one are done: what is open now has been forgotten.
static void count_connections(struct trial *trial)
{
    trial_settle(trial, LOOKS_LONG);
    if (trial_goes_on(trial) && trial->world.open_clients > AT_ONCE)
        trial_fail(trial, CLEAN, "%u connections are open, and one page is asked for",
                   trial->world.open_clients);
}

static void play(struct trial *trial)
{
    struct state *state = trial->state;
    if (!trial_until(trial, trial_any_open, LOOKS_HANG))
        return;
    await_full(trial);
    trial_settle(trial, LOOKS_LONG); // would it ask for more?
    while (trial_goes_on(trial) && state->answered < PAGES) {
        if (!trial_until(trial, trial_any_open, LOOKS_HANG))
            return;
        if (state->answered + 1 == PAGES)
            count_connections(trial);
        struct request *request = trial_open(trial, "GET", -1);
        if (request == NULL)
            return;
        answer(trial, request);
        await_full(trial);
    }
}

static void judge(struct trial *trial, const json_t *result)
{
    const struct state *state = trial->state;
    char text[16];
    if (state->answered < PAGES) {
        trial_fail(trial, LIVE, "it ended when %u of %u pages had been answered",
                   state->answered, PAGES);
        return;
    }
    if (json_array_size(result) != PAGES)
        trial_fail(trial, SAFE, "the result is no list of %u pages", PAGES);
    for (unsigned i = 0; i < PAGES; i++) {
        const json_t *page = json_array_get(result, i);
        const char *found = json_string_value(page);
        snprintf(text, sizeof text, "%08x", trial_random(trial, i));
        if (state->failed[i] ? !json_is_null(page)
                             : found == NULL || strcmp(found, text) != 0)
            trial_fail(trial, SAFE, "number %u of the result is not page %u%s", i, i,
                       state->failed[i] ? ", which failed: null" : "");
    }
}

const struct exercise exercise_fetch_all = {
    .name = "fetch-all",
    .summary = "fetch n pages, `limit` at once, and keep their order",
    .noun = "page",
    .actors = PAGES,
    .n = PAGES,
    .limit = AT_ONCE,
    .more = "",
    .scenarios = scenarios,
    .play = play,
    .asked = asked,
    .judge = judge,
    .state_size = sizeof(struct state),
};

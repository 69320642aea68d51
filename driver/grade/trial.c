// SPDX-License-Identifier: MIT
//
// One run of a program against the witness: see trial.h.
#include "driver/grade/trial.h"

#include "driver/system/interrupt.h"
#include "lib/allocate.h"
#include "lib/clock.h"
#include "lib/mix.h"
#include "lib/plain.h"
#include "lib/process.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define QUICK_MS      3                    // of the first looks
#define BUSY_NS       (2 * NS_PER_SECOND)  // of CPU time, while it has nothing to do
#define START_BUSY_NS (20 * NS_PER_SECOND) // the same before it has connected at all
#define SEED_STEP     UINT64_C(0x9e3779b97f4a7c15) // numbers of two seeds do not overlap
#define RESTLESS      120 // looks in which it was neither asleep nor awake

void trial_fail(struct trial *trial, enum property property, const char *format, ...)
{
    struct verdict *verdict = &trial->verdicts[property];
    va_list arguments;
    if (verdict->state == VERDICT_FAILS)
        return;
    verdict->state = VERDICT_FAILS;
    va_start(arguments, format);
    vsnprintf(verdict->why, sizeof verdict->why, format, arguments);
    va_end(arguments);
}

uint32_t trial_random(const struct trial *trial, uint32_t number)
{
    return (uint32_t)(mix((trial->seed - 1) * SEED_STEP + number + 1) >> 33);
}

// ---- requests --------------------------------------------------------------------------

static bool is_wanted(const struct request *request, const char *verb)
{
    return request->open && (verb == NULL || strcmp(request->verb, verb) == 0);
}

unsigned trial_count_open(const struct trial *trial, const char *verb)
{
    unsigned count = 0;
    for (size_t i = 0; i < trial->world.request_count; i++)
        count += is_wanted(&trial->world.requests[i], verb);
    return count;
}

bool trial_any_open(struct trial *trial)
{
    return trial_count_open(trial, NULL) > 0;
}

struct request *trial_open(struct trial *trial, const char *verb, int index)
{
    struct request *last = NULL;
    for (size_t i = 0; i < trial->world.request_count; i++) {
        if (!is_wanted(&trial->world.requests[i], verb))
            continue;
        last = &trial->world.requests[i];
        if (index-- == 0)
            return last;
    }
    return index < 0 ? last : NULL;
}

struct request *trial_open_of(struct trial *trial, const char *verb, long actor)
{
    for (size_t i = 0; i < trial->world.request_count; i++) {
        struct request *request = &trial->world.requests[i];
        if (is_wanted(request, verb) && request->actor == actor)
            return request;
    }
    return NULL;
}

void trial_answer(struct trial *trial, struct request *request, const char *format, ...)
{
    char line[WORLD_LINE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    sighting_change(&trial->sighting, request->actor, SIGHTING_TOLD);
    world_answer(&trial->world, request, line);
}

unsigned trial_index(struct trial *trial, const struct request *request, unsigned count)
{
    if (request->numbers[0] >= 0 && request->numbers[0] < (long)count)
        return (unsigned)request->numbers[0];
    trial_fail(trial, SAFE, "it said '%s %ld': the number must be 0 to %u", request->verb,
               request->numbers[0], count - 1);
    return 0;
}

void trial_refuse(struct trial *trial, struct request *request)
{
    char verb[sizeof request->verb];
    plain_copy(verb, sizeof verb, request->verb);
    trial_fail(trial, SAFE, "it said '%s', which is no line of this exercise", verb);
    trial_answer(trial, request, "UNKNOWN");
}

static void on_asked(void *context, struct request *request)
{
    struct trial *trial = context;
    trial->exercise->asked(trial, request);
    sighting_change(&trial->sighting, request->actor,
                    request->open ? SIGHTING_ASKED : SIGHTING_TOLD);
}

static void on_left(void *context, unsigned client)
{
    struct trial *trial = context;
    long actor = -1;
    for (size_t i = 0; i < trial->world.request_count; i++)
        if (trial->world.requests[i].client == client)
            actor = trial->world.requests[i].actor;
    if (trial->exercise->left != NULL)
        trial->exercise->left(trial, client);
    sighting_change(&trial->sighting, actor, SIGHTING_NOTHING);
}

// ---- waiting ---------------------------------------------------------------------------

bool trial_goes_on(const struct trial *trial)
{
    return !trial->stopped && !trial->program.ended;
}

static void stop(struct trial *trial, enum property property, const char *why)
{
    trial_fail(trial, property, "%s", why);
    trial->stopped = true;
}

// Ends the run for what no program may do.
static void check_excess(struct trial *trial)
{
    static const char *const texts[] = {
        [EXCESS_PRINTED] = "it printed more than 64 KiB",
        [EXCESS_MEMORY] = "it used more than 256 MiB of memory",
        [EXCESS_PROCESSES] = "it started more than 100 processes"};
    if (trial->program.excess != EXCESS_NOTHING)
        stop(trial, BOUNDED, texts[trial->program.excess]);
    else if (trial->world.overrun)
        stop(trial, BOUNDED,
             "it made more than 256 connections, or said far more than was asked for");
    else if (interrupt_wanted(0))
        trial->interrupted = trial->stopped = true;
    else if (clock_now_ns() > trial->until_ns) {
        trial_fail(trial, LIVE, "it has not ended after %u s", trial->late_s);
        trial->stopped = true;
    }
}

// One turn of poll(). Has anything happened?
static bool turn(struct trial *trial, int timeout_ms)
{
    const struct world_listener listener = {on_asked, on_left, trial};
    const int others[] = {trial->program.output, trial->program.error};
    bool fresh = world_turn(&trial->world, timeout_ms, others, &listener);
    fresh |= program_hear(&trial->program);
    // Lines that came just before the end are read, too.
    for (int i = 0; trial->program.ended && i < 1000; i++)
        if (!world_turn(&trial->world, 0, (const int[]){-1, -1}, &listener))
            break;
    check_excess(trial);
    return fresh;
}

// How a program that says nothing spends its time.
struct silence {
    unsigned asleep; // looks in a row
    unsigned looks, rest;
    uint64_t cpu_ns; // when it began
};

static void look(struct trial *trial, struct silence *silence)
{
    struct program_look seen;
    program_look(&trial->program, false, &seen);
    trial->cpu_ns = seen.cpu_ns;
    if (trial->looked != NULL)
        trial->looked(trial, &seen);
    if (silence->looks++ == 0)
        silence->cpu_ns = seen.cpu_ns;
    silence->rest += seen.asleep;
    silence->asleep = seen.asleep ? silence->asleep + 1 : 0;
}

// Is it busy without a reason? Only one that never rests between two looks spins; one that
// rests now and then looks whether it may go on.
static bool is_restless(const struct trial *trial, const struct silence *silence)
{
    uint64_t most_ns = trial->world.client_count == 0 ? START_BUSY_NS : BUSY_NS;
    if (trial->cpu_ns > silence->cpu_ns && trial->cpu_ns - silence->cpu_ns > most_ns)
        return true;
    return trial->world.client_count > 0 && silence->looks >= RESTLESS &&
           silence->rest * 3 >= silence->looks && silence->asleep * 2 < silence->looks;
}

bool trial_until(struct trial *trial, bool (*done)(struct trial *), unsigned looks)
{
    struct silence silence = {0};
    while (trial_goes_on(trial)) {
        if (done != NULL && done(trial))
            return true;
        if (turn(trial, silence.looks < LOOKS_SHORT ? QUICK_MS : TURN_MS)) {
            silence = (struct silence){0};
            continue;
        }
        look(trial, &silence);
        if (silence.asleep >= looks || (trial->restless && silence.looks >= looks))
            break;
        if (trial->looked == NULL && is_restless(trial, &silence)) {
            trial->restless = true;
            break;
        }
    }
    return done != NULL && done(trial);
}

void trial_settle(struct trial *trial, unsigned looks)
{
    trial_until(trial, NULL, looks);
}

void trial_rest(struct trial *trial)
{
    struct program_look before, after;
    struct silence silence = {0};
    trial_settle(trial, LOOKS_LONG);
    if (!trial_goes_on(trial) || trial->restless)
        return;
    program_look(&trial->program, true, &before);
    for (int i = 0; i < LOOKS_LONG && trial_goes_on(trial); i++) {
        if (turn(trial, TURN_MS))
            return;
        look(trial, &silence);
    }
    program_look(&trial->program, true, &after);
    trial->restless |= after.switches > before.switches + LOOKS_LONG / 2;
}

// ---- the end ---------------------------------------------------------------------------

// The program has nothing left to wait for: it must end.
static void await_end(struct trial *trial)
{
    bool restless = trial->restless;
    trial->restless = false;
    trial->looked = NULL;
    trial_settle(trial, LOOKS_HANG);
    bool spins = trial->restless;
    trial->restless = restless && !spins;
    if (!trial_goes_on(trial))
        return;
    if (spins)
        stop(trial, LIVE, "it keeps a CPU busy, and nothing comes of it");
    else if (memchr(trial->program.printed, '\n', trial->program.length) != NULL)
        stop(trial, CLEAN, "it printed its result and did not end");
    else
        stop(trial, LIVE, "it hangs: all of it sleeps, and the witness waits for it");
}

// Gives what is left of it the time that it needs to end, as long as any of it is awake.
static void await_rest(struct trial *trial)
{
    struct program_look seen;
    const struct timespec pause = {0, TURN_MS * 1000000};
    for (unsigned asleep = 0; asleep < LOOKS_LONG && clock_now_ns() < trial->until_ns;) {
        program_look(&trial->program, false, &seen);
        if (seen.processes == 0)
            break;
        asleep = seen.asleep ? asleep + 1 : 0;
        nanosleep(&pause, NULL);
    }
}

static void parse_answer(struct trial *trial)
{
    char text[60];
    trial->program.printed[trial->program.length] = '\0';
    trial->answer = json_loads(trial->program.printed, 0, NULL);
    snprintf(text, sizeof text, "%.*s", (int)strcspn(trial->program.printed, "\n"),
             trial->program.printed);
    plain_copy(text, sizeof text, text);
    if (trial->program.length == 0)
        trial_fail(trial, LIVE, "it printed no result");
    else if (json_object_get(trial->answer, "result") == NULL)
        trial_fail(trial, LIVE, "it printed no {\"result\": ...}: '%s'", text);
}

static void judge_end(struct trial *trial)
{
    char how[64], said[100];
    int status = trial->program.status;
    plain_copy(said, sizeof said, trial->program.said);
    process_describe_status(status, how, sizeof how);
    bool well = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (!well && trial->program.length == 0)
        trial_fail(trial, LIVE, "it %s without a result%s%s", how,
                   said[0] == '\0' ? "" : ": ", said);
    parse_answer(trial);
    if (!well && trial->program.length > 0)
        trial_fail(trial, CLEAN, "it %s%s%s", how, said[0] == '\0' ? "" : ": ", said);
    if (trial->verdicts[LIVE].state == VERDICT_HOLDS)
        trial->exercise->judge(trial, json_object_get(trial->answer, "result"));
}

// A run that did not come to its end shows nothing.
static void leave_open(struct trial *trial)
{
    bool live = trial->verdicts[LIVE].state == VERDICT_HOLDS && !trial->stopped;
    for (int i = 0; i < PROPERTY_COUNT; i++)
        if (!live && trial->verdicts[i].state == VERDICT_HOLDS)
            trial->verdicts[i].state = VERDICT_OPEN;
    if (trial->verdicts[LIVE].state == VERDICT_FAILS)
        trial->verdicts[CONCURRENT] = (struct verdict){.state = VERDICT_OPEN};
}

static void conclude(struct trial *trial)
{
    await_end(trial);
    bool ended = trial->program.ended;
    sighting_end(&trial->sighting);
    if (ended && !trial->stopped)
        await_rest(trial);
    unsigned left = program_end(&trial->program);
    if (left > 0)
        trial_fail(trial, CLEAN, "it left %u process%s behind", left,
                   left == 1 ? "" : "es");
    if (trial->restless)
        trial_fail(trial, BOUNDED,
                   "it kept a CPU busy, or woke up again and again, while it had nothing "
                   "to do");
    if (ended && !trial->stopped)
        judge_end(trial);
    leave_open(trial);
}

// ---- the run ---------------------------------------------------------------------------

static void describe_task(const struct trial *trial, char *text, size_t size)
{
    const struct exercise *exercise = trial->exercise;
    snprintf(text, size,
             "{\"exercise\": \"%s\", \"seed\": %llu, \"n\": %u, \"limit\": %u, "
             "%s\"witness\": \"127.0.0.1:%u\"}\n",
             exercise->name, (unsigned long long)trial->seed, exercise->n,
             exercise->limit, exercise->more, trial->world.port);
}

int trial_run(struct trial *trial, const char *path, char *const *argv,
              const struct janitor *janitor, struct reason *reason)
{
    char task[400];
    int error = world_open(&trial->world, reason);
    if (error != 0)
        return error;
    trial->state = allocate(1, trial->exercise->state_size);
    sighting_begin(&trial->sighting, trial->exercise->scenarios[trial->scenario],
                   trial->exercise->noun, trial->exercise->actors,
                   trial->exercise->limit);
    describe_task(trial, task, sizeof task);
    trial->until_ns = clock_now_ns() + trial->late_s * NS_PER_SECOND;
    error = program_start(&trial->program, path, argv, task, janitor, reason);
    if (error == 0) {
        trial->exercise->play(trial);
        conclude(trial);
    }
    janitor_guard(janitor, 0);
    world_close(&trial->world);
    free(trial->state);
    free(trial->program.printed);
    trial->program.printed = NULL;
    return error;
}

void trial_free(struct trial *trial)
{
    json_decref(trial->answer);
    sighting_free(&trial->sighting);
}

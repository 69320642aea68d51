// SPDX-License-Identifier: MIT
//
// awake.c - exercise "stay-awake": n computations, `limit` of them at once, while a heart
// answers.
//
//     HEART        -> PING 1, PING 2, ... END; the program says PONG 1, PONG 2, ...
//     JOB 3        -> COMPUTE x steps: steps times x = (1103515245 x + 12345) mod 2^31
//     DONE 3 x     -> OK
//
// Silence is measured by the CPU time that the program has used between PING and PONG, which
// other programs do not lengthen: one that computes in its loop has used that of a whole
// computation. It computes in parallel if two of its threads go on, each with all others held
// back (apart.h): a thread that waits for the GIL is runnable, too, when it lacks a CPU.
#include "driver/grade/apart.h"
#include "driver/grade/trial.h"

#include "lib/check.h"
#include "lib/clock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { JOBS = 8, WORKERS = 2, PINGS_MOST = 4000, PROCESSES_MOST = WORKERS + 4 };
enum { TESTS_MOST = 12 };
#define MULTIPLIER   1103515245u
#define INCREMENT    12345u
#define MODULUS      (UINT32_C(1) << 31)
#define TRIAL_STEPS  300000u
#define STEPS_MOST   200000000u
#define JOB_NS       UINT64_C(80000000)
#define SILENCE_NS   UINT64_C(30000000)
#define PING_EACH_NS UINT64_C(10000000)

struct job {
    uint32_t x, steps;
    bool told, done, heard; // heard: a PONG came meanwhile
};

struct state {
    struct job jobs[JOBS];
    int heart; // the connection and 1; 0: there is none
    unsigned under_way, most_under_way, done, pings;
    bool pinged;
    uint64_t ping_cpu_ns, next_ping_ns;
    uint64_t silences[PINGS_MOST]; // CPU time, of pings during a computation
    size_t silence_count;
    uint64_t trial_cpu_ns; // of the first job
    uint32_t steps;        // of all but the first
    unsigned looks, could,
        crowd; // at two computations or more; two threads could run, four
    unsigned tests, parallel,
        crowded; // of these with threads held back; two went on, four
    bool untestable;
    unsigned asleep; // looks since the last computation was done
};

static const char *const scenarios[] = {"eight computations", NULL};

static uint32_t compute(uint32_t x, uint32_t steps)
{
    uint32_t a = MULTIPLIER, c = INCREMENT; // modulo 2^32 is modulo 2^31
    for (; steps > 0; steps >>= 1) {
        if (steps & 1)
            x = a * x + c;
        c = a * c + c;
        a *= a;
    }
    return x % MODULUS;
}

// The CPU time of all its processes, those that have ended not among them.
static uint64_t cpu_ns(struct trial *trial)
{
    struct program_look look;
    program_look(&trial->program, false, &look);
    return look.cpu_ns;
}

// ---- what the program says -------------------------------------------------------------

static void hear_pong(struct trial *trial, struct request *request)
{
    struct state *state = trial->state;
    uint64_t now_ns = cpu_ns(trial);
    if (!state->pinged || request->numbers[0] != (long)state->pings)
        trial_fail(trial, SAFE, "it said PONG %ld, and was not asked",
                   request->numbers[0]);
    if (state->under_way > 0 && state->silence_count < PINGS_MOST &&
        now_ns > state->ping_cpu_ns)
        state->silences[state->silence_count++] = now_ns - state->ping_cpu_ns;
    for (unsigned i = 0; i < JOBS; i++)
        state->jobs[i].heard |= state->jobs[i].told && !state->jobs[i].done;
    state->pinged = false;
    state->next_ping_ns = clock_now_ns() + PING_EACH_NS;
    request->open = false;
}

static void hear_done(struct trial *trial, struct request *request)
{
    struct state *state = trial->state;
    struct job *job = &state->jobs[trial_index(trial, request, JOBS)];
    request->actor = 1 + request->numbers[0];
    if (!job->told || job->done)
        trial_fail(trial, SAFE, "it said DONE %ld, and was not asked",
                   request->numbers[0]);
    else if (request->numbers[1] != (long)compute(job->x, job->steps))
        trial_fail(trial, SAFE, "the value of computation %ld is wrong",
                   request->numbers[0]);
    if (job->told && !job->done && job->steps > TRIAL_STEPS && !job->heard)
        trial_fail(trial, LIVE, "no PING was answered during computation %ld",
                   request->numbers[0]);
    job->done = true;
    state->done++;
    state->asleep = 0;
    state->under_way--;
    trial_answer(trial, request, "OK");
    sighting_change(&trial->sighting, request->actor, SIGHTING_NOTHING);
    request->actor = -1;
}

static void asked(struct trial *trial, struct request *request)
{
    struct state *state = trial->state;
    if (strcmp(request->verb, "HEART") == 0) {
        state->heart = (int)request->client + 1;
        request->open = false;
    } else if (strcmp(request->verb, "PONG") == 0) {
        sighting_change(&trial->sighting, 0, SIGHTING_TOLD);
        hear_pong(trial, request);
    } else if (strcmp(request->verb, "JOB") == 0) {
        request->actor = 1 + (long)trial_index(trial, request, JOBS);
    } else if (strcmp(request->verb, "DONE") == 0) {
        hear_done(trial, request);
    } else {
        trial_refuse(trial, request);
    }
}

// ---- the witness's part ----------------------------------------------------------------

static void ping(struct trial *trial)
{
    struct state *state = trial->state;
    char line[32];
    if (state->heart == 0 || state->pinged || clock_now_ns() < state->next_ping_ns)
        return;
    snprintf(line, sizeof line, "PING %u", ++state->pings);
    state->pinged = true;
    state->ping_cpu_ns = cpu_ns(trial);
    sighting_change(&trial->sighting, 0, SIGHTING_ASKED);
    world_say(&trial->world, (unsigned)state->heart - 1, line);
}

static void hand_out(struct trial *trial, struct request *request, uint32_t steps)
{
    struct state *state = trial->state;
    struct job *job = &state->jobs[request->numbers[0]];
    job->x = trial_random(trial, (uint32_t)request->numbers[0]);
    job->steps = steps;
    job->told = true;
    state->under_way++;
    if (state->under_way > state->most_under_way)
        state->most_under_way = state->under_way;
    trial_answer(trial, request, "COMPUTE %u %u", job->x, job->steps);
}

static bool ready(struct trial *trial)
{
    const struct state *state = trial->state;
    return state->heart != 0 && trial_count_open(trial, "JOB") > 0;
}

static bool first_done(struct trial *trial)
{
    return ((struct state *)trial->state)->done > 0;
}

static bool all_done(struct trial *trial)
{
    struct state *state = trial->state;
    struct request *request;
    while ((request = trial_open(trial, "JOB", 0)) != NULL)
        hand_out(trial, request, state->steps);
    ping(trial);
    return state->done == JOBS && !state->pinged;
}

static void test(struct trial *trial, const struct program_look *look)
{
    struct state *state = trial->state;
    int count = apart_count(&trial->program, look);
    state->untestable = count < 0 && count != -ETIMEDOUT;
    if (count < 0)
        return;
    state->tests++;
    state->parallel += count >= WORKERS;
    state->crowded += count > WORKERS + 1;
    // Nobody heard a PONG meanwhile.
    uint64_t after_ns = cpu_ns(trial);
    state->ping_cpu_ns += after_ns > look->cpu_ns ? after_ns - look->cpu_ns : 0;
}

static void looked(struct trial *trial, const struct program_look *look)
{
    struct state *state = trial->state;
    // A heart may beat beside workers that wait for each other.
    state->asleep += look->asleep && state->under_way > 0;
    if (state->asleep >= LOOKS_HANG) {
        trial_fail(trial, LIVE, "%u computations are to be done, and all of it sleeps",
                   state->under_way);
        trial->stopped = true;
    }
    if (state->under_way < WORKERS)
        return;
    state->looks++;
    state->could += look->runnable >= WORKERS;
    state->crowd += look->runnable > WORKERS + 1;
    if (look->runnable >= WORKERS && state->could % 2 == 1 && state->tests < TESTS_MOST &&
        !state->untestable)
        test(trial, look);
}

// So many steps that a computation takes JOB_NS of this program's CPU time.
static uint32_t choose_steps(uint64_t trial_ns)
{
    double steps =
        trial_ns == 0 ? STEPS_MOST : TRIAL_STEPS * (double)JOB_NS / (double)trial_ns;
    if (steps < TRIAL_STEPS + 1)
        return TRIAL_STEPS + 1;
    return steps > STEPS_MOST ? STEPS_MOST : (uint32_t)steps;
}

static int compare(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

// The share of looks at which two threads could run, of these that at which both went on while
// the others were held back. Where threads cannot be held back, the first alone.
static void judge_parallel(struct trial *trial)
{
    const struct state *state = trial->state;
    double looks = state->looks, tests = state->tests == 0 ? 1 : state->tests;
    double parallel = state->tests == 0 ? 1 : state->parallel / tests;
    double crowded = state->tests == 0 ? 1 : state->crowded / tests;
    if (state->could * parallel < looks * 2 / 5)
        trial_fail(
            trial, CONCURRENT,
            "two of its threads could run in %u of %u looks, and go on without each "
            "other in %u of %u tests%s: it does not compute in parallel",
            state->could, state->looks, state->parallel, state->tests,
            state->untestable ? " (threads cannot be held back here)" : "");
    if (state->crowd * crowded > looks / 5)
        trial_fail(
            trial, BOUNDED,
            "in %u of %u looks more than %u threads could run, and went on without "
            "each other in %u of %u tests",
            state->crowd, state->looks, WORKERS + 1, state->crowded, state->tests);
}

static void judge_looks(struct trial *trial)
{
    struct state *state = trial->state;
    qsort(state->silences, state->silence_count, sizeof state->silences[0], compare);
    uint64_t median = state->silences[state->silence_count / 2];
    if (state->silence_count > 0 && median > SILENCE_NS)
        trial_fail(
            trial, LIVE,
            "between PING and PONG it used %.0f ms of CPU time, half of the times or "
            "more; %.0f are allowed",
            (double)median / 1e6, (double)SILENCE_NS / 1e6);
    if (state->most_under_way < WORKERS)
        trial_fail(trial, CONCURRENT, "it asked for one computation after the other");
    else
        judge_parallel(trial);
    if (trial->program.known_count > PROCESSES_MOST)
        trial_fail(trial, BOUNDED,
                   "it started %zu processes for %u computations, %u at once",
                   trial->program.known_count, JOBS, WORKERS);
}

static void play(struct trial *trial)
{
    struct state *state = trial->state;
    if (!trial_until(trial, ready, LOOKS_HANG))
        return;
    trial->looked = looked;
    uint64_t before_ns = cpu_ns(trial);
    hand_out(trial, trial_open(trial, "JOB", 0), TRIAL_STEPS);
    if (!trial_until(trial, first_done, LOOKS_HANG))
        return;
    state->steps = choose_steps(cpu_ns(trial) - before_ns);
    if (!trial_until(trial, all_done, LOOKS_HANG) || !trial_goes_on(trial))
        return;
    judge_looks(trial);
    world_say(&trial->world, (unsigned)state->heart - 1, "END");
}

static void judge(struct trial *trial, const json_t *result)
{
    const struct state *state = trial->state;
    if (state->done < JOBS)
        trial_fail(trial, LIVE, "it ended after %u of %u computations", state->done,
                   JOBS);
    for (unsigned i = 0; i < JOBS; i++)
        if (json_integer_value(json_array_get(result, i)) !=
            (json_int_t)compute(state->jobs[i].x, state->jobs[i].steps))
            trial_fail(trial, SAFE, "number %u of the result is wrong", i);
}

const struct exercise exercise_awake = {
    .name = "stay-awake",
    .summary = "answer PINGs while n computations run, `limit` at once",
    .noun = "job",
    .actors = JOBS + 1,
    .n = JOBS,
    .limit = WORKERS,
    .more = "",
    .scenarios = scenarios,
    .play = play,
    .asked = asked,
    .judge = judge,
    .state_size = sizeof(struct state),
};

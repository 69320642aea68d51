// SPDX-License-Identifier: MIT
//
// trial.h - one run of a student's program against the witness, and what follows from it for
// each of five properties. An exercise is a script that holds answers back until what it
// wants to see has come, or until the whole program sleeps, so that it never will come.
//
// Read next: fetch_all.c, the simplest of the six.
#ifndef QUARTET_DRIVER_GRADE_TRIAL_H
#define QUARTET_DRIVER_GRADE_TRIAL_H

#include "driver/grade/program.h"
#include "driver/grade/sighting.h"
#include "driver/grade/world.h"

#include <jansson.h>

enum property { SAFE, LIVE, CONCURRENT, CLEAN, BOUNDED, PROPERTY_COUNT };

enum verdict_state { VERDICT_HOLDS, VERDICT_FAILS, VERDICT_OPEN };

struct verdict {
    enum verdict_state state;
    char why[240]; // where it fails
};

struct trial;

struct exercise {
    const char *name;    // "fetch-all"
    const char *summary; // one line, for --list
    const char *noun;    // "page": what has a row in the strip
    unsigned actors;     // rows
    unsigned n, limit;
    const char *more;             // members of its task beside these: "\"x\": 1, "
    const char *const *scenarios; // ended by NULL; a run for each
    void (*play)(struct trial *); // the witness's part; returns when it is over
    void (*asked)(struct trial *, struct request *); // called for each line
    void (*left)(struct trial *, unsigned client);   // NULL: nothing to do
    // The program has ended well and printed this: is it right?
    void (*judge)(struct trial *, const json_t *result);
    size_t state_size; // of what `state` points to, zeroed before each run
};

extern const struct exercise exercise_fetch_all, exercise_resource, exercise_time_limit,
    exercise_account, exercise_pipeline, exercise_awake;
extern const struct exercise *const exercises[]; // all of them, ended by NULL

struct trial {
    const struct exercise *exercise;
    unsigned scenario;
    uint64_t seed;
    uint64_t until_ns; // the program is killed
    struct program program;
    struct world world;
    struct sighting sighting;
    struct verdict verdicts[PROPERTY_COUNT];
    json_t *answer; // what it has printed; NULL: nothing, or no JSON
    bool stopped;   // nothing more is to be waited for
    bool restless;  // it has kept a CPU busy while it had nothing to do
    bool interrupted;
    unsigned late_s; // the limit of the whole run
    uint64_t cpu_ns; // at the last look
    void (*looked)(struct trial *, const struct program_look *); // each look, or NULL
    void *state;
};

// Runs the program once. 0, or -errno with the reason if it could not be started.
int trial_run(struct trial *trial, const char *path, char *const *argv,
              const struct janitor *janitor, struct reason *reason);
void trial_free(struct trial *trial);

// ---- for the exercises -----------------------------------------------------------------

// The first reason of a property stays.
void trial_fail(struct trial *trial, enum property property, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

enum { TURN_MS = 10 };
enum { LOOKS_SHORT = 3, LOOKS_LONG = 22, LOOKS_HANG = 80 }; // of 3 ms, and then of 10

// Waits until done(trial), or until the whole program has slept for so many looks without
// saying anything, or has ended. Was it done?
bool trial_until(struct trial *trial, bool (*done)(struct trial *), unsigned looks);

// Waits until the whole program sleeps.
void trial_settle(struct trial *trial, unsigned looks);

// The same, and then sees whether it really sleeps or wakes up now and then to look.
void trial_rest(struct trial *trial);

// Is there any sense in going on?
bool trial_goes_on(const struct trial *trial);

void trial_answer(struct trial *trial, struct request *request, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

// The open request number `index` of this verb (NULL: any), from the oldest; -1: the newest.
// NULL: there is none.
struct request *trial_open(struct trial *trial, const char *verb, int index);
unsigned trial_count_open(const struct trial *trial, const char *verb);

// That of this row of the strip; NULL: it has none open.
struct request *trial_open_of(struct trial *trial, const char *verb, long actor);

// For trial_until(): does the program wait for any answer?
bool trial_any_open(struct trial *trial);

// The first number of a request as an index below `count`; one that is none fails SAFE, and
// gives 0.
unsigned trial_index(struct trial *trial, const struct request *request, unsigned count);

// A line that the exercise does not know: fails SAFE, and is answered with an error.
void trial_refuse(struct trial *trial, struct request *request);

// A number that follows from the seed.
uint32_t trial_random(const struct trial *trial, uint32_t number);

#endif

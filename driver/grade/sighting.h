// SPDX-License-Identifier: MIT
//
// sighting.h - what the witness has seen of one run: spans of time of each actor, drawn as a
// strip (driver/trace/text.h). An actor is a page, a visitor, a client: whatever has a row.
#ifndef QUARTET_DRIVER_GRADE_SIGHTING_H
#define QUARTET_DRIVER_GRADE_SIGHTING_H

#include "driver/trace/strip.h"

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

#define SIGHTING_ACTORS 24

// The states of an actor.
enum sighting_state {
    SIGHTING_NOTHING, // the witness does not know
    SIGHTING_ASKED,   // it has asked, and the witness holds the answer
    SIGHTING_TOLD,    // it has its answer
    SIGHTING_QUEUES,  // it waits for its turn within the program
};

struct sighting {
    uint64_t begin_ns; // of the first thing that was seen
    const char *noun;  // "page"
    struct strip strip;
    size_t room;
    struct {
        enum sighting_state state;
        uint64_t since_ns;
    } actors[SIGHTING_ACTORS];
};

void sighting_begin(struct sighting *sighting, const char *scenario, const char *noun,
                    unsigned actors, unsigned limit);
void sighting_free(struct sighting *sighting);

// The actor (from 0) changes its state now. One that has no row is passed over.
void sighting_change(struct sighting *sighting, long actor, enum sighting_state state);

// Ends all spans.
void sighting_end(struct sighting *sighting);

void sighting_print(FILE *file, const struct sighting *sighting);

// An array of {actor, state, begin_ns, end_ns}; the caller owns it.
json_t *sighting_json(const struct sighting *sighting);

#endif

// SPDX-License-Identifier: MIT
//
// sighting.c - see sighting.h.
#include "driver/grade/sighting.h"

#include "driver/trace/text.h"
#include "lib/allocate.h"
#include "lib/clock.h"

#include <math.h>
#include <stdlib.h>

#define SPANS_MOST 20000

void sighting_begin(struct sighting *sighting, const char *scenario, const char *noun,
                    unsigned actors, unsigned limit)
{
    *sighting = (struct sighting){.noun = noun};
    sighting->strip.tasks = actors < SIGHTING_ACTORS ? actors : SIGHTING_ACTORS;
    sighting->strip.concurrency = limit;
    snprintf(sighting->strip.model, sizeof sighting->strip.model, "%s", scenario);
}

void sighting_free(struct sighting *sighting)
{
    free(sighting->strip.spans);
    sighting->strip.spans = NULL;
}

static const enum strip_state states[] = {[SIGHTING_ASKED] = STRIP_WAITS,
                                          [SIGHTING_TOLD] = STRIP_RUNS,
                                          [SIGHTING_QUEUES] = STRIP_WAITS};
static const enum strip_why whys[] = {[SIGHTING_ASKED] = WHY_SOCKET,
                                      [SIGHTING_TOLD] = WHY_NOTHING,
                                      [SIGHTING_QUEUES] = WHY_SEMAPHORE};

void sighting_change(struct sighting *sighting, long actor, enum sighting_state state)
{
    struct strip *strip = &sighting->strip;
    if (actor < 0 || actor >= (long)strip->tasks)
        return;
    if (sighting->begin_ns == 0)
        sighting->begin_ns = clock_now_ns();
    uint64_t now_ns = clock_now_ns() - sighting->begin_ns;
    enum sighting_state before = sighting->actors[actor].state;
    if (before != SIGHTING_NOTHING && strip->span_count < SPANS_MOST) {
        strip->spans = allocate_more(strip->spans, strip->span_count, &sighting->room,
                                     sizeof *strip->spans);
        strip->spans[strip->span_count++] =
            (struct strip_span){.begin_ns = (double)sighting->actors[actor].since_ns,
                                .end_ns = (double)now_ns,
                                .task = (uint32_t)actor,
                                .state = states[before],
                                .why = whys[before]};
    }
    sighting->actors[actor].state = state;
    sighting->actors[actor].since_ns = now_ns;
    strip->end_ns = fmax(strip->end_ns, (double)now_ns);
}

void sighting_end(struct sighting *sighting)
{
    for (long actor = 0; actor < (long)sighting->strip.tasks; actor++)
        sighting_change(sighting, actor, SIGHTING_NOTHING);
}

void sighting_print(FILE *file, const struct sighting *sighting)
{
    char label[24];
    fprintf(file, "\n%s\n", sighting->strip.model);
    strip_text_axis(file, sighting->strip.end_ns);
    for (uint32_t actor = 0; actor < sighting->strip.tasks; actor++) {
        snprintf(label, sizeof label, " %.8s %u", sighting->noun, actor);
        strip_text_task(file, &sighting->strip, actor, label);
    }
}

json_t *sighting_json(const struct sighting *sighting)
{
    static const char *const names[] = {"told", "ready", "asked"};
    json_t *list = json_array();
    for (size_t i = 0; i < sighting->strip.span_count; i++) {
        const struct strip_span *span = &sighting->strip.spans[i];
        const char *state = span->why == WHY_SEMAPHORE ? "queues" : names[span->state];
        json_array_append_new(list, json_pack("{s:i, s:s, s:I, s:I}", "actor",
                                              (int)span->task, "state", state, "begin_ns",
                                              (json_int_t)span->begin_ns, "end_ns",
                                              (json_int_t)span->end_ns));
    }
    return list;
}

// SPDX-License-Identifier: MIT
//
// A strip in numbers: how many tasks ran at once and for how long, found by going
// along the edges of all spans in the order of time.
#include "driver/trace/strip.h"

#include "lib/allocate.h"
#include "lib/format.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct edge {
    double at_ns;
    int step;  // +1: a span begins, -1: it ends
    bool runs; // else its task waits
};

// An end comes before a beginning at the same instant: one after the other is not at once.
static int compare_edges(const void *left, const void *right)
{
    const struct edge *a = left;
    const struct edge *b = right;
    if (a->at_ns != b->at_ns)
        return a->at_ns < b->at_ns ? -1 : 1;
    return a->step - b->step;
}

static size_t make_edges(const struct strip *strip, struct edge *edges)
{
    size_t count = 0;
    for (size_t i = 0; i < strip->span_count; i++) {
        const struct strip_span *span = &strip->spans[i];
        bool runs = span->state == STRIP_RUNS;
        edges[count++] = (struct edge){span->begin_ns, 1, runs};
        edges[count++] = (struct edge){span->end_ns, -1, runs};
    }
    qsort(edges, count, sizeof *edges, compare_edges);
    return count;
}

static void walk(const struct strip *strip, struct strip_sum *sum)
{
    struct edge *edges = allocate(2 * strip->span_count + 1, sizeof *edges);
    size_t count = make_edges(strip, edges);
    double before_ns = 0;
    int running = 0;
    int waiting = 0;
    for (size_t i = 0; i < count; i++) {
        double passed_ns = edges[i].at_ns - before_ns;
        *(running == 0   ? &sum->idle_ns
          : running == 1 ? &sum->alone_ns
                         : &sum->together_ns) += passed_ns;
        before_ns = edges[i].at_ns;
        *(edges[i].runs ? &running : &waiting) += edges[i].step;
        if (waiting > (int)sum->most_wait)
            sum->most_wait = (unsigned)waiting;
    }
    free(edges);
}

void strip_summarise(const struct strip *strip, struct strip_sum *sum)
{
    uint64_t cpus[16] = {0}; // one bit each
    *sum = (struct strip_sum){0};
    for (size_t i = 0; i < strip->span_count; i++) {
        const struct strip_span *span = &strip->spans[i];
        if (span->state == STRIP_RUNS || span->why == WHY_CPU)
            sum->ran_ns += span->cpu_ns;
        if (span->state != STRIP_RUNS) {
            sum->waited_ns[span->why] += span->end_ns - span->begin_ns;
            continue;
        }
        sum->longest_ns = fmax(sum->longest_ns, span->end_ns - span->begin_ns);
        if (span->cpu < 64 * 16)
            cpus[span->cpu / 64] |= UINT64_C(1) << span->cpu % 64;
    }
    for (size_t i = 0; i < 16; i++)
        sum->cpus += (unsigned)__builtin_popcountll(cpus[i]);
    walk(strip, sum);
}

void strip_sentence(const struct strip *strip, char *text, size_t size)
{
    struct strip_sum sum;
    char ran[32], wall[32], together[32];
    size_t workers = 0;
    strip_summarise(strip, &sum);
    for (size_t i = 0; i < strip->lane_count; i++)
        workers += !strip->lanes[i].pool;
    format_duration(ran, sizeof ran, sum.ran_ns);
    format_duration(wall, sizeof wall, strip->end_ns);
    format_duration(together, sizeof together, sum.together_ns);
    snprintf(text, size,
             "%zu %s, %u CPU%s: ran %s in %s, %s of it at once; up to %u waited", workers,
             workers == 1 ? "worker" : "workers", sum.cpus, sum.cpus == 1 ? "" : "s", ran,
             wall, sum.together_ns > 0 ? together : "nothing", sum.most_wait);
}

// SPDX-License-Identifier: MIT
//
// value.c - see value.h.
#include "driver/claims/value.h"

#include "driver/report/tree.h"
#include "lib/check.h"

#include <math.h>
#include <string.h>

static double wall(const struct sample *sample)
{
    return sample->wall_ns;
}

static double cpu(const struct sample *sample)
{
    return sample->record.user_ns + sample->record.system_ns;
}

static double caused_cpu(const struct sample *sample)
{
    return cpu(sample) + sample->record.peer_cpu_ns;
}

static double voluntary(const struct sample *sample)
{
    return sample->record.voluntary;
}

static double involuntary(const struct sample *sample)
{
    return sample->record.involuntary;
}

static double faults(const struct sample *sample)
{
    return sample->record.minor_faults;
}

static const struct {
    const char *name;
    double (*of)(const struct sample *sample);
} values[] = {
    {"wall", wall},
    {"cpu", cpu},
    {"caused_cpu", caused_cpu},
    {"voluntary", voluntary},
    {"involuntary", involuntary},
    {"faults", faults},
};

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0 && text[strlen(with)] != '\0';
}

// PHASE_COUNT: it is none.
static enum phase phase_of(const char *metric)
{
    enum phase phase = 0;
    while (phase < PHASE_COUNT && strcmp(phase_name(phase), metric) != 0)
        phase++;
    return phase;
}

bool value_knows(const char *metric)
{
    for (size_t i = 0; i < ARRAY_LEN(values); i++)
        if (strcmp(values[i].name, metric) == 0)
            return true;
    return phase_of(metric) != PHASE_COUNT || begins(metric, VALUE_RECORD) ||
           begins(metric, VALUE_COUNTERS);
}

bool value_is_time(const char *metric)
{
    size_t length = strlen(metric);
    bool in_record = begins(metric, VALUE_RECORD) && !begins(metric, "record.cpu_ns.") &&
                     ((length > 3 && strcmp(metric + length - 3, "_ns") == 0) ||
                      begins(metric, "record.latency_ns."));
    return strcmp(metric, "wall") == 0 || phase_of(metric) != PHASE_COUNT || in_record;
}

bool value_is_counter(const char *metric)
{
    return begins(metric, VALUE_COUNTERS);
}

double value_of(const struct sample *sample, const char *metric)
{
    for (size_t i = 0; i < ARRAY_LEN(values); i++)
        if (strcmp(values[i].name, metric) == 0)
            return values[i].of(sample);
    enum phase phase = phase_of(metric);
    if (phase != PHASE_COUNT)
        return sample->record.phases_ns[phase];
    if (begins(metric, VALUE_RECORD))
        return tree_number(sample->record.json, metric + strlen(VALUE_RECORD));
    return (double)NAN;
}

// SPDX-License-Identifier: MIT
//
// probe_run.c - one run, and what it took: see probe.h.
#include "driver/predict/probe.h"

#include "driver/plan/table.h"
#include "driver/report/read.h"
#include "driver/system/telling.h"
#include "driver/system/tool.h"
#include "lib/check.h"
#include "lib/clock.h"
#include "lib/json_file.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define RUN_LIMIT_NS (90 * NS_PER_SECOND) // a runner gives up by itself after 60 s
#define WORDS_MOST   64
#define TEXT_SIZE    1024
#define PATH_SIZE    4200

struct line {
    size_t count;
    const char *words[WORDS_MOST];
    char text[TEXT_SIZE]; // that the words lie in
    size_t used;
};

static void add(struct line *line, const char *before, const char *word, size_t length)
{
    CHECK(line->count + 1 < WORDS_MOST);
    char *place = line->text + line->used;
    int written =
        snprintf(place, TEXT_SIZE - line->used, "%s%.*s", before, (int)length, word);
    CHECK(written >= 0 && line->used + (size_t)written < TEXT_SIZE);
    line->used += (size_t)written + 1;
    line->words[line->count++] = place;
    line->words[line->count] = NULL;
}

// Each word of a text, behind `before`.
static void add_each(struct line *line, const char *before, const char *text)
{
    for (const char *at = text + strspn(text, " "); *at != '\0'; at += strspn(at, " ")) {
        size_t length = strcspn(at, " ");
        add(line, before, at, length);
        at += length;
    }
}

// The first CPU, where a formula wants one, and the user has not named others.
static void add_cpu(struct line *line, const struct situation *situation)
{
    struct plan_cpus cpus;
    if (situation->cpu_list != NULL || !formula_find(situation->workload->name)->one_cpu)
        return;
    plan_cpus_find(&cpus);
    add(line, "--cpus=", cpus.first, strlen(cpus.first));
}

static int read_result(json_t *record, bool memory, struct probe_result *result,
                       struct reason *reason)
{
    const struct record said = read_run_record(record);
    result->of[QUANTITY_WALL] = 0;
    for (size_t i = 0; i < PHASE_COUNT; i++)
        result->of[QUANTITY_WALL] += said.phases_ns[i];
    result->of[QUANTITY_CPU] = said.user_ns + said.system_ns;
    result->of[QUANTITY_MEMORY] = said.memory_bytes;
    result->turn_ns = said.phases_ns[PHASE_RUN] / said.operations;
    bool whole = result->of[QUANTITY_WALL] > 0 && result->of[QUANTITY_CPU] > 0 &&
                 result->turn_ns >= 0 && (!memory || result->of[QUANTITY_MEMORY] > 0);
    return whole ? 0
                 : reason_set(reason, -EIO, "a run record lacks times%s",
                              memory ? " or memory" : "");
}

static int judge(int end, const struct line *line, const char *log, struct reason *reason)
{
    char said[300];
    telling_line_of(log, said, sizeof said);
    if (end == EXIT_FINE || end < 0)
        return end;
    return reason_set(reason, end == EXIT_CANNOT ? EXIT_CANNOT : -EIO, "%s: %s",
                      line->words[1], said);
}

int probe_run(const struct probe_setting *setting, const struct probe *probe,
              struct probe_result *result, struct reason *reason)
{
    char choices[SITUATION_CHOICE_SIZE];
    char record[PATH_SIZE];
    char log[PATH_SIZE];
    json_t *json = NULL;
    struct line line = {.count = 0};
    snprintf(record, sizeof record, "%s/probe.json", setting->janitor->folder);
    snprintf(log, sizeof log, "%s/probe.log", setting->janitor->folder);
    situation_choices(probe->situation, choices);
    line.words[line.count++] = probe->runner->path;
    add_each(&line, "", probe->situation->workload->name);
    add_each(&line, "", probe->words);
    add_each(&line, "--", choices);
    add_cpu(&line, probe->situation);
    add_each(&line, "", probe->memory ? "--memory --record" : "--record");
    line.words[line.count++] = record;
    line.words[line.count] = NULL;
    unlink(record); // an old one must not pass for a new one
    int end = tool_run_logged(line.words, log, RUN_LIMIT_NS, setting->janitor, reason);
    int error = judge(end, &line, log, reason);
    if (error == 0)
        error = json_file_load(record, &json, reason);
    if (error == 0)
        error = read_result(json, probe->memory, result, reason);
    json_decref(json);
    return error;
}

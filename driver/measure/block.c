// SPDX-License-Identifier: MIT
//
// Running one block: see block.h.
#include "driver/measure/block.h"

#include "driver/measure/hyperfine.h"
#include "driver/measure/judge.h"
#include "driver/measure/noise.h"
#include "driver/plan/links.h"
#include "driver/report/read.h"
#include "lib/allocate.h"
#include "lib/clock.h"
#include "lib/json_file.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

// A runner gives up by itself after --timeout; the driver waits a little longer.
#define RUN_TIMEOUT    "60s"
#define RUN_MAXIMUM_NS (70 * NS_PER_SECOND)
// Later blocks are known to take about as long as the warm-up did. A runner that hangs
// must still come to its own timeout: then it is named, and the others are measured.
#define BLOCK_PATIENCE 20
#define BLOCK_LEAST_NS RUN_MAXIMUM_NS

#define COMMAND_SIZE 16384 // two long paths, and what stands between them
#define PATH_SIZE    4096

#define PLACES_MAXIMUM (TABLE_CELLS_MAXIMUM + 1) // all cells, and a twin

// The cells of one block in the order in which they run, and what came of them.
struct round {
    const struct block_setting *setting;
    struct table *table;
    const struct block_plan *plan; // NULL: the warm-up
    unsigned number;               // of the block in its table; 0: the warm-up
    size_t count;
    uint8_t order[PLACES_MAXIMUM];
    struct hyperfine_time times[PLACES_MAXIMUM];
    uint64_t started_ns;
};

static struct cell *cell_at(const struct round *round, size_t position)
{
    return &round->table->cells[round->order[position] & ~BLOCK_TWIN];
}

static bool is_twin(const struct round *round, size_t position)
{
    return (round->order[position] & BLOCK_TWIN) != 0;
}

static const char *cell_id(const struct cell *cell)
{
    return cell->result->id;
}

// ---- commands ----------------------------------------------------------------------

static void record_path(const struct round *round, size_t position, char *path,
                        size_t size)
{
    snprintf(path, size, "%s/record-%zu.json", round->setting->janitor->folder, position);
}

// Of a pair, the two take their links in turn; the warm-up runs the runners themselves.
static unsigned link_of(const struct round *round, const struct cell *cell)
{
    if (round->plan == NULL)
        return 0;
    return links_of_round(cell->runner, round->plan->round, cell->base != NULL);
}

static void write_command(const struct round *round, size_t position, char *line,
                          size_t size)
{
    const struct cell *cell = cell_at(round, position);
    char path[PATH_SIZE];
    size_t index;
    json_t *word;
    line[0] = '\0';
    links_path(cell->runner, link_of(round, cell), path, sizeof path);
    json_array_foreach(cell->result->command, index, word)
        hyperfine_quote(line, size, index == 0 ? path : json_string_value(word));
    record_path(round, position, path, sizeof path);
    unlink(path); // of the block before: an old record must not pass for a new one
    hyperfine_quote(line, size, "--timeout");
    hyperfine_quote(line, size, RUN_TIMEOUT);
    hyperfine_quote(line, size, "--record");
    hyperfine_quote(line, size, path);
    if (round->number == 0)
        hyperfine_quote(line, size, "--memory");
}

static uint64_t round_timeout_ns(const struct round *round)
{
    uint64_t most = round->count * RUN_MAXIMUM_NS;
    if (round->number == 0)
        return most;
    uint64_t usual = block_length_ns(round->table) * BLOCK_PATIENCE + BLOCK_LEAST_NS;
    return usual < most ? usual : most;
}

static int call_hyperfine(struct round *round, struct reason *reason)
{
    const char *names[PLACES_MAXIMUM];
    const char *commands[PLACES_MAXIMUM];
    char *lines = allocate(round->count, COMMAND_SIZE);
    for (size_t i = 0; i < round->count; i++) {
        char *line = lines + i * COMMAND_SIZE;
        write_command(round, i, line, COMMAND_SIZE);
        names[i] = cell_id(cell_at(round, i));
        commands[i] = line;
    }
    struct hyperfine_call call = {.count = round->count,
                                  .names = names,
                                  .commands = commands,
                                  .prepare = round->setting->prepare,
                                  .timeout_ns = round_timeout_ns(round),
                                  .janitor = round->setting->janitor,
                                  .tick = round->setting->tick,
                                  .context = round->setting->context};
    round->started_ns = clock_now_ns() - round->setting->begin_ns;
    int error = hyperfine_run(&call, round->times, reason);
    free(lines);
    return error;
}

// ---- results -----------------------------------------------------------------------

static double nanoseconds(double seconds)
{
    return floor(seconds * 1e9 + 0.5);
}

// The run record, or NULL where there is none that can be read.
static json_t *load_record(const struct round *round, size_t position)
{
    char path[PATH_SIZE];
    json_t *record;
    record_path(round, position, path, sizeof path);
    if (json_file_load(path, &record, NULL) != 0)
        return NULL;
    return report_keep_json(round->table->report, record);
}

static struct sample make_sample(const struct round *round, size_t position)
{
    const struct hyperfine_time *time = &round->times[position];
    return (struct sample){.block = round->number,
                           .position = (double)position + 1,
                           .wall_ns = nanoseconds(time->wall_s),
                           .user_ns = nanoseconds(time->user_s),
                           .system_ns = nanoseconds(time->system_s),
                           .exit_code = time->exit_code,
                           .record = read_run_record(load_record(round, position))};
}

static void keep_sample(const struct round *round, size_t position)
{
    struct cell *cell = cell_at(round, position);
    struct report_cell *result = cell->result;
    struct sample sample = make_sample(round, position);
    char said[256] = "";
    if (sample.record.json == NULL)
        hyperfine_said(round->setting->janitor, cell->runner->name, said, sizeof said);
    if (cell->live) // a twin that ends well does not excuse the other
        cell->live = judge_run(round->table->report, result, &sample, said);
    cell->length_ns = (uint64_t)sample.wall_ns;
    if (round->number == 0)
        result->warmup = sample;
    else
        report_add_sample(is_twin(round, position) ? &result->twins : &result->samples,
                          &sample);
}

// Only measured blocks are kept; the warm-up is none of them. `invalid` and `disturbed`
// may be NULL.
static void keep_block(const struct round *round, const struct block_noise *noise,
                       const char *invalid, const char *disturbed)
{
    struct report *report = round->table->report;
    struct report_block block = {.number = round->number,
                                 .round = round->plan->round,
                                 .batch = round->plan->batch,
                                 .order = report_keep_json(report, json_array()),
                                 .started_ns = (double)round->started_ns,
                                 .valid = invalid == NULL,
                                 .invalid_reason = report_keep_text(report, invalid),
                                 .disturbed = report_keep_text(report, disturbed),
                                 .accepted = round->plan->accepted,
                                 .noise = *noise};
    for (size_t i = 0; i < round->count; i++) {
        json_array_append_new(block.order, json_string(cell_id(cell_at(round, i))));
        if (is_twin(round, i))
            block.twin = cell_id(cell_at(round, i));
    }
    report_add_block(round->table->result, &block);
}

// ---- one round ---------------------------------------------------------------------

// Decides from signals from outside whether a block counts, and keeps it. 0, or
// BLOCK_DISTURBED.
static int close_block(const struct round *round, const struct block_noise *noise,
                       int error, struct reason *reason)
{
    struct reason why;
    bool disturbed = noise_disturbs(noise, &why);
    if (error == -ETIMEDOUT && !round->plan->keep) {
        keep_block(round, noise, reason->text, reason->text);
        return BLOCK_DISTURBED;
    }
    if (error != 0) {
        keep_block(round, noise, reason->text, NULL);
        return error;
    }
    bool counts = !disturbed || round->plan->keep;
    keep_block(round, noise, counts ? NULL : why.text, disturbed ? why.text : NULL);
    return counts ? 0 : reason_set(reason, BLOCK_DISTURBED, "%s", why.text);
}

static int run_round(struct round *round, struct reason *reason)
{
    struct noise noise;
    if (round->count == 0)
        return 0;
    noise_begin(&noise);
    int error = call_hyperfine(round, reason);
    bool complete = error == 0;
    const struct block_noise seen = noise_end(&noise);
    if (error != -EINTR && round->number != 0)
        error = close_block(round, &seen, error, reason);
    for (size_t i = 0; complete && i < round->count; i++)
        keep_sample(round, i);
    return error;
}

int block_warm_up(const struct block_setting *setting, struct table *table,
                  struct reason *reason)
{
    struct round round = {.setting = setting, .table = table};
    for (size_t i = 0; i < table->count; i++)
        if (table->cells[i].live)
            round.order[round.count++] = (uint8_t)i;
    return run_round(&round, reason);
}

int block_measure(const struct block_setting *setting, struct table *table,
                  const struct block_plan *plan, struct reason *reason)
{
    struct round round = {.setting = setting,
                          .table = table,
                          .plan = plan,
                          .number = (unsigned)table->result->block_count + 1};
    for (size_t i = 0; i < plan->count; i++)
        if (table->cells[plan->order[i] & ~BLOCK_TWIN].live)
            round.order[round.count++] = plan->order[i];
    return run_round(&round, reason);
}

uint64_t block_length_ns(const struct table *table)
{
    uint64_t length_ns = 0;
    uint64_t live = 0;
    for (size_t i = 0; i < table->count; i++)
        if (table->cells[i].live) {
            length_ns += table->cells[i].length_ns;
            live++;
        }
    return live == 0 ? 0 : length_ns + length_ns / live; // and a twin
}

// SPDX-License-Identifier: MIT
//
// Running one block: see block.h.
#include "driver/measure/block.h"

#include "driver/measure/foreign.h"
#include "driver/measure/hyperfine.h"
#include "driver/measure/noise.h"
#include "driver/measure/run_limit.h"
#include "driver/measure/run_status.h"
#include "driver/plan/links.h"
#include "driver/report/read.h"
#include "driver/system/hung.h"
#include "lib/allocate.h"
#include "lib/clock.h"
#include "lib/error.h"
#include "lib/json_file.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// Later blocks are known to take about as long as the warm-up did. A runner that hangs
// must still come to its own timeout: then it is named, and the others are measured.
#define BLOCK_PATIENCE 20

#define COMMAND_SIZE 16384 // two long paths, and what stands between them
#define PATH_SIZE    4096

#define RECORD_BYTES_MAX (16 << 20) // a run record has some KiB

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
    bool hung;      // one run did not end; its cell has left the table
    bool witnessed; // by a back end that all its runs share
    struct witness witness;
    json_t *ledgers; // that it has left, one for each run; NULL: none
};

static struct cell *cell_at(const struct round *round, size_t position)
{
    return &round->table->cells[round->order[position] & ~BLOCK_TWIN];
}

static bool is_twin(const struct round *round, size_t position)
{
    return (round->order[position] & BLOCK_TWIN) != 0;
}

// ---- commands ----------------------------------------------------------------------

static void record_path(const struct round *round, size_t position, char *path,
                        size_t size)
{
    snprintf(path, size, HUNG_RECORD, round->setting->janitor->folder, position);
}

// Of a pair, the two take their links in turn; the warm-up runs the runners themselves.
static unsigned link_of(const struct round *round, const struct cell *cell)
{
    if (round->plan == NULL)
        return 0;
    return links_of_round(cell->runner, round->plan->round, cell->base != NULL);
}

static void write_observer(const struct round *round, size_t position, char *line,
                           size_t size)
{
    struct foreign_observer observer;
    foreign_observe(cell_at(round, position), round->table, round->setting->janitor,
                    position, round->setting->run_timeout_ns, &observer);
    for (size_t i = 0; i < observer.count; i++)
        hyperfine_quote(line, size, observer.words[i]);
}

// The program, behind whatever it needs.
static void write_program(const struct round *round, size_t position, char *line,
                          size_t size)
{
    const struct cell *cell = cell_at(round, position);
    char path[PATH_SIZE];
    size_t index;
    json_t *word;
    if (round->number == 0 && cell->runner->foreign)
        write_observer(round, position, line, size);
    json_array_foreach(cell->runner->prefix, index, word)
        hyperfine_quote(line, size, json_string_value(word));
    links_path(cell->runner, link_of(round, cell), path, sizeof path);
    hyperfine_quote(line, size, path);
}

static void write_command(const struct round *round, size_t position, char *line,
                          size_t size)
{
    const struct cell *cell = cell_at(round, position);
    const json_t *words = cell->result->command;
    char path[PATH_SIZE];
    char timeout[RUN_LIMIT_SIZE];
    run_limit_text(timeout, round->setting->run_timeout_ns);
    line[0] = '\0';
    write_program(round, position, line, size);
    for (size_t i = 1; i < json_array_size(words); i++) {
        const char *word = json_string_value(json_array_get(words, i));
        if (round->witnessed && strcmp(word, "--peer-cpus") == 0)
            i++; // no run starts a back end of its own
        else
            hyperfine_quote(line, size, word);
    }
    record_path(round, position, path, sizeof path);
    unlink(path); // of the block before: an old record must not pass for a new one
    hyperfine_quote(line, size, "--timeout");
    hyperfine_quote(line, size, timeout);
    hyperfine_quote(line, size, "--record");
    hyperfine_quote(line, size, path);
    if (round->number == 0 && !cell->runner->foreign)
        hyperfine_quote(line, size, "--memory");
    if (round->witnessed) {
        hyperfine_quote(line, size, "--connect");
        hyperfine_quote(line, size, round->witness.connect);
        hyperfine_quote(line, size, "--token");
        hyperfine_quote(line, size, witness_token(&round->witness, position));
    }
}

static uint64_t round_timeout_ns(const struct round *round)
{
    uint64_t longest = round->setting->run_timeout_ns + RUN_LIMIT_GRACE_NS;
    uint64_t most = round->count * longest;
    if (round->number == 0)
        return most;
    uint64_t usual = block_length_ns(round->table) * BLOCK_PATIENCE + longest;
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
        names[i] = cell_at(round, i)->result->id;
        commands[i] = line;
    }
    struct hyperfine_call call = {.count = round->count,
                                  .names = names,
                                  .commands = commands,
                                  .prepare = round->setting->prepare,
                                  .cpus = foreign_any(round->table)
                                              ? round->table->result->cpus
                                              : NULL,
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

// The run record, or NULL where there is none that can be read; `why` not, unless it is missing.
static json_t *load_record(const struct round *round, size_t position, struct reason *why)
{
    char path[PATH_SIZE];
    struct stat status;
    json_t *record;
    *why = (struct reason){""};
    record_path(round, position, path, sizeof path);
    if (stat(path, &status) != 0)
        return NULL;
    if (status.st_size > RECORD_BYTES_MAX)
        reason_set(why, -EFBIG, "it has %.0f MiB", (double)status.st_size / (1 << 20));
    else if (json_file_load(path, &record, why) == 0 && json_is_object(record))
        return report_keep_json(round->table->report, record);
    else if (why->text[0] == '\0') {
        reason_set(why, -EBADMSG, "it is no JSON object");
        json_decref(record);
    }
    return NULL;
}

static struct sample make_sample(const struct round *round, size_t position,
                                 struct reason *why)
{
    const struct hyperfine_time *time = &round->times[position];
    return (struct sample){.block = round->number,
                           .position = (double)position + 1,
                           .wall_ns = nanoseconds(time->wall_s),
                           .user_ns = nanoseconds(time->user_s),
                           .system_ns = nanoseconds(time->system_s),
                           .exit_code = time->exit_code,
                           .record = read_run_record(load_record(round, position, why))};
}

static void keep_sample(const struct round *round, size_t position)
{
    struct cell *cell = cell_at(round, position);
    struct report_cell *result = cell->result;
    struct reason why;
    struct sample sample = make_sample(round, position, &why);
    char said[256] = "";
    if (sample.record.json == NULL && sample.exit_code == EXIT_FINE)
        snprintf(said, sizeof said, "%.250s", why.text);
    else if (sample.record.json == NULL)
        hyperfine_said(round->setting->janitor, cell->runner->name, said, sizeof said);
    if (cell->live) // a twin that ends well does not excuse the other
        cell->live = run_status_set(round->table->report, round->table->result, result,
                                    &sample, said);
    if (cell->live) {
        const struct foreign_run run = {.janitor = round->setting->janitor,
                                        .position = position,
                                        .warmup = round->number == 0,
                                        .witness =
                                            json_array_get(round->ledgers, position)};
        cell->live = foreign_judge(round->table, cell, &run, &sample);
    }
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
        json_array_append_new(block.order, json_string(cell_at(round, i)->result->id));
        if (is_twin(round, i))
            block.twin = cell_at(round, i)->result->id;
    }
    report_add_block(round->table->result, &block);
}

// ---- a runner that hangs -------------------------------------------------------------

// It leaves the table with the reason, and the others go on. False: nobody hung, all was slow.
static bool drop_hung(const struct round *round)
{
    uint64_t limit_s = round->setting->run_timeout_ns / NS_PER_SECOND;
    size_t position =
        hung_find(round->setting->janitor->folder, round->count, (time_t)limit_s);
    char why[200];
    if (position == round->count)
        return false;
    struct cell *cell = cell_at(round, position);
    snprintf(why, sizeof why,
             "it hung: it ended neither by its own --timeout of %" PRIu64
             " s nor after that, and was killed (was it stopped?)",
             limit_s);
    cell->live = false;
    cell->result->status = CELL_FAILED;
    cell->result->reason = report_keep_text(round->table->report, why);
    warn("%s: %s", cell->result->id, why);
    return true;
}

// ---- one round ---------------------------------------------------------------------

// Decides from signals from outside whether a block counts, and keeps it. 0, or
// BLOCK_DISTURBED.
static int close_block(const struct round *round, const struct block_noise *noise,
                       int error, struct reason *reason)
{
    struct reason why;
    bool disturbed = noise_disturbs(noise, &why);
    if (error == -ETIMEDOUT && (round->hung || !round->plan->keep)) {
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

// One back end for all runs of the block, so that all rows make the same exchanges.
static int start_witness(struct round *round, struct reason *reason)
{
    if (!foreign_needs_witness(round->table))
        return 0;
    int error = foreign_start_witness(round->table, foreign_amount(round->table),
                                      round->count, &round->witness, reason);
    round->witnessed = error == 0;
    return error;
}

static int run_round(struct round *round, struct reason *reason)
{
    struct noise noise;
    if (round->count == 0)
        return 0;
    int error = start_witness(round, reason);
    if (error != 0)
        return error;
    noise_begin(&noise);
    error = call_hyperfine(round, reason);
    if (round->witnessed)
        round->ledgers = witness_end(&round->witness, NULL);
    bool complete = error == 0;
    const struct block_noise seen = noise_end(&noise);
    round->hung = error == -ETIMEDOUT && drop_hung(round);
    if (error != -EINTR && round->number != 0)
        error = close_block(round, &seen, error, reason);
    for (size_t i = 0; complete && i < round->count; i++)
        keep_sample(round, i);
    json_decref(round->ledgers);
    return error;
}

int block_warm_up(const struct block_setting *setting, struct table *table,
                  struct reason *reason)
{
    struct round round;
    int error;
    foreign_prepare(table, setting->janitor, setting->run_timeout_ns);
    do { // again without the one that hung, as long as there is one
        round = (struct round){.setting = setting, .table = table};
        for (size_t i = 0; i < table->count; i++)
            if (table->cells[i].live)
                round.order[round.count++] = (uint8_t)i;
        error = run_round(&round, reason);
    } while (round.hung);
    return error;
}

int block_measure(const struct block_setting *setting, struct table *table,
                  const struct block_plan *plan, struct reason *reason)
{
    struct round round;
    int error;
    foreign_prepare(table, setting->janitor,
                    setting->run_timeout_ns); // again, in a session that was resumed
    do {
        round = (struct round){.setting = setting,
                               .table = table,
                               .plan = plan,
                               .number = (unsigned)table->result->block_count + 1};
        for (size_t i = 0; i < plan->count; i++)
            if (table->cells[plan->order[i] & ~BLOCK_TWIN].live)
                round.order[round.count++] = plan->order[i];
        error = run_round(&round, reason);
    } while (round.hung);
    return error;
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

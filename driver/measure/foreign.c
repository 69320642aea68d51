// SPDX-License-Identifier: MIT
//
// foreign.c - see foreign.h.
#include "driver/measure/foreign.h"

#include "driver/measure/expect.h"
#include "driver/measure/hyperfine.h"
#include "driver/measure/run_limit.h"
#include "driver/plan/backend.h"
#include "driver/report/members.h"
#include "driver/report/read.h"
#include "driver/system/tool.h"
#include "driver/system/words.h"
#include "lib/check.h"
#include "lib/clock.h"
#include "lib/cpus.h"
#include "lib/json_file.h"
#include "lib/mix.h"
#include "lib/process.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NUMBER_SIZE = 24, PATH_SIZE = 4096, ORACLE_RUNS = 2 };
#define OBSERVER "quartet-observe"

static bool is_foreign(const struct cell *cell)
{
    return cell->runner != NULL && cell->runner->foreign;
}

bool foreign_any(const struct table *table)
{
    for (size_t i = 0; i < table->count; i++)
        if (is_foreign(&table->cells[i]))
            return true;
    return false;
}

static bool any_live(const struct table *table)
{
    for (size_t i = 0; i < table->count; i++)
        if (is_foreign(&table->cells[i]) && table->cells[i].live)
            return true;
    return false;
}

bool foreign_needs_witness(const struct table *table)
{
    return workload_has_witness(table->result->workload) &&
           (table->backend != NULL || foreign_any(table));
}

// ---- what a run must leave -----------------------------------------------------------

// Words of a command, and room for its numbers.
struct command {
    struct words words;
    char tasks[NUMBER_SIZE];
    char concurrency[NUMBER_SIZE];
};

struct foreign_amount foreign_amount(const struct table *table)
{
    return (struct foreign_amount){.tasks = (uint64_t)table->result->tasks,
                                   .concurrency = (uint64_t)table->result->concurrency};
}

// The amount and the options of the table, as every program that has to do with it knows them.
static void add_work(struct command *command, const struct report_table *table,
                     struct foreign_amount amount)
{
    snprintf(command->tasks, NUMBER_SIZE, "%" PRIu64, amount.tasks);
    snprintf(command->concurrency, NUMBER_SIZE, "%" PRIu64, amount.concurrency);
    words_add_pair(&command->words, "--tasks", command->tasks);
    words_add_pair(&command->words, "--concurrency", command->concurrency);
    for (size_t i = 0; i < json_array_size(table->arguments); i++)
        words_add(&command->words,
                  json_string_value(json_array_get(table->arguments, i)));
}

static void fail(struct table *table, struct cell *cell, enum cell_status status,
                 const char *why)
{
    cell->live = false;
    cell->result->status = status;
    cell->result->reason = report_keep_text(table->report, why);
}

// Asks for what a run of so much must leave; the caller owns it. NULL with the reason.
static json_t *ask(const struct table *table, struct foreign_amount amount,
                   struct reason *reason)
{
    struct command command = {.words.count = 0};
    words_add(&command.words, table->result->workload);
    add_work(&command, table->result, amount);
    if (foreign_needs_witness(table)) { // whose sessions open with a hello
        words_add_pair(&command.words, "--connect", "127.0.0.1:1");
        words_add_pair(&command.words, "--token", "00000000000000000000000000000000");
    }
    return expect_ask(table->oracle->path, command.words.list, reason);
}

// The run phase of the oracle, and no more than its CPU time: on a busy machine it waits for
// the CPU. 0: not known.
static double oracle_ns(const struct table *table, const struct janitor *janitor,
                        uint64_t run_timeout_ns)
{
    char path[PATH_SIZE];
    char timeout[RUN_LIMIT_SIZE];
    struct command command = {.words.count = 0};
    json_t *json = NULL;
    snprintf(path, sizeof path, "%s/oracle.json", janitor->folder);
    words_add(&command.words, table->oracle->path);
    words_add(&command.words, table->result->workload);
    add_work(&command, table->result, foreign_amount(table));
    words_add_pair(&command.words, "--cpus", table->result->cpus);
    run_limit_text(timeout, run_timeout_ns);
    words_add_pair(&command.words, "--timeout", timeout);
    words_add_pair(&command.words, "--record", path);
    char said[8];
    int end = tool_capture(command.words.list, run_timeout_ns + RUN_LIMIT_GRACE_NS, said,
                           sizeof said, NULL);
    if (end != 0 || json_file_load(path, &json, NULL) != 0)
        return 0;
    const struct record record = read_run_record(json);
    double ns = fmin(record.phases_ns[PHASE_RUN], record.user_ns + record.system_ns);
    json_decref(json);
    unlink(path);
    return ns > 0 ? ns : 0;
}

void foreign_prepare(struct table *table, const struct janitor *janitor,
                     uint64_t run_timeout_ns)
{
    struct reason reason;
    char text[sizeof reason.text + 40];
    if (table->expected != NULL || !any_live(table))
        return;
    json_t *expected = ask(table, foreign_amount(table), &reason);
    table->expected = expected == NULL ? NULL : report_keep_json(table->report, expected);
    snprintf(text, sizeof text, "nobody knows what it must leave: %s", reason.text);
    for (size_t i = 0; table->expected == NULL && i < table->count; i++)
        if (is_foreign(&table->cells[i]) && table->cells[i].live)
            fail(table, &table->cells[i], CELL_FAILED, text);
    if (table->expected == NULL || !report_computes(table->result))
        return;
    double least_ns =
        oracle_ns(table, janitor, run_timeout_ns); // whatever disturbs it makes it longer
    for (int i = 1; i < ORACLE_RUNS; i++)
        least_ns = fmin(least_ns, oracle_ns(table, janitor, run_timeout_ns));
    table->oracle_run_ns = (uint64_t)least_ns;
}

// ---- the witness -----------------------------------------------------------------------

int foreign_start_witness(const struct table *table, struct foreign_amount amount,
                          size_t runs, struct witness *witness, struct reason *reason)
{
    char count[NUMBER_SIZE];
    struct command command = {.words.count = 0};
    snprintf(count, sizeof count, "%zu", runs);
    words_add_pair(&command.words, "--runs", count);
    add_work(&command, table->result, amount);
    if (table->backend != NULL)
        return witness_start_elsewhere(witness, table->backend, command.words.list,
                                       reason);
    words_add_pair(&command.words, "--cpus", table->result->peer_cpus);
    return backend_start(witness, command.words.list, reason);
}

// ---- one run ---------------------------------------------------------------------------

void foreign_observe(const struct cell *cell, const struct table *table,
                     const struct janitor *janitor, size_t position,
                     uint64_t run_timeout_ns, struct foreign_observer *observer)
{
    observer->count = 0;
    if (!runner_find_beside(OBSERVER, observer->program, sizeof observer->program))
        return; // what it would have seen is missed later
    snprintf(observer->path, sizeof observer->path, FOREIGN_OBSERVATION, janitor->folder,
             position);
    unlink(observer->path);
    run_limit_text(observer->limit, run_timeout_ns + RUN_LIMIT_SEEN_NS);
    const char *const words[FOREIGN_OBSERVER_WORDS] = {
        observer->program,   "--name",        cell->runner->name, "--folder",
        janitor->folder,     "--limit",       observer->limit,    "--cpus",
        table->result->cpus, "--observation", observer->path,     "--"};
    memcpy(observer->words, words, sizeof words);
    observer->count = ARRAY_LEN(words);
}

#define OF(field) MEMBER(struct observation, field, MEMBER_PLAIN)
static const struct member observation_list[] = {
    OF(wall_ns),
    OF(cpu_ns),
    MEMBER_UNSIGNED("orphans", struct observation, orphans, 0),
    OF(strayed),
    OF(printed),
    OF(voluntary),
    OF(involuntary),
    OF(memory_bytes),
};
MEMBERS_OF(observation);
#undef OF

// The observation of the run at this place. 0 or -ENOENT.
static int read_observation(const struct foreign_run *run, struct observation *seen)
{
    char path[PATH_SIZE];
    json_t *json;
    snprintf(path, sizeof path, FOREIGN_OBSERVATION, run->janitor->folder, run->position);
    if (json_file_load(path, &json, NULL) != 0)
        return -ENOENT;
    *seen = (struct observation){0};
    members_read(json, &observation_members, seen);
    json_decref(json);
    return 0;
}

// The stop-watch has seen this much.
static struct observation see_sample(const struct sample *sample)
{
    double cpu_ns = sample->user_ns + sample->system_ns;
    return (struct observation){.wall_ns = (uint64_t)sample->wall_ns,
                                .cpu_ns = cpu_ns > 0 ? (uint64_t)cpu_ns : 0};
}

// Memory and context switches are never the program's own word: of memory it has none
// (expect.c). `seen`: NULL where nobody has looked.
static void keep_seen(json_t *record, const struct observation *seen)
{
    json_object_set_new(record, "context_switches",
                        seen == NULL
                            ? json_null()
                            : json_pack("{s:I, s:I}", "voluntary",
                                        (json_int_t)seen->voluntary, "involuntary",
                                        (json_int_t)seen->involuntary));
    if (seen == NULL || seen->memory_bytes == 0 || !process_tree_known())
        return;
    json_object_set_new(record, "memory",
                        json_pack("{s:I, s:s}", "bytes", (json_int_t)seen->memory_bytes,
                                  "method", PROCESS_TREE_METHOD));
}

static int check(const struct table *table, const struct cell *cell,
                 const struct foreign_run *run, const struct sample *sample,
                 const struct observation *seen, struct reason *reason)
{
    const char *cpus = table->result->cpus;
    const struct expectation expectation = {.name = cell->runner->name,
                                            .expected = table->expected,
                                            .seen = seen,
                                            .witness = run->witness,
                                            .oracle_run_ns = table->oracle_run_ns,
                                            .cpus = cpus == NULL ? 0 : cpus_listed(cpus)};
    if (foreign_needs_witness(table) && run->witness == NULL)
        return reason_set(reason, -EIO, "the back end has left no ledger of its run");
    return expect_check(&expectation, sample->record.json, reason);
}

// Is its file another one than in the runs before? One program is measured, not several.
static bool has_changed(struct cell *cell)
{
    struct stat status;
    if (stat(cell->runner->path, &status) != 0)
        return true;
    uint64_t program = mix_into(mix_into(1, status.st_ino), (uint64_t)status.st_size);
    program = mix_into(program, (uint64_t)status.st_mtim.tv_sec);
    program = mix_into(program, (uint64_t)status.st_mtim.tv_nsec);
    bool changed = cell->program != 0 && cell->program != program;
    cell->program = program;
    return changed;
}

bool foreign_judge(struct table *table, struct cell *cell, const struct foreign_run *run,
                   struct sample *sample)
{
    struct observation seen = see_sample(sample);
    struct reason reason;
    if (!is_foreign(cell))
        return true;
    if (has_changed(cell)) {
        fail(table, cell, CELL_FAILED,
             "its file was changed while it was measured: its runs are of two programs");
        return false;
    }
    if (run->warmup && read_observation(run, &seen) != 0) {
        fail(table, cell, CELL_FAILED,
             "nobody has seen its run: " OBSERVER " is not beside this program; build it "
             "with 'make'");
        return false;
    }
    if (check(table, cell, run, sample, &seen, &reason) != 0) {
        fail(table, cell, CELL_WRONG, reason.text);
        return false;
    }
    keep_seen(sample->record.json, run->warmup ? &seen : NULL);
    sample->record = read_run_record(sample->record.json);
    return true;
}

int foreign_judge_extra(const struct table *table, const struct cell *cell,
                        struct foreign_amount amount, const struct foreign_run *run,
                        json_t *record, struct reason *reason)
{
    struct observation seen;
    if (read_observation(run, &seen) != 0)
        return reason_set(reason, -ENOENT,
                          "nobody has seen its run: " OBSERVER
                          " is not beside this program");
    json_t *expected = ask(table, amount, reason);
    if (expected == NULL)
        return -EIO;
    const struct expectation expectation = {.name = cell->runner->name,
                                            .expected = expected,
                                            .seen = run->tool ? NULL : &seen,
                                            .witness = run->witness};
    int error = expect_check(&expectation, record, reason);
    json_decref(expected);
    if (error == 0)
        keep_seen(record, run->tool ? NULL : &seen);
    return error;
}

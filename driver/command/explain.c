// SPDX-License-Identifier: MIT
//
// explain.c - `quartet explain A B --workload W`: why A takes more CPU time per operation than
// B, as parts with a number and a price each.
//
// Read next: driver/explain/explain.h.
#include "driver/explain/explain.h"
#include "driver/command/commands.h"
#include "driver/command/measure_options.h"
#include "driver/command/prepare.h"
#include "driver/explain/parts.h"
#include "driver/measure/counters.h"
#include "driver/prices/prices.h"
#include "driver/system/tool.h"
#include "lib/clock.h"
#include "lib/json_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_HTML };

struct explain_options {
    struct measure_options common; // first: see measure_options.h
    uint64_t format;
};

const struct option_spec explain_specs[] = {
    {"workload", OPTION_TEXT, MEASURE_PLACE(workloads), NULL, 0, 0, NULL,
     "the table that both rows stand in: spawn or fetch/unix"},
    MEASURE_ROW_PLAN,
    MEASURE_ROW_PROFILE("quick", "how much work a run is"),
    {"tasks", OPTION_COUNT, MEASURE_PLACE(tasks), NULL, 1, 10000000, NULL,
     "tasks of a run, not the profile's"},
    {"concurrency", OPTION_TEXT, MEASURE_PLACE(concurrency), NULL, 0, 0, NULL,
     "tasks in flight, not the profile's"},
    {"rounds", OPTION_COUNT, MEASURE_PLACE(rounds), "9", 1, EXPLAIN_ROUNDS_MAX, NULL,
     "measured runs of each row"},
    {"format", OPTION_CHOICE, offsetof(struct explain_options, format), "text", 0, 0,
     "text|json|html", "for terminals, programs or a browser"},
    {"output", OPTION_TEXT, MEASURE_PLACE(output), NULL, 0, 0, NULL,
     "write to this file, also -o, and not to the terminal"},
    {"seed", OPTION_COUNT, MEASURE_PLACE(seed), NULL, 1, UINT32_MAX, NULL,
     "replays which row is first in a round"},
    MEASURE_ROW("cpus", OPTION_TEXT, cpus, 0, 0, "use only these: 0,2-3"),
    MEASURE_ROWS_END,
    {0}};

// ---- which rows ------------------------------------------------------------------------

// The models of both rows: "multithread" of "multithread" and of "multithread pin=never".
static void list_models(const char *const rows[2], char *list, size_t size)
{
    int first = (int)strcspn(rows[0], " ,"), second = (int)strcspn(rows[1], " ,");
    bool same = first == second && strncmp(rows[0], rows[1], (size_t)first) == 0;
    snprintf(list, size, "%.*s%s%.*s", first, rows[0], same ? "" : ",", same ? 0 : second,
             rows[1]);
}

static void check_operands(const char *const rows[2], int count)
{
    if (count < 2)
        die(EXIT_USAGE,
            "explain: name two rows, such as 'quartet explain multithread eventloop "
            "--workload fetch/unix'");
    if (strcmp(rows[0], rows[1]) == 0)
        die(EXIT_USAGE, "explain: '%s' twice: name two rows that differ", rows[0]);
}

// The one table of the plan.
static struct table *only_table(struct session *session)
{
    char ids[400] = "";
    if (session->plan.count == 1)
        return &session->plan.list[0];
    for (size_t i = 0; i < session->plan.count; i++) {
        size_t used = strlen(ids);
        snprintf(ids + used, sizeof ids - used, "%s%s", i == 0 ? "" : ", ",
                 session->plan.list[i].result->id);
    }
    die(EXIT_USAGE, "explain: --workload: these are %zu tables: %s; name one of them",
        session->plan.count, ids);
}

static const struct cell *find_row(const struct table *table, const char *name)
{
    char labels[400] = "";
    for (size_t i = 0; i < table->count; i++) {
        const struct report_cell *cell = table->cells[i].result;
        size_t used = strlen(labels);
        if (strcmp(cell->label, name) == 0 && table->cells[i].live)
            return &table->cells[i];
        if (strcmp(cell->label, name) == 0)
            die(EXIT_CANNOT, "explain: %s cannot run %s: %s", name, table->result->id,
                cell->reason == NULL ? "it is skipped" : cell->reason);
        snprintf(labels + used, sizeof labels - used, "%s'%s'", i == 0 ? "" : ", ",
                 cell->label);
    }
    die(EXIT_USAGE, "explain: %s has no row '%s'; of these models it has %s",
        table->result->id, name, labels);
}

static void choose(struct explanation *explanation, const struct table *table,
                   const char *const rows[2])
{
    explanation->table = table->result->id;
    explanation->title = table->result->title;
    explanation->workload = table->result->workload;
    explanation->elsewhere = table->result->peer_cpus != NULL;
    explanation->operation = table->result->operation;
    for (unsigned i = 0; i < 2; i++) {
        const struct cell *cell = find_row(table, rows[i]);
        explanation->rows[i].cell = cell;
        explanation->rows[i].label = cell->result->label;
        explanation->rows[i].model = cell->result->model;
        if (runner_row_kind(cell->runner,
                            runner_workload(cell->runner, explanation->workload)) !=
            ROW_LINKED)
            die(EXIT_USAGE,
                "explain: %s is a program of somebody else, which is not "
                "looked into",
                rows[i]);
    }
}

// ---- measuring -------------------------------------------------------------------------

static void say(const char *what)
{
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "explain: %s ...\n", what);
}

// The price of going from one task to the next within the program.
static int add_handover(struct explanation *explanation, const struct explained_row *row,
                        const struct runner_set *set, struct reason *reason)
{
    const char *name = strcmp(row->model, "coroutine") == 0   ? PRICE_RUNNER_SWITCH
                       : strcmp(row->model, "eventloop") == 0 ? PRICE_RUNNER_SWITCH_LOOP
                                                              : NULL;
    bool known = name == NULL || prices_find(&explanation->prices, name) != NULL ||
                 prices_find(&explanation->prices, PRICE_RESUME) != NULL;
    return known ? 0 : prices_add_runner(&explanation->prices, set, name, reason);
}

// 0, -EINTR or another -errno with the reason.
static int measure(struct explanation *explanation, struct session *session,
                   const struct table *table, const struct runner_set *set,
                   struct reason *reason)
{
    const struct extra_setting setting = {.janitor = &session->janitor};
    const struct explain_size size = {.tasks = (uint64_t)table->result->tasks,
                                      .concurrency = (uint64_t)table->result->concurrency,
                                      .rounds = session->rounds,
                                      .seed = session->seed};
    say("running both rows");
    int error = explain_rows(explanation, &setting, &size, reason);
    if (error == 0) {
        say("measuring prices");
        error = prices_measure(&explanation->prices, table->result->concurrency, reason);
    }
    if (error == 0)
        error = explain_resumes(explanation, &setting, set, table->result, reason);
    for (unsigned i = 0; i < 2 && error == 0; i++)
        error = add_handover(explanation, &explanation->rows[i], set, reason);
    if (error == 0)
        error = explain_starts(explanation, &setting, set, table->result, reason);
    if (error == 0)
        explain_parts(explanation);
    return error;
}

// ---- the command -----------------------------------------------------------------------

static int show(const struct explanation *explanation,
                const struct explain_options *options)
{
    static void (*const writers[])(FILE *, const void *) = {[FORMAT_TEXT] = explain_text,
                                                            [FORMAT_JSON] = explain_json,
                                                            [FORMAT_HTML] = explain_html};
    struct reason reason;
    const char *output = options->common.output;
    if (output == NULL) {
        writers[options->format](stdout, explanation);
        if (fflush(stdout) == 0 && !ferror(stdout))
            return EXIT_FINE;
        warn("cannot print the explanation: %s", strerror(errno));
        return EXIT_WRONG;
    }
    if (text_file_save(output, writers[options->format], explanation, &reason) == 0)
        return EXIT_FINE;
    warn("%s", reason.text);
    return EXIT_WRONG;
}

static void check_options(const struct explain_options *options)
{
    struct reason reason;
    const char *output = options->common.output;
    if (options->common.workloads == NULL && options->common.plan == NULL)
        die(EXIT_USAGE, "explain: name a table: --workload fetch/unix; 'quartet run "
                        "--dry-run --profile quick' shows all");
    if (output != NULL && json_file_check_place(output, &reason) != 0)
        die(EXIT_WRONG, "explain: %s", reason.text);
}

// Calls are counted by it: to be known before anything is measured.
static void check_strace(void)
{
    const char *const argv[] = {"strace", "-V", NULL};
    char version[100];
    struct reason reason;
    int error = tool_capture(argv, 10 * NS_PER_SECOND, version, sizeof version, &reason);
    if (error == -ENOENT)
        die(EXIT_CANNOT, "explain: strace is not installed: install it with 'apt-get "
                         "install strace'");
    if (error != 0)
        die(prepare_exit_code(error), "explain: 'strace -V' failed: %s", reason.text);
}

static int explain(struct session *session, struct runner_set *set,
                   const struct explain_options *options, const char *const rows[2])
{
    static struct explanation explanation; // large, and there is one
    struct reason reason;
    struct table *table = only_table(session);
    choose(&explanation, table, rows);
    int lock = prepare_machine(session, options->common.wait);
    int error = measure(&explanation, session, table, set, &reason);
    int code = error == 0 ? show(&explanation, options) : (int)prepare_exit_code(error);
    if (error != 0)
        warn("%s", reason.text);
    prepare_end(session, set, lock);
    return code;
}

int command_explain(int argc, char **argv)
{
    static struct session session; // large, and there is one
    static struct runner_set set;
    struct explain_options options = {0};
    const char *rows[2] = {NULL, NULL};
    char models[200];
    int count = measure_options_parse_line("explain", &options,
                                           &(struct command_line){argc, argv, rows, 2});
    check_operands(rows, count);
    check_options(&options);
    measure_options_apply("explain", &options.common);
    prepare_process();
    prepare_runners(&set);
    struct plan_choice choice = measure_options_choice(&options.common);
    list_models(rows, models, sizeof models);
    if (options.common.plan == NULL)
        choice.models = models;
    int code = (int)prepare_plan("explain", &session, &set, &choice);
    if (code != EXIT_FINE)
        return code;
    prepare_builds(&set, false);
    check_strace();
    prepare_session(&session, &options.common);
    code = explain(&session, &set, &options, rows);
    measure_options_free(&options.common);
    return code;
}

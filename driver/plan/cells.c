// SPDX-License-Identifier: MIT
//
// The cells of a table and their commands: see cells.h.
#include "driver/plan/cells.h"

#include "driver/plan/table.h"
#include "driver/report/begin.h"
#include "lib/check.h"
#include "lib/clock.h"
#include "lib/options.h"

#include <stdio.h>
#include <string.h>

// One task after another is shown only where it ends within this time.
#define SEQUENTIAL_MAXIMUM_NS (2 * NS_PER_SECOND)
// And a few at a time where it ends well before a runner gives up (measure/block.c).
#define WAIT_MAXIMUM_NS (30 * NS_PER_SECOND)

// ---- the command -------------------------------------------------------------------

static void add_word(json_t *command, const char *word)
{
    json_array_append_new(command, json_string(word));
}

static void add_option(json_t *command, const char *name, const char *value)
{
    if (value == NULL)
        return;
    add_word(command, name);
    add_word(command, value);
}

static void add_number(json_t *command, const char *name, double value)
{
    char text[32];
    snprintf(text, sizeof text, "%.0f", value);
    add_option(command, name, text);
}

// Begins with the model's name, not with a path of this machine: the report is for
// others to read, and the driver knows where the runner is.
static json_t *make_command(const struct report_table *table, const struct runner *runner,
                            unsigned loops, const json_t *words)
{
    json_t *command = json_array();
    add_word(command, runner->name);
    add_word(command, table->workload);
    add_number(command, "--tasks", table->tasks);
    add_number(command, "--concurrency", table->concurrency);
    add_option(command, "--cpus", table->cpus);
    add_option(command, "--peer-cpus", table->peer_cpus);
    json_array_extend(command, table->arguments);
    if (loops > 1)
        add_number(command, "--loops", loops);
    for (size_t i = 0; i < json_array_size(words); i++)
        json_array_append(command, json_array_get(words, i));
    json_array_extend(command, runner->words);
    return command;
}

// ---- what makes no sense -----------------------------------------------------------

// The value of a workload's option in this table: as given, else the default.
static uint64_t option_value(const struct report_table *table,
                             const struct described_workload *workload, const char *name,
                             enum option_kind kind, uint64_t missing)
{
    const struct option_spec *option = described_option(&workload->options, name);
    const char *text = option == NULL ? NULL : option->fallback;
    for (size_t i = 0; i + 1 < json_array_size(table->arguments); i++) {
        const char *word = json_string_value(json_array_get(table->arguments, i));
        if (strncmp(word, "--", 2) == 0 && strcmp(word + 2, name) == 0)
            text = json_string_value(json_array_get(table->arguments, i + 1));
    }
    uint64_t value;
    return text != NULL && quantity_parse(kind, text, &value) == 0 ? value : missing;
}

// How long the tasks would wait, so many at a time, if each began when one has ended.
static double wait_ns(const struct report_table *table,
                      const struct described_workload *workload, double at_a_time)
{
    double delay = (double)option_value(table, workload, "delay", OPTION_DURATION, 0);
    double exchanges =
        (double)option_value(table, workload, "exchanges", OPTION_COUNT, 1);
    return delay * exchanges * table->tasks / (at_a_time < 1 ? 1 : at_a_time);
}

// How many loops a variant asks for; 0: it does not say.
static uint64_t loops_of(const json_t *words)
{
    uint64_t loops = 0;
    for (size_t i = 0; i + 1 < json_array_size(words); i++)
        if (strcmp(json_string_value(json_array_get(words, i)), "--loops") == 0 &&
            quantity_parse(OPTION_COUNT, json_string_value(json_array_get(words, i + 1)),
                           &loops) != 0)
            return 0;
    return loops;
}

// True when the cell is to be skipped; `why` says for what reason.
static bool makes_no_sense(const struct report_table *table, const struct runner *runner,
                           const json_t *words, char *why, size_t size)
{
    if ((double)loops_of(words) > table->concurrency) {
        snprintf(why, size, "more loops than tasks in flight");
        return true;
    }
    const struct described_workload *workload = runner_workload(runner, table->workload);
    if (workload == NULL) {
        snprintf(why, size, "this runner does not have the workload");
        return true;
    }
    if (runner->foreign && workload->peer && !workload_has_witness(workload->name)) {
        snprintf(why, size, "there is no back end of this workload for foreign rows");
        return true;
    }
    if (strcmp(table->kind, "io") != 0)
        return false;
    // At one task in flight all rows wait as long as sequential does, which is then the one to
    // compare with.
    bool alone = strcmp(runner->name, "sequential") == 0 && table->concurrency > 1;
    uint64_t most = alone ? SEQUENTIAL_MAXIMUM_NS : WAIT_MAXIMUM_NS;
    double needed = wait_ns(table, workload, alone ? 1 : table->concurrency);
    if (needed <= (double)most)
        return false;
    if (alone)
        snprintf(why, size, "one task after another would wait for %.0f s",
                 needed / (double)NS_PER_SECOND);
    else
        snprintf(why, size,
                 "%.0f at a time would wait for %.0f s; more than %d s "
                 "are too long for one run",
                 table->concurrency, needed / (double)NS_PER_SECOND,
                 (int)(WAIT_MAXIMUM_NS / NS_PER_SECOND));
    return true;
}

// ---- cells -------------------------------------------------------------------------

// Appends a word to "loops=2 copy=2".
static void add_variant(char *text, size_t size, const char *word, unsigned number)
{
    size_t used = strlen(text);
    snprintf(text + used, size - used, "%s%s=%u", used == 0 ? "" : " ", word, number);
}

// Properties that a cell shares with its base.
struct kind {
    unsigned loops;
    unsigned copy;
    const char *name;    // of a variant that the user made, or NULL
    const json_t *words; // and its options, or NULL
};

// Notes how much of a row's work is proved, and whose it is.
static void describe_row(struct report *report, struct report_cell *cell,
                         const struct runner *runner, const char *workload)
{
    const struct description *own = &runner->describe;
    char runtime[160];
    enum row_kind kind = runner_row_kind(runner, runner_workload(runner, workload));
    cell->row = row_kind_name(kind);
    if (!runner->foreign)
        return;
    cell->beside = report_keep_text(report, own->model);
    if (own->language == NULL) // a program built like ours does not say
        return;
    snprintf(runtime, sizeof runtime, "%.60s %.60s", own->language,
             own->runtime == NULL ? "" : own->runtime);
    cell->runtime = report_keep_text(report, runtime);
}

static struct cell *add_cell(struct table *table, const struct runner *runner,
                             const struct kind *kind, const char *base_of)
{
    CHECK(table->count < TABLE_CELLS_MAXIMUM);
    char variant[PLAN_VARIANT_SIZE + 32] = "";
    if (kind->name != NULL)
        snprintf(variant, PLAN_VARIANT_SIZE, "%s", kind->name);
    if (kind->loops > 1)
        add_variant(variant, sizeof variant, "loops", kind->loops);
    if (kind->copy > 1)
        add_variant(variant, sizeof variant, "copy", kind->copy);
    if (base_of != NULL)
        snprintf(variant + strlen(variant), sizeof variant - strlen(variant), "%sbase",
                 variant[0] == '\0' ? "" : " ");
    const char *space = variant[0] != '\0' ? " " : "";
    const char *slash = variant[0] != '\0' ? "/" : "";
    char why[128] = PLAN_NOT_RUN;
    bool skipped = makes_no_sense(table->result, runner, kind->words, why, sizeof why);
    char id[PLAN_ID_SIZE + sizeof runner->name + sizeof variant];
    char label[sizeof runner->name + sizeof variant];
    snprintf(id, sizeof id, "%s/%s%s%s", table->result->id, runner->name, slash, variant);
    snprintf(label, sizeof label, "%s%s%s", runner->name, space, variant);

    struct report *report = table->report;
    struct report_cell *result = report_add_cell(report, table->result);
    result->id = report_keep_text(report, id);
    result->model = report_keep_text(report, runner->name);
    result->variant = report_keep_text(report, variant);
    result->label = report_keep_text(report, label);
    result->base_of = report_keep_text(report, base_of);
    result->reason = report_keep_text(report, why);
    describe_row(report, result, runner, table->result->workload);
    result->command = report_keep_json(report, make_command(table->result, runner,
                                                            kind->loops, kind->words));
    table->cells[table->count] =
        (struct cell){.result = result, .runner = runner, .live = !skipped};
    return &table->cells[table->count++];
}

static void add_pair(struct table *table, const struct runner *runner,
                     const struct runner *base, struct kind kind)
{
    struct cell *cell = add_cell(table, runner, &kind, NULL);
    if (base != NULL)
        cell->base = add_cell(table, base, &kind, cell->result->id);
}

void plan_add_cells(struct table *table, const struct runner *runner,
                    const struct runner *base, unsigned cpu_count, unsigned copy)
{
    add_pair(table, runner, base, (struct kind){.loops = 1, .copy = copy});
    // One loop is one thread of control; to use all CPUs such a model needs more.
    const char *setting = table->result->setting;
    bool all_cpus = setting != NULL && strcmp(setting, "all-cpus") == 0;
    if (all_cpus && table->result->concurrency >= cpu_count &&
        described_option(&runner->describe.options, "loops") != NULL)
        add_pair(table, runner, base, (struct kind){.loops = cpu_count, .copy = copy});
}

void plan_add_variant(struct table *table, const struct runner *runner,
                      const struct runner *base, const struct plan_variant *variant)
{
    add_pair(table, runner, base,
             (struct kind){.loops = 1,
                           .copy = variant->copy,
                           .name = variant->name,
                           .words = variant->words});
}

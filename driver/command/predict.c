// SPDX-License-Identifier: MIT
//
// predict.c - `quartet predict WORKLOAD`: what a run will take in each model, from prices that
// were measured on this machine; and from which numbers on another model is the better one.
//
// Read next: driver/predict/formula.h.
#include "driver/command/commands.h"
#include "driver/command/prepare.h"
#include "driver/measure/environment.h"
#include "driver/predict/crossover.h"
#include "driver/predict/prediction.h"
#include "driver/predict/probe.h"
#include "driver/statistics/statistics.h"
#include "driver/system/lock.h"
#include "driver/system/state.h"
#include "lib/check.h"
#include "lib/clock.h"
#include "lib/json_file.h"

#include "build_info.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LOCK_PATIENCE_NS (600 * NS_PER_SECOND)
#define WORDS_MOST       64
#define TEXT_SIZE        1000

enum format { FORMAT_TEXT, FORMAT_JSON };

struct predict_options {
    bool run;
    uint64_t runs;
    const char *prices;
    bool remeasure;
    bool terms;
    bool crossovers;
    uint64_t format;
    bool allow_unoptimised;
    bool help;
};

#define PLACE(member) offsetof(struct predict_options, member)

const struct option_spec predict_specs[] = {
    {"run", OPTION_FLAG, PLACE(run), NULL, 0, 0, NULL,
     "run it, too, and print how far off the prediction is"},
    {"runs", OPTION_COUNT, PLACE(runs), "3", 1, PROBE_RUNS_MOST, NULL,
     "runs of each size or model, of which the median counts"},
    {"terms", OPTION_FLAG, PLACE(terms), NULL, 0, 0, NULL,
     "print how each prediction is put together"},
    {"crossovers", OPTION_FLAG, PLACE(crossovers), NULL, 0, 0, NULL,
     "instead of a workload: --tasks, --wait, --compute and --cpus of your program"},
    {"prices", OPTION_TEXT, PLACE(prices), NULL, 0, 0, NULL,
     "file of prices, also of another machine, instead of that in the cache folder"},
    {"remeasure", OPTION_FLAG, PLACE(remeasure), NULL, 0, 0, NULL,
     "measure the prices anew, though they are not old"},
    {"format", OPTION_CHOICE, PLACE(format), "text", 0, 0, "text|json",
     "for people or for programs"},
    {"allow-unoptimised", OPTION_FLAG, PLACE(allow_unoptimised), NULL, 0, 0, NULL,
     "measure a debug build"},
    {"help", OPTION_FLAG, PLACE(help), NULL, 0, 0, NULL, "print this"},
    {0}};

struct predicting {
    struct predict_options options;
    const char *workload; // NULL: none was named
    int count;
    char *words[WORDS_MOST]; // that are the runner's
    char text[TEXT_SIZE];    // the same, with blanks between them
    struct runner_set set;
    char path[STATE_PATH_SIZE]; // of the prices
    char testbed[32];
    json_t *books; // NULL: none yet
    struct situation situation;
    struct book book;
};

// ---- words -----------------------------------------------------------------------------

static const struct option_spec *find_own(const char *word)
{
    size_t length = strcspn(word + 2, "=");
    for (const struct option_spec *spec = predict_specs; spec->name != NULL; spec++)
        if (strlen(spec->name) == length && strncmp(spec->name, word + 2, length) == 0)
            return spec;
    return NULL;
}

static void add_word(struct predicting *predicting, char *word)
{
    size_t used = strlen(predicting->text);
    if (predicting->count == WORDS_MOST || used + strlen(word) + 2 > TEXT_SIZE)
        die(EXIT_USAGE, "predict: more than %d words", WORDS_MOST);
    predicting->words[predicting->count++] = word;
    snprintf(predicting->text + used, TEXT_SIZE - used, "%s ", word);
}

// Own options are parsed here; what follows another option's name, and that, is the runner's.
static void parse(struct predicting *predicting, int argc, char **argv)
{
    char *own[2 * WORDS_MOST];
    int count = 0;
    for (int i = 0; i < argc; i++) {
        bool option = strncmp(argv[i], "--", 2) == 0;
        const struct option_spec *spec = option ? find_own(argv[i]) : NULL;
        if (count + 2 > 2 * WORDS_MOST)
            die(EXIT_USAGE, "predict: more than %d words", WORDS_MOST);
        if (spec != NULL) {
            bool alone = spec->kind == OPTION_FLAG || strchr(argv[i], '=') != NULL;
            own[count++] = argv[i];
            if (!alone && i + 1 < argc)
                own[count++] = argv[++i];
        } else if (!option && predicting->count == 0 && predicting->workload == NULL) {
            predicting->workload = argv[i];
        } else {
            add_word(predicting, argv[i]);
        }
    }
    command_parse("predict", &predicting->options, &predicting->options.help,
                  &(struct command_line){count, own, NULL, 0});
}

static void list_workloads(char *text, size_t size)
{
    text[0] = '\0';
    for (size_t i = 0; formulas[i] != NULL; i++) {
        size_t used = strlen(text);
        snprintf(text + used, size - used, "%s%s", i == 0 ? "" : ", ",
                 formulas[i]->workload);
    }
}

static void check_workload(const struct predicting *predicting)
{
    char names[256];
    list_workloads(names, sizeof names);
    if (predicting->workload == NULL)
        die(EXIT_USAGE, "predict: name a workload: %s; or say --crossovers", names);
    if (formula_find(predicting->workload) == NULL)
        die(EXIT_USAGE, "predict: there is no formula of '%.60s'; there are those of %s",
            predicting->workload, names);
    if (runner_workload(&predicting->set.list[0], predicting->workload) == NULL)
        die(EXIT_CANNOT, "predict: this build lacks %s", predicting->workload);
}

// ---- prices ----------------------------------------------------------------------------

static void find_path(struct predicting *predicting)
{
    struct reason reason;
    const char *file = predicting->options.prices;
    environment_testbed(predicting->testbed, sizeof predicting->testbed);
    if (file != NULL)
        snprintf(predicting->path, sizeof predicting->path, "%s", file);
    else if (state_cache_path(predicting->testbed, "predict-prices.json",
                              predicting->path, sizeof predicting->path, &reason) != 0)
        die(EXIT_WRONG, "predict: %s", reason.text);
}

// Loads what there is. A file that was named is to be there, unless it is to be made now.
static void load_prices(struct predicting *predicting)
{
    struct reason reason;
    bool named = predicting->options.prices != NULL;
    bool making = predicting->options.remeasure;
    int error =
        books_load(predicting->path, named && !making ? NULL : predicting->testbed,
                   &predicting->books, &reason);
    if (error != 0 && named && !(making && error == -ENOENT))
        die(EXIT_WRONG, "predict: --prices: %s", reason.text);
    if (error != 0 && !named && error != -ENOENT)
        warn("predict: %s: measured anew", reason.text);
}

static void save_prices(const struct predicting *predicting)
{
    struct reason reason;
    int error = predicting->options.prices != NULL
                    ? 0
                    : state_make_folders(predicting->path, &reason);
    if (error == 0)
        error = json_file_save(predicting->path, predicting->books, &reason);
    if (error != 0)
        warn("predict: the prices are not kept: %s", reason.text);
}

// Takes the machine's lock, which is returned, or ends the program.
static int begin_runs(const struct predicting *predicting, struct janitor *janitor)
{
    struct reason reason;
    prepare_builds(&predicting->set, predicting->options.allow_unoptimised);
    int lock = lock_take(LOCK_PATIENCE_NS, &reason);
    if (lock < 0)
        die(prepare_exit_code(lock), "predict: %s", reason.text);
    if (janitor_start(janitor, &reason) != 0)
        die(EXIT_WRONG, "predict: %s", reason.text);
    return lock;
}

// 0, or an exit code after a message: what came of runs that ended with this error.
static int end_runs(struct janitor *janitor, int lock, int error,
                    const struct reason *reason)
{
    janitor_stop(janitor);
    close(lock);
    if (error == 0)
        return EXIT_FINE;
    warn("predict: %s", reason->text);
    return error == EXIT_CANNOT ? EXIT_CANNOT : (int)prepare_exit_code(error);
}

// 0, or an exit code after a message.
static int measure_prices(struct predicting *predicting)
{
    struct janitor janitor;
    struct reason reason;
    int lock = begin_runs(predicting, &janitor);
    warn("predict: measuring the prices of %s, which takes some seconds",
         predicting->situation.workload->name);
    const struct probe_setting setting = {.set = &predicting->set,
                                          .janitor = &janitor,
                                          .runs = (unsigned)predicting->options.runs};
    int error = probe_book(&setting, &predicting->situation, &predicting->book, &reason);
    int code = end_runs(&janitor, lock, error, &reason);
    if (code != EXIT_FINE)
        return code;
    book_put(&predicting->books, predicting->testbed, &predicting->book);
    save_prices(predicting);
    return EXIT_FINE;
}

// The book of this situation, measured if need be. 0, or an exit code after a message.
static int find_prices(struct predicting *predicting)
{
    struct reason reason;
    const struct predict_options *options = &predicting->options;
    bool fixed = options->prices != NULL && !options->remeasure;
    int error = options->remeasure ? -ESTALE
                                   : book_find(predicting->books, &predicting->situation,
                                               fixed ? NULL : QUARTET_VERSION,
                                               &predicting->book, &reason);
    if (error == 0)
        return EXIT_FINE;
    if (!fixed)
        return measure_prices(predicting);
    warn("predict: --prices: %s", reason.text);
    return EXIT_WRONG;
}

// ---- measuring what was predicted ----------------------------------------------------------

static int run_model(const struct predicting *predicting, struct janitor *janitor,
                     struct prediction_row *row, struct reason *reason)
{
    double values[QUANTITY_COUNT][PROBE_RUNS_MOST];
    unsigned runs = (unsigned)predicting->options.runs;
    const struct probe_setting setting = {.set = &predicting->set, .janitor = janitor};
    const struct runner *runner = runner_find(&predicting->set, row->model->name);
    if (runner == NULL)
        return 0; // the prices are of a build that has more models
    for (unsigned i = 0; i <= runs; i++) {
        struct probe_result result;
        const struct probe probe = {runner, &predicting->situation, predicting->text,
                                    i == runs};
        int error = probe_run(&setting, &probe, &result, reason);
        if (error != 0)
            return error;
        for (int q = 0; i < runs && q < QUANTITY_COUNT; q++)
            values[q][i] = result.of[q];
        row->measured[QUANTITY_MEMORY] = result.of[QUANTITY_MEMORY];
    }
    row->measured[QUANTITY_WALL] = statistics_median(values[QUANTITY_WALL], runs);
    row->measured[QUANTITY_CPU] = statistics_median(values[QUANTITY_CPU], runs);
    return 0;
}

static int run_all(const struct predicting *predicting, struct prediction *prediction)
{
    struct janitor janitor;
    struct reason reason;
    int error = 0;
    int lock = begin_runs(predicting, &janitor);
    for (size_t i = 0; error == 0 && i < prediction->count; i++)
        error = run_model(predicting, &janitor, &prediction->rows[i], &reason);
    prediction->measured = true;
    return end_runs(&janitor, lock, error, &reason);
}

// ---- the command -----------------------------------------------------------------------

static int predict(struct predicting *predicting)
{
    struct prediction prediction;
    struct reason reason;
    check_workload(predicting);
    if (situation_parse(&predicting->situation, &predicting->set.list[0],
                        predicting->workload, predicting->count, predicting->words,
                        &reason) != 0)
        die(EXIT_USAGE, "predict: %s: %s", predicting->workload, reason.text);
    int code = find_prices(predicting);
    if (code != EXIT_FINE)
        return code;
    prediction_make(&predicting->book, &predicting->situation, &prediction);
    if (predicting->options.run)
        code = run_all(predicting, &prediction);
    if (code != EXIT_FINE)
        return code;
    if (predicting->options.format == FORMAT_TEXT) {
        prediction_print(stdout, &prediction, predicting->options.terms);
    } else {
        json_t *json = prediction_json(&prediction);
        json_file_print(stdout, json);
        json_decref(json);
    }
    return EXIT_FINE;
}

static int cross(struct predicting *predicting)
{
    struct crossover_wish wish;
    struct reason reason;
    if (predicting->workload != NULL)
        die(EXIT_USAGE, "predict: --crossovers takes no workload ('%.60s')",
            predicting->workload);
    if (crossover_parse(&wish, predicting->count, predicting->words, &reason) != 0)
        die(EXIT_USAGE, "predict: --crossovers: %s", reason.text);
    if (predicting->options.run || predicting->options.format != FORMAT_TEXT)
        die(EXIT_USAGE, "predict: --crossovers is a text for people, and runs nothing");
    if (crossover_situation(&wish, &predicting->set.list[0], &predicting->situation,
                            &reason) != 0)
        die(EXIT_CANNOT, "predict: --crossovers: %s", reason.text);
    int code = find_prices(predicting);
    if (code == EXIT_FINE)
        crossover_print(stdout, &wish, &predicting->set.list[0], &predicting->book);
    return code;
}

int command_predict(int argc, char **argv)
{
    static struct predicting predicting; // large, and there is one
    parse(&predicting, argc, argv);
    prepare_process();
    prepare_runners(&predicting.set);
    find_path(&predicting);
    load_prices(&predicting);
    int code = predicting.options.crossovers ? cross(&predicting) : predict(&predicting);
    if (fflush(stdout) != 0 || ferror(stdout))
        die(EXIT_WRONG, "cannot write the prediction: %s", strerror(errno));
    json_decref(predicting.books);
    runner_set_free(&predicting.set);
    return code;
}

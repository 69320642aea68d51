// SPDX-License-Identifier: MIT
//
// trace.c - `quartet trace WORKLOAD`: an untimed run of each model by its traced runner, and
// who ran when in it, as strips on one time axis.
//
// Read next: trace_words.c for what a runner is told, then driver/trace/strip.h.
#define _DEFAULT_SOURCE // mkdtemp()
#include "driver/command/commands.h"
#include "driver/command/trace_words.h"
#include "driver/plan/lanes.h"
#include "driver/system/tool.h"
#include "driver/trace/events.h"
#include "driver/trace/run.h"
#include "driver/trace/svg.h"
#include "driver/trace/text.h"
#include "lib/folder.h"
#include "lib/json_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum format { FORMAT_TEXT, FORMAT_SVG, FORMAT_HTML, FORMAT_PERFETTO };

struct trace_options {
    const char *models;
    const char *lanes;
    const char *python;
    uint64_t format;
    const char *output;
    uint64_t events;
    bool help;
};

#define PLACE(member) offsetof(struct trace_options, member)

const struct option_spec trace_specs[] = {
    {"models", OPTION_TEXT, PLACE(models), NULL, 0, 0, NULL,
     "only these: multithread,coroutine; without it all four"},
    {"lanes", OPTION_TEXT, PLACE(lanes), NULL, 0, 0, NULL,
     "python: the programs of lanes/python, too"},
    {"python", OPTION_TEXT, PLACE(python), NULL, 0, 0, NULL,
     "another interpreter for them: python3.13"},
    {"format", OPTION_CHOICE, PLACE(format), "text", 0, 0, "text|svg|html|perfetto",
     "for terminals, a picture, a page, or events for ui.perfetto.dev"},
    {"output", OPTION_TEXT, PLACE(output), NULL, 0, 0, NULL,
     "write to this file, also -o, and not to the terminal"},
    {"events", OPTION_COUNT, PLACE(events), "200k", 1, 20000000, NULL,
     "how many each run keeps; what does not fit is counted"},
    {"help", OPTION_FLAG, PLACE(help), NULL, 0, 0, NULL, "print this"},
    {0}};

// ---- one run ---------------------------------------------------------------------------

struct tracing {
    struct runner_set set;
    struct trace_words words;
    const struct trace_options *options;
    char folder[256];
    struct strips strips;
    unsigned failed; // models whose run went wrong
};

// Adds the strip of one model. An exit code; models that cannot do it are passed over.
static int trace_model(struct tracing *tracing, const struct runner *runner)
{
    const char *words[TRACE_WORDS_MAXIMUM];
    char path[512];
    struct reason reason;
    struct strips *strips = &tracing->strips;
    snprintf(path, sizeof path, "%s/%s.json", tracing->folder, runner->name);
    trace_words_for(&tracing->words, runner, words);
    const struct trace_run run = {.runner = runner,
                                  .words = words,
                                  .events = tracing->options->events,
                                  .path = path};
    int code = trace_run(&run, &reason);
    if (code == 0)
        code = strips_add(strips, path, &reason);
    if (code != 0 && code != EXIT_USAGE) // the runner has said why
        warn("%s", reason.text);
    return code == -EINTR    ? EXIT_INTERRUPTED
           : code == -ENOENT ? EXIT_CANNOT
           : code < 0        ? EXIT_WRONG
                             : code;
}

// The models of the user's choice, else those of the lanes and theirs in C, else all.
static const char *chosen(const struct tracing *tracing, char *usual, size_t size)
{
    const struct trace_options *options = tracing->options;
    if (options->models != NULL || options->lanes == NULL)
        return options->models;
    lanes_usual_models(&tracing->set, usual, size);
    return usual;
}

static int trace_all(struct tracing *tracing)
{
    char usual[1024];
    const char *models = chosen(tracing, usual, sizeof usual);
    int worst = EXIT_FINE;
    for (size_t i = 0; i < tracing->set.count; i++) {
        const struct runner *runner = &tracing->set.list[i];
        if (!trace_words_wants(&tracing->words, models, runner))
            continue;
        int code = trace_model(tracing, runner);
        if (code != EXIT_FINE && code != EXIT_CANNOT)
            return code;
        if (code != EXIT_FINE)
            worst = code;
    }
    return tracing->strips.count > 0 ? EXIT_FINE : worst;
}

// ---- what comes of it ------------------------------------------------------------------

static void print_text(FILE *file, const void *content)
{
    strip_text(file, content);
}

static void print_svg(FILE *file, const void *content)
{
    strip_svg(file, content);
}

static void print_html(FILE *file, const void *content)
{
    strip_html(file, content);
}

static void print_events(FILE *file, const void *content)
{
    strip_events(file, content);
}

static int show(const struct tracing *tracing)
{
    static void (*const writers[])(FILE *,
                                   const void *) = {[FORMAT_TEXT] = print_text,
                                                    [FORMAT_SVG] = print_svg,
                                                    [FORMAT_HTML] = print_html,
                                                    [FORMAT_PERFETTO] = print_events};
    const struct trace_options *options = tracing->options;
    struct reason reason;
    if (options->output == NULL) {
        writers[options->format](stdout, &tracing->strips);
        if (fflush(stdout) != 0 || ferror(stdout))
            die(EXIT_WRONG, "cannot print the strips: %s", strerror(errno));
        return EXIT_FINE;
    }
    if (text_file_save(options->output, writers[options->format], &tracing->strips,
                       &reason) != 0) {
        warn("%s", reason.text);
        return EXIT_WRONG;
    }
    return EXIT_FINE;
}

static void add_lanes(struct tracing *tracing)
{
    struct reason reason;
    struct runner_set *set = &tracing->set;
    const struct lanes lanes = {.list = tracing->options->lanes,
                                .python = tracing->options->python};
    int error = lanes_add(set, &lanes, &reason);
    if (error != 0)
        die(error == EXIT_CANNOT ? EXIT_CANNOT : EXIT_USAGE, "trace: %s", reason.text);
    for (size_t i = 0; i < set->count; i++)
        if (!trace_run_can(&set->list[i]))
            die(EXIT_USAGE, "trace: --lanes: %s leaves no events; take --lanes python",
                set->list[i].name);
}

static void prepare(struct tracing *tracing)
{
    struct reason reason;
    const char *output = tracing->options->output;
    if (output != NULL && json_file_check_place(output, &reason) != 0)
        die(EXIT_WRONG, "trace: %s", reason.text);
    if (runner_set_find(&tracing->set, &reason) != 0)
        die(EXIT_CANNOT, "trace: %s", reason.text);
    if (tracing->options->lanes != NULL)
        add_lanes(tracing);
    trace_words_check(&tracing->words, tracing->options->models, &tracing->set);
    snprintf(tracing->folder, sizeof tracing->folder, "%.200s/quartet-trace-XXXXXX",
             folder_temporary());
    if (mkdtemp(tracing->folder) == NULL)
        die(EXIT_WRONG, "trace: cannot make a folder in %s: %s", folder_temporary(),
            strerror(errno));
}

int command_trace(int argc, char **argv)
{
    static struct tracing tracing; // large, and there is one
    struct trace_options options = {0};
    const struct command_line own =
        trace_words_split(&tracing.words, trace_specs, argc, argv);
    tracing.options = &options;
    command_parse("trace", &options, &options.help, &own);
    tool_adopt_orphans();
    prepare(&tracing);
    int code = trace_all(&tracing);
    folder_remove(tracing.folder);
    if (code == EXIT_FINE)
        code = show(&tracing);
    strips_free(&tracing.strips);
    runner_set_free(&tracing.set);
    return code;
}

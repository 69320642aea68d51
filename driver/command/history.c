// SPDX-License-Identifier: MIT
//
// history.c - `quartet history`: stored reports over commits, and where a level changed.
//
// Read next: history/history.h.
#include "driver/history/history.h"
#include "driver/command/commands.h"
#include "driver/history/action_data.h"
#include "driver/history/load.h"
#include "driver/history/show.h"
#include "driver/statistics/verdict.h"
#include "driver/system/tool.h"
#include "lib/error.h"
#include "lib/options.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct history_options {
    uint64_t format;
    const char *threshold;
    const char *rows;
    uint64_t last;
    uint64_t seed;
    bool help;
};

static void (*const writers[])(FILE *file, const struct history *history) = {
    history_text, history_json, history_page, action_data_print};

#define PLACE(member) offsetof(struct history_options, member)

const struct option_spec history_specs[] = {
    {"format", OPTION_CHOICE, PLACE(format), "text", 0, 0,
     "text|json|html|github-action-benchmark", "what to print"},
    {"rows", OPTION_TEXT, PLACE(rows), NULL, 0, 0, NULL,
     "only rows whose name contains this: fetch/unix"},
    {"threshold", OPTION_TEXT, PLACE(threshold), "2%", 0, 0, NULL,
     "smaller changes are not shown"},
    {"last", OPTION_COUNT, PLACE(last), "0", 0, 100000, NULL,
     "only so many reports, the newest; 0: all"},
    {"seed", OPTION_COUNT, PLACE(seed), "1", 0, UINT64_MAX, NULL, "of the shuffles"},
    {"help", OPTION_FLAG, PLACE(help), NULL, 0, 0, NULL, "print this"},
    {0}};

// Also of a history that has nothing to show.
static void load(struct history *history, const char *named)
{
    struct reason reason;
    int error = history_load(history, named, &reason);
    if (error == -ENOENT)
        error = history_load_branch(history, named, &reason);
    if (error == -EINTR)
        die(EXIT_INTERRUPTED, "%s", reason.text);
    if (error != 0)
        die(EXIT_WRONG, "history: %s", reason.text);
}

// Series whose name lacks the text have no values any more.
static void select_rows(struct history *history, const char *part)
{
    size_t kept = 0;
    for (size_t i = 0; i < history->series_count; i++) {
        struct history_series *series = &history->series[i];
        if (part != NULL && strstr(series->name, part) == NULL)
            series->count = 0;
        kept += series->count > 0 ? 1 : 0;
    }
    if (part != NULL && kept == 0 && history->series_count > 0)
        die(EXIT_USAGE, "history: --rows %s: no row is called so, such as '%s'", part,
            history->series[0].name);
}

int command_history(int argc, char **argv)
{
    struct history_options options = {0};
    struct history history;
    struct reason reason;
    const char *operand = NULL;
    double least;
    int count = command_parse("history", &options, &options.help,
                              &(struct command_line){argc, argv, &operand, 1});
    if (verdict_parse_threshold(options.threshold, &least, &reason) != 0)
        die(EXIT_USAGE, "history: %s", reason.text);
    if (count == 0)
        die(EXIT_USAGE,
            "history: name a folder of reports, such as results, a branch that "
            "holds them, or a data.js of github-action-benchmark");
    tool_adopt_orphans();
    history_init(&history);
    load(&history, operand);
    history_sort(&history, (size_t)options.last);
    select_rows(&history, options.rows);
    history_note_commits(&history);
    history_find_changes(&history, least, options.seed);
    writers[options.format](stdout, &history);
    bool empty = history.entry_count == 0;
    history_free(&history);
    if (fflush(stdout) != 0 || ferror(stdout))
        die(EXIT_WRONG, "cannot write the history: %s", strerror(errno));
    if (empty)
        warn("history: '%s' has no report that can be used", operand);
    return empty ? EXIT_WRONG : EXIT_FINE;
}

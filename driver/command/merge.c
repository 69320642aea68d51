// SPDX-License-Identifier: MIT
//
// merge.c - `quartet merge`: reports of one plan from several machines.
//
// Read next: merge/merge.h.
#include "driver/merge/merge.h"
#include "driver/command/commands.h"
#include "lib/error.h"
#include "lib/options.h"

#include <errno.h>
#include <string.h>

struct merge_options {
    uint64_t format;
    const char *names;
    bool help;
};

static void (*const writers[])(FILE *file, const struct merge *merge) = {merge_text,
                                                                         merge_markdown,
                                                                         merge_json};

const struct option_spec merge_specs[] = {
    {.name = "format",
     .kind = OPTION_CHOICE,
     .offset = offsetof(struct merge_options, format),
     .fallback = "text",
     .choices = "text|md|json",
     .help = "what to print"},
    {.name = "names",
     .kind = OPTION_TEXT,
     .offset = offsetof(struct merge_options, names),
     .help = "of the hosts, one for each report: alpha,beta"},
    {.name = "help",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct merge_options, help),
     .help = "print this"},
    {.name = NULL},
};

// Cuts "alpha,beta" into `count` names.
static void split_names(char *text, const char **names, size_t count)
{
    size_t found = 0;
    for (char *name = strtok(text, ","); name != NULL; name = strtok(NULL, ",")) {
        if (found < count)
            names[found] = name;
        found++;
    }
    if (found != count)
        die(EXIT_USAGE, "merge: --names has %zu names for %zu reports", found, count);
}

static void warn_of_hosts(const struct merge *merge)
{
    for (size_t i = 0; i < merge->host_count; i++) {
        const struct merge_host *host = &merge->hosts[i];
        if (!host->whole)
            warn("merge: %s%s: %s", host->used ? "" : "left out: ", host->name,
                 host->why.text);
    }
}

int command_merge(int argc, char **argv)
{
    struct merge_options options = {0};
    static const char *files[MERGE_HOSTS_MAX];
    static const char *names[MERGE_HOSTS_MAX];
    struct merge merge;
    int count = command_parse("merge", &options, &options.help,
                              &(struct command_line){argc, argv, files, MERGE_HOSTS_MAX});
    char split[4096];
    if (count < 2)
        die(EXIT_USAGE, "merge: name two reports or more: quartet merge hosts/*");
    if (options.names != NULL) {
        snprintf(split, sizeof split, "%s", options.names);
        split_names(split, names, (size_t)count);
    }
    merge_load(&merge, (size_t)count, files, options.names == NULL ? NULL : names);
    warn_of_hosts(&merge);
    if (merge_used(&merge) == 0)
        die(EXIT_WRONG, "merge: no report can be used");
    if (merge_tables(&merge) != 0)
        die(EXIT_WRONG, "no memory to merge the reports");
    writers[options.format](stdout, &merge);
    int code = merge_whole(&merge) == merge.host_count ? EXIT_FINE : EXIT_WRONG;
    merge_free(&merge);
    if (fflush(stdout) != 0 || ferror(stdout))
        die(EXIT_WRONG, "cannot write: %s", strerror(errno));
    return code;
}

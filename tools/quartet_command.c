// SPDX-License-Identifier: MIT
//
// quartet_command.c - the runner for everybody's programs: runs one command, whatever it
// is, and writes the record that a runner writes. What stands there was seen from outside:
// times and CPU time of all its processes, exit code, and what it printed.
//
// `quartet time` puts it between the stop-watch and each command, so that all rows pay the
// same for it. Read next: command_child.h.
#include "driver/report/counter_verdict.h"
#include "lib/allocate.h"
#include "lib/clock.h"
#include "lib/cpus.h"
#include "lib/error.h"
#include "lib/json_file.h"
#include "lib/limits.h"
#include "lib/options.h"
#include "lib/process.h"
#include "tools/command_child.h"
#include "tools/command_words.h"

#include "build_info.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define OUTPUT_MOST (UINT64_C(256) << 20)

struct settings {
    const char *command;
    const char *name;
    const char *directory;
    const char *input;
    const char *cpus;
    const char *record;
    const char *under;
    uint64_t exit_code;
    uint64_t limit_ns;
    uint64_t timeout_ns;
    uint64_t tasks;
    uint64_t concurrency;
    bool shell;
    bool any_output;
    bool memory;
    bool help;
};

#define PLACE(member) offsetof(struct settings, member)

static const struct option_spec options[] = {
    {"command", OPTION_TEXT, PLACE(command), NULL, 0, 0, NULL,
     "the command, with quotes as in a shell"},
    {"shell", OPTION_FLAG, PLACE(shell), NULL, 0, 0, NULL, "by /bin/sh, not directly"},
    {"name", OPTION_TEXT, PLACE(name), "command", 0, 0, NULL, "of the row"},
    {"directory", OPTION_TEXT, PLACE(directory), NULL, 0, 0, NULL, "where it runs"},
    {"input", OPTION_TEXT, PLACE(input), NULL, 0, 0, NULL,
     "file that is its standard input; else that is empty"},
    {"exit-code", OPTION_COUNT, PLACE(exit_code), "0", 0, 255, NULL, "that is right"},
    {"any-output", OPTION_FLAG, PLACE(any_output), NULL, 0, 0, NULL,
     "what it prints may differ from run to run"},
    {"limit", OPTION_DURATION, PLACE(limit_ns), "50s", 1, 24 * 3600 * NS_PER_SECOND, NULL,
     "it must have ended by then"},
    {"tasks", OPTION_COUNT, PLACE(tasks), "1", 1, 1, NULL, "one, as for any runner"},
    {"concurrency", OPTION_COUNT, PLACE(concurrency), "1", 1, 1, NULL, "one"},
    {"cpus", OPTION_TEXT, PLACE(cpus), NULL, 0, 0, NULL, "its CPUs, such as 0,2-3"},
    {"record", OPTION_TEXT, PLACE(record), NULL, 0, 0, NULL, "file of the run record"},
    {"timeout", OPTION_DURATION, PLACE(timeout_ns), "60s", 1, 24 * 3600 * NS_PER_SECOND,
     NULL, "as for any runner; --limit comes before"},
    {"under", OPTION_TEXT, PLACE(under), NULL, 0, 0, NULL,
     "a tool that counts, put before the command: strace -f -o FILE"},
    {"memory", OPTION_FLAG, PLACE(memory), NULL, 0, 0, NULL,
     "note the peak memory of its largest process"},
    {"help", OPTION_FLAG, PLACE(help), NULL, 0, 0, NULL, "print this and exit"},
    {0}};

static void parse(int argc, char **argv, struct settings *settings)
{
    struct reason reason;
    const char *operand = NULL; // the workload: there is one
    struct option_group groups[] = {{"Options", options, settings}, {NULL, NULL, NULL}};
    options_defaults(&groups[0]);
    if (options_parse(groups, argc, argv, &operand, 1, &reason) < 0)
        die(EXIT_USAGE, "%s", reason.text);
    if (settings->help) {
        printf("Usage: quartet-command command --command TEXT [options]\n\n"
               "Runs TEXT once and writes a run record: `quartet time` calls it.\n");
        options_print(stdout, &groups[0]);
        exit(EXIT_FINE);
    }
    if (settings->command == NULL)
        die(EXIT_USAGE, "--command is missing: what is to be run?");
    if (settings->cpus != NULL && cpus_pin(settings->cpus, &reason) != 0)
        die(EXIT_USAGE, "--cpus: %s", reason.text);
    if (settings->limit_ns > settings->timeout_ns)
        settings->limit_ns = settings->timeout_ns;
}

// ---- the answer ------------------------------------------------------------------------

// How a run went: status of the record, exit code of this program, and a sentence.
struct judgement {
    const char *status; // "ok", "failed"
    enum exit_code code;
    struct reason reason;
};

// Behind a colon, what the command itself complained of.
static const char *said(const struct command_outcome *outcome, char *text, size_t size)
{
    snprintf(text, size, "%s%s", outcome->complaint[0] == '\0' ? "" : ": ",
             outcome->complaint);
    return text;
}

static void refuse(struct judgement *verdict, enum exit_code code)
{
    verdict->status = "failed";
    verdict->code = code;
}

static struct judgement judge(const struct settings *settings, int error,
                              const struct command_outcome *outcome,
                              const struct reason *why)
{
    char text[256];
    struct judgement verdict = {.status = "ok", .code = EXIT_FINE};
    if (error != 0) {
        refuse(&verdict, error == -EINTR ? EXIT_INTERRUPTED : EXIT_WRONG);
        reason_set(&verdict.reason, 0, "%s%s", why->text,
                   said(outcome, text, sizeof text));
    } else if (outcome->exit_code != (int)settings->exit_code) {
        refuse(&verdict, EXIT_WRONG);
        if (outcome->exit_code > 128)
            reason_set(&verdict.reason, 0, "ended by signal %d%s",
                       outcome->exit_code - 128, said(outcome, text, sizeof text));
        else
            reason_set(&verdict.reason, 0, "exit code %d, not %" PRIu64 "%s",
                       outcome->exit_code, settings->exit_code,
                       said(outcome, text, sizeof text));
    } else if (outcome->left > 0) {
        refuse(&verdict, EXIT_WRONG);
        reason_set(&verdict.reason, 0,
                   "left %u process%s running (killed): it must wait for all it starts",
                   outcome->left, outcome->left == 1 ? "" : "es");
    }
    return verdict;
}

// ---- the record ------------------------------------------------------------------------

static json_int_t nanoseconds(struct timeval time)
{
    return (json_int_t)time.tv_sec * (json_int_t)NS_PER_SECOND +
           (json_int_t)time.tv_usec * 1000;
}

static json_t *describe_build(void)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:b}", "version", QUARTET_VERSION,
                     "commit", QUARTET_COMMIT, "compiler", QUARTET_COMPILER, "flags",
                     QUARTET_FLAGS, "mode", QUARTET_MODE, "optimised", 1);
}

static json_t *describe_ledger(const struct settings *settings,
                               const struct command_outcome *outcome)
{
    char checksum[17];
    uint64_t digest = settings->any_output ? 0 : outcome->output_digest;
    uint64_t bytes = settings->any_output ? 0 : outcome->output_bytes;
    snprintf(checksum, sizeof checksum, "%016" PRIx64, digest);
    return json_pack("{s:i, s:i, s:i, s:I, s:i, s:i, s:s}", "tasks", 1, "operations", 1,
                     "bytes_in", 0, "bytes_out", (json_int_t)bytes, "peak_in_flight", 1,
                     "errors", 0, "checksum", checksum);
}

static json_t *describe_memory(const struct settings *settings,
                               const struct rusage *usage)
{
    if (!settings->memory || usage->ru_maxrss == 0)
        return json_null();
    return json_pack("{s:I, s:s}", "bytes", (json_int_t)usage->ru_maxrss * 1024, "method",
                     COMMAND_MEMORY_METHOD);
}

// A command has no phases but its own life. What it prints cannot be known before; that all
// rows print the same is looked at later, as with every ledger.
static json_t *make_record(const struct settings *settings,
                           const struct command_outcome *outcome,
                           const struct judgement *verdict)
{
    struct rusage usage;
    bool fine = verdict->code == EXIT_FINE;
    json_int_t printed = settings->any_output ? 0 : (json_int_t)outcome->output_bytes;
    getrusage(RUSAGE_CHILDREN, &usage);
    json_t *record = json_pack(
        "{s:s, s:s, s:s?, s:s, s:s, s:s, s:s, s:{}, s:{}, s:i, s:i, s:i, s:i, s:s?, s:n}",
        "schema", "quartet.run/1", "status", verdict->status, "reason",
        fine ? NULL : verdict->reason.text, "workload", "command", "kind", "cost",
        "operation", "runs", "model", settings->name, "variant", "parameters", "seed", 1,
        "tasks", 1, "concurrency", 1, "workers", 1, "cpus", settings->cpus, "peer_cpus");
    json_t *rest = json_pack(
        "{s:o, s:{s:i, s:i, s:i, s:I}, s:{s:i, s:i, s:I, s:i, s:i}, s:n, s:{s:I, s:I},"
        " s:{s:I, s:I}, s:{s:I, s:I}, s:o, s:n, s:[], s:o}",
        "ledger", fine ? describe_ledger(settings, outcome) : json_null(), "expected",
        "tasks", 1, "operations", 1, "bytes_in", 0, "bytes_out", printed, "phases_ns",
        "setup", 0, "spawn", 0, "run",
        (json_int_t)(outcome->ended_ns - outcome->started_ns), "join", 0, "teardown", 0,
        "latency_ns", "cpu_ns", "user", nanoseconds(usage.ru_utime), "system",
        nanoseconds(usage.ru_stime), "context_switches", "voluntary",
        (json_int_t)usage.ru_nvcsw, "involuntary", (json_int_t)usage.ru_nivcsw,
        "page_faults", "minor", (json_int_t)usage.ru_minflt, "major",
        (json_int_t)usage.ru_majflt, "memory", describe_memory(settings, &usage),
        "network", "notes", "build", describe_build());
    if (record == NULL || rest == NULL)
        die(EXIT_WRONG, "no memory for the record");
    json_object_update(record, rest);
    json_decref(rest);
    return record;
}

static void save(const struct settings *settings, const struct command_outcome *outcome,
                 const struct judgement *verdict)
{
    struct reason reason;
    json_t *record = make_record(settings, outcome, verdict);
    int error = json_file_save_unsynced(settings->record, record, &reason);
    json_decref(record);
    if (error != 0)
        die(EXIT_WRONG, "%s", reason.text);
}

// A list of words that grows, and the texts in which they lie.
struct words {
    size_t count;
    size_t room;
    char **list;
    size_t text_count;
    char **texts[2]; // of --under and --command
};

static void words_free(struct words *words)
{
    for (size_t i = 0; i < words->text_count; i++)
        free(words->texts[i]);
    free(words->list);
}

static void add_word(struct words *words, char *word)
{
    words->list =
        allocate_more(words->list, words->count, &words->room, sizeof *words->list);
    words->list[words->count++] = word;
}

// Adds the words of a text, which came with this option.
static void add_text(struct words *words, const char *option, const char *text)
{
    char **own;
    struct reason reason;
    if (command_words(text, &own, &reason) != 0)
        die(EXIT_USAGE, "--%s: %s", option, reason.text);
    for (size_t i = 0; own[i] != NULL; i++)
        add_word(words, own[i]);
    words->texts[words->text_count++] = own;
}

// The words of the command, behind those of the tool that it is to run under.
static void add_argv(struct words *words, const struct settings *settings)
{
    static char shell[] = "/bin/sh";
    static char shell_option[] = "-c";
    if (settings->under != NULL)
        add_text(words, "under", settings->under);
    if (settings->shell) {
        add_word(words, shell);
        add_word(words, shell_option);
        add_word(words, (char *)(uintptr_t)settings->command);
    } else {
        add_text(words, "command", settings->command);
    }
    add_word(words, NULL);
}

int main(int argc, char **argv)
{
    static struct settings settings;
    struct words words = {0};
    struct command_outcome outcome;
    struct reason reason;
    process_begin();
    error_set_program("quartet-command");
    parse(argc - 1, argv + 1, &settings);
    error_set_program(settings.name);
    add_argv(&words, &settings);
    struct command_child child = {.argv = words.list,
                                  .directory = settings.directory,
                                  .input = settings.input,
                                  .limit_ns = settings.limit_ns,
                                  .output_most = OUTPUT_MOST};
    int error = command_child_run(&child, &outcome, &reason);
    words_free(&words);
    struct judgement verdict = judge(&settings, error, &outcome, &reason);
    if (settings.record != NULL)
        save(&settings, &outcome, &verdict);
    if (verdict.code != EXIT_FINE)
        warn("%s", verdict.reason.text);
    return (int)verdict.code;
}

// SPDX-License-Identifier: MIT
//
// manuals.c - what each command says of itself, for `--help` and for its man page. Options
// are not here: they come from the command's own table.
//
// Read next: lib/manual.h for the two forms.
#include "driver/command/commands.h"

#define EXITS(...)    ((const struct manual_exit[]){__VA_ARGS__, {0, NULL}})
#define EXAMPLES(...) ((const struct manual_example[]){__VA_ARGS__, {NULL, NULL}})

// Rows that several commands have.
#define EXIT_ROW_FINE                                                                    \
    {                                                                                    \
        0, "fine"                                                                        \
    }
#define EXIT_ROW_USAGE                                                                   \
    {                                                                                    \
        2, "usage: an option or a name that there is not"                                \
    }
#define EXIT_ROW_MISSING                                                                 \
    {                                                                                    \
        77, "hyperfine or a workload's library is missing"                               \
    }
#define EXIT_ROW_READ                                                                    \
    {                                                                                    \
        1, "the report cannot be read"                                                   \
    }

// Of the commands that measure: what, how much, how strictly, and where.
static const struct manual_section measure_sections[] = {{"base", "What to compare with"},
                                                         {"workloads", "What to measure"},
                                                         {"profile", "How much"},
                                                         {"threshold", "How strict"},
                                                         {"accept-noise", "How strict"},
                                                         {"output", "How, and where to"},
                                                         {NULL, NULL}};

const struct manual quartet_manual = {
    .name = "quartet",
    .summary = "processes, threads, coroutines or an event loop: measure what each costs",
    .usage = "quartet COMMAND [options]",
    .text =
        "Runs identical work as processes, threads, coroutines and an event loop, "
        "proves\n"
        "that it was identical, times it with hyperfine, and reports what each costs.\n",
    .exits = EXITS(EXIT_ROW_FINE, {1, "a wrong answer, or a tool that failed"},
                   EXIT_ROW_USAGE, {3, "a confirmed slow-down"},
                   {4, "undecided, where a decision was asked for"},
                   {5, "no baseline, where one was asked for"},
                   {77, "impossible on this machine"}, {130, "interrupted"}),
    .examples =
        EXAMPLES({"quartet doctor", "is this machine fit?"},
                 {"quartet run --profile quick", "a look at everything, two minutes"},
                 {"quartet run", "enough rounds to decide something"}),
};

const struct manual run_manual = {
    .name = "quartet run",
    .summary = "run the models against each other and write a report",
    .usage = "quartet run [options]",
    .text = "The table goes to stdout; report.json, report.md and report.csv to the "
            "folder.\n",
    .sections = measure_sections,
    .environment = "  QUARTET_RUNNERS  folder of the runners\n"
                   "  QUARTET_LOCK     lock file\n"
                   "  TMPDIR           where temporary files go\n"
                   "  NO_COLOR, CI     plain output\n",
    .exits = EXITS(
        EXIT_ROW_FINE, {1, "a wrong answer or a failure"}, EXIT_ROW_USAGE,
        EXIT_ROW_MISSING,
        {130, "interrupted; the report holds what was measured, and --resume FOLDER "
              "goes on"}),
    .examples =
        EXAMPLES({"quartet run --profile quick", "a look at everything, two minutes"},
                 {"quartet run --workloads fetch/unix --concurrency 10,100,1000",
                  "how each model scales"}),
};

const struct manual time_manual = {
    .name = "quartet time",
    .summary = "time commands of anybody against each other",
    .usage = "quartet time [options] 'COMMAND' 'COMMAND'...",
    .text =
        "Runs each command once a round, in an order that changes, with a second run of "
        "one\n"
        "of them in every round, which shows what chance does. A line for each command "
        "but\n"
        "the first says whether it is SLOWER, FASTER or the SAME. All must end with the\n"
        "same exit code and print the same on standard output, and leave nothing "
        "running.\n"
        "\n"
        "A command is run without a shell; words may be in quotes.\n",
    .sections = (const struct manual_section[]){{"names", "What to run"},
                                                {"rounds", "How much"},
                                                {"threshold", "How strict"},
                                                {"output", "How, and where to"},
                                                {NULL, NULL}},
    .exits = EXITS({0, "every command is SLOWER, FASTER or the SAME"},
                   {1, "a command failed, hung, or printed something else"},
                   EXIT_ROW_USAGE, {4, "a comparison is INCONCLUSIVE"}, EXIT_ROW_MISSING,
                   {130, "interrupted"}),
    .examples =
        EXAMPLES({"quartet time 'sleep 0.1' 'sleep 0.11'", "which one is faster?"},
                 {"quartet time --shell --names plain,fast 'sort big | uniq' "
                  "'sort -u big'",
                  "two pipelines with names"}),
};

const struct manual report_manual = {
    .name = "quartet report",
    .summary = "print a stored report as text, Markdown, CSV or JSON",
    .usage = "quartet report [options] REPORT",
    .text = "REPORT is a report.json or the folder of one, such as results/latest.\n",
    .exits = EXITS(EXIT_ROW_FINE, EXIT_ROW_READ, EXIT_ROW_USAGE),
    .examples =
        EXAMPLES({"quartet report --format md results/latest", "tables for a page"}),
};

const struct manual compare_manual = {
    .name = "quartet compare",
    .summary = "compare two stored reports, and what lies behind them",
    .usage = "quartet compare [options] BASE NEW",
    .text =
        "Compares two stored reports, each a report.json or its folder. They were not\n"
        "measured side by side, so this decides nothing: it names what differs in their\n"
        "environment, and how times and relations between the models have changed.\n"
        "To decide, measure both builds in one session: quartet check.\n",
    .exits = EXITS(EXIT_ROW_FINE, EXIT_ROW_READ, EXIT_ROW_USAGE),
    .examples = EXAMPLES(
        {"quartet compare results/older results/latest", "what differs between the two"}),
};

const struct manual check_manual = {
    .name = "quartet check",
    .summary = "tell whether this build is slower than another one",
    .usage = "quartet check --base DIR|REPORT|BASELINE|REVISION [options]\n"
             "quartet check --base REVISION --build COMMAND --command NAME=COMMAND "
             "[options]",
    .text =
        "DIR, REVISION: both builds are measured side by side in one session; a "
        "revision\n"
        "is built out of the way first. REPORT, BASELINE: a stored report, or one that\n"
        "'quartet baseline' keeps; only how the models compare with each other, and\n"
        "counters, decide then. A name is tried in the order above; baseline:NAME is\n"
        "nothing but a baseline.\n"
        "\n"
        "A revision is built and run with the rights of the caller: do not check a\n"
        "stranger's change outside of a container or an account of its own.\n"
        "\n"
        "The second form is for any git repository; both commits are built elsewhere.\n"
        "quartet.json at its top can hold all of it: docs/gate-anywhere.md.\n",
    .sections = measure_sections,
    .exits = EXITS(
        {0, "nothing became slower"}, {1, "a wrong answer or a failure"}, EXIT_ROW_USAGE,
        {3, "a slow-down"},
        {4, "a slow-down not confirmed, too small a plan; --need-conclusion: undecided"},
        {5, "no base, or it lacks a row, with --need-base"}, EXIT_ROW_MISSING,
        {130, "interrupted; begin anew, only `run` can be resumed"}),
    .examples = EXAMPLES({"quartet check --base origin/main",
                          "this tree beside that revision, all tables"},
                         {"quartet check --base HEAD~1 --workloads fetch --threshold 3%",
                          "one workload, more strictly"}),
};

const struct manual baseline_manual = {
    .name = "quartet baseline",
    .summary = "keep reports of this machine for later checks",
    .usage = "quartet baseline save [options] [NAME] [REPORT]\n"
             "quartet baseline list\n"
             "quartet baseline show NAME",
    .text = "save keeps a report (results/latest) under a name (default); list and show "
            "tell\n"
            "commit, date, rounds, and whether the session was complete. Baselines lie "
            "below\n"
            "$XDG_STATE_HOME/quartet (~/.local/state/quartet), for each kind of machine "
            "apart.\n"
            "'quartet check --base NAME' compares with one.\n",
    .exits =
        EXITS(EXIT_ROW_FINE, {1, "it cannot be read or written, or is there already"},
              EXIT_ROW_USAGE, {5, "there is no baseline of this name"}),
    .examples = EXAMPLES({"quartet baseline save before-the-change",
                          "keep the newest report under this name"}),
};

const struct manual calibrate_manual = {
    .name = "quartet calibrate",
    .summary = "find out how small an effect this machine can show",
    .usage = "quartet calibrate [options]",
    .text =
        "Measures every runner beside itself, as 'quartet check' does with two builds, "
        "and\n"
        "finds for each row and metric the noise floor: what 95 of 100 comparisons of a\n"
        "thing with itself stay below. The result is stored for this machine below\n"
        "$XDG_STATE_HOME/quartet (~/.local/state/quartet), and 'quartet check' then "
        "asks\n"
        "for no less than 1.5 times the noise floor.\n",
    .sections = measure_sections,
    .exits = EXITS(EXIT_ROW_FINE, {1, "a wrong answer or a failure"}, EXIT_ROW_USAGE,
                   EXIT_ROW_MISSING, {130, "interrupted; what was stored before stays"}),
    .examples = EXAMPLES({"quartet calibrate --workloads primes,fetch/unix",
                          "the floors of two workloads"}),
};

const struct manual selftest_manual = {
    .name = "quartet selftest",
    .summary = "show that check finds what it should find",
    .usage = "quartet selftest",
    .text =
        "Runs 'quartet check' on a build beside itself, which must pass, on runners with "
        "an\n"
        "injected slow-down (exit 3) and on runners that crash (exit 1). Takes about a\n"
        "minute.\n",
    .exits =
        EXITS({0, "the gate answered as it should"}, {1, "it did not"}, EXIT_ROW_USAGE,
              {77, "there are no such runners; `make injected` builds them"}),
    .examples = EXAMPLES({"make injected && quartet selftest", "the gate on trial"}),
};

const struct manual counters_manual = {
    .name = "quartet counters",
    .summary = "count what each model asks of the machine, per operation",
    .usage = "quartet counters [options]",
    .text =
        "System calls by strace, instructions by perf or valgrind, memory by the runner\n"
        "itself. Nothing is timed. What cannot be counted here is shown as '-', with "
        "the\n"
        "reason.\n",
    .sections = measure_sections,
    .exits = EXITS(EXIT_ROW_FINE, {1, "a failure"}, EXIT_ROW_USAGE, {130, "interrupted"}),
    .examples =
        EXAMPLES({"quartet counters --workloads fetch/tcp", "system calls per request"}),
};

const struct manual export_manual = {
    .name = "quartet export",
    .summary = "print a stored report for other tools: JUnit and more",
    .usage = "quartet export [options] REPORT",
    .text = "Prints a stored report in the format of another tool: JUnit XML for CI "
            "services,\n"
            "hyperfine's JSON, text of Go's benchmarks (for benchstat), JSON of Google\n"
            "Benchmark, CSV, or Markdown with what the gate found on top.\n",
    .exits = EXITS(EXIT_ROW_FINE, EXIT_ROW_READ, EXIT_ROW_USAGE),
    .examples =
        EXAMPLES({"quartet export --format junit results/latest", "for a CI service"}),
};

const struct manual list_manual = {
    .name = "quartet list",
    .summary = "list workloads and models, and the options of each",
    .usage = "quartet list [options] [WORKLOAD or MODEL]",
    .text = "Lists workloads and models, or the options of one of them.\n",
    .exits = EXITS(EXIT_ROW_FINE, {1, "a runner failed"},
                   {2, "usage: there is no such workload or model"},
                   {77, "there are no runners"}),
    .examples = EXAMPLES({"quartet list fetch", "what can be said of a workload"}),
};

const struct manual validate_manual = {
    .name = "quartet validate",
    .summary = "tell whether a program of your own is a fair runner",
    .usage = "quartet validate PROGRAM [WORKLOAD]",
    .text = "Runs a program that keeps to the contract of docs/own-runner.md, holds its\n"
            "records against what must come out, and prints a line for each question.\n",
    .exits = EXITS({0, "it keeps to the contract and does the work"},
                   {1, "it does not, and the line that begins with FAIL says why"},
                   {2, "usage: there is no such program"}, {77, "there are no runners"}),
    .examples = EXAMPLES({"quartet validate lanes/python/asyncio sleep",
                          "does it sleep as long as it says?"}),
};

const struct manual doctor_manual = {
    .name = "quartet doctor",
    .summary = "say what limits or disturbs measuring here, and what to do",
    .usage = "quartet doctor",
    .text = "  ok       as it should be\n"
            "  note     works, but know it when you read figures\n"
            "  problem  some runs will be refused, or their figures mean little\n"
            "  MISSING  quartet cannot work without it\n",
    .exits = EXITS(EXIT_ROW_FINE, EXIT_ROW_USAGE, {77, "a part is MISSING"}),
    .examples = EXAMPLES({"quartet doctor", "before a long session"}),
};

const struct manual completion_manual = {
    .name = "quartet completion",
    .summary = "print the completion for a shell",
    .usage = "quartet completion bash|zsh|fish",
    .text =
        "  bash   source <(quartet completion bash)        in ~/.bashrc\n"
        "  zsh    source <(quartet completion zsh)         in ~/.zshrc, after compinit\n"
        "  fish   quartet completion fish | source         in "
        "~/.config/fish/config.fish\n"
        "\n"
        "Commands, options, their choices, workloads, models, baselines and reports are\n"
        "completed. What a machine knows is asked for while typing.\n",
    .exits = EXITS(EXIT_ROW_FINE, EXIT_ROW_USAGE),
    .examples = EXAMPLES({"quartet completion bash", "the script for bash"}),
};

const struct manual help_manual = {
    .name = "quartet help",
    .summary = "explain a command",
    .usage = "quartet help [--man] [COMMAND]",
    .exits = EXITS(EXIT_ROW_FINE, {2, "usage: there is no such command"}),
    .examples = EXAMPLES({"quartet help check", "options and exit codes of a command"}),
};

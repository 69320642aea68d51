// SPDX-License-Identifier: MIT
//
// manuals.c - what each command says of itself, for `--help` and for its man page. Options
// are not here: they come from the command's own table. What works on stored reports is in
// manuals_stored.c.
//
// Read next: lib/manual.h for the two forms.
#include "driver/command/commands.h"
#include "driver/command/manual_rows.h"

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
    .text = "The table goes to stdout; report.json, .md, .csv and .html to the "
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

const struct manual check_manual = {
    .name = "quartet check",
    .summary = "tell whether this build is slower than another one",
    .usage = "quartet check --base DIR|REPORT|BASELINE|REVISION [options]\n"
             "quartet check --base REVISION --build COMMAND --command NAME=COMMAND "
             "[options]",
    .text =
        "A REVISION is built and run as you: its Makefile and its programs are not held\n"
        "back by anything. Check a stranger's change as another user, or in a container\n"
        "without secrets and network. Hooks and fsmonitor of the repository do not run.\n"
        "\n"
        "DIR, REVISION: both builds are measured side by side in one session; a "
        "revision\n"
        "is built out of the way first. REPORT, BASELINE: a stored report, or one that\n"
        "'quartet baseline' keeps; only how the models compare with each other, and\n"
        "counters, decide then. A name is tried in the order above; baseline:NAME is\n"
        "nothing but a baseline.\n"
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

const struct manual calibrate_manual = {
    .name = "quartet calibrate",
    .summary = "find out how small an effect this machine can show",
    .usage = "quartet calibrate [options]",
    .text =
        "Measures every runner beside itself, as 'quartet check' does with two builds, "
        "and\n"
        "finds for each row and metric the noise floor: what 95 of 100 comparisons of a\n"
        "thing with itself stay below; how far links of one build lie apart (after\n"
        "'make links'); and which slow-down a gate finds, after how many pairs and how\n"
        "long. The result is stored for this machine below\n"
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

const struct manual claims_manual = {
    .name = "quartet claims",
    .summary = "put statements of textbooks to the test on this machine",
    .usage = "quartet claims [options] [CLAIM...]",
    .text = "A claim is a file: a statement, an experiment, and a rule over its figures. "
            "Says\n"
            "CONFIRMED or REFUTED where whole intervals say so, else UNDECIDED, with "
            "what would\n"
            "decide it; SKIPPED where this machine lacks something. CLAIM is a number or "
            "name\n"
            "of --list; without one, all are run. docs/claims.md says how to add one.\n",
    .exits = EXITS({0, "fine, whatever the verdicts"},
                   {1, "an experiment could not be run as it stands"}, EXIT_ROW_USAGE,
                   EXIT_ROW_MISSING, {130, "interrupted"}),
    .examples = EXAMPLES({"quartet claims --list", "the statements"},
                         {"quartet claims 8 --lang ru", "one of them, in Russian"}),
};

const struct manual predict_manual = {
    .name = "quartet predict",
    .summary = "say what a run will take in each model, from measured prices",
    .usage = "quartet predict WORKLOAD [options] [options of the workload]\n"
             "quartet predict --crossovers [--tasks N] [--wait TIME] [--compute TIME] "
             "[--cpus N]",
    .text =
        "Wall time, CPU time and memory of a run that is not made: counts that follow "
        "from\n"
        "its options, times prices measured on this machine, with an interval that is "
        "meant\n"
        "to hold 90 % of what would be measured. --run makes the run, and prints the "
        "error.\n"
        "\n"
        "The prices of a workload are measured when they are first needed, which takes "
        "some\n"
        "seconds, and again after 30 days or by another version of this program.\n"
        "\n"
        "--crossovers: so many tasks at once, each of which waits once and computes; "
        "which\n"
        "model is the better one, and from which numbers on another one. "
        "docs/predict.md\n"
        "explains the formulas.\n",
    .exits = EXITS(EXIT_ROW_FINE, {1, "a run failed, or there are no such prices"},
                   EXIT_ROW_USAGE, {77, "this build or machine lacks something"},
                   {130, "interrupted"}),
    .examples =
        EXAMPLES({"quartet predict fetch --tasks 200 --delay 10ms", "four models"},
                 {"quartet predict primes --limit 2m --run", "and what it really takes"},
                 {"quartet predict --crossovers --tasks 500 --wait 20ms",
                  "for a program of your own"}),
    .environment = "  XDG_CACHE_HOME   where prices are kept: quartet/TESTBED/ in it\n",
};

const struct manual lesson_manual = {
    .name = "quartet lesson",
    .summary = "predict a number of the course, then measure it",
    .usage = "quartet lesson [options] PAGE\n"
             "quartet lesson --list",
    .text =
        "Asks the question of a page of docs/lessons, measures, and says how far the\n"
        "prediction was off: RIGHT, TOO SMALL, TOO LARGE; or UNDECIDED where this "
        "machine's\n"
        "interval does not lie in the range that the question allows for any machine.\n",
    .exits = EXITS({0, "fine, whatever the answer"}, {1, "the experiment failed"},
                   {2, "usage; no terminal to ask at, and no --answer"},
                   {77, "hyperfine, a library, Python or a second CPU is missing"},
                   {130, "interrupted"}),
    .examples = EXAMPLES({"quartet lesson races", "asks, and waits for a number"},
                         {"quartet lesson races --answer 0", "the same in a script"}),
};

const struct manual grade_manual = {
    .name = "quartet grade",
    .summary = "judge a student's program by what a witness sees of it",
    .usage = "quartet grade --exercise NAME [options] PROGRAM [ARGUMENT...]\n"
             "quartet grade --list",
    .text = "The program, in any language, talks to a witness, which holds answers back "
            "until "
            "what\n"
            "it wants to see has come. Says for each of safe, live, concurrent, clean, "
            "bounded\n"
            "whether it HOLDS or FAILS. docs/grade.md has the contract.\n",
    .exits = EXITS({0, "all five hold"}, {1, "one fails"}, EXIT_ROW_USAGE,
                   {77, "this kernel does not show a program's processes"},
                   {130, "interrupted"}),
    .examples = EXAMPLES({"quartet grade --exercise pipeline ./answer", "once"}),
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

const struct manual explain_manual = {
    .name = "quartet explain",
    .summary = "say why one row takes more CPU time than another one",
    .usage = "quartet explain A B --workload TABLE [options]",
    .text =
        "Runs both rows in turn, counts what they ask of the machine (system calls by\n"
        "kind, context switches, page faults, wake-ups, bytes, threads, processes), and\n"
        "measures on the same machine what one of each costs. The difference per "
        "operation\n"
        "is then a sum of numbers times prices, and of what they leave unexplained, "
        "which\n"
        "is printed with its interval. Nothing is fitted. See docs/explain.md.\n",
    .exits = EXITS({0, "the difference is taken apart"}, {1, "a run went wrong"},
                   EXIT_ROW_USAGE, {77, "a row cannot run here, or there is no strace"},
                   {130, "stopped by the user"}),
    .examples = EXAMPLES(
        {"quartet explain multithread eventloop --workload fetch/unix",
         "threads or a loop"},
        {"quartet explain multiprocess multithread --workload spawn --format html -o "
         "spawn.html",
         "bars for a browser"}),
};

const struct manual trace_manual = {
    .name = "quartet trace",
    .summary = "draw who ran when, in a run of each model",
    .usage = "quartet trace WORKLOAD [options] [options of the workload and the models]",
    .text =
        "Runs the workload once by each model, untimed, and draws the runs as strips on\n"
        "one time axis: a lane for each worker, a letter for each task, signs for what "
        "it\n"
        "waits for, and below them the CPUs. Without --tasks or --concurrency a run has "
        "at\n"
        "most 20 tasks. What a runner understands may follow, such as --delay 5ms; an\n"
        "option that only some models have is left out for the others.\n"
        "\n"
        "Traced runners (traced/MODEL beside the runners) consist of the same object "
        "files\n"
        "as the timed ones; the linker puts the tracing round the verbs.\n",
    .exits = EXITS({0, "the strips are drawn"}, {1, "a run went wrong"}, EXIT_ROW_USAGE,
                   {77, "no model can run this here, or there are no traced runners"},
                   {130, "stopped by the user"}),
    .examples = EXAMPLES(
        {"quartet trace fetch --tasks 20", "who waits, and who runs meanwhile?"},
        {"quartet trace stall --offload threads", "a pool lets the loop go on"},
        {"quartet trace primes --format html -o primes.html", "for a browser"},
        {"quartet trace mixed --format perfetto -o mixed.json", "for ui.perfetto.dev"}),
};

const struct manual expect_manual = {
    .name = "quartet expect",
    .summary = "say what a run must leave, without running anything",
    .usage = "quartet expect WORKLOAD [options of a runner]",
    .text = "Prints quartet.expect/1: the ledger and the checksum that a run with these\n"
            "parameters must leave, whoever does it, and the least time that it takes.\n",
    .exits = EXITS(EXIT_ROW_FINE, {2, "usage: as a runner would say"},
                   {77, "there are no runners"}),
    .examples = EXAMPLES({"quartet expect sleep --tasks 3 --delay 20ms --seed 5",
                          "which checksum three sleeps have"}),
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

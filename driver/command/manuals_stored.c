// SPDX-License-Identifier: MIT
//
// manuals_stored.c - what the commands that work on stored reports say of themselves: see
// manuals.c.
#include "driver/command/commands.h"
#include "driver/command/manual_rows.h"

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

const struct manual merge_manual = {
    .name = "quartet merge",
    .summary = "put reports of several machines side by side: does the ranking hold?",
    .usage = "quartet merge [options] REPORT REPORT...",
    .text = "Reports of the same plan by the same version, one for each machine, as a "
            "campaign\n"
            "over machines leaves them. Rows of each host are kept, and no time of two "
            "machines\n"
            "is put together; latencies of a row are, as histograms, which add up "
            "exactly. A\n"
            "table says whether the ranking holds on every machine.\n"
            "\n"
            "A host whose report cannot be read, or is of another plan or version, is "
            "left out\n"
            "and named; one that stopped in the middle is named. The others stay what "
            "they are.\n",
    .exits = EXITS(EXIT_ROW_FINE, {1, "a host was left out, or stopped in the middle"},
                   EXIT_ROW_USAGE),
    .examples = EXAMPLES({"quartet merge hosts/*", "all hosts of a campaign"},
                         {"quartet merge --format json --names alpha,beta a.json b.json "
                          ">merged.json",
                          "for programs"}),
};

const struct manual history_manual = {
    .name = "quartet history",
    .summary = "show stored reports over commits, and where a level changed",
    .usage = "quartet history [options] FOLDER|BRANCH|FILE",
    .text =
        "Reads all reports below the folder, or those that a branch of the git tree "
        "here\n"
        "holds, or a data.js of github-action-benchmark. Each row of each table becomes "
        "a\n"
        "series by date, for each machine its own. Changes of level are found by\n"
        "E-divisive with shuffled values: with 5 % of risk that a history without any\n"
        "change shows one. With each change stands what of the environment changed "
        "there.\n"
        "\n"
        "Reports that cannot be used, commits without a report, and commits that are "
        "gone\n"
        "are named in a line each.\n",
    .exits = EXITS(EXIT_ROW_FINE, {1, "no report can be used"}, EXIT_ROW_USAGE,
                   {130, "interrupted"}),
    .examples =
        EXAMPLES({"quartet history results", "all sessions of this machine"},
                 {"quartet history --format html speed-data >history.html",
                  "a page of the reports that a branch holds"},
                 {"quartet history --format github-action-benchmark results >data.js",
                  "for that tool's page"}),
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

// SPDX-License-Identifier: MIT
//
// selftest.c - `quartet selftest`: a gate that never fails proves nothing. This
// one is given a build beside itself (it must pass), runners that are slower (exit 3) and
// runners that crash (exit 1). The faulty ones are built by `make injected`; see
// tests/inject/inject.c for what is wrong with them.
#include "driver/command/commands.h"
#include "driver/command/prepare.h"
#include "driver/plan/runner.h"
#include "driver/system/janitor.h"
#include "driver/system/tool.h"
#include "lib/check.h"
#include "lib/clock.h"
#include "lib/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GATE_TIMEOUT_NS (900 * NS_PER_SECOND)

// A question to the gate, and the answer that it must give.
struct trial {
    const char *what;
    const char *runners; // below the folder of injected ones; NULL: the usual ones
    int expected;
};

static const struct trial trials[] = {
    {"a build beside itself", NULL, EXIT_FINE},
    {"runners that take three times as long", "slow", EXIT_REGRESSION},
    {"runners that crash", "crash", EXIT_WRONG},
};

const struct option_spec selftest_specs[] = {
    {.name = "help", .kind = OPTION_FLAG, .offset = 0, .help = "print this"},
    {.name = NULL},
};

// build/release/bin lies beside build/release/injected.
static void find_injected(const struct runner_set *set, char *folder, size_t size)
{
    snprintf(folder, size, "%s/../injected", set->directory);
    if (access(folder, R_OK) != 0)
        die(EXIT_CANNOT,
            "there are no faulty runners in '%s': build them with 'make injected'",
            folder);
}

// Runs one gate; its output goes to the log. Each has a report of its own, beside it.
// Returns its exit code, or -errno.
static int run_check(const char *base, const char *log_path,
                     const struct janitor *janitor, struct reason *reason)
{
    char output[4300];
    snprintf(output, sizeof output, "%s.report", log_path);
    const char *const argv[] = {"/proc/self/exe",
                                "check",
                                "--base",
                                base,
                                "--workloads",
                                "primes/one-cpu",
                                "--models",
                                "coroutine,eventloop",
                                "--rounds",
                                "12",
                                "--accept-noise",
                                "--wait",
                                "--allow-unoptimised",
                                "--output",
                                output,
                                NULL};
    return tool_run_logged(argv, log_path, GATE_TIMEOUT_NS, janitor, reason);
}

static void show_log(const char *path)
{
    char line[512];
    FILE *file = fopen(path, "re");
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        fprintf(stderr, "  | %s", line);
    if (file != NULL)
        fclose(file);
}

// True when the gate answered as it should.
static bool run_trial(const struct trial *trial, const struct runner_set *set,
                      const char *injected, const struct janitor *janitor)
{
    char runners[8192];
    char log_path[4200];
    struct reason reason;
    snprintf(log_path, sizeof log_path, "%s/selftest-%d.log", janitor->folder,
             trial->expected);
    snprintf(runners, sizeof runners, "%s%s%s",
             trial->runners == NULL ? set->directory : injected,
             trial->runners == NULL ? "" : "/",
             trial->runners == NULL ? "" : trial->runners);
    setenv("QUARTET_RUNNERS", runners, 1);
    int end = run_check(set->directory, log_path, janitor, &reason);
    if (end == -EINTR)
        die(EXIT_INTERRUPTED, "interrupted");
    if (end < 0)
        die(EXIT_WRONG, "%s", reason.text);
    bool fine = end == trial->expected;
    printf("%s: exit %d, %s\n", trial->what, end, fine ? "as it should be" : "WRONG");
    if (!fine) {
        fprintf(stderr, "expected exit %d; the gate said:\n", trial->expected);
        show_log(log_path);
    }
    fflush(stdout);
    return fine;
}

int command_selftest(int argc, char **argv)
{
    static struct runner_set set;
    struct janitor janitor;
    bool help = false;
    char injected[4200];
    char hyperfine[32];
    struct reason reason;
    command_parse("selftest", &help, &help, &(struct command_line){argc, argv, NULL, 0});
    prepare_process();
    prepare_hyperfine(hyperfine, sizeof hyperfine);
    prepare_runners(&set);
    find_injected(&set, injected, sizeof injected);
    if (janitor_start(&janitor, &reason) != 0)
        die(EXIT_WRONG, "%s", reason.text);
    bool fine = true;
    for (size_t i = 0; i < ARRAY_LEN(trials); i++)
        fine = run_trial(&trials[i], &set, injected, &janitor) && fine;
    janitor_stop(&janitor);
    runner_set_free(&set);
    return fine ? EXIT_FINE : EXIT_WRONG;
}

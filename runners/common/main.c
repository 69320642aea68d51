// SPDX-License-Identifier: MIT
//
// The life of a run, the same for every runner: parse, set up, run, verify, record.
// The model behind it is the one that the linker found (model.h), the workload the one
// that the command line names.
//
// Read next: run.h for what workers share, then the folder of a model.
#include "build_info.h"
#include "lib/check.h"
#include "lib/clock.h"
#include "lib/cpus.h"
#include "lib/json_file.h"
#include "lib/limits.h"
#include "lib/process.h"
#include "lib/suggestion.h"
#include "runners/common/apart.h"
#include "runners/common/expect.h"
#include "runners/common/help.h"
#include "runners/common/latency.h"
#include "runners/common/left_out.h"
#include "runners/common/memory.h"
#include "runners/common/placement.h"
#include "runners/common/record.h"
#include "runners/common/shared_form.h"
#include "runners/common/size.h"
#include "runners/common/summary.h"
#include "runners/common/watchdog.h"
#include "runners/model.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct settings {
    uint64_t tasks;       // 0: the workload's default
    uint64_t concurrency; // 0: the workload's default
    uint64_t workers;     // 0: the model's choice
    const char *cpus;
    const char *peer_cpus;
    uint64_t pin; // an enum placement
    uint64_t seed;
    uint64_t timeout_ns;
    const char *record;
    bool memory;
    bool expect;
    bool help;
};

#define TASKS_MAX 100000000
// Most readers of JSON keep a number as a double, and a seed must come back as it was.
#define SEED_MAX ((UINT64_C(1) << 53) - 1)

static const struct option_spec common_options[] = {
    {"tasks", OPTION_COUNT, offsetof(struct settings, tasks), NULL, 1, TASKS_MAX, NULL,
     "tasks in all"},
    {"concurrency", OPTION_COUNT, offsetof(struct settings, concurrency), NULL, 1,
     TASKS_MAX, NULL, "tasks in flight at the same time"},
    {"workers", OPTION_COUNT, offsetof(struct settings, workers), NULL, 1, 1000000, NULL,
     "processes, threads or loops that carry them"},
    {"cpus", OPTION_TEXT, offsetof(struct settings, cpus), NULL, 0, 0, NULL,
     "CPUs of the workers, such as 0 or 0,2-3"},
    {"peer-cpus", OPTION_TEXT, offsetof(struct settings, peer_cpus), NULL, 0, 0, NULL,
     "CPUs of a back end"},
    {"pin", OPTION_CHOICE, offsetof(struct settings, pin), "auto", 0, 0,
     "auto|always|never", "does each worker stay on one CPU?"},
    {"seed", OPTION_COUNT, offsetof(struct settings, seed), "1", 0, SEED_MAX, NULL,
     "for everything that is random"},
    {"timeout", OPTION_DURATION, offsetof(struct settings, timeout_ns), "60s", 1000000,
     UINT64_C(86400000000000), NULL, "the run fails when it takes longer"},
    {"record", OPTION_TEXT, offsetof(struct settings, record), NULL, 0, 0, NULL,
     "write the run record to this file, as JSON; - is stdout"},
    {"memory", OPTION_FLAG, offsetof(struct settings, memory), NULL, 0, 0, NULL,
     "observe peak memory; disturbs the time"},
    {"expect", OPTION_FLAG, offsetof(struct settings, expect), NULL, 0, 0, NULL,
     "run nothing: print what the run must leave, as JSON"},
    {"help", OPTION_FLAG, offsetof(struct settings, help), NULL, 0, 0, NULL,
     "print this and exit"},
    {0}};

// CPU lists that main() may have to make up itself.
struct cpu_plan {
    char cpus[256];
    char peer_cpus[256];
};

_Noreturn static void exit_printed(void)
{
    if (fflush(stdout) != 0 || ferror(stdout))
        die(EXIT_WRONG, "cannot write to stdout: %s", strerror(errno));
    exit(EXIT_FINE);
}

// Options that stand alone, instead of a workload. Does not return if it is one.
static void answer_question(const char *word)
{
    if (strcmp(word, "--list") == 0) {
        help_print_workloads(stdout);
        left_out_warn();
    } else if (strcmp(word, "--describe") == 0)
        record_describe(stdout, common_options);
    else if (strcmp(word, "--help") == 0 || strcmp(word, "--man") == 0)
        help_print(common_options, strcmp(word, "--man") == 0);
    else if (strcmp(word, "--version") == 0)
        printf("%s %s (%s)\n", model.name, QUARTET_VERSION, QUARTET_COMMIT);
    else
        return;
    exit_printed();
}

// ---- from the command line to a run ----------------------------------------------------

static const struct workload *find_workload(const char *name)
{
    char names[512] = "";
    struct reason reason;
    struct suggestion suggestion = {.word = name};
    if (name[0] == '-')
        die(EXIT_USAGE, "name a workload before '%s', such as '%s fetch'; see --help",
            name, model.name);
    for (size_t i = 0; workload_list[i] != NULL; i++) {
        if (strcmp(workload_list[i]->name, name) == 0)
            return workload_list[i];
        suggestion_consider(&suggestion, workload_list[i]->name);
        size_t used = strlen(names);
        snprintf(names + used, sizeof names - used, "%s%s", used > 0 ? ", " : "",
                 workload_list[i]->name);
    }
    for (size_t i = 0; shared_list[i] != NULL; i++)
        if (strcmp(shared_list[i], name) == 0)
            die(EXIT_CANNOT,
                "%s: its runner, shared/%s beside this one, is missing; build it with "
                "make",
                name, model.name);
    if (left_out_explain(name, &reason) != NULL)
        die(EXIT_CANNOT, "%s, then build again", reason.text);
    char hint[64];
    suggestion_text(&suggestion, "", hint, sizeof hint);
    die(EXIT_USAGE, "unknown workload '%s'%s choose one of %s", name,
        hint[0] == '\0' ? ";" : hint, names);
}

static void parse(int argc, char **argv, struct settings *settings, struct run *run)
{
    struct reason reason;
    const char *operand;
    struct option_group groups[] = {{"", common_options, settings},
                                    {"", model.options, model.values},
                                    {"", run->work.workload->options,
                                     run->work.parameters},
                                    {NULL, NULL, NULL}};
    for (size_t i = 0; groups[i].specs != NULL; i++)
        options_defaults(&groups[i]);
    if (options_parse(groups, argc, argv, &operand, 0, &reason) < 0)
        die(EXIT_USAGE, "%s", reason.text);
    if (settings->help) {
        help_print_workload(run->work.workload, common_options);
        exit_printed();
    }
    if (settings->record != NULL && json_file_check_place(settings->record, &reason) != 0)
        die(EXIT_WRONG, "%s", reason.text);
}

// Has somebody else started the back end (--connect)?
static bool has_peer_elsewhere(const struct work *work)
{
    const struct option_spec *spec = work->workload->options;
    for (; spec != NULL && spec->name != NULL; spec++)
        if (strcmp(spec->name, "connect") == 0)
            return *(const char *const *)(const void *)((const char *)work->parameters +
                                                        spec->offset) != NULL;
    return false;
}

// Pins the runner. A back end gets the CPUs that the runner does not use; where nothing
// was asked and there are two or more, the last one.
static void place_run(const struct settings *settings, struct run *run,
                      struct cpu_plan *plan)
{
    struct reason reason;
    run->cpus = settings->cpus;
    run->work.peer_cpus = settings->peer_cpus;
    if (run->work.workload->peer && settings->peer_cpus == NULL) {
        if (settings->cpus == NULL) {
            if (cpus_split(plan->cpus, plan->peer_cpus, sizeof plan->cpus)) {
                run->cpus = plan->cpus;
                run->work.peer_cpus = plan->peer_cpus;
            }
        } else {
            cpus_outside(settings->cpus, plan->peer_cpus, sizeof plan->peer_cpus);
            run->work.peer_cpus = plan->peer_cpus[0] != '\0' ? plan->peer_cpus : NULL;
        }
        if (run->work.peer_cpus == NULL && !has_peer_elsewhere(&run->work))
            run_note(run,
                     "the back end has no CPU of its own: its work is part of the time");
    }
    if (settings->peer_cpus != NULL && cpus_check(settings->peer_cpus, &reason) != 0)
        die(EXIT_USAGE, "--peer-cpus %s", reason.text);
    int error = run->cpus == NULL ? 0 : cpus_pin(run->cpus, &reason);
    if (error != 0)
        die(error == -EINVAL ? EXIT_USAGE : EXIT_CANNOT, "--cpus %s", reason.text);
}

// ---- the end of a run ------------------------------------------------------------------

// Says what went wrong, writes the record, and ends the program.
_Noreturn static void finish(const struct settings *settings, const struct run *run,
                             const struct result *result)
{
    struct reason reason;
    int code = status_exit_code(result->status);
    if (result->status != STATUS_OK)
        warn("%s: %s: %s", run->work.workload->name, status_name(result->status),
             result->reason.text);
    int error = settings->record == NULL
                    ? 0
                    : record_write(settings->record, run, result, &reason);
    if (error == -EFBIG)
        limits_refuse(error, &reason, "cannot write '%.300s'", settings->record);
    if (error != 0)
        warn("%s", reason.text);
    if (error != 0 && code == EXIT_FINE)
        code = error == -EFBIG ? EXIT_CANNOT : EXIT_WRONG;
    if (fflush(stdout) != 0) {
        warn("cannot write to stdout: %s", strerror(errno));
        code = code == EXIT_FINE ? EXIT_WRONG : code;
    }
    exit(code);
}

// Refuses before anything was started: a usage error ends here, all else is a DNF.
static void require(int error, const struct settings *settings, const struct run *run,
                    struct result *result)
{
    if (error == 0)
        return;
    if (error == -EINVAL)
        die(EXIT_USAGE, "%s: %s", run->work.workload->name, result->reason.text);
    result->status = STATUS_DNF;
    finish(settings, run, result);
}

// ---- the run itself --------------------------------------------------------------------

struct measured {
    struct usage usage;
    struct network before;
    struct network after;
    struct tally tally;
};

//DOC: main-execute
// Runs the model between two readings of the counters. Peers are still alive at the
// second one, so that their CPU time is not counted.
static int execute(struct run *run, bool memory, struct measured *measured,
                   struct result *result)
{
    struct memory_observer observer = {0};
    network_read(&measured->before);
    int error = memory ? memory_observe(&observer, run, &result->reason) : 0;
    uint64_t peer_before_ns, peer_after_ns;
    // A process that only disturbs (`schedule --load`) is no peer.
    bool peer =
        run->work.workload->peer && usage_of_peer(run->work.peer, &peer_before_ns);
    run->milestones.set_up_ns = clock_now_ns();
    if (error == 0)
        error = run->work.workload->deaths != NULL ? apart_run(run, &result->reason)
                                                   : model.run(run, &result->reason);
    run->milestones.joined_ns = clock_now_ns();
    run->milestones.finished_ns = atomic_load(&run->board->finished_ns);
    usage_read(&measured->usage);
    if (peer && usage_of_peer(run->work.peer, &peer_after_ns))
        result->peer_cpu_ns = peer_after_ns - peer_before_ns;
    network_read(&measured->after);
    result->memory_bytes = memory_finish(&observer);
    if (memory && error == 0 && result->memory_bytes == 0)
        run_note(run, "memory is unknown: its observer was killed, or this kernel has no "
                      "/proc/PID/smaps_rollup");
    return error;
}

// Tells failures apart: of the model, of a peer, of tasks, or a wrong answer.
static void judge(struct run *run, int error, struct measured *measured,
                  struct result *result)
{
    const struct workload *workload = run->work.workload;
    struct reason peer_reason;
    int peer_error =
        workload->teardown != NULL ? workload->teardown(&run->work, &peer_reason) : 0;
    run->milestones.torn_down_ns = clock_now_ns();
    if (workload->deaths != NULL)
        workload->deaths->conclude(&run->work, atomic_load(&run->board->noticed_ns));
    verify_tally(run, &measured->tally);
    result->tally = &measured->tally;
    result->usage = &measured->usage;
    result->before = &measured->before;
    result->after = &measured->after;
    if (error != 0) {
        result->status = limits_is_refusal(error) ? STATUS_DNF : STATUS_FAILED;
        return;
    }
    error =
        verify_run(run, &measured->tally,
                   measured->usage.user_ns + measured->usage.system_ns, &result->reason);
    if (peer_error != 0) { // it explains the failures of the tasks
        struct reason tasks = result->reason;
        bool limit = limits_is_disk(peer_error) || limits_is_refusal(peer_error);
        result->status = limit ? STATUS_DNF : STATUS_FAILED;
        reason_set(&result->reason, peer_error, error != 0 ? "%.250s; %.250s" : "%.250s",
                   peer_reason.text, tasks.text);
    } else if (error != 0) {
        result->status = error == -EBADMSG  ? STATUS_WRONG
                         : error == -ENOSYS ? STATUS_DNF
                                            : STATUS_FAILED;
    } else if (workload->results != NULL) {
        result->number_count =
            workload->results(&run->work, result->numbers, RESULTS_MAX);
    }
}

int main(int argc, char **argv)
{
    struct settings settings;
    struct cpu_plan plan;
    struct run run = {.model = model.name};
    struct result result = {.status = STATUS_OK};
    struct measured measured;

    run.milestones.started_ns = clock_now_ns();
    process_begin();
    error_set_program(model.name);
    if (argc < 2)
        die(EXIT_USAGE, "name a workload, such as '%s %s'; see --help", model.name,
            workload_list[0]->name);
    answer_question(argv[1]);
    if (shared_form_has(argv[1]))
        shared_form_become(argv);
    run.work.workload = find_workload(argv[1]);
    run.work.parameters = calloc(1, run.work.workload->parameters_size);
    if (run.work.parameters == NULL)
        die(EXIT_WRONG, "out of memory");
    parse(argc - 2, argv + 2, &settings, &run);
    size_choose(&run.work, settings.tasks, settings.concurrency);
    run.work.seed = settings.seed;
    if (settings.expect)
        expect_print(&run.work);
    run.workers_asked = (uint32_t)settings.workers;
    run.timeout_ns = settings.timeout_ns;
    limits_raise();
    place_run(&settings, &run, &plan);
    require(model.prepare(&run, &result.reason), &settings, &run, &result);
    placement_choose(&run, (enum placement)settings.pin);
    require(run_map(&run, &result.reason), &settings, &run, &result);
    if (run.work.workload->setup != NULL)
        require(run.work.workload->setup(&run.work, &result.reason), &settings, &run,
                &result);

    watchdog_arm(&run, settings.record);
    int error = execute(&run, settings.memory, &measured, &result);
    placement_note(&run, (enum placement)settings.pin);
    judge(&run, error, &measured, &result);
    watchdog_disarm();
    result.latencies = latency_collect(&run.work);
    bool data = settings.record != NULL && strcmp(settings.record, JSON_FILE_STDOUT) == 0;
    if (result.status == STATUS_OK && !data) // which is JSON then, and nothing else
        summary_print(&run, &result);
    finish(&settings, &run, &result);
}

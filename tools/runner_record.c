// SPDX-License-Identifier: MIT
//
// Running a runner for its record: see runner_record.h.
#include "tools/runner_record.h"

#include "lib/check.h"
#include "lib/clock.h"
#include "lib/json_file.h"
#include "lib/options.h"
#include "lib/process.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_NS (120 * NS_PER_SECOND)
#define LOOK_NS     UINT64_C(3000000) // how long between two looks

// The folder of the runners: $QUARTET_RUNNERS, or else the one of this program.
static const char *runner_folder(void)
{
    static char folder[4096]; // zeros: readlink() ends nothing
    const char *given = getenv("QUARTET_RUNNERS");
    if (given != NULL && given[0] != '\0')
        return given;
    if (readlink("/proc/self/exe", folder, sizeof folder - 1) < 0)
        die(EXIT_CANNOT,
            "cannot read /proc/self/exe: %s; set QUARTET_RUNNERS to the folder of the "
            "runners",
            strerror(errno));
    *strrchr(folder, '/') = '\0';
    return folder;
}

_Noreturn static void become(const char *program, const char *const *argv)
{
    // The runner's complaints stand in its record as well.
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (null >= 0) {
        dup2(null, STDOUT_FILENO);
        dup2(null, STDERR_FILENO);
    }
    execv(program, (char *const *)(uintptr_t)argv);
    _exit(127);
}

static int wait_for(pid_t pid, const struct runner_watch *watch)
{
    const struct timespec pause = {.tv_nsec = LOOK_NS};
    uint64_t deadline_ns = clock_now_ns() + PATIENCE_NS;
    int status = 0;
    while (process_wait(pid, &status, WNOHANG) == 0) {
        if (watch != NULL)
            watch->look(watch->context);
        if (clock_now_ns() > deadline_ns) {
            process_wait_or_kill(pid, &status, 0);
            break;
        }
        nanosleep(&pause, NULL);
    }
    return status;
}

static int judge(const char *model, int status, const json_t *record,
                 struct reason *reason)
{
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && record != NULL)
        return 0;
    const char *why = json_string_value(json_object_get(record, "reason"));
    char text[128];
    process_describe_status(status, text, sizeof text);
    bool cannot = WIFEXITED(status) && WEXITSTATUS(status) == EXIT_CANNOT;
    return reason_set(reason, cannot ? -ENOTSUP : -EIO, "%s: %s", model,
                      why != NULL ? why : text);
}

int runner_record(const char *model, const char *const *arguments,
                  const struct runner_watch *watch, json_t **record,
                  struct reason *reason)
{
    const char *argv[RUNNER_ARGUMENTS + 4] = {model};
    const char *temporary = getenv("TMPDIR");
    char program[4200];
    char file[4200];
    size_t count = 1;
    snprintf(program, sizeof program, "%.4000s/%.100s", runner_folder(), model);
    snprintf(file, sizeof file, "%.4000s/quartet-tool-%jd.json",
             temporary != NULL ? temporary : "/tmp", (intmax_t)getpid());
    if (access(program, X_OK) != 0)
        return reason_set(reason, -ENOENT, "there is no runner '%s'; build it with make",
                          program);
    for (; arguments[count - 1] != NULL; count++) {
        CHECK(count <= RUNNER_ARGUMENTS);
        argv[count] = arguments[count - 1];
    }
    argv[count++] = "--record";
    argv[count] = file;

    pid_t pid = process_fork();
    if (pid < 0)
        return reason_set(reason, (int)pid, "cannot fork: %s", strerror((int)-pid));
    if (pid == 0)
        become(program, argv);
    int status = wait_for(pid, watch);
    *record = NULL;
    if (access(file, R_OK) == 0)
        json_file_load(file, record, reason);
    unlink(file);
    int error = judge(model, status, *record, reason);
    if (error != 0) {
        json_decref(*record);
        *record = NULL;
    }
    return error;
}

double runner_number(const json_t *record, const char *part, const char *key)
{
    const json_t *value = json_object_get(json_object_get(record, part), key);
    return json_is_number(value) ? json_number_value(value) : -1;
}

int runner_sizes(const char *text, uint64_t minimum, uint64_t maximum, uint64_t *sizes,
                 int room, struct reason *reason)
{
    int count = 0;
    const char *word = text;
    for (;;) {
        size_t length = strcspn(word, ",");
        char number[32];
        snprintf(number, sizeof number, "%.*s", (int)length, word);
        if (count == room || length >= sizeof number ||
            quantity_parse(OPTION_COUNT, number, &sizes[count]) != 0 ||
            sizes[count] < minimum || sizes[count] > maximum)
            return reason_set(reason, -EINVAL,
                              "--sizes '%s': must be at most %d numbers of %" PRIu64
                              " to %" PRIu64 " with commas between, such as 200,400,800",
                              text, room, minimum, maximum);
        count++;
        if (word[length] == '\0')
            return count;
        word += length + 1;
    }
}

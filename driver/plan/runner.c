// SPDX-License-Identifier: MIT
//
// Finding runners and asking them what they can do. See runner.h.
#include "driver/plan/runner.h"

#include "driver/report/json.h"
#include "driver/system/tool.h"
#include "lib/allocate.h"
#include "lib/check.h"
#include "lib/clock.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DESCRIBE_TIMEOUT_NS (10 * NS_PER_SECOND)
#define DESCRIBE_SIZE       (1 << 20)
#define DESCRIBE_SCHEMA     "quartet.describe/1"
#define DESCRIBE_SCHEMA_2   "quartet.describe/2" // of programs in other languages
#define ORACLE              "sequential" // a folder of runners has at least this one

// The order in tables: from the plain one to the lightest. Others follow by name.
static const char *const usual_order[] = {ORACLE, "multiprocess", "multithread",
                                          "coroutine", "eventloop"};

// ---- where they are ----------------------------------------------------------------

static bool is_program(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0;
}

static bool has_runners(const char *directory)
{
    char path[4096];
    int length = snprintf(path, sizeof path, "%s/" ORACLE, directory);
    return length > 0 && (size_t)length < sizeof path && is_program(path);
}

// The folder of this very program, however it was called.
static bool own_directory(char *directory, size_t size)
{
    ssize_t length = readlink("/proc/self/exe", directory, size - 1);
    if (length <= 0)
        return false;
    directory[length] = '\0';
    char *slash = strrchr(directory, '/');
    if (slash == NULL)
        return false;
    *slash = '\0';
    return true;
}

bool runner_find_beside(const char *name, char *path, size_t size)
{
    static const char *const places[] = {"", "../libexec/quartet/"};
    char own[2048];
    if (!own_directory(own, sizeof own))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        int length = snprintf(path, size, "%s/%s%s", own, places[i], name);
        if (length > 0 && (size_t)length < size && is_program(path))
            return true;
    }
    return false;
}

static int find_directory(char *directory, size_t size, struct reason *reason)
{
    const char *named = getenv("QUARTET_RUNNERS");
    if (named != NULL && named[0] != '\0') {
        snprintf(directory, size, "%s", named);
        return has_runners(directory)
                   ? 0
                   : reason_set(reason, -ENOENT,
                                "no runners in '%s' (from QUARTET_RUNNERS): there is no "
                                "program called " ORACLE,
                                named);
    }
    char own[2048];
    if (!own_directory(own, sizeof own))
        return reason_set(reason, -ENOENT,
                          "cannot tell where this program lies; set "
                          "QUARTET_RUNNERS to the folder of the runners");
    snprintf(directory, size, "%s", own);
    if (has_runners(directory))
        return 0;
    snprintf(directory, size, "%s/../libexec/quartet", own);
    if (has_runners(directory))
        return 0;
    return reason_set(reason, -ENOENT,
                      "no runners in '%s' nor in '%s': build them with 'make', or set "
                      "QUARTET_RUNNERS to their folder",
                      own, directory);
}

// ---- what they can do --------------------------------------------------------------

// False for a program that is not a runner: no answer, or another kind of answer.
static bool describe(struct runner *runner, char *text, struct reason *reason)
{
    const char *const argv[] = {runner->path, "--describe", NULL};
    int end = tool_capture(argv, DESCRIBE_TIMEOUT_NS, text, DESCRIBE_SIZE, reason);
    if (end > 0)
        reason_set(reason, -EBADMSG, "'%s --describe' ended with exit code %d",
                   runner->path, end);
    if (end != 0)
        return false;
    json_error_t problem;
    json_t *answer = json_loads(text, 0, &problem);
    description_read(&runner->describe, answer);
    const char *schema = runner->describe.schema;
    if (schema != NULL &&
        (strcmp(schema, DESCRIBE_SCHEMA) == 0 || strcmp(schema, DESCRIBE_SCHEMA_2) == 0))
        return true;
    reason_set(reason, -EBADMSG,
               "'%s --describe' did not print an answer of schema " DESCRIBE_SCHEMA,
               runner->path);
    description_free(&runner->describe);
    return false;
}

// A runner's name is one lower-case word, which may hold digits and _ . + - behind its
// first letter.
static bool name_is_right(const char *name)
{
    size_t length = strlen(name);
    return length < sizeof((struct runner *)NULL)->name && name[0] >= 'a' &&
           name[0] <= 'z' &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_.+-") == length;
}

// `quartet` and its helpers lie in the same folder.
static int is_candidate(const struct dirent *entry)
{
    return name_is_right(entry->d_name) &&
           strncmp(entry->d_name, "quartet", strlen("quartet")) != 0;
}

static bool is_usual(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(usual_order); i++)
        if (strcmp(usual_order[i], name) == 0)
            return true;
    return false;
}

// A program of this name joins the set if it is a runner. The usual ones must be.
static int consider(struct runner_set *set, const char *name, char *text,
                    struct reason *reason)
{
    struct runner runner = {0};
    snprintf(runner.name, sizeof runner.name, "%s", name);
    snprintf(runner.path, sizeof runner.path, "%s/%s", set->directory, name);
    if (set->count == RUNNERS_MAXIMUM || !is_program(runner.path))
        return 0;
    if (describe(&runner, text, reason))
        set->list[set->count++] = runner;
    else if (is_usual(name))
        return -EBADMSG;
    return 0;
}

static int ask_all(struct runner_set *set, char *text, struct reason *reason)
{
    int error = 0;
    for (size_t i = 0; i < ARRAY_LEN(usual_order) && error == 0; i++)
        error = consider(set, usual_order[i], text, reason);

    struct dirent **entries = NULL;
    int count = scandir(set->directory, &entries, is_candidate, alphasort);
    for (int i = 0; i < count; i++) {
        if (error == 0 && !is_usual(entries[i]->d_name))
            error = consider(set, entries[i]->d_name, text, reason);
        free(entries[i]);
    }
    free(entries);
    return error;
}

static int ask(struct runner_set *set, struct reason *reason)
{
    set->count = 0;
    char *text = allocate(DESCRIBE_SIZE, 1);
    int error = ask_all(set, text, reason);
    free(text);
    if (error != 0)
        runner_set_free(set);
    return error;
}

int runner_set_find(struct runner_set *set, struct reason *reason)
{
    set->count = 0;
    int error = find_directory(set->directory, sizeof set->directory, reason);
    return error != 0 ? error : ask(set, reason);
}

int runner_set_find_in(struct runner_set *set, const char *folder, struct reason *reason)
{
    static const char *const places[] = {"", "/bin", "/release/bin",
                                         "/build/release/bin"};
    set->count = 0;
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        int length =
            snprintf(set->directory, sizeof set->directory, "%s%s", folder, places[i]);
        if (length > 0 && (size_t)length < 3000 && has_runners(set->directory))
            return ask(set, reason);
    }
    return reason_set(reason, -ENOENT,
                      "no runners in '%.200s', nor in bin, release/bin or "
                      "build/release/bin below it: build them there with 'make'",
                      folder);
}

// The name that the program gives itself (quartet.describe/2), else that of its file.
static const char *own_name(const struct runner *runner)
{
    const char *slash = strrchr(runner->path, '/');
    return tree_text(runner->describe.json, "name",
                     slash == NULL ? runner->path : slash + 1);
}

static int check_added(const struct runner_set *set, const struct runner *runner,
                       struct reason *reason)
{
    const char *name = own_name(runner);
    if (!name_is_right(name))
        return reason_set(reason, -EINVAL,
                          "--runner %.200s: it calls itself '%.40s', which is not of the "
                          "form [a-z][a-z0-9_.+-]*, at most 31 letters",
                          runner->path, name);
    if (runner_find(set, name) != NULL)
        return reason_set(reason, -EINVAL,
                          "--runner %.200s: there is a runner called '%s' already",
                          runner->path, name);
    if (set->count == RUNNERS_MAXIMUM)
        return reason_set(reason, -EINVAL, "--runner %.200s: more than %d runners",
                          runner->path, RUNNERS_MAXIMUM);
    return 0;
}

int runner_set_add(struct runner_set *set, const char *path, struct reason *reason)
{
    struct runner runner = {0};
    struct reason why;
    int length = snprintf(runner.path, sizeof runner.path, "%s%s",
                          strchr(path, '/') == NULL ? "./" : "", path);
    if (length < 0 || (size_t)length >= sizeof runner.path || !is_program(runner.path))
        return reason_set(reason, -EINVAL,
                          "--runner %.200s: there is no such program that may be run",
                          path);
    char *text = allocate(DESCRIBE_SIZE, 1);
    bool answered = describe(&runner, text, &why);
    free(text);
    if (!answered)
        return reason_set(reason, -EINVAL, "--runner: %s", why.text);
    int error = check_added(set, &runner, reason);
    if (error != 0) {
        description_free(&runner.describe);
        return error;
    }
    snprintf(runner.name, sizeof runner.name, "%s", own_name(&runner));
    set->list[set->count++] = runner;
    return 0;
}

void runner_set_free(struct runner_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        description_free(&set->list[i].describe);
        json_decref(set->list[i].words);
    }
    set->count = 0;
}

// ---- questions about the answers ---------------------------------------------------

const struct runner *runner_find(const struct runner_set *set, const char *name)
{
    for (size_t i = 0; i < set->count; i++)
        if (strcmp(set->list[i].name, name) == 0)
            return &set->list[i];
    return NULL;
}

const struct described_workload *runner_workload(const struct runner *runner,
                                                 const char *name)
{
    return description_workload(&runner->describe, name);
}

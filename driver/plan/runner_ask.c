// SPDX-License-Identifier: MIT
//
// runner_ask.c - asking a program what it can do: `PROGRAM --describe` prints
// quartet.describe/1, of our own runners, or quartet.describe/2, of anybody's.
#include "driver/plan/runner.h"

#include "driver/system/tool.h"
#include "lib/allocate.h"
#include "lib/check.h"
#include "lib/clock.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define DESCRIBE_TIMEOUT_NS (10 * NS_PER_SECOND)
#define DESCRIBE_SIZE       (1 << 20)
#define DESCRIBE_SCHEMA     "quartet.describe/1"
#define DESCRIBE_SCHEMA_2   "quartet.describe/2" // of programs in other languages
#define WORKLOADS_MAXIMUM   100
#define PREFIX_MAXIMUM      16

// Its words before those of a run, at most `room`, ended by NULL.
static void command_words(const struct runner *runner, const char **words, size_t room)
{
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(runner->prefix) && count + 3 < room; i++)
        words[count++] = json_string_value(json_array_get(runner->prefix, i));
    words[count++] = runner->path;
    words[count++] = "--describe";
    words[count] = NULL;
}

static int refuse_end(const struct runner *runner, int end, const char *said,
                      struct reason *reason)
{
    int length = (int)strcspn(said, "\n");
    if (end == EXIT_CANNOT && length > 0)
        return reason_set(reason, EXIT_CANNOT, "%.*s", length, said);
    return reason_set(reason, -EBADMSG,
                      "'%.200s --describe' ended with exit code %d%s%.*s", runner->path,
                      end, length == 0 ? "" : ": ", length, said);
}

// `problem`: of its JSON, "" where it is none.
static int check_answer(const struct runner *runner, const char *problem,
                        struct reason *reason)
{
    const char *schema = runner->describe.schema;
    struct reason why;
    if (schema == NULL ||
        (strcmp(schema, DESCRIBE_SCHEMA) != 0 && strcmp(schema, DESCRIBE_SCHEMA_2) != 0))
        return reason_set(
            reason, -EBADMSG,
            "'%.200s --describe' did not print an answer of schema " DESCRIBE_SCHEMA
            " or " DESCRIBE_SCHEMA_2 "%s%.100s",
            runner->path, problem[0] == '\0' ? "" : ": ", problem);
    if (runner->describe.workload_count > WORKLOADS_MAXIMUM)
        return reason_set(reason, -EBADMSG,
                          "'%.200s --describe' has %zu workloads; %d are the most",
                          runner->path, runner->describe.workload_count,
                          WORKLOADS_MAXIMUM);
    if (description_check_workloads(&runner->describe, &why) != 0)
        return reason_set(reason, -EBADMSG, "'%.200s --describe': %.200s", runner->path,
                          why.text);
    return 0;
}

// -EBADMSG for a program that is not a runner: no answer, or another kind of answer; 77 for
// one that cannot run here.
static int describe(struct runner *runner, char *text, struct reason *reason)
{
    const char *argv[PREFIX_MAXIMUM + 3];
    char said[512];
    command_words(runner, argv, ARRAY_LEN(argv));
    int end = tool_capture_both(argv, DESCRIBE_TIMEOUT_NS,
                                &(struct tool_text){text, DESCRIBE_SIZE},
                                &(struct tool_text){said, sizeof said}, reason);
    if (end != 0)
        return end < 0 ? end : refuse_end(runner, end, said, reason);
    if (strlen(text) == DESCRIBE_SIZE - 1) // it was cut
        return reason_set(reason, -EBADMSG,
                          "'%.200s --describe' prints more than 1 MiB; a hundred "
                          "workloads are the most",
                          runner->path);
    json_error_t problem = {.text = ""};
    description_read(&runner->describe,
                     json_loads(text, JSON_REJECT_DUPLICATES, &problem));
    int error = check_answer(runner, problem.text, reason);
    if (error != 0)
        description_free(&runner->describe);
    else
        runner->foreign = strcmp(runner->describe.schema, DESCRIBE_SCHEMA_2) == 0;
    return error;
}

int runner_ask(struct runner *runner, struct reason *reason)
{
    char *text = allocate(DESCRIBE_SIZE, 1);
    int error = describe(runner, text, reason);
    free(text);
    return error;
}

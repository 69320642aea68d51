// SPDX-License-Identifier: MIT
//
// describe.c - see describe.h.
#include "driver/plan/describe.h"

#include "driver/report/members.h"
#include "driver/report/read.h"
#include "lib/allocate.h"
#include "lib/check.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHOICES_SIZE 200

// ---- members -----------------------------------------------------------------------

static const char *const kind_list[] = {
    [OPTION_COUNT] = "count",   [OPTION_SIZE] = "size", [OPTION_DURATION] = "duration",
    [OPTION_CHOICE] = "choice", [OPTION_FLAG] = "flag", [OPTION_TEXT] = "text",
    [OPTION_LIST] = "list",
};
static const struct member_names kind_names = {ARRAY_LEN(kind_list), OPTION_TEXT,
                                               kind_list};

const char *option_kind_name(enum option_kind kind)
{
    return kind_list[kind];
}

// An option, and the array that its choices are made of.
struct option {
    struct option_spec spec;
    json_t *choices;
    enum option_kind kind;
};

static const struct member option_list[] = {
    MEMBER_AS("name", struct option, spec.name, MEMBER_PLAIN),
    MEMBER_NAMED(struct option, kind, MEMBER_PLAIN, &kind_names),
    MEMBER_AS("default", struct option, spec.fallback, MEMBER_PLAIN),
    MEMBER_AS("minimum", struct option, spec.minimum, MEMBER_PLAIN),
    MEMBER_AS("maximum", struct option, spec.maximum, MEMBER_PLAIN),
    MEMBER(struct option, choices, MEMBER_ARRAY),
    MEMBER_AS("help", struct option, spec.help, MEMBER_PLAIN),
};
MEMBERS_OF(option);

// A workload, and the array that its options are made of.
struct workload {
    struct described_workload own;
    json_t *options;
};

#define OF(field) MEMBER_AS(#field, struct workload, own.field, MEMBER_PLAIN)
static const struct member workload_list[] = {
    OF(name),     OF(kind),          OF(operation),
    OF(summary),  OF(default_tasks), OF(default_concurrency),
    OF(together), OF(peer),          MEMBER(struct workload, options, MEMBER_ARRAY),
};
#undef OF
MEMBERS_OF(workload);

// A description, and the arrays that its parts are made of.
struct answer {
    struct description own;
    json_t *left_out;
    json_t *options;
    json_t *common_options;
    json_t *workloads;
};

// Version 2 requires some; version 1 has not all of them, and is not held against this.
#define OF(name, field)   MEMBER_AS(name, struct answer, own.field, MEMBER_PLAIN)
#define NEED(name, field) MEMBER_AS(name, struct answer, own.field, MEMBER_REQUIRED)
static const struct member answer_list[] = {
    OF("schema", schema),
    NEED("name", name),
    NEED("model", model),
    NEED("language", language),
    NEED("runtime", runtime),
    NEED("summary", summary),
    OF("sources_sha256", sources_sha256),
    OF("build", build),
    OF("build.mode", mode),
    OF("build.commit", commit),
    OF("build.compiler", compiler),
    OF("build.optimised", optimised),
    MEMBER(struct answer, left_out, MEMBER_ARRAY),
    MEMBER(struct answer, options, MEMBER_ARRAY),
    MEMBER(struct answer, common_options, MEMBER_ARRAY),
    MEMBER(struct answer, workloads, MEMBER_ARRAY),
};
#undef NEED
#undef OF
MEMBERS_OF(answer);

static void or_empty(const char **text)
{
    if (*text == NULL)
        *text = "";
}

// ---- options -----------------------------------------------------------------------

// ["tcp", "unix"] -> "tcp|unix", cut to size.
static const char *join_choices(struct description *description, const json_t *choices)
{
    char text[CHOICES_SIZE] = "";
    for (size_t i = 0; i < json_array_size(choices); i++) {
        const char *word = json_string_value(json_array_get(choices, i));
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "%s%s", i == 0 ? "" : "|",
                 word == NULL ? "?" : word);
    }
    json_t *kept = json_string(text);
    json_array_append_new(description->kept, kept);
    return json_string_value(kept);
}

static struct described_options read_options(struct description *description,
                                             const json_t *array)
{
    struct described_options options = {.count = json_array_size(array)};
    options.list = allocate(options.count + 1, sizeof *options.list);
    for (size_t i = 0; i < options.count; i++) {
        struct option option = {.choices = NULL};
        members_read(json_array_get(array, i), &option_members, &option);
        option.spec.kind = option.kind;
        option.spec.choices = join_choices(description, option.choices);
        or_empty(&option.spec.name);
        or_empty(&option.spec.help);
        options.list[i] = option.spec;
    }
    return options;
}

const struct option_spec *described_option(const struct described_options *options,
                                           const char *name)
{
    for (size_t i = 0; i < options->count; i++)
        if (strcmp(options->list[i].name, name) == 0)
            return &options->list[i];
    return NULL;
}

// ---- workloads ---------------------------------------------------------------------

static struct described_workload read_workload(struct description *description,
                                               const json_t *json)
{
    struct workload workload = {.options = NULL};
    members_read(json, &workload_members, &workload);
    or_empty(&workload.own.name);
    or_empty(&workload.own.kind);
    or_empty(&workload.own.operation);
    or_empty(&workload.own.summary);
    workload.own.options = read_options(description, workload.options);
    return workload.own;
}

const struct described_workload *description_workload(
    const struct description *description, const char *name)
{
    for (size_t i = 0; i < description->workload_count; i++)
        if (strcmp(description->workloads[i].name, name) == 0)
            return &description->workloads[i];
    return NULL;
}

static bool is_whole(double number)
{
    return number >= 1 && number == floor(number);
}

static const char *workload_fault(const struct described_workload *workload)
{
    const char *kind = workload->kind;
    const char *name = workload->name;
    if (name[0] < 'a' || name[0] > 'z' ||
        name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_")] != '\0')
        return "its name is not of the form [a-z][a-z0-9_]*";
    if (strcmp(kind, "io") != 0 && strcmp(kind, "cpu") != 0 && strcmp(kind, "cost") != 0)
        return "its kind is none of io, cpu, cost";
    if (!is_whole(workload->default_tasks) || !is_whole(workload->default_concurrency))
        return "default_tasks and default_concurrency are whole numbers from 1";
    return NULL;
}

int description_check_workloads(const struct description *description,
                                struct reason *reason)
{
    for (size_t i = 0; i < description->workload_count; i++) {
        const struct described_workload *own = &description->workloads[i];
        bool first = description_workload(description, own->name) == own;
        const char *fault = first ? workload_fault(own) : "another has that name";
        if (fault != NULL)
            return reason_set(reason, -EBADMSG, "workloads[%zu] '%.60s': %s", i,
                              own->name, fault);
    }
    return 0;
}

bool description_is_whole(const struct description *description)
{
    struct reason unused;
    return members_check(description->json, "", &answer_members, &unused) == 0;
}

// ---- all ---------------------------------------------------------------------------

void description_read(struct description *description, json_t *json)
{
    struct answer answer = {.options = NULL};
    members_read(json, &answer_members, &answer);
    *description = answer.own;
    description->json = json;
    description->kept = json_array();
    or_empty(&description->summary);
    description->options = read_options(description, answer.options);
    description->common_options = read_options(description, answer.common_options);
    description->workload_count = json_array_size(answer.workloads);
    description->workloads =
        allocate(description->workload_count, sizeof *description->workloads);
    for (size_t i = 0; i < description->workload_count; i++)
        description->workloads[i] =
            read_workload(description, json_array_get(answer.workloads, i));
    description->left_out_count = json_array_size(answer.left_out);
    description->left_out =
        allocate(description->left_out_count, sizeof *description->left_out);
    for (size_t i = 0; i < description->left_out_count; i++)
        description->left_out[i] = read_left_out(json_array_get(answer.left_out, i));
}

void description_free(struct description *description)
{
    for (size_t i = 0; i < description->workload_count; i++)
        free(description->workloads[i].options.list);
    free(description->workloads);
    free(description->left_out);
    free(description->options.list);
    free(description->common_options.list);
    json_decref(description->kept);
    json_decref(description->json);
    *description = (struct description){.json = NULL};
}

const struct left_out *description_left_out(const struct description *description,
                                            const char *name)
{
    for (size_t i = 0; i < description->left_out_count; i++)
        if (strcmp(description->left_out[i].name, name) == 0)
            return &description->left_out[i];
    return NULL;
}

// SPDX-License-Identifier: MIT
//
// bytes_per_task.c - what one waiting task weighs, per model. `park` is run with several
// numbers of tasks, and a straight line is laid through the memory that was seen. Its
// slope is the weight of one task; what the program needs anyway is in its offset.
//
// Two lines per model: through what the runner's own observer has counted
// (runners/common/memory.h), and through the rise of the kernel's slab, where its
// structures lie: task_struct, file tables, mappings. For the slab there is one number
// for the whole machine: whatever else runs is in it, and what an earlier run has left in
// the kernel's caches is used again without a rise. So it is shown apart, as a hint.
//
// Read next: runner_record.h; driver/statistics/line.h; workloads/park/README.md for what the numbers mean.
#include "driver/statistics/line.h"
#include "lib/check.h"
#include "lib/options.h"
#include "lib/process.h"
#include "tools/runner_record.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

enum {
    SIZES = 16,
    POINTS = 1024,
};

struct settings {
    const char *sizes;
    uint64_t rounds;
};

static const struct option_spec specs[] = {
    {.name = "sizes",
     .kind = OPTION_TEXT,
     .offset = offsetof(struct settings, sizes),
     .help = "numbers of tasks, at least 3 (200,400,800,1600; loops 1k,10k,30k,100k)"},
    {.name = "rounds",
     .kind = OPTION_COUNT,
     .offset = offsetof(struct settings, rounds),
     .fallback = "2",
     .minimum = 1,
     .maximum = 50,
     .help = "how often each number is run, in turn"},
    {0}};

struct model {
    const char *name;
    const char *sizes;
    const char *stands_for;
};

static const struct model models[] = {
    {"multiprocess", "200,400,800,1600", "process"},
    {"multithread", "200,400,800,1600", "thread"},
    {"coroutine", "1k,10k,30k,100k", "coroutine"},
    {"eventloop", "1k,10k,30k,100k", "callback"},
};

// ---- the slab ---------------------------------------------------------------------------

static double slab_bytes(void)
{
    FILE *file = fopen("/proc/meminfo", "re");
    char text[128];
    double kilobytes = 0;
    if (file == NULL)
        return 0;
    while (fgets(text, sizeof text, file) != NULL) {
        if (sscanf(text, "Slab: %lf kB", &kilobytes) == 1)
            break;
    }
    fclose(file);
    return kilobytes * 1024;
}

static void keep_largest(void *context)
{
    double *largest = context;
    *largest = fmax(*largest, slab_bytes());
}

// ---- one model --------------------------------------------------------------------------

struct points {
    int n;
    double tasks[POINTS];
    double bytes[POINTS];
    double slab[POINTS];
};

static int measure(const struct model *model, uint64_t tasks, struct points *points,
                   struct reason *reason)
{
    char number[32];
    snprintf(number, sizeof number, "%" PRIu64, tasks);
    const char *const arguments[] = {"park", "--tasks",  number, "--concurrency",
                                     number, "--memory", NULL};
    double before = slab_bytes();
    double largest = before;
    struct runner_watch watch = {keep_largest, &largest};
    json_t *record;
    int error = runner_record(model->name, arguments, &watch, &record, reason);
    if (error != 0)
        return error;
    double bytes = runner_number(record, "memory", "bytes");
    json_decref(record);
    if (bytes < 0)
        return reason_set(reason, -EIO, "%s: the memory of %s tasks is unknown",
                          model->name, number);
    CHECK(points->n < POINTS);
    points->tasks[points->n] = (double)tasks;
    points->bytes[points->n] = bytes;
    points->slab[points->n++] = largest - before;
    return 0;
}

// Round by round and not size by size, so that a drift of the machine tilts no line.
static int weigh(const struct model *model, const struct settings *settings,
                 struct reason *reason)
{
    static struct points points;
    uint64_t sizes[SIZES];
    int count = runner_sizes(settings->sizes != NULL ? settings->sizes : model->sizes, 1,
                             1000000, sizes, SIZES, reason);
    if (count < 0)
        return count;
    if (count < 3)
        return reason_set(reason, -EINVAL,
                          "--sizes: a line with its error takes at least 3 numbers");
    for (int i = 1; i < count; i++) {
        if (sizes[i] <= sizes[i - 1])
            return reason_set(reason, -EINVAL,
                              "--sizes: each must be above the last one");
    }
    points.n = 0;
    for (uint64_t round = 0; round < settings->rounds; round++) {
        for (int i = 0; i < count; i++) {
            int error = measure(model, sizes[i], &points, reason);
            if (error != 0)
                return error;
        }
    }
    struct line own = line_through(points.tasks, points.bytes, (size_t)points.n);
    struct line slab = line_through(points.tasks, points.slab, (size_t)points.n);
    printf("%-13s %-10s %7" PRIu64 " .. %-7" PRIu64 " %10.0f +- %-7.0f %8.0f +- %.0f\n",
           model->name, model->stands_for, sizes[0], sizes[count - 1], own.slope,
           own.error, slab.slope, slab.error);
    fflush(stdout);
    return 0;
}

// ---- the command ------------------------------------------------------------------------

static const struct model *model_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(models); i++) {
        if (strcmp(models[i].name, name) == 0)
            return &models[i];
    }
    die(EXIT_USAGE,
        "there is no model '%s' with waiting tasks; choose multiprocess, "
        "multithread, coroutine or eventloop",
        name);
}

static void usage(const struct option_group *group)
{
    printf("Usage: bytes-per-task [options] [model...]\n\n"
           "What one waiting task weighs: the slope of memory over tasks in `park`.\n");
    options_print(stdout, group);
}

static void explain(void)
{
    printf(
        "\nCounted: pages in use (shared ones once), page tables, kernel stacks, of all\n"
        "processes of the run; +- is the standard error of the slope. The slab, where "
        "the\n"
        "kernel's own structures lie, is one number for the whole machine: whatever "
        "else\n"
        "runs is in it, and what an earlier run has left there is used again without a\n"
        "rise. It differs from session to session by more than its +-: a hint, no "
        "more.\n");
}

int main(int argc, char **argv)
{
    struct settings settings;
    struct option_group groups[] = {{"Options", specs, &settings}, {0}};
    const char *names[ARRAY_LEN(models)];
    const struct model *chosen[ARRAY_LEN(models)];
    struct reason reason = {0};
    int code = EXIT_FINE;
    error_set_program("bytes-per-task");
    process_begin();
    options_defaults(groups);
    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        usage(groups);
        return EXIT_FINE;
    }
    int count =
        options_parse(groups, argc - 1, argv + 1, names, ARRAY_LEN(names), &reason);
    if (count < 0)
        die(EXIT_USAGE, "%s", reason.text);
    for (int i = 0; i < count; i++)
        chosen[i] = model_find(names[i]);
    for (size_t i = 0; count == 0 && i < ARRAY_LEN(models); i++)
        chosen[i] = &models[i];
    if (count == 0)
        count = ARRAY_LEN(models);

    printf("%-13s %-10s %18s %21s %20s\n", "model", "a task is", "tasks",
           "bytes per task", "slab per task");
    for (int i = 0; i < count; i++) {
        int error = weigh(chosen[i], &settings, &reason);
        if (error == -EINVAL)
            die(EXIT_USAGE, "%s", reason.text);
        if (error != 0) {
            warn("%s", reason.text);
            code = error == -ENOTSUP && code != EXIT_WRONG ? EXIT_CANNOT : EXIT_WRONG;
        }
    }
    explain();
    return code;
}

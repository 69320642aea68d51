// SPDX-License-Identifier: MIT
//
// switch_bench.c - this project's coroutines against Boost.Context, in one run: what a
// switch costs with one and with many alive, what a short life costs, and what a
// coroutine that waits keeps occupied. Times are compared round by round, each subject
// in turn being the first; the figure is the median of the rounds' ratios.
//
// Memory is that of a child process in which so many are parked: resident pages and
// page tables, less what the same process had before the first of them.
#include "tests/peers/switch_bench.h"

#include "lib/check.h"
#include "lib/clock.h"
#include "lib/error.h"
#include "lib/options.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SUBJECTS = 3, ROUNDS_MAX = 101 };

static const struct subject *const subjects[SUBJECTS] = {&subject_ours, &subject_boost,
                                                         &subject_boost_coloured};

struct settings {
    uint64_t rounds;
    uint64_t switches;
    uint64_t parked;
    uint64_t alive;
    bool check;
    bool help;
};

static const struct option_spec options[] = {
    {"rounds", OPTION_COUNT, offsetof(struct settings, rounds), "15", 1, ROUNDS_MAX, NULL,
     "how often everything is timed"},
    {"switches", OPTION_COUNT, offsetof(struct settings, switches), "2M", 1000,
     1000000000, NULL, "switches, or lives, per timing"},
    {"parked", OPTION_COUNT, offsetof(struct settings, parked), "100k", 0, 10000000, NULL,
     "coroutines parked for the memory figure; 0: skip"},
    {"alive", OPTION_COUNT, offsetof(struct settings, alive), "0", 0, 10000000, NULL,
     "try to have so many alive at once; 0: skip"},
    {"check", OPTION_FLAG, offsetof(struct settings, check), NULL, 0, 0, NULL,
     "exit with 1 if a figure misses its bound"},
    {"help", OPTION_FLAG, offsetof(struct settings, help), NULL, 0, 0, NULL,
     "print this and exit"},
    {0}};

// Nanoseconds of each subject in each round.
struct timing {
    double ns[SUBJECTS][ROUNDS_MAX];
};

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(const double *values, uint64_t count)
{
    double sorted[ROUNDS_MAX];
    memcpy(sorted, values, count * sizeof *values);
    qsort(sorted, count, sizeof *sorted, compare);
    return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
}

// ---- times ----------------------------------------------------------------------------

static double time_pass(const struct subject *subject, uint32_t live, uint64_t switches)
{
    subject->open(live);
    subject->start(live);
    subject->pass(live, 2 * (uint64_t)live); // touches everything once
    uint64_t began_ns = clock_now_ns();
    subject->pass(live, switches);
    double took_ns = (double)(clock_now_ns() - began_ns);
    subject->finish(live);
    subject->close();
    return took_ns / (double)switches;
}

static double time_spawn(const struct subject *subject, uint64_t times)
{
    subject->open(4);
    subject->spawn(1000);
    uint64_t began_ns = clock_now_ns();
    subject->spawn(times);
    double took_ns = (double)(clock_now_ns() - began_ns);
    subject->close();
    return took_ns / (double)times;
}

// `live` 0: create, run and finish. Prints a line; true if the ratio to Boost is within
// the bound.
static bool compare_times(const char *what, uint32_t live, double bound,
                          const struct settings *settings)
{
    static struct timing timing;
    double ratios[SUBJECTS][ROUNDS_MAX];
    for (uint64_t round = 0; round < settings->rounds; round++) {
        for (uint64_t place = 0; place < SUBJECTS; place++) {
            uint64_t i = (place + round) % SUBJECTS;
            timing.ns[i][round] = live == 0
                                      ? time_spawn(subjects[i], settings->switches)
                                      : time_pass(subjects[i], live, settings->switches);
        }
        for (int i = 0; i < SUBJECTS; i++)
            ratios[i][round] = timing.ns[0][round] / timing.ns[i][round];
    }
    double ratio = median(ratios[1], settings->rounds);
    printf("%-28s", what);
    for (int i = 0; i < SUBJECTS; i++)
        printf(" %12.2f", median(timing.ns[i], settings->rounds));
    printf(" %9.2f %9.2f    <= %.2f %s\n", ratio, median(ratios[2], settings->rounds),
           bound, ratio <= bound ? "yes" : "NO");
    return ratio <= bound;
}

// ---- memory ---------------------------------------------------------------------------

// The number behind `key` in a file of /proc, in bytes.
static uint64_t read_kib(const char *path, const char *key)
{
    char line[256];
    uint64_t kib = 0;
    FILE *file = fopen(path, "re");
    if (file == NULL)
        die(EXIT_CANNOT, "cannot open %s: %s", path, strerror(errno));
    while (fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, key, strlen(key)) == 0)
            kib = strtoull(line + strlen(key), NULL, 10);
    }
    fclose(file);
    return kib << 10;
}

static uint64_t occupied(void)
{
    return read_kib("/proc/self/smaps_rollup", "Rss:") +
           read_kib("/proc/self/status", "VmPTE:");
}

// Bytes per coroutine when `count` are parked, and what it took; by a child process.
struct parked {
    double bytes;
    double seconds;
};

static void park(const struct subject *subject, uint32_t count, int report)
{
    struct parked parked;
    subject->open(count);
    subject->start(1);
    subject->finish(1);
    subject->close();
    uint64_t before = occupied();
    uint64_t began_ns = clock_now_ns();
    subject->open(count);
    subject->start(count);
    parked.bytes = (double)(occupied() - before) / count;
    subject->pass(count, 2 * (uint64_t)count); // all of them are alive
    subject->finish(count);
    parked.seconds = (double)(clock_now_ns() - began_ns) / 1e9;
    CHECK(write(report, &parked, sizeof parked) == sizeof parked);
    _exit(0);
}

static struct parked measure_parked(const struct subject *subject, uint64_t count)
{
    int ends[2];
    struct parked parked;
    fflush(stdout);
    if (pipe(ends) != 0)
        die(EXIT_WRONG, "cannot make a pipe: %s", strerror(errno));
    pid_t pid = fork();
    if (pid < 0)
        die(EXIT_WRONG, "cannot fork: %s", strerror(errno));
    if (pid == 0)
        park(subject, (uint32_t)count, ends[1]);
    close(ends[1]);
    ssize_t got = read(ends[0], &parked, sizeof parked);
    close(ends[0]);
    waitpid(pid, NULL, 0);
    if (got != sizeof parked)
        die(EXIT_CANNOT, "%s: %" PRIu64 " coroutines are too many here", subject->name,
            count);
    return parked;
}

static bool compare_memory(uint64_t count)
{
    static const double bound = 4.3 * 1024;
    struct parked ours = measure_parked(&subject_ours, count);
    struct parked boost = measure_parked(&subject_boost, count);
    printf("bytes per parked coroutine, page tables included, of %" PRIu64 ":\n"
           "%-28s %12.0f %12.0f %42s %.0f %s\n",
           count, "", ours.bytes, boost.bytes, "<=", bound,
           ours.bytes <= bound ? "yes" : "NO");
    return ours.bytes <= bound;
}

int main(int argc, char **argv)
{
    struct settings settings;
    struct reason reason;
    const char *operand;
    struct option_group groups[] = {{"Options", options, &settings}, {NULL, NULL, NULL}};
    error_set_program("switch_bench");
    options_defaults(&groups[0]);
    if (options_parse(groups, argc - 1, argv + 1, &operand, 0, &reason) < 0)
        die(EXIT_USAGE, "%s", reason.text);
    if (settings.help) {
        options_print(stdout, &groups[0]);
        return EXIT_FINE;
    }
    bool good = true;
    printf("%-28s %12s %12s %12s %9s %9s\n%-28s %12s %12s %12s %9s %9s\n", "nanoseconds",
           "quartet", "Boost", "Boost,", "quartet", "/ Boost,", "", "", "", "coloured",
           "/ Boost", "coloured");
    good &= compare_times("switch, 1 alive", 1, 0.8, &settings);
    good &= compare_times("switch, 100 alive", 100, 0.8, &settings);
    good &= compare_times("switch, 10000 alive", 10000, 0.8, &settings);
    good &= compare_times("create, run, finish", 0, 1.0, &settings);
    if (settings.parked > 0)
        good &= compare_memory(settings.parked);
    if (settings.alive > 0) {
        struct parked alive = measure_parked(&subject_ours, settings.alive);
        printf("%" PRIu64
               " alive at once: %.2f GiB, created, switched to and ended in %.1f s\n",
               settings.alive, alive.bytes * (double)settings.alive / (1 << 30),
               alive.seconds);
    }
    return settings.check && !good ? EXIT_WRONG : EXIT_FINE;
}

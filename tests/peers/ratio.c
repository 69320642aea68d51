// SPDX-License-Identifier: MIT
//
// ratio.c - is command A slower than command B, and by how much? Runs the two in turn,
// in the order A B B A A B B A ..., and looks only at the ratio within each pair: what
// drifts on the machine hits both of a pair alike and cancels out. Two commands that
// are run one after the other, all of A and then all of B, cannot be compared so.
//
//   ratio [-n PAIRS] [-c CPUS] [-m METRIC,...] [-l LIMIT [-b]] A [ARG...] -- B [ARG...]
//
// Each line: the medians of A and B, in ms (what is named per_second: as it is), the median of the
// ratios, its interval, and all of them. The interval is one of 95 %, or, of fewer than six pairs,
// which cannot have that, from the smallest to the largest; its confidence is said above.
//
// Metrics: `wall` and `cpu` (user+system of all children that were waited for) are
// measured here; `a+b` is the sum of the numbers that follow "a": and "b": in the JSON
// that a command leaves. For these, each argument that is a single @ is replaced by
// the name of a file, where the command must leave its JSON ("run": of a run record).
//
// Exit: 0; 1 when a median ratio A/B is above LIMIT (with -b also: below 1/LIMIT) or a command
// failed; 2 usage.
//
// Read next: tests/peers/cpu_bench, which uses it.
#define _GNU_SOURCE // sched_setaffinity and wait4, which POSIX does not have
#include "lib/check.h"
#include "lib/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    METRICS = 8,
    PAIRS = 1000,
    RECORD_BYTES = 1024 * 1024,
};

struct bench {
    int pairs;
    double limit; // 0: none
    bool both;    // it holds in both directions
    int metrics;
    char *metric[METRICS];
    char record[64]; // the file that stands for @
    char **commands[2];
    double value[2][METRICS][PAIRS];
};

_Noreturn static void fail(int code, const char *what, const char *detail)
{
    fprintf(stderr, "ratio: %s%s%s\n", what, detail[0] != '\0' ? ": " : "", detail);
    exit(code);
}

static void pin(const char *list)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    for (char *end; *list != '\0'; list = *end == ',' ? end + 1 : end) {
        long cpu = strtol(list, &end, 10);
        if (end == list || cpu < 0 || cpu >= CPU_SETSIZE || (*end != ',' && *end != '\0'))
            fail(2, "-c wants CPU numbers like 0,1", "");
        CPU_SET((size_t)cpu, &set);
    }
    if (sched_setaffinity(0, sizeof(set), &set) != 0)
        fail(2, "cannot pin to these CPUs", strerror(errno));
}

// Runs the command with its output thrown away, but not its complaints.
static bool run(char **command, double *wall_ns, double *cpu_ns)
{
    struct rusage usage;
    int status;
    uint64_t started = clock_now_ns();
    pid_t pid = fork();
    if (pid < 0)
        fail(1, "cannot fork", strerror(errno));
    if (pid == 0) {
        int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
        if (null >= 0)
            dup2(null, STDOUT_FILENO);
        execvp(command[0], command);
        fprintf(stderr, "ratio: %s: %s\n", command[0], strerror(errno));
        _exit(127);
    }
    while (wait4(pid, &status, 0, &usage) < 0)
        if (errno != EINTR)
            fail(1, "cannot wait", strerror(errno));
    *wall_ns = (double)(clock_now_ns() - started);
    *cpu_ns = 1e9 * (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
              1e3 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

// Sum of the numbers in `json` that stand behind the keys of `metric`, "user+system".
static double json_sum(const char *json, const char *metric)
{
    double sum = 0;
    for (const char *key = metric; *key != '\0';) {
        char quoted[80];
        int length = (int)strcspn(key, "+");
        snprintf(quoted, sizeof(quoted), "\"%.*s\":", length, key);
        const char *found = strstr(json, quoted);
        if (found == NULL)
            fail(1, "the record has no number of this name", metric);
        sum += strtod(found + strlen(quoted), NULL);
        key += length;
        key += *key == '+';
    }
    return sum;
}

static void measure(struct bench *bench, int which, int pair)
{
    static char json[RECORD_BYTES];
    double wall_ns, cpu_ns;
    bool ran = run(bench->commands[which], &wall_ns, &cpu_ns);
    json[0] = '\0';
    int fd = open(bench->record, O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        ssize_t length = read(fd, json, sizeof(json) - 1);
        json[length > 0 ? length : 0] = '\0';
        close(fd);
    }
    unlink(bench->record);
    if (!ran)
        fail(1, "this command failed", bench->commands[which][0]);
    for (int m = 0; m < bench->metrics; m++) {
        const char *metric = bench->metric[m];
        bench->value[which][m][pair] = strcmp(metric, "wall") == 0 ? wall_ns
                                       : strcmp(metric, "cpu") == 0
                                           ? cpu_ns
                                           : json_sum(json, metric);
    }
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(const double *sorted, int n)
{
    return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
}

// Of the n sorted ratios, number `low` and its mirror image enclose the median of all that there
// could be, with this confidence: of n coins, more than `low` and fewer than n - low show heads.
struct interval {
    int low;
    double confidence; // at least 0.95, if n allows
};

static struct interval interval_of(int n)
{
    int low = 0;
    double term = pow(0.5, n), tail = term; // P(at most `low` of n coins show heads)
    while (low < n / 2 && tail + term * (n - low) / (low + 1) <= 0.025) {
        term *= (double)(n - low) / (low + 1);
        tail += term;
        low++;
    }
    return (struct interval){.low = low, .confidence = 1 - 2 * tail};
}

static void print_head(int pairs)
{
    double confidence = interval_of(pairs).confidence;
    printf("%3d pairs             A ms        B ms      A/B  %2.0f%% interval     all\n",
           pairs, confidence >= 0.95 ? 95. : 100 * confidence);
}

// Prints one line; returns the median ratio.
static double summarise(struct bench *bench, int m)
{
    static double ratio[PAIRS];
    int n = bench->pairs, low = interval_of(n).low;
    double unit = strstr(bench->metric[m], "per_second") != NULL ? 1 : 1e6;
    for (int i = 0; i < n; i++)
        ratio[i] = bench->value[0][m][i] / bench->value[1][m][i];
    qsort(ratio, (size_t)n, sizeof(double), compare);
    for (int which = 0; which < 2; which++)
        qsort(bench->value[which][m], (size_t)n, sizeof(double), compare);
    printf("%-16s %11.3f %11.3f   %6.3f  %6.3f .. %.3f  %6.3f .. %.3f\n",
           bench->metric[m], median(bench->value[0][m], n) / unit,
           median(bench->value[1][m], n) / unit, median(ratio, n), ratio[low],
           ratio[n - 1 - low], ratio[0], ratio[n - 1]);
    return median(ratio, n);
}

static void parse(struct bench *bench, int argc, char **argv)
{
    static char metrics[] = "wall,cpu";
    char *list = metrics;
    int option, i;
    bench->pairs = 10;
    while ((option = getopt(argc, argv, "+n:c:m:l:b")) != -1) {
        if (option == 'n')
            bench->pairs = atoi(optarg);
        else if (option == 'c')
            pin(optarg);
        else if (option == 'm')
            list = optarg;
        else if (option == 'l')
            bench->limit = atof(optarg);
        else if (option == 'b')
            bench->both = true;
        else
            exit(2);
    }
    if (bench->pairs < 1 || bench->pairs > PAIRS)
        fail(2, "-n wants 1 to 1000 pairs", "");
    for (char *name = strtok(list, ","); name != NULL; name = strtok(NULL, ",")) {
        if (bench->metrics == METRICS)
            fail(2, "at most 8 metrics", "");
        bench->metric[bench->metrics++] = name;
    }
    bench->commands[0] = argv + optind;
    for (i = optind; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "@") == 0)
            argv[i] = bench->record;
    if (i == optind || i + 1 >= argc)
        fail(2, "usage: ratio [-n pairs] [-c cpus] [-m metrics] [-l limit] A... -- B...",
             "");
    argv[i] = NULL;
    bench->commands[1] = argv + i + 1;
    for (i++; i < argc; i++)
        if (strcmp(argv[i], "@") == 0)
            argv[i] = bench->record;
}

int main(int argc, char **argv)
{
    static struct bench bench;
    const char *folder = getenv("TMPDIR");
    int code = 0;
    snprintf(bench.record, sizeof(bench.record), "%.40s/ratio-%ld",
             folder != NULL ? folder : "/tmp", (long)getpid());
    parse(&bench, argc, argv);

    measure(&bench, 0, 0); // a warm-up, written over by the first pair
    measure(&bench, 1, 0);
    for (int pair = 0; pair < bench.pairs; pair++) {
        measure(&bench, pair % 2, pair);
        measure(&bench, 1 - pair % 2, pair);
    }
    print_head(bench.pairs);
    for (int m = 0; m < bench.metrics; m++) {
        double ratio = summarise(&bench, m);
        if (bench.limit > 0 &&
            (ratio > bench.limit || (bench.both && ratio < 1 / bench.limit)))
            code = 1;
    }
    return code;
}

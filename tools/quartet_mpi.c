// SPDX-License-Identifier: MIT
//
// quartet_mpi.c - load from several hosts at one instant: each rank of an MPI program starts one
// runner (a client of `fetch --connect`, say), all when the last one is there, and rank 0 adds up what
// they did. docs/machines.md tells how it is used.
//
// Nobody waits in MPI's own way, which keeps a CPU busy beside what is measured: a request is begun,
// and looked after every millisecond. While its runner works, a rank sleeps in waitpid().
//
// A rank that dies takes nobody with it (mpirun --enable-recovery): rank 0 waits for its result until
// the deadline, names it, and keeps what the others sent.
#define _GNU_SOURCE // prctl()
#include "lib/clock.h"
#include "lib/error.h"
#include "lib/histogram.h"
#include "lib/json_file.h"

#include <errno.h>
#include <jansson.h>
#include <mpi.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WORDS_MAX   64
#define LEDGER_SIZE 5
#define TAG_RESULT  1
#define TAG_END     2
#define PAUSE_NS    1000000

static const char *const ledger_names[LEDGER_SIZE] = {"tasks", "operations", "bytes_in",
                                                      "bytes_out", "errors"};

// The message of a rank to rank 0.
struct result {
    uint64_t code; // of the runner
    uint64_t started_ns;
    uint64_t ledger[LEDGER_SIZE];
    char host[64];
    char reason[160];
    struct histogram latency;
};

struct job {
    int rank;
    int ranks;
    double deadline_s;
    const char *output; // a file of rank 0, or NULL: stdout
    const char *each;   // "A,B,C": a word for each rank
    char **command;
    char record[64];
};

// ---- waiting ---------------------------------------------------------------------------

static void pause_for_a_moment(void)
{
    const struct timespec pause = {.tv_nsec = PAUSE_NS};
    nanosleep(&pause, NULL);
}

// Waits for a request, asleep. false: the deadline, in ns of the monotonic clock, has come.
static bool wait_for(MPI_Request *request, uint64_t deadline_ns)
{
    int done = 0;
    while (MPI_Test(request, &done, MPI_STATUS_IGNORE) == MPI_SUCCESS && !done) {
        if (clock_now_ns() > deadline_ns)
            return false;
        pause_for_a_moment();
    }
    return done != 0;
}

// ---- one rank's runner -----------------------------------------------------------------

// The word of this rank among "A,B,C"; the last one where there are too few.
static void write_each(const struct job *job, char *text, size_t size)
{
    const char *at = job->each == NULL ? "" : job->each;
    for (int i = 0; i < job->rank && strchr(at, ',') != NULL; i++)
        at = strchr(at, ',') + 1;
    snprintf(text, size, "%.*s", (int)strcspn(at, ","), at);
}

static _Noreturn void become_runner(const struct job *job)
{
    static char each[4096];
    static char *words[WORDS_MAX + 3];
    static char record_option[] = "--record";
    size_t n = 0;
    write_each(job, each, sizeof each);
    for (; n < WORDS_MAX && job->command[n] != NULL; n++)
        words[n] = strcmp(job->command[n], "{each}") == 0 ? each : job->command[n];
    words[n++] = record_option;
    static char path[sizeof job->record];
    snprintf(path, sizeof path, "%s", job->record);
    words[n++] = path;
    prctl(PR_SET_PDEATHSIG, SIGKILL); // nothing is left when the rank is killed
    execvp(words[0], words);
    fprintf(stderr, "quartet-mpi: cannot run '%s': %s\n", words[0], strerror(errno));
    _exit(127);
}

static void read_record(const struct job *job, struct result *result)
{
    json_t *record = NULL;
    struct reason reason;
    if (json_file_load(job->record, &record, &reason) != 0) {
        snprintf(result->reason, sizeof result->reason, "%.150s", reason.text);
        return;
    }
    const json_t *ledger = json_object_get(record, "ledger");
    for (size_t i = 0; i < LEDGER_SIZE; i++)
        result->ledger[i] =
            (uint64_t)json_integer_value(json_object_get(ledger, ledger_names[i]));
    const json_t *latency = json_object_get(record, "latency_ns");
    histogram_add_json(&result->latency, json_object_get(latency, "buckets"));
    json_decref(record);
}

static void run(struct job *job, struct result *result)
{
    int status = 0;
    result->latency.minimum = UINT64_MAX;
    gethostname(result->host, sizeof result->host - 1);
    snprintf(job->record, sizeof job->record, "/tmp/quartet-mpi-%ld.json",
             (long)getpid());
    result->started_ns = clock_now_ns();
    pid_t child = fork();
    if (child == 0)
        become_runner(job);
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    result->code = child < 0             ? 1
                   : WIFSIGNALED(status) ? 128 + (uint64_t)WTERMSIG(status)
                                         : (uint64_t)WEXITSTATUS(status);
    read_record(job, result);
    unlink(job->record);
    if (result->code != 0)
        snprintf(result->reason, sizeof result->reason, "its runner ended with %d",
                 (int)result->code);
}

// ---- rank 0 ----------------------------------------------------------------------------

static json_t *rank_json(int rank, bool arrived, const struct result *result)
{
    json_t *ledger = json_object();
    for (size_t i = 0; arrived && i < LEDGER_SIZE; i++)
        json_object_set_new(ledger, ledger_names[i],
                            json_integer((json_int_t)result->ledger[i]));
    const char *reason = !arrived ? "it has sent nothing until the deadline"
                         : result->reason[0] == '\0' ? NULL
                                                     : result->reason;
    if (reason != NULL)
        fprintf(stderr, "quartet-mpi: rank %d: %s\n", rank, reason);
    return json_pack("{s:i, s:s?, s:b, s:s?, s:o}", "rank", rank, "host",
                     arrived ? result->host : NULL, "ok",
                     (int)(arrived && result->code == 0), "reason", reason, "ledger",
                     ledger);
}

// Output that mpirun has not passed on yet when it ends is lost; a file is not.
static void print(const struct job *job, const json_t *whole)
{
    FILE *file = job->output == NULL ? stdout : fopen(job->output, "we");
    if (file == NULL)
        die(EXIT_WRONG, "cannot write '%s': %s", job->output, strerror(errno));
    json_dumpf(whole, file, JSON_COMPACT);
    putc('\n', file);
    if (fflush(file) != 0)
        warn("cannot write the result: %s", strerror(errno));
    if (job->output != NULL)
        fclose(file);
}

// Adds up what has arrived, and prints it. How many ranks are missing or have failed.
static int report(const struct job *job, const bool *arrived, const struct result *all)
{
    uint64_t sums[LEDGER_SIZE] = {0};
    json_t *ranks = json_array();
    json_t *ledger = json_object();
    struct histogram *latency = histogram_new();
    int bad = 0;
    for (int rank = 0; rank < job->ranks; rank++) {
        json_array_append_new(ranks, rank_json(rank, arrived[rank], &all[rank]));
        bad += !arrived[rank] || all[rank].code != 0 ? 1 : 0;
        for (size_t i = 0; arrived[rank] && i < LEDGER_SIZE; i++)
            sums[i] += all[rank].ledger[i];
        for (size_t i = 0; arrived[rank] && i < HISTOGRAM_BUCKETS; i++)
            if (all[rank].latency.buckets[i] > 0)
                histogram_add_bucket(latency, histogram_bucket_lower(i),
                                     all[rank].latency.buckets[i]);
    }
    for (size_t i = 0; i < LEDGER_SIZE; i++)
        json_object_set_new(ledger, ledger_names[i], json_integer((json_int_t)sums[i]));
    json_t *whole =
        json_pack("{s:s, s:o, s:o, s:o}", "schema", "quartet.mpi/1", "ranks", ranks,
                  "ledger", ledger, "latency_ns", histogram_summary_json(latency));
    print(job, whole);
    json_decref(whole);
    histogram_free(latency);
    return bad;
}

// Ends all ranks where one is lost, which no MPI_Finalize() would wait for in vain. After
// MPI_Abort() mpirun 4.1 with --enable-recovery waits for ever; told to end, it ends, and
// the ranks with it: see main().
static _Noreturn void end_all(void)
{
    sleep(1); // stdout goes by way of mpirun
    kill(getppid(), SIGTERM);
    sleep(10);
    kill(getppid(), SIGKILL);
    _exit(EXIT_WRONG);
}

// Takes the results of all ranks, its own among them. How many are missing or have failed.
static int collect(const struct job *job, const struct result *own)
{
    struct result *all = calloc((size_t)job->ranks, sizeof *all);
    bool *arrived = calloc((size_t)job->ranks, sizeof *arrived);
    if (all == NULL || arrived == NULL)
        die(EXIT_WRONG, "no memory for %d results", job->ranks);
    uint64_t deadline = clock_now_ns() + (uint64_t)(job->deadline_s * 1e9);
    all[0] = *own;
    arrived[0] = true;
    for (int rank = 1; rank < job->ranks; rank++) {
        MPI_Request request;
        MPI_Irecv(&all[rank], (int)sizeof all[rank], MPI_BYTE, rank, TAG_RESULT,
                  MPI_COMM_WORLD, &request);
        arrived[rank] = wait_for(&request, deadline);
    }
    int bad = report(job, arrived, all);
    bool whole = true;
    for (int rank = 1; rank < job->ranks; rank++)
        whole = whole && arrived[rank];
    if (!whole)
        end_all();
    for (int rank = 1; rank < job->ranks; rank++)
        MPI_Send(&bad, 1, MPI_INT, rank, TAG_END, MPI_COMM_WORLD);
    free(all);
    free(arrived);
    return bad;
}

static int deliver(const struct result *own)
{
    int bad = 0;
    MPI_Request request;
    MPI_Isend(own, (int)sizeof *own, MPI_BYTE, 0, TAG_RESULT, MPI_COMM_WORLD, &request);
    wait_for(&request, UINT64_MAX);
    MPI_Irecv(&bad, 1, MPI_INT, 0, TAG_END, MPI_COMM_WORLD, &request);
    wait_for(&request, UINT64_MAX);
    return bad;
}

// ---- the command line ------------------------------------------------------------------

static void print_usage(FILE *file)
{
    fputs("usage: mpirun --enable-recovery -n N quartet-mpi [--deadline SECONDS] [--each "
          "A,B,...]\n"
          "                -- RUNNER WORKLOAD [OPTIONS]\n\n"
          "Starts RUNNER in each rank at one instant and adds up their ledgers and "
          "latencies.\n"
          "  --deadline S   what a rank has not sent so long after rank 0 is done is "
          "lost (60)\n"
          "  --output FILE  where rank 0 puts the result, else stdout\n"
          "  --each A,B,... {each} among the words is A in rank 0, B in rank 1, ...\n",
          file);
}

// false: usage was printed, or asked for.
static bool parse(struct job *job, char **argv)
{
    job->deadline_s = 60;
    for (argv++; *argv != NULL && strcmp(*argv, "--") != 0; argv++) {
        if (strcmp(*argv, "--deadline") == 0 && argv[1] != NULL)
            job->deadline_s = strtod(*++argv, NULL);
        else if (strcmp(*argv, "--output") == 0 && argv[1] != NULL)
            job->output = *++argv;
        else if (strcmp(*argv, "--each") == 0 && argv[1] != NULL)
            job->each = *++argv;
        else
            return false;
    }
    if (*argv == NULL || argv[1] == NULL)
        return false;
    job->command = argv + 1;
    return job->deadline_s > 0 && job->deadline_s <= 86400;
}

int main(int argc, char **argv)
{
    static struct job job;
    static struct result result;
    (void)argc;
    error_set_program("quartet-mpi");
    if (argv[1] != NULL && strcmp(argv[1], "--help") == 0) {
        print_usage(stdout);
        return EXIT_FINE;
    }
    if (!parse(&job, argv)) {
        print_usage(stderr);
        return EXIT_USAGE;
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL); // a rank outlives neither mpirun nor its daemon
    MPI_Init(NULL, NULL);
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    MPI_Comm_rank(MPI_COMM_WORLD, &job.rank);
    MPI_Comm_size(MPI_COMM_WORLD, &job.ranks);
    MPI_Request gate;
    MPI_Ibarrier(MPI_COMM_WORLD, &gate);
    if (!wait_for(&gate, clock_now_ns() + (uint64_t)(job.deadline_s * 1e9))) {
        warn("rank %d: not all %d ranks have come to the gate", job.rank, job.ranks);
        MPI_Abort(MPI_COMM_WORLD, EXIT_WRONG);
    }
    run(&job, &result);
    int bad = job.rank == 0 ? collect(&job, &result) : deliver(&result);
    MPI_Finalize();
    return bad == 0 ? EXIT_FINE : EXIT_WRONG;
}

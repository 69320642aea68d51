// SPDX-License-Identifier: MIT
//
// workload.c - `wordcount` as the runners see it. The answer is known without reading the
// text: the corpus says of each position which word stands there (workloads/common/corpus.h),
// and the check counts those.
//
// Read next: wordcount.h.
#define _GNU_SOURCE // F_SETPIPE_SZ is Linux
#include "workloads/wordcount/wordcount.h"

#include "workloads/common/corpus.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern const struct workload wordcount_workload;

static const struct option_spec wordcount_options[] = {
    {
        .name = "words",
        .kind = OPTION_COUNT,
        .offset = offsetof(struct wordcount_parameters, words),
        .fallback = "2m",
        .minimum = 1,
        .maximum = 1000000000,
        .help = "words of the text",
    },
    {
        .name = "vocabulary",
        .kind = OPTION_COUNT,
        .offset = offsetof(struct wordcount_parameters, vocabulary),
        .fallback = "16384",
        .minimum = 1,
        .maximum = WORDCOUNT_VOCABULARY_MAX,
        .help = "different words, four bytes of a result each",
    },
    {
        .name = "return",
        .kind = OPTION_CHOICE,
        .offset = offsetof(struct wordcount_parameters, way),
        .fallback = "shared",
        .choices = "shared|pipe",
        .help = "how a task's table reaches the one that adds up",
    },
    {0},
};

// ---- setup ---------------------------------------------------------------------------

static int no_memory(struct reason *reason)
{
    return reason_set(reason, -ENOMEM,
                      "no memory for the text and its tables; lower "
                      "--words, --vocabulary or --tasks");
}

static int write_text(struct wordcount_parameters *parameters, uint64_t seed)
{
    char letters[CORPUS_WORD_MAX];
    uint32_t vocabulary = (uint32_t)parameters->vocabulary;
    for (uint64_t i = 0; i < parameters->words; i++)
        parameters->text_bytes +=
            1 + corpus_spell(corpus_rank(seed, i, vocabulary), letters);
    char *text = sync_alloc(parameters->text_bytes);
    if (text == NULL)
        return -ENOMEM;
    corpus_fill(text, parameters->text_bytes, seed, 0, vocabulary);
    parameters->text = text;
    return 0;
}

// At most half of the places are taken, so that searches are short.
static int write_dictionary(struct wordcount_parameters *parameters)
{
    char word[CORPUS_WORD_MAX];
    parameters->dictionary_bits = 1;
    while (UINT64_C(1) << parameters->dictionary_bits < 2 * parameters->vocabulary)
        parameters->dictionary_bits++;
    uint64_t mask = (UINT64_C(1) << parameters->dictionary_bits) - 1;
    parameters->dictionary = sync_alloc((mask + 1) * sizeof *parameters->dictionary);
    if (parameters->dictionary == NULL)
        return -ENOMEM;
    for (uint32_t rank = 0; rank < parameters->vocabulary; rank++) {
        uint64_t letters = 0;
        size_t length = corpus_spell(rank, word);
        for (size_t i = 0; i < length; i++)
            letters = letters << 8 | (unsigned char)word[i];
        uint64_t place = wordcount_place(parameters, letters);
        while (parameters->dictionary[place].letters != 0)
            place = (place + 1) & mask;
        parameters->dictionary[place] = (struct wordcount_entry){letters, rank};
    }
    return 0;
}

// Each pipe must hold a whole table, or else nobody could write while nobody reads.
static int open_pipe(struct wordcount_pipe *pipe_ends, size_t size, struct reason *reason)
{
    int ends[2];
    if (pipe(ends) != 0)
        return reason_set(reason, -errno,
                          "cannot make a pipe for each task: %s; lower --tasks",
                          strerror(errno));
    *pipe_ends = (struct wordcount_pipe){ends[0], ends[1]};
    if ((fcntl(ends[1], F_GETPIPE_SZ) < (int)size &&
         fcntl(ends[1], F_SETPIPE_SZ, (int)size) < 0) ||
        fcntl(ends[1], F_SETFL, O_NONBLOCK) != 0) {
        return reason_set(
            reason, errno == EPERM ? -EMFILE : -errno,
            "a pipe cannot hold a table of %zu bytes: %s; raise fs.pipe-max-size and "
            "fs.pipe-user-pages-soft, or lower --vocabulary or --tasks",
            size, strerror(errno));
    }
    return 0;
}

static int open_ways(struct work *work, struct reason *reason)
{
    struct wordcount_parameters *parameters = work->parameters;
    uint32_t parts = wordcount_parts(work);
    if (parameters->way == WORDCOUNT_SHARED) {
        parameters->tables =
            sync_alloc(parts * parameters->vocabulary * sizeof *parameters->tables);
        return parameters->tables == NULL ? no_memory(reason) : 0;
    }
    parameters->pipes = calloc(parts, sizeof *parameters->pipes);
    if (parameters->pipes == NULL)
        return no_memory(reason);
    int error = 0;
    for (uint32_t i = 0; i < parts && error == 0; i++)
        error = open_pipe(&parameters->pipes[i],
                          parameters->vocabulary * sizeof(uint32_t), reason);
    return error;
}

static int wordcount_setup(struct work *work, struct reason *reason)
{
    struct wordcount_parameters *parameters = work->parameters;
    if (work->tasks < 2) {
        return reason_set(reason, -EINVAL,
                          "--tasks %" PRIu32
                          ": give 2 or more, one to add up and others to count",
                          work->tasks);
    }
    uint64_t *ring = sync_alloc(work->tasks * sizeof *ring);
    parameters->finished = sync_alloc(sizeof *parameters->finished);
    parameters->totals = sync_alloc(parameters->vocabulary * sizeof *parameters->totals);
    if (ring == NULL || parameters->finished == NULL || parameters->totals == NULL ||
        write_text(parameters, work->seed) != 0 || write_dictionary(parameters) != 0)
        return no_memory(reason);
    sync_queue_init(parameters->finished, ring, work->tasks);
    return open_ways(work, reason);
}

// The pipes end with the process. What setup() took otherwise lasts as long.
static int wordcount_teardown(struct work *work, struct reason *reason)
{
    (void)reason;
    struct wordcount_parameters *parameters = work->parameters;
    for (uint32_t i = 0; parameters->pipes != NULL && i < wordcount_parts(work); i++) {
        close(parameters->pipes[i].read_end);
        close(parameters->pipes[i].write_end);
    }
    free(parameters->pipes);
    parameters->pipes = NULL;
    return 0;
}

// ---- the answer ----------------------------------------------------------------------

static void wordcount_expect(const struct work *work, struct ledger *expected)
{
    const struct wordcount_parameters *parameters = work->parameters;
    uint64_t bytes =
        parameters->way == WORDCOUNT_PIPE
            ? wordcount_parts(work) * parameters->vocabulary * sizeof(uint32_t)
            : 0;
    *expected = (struct ledger){.tasks = work->tasks,
                                .operations = parameters->words,
                                .bytes_in = bytes,
                                .bytes_out = bytes};
}

// A part has the words whose first letters lie in it; the last task only adds up.
static void wordcount_expect_task(const struct work *work, uint32_t index,
                                  struct ledger *share)
{
    const struct wordcount_parameters *parameters = work->parameters;
    uint64_t parts = wordcount_parts(work);
    uint64_t table =
        parameters->way == WORDCOUNT_PIPE ? parameters->vocabulary * sizeof(uint32_t) : 0;
    *share = (struct ledger){.tasks = 1, .bytes_out = table};
    if (index == parts) {
        *share = (struct ledger){.tasks = 1, .bytes_in = parts * table};
        return;
    }
    uint64_t end = parameters->text_bytes * (index + 1) / parts;
    for (uint64_t i = parameters->text_bytes * index / parts; i < end; i++) {
        bool begins = i == 0 || parameters->text[i - 1] == ' ';
        share->operations += begins && parameters->text[i] != ' ';
    }
}

static int check_totals(const struct wordcount_parameters *parameters,
                        const uint64_t *expected, struct reason *reason)
{
    for (uint32_t rank = 0; rank < parameters->vocabulary; rank++) {
        char word[CORPUS_WORD_MAX];
        if (parameters->totals[rank] != expected[rank]) {
            int length = (int)corpus_spell(rank, word);
            return reason_set(reason, -EBADMSG,
                              "the word '%.*s' was counted %" PRIu64
                              " times, but occurs %" PRIu64 " times",
                              length, word, parameters->totals[rank], expected[rank]);
        }
    }
    return 0;
}

static int wordcount_verify(const struct work *work, struct reason *reason)
{
    const struct wordcount_parameters *parameters = work->parameters;
    uint64_t *expected = calloc(parameters->vocabulary, sizeof *expected);
    if (expected == NULL)
        return reason_set(reason, -ENOMEM, "no memory for the check of wordcount");
    uint64_t digest = 0, counted = 0;
    for (uint64_t i = 0; i < parameters->words; i++) {
        uint32_t rank = corpus_rank(work->seed, i, (uint32_t)parameters->vocabulary);
        expected[rank]++;
        digest += wordcount_weight(rank);
    }
    int error = check_totals(parameters, expected, reason);
    free(expected);
    for (uint32_t i = 0; i < wordcount_parts(work); i++)
        counted += outcome_at(work, i)->digest;
    if (error == 0 && counted != digest)
        error = reason_set(reason, -EBADMSG,
                           "the parts have digest %016" PRIx64
                           ", but the text has %016" PRIx64,
                           counted, digest);
    if (error == 0 && outcome_at(work, wordcount_parts(work))->digest != digest)
        error =
            reason_set(reason, -EBADMSG,
                       "the sum has digest %016" PRIx64 ", but the text has %016" PRIx64,
                       outcome_at(work, wordcount_parts(work))->digest, digest);
    return error;
}

const struct workload wordcount_workload = {
    .name = "wordcount",
    .kind = WORKLOAD_CPU,
    .summary = "count words in parts and add the tables up: large results come back",
    .operation = "words",
    // A word has three letters and a blank on average, and needs a search.
    .floor_cpu_ns = 1,
    .default_tasks = 65,
    .default_concurrency = 8,
    .options = wordcount_options,
    .parameters_size = sizeof(struct wordcount_parameters),
    .setup = wordcount_setup,
    .expect = wordcount_expect,
    .expect_task = wordcount_expect_task,
    .verify = wordcount_verify,
    .teardown = wordcount_teardown,
};

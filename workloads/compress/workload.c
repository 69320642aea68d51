// SPDX-License-Identifier: MIT
//
// workload.c - `compress` as the runners see it. A block must come back as it was, which
// each task looks at; and what came back must be the text that the corpus says, which is
// made anew here. That something was compressed in between shows in the number of bytes.
//
// Read next: compress.h.
#include "workloads/compress/compress.h"

#include "runners/sync_objects.h"
#include "workloads/common/corpus.h"

#include <errno.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>

extern const struct workload compress_workload;

static const struct option_spec compress_options[] = {
    {
        .name = "blocks",
        .kind = OPTION_COUNT,
        .offset = offsetof(struct compress_parameters, blocks),
        .fallback = "4",
        .minimum = 1,
        .maximum = 1000000,
        .help = "blocks that each task compresses and restores",
    },
    {
        .name = "block",
        .kind = OPTION_SIZE,
        .offset = offsetof(struct compress_parameters, block_bytes),
        .fallback = "64k",
        .minimum = 1,
        .maximum = 16 << 20,
        .help = "bytes of a block",
    },
    {
        .name = "level",
        .kind = OPTION_COUNT,
        .offset = offsetof(struct compress_parameters, level),
        .fallback = "3",
        .minimum = 1,
        .maximum = 19,
        .help = "of compression: 1 is quick, 19 thorough",
    },
    {0},
};

static size_t text_bytes(const struct compress_parameters *parameters)
{
    return COMPRESS_TEXT_BYTES + parameters->block_bytes;
}

static int compress_setup(struct work *work, struct reason *reason)
{
    struct compress_parameters *parameters = work->parameters;
    char *text = sync_alloc(text_bytes(parameters));
    parameters->compressed_bytes = sync_alloc(sizeof *parameters->compressed_bytes);
    if (text == NULL || parameters->compressed_bytes == NULL)
        return reason_set(reason, -ENOMEM, "no memory for the text; lower --block");
    corpus_fill(text, text_bytes(parameters), work->seed, 0, COMPRESS_VOCABULARY);
    parameters->text = text;
    return 0;
}

static void compress_expect(const struct work *work, struct ledger *expected)
{
    const struct compress_parameters *parameters = work->parameters;
    uint64_t blocks = work->tasks * parameters->blocks;
    uint64_t bytes = blocks * parameters->block_bytes;
    *expected = (struct ledger){.tasks = work->tasks,
                                .operations = blocks,
                                .bytes_in = bytes,
                                .bytes_out = bytes};
}

static uint64_t expected_digest(const struct work *work, uint32_t index, const char *text)
{
    const struct compress_parameters *parameters = work->parameters;
    uint64_t digest = 0;
    for (uint64_t block = 0; block < parameters->blocks; block++)
        digest += compress_digest(text + compress_offset(work, index, block),
                                  parameters->block_bytes, block);
    return digest;
}

static int compress_verify(const struct work *work, struct reason *reason)
{
    const struct compress_parameters *parameters = work->parameters;
    char *text = malloc(text_bytes(parameters));
    if (text == NULL)
        return reason_set(reason, -ENOMEM, "no memory for the check of compress");
    corpus_fill(text, text_bytes(parameters), work->seed, 0, COMPRESS_VOCABULARY);
    int error = 0;
    for (uint32_t i = 0; i < work->tasks && error == 0; i++) {
        if (outcome_at(work, i)->digest != expected_digest(work, i, text))
            error =
                reason_set(reason, -EBADMSG,
                           "task %" PRIu32 " has restored other blocks than its own", i);
    }
    free(text);
    if (error != 0)
        return error;
    // Words from a vocabulary: about half of the text is left, if blocks are not tiny.
    uint64_t packed = atomic_load(parameters->compressed_bytes);
    uint64_t plain = work->tasks * parameters->blocks * parameters->block_bytes;
    if (packed == 0 || (parameters->block_bytes >= 16384 && packed > plain / 4 * 3))
        return reason_set(reason, -EBADMSG,
                          "%" PRIu64 " bytes of text were left as %" PRIu64
                          ": that is no compression",
                          plain, packed);
    return 0;
}

static int compress_results(const struct work *work, struct named_number *out, int room)
{
    const struct compress_parameters *parameters = work->parameters;
    if (room < 1)
        return 0;
    out[0] = (struct named_number){"compressed_bytes",
                                   atomic_load(parameters->compressed_bytes)};
    return 1;
}

const struct workload compress_workload = {
    .name = "compress",
    .kind = WORKLOAD_CPU,
    .summary = "compress and restore blocks of text with zstd: a real library",
    .operation = "blocks",
    // Even a block of one byte is three calls, with checks of their arguments.
    .floor_cpu_ns = 100,
    .default_tasks = 64,
    .default_concurrency = 8,
    .options = compress_options,
    .parameters_size = sizeof(struct compress_parameters),
    .setup = compress_setup,
    .expect = compress_expect,
    .verify = compress_verify,
    .results = compress_results,
};

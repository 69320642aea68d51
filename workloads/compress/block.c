// SPDX-License-Identifier: MIT
//
// block.c - one block there and back.
//
// Read next: direct.c.
#include "workloads/compress/compress.h"

#include "lib/mix.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>
#include <zstd_errors.h>

uint64_t compress_offset(const struct work *work, uint32_t index, uint64_t block)
{
    const struct compress_parameters *parameters = work->parameters;
    uint64_t number = index * parameters->blocks + block;
    return mix(mix(work->seed) + number) % COMPRESS_TEXT_BYTES;
}

// Eight bytes at a time, and the rest as one number.
uint64_t compress_digest(const char *bytes, size_t size, uint64_t block)
{
    uint64_t digest = mix(block), word;
    size_t done = 0;
    for (; done + sizeof word <= size; done += sizeof word) {
        memcpy(&word, bytes + done, sizeof word);
        digest = (digest ^ word) * UINT64_C(0x9e3779b97f4a7c15);
        digest ^= digest >> 32;
    }
    word = 0;
    memcpy(&word, bytes + done, size - done);
    return mix_into(digest, word);
}

int compress_begin(const struct task *task, struct compress_tools *tools)
{
    const struct compress_parameters *parameters = task->work->parameters;
    *tools = (struct compress_tools){.compressor = ZSTD_createCCtx(),
                                     .restorer = ZSTD_createDCtx(),
                                     .packed_room =
                                         ZSTD_compressBound(parameters->block_bytes),
                                     .restored = malloc(parameters->block_bytes)};
    tools->packed = malloc(tools->packed_room);
    if (tools->compressor == NULL || tools->restorer == NULL || tools->packed == NULL ||
        tools->restored == NULL)
        return -ENOMEM;
    return 0;
}

void compress_end(struct compress_tools *tools)
{
    free(tools->restored);
    free(tools->packed);
    ZSTD_freeDCtx(tools->restorer);
    ZSTD_freeCCtx(tools->compressor);
}

//DOC: compress-block
int compress_block(struct task *task, struct compress_tools *tools)
{
    const struct compress_parameters *parameters = task->work->parameters;
    size_t size = parameters->block_bytes;
    const char *text =
        parameters->text + compress_offset(task->work, task->index, tools->next);

    size_t packed =
        ZSTD_compressCCtx(tools->compressor, tools->packed, tools->packed_room, text,
                          size, (int)parameters->level);
    if (ZSTD_isError(packed))
        return ZSTD_getErrorCode(packed) == ZSTD_error_memory_allocation ? -ENOMEM : -EIO;
    task->outcome->bytes_in += size;
    size_t restored = ZSTD_decompressDCtx(tools->restorer, tools->restored, size,
                                          tools->packed, packed);
    if (ZSTD_isError(restored) || restored != size ||
        memcmp(tools->restored, text, size) != 0)
        return -EBADMSG;
    task->outcome->bytes_out += restored;
    task->outcome->operations++;
    task->outcome->digest +=
        compress_digest((const char *)tools->restored, size, tools->next);
    atomic_fetch_add_explicit(parameters->compressed_bytes, packed, memory_order_relaxed);
    return ++tools->next < parameters->blocks;
}

// SPDX-License-Identifier: MIT
//
// compress.h - blocks of text, compressed and restored by zstd, as a data base or a backup
// does: a real library with memory of its own, no toy loop. Every task takes some blocks;
// each is compressed, restored, and compared with what it was.
//
// The library's own threads (ZSTD_c_nbWorkers) stay off: it is our workers that are
// compared, and a pool inside of the library would be what is measured. Each task has a
// context of its own, as the library wants it: contexts are not thread-safe.
//
// Read next: block.c, then direct.c and events.c.
#ifndef QUARTET_WORKLOADS_COMPRESS_H
#define QUARTET_WORKLOADS_COMPRESS_H

#include "workloads/workload.h"

#include <stddef.h>
#include <stdint.h>

#define COMPRESS_TEXT_BYTES (UINT64_C(1) << 20) // blocks begin anywhere in as much text
#define COMPRESS_VOCABULARY 16384

struct compress_parameters {
    uint64_t blocks;                    // of each task
    uint64_t block_bytes;               //
    uint64_t level;                     // the library's: 1 is quick, 19 thorough
    const char *text;                   // COMPRESS_TEXT_BYTES + block_bytes of it, shared
    _Atomic uint64_t *compressed_bytes; // of all blocks, shared
};

// Tools of a task while it runs.
struct compress_tools {
    void *compressor; // ZSTD_CCtx
    void *restorer;   // ZSTD_DCtx
    unsigned char *packed;
    size_t packed_room;
    unsigned char *restored;
    uint64_t next; // block
};

// 0 or -ENOMEM; compress_end() must follow in any case.
int compress_begin(const struct task *task, struct compress_tools *tools);

// Compresses and restores the next block. 1: there are more; 0: that was the last; -EBADMSG:
// it did not come back as it was; -EIO: the library refused.
int compress_block(struct task *task, struct compress_tools *tools);

void compress_end(struct compress_tools *tools);

// Where block `block` of task `index` begins in the text.
uint64_t compress_offset(const struct work *work, uint32_t index, uint64_t block);

// The addend of a block of these bytes to the digest of its task.
uint64_t compress_digest(const char *bytes, size_t size, uint64_t block);

#endif

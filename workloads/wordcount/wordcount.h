// SPDX-License-Identifier: MIT
//
// wordcount.h - how often does each word occur in a text? The oldest example of map and
// reduce: N-1 tasks count the words of a part of the text each (map), and the last task
// adds their tables up (reduce). A table is large, and must get from one task to another:
//
//   --return shared  it lies in memory that all workers share; only the number of the
//                    task that has finished goes through a queue
//   --return pipe    it is written to a pipe and read from there, as between processes
//                    that share nothing: two copies, and memory for each
//
// The pipes are made large enough for a whole table, so nobody ever waits for room, and
// `sequential` can do it, too. The text and the dictionary are shared and only read.
//
// Read next: count.c, then direct.c and events.c.
#ifndef QUARTET_WORKLOADS_WORDCOUNT_H
#define QUARTET_WORKLOADS_WORDCOUNT_H

#include "runners/sync_objects.h"
#include "workloads/workload.h"

#include <stdbool.h>
#include <stdint.h>

// So many bytes of text are counted between two turns.
#define WORDCOUNT_CHUNK 65536
// A table of four bytes each must fit in a pipe, and those hold a mebibyte at most.
#define WORDCOUNT_VOCABULARY_MAX 262144

enum wordcount_return { WORDCOUNT_SHARED, WORDCOUNT_PIPE };

// A word of the dictionary: its letters in the bytes of a number.
struct wordcount_entry {
    uint64_t letters; // 0: this place is empty
    uint32_t rank;
};

struct wordcount_pipe {
    int read_end;
    int write_end;
};

struct wordcount_parameters {
    uint64_t words;      // in the text
    uint64_t vocabulary; // different words
    uint64_t way;        // an enum wordcount_return
    // From setup(), shared by all workers:
    const char *text;
    uint64_t text_bytes;
    struct wordcount_entry *dictionary; // by open addressing
    uint32_t dictionary_bits;           // it has 2 to the power of these places
    uint32_t *tables;                   // a row for each task (shared)
    struct wordcount_pipe *pipes;       // one for each task (pipe)
    uint64_t *totals;                   // the answer, `vocabulary` numbers
    struct sync_queue *finished;        // tasks whose tables are ready
};

// A task's work in progress. In `pipe` its table is its own memory.
struct wordcount_part {
    uint32_t *table;
    uint64_t next; // byte of the text
    uint64_t end;
};

// Is this the task that adds up?
bool wordcount_reduces(const struct task *task);

// The tables that it adds up.
uint32_t wordcount_parts(const struct work *work);

// The addend of `rank` to a digest, per occurrence: digests of parts add up to that
// of the whole.
uint64_t wordcount_weight(uint32_t rank);

// Begins a task of either kind. 0 or -ENOMEM; after 0, wordcount_end() must follow.
int wordcount_begin(struct task *task, struct wordcount_part *part);

// Counts the next chunk. 1: there is more; 0: that was all; -EBADMSG: a word that is not in
// the dictionary.
int wordcount_count(struct task *task, struct wordcount_part *part);

// Delivers the table; afterwards its number may be put into the queue. 0 or -errno.
int wordcount_deliver(struct task *task, struct wordcount_part *part);

// Adds the table of task `from` to the totals. 0 or -errno.
int wordcount_add(struct task *task, struct wordcount_part *part, uint64_t from);

// Frees what is the task's own.
void wordcount_end(const struct task *task, struct wordcount_part *part);

// Finds a word; -1: it is not in the dictionary.
int64_t wordcount_find(const struct wordcount_parameters *parameters, uint64_t letters);

// The place in the dictionary where the search for a word begins.
uint64_t wordcount_place(const struct wordcount_parameters *parameters, uint64_t letters);

#endif

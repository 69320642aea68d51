// SPDX-License-Identifier: MIT
//
// count.c - the parts of `wordcount` that both styles call: count, deliver, add.
//
// Read next: direct.c.
#include "workloads/wordcount/wordcount.h"

#include "lib/mix.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool wordcount_reduces(const struct task *task)
{
    return task->index == wordcount_parts(task->work);
}

uint32_t wordcount_parts(const struct work *work)
{
    return work->tasks - 1;
}

uint64_t wordcount_weight(uint32_t rank)
{
    return mix(rank);
}

// ---- the dictionary ------------------------------------------------------------------

uint64_t wordcount_place(const struct wordcount_parameters *parameters, uint64_t letters)
{
    return letters * UINT64_C(0x9e3779b97f4a7c15) >> (64 - parameters->dictionary_bits);
}

int64_t wordcount_find(const struct wordcount_parameters *parameters, uint64_t letters)
{
    const struct wordcount_entry *dictionary = parameters->dictionary;
    uint64_t mask = (UINT64_C(1) << parameters->dictionary_bits) - 1;
    uint64_t place = wordcount_place(parameters, letters);
    while (dictionary[place].letters != letters) {
        if (dictionary[place].letters == 0)
            return -1;
        place = (place + 1) & mask;
    }
    return dictionary[place].rank;
}

// ---- map -----------------------------------------------------------------------------

int wordcount_begin(struct task *task, struct wordcount_part *part)
{
    const struct wordcount_parameters *parameters = task->work->parameters;
    uint64_t parts = wordcount_parts(task->work);
    *part = (struct wordcount_part){0};
    if (!wordcount_reduces(task)) {
        part->next = parameters->text_bytes * task->index / parts;
        part->end = parameters->text_bytes * (task->index + 1) / parts;
        part->table = parameters->tables + task->index * parameters->vocabulary;
    }
    if (parameters->way == WORDCOUNT_PIPE)
        part->table = calloc(parameters->vocabulary, sizeof *part->table);
    return part->table == NULL && parameters->way == WORDCOUNT_PIPE ? -ENOMEM : 0;
}

void wordcount_end(const struct task *task, struct wordcount_part *part)
{
    const struct wordcount_parameters *parameters = task->work->parameters;
    if (parameters->way == WORDCOUNT_PIPE)
        free(part->table);
}

//DOC: wordcount-count
// A word belongs to the part, and to the chunk, in which its first letter lies. Behind
// every word there is a blank, also behind the last.
int wordcount_count(struct task *task, struct wordcount_part *part)
{
    const struct wordcount_parameters *parameters = task->work->parameters;
    struct outcome *outcome = task->outcome;
    const char *text = parameters->text;
    uint64_t place = part->next;
    uint64_t end =
        place + WORDCOUNT_CHUNK < part->end ? place + WORDCOUNT_CHUNK : part->end;
    uint64_t digest = 0, words = 0;

    while (place > 0 && place < end && text[place - 1] != ' ')
        place++; // the rest of somebody else's word
    while (place < end) {
        uint64_t letters = 0;
        for (; text[place] != ' '; place++)
            letters = letters << 8 | (unsigned char)text[place];
        place++;
        int64_t rank = wordcount_find(parameters, letters);
        if (rank < 0)
            return -EBADMSG;
        part->table[rank]++;
        digest += wordcount_weight((uint32_t)rank);
        words++;
    }
    outcome->digest += digest;
    outcome->operations += words;
    part->next = end;
    return end < part->end;
}

// ---- from map to reduce --------------------------------------------------------------

static size_t table_bytes(const struct wordcount_parameters *parameters)
{
    return parameters->vocabulary * sizeof(uint32_t);
}

// The pipe has room for all of it (setup()), and does not block: what cannot be would be
// an error here, and not a run that hangs.
int wordcount_deliver(struct task *task, struct wordcount_part *part)
{
    const struct wordcount_parameters *parameters = task->work->parameters;
    const unsigned char *bytes = (const unsigned char *)part->table;
    if (parameters->way == WORDCOUNT_SHARED)
        return 0;
    for (size_t done = 0, size = table_bytes(parameters); done < size;) {
        ssize_t count =
            write(parameters->pipes[task->index].write_end, bytes + done, size - done);
        if (count < 0 && errno != EINTR)
            return -errno;
        done += count > 0 ? (size_t)count : 0;
    }
    task->outcome->bytes_out += table_bytes(parameters);
    return 0;
}

static int read_table(const struct wordcount_parameters *parameters, uint64_t from,
                      uint32_t *table)
{
    unsigned char *bytes = (unsigned char *)table;
    for (size_t done = 0, size = table_bytes(parameters); done < size;) {
        ssize_t count = read(parameters->pipes[from].read_end, bytes + done, size - done);
        if (count < 0 && errno != EINTR)
            return -errno;
        if (count == 0)
            return -EPIPE;
        done += count > 0 ? (size_t)count : 0;
    }
    return 0;
}

//DOC: wordcount-add
int wordcount_add(struct task *task, struct wordcount_part *part, uint64_t from)
{
    const struct wordcount_parameters *parameters = task->work->parameters;
    const uint32_t *table = parameters->tables + from * parameters->vocabulary;
    if (parameters->way == WORDCOUNT_PIPE) {
        int error = read_table(parameters, from, part->table);
        if (error != 0)
            return error;
        task->outcome->bytes_in += table_bytes(parameters);
        table = part->table;
    }
    for (uint32_t rank = 0; rank < parameters->vocabulary; rank++) {
        parameters->totals[rank] += table[rank];
        task->outcome->digest += table[rank] * wordcount_weight(rank);
    }
    return 0;
}

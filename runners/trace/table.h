// SPDX-License-Identifier: MIT
//
// table.h - what is known of watchers, waiters and jobs by their addresses: a hash table of
// one thread, with open addressing and linear probing (D. Knuth, TAOCP vol. 3, 6.4).
#ifndef QUARTET_RUNNERS_TRACE_TABLE_H
#define QUARTET_RUNNERS_TRACE_TABLE_H

#include <stddef.h>
#include <stdint.h>

typedef void table_function(void);

struct table_entry {
    void *key;                // NULL: empty
    table_function *callback; // whose place ours has taken; NULL: none has
    uint32_t task;
};

struct table {
    struct table_entry *entries; // `room` of them, a power of two; NULL: none yet
    size_t room;
    size_t count;
};

// The entry of this key, made if there is none. Valid until the next call for the table.
struct table_entry *table_at(struct table *table, void *key);

// The entry, or NULL.
struct table_entry *table_find(const struct table *table, const void *key);

void table_remove(struct table *table, const void *key);

#endif

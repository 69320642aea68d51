// SPDX-License-Identifier: MIT
//
// descriptor_table.h - the coroutines that wait for each descriptor: one entry per
// possible descriptor number. The table costs memory only where it has been touched.
//
// Read next: descriptor.h, which waits.
#ifndef QUARTET_RUNNERS_COROUTINE_DESCRIPTOR_TABLE_H
#define QUARTET_RUNNERS_COROUTINE_DESCRIPTOR_TABLE_H

#include "lib/error.h"
#include "runners/coroutine/coroutine.h"

#include <ev.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct descriptor {
    ev_io watcher;                  // first: a pointer to it is one to the descriptor
    struct coroutine_queue readers; // who waits until it is readable
    struct coroutine_queue writers; // who waits until it is writable
    struct coroutine_queue line;    // of a listener: who will accept after `accepting`
    bool accepting;                 // somebody waits for the next connection
    bool asked;                     // we have written last, so the next bytes are a reply
                                    // that cannot be here yet
    uint64_t limit_ns;              // of each wait; 0: none
    ev_tstamp deadline;             // of the wait that began last, by the loop's clock
    ev_timer timer;                 // goes off at `deadline` or before
};

struct descriptor_table {
    struct descriptor *entries; // by descriptor number
    size_t count;
};

// Maps the table, with room for all that RLIMIT_NOFILE allows. 0, or -ENOMEM with the
// reason.
int descriptors_open(struct descriptor_table *table, struct reason *reason);
void descriptors_close(struct descriptor_table *table);

// The entry of an open descriptor. NULL: the number is beyond the limit that was in
// force when the table was made.
static inline struct descriptor *descriptor_at(const struct descriptor_table *table,
                                               int fd)
{
    return fd >= 0 && (size_t)fd < table->count ? &table->entries[fd] : NULL;
}

#endif

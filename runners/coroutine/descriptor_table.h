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

#include <assert.h>
#include <ev.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// All that an exchange touches lies in one cache line; what only listeners and time limits
// need is in the next. With thousands of descriptors each line is fetched anew.
struct descriptor {
    alignas(64) ev_io watcher; // first: a pointer to it is one to the descriptor
    struct coroutine *waiting; // who waits to read or to write. A list without a tail: it
                               // nearly always holds one or none
    uint32_t limit_ms;         // of each wait; 0: none
    uint8_t wanted;            // EV_READ, EV_WRITE or both: what they wait for
    bool asked;                // we have written last, so the next bytes are a reply that
                               // cannot be here yet
    bool accepting;            // of a listener: somebody waits for the next connection
    struct coroutine *line;    // who will accept after that one
    ev_tstamp deadline;        // of the wait that began last, by the loop's clock
    ev_timer timer;            // goes off at `deadline` or before
};

static_assert(offsetof(struct descriptor, line) <= 64, "an exchange needs one line");
static_assert(sizeof(struct descriptor) == 128, "no line is shared by two descriptors");

struct descriptor_table {
    struct descriptor *entries; // by descriptor number
    size_t count;
};

// Maps the table, with room for all that RLIMIT_NOFILE allows. 0, or -ENOMEM with the
// reason.
int descriptors_open(struct descriptor_table *table, struct reason *reason);
void descriptors_close(struct descriptor_table *table);

// Touches the entries of so many descriptors: they are about to be opened, and the first wait
// for each would be a page fault now and then.
void descriptors_expect(struct descriptor_table *table, uint64_t descriptors);

// The entry of an open descriptor. NULL: the number is beyond the limit that was in
// force when the table was made.
static inline struct descriptor *descriptor_at(const struct descriptor_table *table,
                                               int fd)
{
    return fd >= 0 && (size_t)fd < table->count ? &table->entries[fd] : NULL;
}

#endif

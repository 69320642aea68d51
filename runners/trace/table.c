// SPDX-License-Identifier: MIT
//
// A hash table by address: see table.h.
#include "runners/trace/table.h"

#include "lib/allocate.h"

#include <stdlib.h>

#define ROOM_FIRST 64

static size_t place_of(const struct table *table, const void *key)
{
    uint64_t mixed = ((uint64_t)(uintptr_t)key >> 4) * UINT64_C(0x9E3779B97F4A7C15);
    return (size_t)(mixed >> 32) & (table->room - 1);
}

// Where the key is, or where it would be put.
static struct table_entry *probe(const struct table *table, const void *key)
{
    size_t place = place_of(table, key);
    while (table->entries[place].key != NULL && table->entries[place].key != key)
        place = (place + 1) & (table->room - 1);
    return &table->entries[place];
}

static void grow(struct table *table)
{
    struct table before = *table;
    table->room = before.room == 0 ? ROOM_FIRST : 2 * before.room;
    table->entries = allocate(table->room, sizeof *table->entries);
    for (size_t i = 0; i < before.room; i++)
        if (before.entries[i].key != NULL)
            *probe(table, before.entries[i].key) = before.entries[i];
    free(before.entries);
}

struct table_entry *table_at(struct table *table, void *key)
{
    if (2 * (table->count + 1) > table->room)
        grow(table);
    struct table_entry *entry = probe(table, key);
    if (entry->key == NULL) {
        *entry = (struct table_entry){.key = key};
        table->count++;
    }
    return entry;
}

struct table_entry *table_find(const struct table *table, const void *key)
{
    if (table->room == 0)
        return NULL;
    struct table_entry *entry = probe(table, key);
    return entry->key == NULL ? NULL : entry;
}

// Entries behind the hole move up, or they would not be found any more.
void table_remove(struct table *table, const void *key)
{
    struct table_entry *hole = table_find(table, key);
    if (hole == NULL)
        return;
    hole->key = NULL;
    table->count--;
    size_t mask = table->room - 1;
    size_t place = (size_t)(hole - table->entries);
    for (size_t next = (place + 1) & mask; table->entries[next].key != NULL;
         next = (next + 1) & mask) {
        struct table_entry moved = table->entries[next];
        table->entries[next].key = NULL;
        *probe(table, moved.key) = moved;
    }
}

// SPDX-License-Identifier: MIT
//
// gate_entry.c - questions to one entry of a gate, asked by the gate and by what prints it.
#include "driver/report/gate_entry.h"

#include "driver/report/json.h"

#include <string.h>

bool gate_entry_is(const json_t *entry, const char *verdict)
{
    return strcmp(tree_text(entry, "verdict", ""), verdict) == 0;
}

bool gate_entry_decides(const json_t *entry)
{
    return !json_is_false(json_object_get(entry, "decides"));
}

bool gate_entry_is_futile(const json_t *entry)
{
    return tree_true(entry, "futile");
}

bool gate_entry_any(const json_t *entries, const char *table,
                    bool (*test)(const json_t *entry))
{
    size_t index;
    json_t *entry;
    json_array_foreach(entries, index, entry)
    {
        if ((table == NULL || strcmp(tree_text(entry, "table", ""), table) == 0) &&
            test(entry))
            return true;
    }
    return false;
}

json_t *gate_entry_find(const json_t *entries, const json_t *wanted)
{
    static const char *const keys[] = {"table", "row", "metric"};
    size_t index;
    json_t *entry;
    json_array_foreach(entries, index, entry)
    {
        bool same = true;
        for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
            same = same && strcmp(tree_text(entry, keys[i], ""),
                                  tree_text(wanted, keys[i], "")) == 0;
        if (same)
            return entry;
    }
    return NULL;
}

bool gate_entry_is_regression(const json_t *entry)
{
    return gate_entry_is(entry, "REGRESSION") && gate_entry_decides(entry);
}

bool gate_entry_is_open(const json_t *entry)
{
    return gate_entry_is(entry, "INCONCLUSIVE") && gate_entry_decides(entry);
}

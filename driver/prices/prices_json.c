// SPDX-License-Identifier: MIT
//
// Prices as JSON and back: see prices.h, and results/schemas/prices.schema.json.
#include "driver/prices/prices.h"

#include "driver/report/tree.h"

#include <errno.h>
#include <math.h>
#include <string.h>

static json_t *time_json(const struct price_time *time)
{
    return json_pack("{s:o, s:o, s:o, s:o}", "median", tree_real(time->ns), "low",
                     tree_real(time->interval.low), "high",
                     tree_real(time->interval.high), "confidence",
                     tree_real(time->interval.confidence));
}

json_t *prices_json(const struct prices *prices)
{
    json_t *list = json_array();
    for (size_t i = 0; i < prices->count; i++) {
        const struct price *price = &prices->list[i];
        bool known = price->missing[0] == '\0';
        json_array_append_new(
            list, json_pack("{s:s, s:o, s:o, s:o, s:o}", "name", price->name, "what",
                            tree_string(price->what), "cpu_ns", time_json(&price->cpu),
                            "wall_ns", time_json(&price->wall), "missing",
                            known ? json_null() : tree_string(price->missing)));
    }
    return json_pack("{s:s, s:i, s:o, s:o}", "schema", PRICES_SCHEMA, "rounds",
                     (int)prices->rounds, "took_ns", tree_whole(prices->took_ns),
                     "prices", list);
}

static struct price_time read_time(const json_t *json, const char *name)
{
    const json_t *time = json_object_get(json, name);
    return (
        struct price_time){.ns = tree_number(time, "median"),
                           .interval = {.low = tree_number(time, "low"),
                                        .high = tree_number(time, "high"),
                                        .confidence = tree_number(time, "confidence")}};
}

int prices_read(struct prices *prices, const json_t *json, struct reason *reason)
{
    size_t index;
    json_t *item;
    *prices = (struct prices){.took_ns = tree_number(json, "took_ns")};
    if (strcmp(tree_text(json, "schema", ""), PRICES_SCHEMA) != 0)
        return reason_set(reason, -EBADMSG,
                          "these are no prices: the schema is '%s', and "
                          "not '" PRICES_SCHEMA "'",
                          tree_text(json, "schema", ""));
    double rounds = tree_number(json, "rounds");
    prices->rounds = rounds > 0 && rounds < 1e6 ? (unsigned)rounds : 0;
    json_array_foreach(tree_array(json, "prices"), index, item)
    {
        if (index >= PRICES_MAXIMUM)
            return reason_set(reason, -EBADMSG, "these are more than %d prices",
                              PRICES_MAXIMUM);
        struct price *price = &prices->list[prices->count++];
        snprintf(price->name, sizeof price->name, "%s", tree_text(item, "name", ""));
        snprintf(price->what, sizeof price->what, "%s", tree_text(item, "what", ""));
        snprintf(price->missing, sizeof price->missing, "%s",
                 tree_text(item, "missing", ""));
        price->cpu = read_time(item, "cpu_ns");
        price->wall = read_time(item, "wall_ns");
    }
    return 0;
}

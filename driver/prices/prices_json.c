// SPDX-License-Identifier: MIT
//
// Prices as JSON and back: see prices.h, and results/schemas/prices.schema.json.
#include "driver/prices/prices.h"

#include "driver/report/members.h"

#include <errno.h>
#include <string.h>

// clang-format off
#define OF(name, field) MEMBER_AS(name, struct price_time, field, MEMBER_PLAIN)
static const struct member price_time_list[] = {
    OF("median", ns), OF("low", interval.low), OF("high", interval.high),
    OF("confidence", interval.confidence),
};
MEMBERS_OF(price_time);
#undef OF

static const struct member price_list[] = {
    MEMBER(struct price, name, MEMBER_PLAIN),
    MEMBER(struct price, what, MEMBER_PLAIN),
    MEMBER_INNER("cpu_ns", struct price, cpu, &price_time_members),
    MEMBER_INNER("wall_ns", struct price, wall, &price_time_members),
    MEMBER(struct price, missing, MEMBER_FILLED),
};
MEMBERS_OF(price);

// The file as a whole.
struct head {
    const char *schema;
    double rounds;
    double took_ns;
    json_t *prices;
};

static const struct member head_list[] = {
    MEMBER(struct head, schema, MEMBER_PLAIN),
    MEMBER(struct head, rounds, MEMBER_WHOLE),
    MEMBER(struct head, took_ns, MEMBER_WHOLE),
    MEMBER(struct head, prices, MEMBER_ARRAY),
};
MEMBERS_OF(head);
// clang-format on

json_t *prices_json(const struct prices *prices)
{
    struct head own = {PRICES_SCHEMA, prices->rounds, prices->took_ns, json_array()};
    for (size_t i = 0; i < prices->count; i++)
        json_array_append_new(own.prices, members_json(&price_members, &prices->list[i]));
    json_t *json = members_json(&head_members, &own);
    json_decref(own.prices);
    return json;
}

int prices_read(struct prices *prices, const json_t *json, struct reason *reason)
{
    size_t index;
    json_t *item;
    struct head own;
    members_read(json, &head_members, &own);
    *prices = (struct prices){.took_ns = own.took_ns};
    if (own.schema == NULL || strcmp(own.schema, PRICES_SCHEMA) != 0)
        return reason_set(reason, -EBADMSG,
                          "these are no prices: the schema is '%s', and "
                          "not '" PRICES_SCHEMA "'",
                          own.schema == NULL ? "" : own.schema);
    prices->rounds = own.rounds > 0 && own.rounds < 1e6 ? (unsigned)own.rounds : 0;
    json_array_foreach(own.prices, index, item)
    {
        if (index >= PRICES_MAXIMUM)
            return reason_set(reason, -EBADMSG, "these are more than %d prices",
                              PRICES_MAXIMUM);
        members_read(item, &price_members, &prices->list[prices->count++]);
    }
    return 0;
}

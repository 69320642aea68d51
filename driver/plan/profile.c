// SPDX-License-Identifier: MIT
//
// profile.c - see profile.h. The texts themselves are in profiles/, linked in by
// profiles.S.
#include "driver/plan/profile.h"

#include "lib/check.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

extern const char profile_quick[];
extern const char profile_gate[];
extern const char profile_default[];
extern const char profile_rigorous[];
extern const char profile_lanes[];

static const char *text_of(const char *name)
{
    const struct {
        const char *name;
        const char *text;
    } shipped[] = {{"quick", profile_quick},
                   {"gate", profile_gate},
                   {"default", profile_default},
                   {"rigorous", profile_rigorous},
                   {"lanes", profile_lanes}};
    for (size_t i = 0; i < ARRAY_LEN(shipped); i++)
        if (strcmp(shipped[i].name, name) == 0)
            return shipped[i].text;
    return NULL;
}

static bool is_path(const char *name)
{
    const char *end = strrchr(name, '.');
    return strchr(name, '/') != NULL || (end != NULL && strcmp(end, ".json") == 0);
}

// "tables": "default" stands for the tables of that profile, and what else it measures.
static int take_tables(struct plan_file *profile, struct reason *reason)
{
    struct plan_file other;
    const char *name = profile->tables_of;
    const char *text = name == NULL ? NULL : text_of(name);
    if (name == NULL)
        return 0;
    if (text == NULL || strcmp(name, "rigorous") == 0)
        return reason_set(reason, -EINVAL,
                          "%.120s: tables: must be a list of tables, \"quick\" or "
                          "\"default\", not '%.60s'",
                          profile->name, name);
    int error = plan_file_parse(&other, name, text, reason);
    if (error != 0)
        return error;
    plan_file_take_tables(profile, &other);
    plan_file_free(&other);
    return 0;
}

int profile_load(struct plan_file *profile, const char *name, struct reason *reason)
{
    const char *text = text_of(name);
    if (text == NULL && !is_path(name))
        return reason_set(reason, -EINVAL,
                          "there is no profile '%.60s': choose one of " PROFILE_CHOICES
                          ", or name a file (FILE.json)",
                          name);
    int error = text == NULL ? plan_file_load(profile, name, reason)
                             : plan_file_parse(profile, name, text, reason);
    if (error == 0)
        error = take_tables(profile, reason);
    if (error != 0)
        plan_file_free(profile);
    profile->shipped = text != NULL;
    if (profile->rounds == 0)
        profile->rounds = PROFILE_DECISIVE_ROUNDS;
    return error;
}

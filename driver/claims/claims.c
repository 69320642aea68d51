// SPDX-License-Identifier: MIT
//
// claims.c - all claims of a folder: see claim.h.
#include "driver/claims/claim.h"

#include "lib/allocate.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int is_claim(const struct dirent *entry)
{
    const char *end = strrchr(entry->d_name, '.');
    return entry->d_name[0] != '.' && end != NULL && strcmp(end, ".json") == 0;
}

static int by_number(const void *one, const void *other)
{
    const struct claim *a = one;
    const struct claim *b = other;
    return a->number < b->number ? -1 : a->number > b->number;
}

static int load_all(struct claims *claims, const char *folder, struct dirent **entries,
                    int count, struct reason *reason)
{
    char path[4400];
    int error = 0;
    for (int i = 0; error == 0 && i < count; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        claims->list = allocate_more(claims->list, claims->count, &claims->room,
                                     sizeof *claims->list);
        error = claim_load(&claims->list[claims->count], path, reason);
        claims->count += error == 0;
    }
    return error;
}

static int check_numbers(const struct claims *claims, struct reason *reason)
{
    for (size_t i = 1; i < claims->count; i++)
        if (claims->list[i].number == claims->list[i - 1].number)
            return reason_set(
                reason, -EINVAL,
                "%s.json: number: %u is that of %s.json, too: choose another",
                claims->list[i].id, claims->list[i].number, claims->list[i - 1].id);
    return 0;
}

int claims_load(struct claims *claims, const char *folder, struct reason *reason)
{
    struct dirent **entries;
    *claims = (struct claims){0};
    int count = scandir(folder, &entries, is_claim, alphasort);
    if (count < 0)
        return reason_set(reason, -errno, "cannot read the folder '%.300s': %s", folder,
                          strerror(errno));
    int error = load_all(claims, folder, entries, count, reason);
    for (int i = 0; i < count; i++)
        free(entries[i]);
    free(entries);
    if (error == 0 && count == 0)
        return reason_set(reason, -ENOENT,
                          "there are no claims in '%.300s': a claim is a file NAME.json",
                          folder);
    if (claims->count > 1)
        qsort(claims->list, claims->count, sizeof *claims->list, by_number);
    return error == 0 ? check_numbers(claims, reason) : error;
}

void claims_free(struct claims *claims)
{
    for (size_t i = 0; i < claims->count; i++)
        claim_free(&claims->list[i]);
    free(claims->list);
    *claims = (struct claims){0};
}

const struct claim *claims_find(const struct claims *claims, const char *name)
{
    char *end;
    unsigned long number = strtoul(name, &end, 10);
    for (size_t i = 0; i < claims->count; i++)
        if (strcmp(claims->list[i].id, name) == 0 ||
            (*name != '\0' && *end == '\0' && claims->list[i].number == number))
            return &claims->list[i];
    return NULL;
}

// SPDX-License-Identifier: MIT
//
// links.c - see links.h.
#define _GNU_SOURCE // st_mtim of struct stat is of POSIX 2008, but hidden by some
#include "driver/plan/links.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RUNS_OF_A_LINK 5 // with fewer, links that differ are not told from noise

void links_path(const struct runner *runner, unsigned link, char *path, size_t size)
{
    const char *slash = strrchr(runner->path, '/');
    if (link == 0 || slash == NULL)
        snprintf(path, size, "%s", runner->path);
    else
        snprintf(path, size, "%.*s/../links/%u/%s", (int)(slash - runner->path),
                 runner->path, link, runner->name);
}

// Is this the program of that build, or of an earlier one?
static bool is_current(const char *path, const struct timespec *built)
{
    struct stat status;
    if (stat(path, &status) != 0 || !S_ISREG(status.st_mode) || access(path, X_OK) != 0)
        return false;
    return status.st_mtim.tv_sec > built->tv_sec ||
           (status.st_mtim.tv_sec == built->tv_sec &&
            status.st_mtim.tv_nsec >= built->tv_nsec);
}

static unsigned count_links(const struct runner *runner)
{
    struct stat status;
    char path[4200];
    unsigned count = 0;
    if (stat(runner->path, &status) != 0)
        return 0;
    do
        links_path(runner, ++count, path, sizeof path);
    while (is_current(path, &status.st_mtim));
    return count - 1;
}

static unsigned least_links(const struct runner_set *set)
{
    unsigned least = UINT_MAX;
    for (size_t i = 0; i < set->count; i++) {
        if (set->list[i].foreign)
            continue;
        unsigned own = count_links(&set->list[i]);
        least = own < least ? own : least;
    }
    return least == UINT_MAX ? 0 : least;
}

static unsigned use_links(struct runner_set *head, struct runner_set *base, unsigned most)
{
    unsigned heads = least_links(head);
    unsigned bases = least_links(base);
    unsigned links = heads < bases ? heads : bases;
    links = links < most ? links : most;
    if (links < LINKS_LEAST)
        links = 0;
    for (size_t i = 0; i < head->count; i++)
        head->list[i].links = head->list[i].foreign ? 0 : links;
    for (size_t i = 0; i < base->count; i++)
        base->list[i].links = base->list[i].foreign ? 0 : links;
    return links;
}

unsigned links_find(struct runner_set *head, struct runner_set *base)
{
    return use_links(head, base, UINT_MAX);
}

unsigned links_find_own(struct runner_set *set, unsigned rounds)
{
    for (size_t i = 0; i < set->count; i++)
        set->list[i].links_apart = true;
    return use_links(set, set, 2 * rounds / RUNS_OF_A_LINK); // both sides run one in each
}

unsigned links_of_round(const struct runner *runner, unsigned round, bool is_head)
{
    unsigned links = runner->links;
    if (links == 0)
        return 0;
    if (is_head)
        return (round - 1) % links + 1;
    unsigned turn = (round - 1) / links;
    unsigned ahead = runner->links_apart ? turn % (links - 1) + 1 : turn;
    return (round - 1 + ahead) % links + 1;
}

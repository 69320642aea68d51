// SPDX-License-Identifier: MIT
//
// state.c - see state.h.
#include "driver/system/state.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define TESTBED_DIGITS 16 // measure/environment.c

// One of the places of the XDG specification, and what it is below HOME where nobody says.
struct place {
    const char *variable;
    const char *below_home;
};

static const struct place state_place = {"XDG_STATE_HOME", ".local/state"};
static const struct place cache_place = {"XDG_CACHE_HOME", ".cache"};

static int fits(int length, const struct place *place, size_t size, struct reason *reason)
{
    if (length >= 0 && (size_t)length < size)
        return 0;
    return reason_set(
        reason, -ENAMETOOLONG,
        "the path of this machine's folder is too long; set %s to a shorter "
        "one",
        place->variable);
}

static int find_root(const struct place *place, char *path, size_t size,
                     struct reason *reason)
{
    const char *chosen = getenv(place->variable);
    const char *home = getenv("HOME");
    if (chosen != NULL && chosen[0] == '/')
        return fits(snprintf(path, size, "%s/quartet", chosen), place, size, reason);
    if (home != NULL && home[0] == '/')
        return fits(snprintf(path, size, "%s/%s/quartet", home, place->below_home), place,
                    size, reason);
    return reason_set(reason, -ENOENT,
                      "there is no place for what is known of this machine: set "
                      "%s or HOME to a folder",
                      place->variable);
}

static int find_path(const struct place *place, const char *testbed, const char *name,
                     char *path, size_t size, struct reason *reason)
{
    char root[STATE_PATH_SIZE];
    if (testbed == NULL || strlen(testbed) != TESTBED_DIGITS ||
        strspn(testbed, "0123456789abcdef") != TESTBED_DIGITS)
        return reason_set(reason, -EINVAL, "'%.40s' is no fingerprint of a testbed",
                          testbed == NULL ? "" : testbed);
    int error = find_root(place, root, sizeof root, reason);
    if (error != 0)
        return error;
    const char *slash = name[0] == '\0' ? "" : "/";
    return fits(snprintf(path, size, "%s/%s%s%s", root, testbed, slash, name), place,
                size, reason);
}

int state_root(char *path, size_t size, struct reason *reason)
{
    return find_root(&state_place, path, size, reason);
}

int state_path(const char *testbed, const char *name, char *path, size_t size,
               struct reason *reason)
{
    return find_path(&state_place, testbed, name, path, size, reason);
}

int state_cache_path(const char *testbed, const char *name, char *path, size_t size,
                     struct reason *reason)
{
    return find_path(&cache_place, testbed, name, path, size, reason);
}

int state_make_folders(const char *path, struct reason *reason)
{
    char folder[STATE_PATH_SIZE];
    int error = fits(snprintf(folder, sizeof folder, "%s", path), &state_place,
                     sizeof folder, reason);
    if (error != 0)
        return error;
    for (char *slash = strchr(folder + 1, '/'); slash != NULL;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(folder, 0777) != 0 && errno != EEXIST)
            return reason_set(reason, -errno, "cannot make the folder '%.300s': %s",
                              folder, strerror(errno));
        *slash = '/';
    }
    return 0;
}

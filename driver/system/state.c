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

static int fits(int length, size_t size, struct reason *reason)
{
    if (length >= 0 && (size_t)length < size)
        return 0;
    return reason_set(reason, -ENAMETOOLONG,
                      "the path of the state folder is too long; set XDG_STATE_HOME to "
                      "a shorter one");
}

int state_root(char *path, size_t size, struct reason *reason)
{
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    if (state != NULL && state[0] == '/')
        return fits(snprintf(path, size, "%s/quartet", state), size, reason);
    if (home != NULL && home[0] == '/')
        return fits(snprintf(path, size, "%s/.local/state/quartet", home), size, reason);
    return reason_set(reason, -ENOENT,
                      "there is no place for what is known of this machine: set "
                      "XDG_STATE_HOME or HOME to a folder");
}

int state_path(const char *testbed, const char *name, char *path, size_t size,
               struct reason *reason)
{
    char root[STATE_PATH_SIZE];
    if (testbed == NULL || strlen(testbed) != TESTBED_DIGITS ||
        strspn(testbed, "0123456789abcdef") != TESTBED_DIGITS)
        return reason_set(reason, -EINVAL, "'%.40s' is no fingerprint of a testbed",
                          testbed == NULL ? "" : testbed);
    int error = state_root(root, sizeof root, reason);
    if (error != 0)
        return error;
    const char *slash = name[0] == '\0' ? "" : "/";
    return fits(snprintf(path, size, "%s/%s%s%s", root, testbed, slash, name), size,
                reason);
}

int state_make_folders(const char *path, struct reason *reason)
{
    char folder[STATE_PATH_SIZE];
    int error = fits(snprintf(folder, sizeof folder, "%s", path), sizeof folder, reason);
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

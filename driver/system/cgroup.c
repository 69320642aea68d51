// SPDX-License-Identifier: MIT
//
// Files of our control group: see cgroup.h.
#include "driver/system/cgroup.h"

#include "driver/system/proc.h"

#include <stdio.h>
#include <string.h>

#define ROOT "/sys/fs/cgroup"

// /proc/self/cgroup has a line "number:controllers:path" per hierarchy; version 2 is
// number 0 without controllers. False when there is no line for it.
static bool own_path(const char *controllers, char *path, size_t size)
{
    FILE *file = fopen("/proc/self/cgroup", "re");
    if (file == NULL)
        return false;
    char line[1024];
    bool found = false;
    while (!found && fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        char *names = strchr(line, ':');
        char *own = names == NULL ? NULL : strchr(names + 1, ':');
        if (own == NULL)
            continue;
        *own = '\0';
        // "cpu,cpuacct" is the hierarchy of "cpu", too.
        size_t length = strlen(controllers);
        found = strncmp(names + 1, controllers, length) == 0 &&
                strchr(",", names[1 + length]) != NULL;
        if (found)
            snprintf(path, size, "%s", own + 1);
    }
    fclose(file);
    return found;
}

bool cgroup_read(const char *controller, const char *file, char *text, size_t size)
{
    char own[1024];
    char path[2048];
    if (own_path("", own, sizeof own)) {
        snprintf(path, sizeof path, ROOT "%s/%s", own, file);
        if (proc_file_read(path, text, size))
            return true;
    }
    if (own_path(controller, own, sizeof own)) {
        snprintf(path, sizeof path, ROOT "/%s%s/%s", controller, own, file);
        if (proc_file_read(path, text, size))
            return true;
    }
    // In a container our group may be mounted as the root of what can be seen.
    snprintf(path, sizeof path, ROOT "/%s", file);
    if (proc_file_read(path, text, size))
        return true;
    snprintf(path, sizeof path, ROOT "/%s/%s", controller, file);
    return proc_file_read(path, text, size);
}

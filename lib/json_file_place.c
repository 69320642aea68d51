// SPDX-License-Identifier: MIT
//
// json_file_place.c - where a file is to be: may one be made there, is what stands there ours
// to replace, and what did killed programs leave beside it? See json_file.h.
#include "lib/json_file.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RANDOM_LETTERS 6 // of mkstemps()

const char *json_file_folder(const char *path, char *folder, size_t size)
{
    snprintf(folder, size, "%s", path);
    char *slash = strrchr(folder, '/');
    if (slash == NULL)
        return ".";
    slash[slash == folder ? 1 : 0] = '\0';
    return folder;
}

// ---- what killed programs have left ------------------------------------------------

// "report.json.quartet-Ab12Cd.tmp", and nothing that a user would call a file.
static bool is_left_over(const char *name, const char *prefix, size_t length)
{
    if (strncmp(name, prefix, length) != 0)
        return false;
    const char *letters = name + length;
    size_t count = strcspn(letters, ".");
    return count > 0 && strcmp(letters + count, JSON_FILE_TEMPORARY_END) == 0;
}

void json_file_clean(const char *path)
{
    char folder[4096];
    char prefix[NAME_MAX + 1];
    const char *slash = strrchr(path, '/');
    int length = snprintf(prefix, sizeof prefix, "%s" JSON_FILE_TEMPORARY,
                          slash != NULL ? slash + 1 : path);
    DIR *entries = opendir(json_file_folder(path, folder, sizeof folder));
    if (entries == NULL)
        return;
    for (struct dirent *entry = readdir(entries); entry != NULL;
         entry = readdir(entries)) {
        if (is_left_over(entry->d_name, prefix, (size_t)length))
            unlinkat(dirfd(entries), entry->d_name, 0);
    }
    closedir(entries);
}

// ---- whose it is -------------------------------------------------------------------

// In a folder where anybody may put things, a link that somebody else has put there leads to
// a place of his choice. The kernel asks the same before it opens such a link.
static bool link_is_planted(const char *path, const struct stat *link)
{
    char folder[4096];
    struct stat status;
    if (!S_ISLNK(link->st_mode) || link->st_uid == geteuid())
        return false;
    return stat(json_file_folder(path, folder, sizeof folder), &status) == 0 &&
           link->st_uid != status.st_uid;
}

int json_file_is_ours(const char *path, struct reason *reason)
{
    struct stat link;
    struct stat status;
    if (strcmp(path, JSON_FILE_STDOUT) == 0 || lstat(path, &link) != 0)
        return 0;
    if (link_is_planted(path, &link))
        return reason_set(reason, -EPERM,
                          "cannot write '%.300s': it is a link that user %ld has put "
                          "there; remove it, or name another file",
                          path, (long)link.st_uid);
    if (stat(path, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid != geteuid())
        return reason_set(reason, -EPERM,
                          "cannot write '%.300s': the file belongs to user %ld; remove "
                          "it, or name another file",
                          path, (long)status.st_uid);
    return 0;
}

int json_file_check_place(const char *path, struct reason *reason)
{
    char folder[4096];
    struct stat status;
    if (strcmp(path, JSON_FILE_STDOUT) == 0)
        return 0;
    int error = json_file_is_ours(path, reason);
    if (error != 0)
        return error;
    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
        return 0; // a device or a pipe, which will be written in place
    if (strlen(path) >= sizeof folder)
        return reason_set(reason, -ENAMETOOLONG, "cannot write '%.80s...': name too long",
                          path);
    if (access(json_file_folder(path, folder, sizeof folder), W_OK | X_OK) == 0)
        return 0;
    error = errno;
    return reason_set(reason, -error, "cannot write '%s': %s", path, strerror(error));
}

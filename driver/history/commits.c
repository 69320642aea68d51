// SPDX-License-Identifier: MIT
//
// commits.c - what git knows of a history: the files of a branch, commits that have no report,
// and reports of commits that are gone. See load.h.
#include "driver/history/load.h"

#include "driver/report/commit.h"
#include "driver/system/tool.h"
#include "lib/allocate.h"
#include "lib/clock.h"
#include "lib/folder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define GIT_TIMEOUT_NS (120 * NS_PER_SECOND)
#define COMMITS_MAX    "50000" // that are asked for
#define COMMITS_SIZE   ((size_t)65 * 50000 + 1)
#define NOTES_MAX      20 // of one kind; then how many more there are

// ---- a branch --------------------------------------------------------------------------

// Runs a program to its end. 0, or -errno with the reason.
static int run(const char *const *argv, const char *what, struct reason *reason)
{
    char printed[64];
    char said[300] = "";
    struct reason why;
    const struct tool_text both[] = {{printed, sizeof printed}, {said, sizeof said}};
    int code = tool_capture_both(argv, GIT_TIMEOUT_NS, &both[0], &both[1], &why);
    said[strcspn(said, "\n")] = '\0';
    if (code == 0)
        return 0;
    return reason_set(reason, code < 0 ? code : -ENOENT, "%s: %s", what,
                      code < 0 ? why.text : said);
}

static int take_out(const char *branch, const char *folder, struct reason *reason)
{
    char tree[512];
    char archive[400];
    char files[400];
    snprintf(tree, sizeof tree, "%s^{tree}", branch);
    snprintf(archive, sizeof archive, "%s/archive.tar", folder);
    snprintf(files, sizeof files, "%s/files", folder);
    const char *const verify[] = {"git",     "rev-parse",        "--verify",
                                  "--quiet", "--end-of-options", tree,
                                  NULL};
    const char *const pack[] = {"git",   "archive",          "--format=tar", "-o",
                                archive, "--end-of-options", branch,         NULL};
    const char *const unpack[] = {"tar", "-x", "--no-same-owner", "-f", archive, "-C",
                                  files, NULL};
    struct reason why;
    int error = run(verify, "git", &why);
    if (error == -EINTR)
        return reason_set(reason, error, "%s", why.text);
    if (error != 0)
        return reason_set(reason, -ENOENT,
                          "'%.200s' is no file, no folder, and no branch of a git tree "
                          "here (in CI: is it fetched?)",
                          branch);
    error = mkdir(files, 0700) != 0 ? -errno : run(pack, "git archive", reason);
    return error != 0 ? error : run(unpack, "tar", reason);
}

int history_load_branch(struct history *history, const char *branch,
                        struct reason *reason)
{
    char folder[300];
    char files[400];
    snprintf(folder, sizeof folder, "%.200s/quartet-history-XXXXXX", folder_temporary());
    if (mkdtemp(folder) == NULL)
        return reason_set(reason, -errno, "cannot make a folder in %s: %s",
                          folder_temporary(), strerror(errno));
    snprintf(files, sizeof files, "%s/files", folder);
    int error = take_out(branch, folder, reason);
    if (error == 0)
        error = history_load(history, files, reason);
    folder_remove(folder);
    return error;
}

// ---- commits ---------------------------------------------------------------------------

struct commits {
    char *text; // lines of hexadecimal digits, newest first
    size_t count;
    const char **list; // into text
};

static bool ask(struct commits *commits, bool first_parent)
{
    const char *const argv[] = {"git",
                                "rev-list",
                                "-n",
                                COMMITS_MAX,
                                first_parent ? "--first-parent" : "--topo-order",
                                "HEAD",
                                NULL};
    commits->text = allocate(COMMITS_SIZE, 1);
    commits->list = allocate(COMMITS_SIZE / 65 + 1, sizeof *commits->list);
    struct reason why;
    if (tool_capture(argv, GIT_TIMEOUT_NS, commits->text, COMMITS_SIZE, &why) != 0)
        return false;
    for (char *line = strtok(commits->text, "\n"); line != NULL;
         line = strtok(NULL, "\n"))
        if (commits->count < COMMITS_SIZE / 65)
            commits->list[commits->count++] = line;
    return commits->count > 0;
}

static void commits_free(struct commits *commits)
{
    free(commits->text);
    free(commits->list);
}

// The place of this commit, or SIZE_MAX.
static size_t find(const struct commits *commits, const char *commit)
{
    for (size_t i = 0; i < commits->count; i++)
        if (commit_same(commits->list[i], commit))
            return i;
    return SIZE_MAX;
}

// Both lists, and notes that are counted.
struct looked {
    struct history *history;
    struct commits line; // first parents
    struct commits all;
    size_t gone;
    size_t gaps;
};

static void note_gone(struct looked *looked, const struct history_entry *entry)
{
    char digits[COMMIT_SIZE];
    bool named = commit_digits(entry->commit, false, digits);
    if (looked->gone++ >= NOTES_MAX)
        return;
    if (named)
        history_note(
            looked->history,
            "rewritten: commit %s of %.200s is no part of HEAD; its values stay at "
            "their date",
            digits, entry->file);
    else
        history_note(looked->history, "no commit: %.200s names '%.60s'", entry->file,
                     entry->commit);
}

// Commits of the first parents between two of them have no report.
static void note_gap(struct looked *looked, size_t older, size_t newer)
{
    const char *from = looked->line.list[older];
    const char *to = looked->line.list[newer];
    if (older <= newer + 1 || looked->gaps++ >= NOTES_MAX)
        return;
    history_note(looked->history,
                 "gap: %zu commit%s between %.10s and %.10s ha%s no report",
                 older - newer - 1, older - newer > 2 ? "s" : "", from, to,
                 older - newer > 2 ? "ve" : "s");
}

static int by_place(const void *one, const void *other)
{
    size_t a = *(const size_t *)one;
    size_t b = *(const size_t *)other;
    return a < b ? 1 : a > b ? -1 : 0;
}

static void look(struct looked *looked)
{
    struct history *history = looked->history;
    size_t *places = allocate(history->entry_count + 1, sizeof *places);
    size_t count = 0;
    size_t known = 0;
    for (size_t i = 0; i < history->entry_count; i++)
        known += find(&looked->all, history->entries[i].commit) != SIZE_MAX ? 1 : 0;
    if (known == 0 && history->entry_count > 0)
        history_note(history, "gaps are not known: the git tree here has none of these "
                              "commits");
    for (size_t i = 0; known > 0 && i < history->entry_count; i++) {
        const struct history_entry *entry = &history->entries[i];
        size_t place = find(&looked->line, entry->commit);
        if (place != SIZE_MAX)
            places[count++] = place;
        else if (find(&looked->all, entry->commit) == SIZE_MAX)
            note_gone(looked, entry);
    }
    if (count > 0)
        qsort(places, count, sizeof *places, by_place);
    for (size_t i = 1; i < count; i++)
        note_gap(looked, places[i - 1], places[i]);
    free(places);
}

void history_note_commits(struct history *history)
{
    struct looked looked = {.history = history};
    if (ask(&looked.all, false) && ask(&looked.line, true))
        look(&looked);
    if (looked.gone > NOTES_MAX)
        history_note(history, "rewritten: %zu more commits", looked.gone - NOTES_MAX);
    if (looked.gaps > NOTES_MAX)
        history_note(history, "gap: %zu more", looked.gaps - NOTES_MAX);
    commits_free(&looked.all);
    commits_free(&looked.line);
}

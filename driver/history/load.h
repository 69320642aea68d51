// SPDX-License-Identifier: MIT
//
// load.h - where a history comes from: reports in a folder, the same in a branch of the git
// tree that we are in, or the data that github-action-benchmark keeps.
//
// Files are looked at with suspicion, and one that cannot be used is named in a note; it never
// takes the others with it. What is no report (a plan, a claim) is passed over in silence.
#ifndef QUARTET_DRIVER_HISTORY_LOAD_H
#define QUARTET_DRIVER_HISTORY_LOAD_H

#include "driver/history/history.h"
#include "lib/error.h"

#define HISTORY_REPORTS_MAX 20000 // files that are looked at

// Adds all reports (*.json) and data of github-action-benchmark (data.js) in this file, or
// below this folder; links to folders are not followed. 0; -ENOENT: there is no such file;
// -E2BIG; another -errno; with the reason.
int history_load(struct history *history, const char *path, struct reason *reason);

// The same for the files of a branch, which are taken out into a temporary folder meanwhile.
// -ENOENT: there is no such branch, or no git tree, or no git.
int history_load_branch(struct history *history, const char *branch,
                        struct reason *reason);

// Notes what the git tree that we are in knows of the commits: some between two reports have
// none; some are no part of the branch that is checked out, as after a rebase. Nothing is
// noted where there is no git tree, or where it knows none of them. `sort` first.
void history_note_commits(struct history *history);

#endif
